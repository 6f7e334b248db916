/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the command line and runs a listing, help, or the live view. */
#include <config.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "signal_close.h"
#include "base/caller.h"
#include "base/i18n.h"
#include "base/language.h"
#include "base/mem.h"
#include "base/text.h"
#include "differences.h"
#include "event_request.h"
#include "events.h"
#include "events/event.h"
#include "listing.h"
#include "free.h"
#include "from_files.h"
#include "from_paths.h"
#include "live/event_feed.h"
#include "live/live.h"
#include "live/moment_list.h"
#include "named_files.h"
#include "program.h"
#include "query/columns.h"
#include "query/filter.h"
#include "recorded.h"
#include "resolve/candidates.h"
#include "resolve/cgroups.h"
#include "resolve/containers.h"
#include "resolve/forward_rules.h"
#include "resolve/ifaces.h"
#include "resolve/owners_bpf.h"
#include "resolve/users.h"
#include "query_options.h"
#include "remote_hosts.h"
#include "wait.h"
#include "why.h"

/*
 * If descriptor 0, 1 or 2 is closed, the next socket would get its number, and the listing would be
 * written to the kernel.  Opens an O_PATH descriptor in its place, which can be neither read nor
 * written.
 */
static void fill_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/", O_PATH | O_DIRECTORY) < 0)
			exit(EXIT_FAILED);
}

static bool is_trusted(const char *variable)
{
	static const char *const names[] = {
		"COLUMNS",     "LANG",	"LANGUAGE", "LC_ALL", "LC_CTYPE",
		"LC_MESSAGES", "LINES", "NO_COLOR", "TERM",
	};
	size_t len = strcspn(variable, "=");

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strlen(names[i]) == len && !memcmp(variable, names[i], len))
			return true;
	return false;
}

/*
 * We run with capabilities that the caller lacks (AT_SECURE).  glibc removes dangerous variables,
 * but ncurses (6.4) still reads TERMINFO and ~/.terminfo.
 */
static void distrust_environment(void)
{
	char **kept = environ;

	if (!caller_lacks_privileges())
		return;
	for (char **variable = environ; *variable; variable++)
		if (is_trusted(*variable))
			*kept++ = *variable;
	*kept = NULL;
}

/* The short names are last, where the completion scripts expect them. */
static void add_column_help(const struct column *c, struct buf *out)
{
	buf_printf(out, "%-22s %s", c->key, _(c->help));
	for (const char *const *name = c->names; *name; name++)
		buf_printf(out, "%s%s", name == c->names ? " [" : ", ", *name);
	buf_str(out, *c->names ? "]\n" : "\n");
}

static int print_columns_help(void)
{
	struct buf text = { 0 };

	for (size_t i = 0; i < columns_n; i++)
		add_column_help(&columns[i], &text);
	fputs(buf_cstr(&text), stdout);
	buf_fini(&text);
	return written(0, EXIT_ROWS);
}

/* Prints what the help says of a word: lines of options, and of columns. */
static int print_help_on(const char *word)
{
	size_t n = options_print_help_on(stdout, word);
	struct buf line = { 0 };

	for (size_t i = 0; i < columns_n; i++) {
		buf_clear(&line);
		add_column_help(&columns[i], &line);
		if (!strcasestr(buf_cstr(&line), word))
			continue;
		printf("  %s", buf_cstr(&line));
		n++;
	}
	buf_clear(&line);
	text_visible(&line, word, strlen(word), false);
	if (!n)
		complain(_("no option and no column has '%s' in its help; see portstat --help, "
			   "portstat --columns=help and man portstat"),
			 buf_cstr(&line));
	buf_fini(&line);
	return written(0, n ? EXIT_ROWS : EXIT_NO_ROW);
}

static int print_events_help(void)
{
	for (size_t i = 0; i < EVENT_KINDS; i++)
		printf("%-10s %s\n", event_kinds[i].word, _(event_kinds[i].help));
	return written(0, EXIT_ROWS);
}

#ifdef STATIC_BUILD
#	define BUILT_WITH "netlink procfs ncurses static"
#else
#	define BUILT_WITH \
		(owners_bpf_is_built_in() ? "netlink procfs ncurses bpf" : "netlink procfs ncurses")
#endif

static int print_version(void)
{
	printf("%s\n", PACKAGE_STRING);
	printf(_("built with: %s\n"), BUILT_WITH);
	return written(0, EXIT_ROWS);
}

static int print_info(const struct options *opt)
{
	switch (opt->info) {
	case INFO_NONE:
		break;
	case INFO_SCREEN:
		options_print_screen(stdout);
		break;
	case INFO_HELP:
		if (opt->help_word)
			return print_help_on(opt->help_word);
		options_print_help(stdout);
		break;
	case INFO_VERSION:
		return print_version();
	case INFO_COLUMNS:
		return print_columns_help();
	case INFO_EVENTS:
		return print_events_help();
	}
	return written(0, EXIT_ROWS);
}

/* ---- the live view ---- */

/*
 * The filter as a text that can be edited: as typed, or in canonical form if --port and the like,
 * or -F, are part of it.
 */
