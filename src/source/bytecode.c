/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compiles a condition to the bytecode that inet_diag runs over each socket (inet_diag_bc_run() and
 * inet_diag_bc_audit() in net/ipv4/inet_diag.c).  Jumps only go forward, so the code is written
 * from its end to its start: the target of a jump is in place when the jump is written.  A stack of
 * jobs, the subtrees still to be written, replaces recursion.
 */
#include <config.h>

#include "source/bytecode.h"

#include <linux/inet_diag.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/cond.h"

/* linux/inet_diag.h, since 5.8 */
#define OP_CGROUP_COND 13

/*
 * A position in the code is its distance to the end in bytes.  Code that ends exactly at the end
 * accepts the socket; a jump 4 bytes beyond it rejects.
 */
#define ACCEPT 0
#define REJECT (-4)
/* In a job: the position at which its code ends, unknown until it is taken from the stack. */
#define HERE INT32_MIN

/* The sorted ports at which the result of a port test changes; below the first it is false. */
struct toggles {
	uint32_t *ports;
	size_t n;
};

/* A test to be written: it jumps to the position then if it is true, else to otherwise. */
struct job {
	uint32_t node;
	uint8_t port_kind; /* COND_LOCAL_PORT or COND_REMOTE_PORT: test toggles; 0: test node */
	struct toggles toggles;
	int32_t then;
	int32_t otherwise;
};

struct writer {
	const struct cond *cond;
	const struct bytecode_params *params;
	uint32_t *words; /* in reverse order */
	size_t n;
	size_t cap;
	struct job *jobs;
	size_t n_jobs;
	size_t jobs_cap;
};

static int32_t here(const struct writer *w)
{
	return (int32_t)(w->n * sizeof(uint32_t));
}

static bool is_too_long(const struct writer *w)
{
	return w->n * sizeof(uint32_t) > BYTECODE_MAX;
}

static void put_word(struct writer *w, uint32_t word)
{
	w->words = mem_grow(w->words, w->n, &w->cap, sizeof(*w->words));
	w->words[w->n++] = word;
}

/* An operation of size bytes, whose arguments are written.  If false, it jumps to otherwise. */
static void put_op(struct writer *w, uint8_t code, size_t size, int32_t otherwise)
{
	int32_t at = here(w) + (int32_t)sizeof(struct inet_diag_bc_op);
	struct inet_diag_bc_op op = { .code = code,
				      .yes = (uint8_t)size,
				      .no = (uint16_t)(at - otherwise) };
	uint32_t word;

	memcpy(&word, &op, sizeof(word));
	put_word(w, word);
}

static void put_jump(struct writer *w, int32_t target)
{
	if (target != here(w))
		put_op(w, INET_DIAG_BC_JMP, sizeof(struct inet_diag_bc_op), target);
}

static void put_args(struct writer *w, const void *args, size_t size)
{
	for (size_t at = size; at > 0; at -= sizeof(uint32_t)) {
		uint32_t word;

		memcpy(&word, (const uint8_t *)args + at - sizeof(word), sizeof(word));
		put_word(w, word);
	}
}

/* A test that is one operation with arguments. */
static void put_test(struct writer *w, uint8_t code, const void *args, size_t size, int32_t then,
		     int32_t otherwise)
{
	put_jump(w, then);
	put_args(w, args, size);
	put_op(w, code, sizeof(struct inet_diag_bc_op) + size, otherwise);
}

enum comparison {
	AT_LEAST,
	AT_MOST,
	EQUAL,
};

static void put_comparison(struct writer *w, uint8_t port_kind, enum comparison comparison,
			   uint32_t port, int32_t then, int32_t otherwise)
{
	static const uint8_t codes[][2] = {
		[AT_LEAST] = { INET_DIAG_BC_S_GE, INET_DIAG_BC_D_GE },
		[AT_MOST] = { INET_DIAG_BC_S_LE, INET_DIAG_BC_D_LE },
		[EQUAL] = { INET_DIAG_BC_S_EQ, INET_DIAG_BC_D_EQ },
	};
	struct inet_diag_bc_op arg = { .no = (uint16_t)port };

	put_test(w, codes[comparison][port_kind == COND_REMOTE_PORT], &arg, sizeof(arg), then,
		 otherwise);
}

/*
 * A binary search: each operation halves the toggles in question, so that a thousand ports cost ten
 * operations a socket.  result: the test's result for ports below the first toggle.
 */
