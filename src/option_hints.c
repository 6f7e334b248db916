/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hints for unknown options: those of ss, netstat and lsof, and typos. */
#include <config.h>

#include "option_hints.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "action/signal_names.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "option_table.h"
#include "query/columns.h"

/* Options of ss(8), netstat(8) and lsof(8) for which another command is suggested. */
static const struct {
	char letter; /* '\0': none, or a letter that portstat uses differently */
	const char *name; /* NULL: none */
	const char *what;
	const char *instead;
} foreign[] = {
	{ 'x', "unix", N_("UNIX sockets"), "ss -x" },
	{ 'f', "family", N_("other socket families"), "ss -f" },
	{ 'd', "dccp", N_("DCCP sockets"), "ss -d" },
	{ '\0', "packet", N_("packet sockets"), "ss --packet" },
	{ '\0', "tipc", N_("TIPC sockets"), "ss --tipc" },
	{ '\0', "tipcinfo", N_("TIPC sockets"), "ss --tipcinfo" },
	{ '\0', "vsock", N_("vsock sockets"), "ss --vsock" },
	{ '\0', "xdp", N_("XDP sockets"), "ss --xdp" },
	{ 'A', NULL, N_("socket tables by name"), "ss -A" },
	{ '\0', "socket", N_("socket tables by name"), "ss -A" },
	{ 'D', "diag", N_("raw dumps of TCP sockets"), "portstat --record=FILE" },
	{ '\0', "kill", N_("ending processes"),
	  "portstat --signal, or to close their sockets portstat --close" },
	{ 'K', NULL, N_("closing sockets"),
	  "portstat --close, or for the processes portstat --signal" },
	{ 'E', NULL, N_("socket events"), "portstat --events" },
	{ 'Z', "context", N_("security contexts"), "ss -Z" },
	{ 'z', "contexts", N_("security contexts"), "ss -z" },
	{ 'b', "bpf", N_("BPF socket filters"), "ss -b" },
	{ 'B', "bound-inactive", N_("bound-inactive sockets alone"), "portstat 'state bound'" },
	{ 'T', "threads", N_("process threads"), "ss -T" },
	{ 'Q', "no-queues", N_("a table without queues"), "portstat" },
	{ '\0', "tos", N_("type of service and priority"), "ss --tos" },
	{ '\0', "cgroup", N_("control groups"), "portstat -e" },
	{ '\0', "inet-sockopt", N_("socket options"), "ss --inet-sockopt" },
	{ 'P', NULL, N_("lsof: ports as numbers"), "portstat -n" },
	{ 'g', "groups", N_("multicast groups"), "netstat -g" },
	{ 'I', "interfaces", N_("interfaces"), "ip -s link" },
	{ 'v', "verbose", N_("verbose output"), "portstat -e" },
	{ 'C', "cache", N_("the routing cache"), "ip route" },
	{ '\0', "route", N_("the routing table"), "ip route" },
	{ '\0', "fib", N_("the routing table"), "ip route" },
	{ '\0', "statistics", N_("protocol statistics"), "netstat -s" },
	{ '\0', "masquerade", N_("masqueraded connections"), "netstat -M" },
	{ '\0', "symbolic", N_("hardware names"), "netstat --symbolic" },
	{ '\0', "ax25", N_("other socket families"), "netstat --ax25" },
	{ '\0', "ipx", N_("other socket families"), "netstat --ipx" },
	{ '\0', "netrom", N_("other socket families"), "netstat --netrom" },
	{ '\0', "ddp", N_("other socket families"), "netstat --ddp" },
	{ '\0', "x25", N_("other socket families"), "netstat --x25" },
	{ '\0', "rose", N_("other socket families"), "netstat --rose" },
	{ '\0', "bluetooth", N_("Bluetooth sockets"), "netstat --bluetooth" },
	{ '\0', "l2cap", N_("Bluetooth sockets"), "netstat --l2cap" },
	{ '\0', "rfcomm", N_("Bluetooth sockets"), "netstat --rfcomm" },
};