static void filter_text(const struct program *p, struct buf *out)
{
	bool has_ports = false;

	for (int i = 0; i < PORT_OPTIONS; i++)
		has_ports |= p->opt.ports[i].option != NULL;
	if ((has_ports || p->files.n) && p->filter)
		filter_print(p->filter, out);
	else
		buf_add(out, p->opt.filter.data, p->opt.filter.len);
}

static void sort_text(const struct program *p, struct buf *out)
{
	if (p->n_sort)
		buf_printf(out, "%s%s", p->sort->is_descending ? "-" : "", p->sort->column->key);
}

/* Another resolver, for the other frame or for jobs.  Only services and hosts are thread-safe and shared. */
static void open_another_resolver(struct program *p, struct resolver *other)
{
	*other = p->names;
	other->users = open_users(p);
	other->ifaces = ifaces_new(!is_elsewhere(p));
	recorded_ifaces(p, other->ifaces);
	ifaces_enter_with(other->ifaces, namespaces_iface_socket, &p->namespaces);
	other->cgroups = is_elsewhere(p) ? NULL : cgroups_new(NULL);
	other->containers = open_containers(p);
	if (p->names.forwards)
		other->forwards = forward_rules_new(p->proc_root);
	if (p->names.owners)
		other->owners = owners_new(p->proc_root, p->opt.owners);
	other->candidates = open_candidates(p, other);
}

static void close_another_resolver(struct resolver *other)
{
	candidates_free(other->candidates);
	owners_free(other->owners);
	containers_free(other->containers);
	cgroups_free(other->cgroups);
	forward_rules_free(other->forwards);
	ifaces_free(other->ifaces);
	users_free(other->users);
}

/* Without --netns documents and hosts are listed as far as they tell. */
static struct netns_choice netns_choice_of(const struct program *p)
{
	const char *given = p->opt.netns ? p->opt.netns : "";
	bool has_all = p->namespaces.are_all;

	if (p->opt.replay)
		return (struct netns_choice){ 0 };
	if (is_elsewhere(p))
		return (struct netns_choice){ .some = *given && !has_all ? given : "host",
					      .all = has_all ? given : "",
					      .starts_with_all = !*given || has_all };
	return (struct netns_choice){ .some = has_all ? "" : given,
				      .all = has_all ? given : "all",
				      .starts_with_all = has_all };
}

/* The host or recording that the sockets are from, for the title. */
static void subject_text(const struct program *p, const struct moment_list *moments,
			 struct buf *out)
{
	const char *host = host_of_sockets(p);
	const char *slash = p->opt.replay ? strrchr(p->opt.replay, '/') : NULL;

	if (p->opt.n_from)
		documents_text(p, moments->n < 2, out);
	else if (p->hosts)
		hosts_text(p->hosts, out);
	else if (host)
		buf_str(out, host);
	else if (p->opt.replay)
		buf_str(out, slash ? slash + 1 : p->opt.replay);
}

/* The thread that draws asks for users and interfaces of what came and went, beside the one that lists. */
static void share_names(struct resolver *names)
{
	if (names->users)
		users_share(names->users);
	if (names->ifaces)
		ifaces_share(names->ifaces);
}

/* What the options say of the live view; the rest is its caller's. */
static struct live_options live_options_of(struct program *p)
{
	const struct options *opt = &p->opt;

	return (struct live_options){
		.sources = &p->sources,
		.sockets_host = host_of_sockets(p),
		.proc_root = p->proc_root,
		.netns = inode_of_netns(p),
		.netns_choice = netns_choice_of(p),
		.protos = opt->protos,
		.families = opt->families,
		.is_listening = opt->is_listening && !opt->is_all,
		.has_forwards = p->names.forwards != NULL,
		.forwards_are_optional = !opt->has_forwards,
		.is_replay = is_elsewhere(p),
		.is_ascii = wants_ascii(opt),
		.is_read_only = opt->is_read_only,
		.n_hosts = p->hosts ? count_hosts(p->hosts) : 0,
		.has_several_hosts = has_several_hosts(p),
		.is_numeric = opt->is_numeric,
		.has_hosts = opt->has_hosts,
		.has_color = wants_color(opt->color),
		.theme = opt->theme,
		.has_mouse = !opt->no_mouse,
		.has_config = !opt->no_config,
		/* Documents do not change by themselves. */
		.interval_ms = opt->n_from ? 0 : opt->interval_ms,
	};
}

/* What the live view hears of; false: nothing.  The request is initialised either way. */
static bool request_live_events(struct program *p, const struct live_options *live,
				struct event_request *events)
{
	bool hears;

	event_request_init(events, p, EVENT_FEED_KINDS);
	events->is_alone = true;
	if (is_elsewhere(p))
		return false;
	/* The list is of those that are watched when not all are; the view says what is wrong with it. */
	namespaces_set_words(&p->namespaces, live->netns_choice.some);
	hears = !event_request_find_netns(events, p, false);
	events->is_every_netns = live->netns_choice.starts_with_all;
	return hears;
}

