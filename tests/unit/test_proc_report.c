/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the script for hosts without portstat prints: whole, cut at every byte, and hostile. */
#include <config.h>

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "edge.h"
#include "query/columns.h"
#include "query/proc_report.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "query/told.h"
#include "resolve/services.h"

#define TCP_HEADING \
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"

/*
 * A listener of two processes, its connection that nobody accepted yet, one in time-wait; one unheld,
 * which stands there twice.
 */
static const char whole[] =
	"Welcome.\nportstat-proc 2\n\nportstat-proc 1\n"
	"machine 0123456789abcdef0123456789abcdef\n"
	"boot_id 5f4d5493-dd62-4f61-a7a3-2b75f62367cc\n"
	"release 6.1.0\nports 32768\t60999\ntime 1795910703\nuid 0\n"
	"n net:[4026531840]\nn pid:[4026531836]\nn user:[4026531837]\n"
	"@ net/tcp\n" TCP_HEADING
	"   0: 0100007F:0016 00000000:0000 0A 00000000:00000001 00:00000000 00000000     0        0 100 1\n"
	"   1: 0100007F:0016 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 0 1\n"
	"   2: 0100007F:9C41 0200000A:01BB 06 00000000:00000000 03:00000064 00000000     0        0 0 1\n"
	"   3: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 101 1\n"
	"   3: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 101 1\n"
	"@\n"
	"@ net/udp6\n" TCP_HEADING
	"   9: 00000000000000000000000001000000:0035 00000000000000000000000000000000:0000 07 "
	"00000000:00000000 00:00000000 00000000   101        0 102 2\n"
	"@\n"
	"@ net/of-tomorrow\nx\n@\n"
	"a 127.0.0.1\na 10.0.0.1\nA 20010db8000000000000000000000001\nbtime 1795900000\n"
	"f 9 7 100\nf 7 10 100\nf 7 3 100\nf 8 1 102\nf 12 1 101\nd 0\n"
	"p 7 0 1 12345 sshd\np 9 0 7 12399 a\\nb\\\\c\np 8 101 1 500 dns\n"
	"g 7 0::/\n"
	"g 8 12:cpu:/x\0011:name=systemd:/system.slice/dns.service\0010::/y\n"
	"g 9 0::/system.slice/docker-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	".scope\n"
	"c 7 sshd\001-D\001\nc 8 a\002b\n"
	"u 0 root\nu 33 www-data\n"
	"portstat-proc end\nBye.\n";

static const struct proc_question all = {
	.protos = PROTO_ALL,
	.families = FAMILY_ALL,
	.has_owners = true,
	.has_cmdlines = true,
	.has_users = true,
};

/* ---- a report as a snapshot ---- */

static int told(const char *bytes, size_t n, const struct proc_question *question,
		struct snapshot *out)
{
	struct services *services = services_new(NULL);
	struct proc_report report = { 0 };
	int err = proc_report_read(bytes, n, &report);

	if (!err) {
		proc_report_tell(&report, question, services, 7000, out);
		told_seal(out->told);
		out->resolved = ~0U;
	}
	proc_report_fini(&report);
	services_free(services);
	return err;
}

/* The value of a column, as text; NULL: it is unknown. */
static void check_value(const struct snapshot *snap, size_t at, const char *key, size_t i,
			const char *want)
{
	const struct told_row *row = &snap->told->rows[at];
	const struct row one = { .sk = &snap->table.socks[at], .owner_note = row->note & 15 };
	char number[24];
	struct value value;

	column_value(column_find(key, strlen(key)), snap, &one, i, &value);
	if (!want) {
		assert_int_equal(value.kind, VALUE_NULL);
		return;
	}
	if (value.kind == VALUE_NUMBER) {
		snprintf(number, sizeof(number), "%llu", (unsigned long long)value.number);
		assert_string_equal(number, want);
		return;
	}
	assert_true(value.kind == VALUE_TEXT || value.kind == VALUE_LIST);
	if (value.text.len != strlen(want) || memcmp(value.text.bytes, want, value.text.len) != 0)
		fail_msg("%s: %.*s, not %s", key, (int)value.text.len, value.text.bytes, want);
}

