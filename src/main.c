/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program: from the command line to one listing, to many, or to the live view. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/number.h"
#include "base/text.h"
#include "live/live.h"
#include "options.h"
#include "query/collect.h"
#include "query/column_list.h"
#include "query/columns.h"
#include "query/filter.h"
#include "query/plan.h"
#include "query/snapshot.h"
#include "resolve/cgroups.h"
#include "resolve/hosts.h"
#include "resolve/ifaces.h"
#include "resolve/resolver.h"
#include "resolve/services.h"
#include "resolve/users.h"
#include "view/view.h"

enum exit_status {
	EXIT_ROWS = 0,
	EXIT_NO_ROW = 1,
	EXIT_USAGE = 2,
	EXIT_INCOMPLETE = 3,
	EXIT_FAILED = 4,
};

#define MAX_SORT_KEYS 16
/* So much of a bad text is shown on either side of what is bad, in bytes. */
#define SHOWN_MAX 60
#define HOST_THREADS 16
/* Host names never hold a listing for longer. */
#define HOSTS_WAIT_MS 2000
/* inet_sk_get_local_port_range() where the host has not said otherwise (ip_sysctl.rst). */
#define USUAL_EPHEMERAL ((struct port_range){ 32768, 60999 })

/* All that one run of the program holds. */
struct program {
	struct options opt;
	struct resolver names;
	struct sources sources;
	struct filter *filter;
	struct column_list columns;
	struct sort_key sort[MAX_SORT_KEYS];
	size_t n_sort;
	FILE *record;
	int proc_root;
	char host[256];
	struct buf told; /* the problems that standard error knows already */
};