/* Options with another name here, mostly of netstat and ss. */
static const struct {
	const char *name;
	const char *here;
} renamed[] = {
	{ "options", "--timers" },
	{ "extend", "--extended" },
	{ "programs", "--processes" },
	{ "continuous", "--watch" },
	{ "follow", "--watch" },
	{ "repeat", "--watch" },
	{ "delay", "--watch=SECONDS" },
	{ "inet", "--ipv4" },
	{ "inet4", "--ipv4" },
	{ "inet6", "--ipv6" },
	{ "tcp4", "--tcp --ipv4" },
	{ "tcp6", "--tcp --ipv6" },
	{ "udp4", "--udp --ipv4" },
	{ "udp6", "--udp --ipv6" },
	{ "numeric-hosts", "--numeric" },
	{ "numeric-ports", "--numeric" },
	{ "numeric-users", "--numeric" },
	{ "header", "--no-header" },
	{ "fields", "--columns" },
	{ "lport", "--local-port" },
	{ "sport", "--local-port" },
	{ "rport", "--remote-port" },
	{ "dport", "--remote-port" },
	{ "peer-port", "--remote-port" },
	{ "ports", "--port" },
	{ "port-range", "--port" },
	{ "range", "--port" },
	{ "usage", "--help" },
	{ "format", "--json, --jsonl or --csv" },
	{ "no-color", "--color=never" },
	{ "no-colour", "--color=never" },
	{ "colour", "--color" },
};

/* Words that users try as options but that are filters here, in addition to the column names. */
static const struct {
	const char *name;
	const char *key;
	const char *example;
} filters[] = {
	{ "pid", "pid", "123" },
	{ "proc", "proc", "nginx" },
	{ "process", "proc", "nginx" },
	{ "process-name", "proc", "nginx" },
	{ "name", "proc", "nginx" },
	{ "program", "proc", "nginx" },
	{ "command", "proc", "nginx" },
	{ "user", "user", "root" },
	{ "uid", "uid", "0" },
	{ "state", "state", "listen" },
	{ "states", "state", "listen" },
	{ "exclude", "exclude", "time-wait" },
	{ "established", "state", "established" },
	{ "connected", "state", "connected" },
	{ "service", "port", "https" },
	{ "addr", "addr", "127.0.0.1" },
	{ "address", "addr", "127.0.0.1" },
	{ "ip", "addr", "127.0.0.1" },
	{ "src", "src", "127.0.0.1" },
	{ "dst", "dst", "127.0.0.1" },
	{ "source-address", "src", "127.0.0.1" },
	{ "proto", "proto", "udp" },
	{ "protocol", "proto", "udp" },
	{ "dev", "dev", "eth0" },
	{ "device", "dev", "eth0" },
	{ "interface", "dev", "eth0" },
	{ "iface", "dev", "eth0" },
	{ "unit", "unit", "ssh.service" },
	{ "container", "container", "web" },
	{ "pod", "pod", "web-0" },
	{ "inode", "inode", "12345" },
	{ "mark", "mark", "1" },
};

int option_fail(struct buf *error, const char *format, ...)
{
	va_list ap;

	buf_clear(error);
	va_start(ap, format);
	buf_vprintf(error, format, ap);
	va_end(ap);
	return -EINVAL;
}

/* ---- long names ---- */

static int fail_meant(const char *word, const char *before, const char *rest, struct buf *error)
{
	struct buf meant = { 0 };
	int err;

	buf_printf(&meant, "%s%s", before, rest);
	err = option_fail(error, _("there is no option '%s'; did you mean '%s'?"), word,
			  buf_cstr(&meant));
	buf_fini(&meant);
	return err;
}

static int fail_foreign(const char *shown, size_t i, struct buf *error)
{
	return option_fail(error, _("'%s' (%s) is not supported; use: %s"), shown,
			   _(foreign[i].what), foreign[i].instead);
}

