/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Documents: whole, cut at every byte, read byte by byte; times; and which moment is chosen. */
#include <config.h>

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/rfc3339.h"
#include "document/document.h"
#include "document/moments.h"
#include "query/columns.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "query/told.h"
#include "random.h"
#include "test.h"

static const char whole[] =
	"{\"schema\": 1, \"tomorrow\": [{}, [null, true, -1.5e3]], \"host\": \"web\\u0031\", "
	"\"machine\": \"0123456789abcdef\", \"ephemeral\": [100, 200], \"uid\": 0, "
	"\"time\": \"2026-11-29T00:05:03.123Z\", \"selection\": {\"protocols\": [\"tcp\", \"udp\"], "
	"\"families\": [\"inet\"], \"listening\": true, \"filter\": \"\", \"netns\": [\"a\", \"b\"], "
	"\"forwards\": false, \"unread\": [\"tcp\", \"owners.user\"], \"columns\": null}, "
	"\"complete\": false, \"problems\": [{\"code\": \"processes\", \"proto\": null, \"host\": null, "
	"\"netns\": null, \"fields\": [], \"message\": \"owners are missing\"}], \"sockets\": [\n"
	"  {\"host\": \"web1\", \"proto\": \"tcp\", \"family\": \"inet\", \"state\": \"listen\", "
	"\"local_addr\": \"10.0.0.1\", \"local_port\": 80, \"peer_addr\": null, \"recv_q\": 1, "
	"\"send_q\": 4294967295, \"service\": \"http\", \"uid\": 33, \"netns\": 4026531840, "
	"\"netns_name\": \"h\\u00f6st\", \"cookie\": \"00000000000000ff\", "
	"\"owners\": [{\"pid\": 7, \"name\": \"ng\\\\inx\", \"fd\": 3, \"cmdline\": [\"a\", \"\", \"b\"], "
	"\"via\": \"fd\"}, {\"pid\": 9, \"name\": \"x\", \"fd\": null}], \"leads_to\": [], "
	"\"published\": null, \"memory\": {\"drops\": 5}},\n"
	"  {\"proto\": \"udp\", \"state\": \"bound\", \"owner_note\": \"hidden\", \"reach\": \"all\"}]}\n";

/*
 * As portstat answers another one: values by their place; -N: N values are those of the row above, as at
 * the end of each row.  Nothing is above the first row of a block.
 */
static const char rows[] =
	"{\"schema\": 1, \"host\": \"web1\", \"selection\": {\"columns\": [\"proto\", \"state\", "
	"\"local_addr\", \"local_port\", \"owners.pid\", \"service\", \"owners.name\", "
	"\"owners.cmdline\", \"timer.kind\", \"uid\", \"timer.expires_ms\", \"leads_to.port\"]}, "
	"\"rows\": [[[\"tcp\",\"listen\",\"10.0.0.1\",80,[[7,\"nginx\",[\"a\",\"b\"]],[9,null],"
	"[11]],\"http\",[\"keepalive\",5],33,[]],[-3,81,[[]],-1,[-1,6],null,null],"
	"[-3,82,[[7,\"nginx\"]],null,null,null]],[[\"udp\",-2,53,[],-2,7]]]}";

static const struct column *column(const char *key)
{
	const struct column *c = column_find(key, strlen(key));

	assert_non_null(c);
	return c;
}

/* The value of a column, as text. */
static void check_value(const struct snapshot *snap, size_t row, const char *key, size_t i,
			const char *want)
{
	const struct row one = { .sk = &snap->table.socks[row] };
	struct value value;

	column_value(column(key), snap, &one, i, &value);
	if (!want) {
		assert_int_equal(value.kind, VALUE_NULL);
	} else if (value.kind == VALUE_NUMBER) {
		assert_int_equal(value.number, strtoull(want, NULL, 10));
	} else {
		assert_true(value.kind == VALUE_TEXT || value.kind == VALUE_LIST);
		assert_int_equal(value.text.len, strlen(want));
		assert_memory_equal(value.text.bytes, want, value.text.len);
	}
}