static void put_toggles(struct writer *w, uint8_t port_kind, const uint32_t *toggles, size_t n,
			bool result, const struct job *job)
{
	int32_t ends[2] = { job->otherwise, job->then };
	size_t middle = (n - 1) / 2;
	bool left_result = result ^ (middle & 1), right_result = !left_result;
	int32_t left, right;

	if (is_too_long(w))
		return;
	if (n == 2 && toggles[1] == toggles[0] + 1 && w->params->has_equal) {
		put_comparison(w, port_kind, EQUAL, toggles[0], ends[!result], ends[result]);
		return;
	}
	left = ends[left_result];
	right = ends[right_result];
	/* A side without code of its own is a jump; the other one is the code that follows. */
	if (middle > 0) {
		put_toggles(w, port_kind, toggles, middle, result, job);
		left = here(w);
	}
	if (n - middle - 1 > 0) {
		put_toggles(w, port_kind, toggles + middle + 1, n - middle - 1, right_result, job);
		right = here(w);
	}
	if (left == here(w))
		put_comparison(w, port_kind, AT_MOST, toggles[middle] - 1, left, right);
	else
		put_comparison(w, port_kind, AT_LEAST, toggles[middle], right, left);
}

static void put_ports(struct writer *w, const struct job *job)
{
	const struct toggles *t = &job->toggles;
	bool result = t->n && !t->ports[0];

	if (t->n > result)
		put_toggles(w, job->port_kind, t->ports + result, t->n - result, result, job);
	else
		put_jump(w, result ? job->then : job->otherwise);
}

static void put_prefix(struct writer *w, const struct cond_node *node, int32_t then,
		       int32_t otherwise)
{
	struct inet_diag_hostcond head = { .family = node->prefix.family == ADDR_INET ? AF_INET
										      : AF_INET6,
					   .prefix_len = node->prefix.len,
					   .port = -1 };
	size_t addr_len = node->prefix.family == ADDR_INET ? 4 : 16;
	uint8_t args[sizeof(head) + 16];

	memcpy(args, &head, sizeof(head));
	memcpy(args + sizeof(head), node->prefix.addr.bytes, addr_len);
	put_test(w, node->kind == COND_LOCAL_ADDR ? INET_DIAG_BC_S_COND : INET_DIAG_BC_D_COND, args,
		 sizeof(head) + addr_len, then, otherwise);
}

/* Of minisockets the bytecode sees mark and cgroup 0, but both are unknown: accept 0, too. */
static void put_mark(struct writer *w, const struct cond_node *node, int32_t then,
		     int32_t otherwise, int32_t unknown)
{
	struct inet_diag_markcond arg = { .mark = node->mark.value, .mask = node->mark.mask };
	struct inet_diag_markcond zero = { .mark = 0, .mask = UINT32_MAX };

	put_test(w, INET_DIAG_BC_MARK_COND, &arg, sizeof(arg), then, otherwise);
	if (w->params->has_minisockets)
		put_test(w, INET_DIAG_BC_MARK_COND, &zero, sizeof(zero), unknown, here(w));
}

static void put_cgroup(struct writer *w, const struct cond_node *node, int32_t then,
		       int32_t otherwise, int32_t unknown)
{
	uint64_t zero = 0;

	put_test(w, OP_CGROUP_COND, &node->cgroup, sizeof(node->cgroup), then, otherwise);
	if (w->params->has_minisockets)
		put_test(w, OP_CGROUP_COND, &zero, sizeof(zero), unknown, here(w));
}

static void put_leaf(struct writer *w, const struct cond_node *node, const struct job *job)
{
	int32_t then = node->is_negated ? job->otherwise : job->then;
	int32_t otherwise = node->is_negated ? job->then : job->otherwise;

	switch ((enum cond_kind)node->kind) {
	case COND_LOCAL_ADDR:
	case COND_REMOTE_ADDR:
		put_prefix(w, node, then, otherwise);
		return;
	case COND_IFINDEX:
		put_test(w, INET_DIAG_BC_DEV_COND, &node->number, sizeof(node->number), then,
			 otherwise);
		return;
	case COND_MARK:
		put_mark(w, node, then, otherwise, job->then);
		return;
	case COND_CGROUP:
		put_cgroup(w, node, then, otherwise, job->then);
		return;
	case COND_FALSE:
		put_jump(w, otherwise);
		return;
	case COND_TRUE:
	/* cond_restrict() removed protocols, families and states; take_job() handles the others. */
	case COND_PROTO:
	case COND_FAMILY:
	case COND_STATE:
	case COND_LOCAL_PORT:
	case COND_REMOTE_PORT:
	case COND_AND:
	case COND_OR:
		put_jump(w, then);
		return;
	}
}