/* Finds the long options that begin with name and adds them to names.  Returns their number. */
static size_t names_that_begin(const char *name, size_t len, struct buf *names)
{
	const char *whole;
	size_t n = 0;

	for (size_t i = 0; len && (whole = option_name(i)); i++) {
		if (strncmp(whole, name, len) != 0)
			continue;
		buf_printf(names, "%s--%s", n++ ? ", " : "", whole);
	}
	return n;
}

/* The filter key of this name, and an example of a value; NULL if there is none. */
static const char *filter_key(const char *name, size_t len, const char **example)
{
	for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++) {
		if (text_is(name, len, filters[i].name)) {
			*example = filters[i].example;
			return filters[i].key;
		}
	}
	for (size_t i = 0; i < columns_n; i++) {
		if (columns[i].shape != COLUMN_COMPOSITE && text_is(name, len, columns[i].key)) {
			*example = "VALUE";
			return columns[i].key;
		}
	}
	return NULL;
}

static int fail_filter(const char *shown, const char *key, const char *value, struct buf *error)
{
	return option_fail(error,
			   _("there is no option '%s'; write it as a filter: portstat '%s %s'"),
			   shown, key, value);
}

int option_unknown_name(const char *word, const char *name, size_t len, const char *next,
			struct buf *error)
{
	struct buf shown = { 0 }, names = { 0 };
	const char *value = name[len] == '=' ? name + len + 1 : NULL, *example = "", *key, *near;
	size_t n = names_that_begin(name, len, &names);
	int err = 0;

	buf_add(&shown, word, (size_t)(name - word) + len);
	key = filter_key(name, len, &example);
	for (size_t i = 0; !err && i < sizeof(foreign) / sizeof(*foreign); i++)
		if (foreign[i].name && text_is(name, len, foreign[i].name))
			err = fail_foreign(buf_cstr(&shown), i, error);
	for (size_t i = 0; !err && i < sizeof(renamed) / sizeof(*renamed); i++)
		if (text_is(name, len, renamed[i].name))
			err = option_fail(error, _("there is no option '%s'; use '%s'"),
					  buf_cstr(&shown), renamed[i].here);
	if (!err && n == 1 && !(key && value))
		err = option_fail(error, _("'%s' is abbreviated; write '%s'"), buf_cstr(&shown),
				  buf_cstr(&names));
	if (!err && key) {
		if (!value)
			value = next && *next != '-' ? next : example;
		err = fail_filter(buf_cstr(&shown), key, value, error);
	}
	if (!err && n)
		err = option_fail(error,
				  _("there is no option '%s'; options that begin with it: "
				    "%s"),
				  buf_cstr(&shown), buf_cstr(&names));
	near = err ? NULL : option_nearest(name, len);
	if (near)
		err = fail_meant(buf_cstr(&shown), "--", near, error);
	if (!err)
		err = option_fail(error, _("there is no option '%s'; see portstat --help"),
				  buf_cstr(&shown));
	buf_fini(&shown);
	buf_fini(&names);
	return err;
}

/* ---- letters ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A number after letters: -w1, -p80, -l8080. */
static int fail_number(const char *word, size_t at, struct buf *error)
{
	const char *number = word + at;
	char letter = word[at - 1];
	struct buf letters = { 0 };
	int err;

	if (letter == 'w' || letter == 'c')
		return fail_meant(word, "--watch=", number, error);
	if (letter == 'p')
		return fail_meant(word, "pid ", number, error);
	if (at == 1)
		return fail_meant(word, "", number, error);
	buf_printf(&letters, "%.*s ", (int)at, word);
	err = fail_meant(word, buf_cstr(&letters), number, error);
	buf_fini(&letters);
	return err;
}