static void check_whole(struct snapshot *snap)
{
	const struct snapshot_host *host = &snap->hosts[0];

	told_seal(snap->told);
	snap->resolved = ~0U;
	assert_int_equal(snap->n_hosts, 1);
	assert_string_equal(host->name, "web1");
	assert_int_equal(host->time_ms, 1795910703123);
	assert_int_equal(host->head.ephemeral.last, 200);
	assert_string_equal(host->netns, "a,b");
	assert_true(host->hides_processes);
	assert_int_equal(snap->problems.n, 1);
	assert_string_equal(snap->problems.list[0].host, "web1");
	assert_int_equal(snap->table.n, 2);
	check_value(snap, 0, "local_port", 0, "80");
	check_value(snap, 0, "send_q", 0, "4294967295");
	check_value(snap, 0, "service", 0, "http");
	check_value(snap, 0, "netns_name", 0, "h\xc3\xb6st");
	check_value(snap, 0, "cookie", 0, "00000000000000ff");
	check_value(snap, 0, "owners.name", 0, "ng\\inx");
	check_value(snap, 0, "owners.pid", 1, "9");
	check_value(snap, 0, "owners.fd", 1, NULL);
	check_value(snap, 0, "owners.user", 0, NULL);
	check_value(snap, 0, "tcp.rtt_us", 0, NULL);
	check_value(snap, 0, "memory.drops", 0, "5");
	/* What stands before it in the block was not told. */
	check_value(snap, 0, "memory.rcvbuf", 0, NULL);
	check_value(snap, 1, "local_port", 0, "0");
	check_value(snap, 1, "reach", 0, "all");
	assert_int_equal(snap->told->rows[1].note, NOTE_HIDDEN);
	assert_true(told_knows(snap, &snap->table.socks[0], TOLD_LEADS));
	assert_false(told_knows(snap, &snap->table.socks[0], TOLD_PUBLISHED));
}

static void a_whole_document(void **state)
{
	struct snapshot snap = { 0 };

	(void)state;
	assert_int_equal(document_read(whole, strlen(whole), &snap), 0);
	check_whole(&snap);
	snapshot_fini(&snap);
}

static void values_by_place(void **state)
{
	struct snapshot snap = { 0 };

	(void)state;
	assert_int_equal(document_read(rows, strlen(rows), &snap), 0);
	told_seal(snap.told);
	snap.resolved = ~0U;
	assert_int_equal(snap.table.n, 4);
	assert_int_equal(snap.problems.n, 0);
	check_value(&snap, 0, "local_port", 0, "80");
	check_value(&snap, 0, "service", 0, "http");
	check_value(&snap, 0, "uid", 0, "33");
	check_value(&snap, 0, "timer.kind", 0, "keepalive");
	check_value(&snap, 0, "timer.expires_ms", 0, "5");
	check_value(&snap, 0, "owners.pid", 0, "7");
	check_value(&snap, 0, "owners.name", 0, "nginx");
	check_value(&snap, 0, "owners.pid", 2, "11");
	check_value(&snap, 0, "owners.name", 1, "");
	assert_int_equal(told_owners(&snap, &snap.table.socks[0]).n, 3);
	assert_true(told_knows(&snap, &snap.table.socks[0], TOLD_LEADS));
	/* The element above is the last one of the row above. */
	check_value(&snap, 1, "local_port", 0, "81");
	check_value(&snap, 1, "owners.pid", 0, "11");
	check_value(&snap, 1, "owners.name", 0, "");
	check_value(&snap, 1, "service", 0, "http");
	check_value(&snap, 1, "timer.kind", 0, "keepalive");
	check_value(&snap, 1, "timer.expires_ms", 0, "6");
	check_value(&snap, 1, "uid", 0, NULL);
	assert_int_equal(told_owners(&snap, &snap.table.socks[1]).n, 1);
	check_value(&snap, 2, "owners.name", 0, "nginx");
	check_value(&snap, 2, "service", 0, NULL);
	check_value(&snap, 2, "timer.kind", 0, NULL);
	check_value(&snap, 2, "uid", 0, NULL);
	check_value(&snap, 3, "local_port", 0, "53");
	check_value(&snap, 3, "service", 0, NULL);
	check_value(&snap, 3, "timer.kind", 0, NULL);
	check_value(&snap, 3, "uid", 0, "7");
	assert_int_equal(told_owners(&snap, &snap.table.socks[3]).n, 0);
	snapshot_fini(&snap);
}

