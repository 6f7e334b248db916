/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a line of what the script for hosts without portstat prints. */
#include <config.h>

#include "query/proc_report_lines.h"

#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "query/proc_report.h"

/* More of them are not kept. */
#define ADDRS_MAX 65536U

/* PROC_PID_INIT_INO and PROC_USER_INIT_INO of include/linux/proc_ns.h. */
#define HOST_PID_NAMESPACE 0xeffffffcU
#define HOST_USER_NAMESPACE 0xeffffffdU

/* Takes the next word, up to a blank or tab; false where there is none. */
static bool next_word(struct words *words, struct words *out)
{
	size_t n = 0;

	while (words->n && (*words->at == ' ' || *words->at == '\t')) {
		words->at++;
		words->n--;
	}
	while (n < words->n && words->at[n] != ' ' && words->at[n] != '\t')
		n++;
	*out = (struct words){ words->at, n };
	words->at += n;
	words->n -= n;
	return n;
}

static bool next_number(struct words *words, uint64_t max, uint64_t *out)
{
	struct words word;

	return next_word(words, &word) && !number_parse(word.at, word.n, max, out);
}

/* What follows one blank. */
static struct words rest_of(const struct words *words)
{
	return words->n ? (struct words){ words->at + 1, words->n - 1 } : *words;
}

/* ---- a line of each kind, behind its word; false: it is malformed ---- */

typedef bool take_line(struct parsing *p, struct words *words);

static bool take_machine(struct parsing *p, struct words *words)
{
	struct words id;

	if (next_word(words, &id))
		document_head_set_machine(&p->report->head, id.at, id.n);
	return true;
}

static bool take_boot_id(struct parsing *p, struct words *words)
{
	struct document_head *head = &p->report->head;
	struct words id;

	if (!next_word(words, &id))
		return true;
	if (id.n >= sizeof(head->boot_id))
		return false;
	memcpy(head->boot_id, id.at, id.n);
	return true;
}

static bool take_release(struct parsing *p, struct words *words)
{
	struct words release;

	if (!next_word(words, &release))
		return true;
	if (release.n >= sizeof(p->report->release))
		return false;
	memcpy(p->report->release, release.at, release.n);
	return true;
}

static bool take_ports(struct parsing *p, struct words *words)
{
	uint64_t first, last;

	if (!next_number(words, PORT_MAX, &first) || !next_number(words, PORT_MAX, &last) ||
	    first > last)
		return false;
	p->report->head.ephemeral = (struct port_range){ (uint16_t)first, (uint16_t)last };
	return true;
}

/* The last second of the year 9999. */
#define TIME_MAX_S UINT64_C(253402300799)

static bool take_time(struct parsing *p, struct words *words)
{
	uint64_t seconds;

	if (!next_number(words, TIME_MAX_S, &seconds))
		return false;
	p->report->time_ms = seconds * 1000;
	return true;
}

static bool take_btime(struct parsing *p, struct words *words)
{
	return next_number(words, UINT32_MAX, &p->report->boot_s);
}

static bool take_uid(struct parsing *p, struct words *words)
{
	uint64_t uid;

	if (!next_number(words, UINT32_MAX, &uid))
		return false;
	p->report->head.uid = (uint32_t)uid;
	p->report->head.has_uid = true;
	return true;
}

/* "net:[4026531840]". */
static bool take_namespace(struct parsing *p, struct words *words)
{
	struct words word;
	uint64_t inode;
	size_t type;

	if (!next_word(words, &word) || word.at[word.n - 1] != ']')
		return false;
	for (type = 0; type < word.n && word.at[type] != '['; type++)
		;
	if (type + 1 >= word.n ||
	    number_parse(word.at + type + 1, word.n - type - 2, UINT32_MAX, &inode))
		return false;
	word.n = type;
	if (words_are(&word, "net:"))
		p->report->netns = inode;
	if (words_are(&word, "pid:"))
		p->report->is_host_pidns = inode == HOST_PID_NAMESPACE;
	if (words_are(&word, "user:"))
		p->report->is_host_userns = inode == HOST_USER_NAMESPACE;
	return true;
}

static bool add_addr(struct parsing *p, enum addr_family family, const struct addr *addr)
{
	if (p->report->head.n_addrs < ADDRS_MAX)
		document_head_add_addr(&p->report->head, family, addr);
	return true;
}

static bool take_addr(struct parsing *p, struct words *words)
{
	enum addr_family family;
	struct addr addr = { { 0 } };
	struct words word;

	return next_word(words, &word) && !addr_parse(word.at, word.n, &family, &addr) &&
	       add_addr(p, family, &addr);
}