/* As kill(1) takes its signal: "-9", "-KILL", "-SIGTERM".  Other numbers are rather ports. */
static bool is_signal_of_kill(const char *word)
{
	int number;

	if (!signal_parse(word + 1, &number))
		return false;
	return !is_digit(word[1]) || number == SIGHUP || number == SIGINT || number == SIGKILL ||
	       number == SIGTERM;
}

int option_unknown_letter(const char *word, size_t at, struct buf *error)
{
	size_t len = strcspn(word + 1, "=");
	char letter[3] = { '-', word[at], '\0' };

	if (is_signal_of_kill(word))
		return fail_meant(word, "--signal=", word + 1, error);
	if (is_digit(word[at]))
		return fail_number(word, at, error);
	/* One dash instead of two. */
	if (len > 2 && option_by_name(word + 1, len))
		return fail_meant(word, "-", word, error);
	if (word[at] == '=' && at > 1 && word[at - 1] == 's')
		return option_fail(error, _("'%s' is not an option; did you mean '--summary=%s'?"),
				   word, word + at + 1);
	if (word[at] == '=' && at > 1)
		return option_fail(error, _("'%.*s' takes no value; did you mean '%.*s %s'?"),
				   (int)at, word, (int)at, word, word + at + 1);
	for (size_t i = 0; i < sizeof(foreign) / sizeof(*foreign); i++)
		if (foreign[i].letter && foreign[i].letter == word[at])
			return fail_foreign(letter, i, error);
	/* The first byte of a multibyte character cannot be quoted alone. */
	if ((unsigned char)word[at] >= 0x80 || !word[2])
		return option_fail(error, _("there is no option '%s'; see portstat --help"), word);
	return option_fail(error, _("there is no option '%s' (in '%s'); see portstat --help"),
			   letter, word);
}

/* ---- lsof ---- */

/* Does s begin with the word (in any case), followed by its end or one of these characters? */
static bool has_word(const char *s, const char *word, const char *ends)
{
	size_t len = strlen(word);

	return strnlen(s, len) == len && text_is(s, len, word) && (!s[len] || strchr(ends, s[len]));
}

/* lsof's [46][protocol][@host][:ports], unless these are letters of our options. */
static bool lsof_internet(const char *s, struct buf *out)
{
	size_t host;

	buf_str(out, "portstat");
	if (*s == '4' || *s == '6')
		buf_printf(out, " -%c", *s++);
	if (has_word(s, "tcp", "@:") || has_word(s, "udp", "@:")) {
		buf_printf(out, " -%c", *s | 0x20);
		s += 3;
	} else if (*s != '@' && *s != ':') {
		return false;
	}
	if (*s == '@') {
		bool is_bracketed = s[1] == '[';

		s += 1 + is_bracketed;
		host = strcspn(s, is_bracketed ? "]" : ":");
		buf_printf(out, " addr %.*s", (int)host, s);
		s += host;
		s += *s == ']';
		if (*s == ':')
			buf_str(out, " port");
	}
	if (*s == ':' && s[1])
		buf_printf(out, " %s", s + 1);
	return true;
}

/* PROTOCOL:STATE */
static bool lsof_states(const char *s, struct buf *out)
{
	if (!has_word(s, "tcp", ":") && !has_word(s, "udp", ":"))
		return false;
	buf_printf(out, "portstat -%c", *s | 0x20);
	s += strcspn(s, ":");
	if (has_word(s, ":listen", ""))
		buf_char(out, 'l');
	else if (*s)
		buf_printf(out, " state %s", s + 1);
	return true;
}

int option_of_lsof(const char *word, size_t at, struct buf *error)
{
	struct buf command = { 0 };
	bool is_lsof = false;
	int err = 0;

	if (word[at] == 'i')
		is_lsof = lsof_internet(word + at + 1, &command);
	else if (word[at] == 's')
		is_lsof = lsof_states(word + at + 1, &command);
	if (is_lsof)
		err = option_fail(error, _("'%s' is an option of lsof; use: %s"), word,
				  buf_cstr(&command));
	buf_fini(&command);
	return err;
}