__attribute__((format(printf, 1, 2))) static void complain(const char *format, ...)
{
	va_list ap;

	fputs("portstat: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
}

/*
 * Descriptors 0 to 2 that are closed would be taken by the next socket, and a listing would go to
 * the kernel.  A path descriptor takes their place: it can be neither read nor written.
 */
static void fill_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/", O_PATH | O_DIRECTORY) < 0)
			exit(EXIT_FAILED);
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* "32768\t60999\n" */
static struct port_range read_ephemeral(int proc_root)
{
	struct port_range range = USUAL_EPHEMERAL;
	uint64_t first, last;
	char text[64];
	size_t digits, gap;
	ssize_t n;
	int fd = openat(proc_root, "sys/net/ipv4/ip_local_port_range", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return range;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return range;
	text[n] = '\0';
	digits = strcspn(text, " \t\n");
	gap = strspn(text + digits, " \t");
	if (number_parse(text, digits, PORT_MAX, &first) ||
	    number_parse(text + digits + gap, strcspn(text + digits + gap, "\n"), PORT_MAX, &last))
		return range;
	return (struct port_range){ (uint16_t)first, (uint16_t)last };
}

static int open_resolver(struct program *p)
{
	const struct options *opt = &p->opt;
	bool knows_processes = !opt->replay || opt->proc_root;

	p->proc_root = open(opt->proc_root ? opt->proc_root : "/proc",
			    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->proc_root < 0 && opt->proc_root) {
		complain(_("cannot open %s: %s"), opt->proc_root, strerror(errno));
		return EXIT_FAILED;
	}
	p->names.services = services_new("/etc/services");
	p->names.users = users_new();
	p->names.ifaces = ifaces_new();
	p->names.cgroups = cgroups_new(NULL);
	p->names.hosts = hosts_new(HOST_THREADS, host_lookup_system);
	p->names.ephemeral = opt->replay && !opt->proc_root ? USUAL_EPHEMERAL :
							      read_ephemeral(p->proc_root);
	if (knows_processes && opt->owners != OWNERS_NONE)
		p->names.owners = owners_new(p->proc_root, opt->owners);
	return 0;
}

static void close_program(struct program *p)
{
	source_free(p->sources.main);
	source_free(p->sources.fallback);
	owners_free(p->names.owners);
	hosts_free(p->names.hosts);
	cgroups_free(p->names.cgroups);
	ifaces_free(p->names.ifaces);
	users_free(p->names.users);
	services_free(p->names.services);
	filter_free(p->filter);
	column_list_fini(&p->columns);
	options_fini(&p->opt);
	buf_fini(&p->told);
	if (p->proc_root >= 0)
		close(p->proc_root);
}

static int open_sources(struct program *p)
{
	const struct options *opt = &p->opt;
	int err = 0;

	if (opt->replay) {
		err = source_replay_open(&p->sources.main, opt->replay);
		if (err)
			complain(_("cannot replay %s: %s"), opt->replay, strerror(-err));
		return err ? EXIT_FAILED : 0;
	}
	if (opt->record) {
		p->record = fopen(opt->record, "we");
		if (!p->record) {
			complain(_("cannot write %s: %s"), opt->record, strerror(errno));
			return EXIT_FAILED;
		}
	}
	if (opt->source != SOURCE_KIND_PROCFS)
		err = p->sources.main_error = source_netlink_open(&p->sources.main, p->record);
	if (opt->source == SOURCE_KIND_NETLINK && err) {
		complain(_("cannot ask the kernel for sockets: %s"), strerror(-err));
		return EXIT_FAILED;
	}
	if (opt->source == SOURCE_KIND_PROCFS)
		err = source_procfs_open(&p->sources.main, p->proc_root);
	else if (opt->source == SOURCE_KIND_AUTO)
		err = source_procfs_open(&p->sources.fallback, p->proc_root);
	if (err) {
		complain(_("cannot read sockets: %s"), strerror(-err));
		return EXIT_FAILED;
	}
	return 0;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* A filter with a caret under the word that does not parse. */
static void complain_filter(const struct buf *text, const char *shown_as,
			    const struct filter_error *error)
{
	struct buf before = { 0 }, all = { 0 }, word = { 0 };
	size_t from = error->pos > SHOWN_MAX ? error->pos - SHOWN_MAX : 0;
	size_t left = least(text->len - error->pos, SHOWN_MAX);

	/* A filter may be megabytes long: what stands around the word says enough. */
	while (from && from < error->pos && (text->data[from] & 0xc0) == 0x80)
		from++;
	buf_str(&before, from ? "..." : shown_as);
	text_visible(&before, text->data + from, error->pos - from, false);
	text_visible(&word, text->data + error->pos, least(error->len, SHOWN_MAX), false);
	buf_add(&all, before.data, before.len);
	text_visible(&all, text->data + error->pos, left, false);
	if (error->pos + left < text->len)
		buf_str(&all, "...");
	if (word.len)
		complain(_("filter: '%s': %s"), buf_cstr(&word), error->message);
	else
		complain(_("filter: at the end: %s"), error->message);
	fprintf(stderr, "  %s\n  %*s^\n", buf_cstr(&all), (int)text_width(before.data, before.len), "");
	if (error->nearest)
		complain(_("filter: did you mean '%s'?"), error->nearest);
	buf_fini(&before);
	buf_fini(&all);
	buf_fini(&word);
}

/* --port=PORTS is the filter "port PORTS". */
static int add_ports(struct program *p, int which)
{
	struct buf text = { 0 }, option = { 0 };
	struct filter_error error;
	struct filter *ports;
	int err;

	buf_str(&text, p->opt.ports[which]);
	buf_printf(&option, "%s=", options_port_names[which]);
	err = filter_parse_ports(&ports, options_port_keys[which], buf_cstr(&text), text.len,
				 &p->names, &error);
	if (err)
		complain_filter(&text, buf_cstr(&option), &error);
	else
		p->filter = filter_and(p->filter, ports);
	buf_fini(&text);
	buf_fini(&option);
	return err;
}

static int parse_filter(struct program *p)
{
	struct filter_error error;

	if (p->opt.filter.len &&
	    filter_parse(&p->filter, p->opt.filter.data, p->opt.filter.len, &p->names, &error)) {
		complain_filter(&p->opt.filter, "", &error);
		return EXIT_USAGE;
	}
	for (int i = 0; i < 3; i++)
		if (p->opt.ports[i] && add_ports(p, i))
			return EXIT_USAGE;
	return 0;
}

static int complain_column(const char *option, const char *text,
			   const struct column_list_error *error)
{
	struct buf word = { 0 };

	text_visible(&word, text + error->pos, least(error->len, SHOWN_MAX), false);
	if (error->nearest)
		complain(_("%s: there is no column '%s'; did you mean '%s'?"), option,
			 buf_cstr(&word), error->nearest->key);
	else
		complain(_("%s: there is no column '%s'; --columns=help lists them"), option,
			 buf_cstr(&word));
	buf_fini(&word);
	return EXIT_USAGE;
}

/* JSON holds every key by default: all columns that stand for themselves at the top. */
static void add_json_columns(struct column_list *l)
{
	for (size_t i = 0; i < columns_n; i++)
		if (!strchr(columns[i].key, '.') && columns[i].shape != COLUMN_COMPOSITE)
			column_list_add(l, &columns[i]);
}

static void add_table_columns(struct column_list *l, const struct options *opt)
{
	column_list_add_keys(l, "proto state local peer service user process");
	if (opt->is_extended)
		column_list_add_keys(l, "uid inode cookie iface mark cgroup");
	if (opt->has_timers)
		column_list_add_keys(l, "timer");
	if (opt->has_info)
		column_list_add_keys(l, "tcp.rtt_us tcp.cwnd tcp.retrans_total tcp.bytes_sent "
					"tcp.bytes_received tcp.congestion");
	if (opt->has_memory)
		column_list_add_keys(l, "memory.rmem_alloc memory.rcvbuf memory.wmem_alloc "
					"memory.sndbuf memory.drops");
	if (opt->protos & PROTO_BIT(PROTO_MPTCP))
		column_list_add_keys(l, "mptcp.token mptcp.subflows");
	if (opt->has_hosts)
		column_list_add_keys(l, "local_host peer_host");
}

static int choose_columns(struct program *p)
{
	const struct options *opt = &p->opt;
	struct column_list_error error;
	int err;

	if (opt->format == FORMAT_JSON || opt->format == FORMAT_JSON_LINES)
		add_json_columns(&p->columns);
	else
		add_table_columns(&p->columns, opt);
	if (opt->columns && column_list_parse(&p->columns, opt->columns, &error))
		return complain_column("--columns", opt->columns, &error);
	if (!opt->sort)
		return 0;
	err = sort_keys_parse(p->sort, MAX_SORT_KEYS, &p->n_sort, opt->sort, &error);
	if (err == -E2BIG) {
		complain(_("--sort: at most %d keys"), MAX_SORT_KEYS);
		return EXIT_USAGE;
	}
	return err ? complain_column("--sort", opt->sort, &error) : 0;
}

/* What the columns would bring but was not asked for. */
static unsigned int hidden_needs(const struct options *opt)
{
	unsigned int hidden = opt->is_numeric ? NEED_SERVICES | NEED_USERS : 0;

	if (opt->columns || (opt->format != FORMAT_JSON && opt->format != FORMAT_JSON_LINES))
		return hidden;
	if (!opt->has_info)
		hidden |= NEED_TCP_INFO;
	if (!opt->has_memory)
		hidden |= NEED_MEMORY;
	if (!(opt->protos & PROTO_BIT(PROTO_MPTCP)))
		hidden |= NEED_MPTCP;
	if (!opt->has_hosts)
		hidden |= NEED_HOSTS;
	return hidden;
}

static void make_plan(const struct program *p, struct plan *plan)
{
	const struct options *opt = &p->opt;
	bool shows_rows = !opt->is_quiet && !opt->is_summary;
	struct plan_request request = {
		.protos = opt->protos,
		.families = opt->families,
		.is_listening = opt->is_listening && !opt->is_all,
		.hidden = hidden_needs(opt),
		.filter = p->filter,
		.names = &p->names,
		.columns = p->columns.list,
		.n_columns = shows_rows ? p->columns.n : 0,
		.sort = p->sort,
		.n_sort = shows_rows ? p->n_sort : 0,
		.may_mark = true,
		.hosts_wait_ms = HOSTS_WAIT_MS,
		.in_kernel = true,
	};

	plan_init(plan, &request);
}

static size_t terminal_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0)
		return 0;
	return size.ws_col;
}

static bool wants_color(enum color_mode mode)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (mode != COLOR_AUTO)
		return mode == COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term && strcmp(term, "dumb");
}