/* A group of one element, an empty one and null are values that can be as above; of several none can be. */
static void groups_by_place(void **state)
{
	static const char document[] =
		"{\"schema\": 1, \"selection\": {\"columns\": [\"local_port\", \"owners.pid\", "
		"\"owners.name\", \"timer.kind\", \"service\", \"leads_to.port\"]}, \"rows\": [["
		"[80,[[7,\"nginx\"]],[\"keepalive\"],\"http\",[]],[81],[82,-2,\"x\"],[83,[],-3],"
		"[84],[85,-1,null],[86],[87,[[8,\"a\"],[9,\"b\"]]],[88]]]}";
	static const struct {
		size_t n_owners;
		const char *name, *timer, *service;
	} wanted[] = {
		{ 1, "nginx", "keepalive", "http" },
		{ 1, "nginx", "keepalive", "http" },
		{ 1, "nginx", "keepalive", "x" },
		{ 0, NULL, "keepalive", "x" },
		{ 0, NULL, "keepalive", "x" },
		{ 0, NULL, NULL, "x" },
		{ 0, NULL, NULL, "x" },
		{ 2, "a", NULL, "x" },
		{ 0, NULL, NULL, "x" },
	};
	struct snapshot snap = { 0 };

	(void)state;
	assert_int_equal(document_read(document, strlen(document), &snap), 0);
	told_seal(snap.told);
	snap.resolved = ~0U;
	assert_int_equal(snap.table.n, 9);
	/* The group of two. */
	assert_int_equal(snap.problems.n, 1);
	assert_int_equal(snap.problems.list[0].count, 1);
	for (size_t i = 0; i < snap.table.n; i++) {
		assert_int_equal(told_owners(&snap, &snap.table.socks[i]).n, wanted[i].n_owners);
		if (wanted[i].n_owners)
			check_value(&snap, i, "owners.name", 0, wanted[i].name);
		check_value(&snap, i, "timer.kind", 0, wanted[i].timer);
		check_value(&snap, i, "service", 0, wanted[i].service);
		assert_true(told_knows(&snap, &snap.table.socks[i], TOLD_LEADS));
	}
	snapshot_fini(&snap);
}

/* Members that begin alike, and some that no portstat writes; the first of each is the most frequent. */
static const char *const members[][7] = {
	{ "\"host\": \"a\"", "\"host\": \"ab\"", "\"host\": null", "\"host\": \"\\u0061\"" },
	{ "\"proto\": \"tcp\"", "\"proto\": \"udp\"", "\"proto\": \"udplite\"", "\"proto\": 1" },
	{ "\"state\": \"listen\"", "\"state\":\"bound\"" },
	{ "\"local_addr\": \"10.0.0.1\"", "\"local_addr\": \"10.0.0.11\"",
	  "\"local_addr\": \"::\"" },
	{ "\"local_port\": 80", "\"local_port\": 8", "\"local_port\": 8080", "\"local_port\": 80.5",
	  "\"local_port\": 80e1", "\"local_port\" : 80" },
	{ "\"service\": null", "\"service\": \"http\"", "\"service\": \"ht\\ttp\"",
	  "\"service\": []" },
	{ "\"recv_q\": 0", "\"recv_q\": -1", "\"recv_q\": 18446744073709551615" },
	{ "\"tomorrow\": {\"a\": [1, {}]}", "\"tomorrow\": \"}\"", "\"tomorrow\": null" },
	{ "\"netns_name\": \"n\"", "\"netns_name\": null", "\"netns_name\": \"nn\"" },
	{ "\"owners\": [{\"pid\": 7, \"name\": \"x\", \"fd\": 3, \"cmdline\": [\"a\", \"b\"]}]",
	  "\"owners\": []", "\"owners\": null", "\"owners\": [7]",
	  "\"owners\": [{\"pid\": 7, \"name\": \"x\", \"fd\": 3, \"cmdline\": [\"a\"]}, {\"pid\": 71, \"name\": "
	  "\"x\", \"fd\": null}]",
	  "\"owners\": [{\"name\": \"y\", \"pid\": 7}, {}]" },
	{ "\"leads_to\": []", "\"leads_to\": null", "\"leads_to\": [{\"port\": 1}]" },
	{ "\"timer\": {\"kind\": \"keepalive\", \"expires_ms\": 5}", "\"timer\": null",
	  "\"timer\": {\"kind\": \"keepalive\", \"expires_ms\": 55}", "\"timer\": [null]" },
};
#define MEMBERS (sizeof(members) / sizeof(*members))

