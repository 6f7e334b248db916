/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line: what each option sets, what decides between listing and live view, and errors
 * that name the bad part. */
#include <config.h>

#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/sock.h"
#include "option_table.h"
#include "test.h"

#define MAX_WORDS 16

struct line {
	char *words; /* what argv points into */
	char *argv[MAX_WORDS + 2];
	struct options opt;
	struct buf error;
};

/* Words are divided by a space; ~ stands for a space inside of one. */
static int parse(struct line *l, const char *text)
{
	int argc = 1, err;

	memset(l, 0, sizeof(*l));
	l->words = strdup(text);
	assert_non_null(l->words);
	l->argv[0] = (char *)(uintptr_t) "portstat";
	for (char *rest = l->words, *word; (word = strsep(&rest, " "));) {
		if (!*word)
			continue;
		assert_true(argc <= MAX_WORDS);
		for (char *c = word; *c; c++)
			if (*c == '~')
				*c = ' ';
		l->argv[argc++] = word;
	}
	err = options_parse(&l->opt, argc, l->argv, &l->error);
	return err;
}

static void end(struct line *l)
{
	options_fini(&l->opt);
	buf_fini(&l->error);
	free(l->words);
}

static void expect_error(const char *text, const char *want)
{
	struct line l;

	if (parse(&l, text) != -EINVAL)
		fail_msg("no error: %s", text);
	if (!strstr(buf_cstr(&l.error), want))
		fail_msg("%s: %s does not say %s", text, buf_cstr(&l.error), want);
	end(&l);
}

static void nothing_is_the_live_view(void **state)
{
	static const char *const texts[] = { "", "--color=never", "--ascii --source=procfs",
					     "--owners=none --proc-root=/x", "--replay=x" };
	struct line l;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_int_equal(parse(&l, texts[i]), 0);
		assert_false(l.opt.is_listing);
		end(&l);
	}
}

static void selection_and_output_make_a_listing(void **state)
{
	/* clang-format off */
	static const char *const texts[] = {
		"-a", "-l", "-t", "-u", "-U", "-w", "-S", "-M", "-4", "-6", "-n", "-p", "-O", "-e",
		"-i", "-m", "-o", "-r", "-s", "-H", "-W", "-0", "-q", "-c", "80", "--port=80",
		"--local-port=80", "--remote-port=80", "--columns=state", "--sort=state", "--json",
		"--jsonl", "--csv", "--strict", "--watch", "--watch=1", "--explain-filter", "state listen",
		"--color=never -a", "--all", "--listening", "--tcp", "--udp", "--udplite", "--raw",
		"--sctp", "--mptcp", "--ipv4", "--ipv6", "--numeric", "--processes", "--oneline",
		"--extended", "--info", "--memory", "--timers", "--resolve", "--summary", "--no-header",
		"--wide", "--null", "--quiet",
	};
	/* clang-format on */
	struct line l;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (parse(&l, texts[i]))
			fail_msg("%s: %s", texts[i], buf_cstr(&l.error));
		if (!l.opt.is_listing)
			fail_msg("no listing: %s", texts[i]);
		end(&l);
	}
}

static void habits(void **state)
{
	struct line l;

	(void)state;
	assert_int_equal(parse(&l, "-tulpn"), 0);
	assert_int_equal(l.opt.protos, PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_UDP));
	assert_true(l.opt.is_listening && l.opt.is_numeric && !l.opt.is_all);
	end(&l);
	assert_int_equal(parse(&l, "-plant"), 0);
	assert_true(l.opt.is_listening && l.opt.is_all && l.opt.is_numeric);
	assert_int_equal(l.opt.protos, PROTO_BIT(PROTO_TCP));
	end(&l);
	assert_int_equal(parse(&l, "-ano"), 0);
	assert_true(l.opt.is_all && l.opt.is_numeric && l.opt.has_timers);
	end(&l);
	assert_int_equal(parse(&l, "-wUSM46"), 0);
	assert_int_equal(l.opt.protos, PROTO_BIT(PROTO_RAW) | PROTO_BIT(PROTO_UDPLITE) |
					       PROTO_BIT(PROTO_SCTP) | PROTO_BIT(PROTO_MPTCP));
	assert_int_equal(l.opt.families, FAMILY_ALL);
	end(&l);
	assert_int_equal(parse(&l, "-sHWeimnpOr --json"), 0);
	assert_true(l.opt.is_summary && l.opt.no_header);
	end(&l);
	assert_int_equal(parse(&l, "-eimorHW0q"), 0);
	assert_true(l.opt.is_extended && l.opt.has_info && l.opt.has_memory && l.opt.has_timers &&
		    l.opt.has_hosts && l.opt.no_header && l.opt.is_wide && l.opt.is_null &&
		    l.opt.is_quiet);
	end(&l);
}