static int print_snapshot(const struct program *p, const struct snapshot *snap)
{
	const struct options *opt = &p->opt;
	struct view_options view = {
		.columns = p->columns.list,
		.n_columns = p->columns.n,
		.width = opt->is_wide ? 0 : terminal_width(),
		.host = p->host,
		.has_header = !opt->no_header,
		.is_ascii = opt->is_ascii || strcmp(nl_langinfo(CODESET), "UTF-8"),
		.has_color = wants_color(opt->color),
		.is_watch = opt->watch_ms,
		.is_null = opt->is_null,
	};

	switch (opt->format) {
	case FORMAT_TABLE:
		break;
	case FORMAT_JSON:
		return (opt->is_summary ? summary_json_print : json_print)(stdout, snap, &view);
	case FORMAT_JSON_LINES:
		return (opt->is_summary ? summary_json_print : json_lines_print)(stdout, snap, &view);
	case FORMAT_CSV:
		return (opt->is_summary ? summary_csv_print : csv_print)(stdout, snap, &view);
	}
	return (opt->is_summary ? summary_print : list_print)(stdout, snap, &view);
}

/* Each problem on a line of standard error; in --watch only what is new since the last time. */
static void tell_problems(struct program *p, const struct snapshot *snap)
{
	struct buf text = { 0 };

	for (size_t i = 0; i < snap->problems.n; i++) {
		buf_str(&text, "portstat: ");
		problem_text(&snap->problems.list[i], true, &text);
		buf_char(&text, '\n');
	}
	if (text.len && (text.len != p->told.len || memcmp(text.data, p->told.data, text.len)))
		fputs(buf_cstr(&text), stderr);
	buf_fini(&p->told);
	p->told = text;
}

