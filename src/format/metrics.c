/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts and fill levels in the text format of Prometheus, for the textfile collector of its
 * node_exporter (https://prometheus.io/docs/instrumenting/exposition_formats/).  No label names a
 * peer, a pid or an ephemeral port, so that the number of series does not grow with connections.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/listener.h"
#include "model/vocab.h"
#include "query/columns.h"
#include "query/listening.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "format/format.h"
#include "format/output.h"
#include "format/metrics_series.h"

enum metric {
	METRIC_SOCKETS,
	METRIC_INFO,
	METRIC_QUEUE,
	METRIC_QUEUE_LIMIT,
	METRIC_DROPS,
	METRIC_CONNECTIONS,
	METRIC_PROCESS_CONNECTIONS,
	METRICS,
};

/* The format, with its sentences, is the same in every language. */
static const struct {
	const char *name;
	const char *type;
	const char *help;
} metrics[METRICS] = {
	[METRIC_SOCKETS] = { "portstat_sockets", "gauge",
			     "Sockets by protocol, address family and state." },
	[METRIC_INFO] = { "portstat_listener_info", "gauge",
			  "Listening sockets: who has them and who can reach them; always 1." },
	[METRIC_QUEUE] = { "portstat_listener_accept_queue", "gauge",
			   "Connections that wait to be accepted." },
	[METRIC_QUEUE_LIMIT] = { "portstat_listener_accept_queue_limit", "gauge",
				 "The most connections that may wait to be accepted." },
	[METRIC_DROPS] = { "portstat_listener_drops_total", "counter",
			   "Packets and connections that the socket dropped." },
	[METRIC_CONNECTIONS] = { "portstat_listener_connections", "gauge",
				 "Connections to a listening socket, by state." },
	[METRIC_PROCESS_CONNECTIONS] = { "portstat_process_connections", "gauge",
					 "Connections by the name of their process and state." },
};

struct context {
	const struct snapshot *snap;
	struct series series[METRICS];
	struct map listeners; /* by listener_key(): index of a row, plus next[] of those */
	uint32_t *next;
	struct buf labels, raw;
};

/* Adds a label; one without a value is the same as none. */
static void add_label(struct context *m, const char *name, const char *value, size_t len)
{
	struct buf shown = { 0 };

	if (!len)
		return;
	text_visible(&shown, value, len, false);
	buf_printf(&m->labels, "%s%s=\"", m->labels.len ? "," : "", name);
	for (size_t i = 0; i < shown.len; i++) {
		if (shown.data[i] == '"' || shown.data[i] == '\\')
			buf_char(&m->labels, '\\');
		buf_char(&m->labels, shown.data[i]);
	}
	buf_char(&m->labels, '"');
	buf_fini(&shown);
}

/* The same with the value of a column. */
static void add_column(struct context *m, const char *name, const char *key, const struct row *row)
{
	buf_clear(&m->raw);
	column_plain(column_find(key, strlen(key)), m->snap, row, &m->raw);
	add_label(m, name, m->raw.data, m->raw.len);
}

static void add_port(struct context *m, const struct row *row)
{
	if (snapshot_is_ephemeral(m->snap, row->sk, row->sk->local.port))
		add_label(m, "port", "ephemeral", strlen("ephemeral"));
	else
		add_column(m, "port", "local_port", row);
}

/* The labels that every series about a row has. */
static void start_labels(struct context *m, const struct row *row)
{
	buf_clear(&m->labels);
	if (m->snap->n_hosts > 1)
		add_column(m, "host", "host", row);
	if (m->snap->has_namespaces)
		add_column(m, "netns", "netns_name", row);
}

static void add_word(struct context *m, const char *name, const char *word)
{
	add_label(m, name, word, strlen(word));
}

static void add_process(struct context *m, const struct row *row)
{
	const struct process *process = row_first_process(m->snap, row);

	if (process)
		add_label(m, "process", process->name, process->name_len);
}

static bool number_of(const struct context *m, const char *key, const struct row *row,
		      uint64_t *out)
{
	struct value value;

	column_value(column_find(key, strlen(key)), m->snap, row, 0, &value);
	*out = value.number;
	return value.kind == VALUE_NUMBER;
}

static void count_socket(struct context *m, const struct row *row)
{
	const struct sock *sk = row->sk;

	start_labels(m, row);
	add_word(m, "proto", proto_name((enum sock_proto)sk->proto));
	add_word(m, "family", family_name((enum addr_family)sk->family));
	add_word(m, "state", state_name((enum sock_state)sk->state));
	series_add(&m->series[METRIC_SOCKETS], &m->labels, 1);
}

/* The members of a SO_REUSEPORT group have the same labels: their numbers are added up. */
static void count_listener(struct context *m, const struct row *row)
{
	size_t common;
	uint64_t number;

	start_labels(m, row);
	add_word(m, "proto", proto_name((enum sock_proto)row->sk->proto));
	add_column(m, "address", "local_addr", row);
	add_port(m, row);
	common = m->labels.len;
	if (row->sk->state == SOCK_STATE_LISTEN) {
		if (number_of(m, "recv_q", row, &number))
			series_add(&m->series[METRIC_QUEUE], &m->labels, number);
		if (number_of(m, "send_q", row, &number))
			series_add(&m->series[METRIC_QUEUE_LIMIT], &m->labels, number);
	}
	if (number_of(m, "memory.drops", row, &number))
		series_add(&m->series[METRIC_DROPS], &m->labels, number);
	m->labels.len = common;
	add_process(m, row);
	add_column(m, "unit", "unit", row);
	add_column(m, "container", "container", row);
	add_column(m, "reach", "reach", row);
	series_set(&m->series[METRIC_INFO], &m->labels, 1);
}

static uint64_t listener_key(const struct sock *sk)
{
	return (uint64_t)sk->netns << 32 | (uint64_t)sk->proto << 16 | sk->local.port;
}

static void find_listeners(struct context *m)
{
	const struct snapshot *snap = m->snap;

	m->next = mem_resize(NULL, snap->n_rows, sizeof(*m->next));
	for (size_t i = 0; i < snap->n_rows; i++) {
		bool is_first;
		uint32_t *head;

		m->next[i] = MAP_NONE;
		if (!is_listening(snap->rows[i].sk))
			continue;
		head = map_add(&m->listeners, listener_key(snap->rows[i].sk), (uint32_t)i,
			       &is_first);
		if (is_first)
			continue;
		m->next[i] = *head;
		*head = (uint32_t)i;
	}
}

static bool has_listener(const struct context *m, const struct sock *sk)
{
	uint32_t i = map_get(&m->listeners, listener_key(sk));

	while (i != MAP_NONE && !listener_fit(m->snap->rows[i].sk, sk))
		i = m->next[i];
	return i != MAP_NONE;
}

static void count_connection(struct context *m, const struct row *row)
{
	const char *state = state_name((enum sock_state)row->sk->state);
	size_t without;

	if (has_listener(m, row->sk)) {
		start_labels(m, row);
		add_word(m, "proto", proto_name((enum sock_proto)row->sk->proto));
		add_port(m, row);
		add_word(m, "state", state);
		series_add(&m->series[METRIC_CONNECTIONS], &m->labels, 1);
	}
	start_labels(m, row);
	without = m->labels.len;
	add_process(m, row);
	if (m->labels.len == without)
		return;
	add_word(m, "state", state);
	series_add(&m->series[METRIC_PROCESS_CONNECTIONS], &m->labels, 1);
}

static void put_metric(struct context *m, enum metric which, struct buf *out)
{
	const char *name = metrics[which].name;

	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, metrics[which].help, name,
		   metrics[which].type);
	series_print(&m->series[which], name, out);
}