static bool take_addr6(struct parsing *p, struct words *words)
{
	struct addr addr = { { 0 } };
	struct words word;
	uint64_t byte;

	if (!next_word(words, &word) || word.n != 2 * sizeof(addr.bytes))
		return false;
	for (size_t i = 0; i < sizeof(addr.bytes); i++) {
		if (number_parse_hex(word.at + 2 * i, 2, UINT8_MAX, &byte))
			return false;
		addr.bytes[i] = (uint8_t)byte;
	}
	return add_addr(p, ADDR_INET6, &addr);
}

static bool take_descriptor(struct parsing *p, struct words *words)
{
	struct proc_report *r = p->report;
	uint64_t pid, fd, inode;

	if (!next_number(words, INT32_MAX, &pid) || !next_number(words, INT32_MAX, &fd) ||
	    !next_number(words, UINT64_MAX, &inode))
		return false;
	r->descriptors = mem_grow(r->descriptors, r->n_descriptors, &p->descriptors_cap,
				  sizeof(*r->descriptors));
	r->descriptors[r->n_descriptors++] = (struct report_descriptor){
		.inode = (uint32_t)inode,
		.pid = (int32_t)pid,
		.fd = (int32_t)fd,
	};
	return true;
}

static bool take_process(struct parsing *p, struct words *words)
{
	struct proc_report *r = p->report;
	uint64_t pid, uid, parent, ticks;
	struct words name;

	if (!next_number(words, INT32_MAX, &pid) || !next_number(words, UINT32_MAX, &uid) ||
	    !next_number(words, INT32_MAX, &parent) || !next_number(words, UINT64_MAX, &ticks))
		return false;
	name = rest_of(words);
	r->processes =
		mem_grow(r->processes, r->n_processes, &p->processes_cap, sizeof(*r->processes));
	r->processes[r->n_processes++] = (struct report_process){
		.start_ticks = ticks,
		.pid = (int32_t)pid,
		.parent = (int32_t)parent,
		.uid = (uint32_t)uid,
		.name = name.at,
		.name_len = (uint32_t)name.n,
	};
	return true;
}

/* The longest texts that the kernel or the script have, in bytes. */
#define CMDLINE_MAX 4096U
#define CGROUPS_MAX 16384U
#define USER_MAX 256U

/* max: of the number.  An empty text says nothing. */
static bool take_text(struct words *words, uint64_t max, size_t len_max, struct report_text **list,
		      size_t *n, size_t *cap)
{
	struct words text;
	uint64_t id;

	if (!next_number(words, max, &id))
		return false;
	text = rest_of(words);
	if (!text.n || text.n > len_max)
		return !text.n;
	*list = mem_grow(*list, *n, cap, sizeof(**list));
	(*list)[(*n)++] = (struct report_text){
		.id = (uint32_t)id,
		.len = (uint32_t)text.n,
		.bytes = text.at,
	};
	return true;
}

static bool take_cmdline(struct parsing *p, struct words *words)
{
	return take_text(words, INT32_MAX, CMDLINE_MAX, &p->report->cmdlines,
			 &p->report->n_cmdlines, &p->cmdlines_cap);
}

static bool take_cgroups(struct parsing *p, struct words *words)
{
	return take_text(words, INT32_MAX, CGROUPS_MAX, &p->report->cgroups, &p->report->n_cgroups,
			 &p->cgroups_cap);
}

static bool take_user(struct parsing *p, struct words *words)
{
	return take_text(words, UINT32_MAX, USER_MAX, &p->report->users, &p->report->n_users,
			 &p->users_cap);
}

static bool take_denied(struct parsing *p, struct words *words)
{
	uint64_t n;

	if (!next_number(words, INT32_MAX, &n))
		return false;
	p->report->n_denied = n;
	return true;
}

static bool take_hidden(struct parsing *p, struct words *words)
{
	(void)words;
	p->report->hides_processes = true;
	return true;
}

static const struct {
	const char *word;
	take_line *take;
} kinds[] = {
	{ "g", take_cgroups },	     { "f", take_descriptor },	  { "p", take_process },
	{ "c", take_cmdline },	     { "u", take_user },	  { "n", take_namespace },
	{ "a", take_addr },	     { "A", take_addr6 },	  { "d", take_denied },
	{ "machine", take_machine }, { "boot_id", take_boot_id }, { "release", take_release },
	{ "ports", take_ports },     { "time", take_time },	  { "btime", take_btime },
	{ "uid", take_uid },	     { "hidden", take_hidden },
};

void report_take_line(struct parsing *p, struct words line)
{
	struct words word;

	if (!next_word(&line, &word))
		return;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (!words_are(&word, kinds[i].word))
			continue;
		p->report->n_bad += !kinds[i].take(p, &line);
		return;
	}
	p->report->n_bad++;
}
