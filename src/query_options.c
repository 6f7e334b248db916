/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns the options into a filter, columns and sort keys, and these into the plan of a listing. */
#include <config.h>

#include "query_options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/cond.h"
#include "from_files.h"
#include "program.h"
#include "query_errors.h"
#include "recorded.h"
#include "query/columns.h"
#include "query/diff.h"
#include "query/filter.h"
#include "query/plan.h"

/* The longest time that a listing waits for host names. */
#define HOSTS_WAIT_MS 2000

/* Where a list of ports ends: at a parenthesis, or after a blank that has no comma beside it. */
static size_t list_end(const struct buf *text, size_t start)
{
	bool is_behind_comma = true;

	for (size_t i = start; i < text->len; i++) {
		char c = text->data[i];
		bool is_blank = strchr(" \t\n\v\f\r", c);
		bool is_first = i > start && strchr(" \t\n\v\f\r", text->data[i - 1]);

		if (c == '(' || c == ')' || (is_first && !is_blank && c != ',' && !is_behind_comma))
			return i;
		if (!is_blank)
			is_behind_comma = c == ',';
	}
	return text->len;
}

/* Parses the filter of an option like --port.  Errors are shown in the option's value. */
static int add_ports(struct program *p, const struct port_filter *ports)
{
	const struct buf *text = &ports->text;
	size_t end = list_end(text, ports->start);
	struct buf shown_as = { 0 };
	struct filter_error error;
	struct filter *filter = NULL;
	int err = filter_parse(&filter, text->data, text->len, &p->names, &error);

	if (end < text->len && (!err || error.pos > end)) {
		err = -EINVAL;
		error = (struct filter_error){
			end, 1, .message = _("Expected nothing after the list of ports.")
		};
		while (end + error.len < text->len &&
		       !strchr(" \t\n\v\f\r,()", text->data[end + error.len]))
			error.len++;
	}
	if (err) {
		buf_printf(&shown_as, "%s=", ports->option);
		complain_filter(&(struct bad_text){ text,
						    buf_cstr(&shown_as),
						    { .start = ports->start, .end = text->len } },
				&error);
		buf_fini(&shown_as);
		filter_free(filter);
		return err;
	}
	p->filter = filter_and(p->filter, filter);
	return 0;
}

int parse_filter(struct program *p)
{
	const struct buf *text = &p->opt.filter;
	struct filter_error error;

	if (text->len && filter_parse(&p->filter, text->data, text->len, &p->names, &error)) {
		/* A file may end with comments: put the caret before them. */
		while (p->files.n && !error.len && error.pos && text->data[error.pos - 1] == ' ')
			error.pos--;
		complain_filter(&(struct bad_text){ text, "",
						    filter_files_line(&p->files, text, error.pos) },
				&error);
		return EXIT_USAGE;
	}
	for (int i = 0; i < PORT_OPTIONS; i++)
		if (p->opt.ports[i].option && add_ports(p, &p->opt.ports[i]))
			return EXIT_USAGE;
	return 0;
}

/* Parses the file of --except or --missing, which named_files has read. */
int parse_expected(struct program *p)
{
	const char *path = p->opt.except ? p->opt.except : p->opt.missing;
	const struct buf *text = &p->expected_text;
	struct filter_error error;
	struct filter_line line = { .path = path };
	const char *newline;

	if (!path ||
	    !expected_parse(&p->expected, text->data, text->len, &p->names, &error, &line.number))
		return 0;
	line.start = error.pos;
	while (line.start && text->data[line.start - 1] != '\n')
		line.start--;
	newline = memchr(text->data + line.start, '\n', text->len - line.start);
	line.end = newline ? (size_t)(newline - text->data) : text->len;
	complain_filter(&(struct bad_text){ text, "", line }, &error);
	return EXIT_USAGE;
}

/* The default of JSON is every key: all top-level columns that are not composite. */
static void add_json_columns(struct column_list *l)
{
	for (size_t i = 0; i < columns_n; i++)
		if (!strchr(columns[i].key, '.') && columns[i].shape != COLUMN_COMPOSITE)
			column_list_add(l, &columns[i]);
}