/* What came of writing: a reader that went away is no error. */
static int written(int err, int status)
{
	if (!err && fflush(stdout))
		err = -errno;
	if (!err)
		return status;
	if (err == -EPIPE)
		return EXIT_ROWS;
	complain(_("cannot write the result: %s"), strerror(-err));
	return EXIT_FAILED;
}

static int list_once(struct program *p, struct snapshot *snap, int *write_error)
{
	const struct options *opt = &p->opt;
	struct plan plan;
	int status, err;

	make_plan(p, &plan);
	err = snapshot_take(snap, &plan, &p->sources, &p->names, now_ms());
	plan_fini(&plan);
	*write_error = 0;
	if (!opt->is_quiet)
		tell_problems(p, snap);
	if (err) {
		if (!opt->is_quiet)
			complain(_("cannot read sockets: %s"), strerror(-err));
		return EXIT_FAILED;
	}
	if (!opt->is_quiet)
		*write_error = print_snapshot(p, snap);
	status = snap->n_rows ? EXIT_ROWS : EXIT_NO_ROW;
	if (opt->is_strict && snap->problems.n)
		status = EXIT_INCOMPLETE;
	return status;
}

/* Between two listings: a fresh screen on a terminal, a blank line in a table that is piped. */
static void divide(const struct program *p, bool is_first)
{
	const char *term = getenv("TERM");
	bool is_screen = isatty(STDOUT_FILENO) && term && strcmp(term, "dumb");

	if (p->opt.is_quiet || p->opt.format == FORMAT_JSON || p->opt.format == FORMAT_JSON_LINES)
		return;
	if (is_screen)
		fputs("\033[H\033[2J", stdout);
	else if (!is_first)
		fputc('\n', stdout);
}