static bool is_port(const struct cond_node *node)
{
	return node->kind == COND_LOCAL_PORT || node->kind == COND_REMOTE_PORT;
}

static struct toggles toggles_of(const struct port_list *list)
{
	struct toggles t = { .ports = mem_resize(NULL, 2 * list->n, sizeof(*t.ports)) };

	for (size_t i = 0; i < list->n; i++) {
		t.ports[t.n++] = list->ranges[i].first;
		t.ports[t.n++] = list->ranges[i].last + 1U;
	}
	if (t.n && t.ports[t.n - 1] > PORT_MAX)
		t.n--;
	return t;
}

static void push(struct writer *w, const struct job *job)
{
	w->jobs = mem_grow(w->jobs, w->n_jobs, &w->jobs_cap, sizeof(*w->jobs));
	w->jobs[w->n_jobs++] = *job;
}

static void invert(struct port_list *list)
{
	struct port_list rest = port_list_rest(list);

	port_list_fini(list);
	*list = rest;
}

/* Adds a port leaf to the others of its kind, so that one search tests them all. */
static void join_ports(struct port_list *list, const struct cond_node *node, bool is_or)
{
	/* For AND the list is the complement, so that both operators are a union. */
	bool is_outside = node->is_negated == is_or;
	struct port_list one =
		is_outside ? port_list_rest(&node->ports) : port_list_copy(&node->ports);

	port_list_add_list(list, &one);
	port_list_fini(&one);
}

/*
 * Pushes the operands of nested nodes of one operator: one job for all local port leaves, one for
 * all remote ones, and one for each other operand.
 */
static void push_operands(struct writer *w, const struct job *job, bool is_or)
{
	static const uint8_t port_kinds[] = { COND_LOCAL_PORT, COND_REMOTE_PORT };
	uint8_t kind = is_or ? COND_OR : COND_AND;
	struct job operand = *job;
	struct port_list lists[2] = { { 0 } };
	bool has[2] = { false, false };
	uint32_t *stack = NULL;
	size_t n = 0, cap = 0, first = w->n_jobs;

	if (is_or)
		operand.otherwise = HERE;
	else
		operand.then = HERE;
	stack = mem_grow(stack, n, &cap, sizeof(*stack));
	stack[n++] = job->node;
	while (n) {
		const struct cond_node *node = &w->cond->nodes[stack[--n]];

		if (node->kind == kind) {
			uint32_t right = node->args.right;

			stack[n++] = node->args.left;
			stack = mem_grow(stack, n, &cap, sizeof(*stack));
			stack[n++] = right;
		} else if (is_port(node)) {
			join_ports(&lists[node->kind == COND_REMOTE_PORT], node, is_or);
			has[node->kind == COND_REMOTE_PORT] = true;
		} else {
			operand.node = (uint32_t)(node - w->cond->nodes);
			push(w, &operand);
		}
	}
	for (size_t i = 0; i < 2; i++) {
		if (!has[i])
			continue;
		if (!is_or)
			invert(&lists[i]);
		operand.port_kind = port_kinds[i];
		operand.toggles = toggles_of(&lists[i]);
		port_list_fini(&lists[i]);
		push(w, &operand);
	}
	/* The job on top of the stack is written first and so runs last: its result is final. */
	if (w->n_jobs > first) {
		w->jobs[w->n_jobs - 1].then = job->then;
		w->jobs[w->n_jobs - 1].otherwise = job->otherwise;
	}
	free(stack);
}

static void take_job(struct writer *w, struct job *job)
{
	const struct cond_node *node = &w->cond->nodes[job->node];

	if (job->then == HERE)
		job->then = here(w);
	if (job->otherwise == HERE)
		job->otherwise = here(w);
	if (job->port_kind)
		put_ports(w, job);
	else if (node->kind == COND_AND || node->kind == COND_OR || is_port(node))
		push_operands(w, job, node->kind == COND_OR);
	else
		put_leaf(w, node, job);
}

void bytecode_build(const struct cond *cond, const struct bytecode_params *params, struct buf *out)
{
	struct writer w = { .cond = cond, .params = params };

	push(&w, &(struct job){ .node = cond->root, .then = ACCEPT, .otherwise = REJECT });
	while (w.n_jobs) {
		struct job job = w.jobs[--w.n_jobs];

		if (!is_too_long(&w))
			take_job(&w, &job);
		free(job.toggles.ports);
	}
	buf_clear(out);
	if (!is_too_long(&w))
		for (size_t i = w.n; i > 0; i--)
			buf_add(out, (const char *)&w.words[i - 1], sizeof(*w.words));
	free(w.words);
	free(w.jobs);
}