bool has_several_namespaces(const struct options *opt)
{
	const char *comma = opt->netns ? strchr(opt->netns, ',') : NULL;

	return opt->netns && (!strcmp(opt->netns, "all") || (comma && comma[1]));
}

static void add_table_columns(struct column_list *l, const struct program *p)
{
	const struct options *opt = &p->opt;

	if (has_several_hosts(p) && opt->format != FORMAT_CSV)
		column_list_add_keys(l, "host");
	if (has_several_namespaces(opt))
		column_list_add_keys(l, "netns_name");
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
	if (has_several_hosts(p) && opt->format == FORMAT_CSV)
		column_list_add_keys(l, "host");
}

/* What metrics are made of (format/metrics.c). */
static void add_metrics_columns(struct column_list *l)
{
	column_list_add_keys(l, "netns_name proto family state local_addr local_port reach recv_q "
				"send_q owners.name unit container memory.drops");
}

/* The columns by which a summary counts: of --summary=COLUMNS, or of --columns with -s. */
static int choose_summary(struct program *p)
{
	const char *text = p->opt.summary ? p->opt.summary : p->opt.columns;
	const char *option = p->opt.summary ? "--summary" : "--columns";
	struct column_list_error error;

	if (!text)
		return 0;
	if (*text == '+' || *text == '-')
		column_list_add_keys(&p->columns, "proto family state");
	if (column_list_parse(&p->columns, text, &error))
		return complain_column(option, text, &error);
	if (p->columns.is_of_keys)
		column_list_name_owners(&p->columns);
	return 0;
}

static int choose_sort(struct program *p)
{
	struct column_list_error error;
	int err;

	if (!p->opt.sort)
		return 0;
	err = sort_keys_parse(p->sort, MAX_SORT_KEYS, &p->n_sort, p->opt.sort, &error);
	if (err == -E2BIG) {
		complain(_("--sort: too many keys; at most %d are possible"), MAX_SORT_KEYS);
		return EXIT_USAGE;
	}
	return err ? complain_column("--sort", p->opt.sort, &error) : 0;
}

/* A query to a name server discloses the addresses, so host names need the explicit option -r. */
static int check_hosts(const struct program *p)
{
	unsigned int needs = p->columns.named_needs | (p->filter ? filter_needs(p->filter) : 0);

	for (size_t i = 0; i < p->n_sort; i++)
		needs |= p->sort[i].column->needs;
	if (p->opt.has_hosts || !(needs & NEED_HOSTS))
		return 0;
	complain(_("local_host and peer_host need -r, which looks up host names"));
	return EXIT_USAGE;
}

int choose_columns(struct program *p)
{
	const struct options *opt = &p->opt;
	struct column_list_error error;
	int status;

	p->columns.is_of_keys = opt->format == FORMAT_JSON || opt->format == FORMAT_JSON_LINES;
	if (opt->is_summary) {
		status = choose_summary(p);
		return status ? status : check_hosts(p);
	}
	if (p->columns.is_of_keys)
		add_json_columns(&p->columns);
	else if (opt->format == FORMAT_METRICS)
		add_metrics_columns(&p->columns);
	else if (opt->format == FORMAT_FILTERS)
		column_list_add_keys(&p->columns, "netns_name iface unit container owners.name");
	else
		add_table_columns(&p->columns, p);
	if (opt->columns && column_list_parse(&p->columns, opt->columns, &error))
		return complain_column("--columns", opt->columns, &error);
	status = choose_sort(p);
	return status ? status : check_hosts(p);
}

/*
 * Data for columns that is not fetched: JSON has every key by default, but fills those of TCP_INFO,
 * memory and MPTCP only on request.
 */
static unsigned int hidden_needs(const struct program *p)
{
	const struct options *opt = &p->opt;
	unsigned int hidden = NEED_TCP_INFO | NEED_MEMORY | NEED_MPTCP | NEED_FORWARDS |
			      NEED_FIREWALL | NEED_PEERS;

	if (opt->has_info || !p->columns.is_of_keys)
		hidden &= ~(unsigned int)NEED_TCP_INFO;
	if (opt->has_memory || !p->columns.is_of_keys)
		hidden &= ~(unsigned int)NEED_MEMORY;
	if (opt->protos & PROTO_BIT(PROTO_MPTCP) || !p->columns.is_of_keys)
		hidden &= ~(unsigned int)NEED_MPTCP;
	if (opt->has_forwards || !p->columns.is_of_keys)
		hidden &= ~(unsigned int)NEED_FORWARDS;
	if (!p->columns.is_of_keys)
		hidden &= ~(unsigned int)(NEED_FIREWALL | NEED_PEERS);
	hidden &= ~p->columns.named_needs;
	if (opt->is_numeric)
		hidden |= NEED_SERVICES | NEED_USERS;
	return opt->has_hosts ? hidden : hidden | NEED_HOSTS;
}