static void add_random_socket(struct buf *out, uint64_t *seed)
{
	bool is_first = true;

	buf_char(out, '{');
	for (size_t i = 0; i < MEMBERS; i++) {
		size_t of = random_below(seed, 20) ? i : random_below(seed, MEMBERS), n = 0;

		if (!random_below(seed, 20))
			continue;
		while (n < 7 && members[of][n])
			n++;
		buf_str(out, is_first ? "" : random_below(seed, 20) ? ", " : "\n,");
		buf_str(out, members[of][random_below(seed, 3) ? 0 : random_below(seed, n)]);
		is_first = false;
	}
	buf_char(out, '}');
}

static const char before_sockets[] = "{\"schema\": 1, \"host\": \"a\", \"sockets\": [";

static void check_equal_values(const struct snapshot *a, size_t row_a, const struct snapshot *b,
			       size_t row_b)
{
	const struct row x = { .sk = &a->table.socks[row_a] }, y = { .sk = &b->table.socks[row_b] };
	struct value v, w;

	for (size_t c = 0; c < columns_n; c++) {
		if (columns[c].shape == COLUMN_GROUP || columns[c].shape == COLUMN_COMPOSITE)
			continue;
		assert_int_equal(column_count(&columns[c], a, &x),
				 column_count(&columns[c], b, &y));
		for (size_t i = 0; i < column_count(&columns[c], a, &x); i++) {
			column_value(&columns[c], a, &x, i, &v);
			column_value(&columns[c], b, &y, i, &w);
			assert_int_equal(v.kind, w.kind);
			if (v.kind == VALUE_NUMBER)
				assert_int_equal(v.number, w.number);
			if (v.kind == VALUE_ADDR)
				assert_memory_equal(v.addr.addr, w.addr.addr, sizeof(struct addr));
			if (v.kind != VALUE_TEXT && v.kind != VALUE_LIST)
				continue;
			assert_int_equal(v.text.len, w.text.len);
			assert_memory_equal(v.text.bytes, w.text.bytes, v.text.len);
		}
	}
}

/* What the reader passes over, as it stands in a socket before, is told as if it was read alone. */
static void sockets_that_are_alike(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int round = 0; round < 50; round++) {
		struct buf all = { 0 }, alone[150] = { 0 };
		struct snapshot snap = { 0 };
		size_t n_bad = 0, row = 0;
		unsigned int lists = 0;

		buf_str(&all, before_sockets);
		for (size_t i = 0; i < 150; i++) {
			add_random_socket(&alone[i], &seed);
			buf_printf(&all, "%s%s", i ? ", " : "", buf_cstr(&alone[i]));
		}
		buf_str(&all, "]}");
		assert_int_equal(document_read(all.data, all.len, &snap), 0);
		told_seal(snap.told);
		snap.resolved = ~0U;
		for (size_t i = 0; i < 150; i++) {
			struct snapshot one = { 0 };

			buf_clear(&all);
			buf_printf(&all, "%s%s]}", before_sockets, buf_cstr(&alone[i]));
			assert_int_equal(document_read(all.data, all.len, &one), 0);
			told_seal(one.told);
			one.resolved = ~0U;
			lists |= one.hosts[0].lists;
			if (one.problems.n)
				n_bad += one.problems.list[0].count;
			if (one.table.n)
				check_equal_values(&snap, row++, &one, 0);
			snapshot_fini(&one);
			buf_fini(&alone[i]);
		}
		assert_int_equal(row, snap.table.n);
		assert_int_equal(lists, snap.hosts[0].lists);
		assert_int_equal(n_bad, snap.problems.n ? snap.problems.list[0].count : 0);
		snapshot_fini(&snap);
		buf_fini(&all);
	}
}