static const char *list_of(struct port_filter *ports)
{
	return buf_cstr(&ports->text) + ports->start;
}

static void values(void **state)
{
	struct line l;

	(void)state;
	assert_int_equal(
		parse(&l, "--port=80 --local-port 22,23 --remote-port=1- --columns=a --sort -b "
			  "--proc-root=/p --replay=f"),
		0);
	assert_string_equal(list_of(&l.opt.ports[0]), "80");
	assert_string_equal(list_of(&l.opt.ports[1]), "22,23");
	assert_string_equal(list_of(&l.opt.ports[2]), "1-");
	assert_string_equal(l.opt.columns, "a");
	assert_string_equal(l.opt.sort, "-b");
	assert_string_equal(l.opt.proc_root, "/p");
	assert_string_equal(l.opt.replay, "f");
	end(&l);
	assert_int_equal(parse(&l, "--record=r --color=always --source=netlink --owners=bpf --csv"),
			 0);
	assert_string_equal(l.opt.record, "r");
	assert_int_equal(l.opt.color, COLOR_ALWAYS);
	assert_int_equal(l.opt.source, SOURCE_KIND_NETLINK);
	assert_int_equal(l.opt.owners, OWNERS_BPF);
	assert_int_equal(l.opt.format, FORMAT_CSV);
	end(&l);
}

static void port_lists_side_by_side_are_one(void **state)
{
	struct line l;

	(void)state;
	assert_int_equal(parse(&l, "--port=22 --local-port=1 --port 80,443 --port=!22 "
				   "--local-port="),
			 0);
	assert_true(l.opt.ports[0].option && l.opt.ports[1].option && !l.opt.ports[2].option);
	assert_string_equal(list_of(&l.opt.ports[0]), "22,80,443,!22");
	/* What is empty stays in it, to be complained of. */
	assert_string_equal(list_of(&l.opt.ports[1]), "1,");
	end(&l);
	assert_int_equal(parse(&l, "--remote-port="), 0);
	assert_string_equal(l.opt.ports[2].option, "--remote-port");
	assert_string_equal(buf_cstr(&l.opt.ports[2].text), "rport == ");
	end(&l);
}

static void watching(void **state)
{
	static const struct {
		const char *text;
		uint32_t ms;
	} cases[] = {
		{ "--watch", 2000 },	     { "--watch=0.1", 100 }, { "--watch=1.5", 1500 },
		{ "--watch=3600", 3600000 }, { "-c", 1000 },	     { "-a", 0 },
	};
	struct line l;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(parse(&l, cases[i].text), 0);
		assert_int_equal(l.opt.watch_ms, cases[i].ms);
		end(&l);
	}
	/* The value is part of the word: a number behind it could be either, all else is a filter. */
	expect_error("--watch 5", "'--watch=5'");
	expect_error("--watch 0.5 80", "'--watch=0.5'");
	assert_int_equal(parse(&l, "--watch port 5"), 0);
	assert_int_equal(l.opt.watch_ms, 2000);
	assert_string_equal(buf_cstr(&l.opt.filter), "port 5");
	end(&l);
	assert_int_equal(parse(&l, "5 --watch --watch=3"), 0);
	assert_int_equal(l.opt.watch_ms, 3000);
	end(&l);
}