/* Signals that end --watch are waited for between two listings, so none is cut in the middle. */
static int watch(struct program *p, struct snapshot *snap)
{
	struct timespec pause = { .tv_sec = p->opt.watch_ms / 1000,
				  .tv_nsec = p->opt.watch_ms % 1000 * 1000000L };
	sigset_t ends;
	bool is_first = true;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	for (;;) {
		int write_error, status;

		divide(p, is_first);
		status = list_once(p, snap, &write_error);
		if (!write_error && fflush(stdout))
			write_error = -errno;
		if (write_error || status == EXIT_FAILED)
			return written(write_error, status);
		if (sigtimedwait(&ends, NULL, &pause) >= 0)
			return status;
		is_first = false;
	}
}

/* 0 where it is not known. */
static uint64_t inode_of_netns(const struct program *p)
{
	struct stat netns;

	if (p->opt.replay || fstatat(p->proc_root, "self/ns/net", &netns, 0))
		return 0;
	return netns.st_ino;
}

static int run_listing(struct program *p)
{
	struct snapshot snap = { .netns = inode_of_netns(p) };
	int status, write_error;

	if (p->opt.watch_ms) {
		status = watch(p, &snap);
	} else {
		status = list_once(p, &snap, &write_error);
		status = written(write_error, status);
	}
	snapshot_fini(&snap);
	return status;
}

/* The filter's canonical form, what of it the kernel answers, and what is checked here. */
static int explain_filter(const struct program *p)
{
	struct buf text = { 0 };
	struct plan plan;

	make_plan(p, &plan);
	if (p->filter)
		filter_print(p->filter, &text);
	printf(_("filter: %s\n"), text.len ? buf_cstr(&text) : _("everything"));
	buf_clear(&text);
	cond_print(&plan.cond, &text);
	printf(_("kernel: %s\n"), buf_cstr(&text));
	buf_clear(&text);
	if (p->filter)
		filter_print_rest(p->filter, &p->names, plan.request.may_mark, &text);
	printf(_("here: %s\n"), text.len ? buf_cstr(&text) : _("nothing more"));
	plan_fini(&plan);
	buf_fini(&text);
	return written(0, EXIT_ROWS);
}

static int print_columns_help(void)
{
	for (size_t i = 0; i < columns_n; i++)
		printf("%-22s %s\n", columns[i].key, _(columns[i].help));
	return written(0, EXIT_ROWS);
}

static int print_version(void)
{
	printf("%s\n", PACKAGE_STRING);
#ifdef HAVE_BPF
	printf(_("built with: %s\n"), "netlink, procfs, bpf");
#else
	printf(_("built with: %s\n"), "netlink, procfs");
#endif
	return written(0, EXIT_ROWS);
}

static int print_info(enum info_request info)
{
	switch (info) {
	case INFO_NONE:
		break;
	case INFO_SCREEN:
		options_print_screen(stdout);
		break;
	case INFO_HELP:
		options_print_help(stdout);
		break;
	case INFO_VERSION:
		return print_version();
	case INFO_COLUMNS:
		return print_columns_help();
	}
	return written(0, EXIT_ROWS);
}

/* ---- the live view ---- */

/* The filter as a text that can be edited: the words as they were typed, with --port and the like. */
static void filter_text(const struct program *p, struct buf *out)
{
	bool has_ports = p->opt.ports[0] || p->opt.ports[1] || p->opt.ports[2];

	if (has_ports && p->filter)
		filter_print(p->filter, out);
	else
		buf_add(out, p->opt.filter.data, p->opt.filter.len);
}