/* What a socket of three bytes would repeat has the length that it can have. */
static void no_value_is_endless(void **state)
{
	struct buf docs[2] = { 0 };

	(void)state;
	buf_printf(&docs[0],
		   "{\"schema\": 1, \"selection\": {\"columns\": [\"state\", \"cookie\"]}, "
		   "\"rows\": [[[\"forward\",\"%05000u\"]]]}",
		   80U);
	buf_printf(&docs[1],
		   "{\"schema\": 1, \"selection\": {\"columns\": [\"state\", \"leads_to.from\"]}, "
		   "\"rows\": [[[\"forward\",[[\"192.0.2.1:%05000u\"]]]]]}",
		   80U);
	for (size_t i = 0; i < 2; i++) {
		struct snapshot snap = { 0 };

		assert_int_equal(document_read(docs[i].data, docs[i].len, &snap), 0);
		assert_int_equal(snap.table.n, 1);
		assert_false(sock_has(&snap.table.socks[0], SOCK_HAS_COOKIE));
		assert_int_equal(snap.table.socks[0].local.port, 0);
		snapshot_fini(&snap);
		buf_fini(&docs[i]);
	}
}

/* What no portstat writes is passed over, and counted where it is a value. */
static void rows_of_others(void **state)
{
	static const char before[] = "{\"schema\": 1, \"selection\": {\"columns\": ["
				     "\"proto\", \"local_port\", \"owners.pid\"]}, \"rows\": [[";
	static const struct {
		const char *row;
		size_t n_bad;
		const char *port;
	} cases[] = {
		{ "[\"tcp\",1]", 0, "1" },
		{ "[\"tcp\",1,[[1]],2]", 1, "1" },
		{ "[\"tcp\",1,5]", 1, "1" },
		{ "[\"tcp\",1,[5]]", 1, "1" },
		{ "[\"tcp\",1,[[-7,1]]]", 1, "1" },
		{ "[\"tcp\",-0,1]", 0, "1" },
		{ "[\"tcp\",null,null]", 0, "0" },
		{ "[\"tcp\",-18446744073709551615,1]", 1, "0" },
		{ "[\"tcp\",-1.5,1]", 0, "1" },
		{ "{\"proto\": \"tcp\"}, [\"tcp\",{}]", 2, "0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct snapshot snap = { 0 };
		struct buf text = { 0 };

		buf_printf(&text, "%s%s]]}", before, cases[i].row);
		assert_int_equal(document_read(text.data, text.len, &snap), 0);
		told_seal(snap.told);
		snap.resolved = ~0U;
		assert_int_equal(snap.problems.n, cases[i].n_bad > 0);
		if (cases[i].n_bad)
			assert_int_equal(snap.problems.list[0].count, cases[i].n_bad);
		assert_int_equal(snap.table.n, 1);
		check_value(&snap, 0, "local_port", 0, cases[i].port);
		buf_fini(&text);
		snapshot_fini(&snap);
	}
}

static void cut(const char *document)
{
	for (size_t n = 0; n < strlen(document); n++) {
		struct snapshot snap = { 0 };
		/* Memory of just its size, so that a sanitizer sees the first byte too far. */
		char *part = mem_strndup(document, n);
		char *exact = mem_alloc(n);

		memcpy(exact, part, n);
		assert_int_equal(document_read(exact, n, &snap), DOCUMENT_CUT);
		snapshot_fini(&snap);
		free(exact);
		free(part);
	}
}

static void cut_everywhere(void **state)
{
	/* The last byte is the line's end. */
	char *document = mem_strndup(whole, strlen(whole) - 1);

	(void)state;
	cut(document);
	cut(rows);
	free(document);
}

/* Each read(2) gets one byte: every token is cut somewhere. */
static void byte_by_byte(void **state)
{
	struct document_stream *stream;
	struct snapshot snap = { 0 };
	int ends[2];
	pid_t pid;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		close(ends[0]);
		for (int i = 0; i < 2; i++)
			for (const char *at = whole; *at; at++)
				if (write(ends[1], at, 1) != 1)
					_exit(1);
		_exit(0);
	}
	close(ends[1]);
	stream = document_stream_new(ends[0]);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(document_stream_next(stream, &snap), 1);
		check_whole(&snap);
		snapshot_fini(&snap);
	}
	assert_int_equal(document_stream_next(stream, &snap), 0);
	snapshot_fini(&snap);
	document_stream_free(stream);
	close(ends[0]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void what_is_refused(void **state)
{
	static const struct {
		const char *text;
		int error;
	} cases[] = {
		{ "", DOCUMENT_CUT },
		{ "null", DOCUMENT_DAMAGED },
		{ "[]", DOCUMENT_DAMAGED },
		{ "{}", DOCUMENT_DAMAGED },
		{ "{\"sockets\": []}", DOCUMENT_DAMAGED },
		{ "{\"schema\": 1}", DOCUMENT_DAMAGED },
		{ "{\"schema\": 1, \"summary\": []}", DOCUMENT_WITHOUT_SOCKETS },
		{ "{\"schema\": 2, \"sockets\": []}", DOCUMENT_OTHER_SCHEMA },
		{ "{\"schema\": \"1\", \"sockets\": []}", DOCUMENT_OTHER_SCHEMA },
		{ "{\"schema\": 1, \"sockets\": [],}", DOCUMENT_DAMAGED },
		{ "{\"schema\": 1, \"sockets\": []} x", DOCUMENT_DAMAGED },
		{ "{\"schema\": 1, \"sockets\": [{]}", DOCUMENT_DAMAGED },
		{ "{\"schema\": 01, \"sockets\": []}", DOCUMENT_DAMAGED },
		{ "{\"schema\": 1, \"sockets\": [{\"user\": \"\n\"}]}", DOCUMENT_DAMAGED },
		{ "{\"schema\": 1, \"sockets\": [{\"user\": \"\\x\"}]}", DOCUMENT_DAMAGED },
		{ "{\"schema\": 1, \"sockets\": [{\"user\": \"\\u12g4\"}]}", DOCUMENT_DAMAGED },
		{ "{\"schema\": 1 \"sockets\": []}", DOCUMENT_DAMAGED },
		{ "{\"schema\": 1, \"rows\": []}", DOCUMENT_DAMAGED },
		{ "{\"schema\": 1, \"rows\": [], \"selection\": {\"columns\": [\"proto\"]}}",
		  DOCUMENT_DAMAGED },
		{ "{\"schema\": 1, \"selection\": {\"columns\": [\"x\", \"proto\"]}, \"rows\": []}",
		  DOCUMENT_DAMAGED },
		{ "{\"schema\": 1, \"selection\": {\"columns\": [\"owners\"]}, \"rows\": []}",
		  DOCUMENT_DAMAGED },
		{ "{\"schema\": 1, \"selection\": {\"columns\": [\"proto\"]}, \"rows\": [[[-]]]}",
		  DOCUMENT_DAMAGED },
		{ "{\"schema\": 1, \"selection\": {\"columns\": [\"proto\"]}, \"rows\": []}", 0 },
		{ "{\"schema\": 1, \"sockets\": []}", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct snapshot snap = { 0 };

		assert_int_equal(document_read(cases[i].text, strlen(cases[i].text), &snap),
				 cases[i].error);
		snapshot_fini(&snap);
	}
}

static void times(void **state)
{
	static const struct {
		const char *text;
		uint64_t ms; /* 0: no time */
	} cases[] = {
		{ "1970-01-01T00:00:01Z", 1000 },
		{ "2026-11-29T00:05:03.123Z", 1795910703123 },
		{ "2026-11-29t01:05:03.1234567+01:00", 1795910703123 },
		{ "2026-11-28 23:05:03-01:00", 1795910703000 },
		{ "2026-11-29T00:05:03", 0 },
		{ "2026-11-29T00:05:03.Z", 0 },
		{ "2026-11-29T00:05:03Zx", 0 },
		{ "2026-13-29T00:05:03Z", 0 },
		{ "2026-02-30T00:05:03Z", 0 },
		{ "2026-00-29T00:05:03Z", 0 },
		{ "2026-11-29T24:05:03Z", 0 },
		{ "1969-11-29T00:05:03Z", 0 },
		{ "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint64_t ms = 0;

		assert_int_equal(rfc3339_parse(cases[i].text, strlen(cases[i].text), &ms),
				 cases[i].ms != 0);
		if (cases[i].ms)
			assert_int_equal(ms, cases[i].ms);
	}
}

/* A document of a host and time, with a port that tells it from others. */
static void add_moment(struct moments *m, const char *host, uint64_t ms, unsigned int port,
		       size_t file)
{
	struct snapshot snap = { 0 };
	struct buf text = { 0 };

	buf_printf(&text,
		   "{\"schema\": 1, \"host\": \"%s\", \"sockets\": [{\"proto\": \"tcp\", "
		   "\"local_port\": %u}]}",
		   host, port);
	assert_int_equal(document_read(text.data, text.len, &snap), 0);
	snap.hosts[0].time_ms = ms;
	moments_add(m, &snap, file);
	buf_fini(&text);
}

/* Which ports are told, in order of hosts. */
static void expect_ports(struct moments *m, const char *time, const char *want)
{
	struct snapshot snap = { 0 };
	struct moment_time at;
	struct buf got = { 0 };

	assert_true(moment_time_parse(time, &at));
	moments_choose(m, &at);
	moments_tell(m, &snap);
	for (size_t i = 0; i < snap.table.n; i++)
		buf_printf(&got, "%s%u", i ? " " : "", snap.table.socks[i].local.port);
	assert_string_equal(buf_cstr(&got), want);
	buf_fini(&got);
	snapshot_fini(&snap);
}

static void moments_of_hosts(void **state)
{
	const struct moment_time last = { .choice = MOMENT_LAST };
	struct moments *m = moments_new(&last, true);
	uint64_t *all;

	(void)state;
	/* The clock of b runs backwards; two documents of a have one time. */
	add_moment(m, "b", 7000, 21, 0);
	add_moment(m, "b", 5000, 22, 0);
	add_moment(m, "a", 1000, 11, 1);
	add_moment(m, "a", 3000, 12, 1);
	add_moment(m, "a", 3000, 13, 2);
	assert_int_equal(moments_hosts(m), 2);
	assert_int_equal(moments_times(m, &all), 4);
	assert_int_equal(all[0], 1000);
	assert_int_equal(all[3], 7000);
	free(all);
	expect_ports(m, "last", "13 21");
	expect_ports(m, "first", "11 22");
	expect_ports(m, "-2s", "13 22");
	expect_ports(m, "-4s", "13");
	expect_ports(m, "-1h", "");
	expect_ports(m, "1970-01-01T00:00:02Z", "11");
	moments_free(m);
}

/* What can no longer be chosen is not kept. */
static void only_what_is_needed(void **state)
{
	const struct moment_time before = { .choice = MOMENT_BEFORE_LAST, .ms = 2000 };
	struct moments *m = moments_new(&before, false);
	uint64_t *all;

	(void)state;
	for (unsigned int i = 1; i <= 100; i++)
		add_moment(m, "a", i * 1000, i, 0);
	/* The chosen one, and two that later documents may choose. */
	assert_int_equal(moments_times(m, &all), 3);
	free(all);
	expect_ports(m, "-2s", "98");
	moments_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_document),    cmocka_unit_test(values_by_place),
		cmocka_unit_test(groups_by_place),     cmocka_unit_test(sockets_that_are_alike),
		cmocka_unit_test(no_value_is_endless), cmocka_unit_test(rows_of_others),
		cmocka_unit_test(cut_everywhere),      cmocka_unit_test(byte_by_byte),
		cmocka_unit_test(what_is_refused),     cmocka_unit_test(times),
		cmocka_unit_test(moments_of_hosts),    cmocka_unit_test(only_what_is_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