/*
 * Are the columns shown, or (--strict) their problems reported?  With -q alone neither is, so
 * nothing is resolved for them.
 */
static bool are_columns_wanted(const struct options *opt)
{
	return !opt->is_quiet || opt->is_strict;
}

void make_plan(const struct program *p, enum plan_aim aim, struct plan *plan)
{
	const struct options *opt = &p->opt;
	bool has_columns = aim == PLAN_LISTING && are_columns_wanted(opt);
	struct plan_request request = {
		.protos = opt->protos,
		.families = opt->families,
		.is_listening = opt->is_listening && !opt->is_all,
		.has_forwards = opt->has_forwards,
		.hidden = hidden_needs(p),
		.filter = p->filter,
		.expected = opt->except || opt->missing ? &p->expected : NULL,
		.lists_unexpected = opt->except,
		/* In another namespace a device of that name has another number. */
		.names = p->opt.netns ? NULL : &p->names,
		.columns = p->columns.list,
		.n_columns = has_columns ? p->columns.n : 0,
		.sort = p->sort,
		.n_sort = has_columns ? p->n_sort : 0,
		.is_order_free = opt->is_summary && !p->columns.n,
		.may_mark = p->may_mark,
		.also = opt->is_signal ? NEED_OWNERS | NEED_USERS
			: opt->diff    ? diff_needs()
				       : 0,
		.hosts_wait_ms = HOSTS_WAIT_MS,
		.in_kernel = true,
	};

	plan_init(plan, &request);
}

void make_head(const struct program *p, struct document_head *head)
{
	struct selection *selection = &head->selection;
	struct plan plan;

	head->host = host_of_sockets(p);
	head->ephemeral = p->names.ephemeral;
	if (p->opt.replay)
		recorded_head(p, head);
	else if (!is_elsewhere(p))
		document_head_here(head, p->proc_root);
	make_plan(p, PLAN_LISTING, &plan);
	selection->protos = plan.query.protos;
	selection->families = plan.families;
	selection->is_listening = plan.request.is_listening;
	selection->has_forwards = plan.request.has_forwards;
	selection->netns = p->opt.netns;
	selection->hidden = plan.request.hidden;
	if (p->filter)
		filter_print(p->filter, &selection->filter);
	if (p->opt.columns || p->opt.is_summary) {
		selection->columns = p->columns.list;
		selection->n_columns = p->columns.n;
	}
	plan_fini(&plan);
}

/* A filter contains the text as typed, including control characters. */
static void make_visible(const struct options *opt, struct buf *text)
{
	struct buf shown = { 0 };

	text_visible(&shown, text->data, text->len, wants_ascii(opt));
	buf_fini(text);
	*text = shown;
}

/* Prints the filter's canonical form, the part the kernel evaluates, and the rest. */
int explain_filter(const struct program *p)
{
	struct buf text = { 0 };
	struct plan plan;

	make_plan(p, PLAN_LISTING, &plan);
	if (p->filter)
		filter_print(p->filter, &text);
	make_visible(&p->opt, &text);
	printf(_("filter: %s\n"), text.len ? buf_cstr(&text) : _("everything"));
	buf_clear(&text);
	cond_print(&plan.cond, &text);
	make_visible(&p->opt, &text);
	printf(_("kernel: %s\n"), buf_cstr(&text));
	buf_clear(&text);
	if (p->filter)
		filter_print_rest(p->filter, &p->names, plan.request.may_mark, &text);
	make_visible(&p->opt, &text);
	printf(_("here: %s\n"), text.len ? buf_cstr(&text) : _("nothing more"));
	plan_fini(&plan);
	buf_fini(&text);
	return written(0, EXIT_ROWS);
}