static size_t count_owners(const struct snapshot *snap, size_t at)
{
	return told_owners(snap, &snap->table.socks[at]).n;
}

static void a_whole_report(void **state)
{
	struct snapshot snap = { 0 };
	const struct snapshot_host *host;

	(void)state;
	assert_int_equal(told(whole, strlen(whole), &all, &snap), 0);
	assert_int_equal(snap.n_hosts, 1);
	host = &snap.hosts[0];
	assert_string_equal(host->head.boot_id, "5f4d5493-dd62-4f61-a7a3-2b75f62367cc");
	assert_int_equal(strlen(host->head.machine), 16);
	assert_int_equal(host->head.ephemeral.first, 32768);
	assert_int_equal(host->head.n_addrs, 2);
	assert_int_equal(host->time_ms, 1795910703000);
	assert_false(host->hides_processes);
	assert_int_equal(snap.problems.n, 0);
	assert_int_equal(snap.table.n, 5);

	/* Both owners by their lowest descriptor. */
	assert_int_equal(count_owners(&snap, 3), 2);
	check_value(&snap, 3, "service", 0, "ssh");
	check_value(&snap, 3, "reach", 0, "host");
	check_value(&snap, 3, "user", 0, "root");
	check_value(&snap, 3, "recv_q", 0, "1");
	check_value(&snap, 3, "send_q", 0, NULL);
	check_value(&snap, 3, "netns", 0, "4026531840");
	check_value(&snap, 3, "owners.pid", 0, "7");
	check_value(&snap, 3, "owners.fd", 0, "3");
	check_value(&snap, 3, "owners.name", 0, "sshd");
	check_value(&snap, 3, "owners.ppid", 0, "1");
	check_value(&snap, 3, "owners.user", 0, "root");
	check_value(&snap, 3, "owners.started", 0, "2026-11-28T21:08:43Z");
	check_value(&snap, 3, "owners.pid", 1, "9");
	check_value(&snap, 3, "owners.name", 1, "a\nb\\c");
	check_value(&snap, 3, "owners.cmdline", 1, NULL);
	check_value(&snap, 3, "cgroup", 0, "/");
	check_value(&snap, 3, "unit", 0, NULL);
	check_value(&snap, 3, "owner_note", 0, NULL);

	/* Not accepted yet: those of its listener. */
	assert_int_equal(count_owners(&snap, 0), 2);
	check_value(&snap, 0, "service", 0, "ssh");
	check_value(&snap, 0, "owner_note", 0, "not-accepted");
	check_value(&snap, 1, "owner_note", 0, "time-wait");
	check_value(&snap, 1, "service", 0, "https");
	check_value(&snap, 1, "peer_scope", 0, "private");
	/* Whether it is bound to an interface is not known, so neither is who can reach it. */
	check_value(&snap, 2, "reach", 0, NULL);
	check_value(&snap, 2, "user", 0, "www-data");
	/* A process that had ended before it was looked at. */
	assert_int_equal(count_owners(&snap, 2), 0);
	check_value(&snap, 2, "owner_note", 0, "unheld");
	check_value(&snap, 4, "owners.name", 0, "dns");
	check_value(&snap, 4, "user", 0, NULL);
	check_value(&snap, 4, "cgroup", 0, "/system.slice/dns.service");
	check_value(&snap, 4, "unit", 0, "dns.service");
	check_value(&snap, 4, "container", 0, NULL);
	snapshot_fini(&snap);
}