/* What is typed from habit is no error, what a screen cannot serve is one. */
static void what_goes_with_the_live_view(void **state)
{
	static const char *const fine[] = {
		"--live -tulpn",	  "--live -ano",
		"--live -plantO46",	  "--live -eimoHWr 80",
		"--live --sort=-rtt",	  "--live --record=x",
		"--live --columns=help",  "--live --replay=x --interval=0",
		"--live -l --interval=1",
	};
	/* clang-format off */
	static const char *const bad[] = {
		"--live --json", "--live --jsonl", "--live --csv", "--live -0", "--live -s", "--live -q",
		"--live -c", "--live --watch=1", "--live --columns=state", "--live --strict",
		"--live --explain-filter 80",
	};
	/* clang-format on */
	struct line l;

	(void)state;
	for (size_t i = 0; i < sizeof(fine) / sizeof(*fine); i++) {
		if (parse(&l, fine[i]))
			fail_msg("%s: %s", fine[i], buf_cstr(&l.error));
		assert_true(l.opt.is_live);
		end(&l);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		expect_error(bad[i], "--live and ");
	expect_error("--live --sort=proto,state", "--sort: the live view sorts by one column");
}

static void filter_words_are_joined(void **state)
{
	static const struct {
		const char *text;
		const char *filter;
	} cases[] = {
		{ "80", "80" },
		{ "22 80,443", "22 80,443" },
		{ "-l 8080", "8080" },
		{ "sport = :80 -t", "sport = :80" },
		{ "state~listen and -l 80", "state listen and 80" },
		{ "-t -- -l", "-l" },
		{ "80 -t -- -- -l", "80 -- -l" },
		{ "-", "-" },
	};
	struct line l;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(parse(&l, cases[i].text), 0);
		assert_string_equal(buf_cstr(&l.opt.filter), cases[i].filter);
		end(&l);
	}
}

static void requests_for_information(void **state)
{
	static const struct {
		const char *text;
		enum info_request info;
	} cases[] = {
		{ "-h", INFO_SCREEN },
		{ "--help", INFO_HELP },
		{ "-V", INFO_VERSION },
		{ "--version", INFO_VERSION },
		{ "--columns=help", INFO_COLUMNS },
		{ "-a", INFO_NONE },
		{ "-s --columns=help", INFO_COLUMNS },
	};
	struct line l;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(parse(&l, cases[i].text), 0);
		assert_int_equal(l.opt.info, cases[i].info);
		end(&l);
	}
}