/* Is nothing missing that concerns the host?  NULL: any. */
static bool is_complete(const struct snapshot *snap, const char *host)
{
	for (size_t i = 0; i < snap->problems.n; i++) {
		const char *where = snap->problems.list[i].host;

		if (!host || !where || !strcmp(where, host))
			return false;
	}
	return true;
}

/* Of two machines with one name the first counts: a series must not be there twice. */
static bool is_first_of_name(const struct snapshot *snap, size_t host)
{
	const char *name = snap->hosts[host].name;

	if (!name)
		return false;
	for (size_t i = 0; i < host; i++)
		if (snap->hosts[i].name && !strcmp(snap->hosts[i].name, name))
			return false;
	return true;
}

static void put_complete(const struct snapshot *snap, const char *host, uint64_t time_ms,
			 struct buf *out)
{
	(void)time_ms;
	buf_printf(out, " %d\n", is_complete(snap, host));
}

static void put_time(const struct snapshot *snap, const char *host, uint64_t time_ms,
		     struct buf *out)
{
	(void)snap, (void)host;
	buf_printf(out, " %llu.%03u\n", (unsigned long long)(time_ms / 1000),
		   (unsigned int)(time_ms % 1000));
}

/* A gauge about each host; where there is only one, without its name. */
static void put_gauge(struct context *m, const char *name, const char *help,
		      void (*put)(const struct snapshot *snap, const char *host, uint64_t time_ms,
				  struct buf *out),
		      struct buf *out)
{
	const struct snapshot *snap = m->snap;

	buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
	if (snap->n_hosts <= 1) {
		buf_str(out, name);
		put(snap, NULL, snap->time_ms, out);
		return;
	}
	for (size_t i = 0; i < snap->n_hosts; i++) {
		const struct snapshot_host *host = &snap->hosts[i];

		if (!is_first_of_name(snap, i))
			continue;
		buf_clear(&m->labels);
		add_word(m, "host", host->name);
		buf_printf(out, "%s{%s}", name, buf_cstr(&m->labels));
		put(snap, host->name, host->time_ms, out);
	}
}

int metrics_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt)
{
	struct context m = { .snap = snap };
	struct buf out = { 0 };
	int err;

	(void)opt;
	find_listeners(&m);
	for (size_t i = 0; i < snap->n_rows; i++) {
		const struct row *row = &snap->rows[i];

		count_socket(&m, row);
		if (is_listening(row->sk))
			count_listener(&m, row);
		else if (sock_has(row->sk, SOCK_HAS_PEER))
			count_connection(&m, row);
	}
	for (unsigned int i = 0; i < METRICS; i++)
		put_metric(&m, (enum metric)i, &out);
	put_gauge(&m, "portstat_complete", "Is nothing known to be missing from these metrics?",
		  put_complete, &out);
	put_gauge(&m, "portstat_timestamp_seconds", "When the sockets were read, in Unix time.",
		  put_time, &out);
	err = output_flush(stream, &out);
	for (unsigned int i = 0; i < METRICS; i++)
		series_fini(&m.series[i]);
	map_fini(&m.listeners);
	free(m.next);
	buf_fini(&m.labels);
	buf_fini(&m.raw);
	buf_fini(&out);
	return err;
}