static int run_live(struct program *p)
{
	struct buf filter = { 0 }, sort = { 0 }, subject = { 0 }, error = { 0 };
	struct live_options live = live_options_of(p);
	struct moment_list moments;
	struct event_request events;
	struct resolver second, third;
	char user[16];
	bool hangs;
	int err;

	live.names[0] = &p->names;
	live.names[1] = &second;
	live.job_names = &third;
	live.user = viewer_name(p, user);
	live.moments = &moments;
	list_moments(p, &moments);
	if (request_live_events(p, &live, &events))
		live.events = &events;
	filter_text(p, &filter);
	live.filter = buf_cstr(&filter);
	subject_text(p, &moments, &subject);
	live.host = buf_cstr(&subject);
	sort_text(p, &sort);
	live.sort = buf_cstr(&sort);
	open_another_resolver(p, &second);
	open_another_resolver(p, &third);
	share_names(&p->names);
	share_names(&second);
	err = live_run(&live, &error, &hangs);
	if (err)
		complain("%s", buf_cstr(&error));
	/* A thread that hangs in the kernel still uses the sources and the resolvers. */
	if (hangs)
		exit(err ? EXIT_FAILED : EXIT_ROWS);
	close_another_resolver(&second);
	close_another_resolver(&third);
	event_request_fini(&events);
	buf_fini(&filter);
	buf_fini(&sort);
	buf_fini(&subject);
	buf_fini(&error);
	free(moments.times_ms);
	return err ? EXIT_FAILED : EXIT_ROWS;
}

/* ---- modes ---- */

static bool wants_why(const struct options *opt)
{
	return opt->is_why;
}

static bool wants_free(const struct options *opt)
{
	return opt->is_free;
}

static bool wants_events(const struct options *opt)
{
	return opt->is_events;
}

static bool wants_explanation(const struct options *opt)
{
	return opt->is_explaining;
}

static bool wants_act(const struct options *opt)
{
	return options_act(opt);
}

static bool wants_differences(const struct options *opt)
{
	return opt->diff;
}

static bool is_anything(const struct options *opt)
{
	(void)opt;
	return true;
}

static int run_explanation(struct program *p)
{
	return explain_filter(p);
}

/* Returns 0, or an exit status after reporting the error. */
typedef int step(struct program *p);

#define MAX_STEPS 6

/* What the program does instead of a listing, and what it needs for that after open_resolver(). */
struct mode {
	bool (*is_wanted)(const struct options *opt);
	step *steps[MAX_STEPS]; /* in this order, ended by NULL */
	step *run; /* returns the exit status */
};

/* The first one that is wanted. */
/* clang-format off */
static const struct mode modes[] = {
	{ wants_why, { open_sources }, run_why },
	{ wants_free, { enter_netns, parse_filter }, run_free },
	{ wants_explanation, { parse_filter, parse_expected, choose_columns }, run_explanation },
	{ wants_events, { parse_filter, parse_expected, choose_columns, open_sources }, run_events },
	{ wants_act, { parse_filter, parse_expected, choose_columns, check_act, open_sources }, run_act },
	{ options_wait, { parse_filter, parse_expected, choose_columns, open_sources, open_hosts }, run_wait },
	{ wants_differences,
	  { parse_filter, parse_earlier_filter, choose_columns, open_sources, open_hosts },
	  run_differences },
	{ wants_live, { parse_filter, parse_expected, choose_columns, open_sources, open_hosts }, run_live },
	{ is_anything, { parse_filter, parse_expected, choose_columns, open_sources, open_hosts }, run_listing },
};
/* clang-format on */

static int run(struct program *p)
{
	static step *const first_steps[] = { check_document_words, read_filter_files, read_expected,
					     open_replay,	   open_documents,    open_earlier,
					     open_resolver };
	const struct mode *mode = modes;
	int status = 0;

	if (p->opt.is_live && !(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))) {
		complain(_("--live needs a terminal on standard input and output"));
		return EXIT_USAGE;
	}
	while (!mode->is_wanted(&p->opt))
		mode++;
	for (size_t i = 0; !status && i < sizeof(first_steps) / sizeof(*first_steps); i++)
		status = first_steps[i](p);
	for (step *const *next = mode->steps; !status && *next; next++)
		status = (*next)(p);
	return status ? status : mode->run(p);
}

int main(int argc, char **argv)
{
	struct program p = { .proc_root = -1 };
	struct buf error = { 0 };
	int status;

	fill_standard_descriptors();
	distrust_environment();
	mem_init();
	signal(SIGPIPE, SIG_IGN);
	/* Exceeding the file size limit is an ordinary write error, EFBIG. */
	signal(SIGXFSZ, SIG_IGN);
	language_init(LOCALEDIR);
	if (gethostname(p.host, sizeof(p.host) - 1))
		*p.host = '\0';
	if (options_parse(&p.opt, argc, argv, &error)) {
		struct buf shown = { 0 };

		text_visible(&shown, error.data, error.len, false);
		complain("%s", buf_cstr(&shown));
		buf_fini(&shown);
		status = EXIT_USAGE;
	} else if (p.opt.info) {
		status = print_info(&p.opt);
	} else {
		status = run(&p);
	}
	buf_fini(&error);
	close_hosts(&p);
	return close_program(&p, status);
}