/* A second set of what one thread alone may use; services and hosts serve both. */
static void open_second_resolver(const struct program *p, struct resolver *second)
{
	*second = p->names;
	second->users = users_new();
	second->ifaces = ifaces_new();
	second->cgroups = cgroups_new(NULL);
	if (p->names.owners)
		second->owners = owners_new(p->proc_root, p->opt.owners);
}

static void close_second_resolver(struct resolver *second)
{
	owners_free(second->owners);
	cgroups_free(second->cgroups);
	ifaces_free(second->ifaces);
	users_free(second->users);
}

static int run_live(struct program *p)
{
	const struct options *opt = &p->opt;
	const char *user = users_name(p->names.users, geteuid());
	struct buf filter = { 0 }, error = { 0 };
	struct resolver second;
	struct live_options live = {
		.sources = &p->sources,
		.names = { &p->names, &second },
		.host = p->host,
		.user = user ? user : "?",
		.proc_root = p->proc_root,
		.netns = inode_of_netns(p),
		.protos = opt->protos,
		.families = opt->families,
		.is_listening = opt->is_listening && !opt->is_all,
		.is_replay = opt->replay,
		.is_ascii = opt->is_ascii || strcmp(nl_langinfo(CODESET), "UTF-8"),
		.is_read_only = opt->is_read_only,
		.is_numeric = opt->is_numeric,
		.has_hosts = opt->has_hosts,
		.has_color = wants_color(opt->color),
		.has_mouse = !opt->no_mouse,
		.has_config = !opt->no_config,
		.interval_ms = opt->interval_ms,
	};
	bool hangs;
	int err;

	filter_text(p, &filter);
	live.filter = buf_cstr(&filter);
	open_second_resolver(p, &second);
	err = live_run(&live, &error, &hangs);
	if (err)
		complain("%s", buf_cstr(&error));
	/* A thread that hangs in the kernel still uses what it was given. */
	if (hangs)
		exit(err ? EXIT_FAILED : EXIT_ROWS);
	close_second_resolver(&second);
	buf_fini(&filter);
	buf_fini(&error);
	return err ? EXIT_FAILED : EXIT_ROWS;
}

/* Without a word about what to list, on a terminal, it is the live view. */
static bool wants_live(const struct options *opt)
{
	return opt->is_live || (!opt->is_listing && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO));
}

static int run(struct program *p)
{
	int status;

	if (p->opt.is_live && !(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))) {
		complain(_("--live needs a terminal on standard input and output"));
		return EXIT_USAGE;
	}
	status = open_resolver(p);
	if (!status)
		status = parse_filter(p);
	if (!status)
		status = choose_columns(p);
	if (!status && p->opt.is_explaining)
		return explain_filter(p);
	if (!status)
		status = open_sources(p);
	if (status)
		return status;
	return wants_live(&p->opt) ? run_live(p) : run_listing(p);
}

int main(int argc, char **argv)
{
	struct program p = { .proc_root = -1 };
	struct buf error = { 0 };
	int status;

	fill_standard_descriptors();
	signal(SIGPIPE, SIG_IGN);
	setlocale(LC_ALL, "");
	bindtextdomain(PACKAGE, LOCALEDIR);
	textdomain(PACKAGE);
	if (gethostname(p.host, sizeof(p.host) - 1))
		*p.host = '\0';
	if (options_parse(&p.opt, argc, argv, &error)) {
		struct buf shown = { 0 };

		text_visible(&shown, error.data, error.len, false);
		complain("%s", buf_cstr(&shown));
		buf_fini(&shown);
		status = EXIT_USAGE;
	} else if (p.opt.info) {
		status = print_info(p.opt.info);
	} else {
		status = run(&p);
	}
	buf_fini(&error);
	close_program(&p);
	if (p.record && fclose(p.record) && status != EXIT_FAILED) {
		complain(_("cannot write %s: %s"), p.opt.record, strerror(errno));
		status = EXIT_FAILED;
	}
	return status;
}