static void errors_name_the_bad_part(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "--foo", "--foo" },
		{ "--colums=state", "did you mean '--columns'" },
		{ "80 --colums", "no option '--colums'" },
		{ "-t state listen --jsn 80", "no option '--jsn'" },
		{ "-k", "'-k'" },
		{ "-tk", "'-k' (in '-tk')" },
		{ "80 -tk", "'-k'" },
		{ "--columns", "'--columns' requires a value: --columns=LIST" },
		{ "--sort", "'--sort' requires a value: --sort=KEYS" },
		{ "-F", "'-F' requires a value: --filter=FILE" },
		{ "--json=x", "'--json' takes no value" },
		{ "--tcp=4", "did you mean '--tcp --ipv4'" },
		{ "--tcp=443", "did you mean '--tcp 443'" },
		{ "-t=443", "did you mean '-t 443'" },
		{ "--color=red",
		  "invalid value 'red' for --color; valid values are: auto, always, never" },
		{ "--color=", "invalid value ''" },
		{ "--theme=pink",
		  "invalid value 'pink' for --theme; valid values are: auto, dark, light" },
		{ "--source=x", "'x' for --source" },
		{ "--owners=x", "'x' for --owners" },
		{ "--watch=x", "'x' for --watch" },
		{ "--watch=", "'' for --watch" },
		{ "--watch=0", "'0' for --watch" },
		{ "--watch=0.05", "'0.05'" },
		{ "--watch=-1", "'-1'" },
		{ "--watch=3601", "'3601'" },
		{ "--watch=1s", "'1s'" },
		{ "--watch=nan", "'nan'" },
		{ "--watch=inf", "'inf'" },
		{ "--record=a --replay=b", "--record and --replay" },
		{ "--record=a --source=procfs", "--record" },
		{ "-0 --json", "-0 and --json cannot" },
		{ "--jsonl -0", "-0 and --jsonl cannot" },
		{ "--csv -s -0", "-0 and --csv cannot" },
		{ "--summary=state --columns=state", "--summary=COLUMNS and --columns cannot" },
		{ "-tl --sort=state --summary=proto", "-s and --sort cannot" },
		{ "-tl --sort=state --summary", "-s and --sort cannot" },
		{ "--json --csv", "--json and --csv cannot" },
		{ "--csv --jsonl", "--csv and --jsonl cannot" },
		{ "--replay=x --source=netlink", "--replay and --source=netlink cannot" },
		{ "--explain-filter --json 80", "--explain-filter and --json cannot" },
		{ "-l --interval=1", "--watch=SECONDS" },
		{ "--port=80 443", "--port=80,443" },
		{ "-t --local-port 80 443-445 22", "--local-port=80,443-445" },
		{ "--list", "write '--listening'" },
		{ "--col", "--columns, --color" },
		{ "-json", "did you mean '--json'" },
		{ "-columns=pid", "did you mean '--columns=pid'" },
		{ "--JSON", "did you mean '--json'" },
		{ "--lsiten", "--listening" },
		{ "--sumary", "--summary" },
		{ "-l8080", "did you mean '-l 8080'" },
		{ "-tl440", "did you mean '-tl 440'" },
		{ "-w1", "did you mean '--watch=1'" },
		{ "-p812", "did you mean 'pid 812'" },
		{ "-8080", "did you mean '8080'" },
		{ "--pid 12", "portstat 'pid 12'" },
		{ "--user=root", "portstat 'user root'" },
		{ "--state", "portstat 'state listen'" },
		{ "--unit -l", "portstat 'unit ssh.service'" },
		{ "--process=nginx", "portstat 'proc nginx'" },
		{ "--tcp.rtt_us", "portstat 'tcp.rtt_us VALUE'" },
		{ "--port-range=1-9", "'--port'" },
		{ "--programs", "'--processes'" },
		{ "\xe2\x80\x93json", "did you mean '--json'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		expect_error(cases[i].text, cases[i].want);
}

/* What ss, netstat and lsof serve and portstat does not is refused with the command that does. */
static void options_of_others(void **state)
{
	/* clang-format off */
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "-x", "ss -x" },	   { "-tx", "-x" },	   { "-f", "ss -f" },
		{ "-A", "ss -A" },	   { "-D", "--record" },   { "-K", "portstat --close" },
		{ "-E", "portstat --events" },	   { "-Z", "ss -Z" },	   { "-z", "ss -z" },
		{ "-b", "ss -b" },	   
		{ "-B", "state bound" },   { "-T", "ss -T" },	   { "-Q", "portstat" },
		{ "--unix", "ss -x" },	   { "--vsock", "ss --vsock" }, { "--kill", "portstat --signal" },
		{ "--net=x", "--netns" }, { "--packet", "ss --packet" }, { "--family=inet", "ss -f" },
		{ "--socket=tcp", "ss -A" }, { "--diag=x", "--record" },
		{ "--context", "ss -Z" }, { "--contexts", "ss -z" },
		{ "--bpf", "ss -b" },	   { "--threads", "ss -T" }, { "--xdp", "ss --xdp" },
		{ "--tipc", "ss --tipc" }, { "--tipcinfo", "ss --tipcinfo" },
		{ "--tos", "ss --tos" },   { "--cgroup", "portstat -e" },
		{ "--inet-sockopt", "ss --inet-sockopt" }, { "--no-queues", "portstat" },
		{ "--bound-inactive", "state bound" }, { "--options", "--timers" },
		/* netstat */
		{ "--route", "ip route" }, { "--interfaces", "ip -s link" }, { "--groups", "netstat -g" },
		{ "--statistics", "netstat -s" }, { "--masquerade", "netstat -M" },
		{ "--verbose", "portstat -e" }, { "--symbolic", "netstat" }, { "--fib", "ip route" },
		{ "--cache", "ip route" }, { "--extend", "--extended" }, { "--programs", "--processes" },
		{ "--continuous", "--watch" }, { "--numeric-hosts", "--numeric" },
		{ "--numeric-ports", "--numeric" }, { "--numeric-users", "--numeric" },
		{ "--ax25", "netstat" },   { "--inet", "--ipv4" }, { "--inet6", "--ipv6" },
		{ "-C", "ip route" },	   { "-g", "netstat -g" }, { "-v", "portstat -e" },
		/* lsof */
		{ "-P", "portstat -n" },   { "-nP", "portstat -n" },
		{ "-iTCP:8080", "use: portstat -t 8080" }, { "-i:80", "use: portstat 80" },
		{ "-i4TCP", "use: portstat -4 -t" }, { "-iudp:53,67-69", "use: portstat -u 53,67-69" },
		{ "-itcp", "use: portstat -t" }, { "-ni@10.0.0.1:22", "use: portstat addr 10.0.0.1 port 22" },
		{ "-i6tcp@[::1]:80", "use: portstat -6 -t addr ::1 port 80" },
		{ "-sTCP:LISTEN", "use: portstat -tl" },
		{ "-sTCP:ESTABLISHED", "use: portstat -t state ESTABLISHED" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		expect_error(cases[i].text, cases[i].want);
}