static void a_list_of_arguments(void **state)
{
	struct snapshot snap = { 0 };
	const struct process *process;

	(void)state;
	assert_int_equal(told(whole, strlen(whole), &all, &snap), 0);
	process = &snap.told->processes[told_owners(&snap, &snap.table.socks[3]).list[0].process]
			   .process;
	assert_int_equal(process->cmdline_len, 8);
	assert_memory_equal(process->cmdline, "sshd\0-D", 8);
	process = &snap.told->processes[told_owners(&snap, &snap.table.socks[4]).list[0].process]
			   .process;
	assert_int_equal(process->cmdline_len, 4);
	assert_memory_equal(process->cmdline, "a\nb", 4);
	snapshot_fini(&snap);
}

/* The report with a line of it replaced. */
static char *with(const char *line, const char *instead)
{
	const char *at = strstr(whole, line);
	struct buf text = { 0 };
	char *copy;

	assert_non_null(at);
	buf_add(&text, whole, (size_t)(at - whole));
	buf_str(&text, instead);
	buf_str(&text, at + strlen(line));
	copy = strdup(buf_cstr(&text));
	buf_fini(&text);
	return copy;
}

static void a_container(void **state)
{
	struct snapshot snap = { 0 };
	char *text = with("f 7 10 100\nf 7 3 100\n", "");

	(void)state;
	assert_int_equal(told(text, strlen(text), &all, &snap), 0);
	check_value(&snap, 3, "owners.pid", 0, "9");
	check_value(&snap, 3, "container", 0, "0123456789ab");
	check_value(&snap, 3, "container_id", 0,
		    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
	check_value(&snap, 3, "pod", 0, NULL);
	snapshot_fini(&snap);
	free(text);
}

static void hidden_processes(void **state)
{
	static const struct {
		const char *line;
		const char *instead;
	} cases[] = {
		{ "\nd 0\n", "\nd 3\n" },
		{ "\nd 0\n", "\nhidden\nd 0\n" },
		{ "n pid:[4026531836]\n", "n pid:[4026532000]\n" },
		{ "n pid:[4026531836]\n", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *text = with(cases[i].line, cases[i].instead);
		struct snapshot snap = { 0 };

		assert_int_equal(told(text, strlen(text), &all, &snap), 0);
		assert_true(snap.hosts[0].hides_processes);
		assert_int_equal(snap.problems.n, 1);
		assert_string_equal(snap.problems.list[0].told.code, "processes");
		check_value(&snap, 2, "owner_note", 0, "hidden");
		check_value(&snap, 1, "owner_note", 0, "time-wait");
		snapshot_fini(&snap);
		free(text);
	}
}

static void owners_that_nobody_asked_for(void **state)
{
	struct proc_question question = all;
	struct snapshot snap = { 0 };

	(void)state;
	question.has_owners = question.has_cmdlines = false;
	assert_int_equal(told(whole, strlen(whole), &question, &snap), 0);
	assert_int_equal(snap.told->n_processes, 0);
	assert_int_equal(snap.told->rows[3].note, NOTE_NOT_ASKED);
	snapshot_fini(&snap);
}

/* ---- what may come instead ---- */

static void cut_everywhere(void **state)
{
	static const char end[] = "portstat-proc end\n", begin[] = "\nportstat-proc 1\n";
	size_t first = (size_t)(strstr(whole, begin) - whole) + strlen(begin);
	size_t last = (size_t)(strstr(whole, end) - whole) + strlen(end);
	struct edge e;

	(void)state;
	edge_init(&e, sizeof(whole));
	for (size_t n = 0; n <= strlen(whole); n++) {
		int want = n < first ? PROC_REPORT_NONE : n < last ? PROC_REPORT_CUT : 0;
		struct snapshot snap = { 0 };

		assert_int_equal(told(edge_copy(&e, whole, n), n, &all, &snap), want);
		snapshot_fini(&snap);
	}
	edge_fini(&e);
}

/* Each byte replaced by those that mean something, in memory that ends with the report. */
static void damaged_everywhere(void **state)
{
	static const char bytes[] = { '\0', '\n', ' ', '@', '9', '-', '\\', '\xff' };
	char *copy = strdup(whole);
	struct edge e;

	(void)state;
	edge_init(&e, sizeof(whole));
	for (size_t i = 0; i < strlen(whole); i++)
		for (size_t k = 0; k < sizeof(bytes); k++) {
			struct snapshot snap = { 0 };

			copy[i] = bytes[k];
			told(edge_copy(&e, copy, strlen(whole)), strlen(whole), &all, &snap);
			snapshot_fini(&snap);
			copy[i] = whole[i];
		}
	edge_fini(&e);
	free(copy);
}

/* Lines that no script writes are skipped and counted, and the others are read. */
static void malformed_lines(void **state)
{
	static const char *const lines[] = {
		"f 7\n",
		"f -7 3 100\n",
		"f 99999999999 3 100\n",
		"p 7 0 1 x sshd\n",
		"p\n",
		"c x\n",
		"u -1 root\n",
		"a 10.0.0\n",
		"A 20010db8\n",
		"n net:[]\n",
		"n ]\n",
		"n net:[x]\n",
		"ports 2 1\n",
		"time 99999999999999999\n",
		"d many\n",
		"tomorrow 1\n",
		"boot_id 0123456789012345678901234567890123456789\n",
		"uid root\n",
		"@\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct snapshot snap = { 0 };
		struct buf instead = { 0 };
		char *text;

		buf_printf(&instead, "\n%sd 0\n", lines[i]);
		text = with("\nd 0\n", buf_cstr(&instead));
		assert_int_equal(told(text, strlen(text), &all, &snap), 0);
		assert_int_equal(snap.problems.n, 1);
		assert_int_equal(snap.problems.list[0].count, 1);
		assert_int_equal(snap.table.n, 5);
		assert_int_equal(count_owners(&snap, 3), 2);
		snapshot_fini(&snap);
		buf_fini(&instead);
		free(text);
	}
}

static void a_damaged_file(void **state)
{
	char *text = with("   3: 00000000:1F90", "   3: 0000000:1F90");
	struct snapshot snap = { 0 };

	(void)state;
	assert_int_equal(told(text, strlen(text), &all, &snap), 0);
	assert_int_equal(snap.table.n, 5);
	assert_int_equal(snap.problems.n, 1);
	assert_int_equal(snap.problems.list[0].code, PROBLEM_CUT_SHORT);
	assert_int_equal(snap.problems.list[0].proto, PROTO_TCP);
	snapshot_fini(&snap);
	free(text);
}

/* What would take for ever is not looked at: each of many sockets with every process, or listener. */
static void no_host_chooses_what_it_costs(void **state)
{
	static const char head[] = "\nportstat-proc 1\nn pid:[4026531836]\n@ net/tcp\n" TCP_HEADING;
	struct snapshot snap = { 0 };
	struct buf text = { 0 };

	(void)state;
	buf_str(&text, head);
	for (unsigned int i = 0; i < 40000; i++)
		buf_printf(&text,
			   "0: %08X:0050 0100007F:1000 %s 0:0 0:0 0 0 0 7 1\n"
			   "0: %08X:0050 00000000:0000 0A 0:0 0:0 0 0 0 7 1\n",
			   i, i % 2 ? "01" : "08", i);
	buf_str(&text, "@\n");
	for (unsigned int i = 1; i < 20000; i++)
		buf_printf(&text, "f %u 1 7\np %u 0 1 1 x\n", i, i);
	buf_str(&text, "portstat-proc end\n");
	assert_int_equal(told(text.data, text.len, &all, &snap), 0);
	assert_int_equal(snap.table.n, 80000);
	assert_in_range(snap.told->n_owners, 1, 5000000);
	assert_int_equal(snap.problems.n, 1);
	snapshot_fini(&snap);
	buf_fini(&text);
}

/* Each of many sockets with many descriptors that say nothing: of no process, and again of one. */
static void descriptors_without_an_owner(void **state)
{
	static const char head[] = "\nportstat-proc 1\nn pid:[4026531836]\n@ net/tcp\n" TCP_HEADING;
	struct proc_report report = { 0 };
	struct snapshot snap = { 0 };
	struct buf text = { 0 };

	(void)state;
	buf_str(&text, head);
	for (unsigned int i = 0; i < 20000; i++)
		buf_printf(&text, "0: %08X:0050 0100007F:1000 01 0:0 0:0 0 0 0 7 1\n", i);
	buf_str(&text, "@\np 5 0 1 1 x\n");
	for (unsigned int i = 0; i < 200000; i++)
		buf_printf(&text, "f %u %u 7\n", i % 2 ? 5 : 6 + i, 200000 - i);
	buf_str(&text, "portstat-proc end\n");
	assert_int_equal(proc_report_read(text.data, text.len, &report), 0);
	assert_int_equal(report.n_descriptors, 1);
	assert_int_equal(report.descriptors[0].pid, 5);
	assert_int_equal(report.descriptors[0].fd, 1);
	proc_report_fini(&report);
	assert_int_equal(told(text.data, text.len, &all, &snap), 0);
	assert_int_equal(snap.table.n, 20000);
	assert_int_equal(snap.told->n_owners, 20000);
	snapshot_fini(&snap);
	buf_fini(&text);
}

/* Texts as long as they can be are told, longer ones are not, and empty ones say nothing. */
static void long_texts(void **state)
{
	static const struct {
		const char *line; /* up to the text, which is followed by a newline */
		size_t max;
	} kinds[] = { { "c 9 ", 4096 }, { "g 9 ", 16384 }, { "u 101 ", 256 } };

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		for (size_t len = 0; len <= kinds[i].max + 1;
		     len += len == 1 ? kinds[i].max - 1 : 1) {
			struct proc_report report = { 0 };
			struct buf text = { 0 };

			buf_printf(&text, "\nportstat-proc 1\n%s", kinds[i].line);
			for (size_t k = 0; k < len; k++)
				buf_char(&text, 'x');
			buf_str(&text, "\nportstat-proc end\n");
			assert_int_equal(proc_report_read(text.data, text.len, &report), 0);
			assert_int_equal(report.n_bad, len > kinds[i].max);
			assert_int_equal(report.n_cmdlines + report.n_cgroups + report.n_users,
					 len && len <= kinds[i].max);
			proc_report_fini(&report);
			buf_fini(&text);
		}
}

/* ---- the script ---- */

static void asks_for_what_is_wanted(void **state)
{
	struct proc_question question = {
		.protos = PROTO_BIT(PROTO_UDP),
		.families = FAMILY_BIT(ADDR_INET6),
		.is_listening = true,
	};
	struct buf script = { 0 };

	(void)state;
	proc_script_make(&question, &script);
	assert_non_null(strstr(buf_cstr(&script), "files='net/udp6 '\nlistening=1\nowners=0\n"
						  "cmdlines=0\nusers=0\n"));
	/* As a whole, or not at all: the last line runs it. */
	assert_non_null(strstr(buf_cstr(&script), "\n}\ntell </dev/null\n"));
	assert_string_equal(strstr(buf_cstr(&script), "\ntell </dev/null\n"),
			    "\ntell </dev/null\n");
	buf_fini(&script);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_report),
		cmocka_unit_test(a_list_of_arguments),
		cmocka_unit_test(a_container),
		cmocka_unit_test(hidden_processes),
		cmocka_unit_test(owners_that_nobody_asked_for),
		cmocka_unit_test(cut_everywhere),
		cmocka_unit_test(damaged_everywhere),
		cmocka_unit_test(malformed_lines),
		cmocka_unit_test(a_damaged_file),
		cmocka_unit_test(no_host_chooses_what_it_costs),
		cmocka_unit_test(descriptors_without_an_owner),
		cmocka_unit_test(long_texts),
		cmocka_unit_test(asks_for_what_is_wanted),
	};

	return cmocka_run_group_tests_name("proc_report", tests, NULL, NULL);
}