/* -p takes no value, but a number behind it is remembered. */
static void a_number_behind_p(void **state)
{
	struct line l;

	(void)state;
	assert_int_equal(parse(&l, "-tlnp 80"), 0);
	assert_string_equal(l.opt.number_after_p, "80");
	assert_string_equal(buf_cstr(&l.opt.filter), "80");
	end(&l);
	assert_int_equal(parse(&l, "-pn 80"), 0);
	assert_null(l.opt.number_after_p);
	end(&l);
	assert_int_equal(parse(&l, "-p .."), 0);
	assert_null(l.opt.number_after_p);
	end(&l);
}

static void files_of_filters(void **state)
{
	struct line l;

	(void)state;
	assert_int_equal(parse(&l, "-lFa --filter=b --filter - 80 -tF -l"), 0);
	assert_true(l.opt.is_listing && l.opt.is_listening);
	assert_int_equal(l.opt.n_filter_files, 4);
	assert_string_equal(l.opt.filter_files[0], "a");
	assert_string_equal(l.opt.filter_files[1], "b");
	assert_string_equal(l.opt.filter_files[2], "-");
	assert_string_equal(l.opt.filter_files[3], "-l");
	assert_string_equal(buf_cstr(&l.opt.filter), "80");
	end(&l);
}

/* Every long option is found by its name, and help has a line for it. */
static void the_table_itself(void **state)
{
	const char *name;
	char *help = NULL;
	size_t size = 0, n = 0;
	FILE *out = open_memstream(&help, &size);

	(void)state;
	options_print_help(out);
	assert_int_equal(fclose(out), 0);
	for (; (name = option_name(n)); n++) {
		const struct option_def *def = option_by_name(name, strlen(name));
		char word[64];

		assert_non_null(def);
		assert_string_equal(def->name, name);
		snprintf(word, sizeof(word), "--%s", name);
		assert_non_null(strstr(help, word));
		assert_non_null(strstr(help, def->what ? def->what : def->help));
		if (def->id < 256)
			assert_ptr_equal(option_by_letter((char)def->id), def);
		assert_string_equal(option_nearest(name, strlen(name)), name);
	}
	assert_true(n > 40);
	assert_null(option_by_letter('x'));
	assert_null(option_by_letter('\0'));
	assert_null(option_by_name("tc", 2));
	assert_null(option_nearest("something-quite-different-from-all", 34));
	free(help);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_the_live_view),
		cmocka_unit_test(selection_and_output_make_a_listing),
		cmocka_unit_test(habits),
		cmocka_unit_test(values),
		cmocka_unit_test(port_lists_side_by_side_are_one),
		cmocka_unit_test(watching),
		cmocka_unit_test(what_goes_with_the_live_view),
		cmocka_unit_test(filter_words_are_joined),
		cmocka_unit_test(requests_for_information),
		cmocka_unit_test(errors_name_the_bad_part),
		cmocka_unit_test(options_of_others),
		cmocka_unit_test(a_number_behind_p),
		cmocka_unit_test(files_of_filters),
		cmocka_unit_test(the_table_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
