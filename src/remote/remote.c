/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks other hosts: runs a command for each, and hands on the documents that these write. */
#include <config.h>

#include "remote/remote.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "remote/child.h"
#include "remote/command.h"
#include "remote/output.h"

/* So many commands run at once that have not sent a document yet. */
#define AT_ONCE 16U
/* What is read of one host before it is the next one's turn. */
#define TURN (1U << 20)
/* After a document a command ends in this time, or is ended. */
#define GOODBYE_MS 1000U
/* How often to check whether a command that closed its output has ended. */
#define LOOK_MS 5U
/* Before a command is started again: the first pause, and the longest. */
#define PAUSE_MS 1000U
#define PAUSE_MAX_MS 60000U

enum host_state {
	HOST_IDLE, /* there is nothing to do any more */
	HOST_WAITING, /* for its turn, from the time at on */
	HOST_RUNNING, /* must send a document until then */
	HOST_LEAVING, /* has sent it, and must end until then */
};

struct host {
	enum host_state state;
	uint64_t at; /* monotonic time, in ms */
	uint64_t until; /* the command must send a document until then; 0: it has all its time */
	const struct command *command;
	const char *input;
	size_t n_written; /* bytes of the input */
	struct child child;
	struct output output;
	uint32_t pause_ms;
	bool has_document; /* of this run of the command */
};

struct remote {
	struct host *hosts;
	size_t n;
	struct remote_limits limits;
	struct remote_ops ops;
	struct pollfd *fds; /* of stop, and three of each host */
	char *room;
};

/* The document of a line belongs to this host. */
struct receiver {
	struct remote *remote;
	size_t host;
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

struct remote *remote_new(size_t n_hosts, const struct remote_limits *limits,
			  const struct remote_ops *ops)
{
	struct remote *r = mem_calloc(1, sizeof(*r));

	*r = (struct remote){ .n = n_hosts, .limits = *limits, .ops = *ops };
	r->hosts = mem_calloc(n_hosts, sizeof(*r->hosts));
	r->fds = mem_calloc(1 + 3 * n_hosts, sizeof(*r->fds));
	r->room = mem_alloc(TURN);
	for (size_t i = 0; i < n_hosts; i++)
		r->hosts[i].child = CHILD_NONE;
	return r;
}

void remote_free(struct remote *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n; i++) {
		child_end(&r->hosts[i].child);
		output_fini(&r->hosts[i].output);
	}
	free(r->hosts);
	free(r->fds);
	free(r->room);
	free(r);
}

void remote_ask(struct remote *r, size_t i, const struct command *command, const char *input)
{
	struct host *host = &r->hosts[i];

	host->state = HOST_WAITING;
	host->at = 0;
	host->command = command;
	host->input = input;
	host->output.keeps_all = input;
	host->pause_ms = PAUSE_MS;
}

/* ---- how a command ends ---- */

/* The command is over; what becomes of its host? */
static void rest(struct remote *r, size_t i)
{
	struct host *host = &r->hosts[i];

	child_end(&host->child);
	output_clear(&host->output);
	host->state = HOST_IDLE;
	if (!r->limits.every_ms)
		return;
	host->state = HOST_WAITING;
	if (host->has_document)
		host->pause_ms = host->input ? r->limits.every_ms : PAUSE_MS;
	host->at = now_ms() + host->pause_ms;
	host->pause_ms = host->pause_ms * 2 < PAUSE_MAX_MS ? host->pause_ms * 2 : PAUSE_MAX_MS;
}

static void fail(struct remote *r, size_t i, enum problem_remote reason, int error)
{
	struct host *host = &r->hosts[i];
	const struct command *asked = host->command;
	struct buf complaint = host->output.complaint;
	uint64_t until = host->at;
	struct remote_end end = {
		.reason = reason,
		.error = error,
		.complaint = complaint.len ? buf_cstr(&complaint) : NULL,
	};

	/* ended() may ask anew, of a host that is at rest. */
	host->output.complaint = (struct buf){ 0 };
	rest(r, i);
	r->ops.ended(r->ops.data, i, &end);
	/* Another way to ask shares the time of the first one. */
	if (host->command != asked)
		host->until = until;
	buf_fini(&complaint);
}

/* csh and sudo have a status of their own for this, but the same words; runtimes of containers others. */
static bool is_not_found(const struct host *host, int status)
{
	struct buf complaint = { 0 };
	bool says_so;

	buf_add(&complaint, host->output.complaint.data, host->output.complaint.len);
	says_so = strstr(buf_cstr(&complaint), "ommand not found") ||
		  strstr(buf_cstr(&complaint), "executable file not found");
	buf_fini(&complaint);
	return status == 127 || ((status == 1 || status == 126) && says_so);
}

/* The command ended without a document, or, where it sends many, without another one. */
static void explain(struct remote *r, size_t i)
{
	struct host *host = &r->hosts[i];
	bool has_exited = WIFEXITED(host->child.status);
	int status = has_exited ? WEXITSTATUS(host->child.status) : -1;

	if (host->output.line.len && *host->output.line.data == '{')
		fail(r, i, REMOTE_CUT, 0);
	else if (host->has_document)
		fail(r, i, REMOTE_WENT_AWAY, 0);
	else if (!host->input && is_not_found(host, status))
		fail(r, i, REMOTE_HAS_NO_PORTSTAT, 0);
	else if (!host->input && status == 2)
		fail(r, i, REMOTE_IS_TOO_OLD, 0);
	else if (status)
		fail(r, i, REMOTE_FAILED, status);
	else
		fail(r, i, REMOTE_IS_SILENT, 0);
}

static void finish(struct remote *r, size_t i)
{
	struct host *host = &r->hosts[i];
	struct output *output = &host->output;

	if (host->input && host->child.status == 0 && output->line.len) {
		host->has_document =
			r->ops.document(r->ops.data, i, output->line.data, output->line.len);
		if (host->has_document)
			rest(r, i);
		else
			fail(r, i, REMOTE_SENDS_GARBAGE, 0);
		return;
	}
	if (host->state == HOST_LEAVING)
		rest(r, i);
	else
		explain(r, i);
}

/* ---- while it runs ---- */

static void start(struct remote *r, size_t i)
{
	struct host *host = &r->hosts[i];
	int err = child_start(&host->child, host->command, host->input);

	host->n_written = 0;
	host->has_document = false;
	host->state = HOST_RUNNING;
	host->at = host->until ? host->until : now_ms() + r->limits.timeout_ms;
	host->until = 0;
	if (err)
		fail(r, i, REMOTE_CANNOT_START, -err);
}

static void start_some(struct remote *r)
{
	uint64_t now = now_ms();
	unsigned int n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += r->hosts[i].state == HOST_RUNNING && !r->hosts[i].has_document;
	for (size_t i = 0; i < r->n && n < AT_ONCE; i++) {
		if (r->hosts[i].state != HOST_WAITING || r->hosts[i].at > now)
			continue;
		start(r, i);
		n += r->hosts[i].state == HOST_RUNNING;
	}
}

static bool take_line(void *data, const char *bytes, size_t n)
{
	const struct receiver *to = data;
	struct remote *r = to->remote;
	struct host *host = &r->hosts[to->host];

	/* Of a host that sends one document all else is passed over. */
	if (host->state == HOST_LEAVING)
		return true;
	if (!r->ops.document(r->ops.data, to->host, bytes, n))
		return false;
	host->has_document = true;
	host->pause_ms = PAUSE_MS;
	host->state = r->limits.every_ms ? HOST_RUNNING : HOST_LEAVING;
	host->at = now_ms() +
		   (r->limits.every_ms ? r->limits.every_ms + r->limits.timeout_ms : GOODBYE_MS);
	return true;
}

static void read_output(struct remote *r, size_t i)
{
	struct host *host = &r->hosts[i];
	struct receiver to = { r, i };
	ssize_t n = read(host->child.out, r->room, TURN);
	int err;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		child_close(&host->child.out);
		return;
	}
	err = output_take(&host->output, r->room, (size_t)n, take_line, &to);
	if (err && host->state == HOST_LEAVING)
		child_close(&host->child.out);
	else if (err)
		fail(r, i, err == -E2BIG ? REMOTE_IS_ENDLESS : REMOTE_SENDS_GARBAGE, 0);
}

static void read_complaints(struct remote *r, size_t i)
{
	struct host *host = &r->hosts[i];
	ssize_t n = read(host->child.err, r->room, TURN);

	if (n > 0)
		output_complain(&host->output, r->room, (size_t)n);
	else if (!n || (errno != EAGAIN && errno != EINTR))
		child_close(&host->child.err);
}

static void write_input(struct host *host)
{
	size_t left = strlen(host->input) - host->n_written;
	ssize_t n = write(host->child.in, host->input + host->n_written, left);

	if (n > 0)
		host->n_written += (size_t)n;
	/* A command that reads no more may still write. */
	if ((n < 0 && errno != EAGAIN && errno != EINTR) || (n > 0 && (size_t)n == left))
		child_close(&host->child.in);
}

/* ---- the loop ---- */

static bool is_running(const struct host *host)
{
	return host->state == HOST_RUNNING || host->state == HOST_LEAVING;
}

/* Fills in what to wait for, and returns for how long, in ms; -1: for ever; -2: for nothing. */
static int prepare(struct remote *r, int stop)
{
	uint64_t now = now_ms(), next = UINT64_MAX;
	bool is_due = false;

	r->fds[0] = (struct pollfd){ .fd = stop, .events = POLLIN };
	for (size_t i = 0; i < r->n; i++) {
		const struct host *host = &r->hosts[i];
		struct pollfd *fds = &r->fds[1 + 3 * i];
		uint64_t at = host->at;

		fds[0] = (struct pollfd){ .fd = host->child.in, .events = POLLOUT };
		fds[1] = (struct pollfd){ .fd = host->child.out, .events = POLLIN };
		fds[2] = (struct pollfd){ .fd = host->child.err, .events = POLLIN };
		if (is_running(host) && host->child.out < 0 && at > now + LOOK_MS)
			at = now + LOOK_MS;
		/* A host whose turn has not come waits for others that run. */
		is_due |= host->state == HOST_WAITING && at <= now;
		if (host->state != HOST_IDLE && (is_running(host) || at > now) && at < next)
			next = at;
	}
	if (next == UINT64_MAX)
		return is_due ? 0 : -2;
	if (next <= now)
		return 0;
	return next - now > 60000 ? 60000 : (int)(next - now);
}

static void attend(struct remote *r, size_t i)
{
	struct host *host = &r->hosts[i];
	const struct pollfd *fds = &r->fds[1 + 3 * i];

	if (!is_running(host))
		return;
	if (fds[2].revents)
		read_complaints(r, i);
	if (fds[0].revents)
		write_input(host);
	if (fds[1].revents)
		read_output(r, i);
	if (!is_running(host))
		return;
	if (host->child.out < 0 && child_has_ended(&host->child)) {
		if (host->child.err >= 0)
			read_complaints(r, i);
		finish(r, i);
	} else if (now_ms() >= host->at && host->state == HOST_LEAVING) {
		rest(r, i);
	} else if (now_ms() >= host->at) {
		fail(r, i, REMOTE_TIMED_OUT, 0);
	}
}

void remote_run(struct remote *r, int stop)
{
	int wait_ms;

	for (;;) {
		start_some(r);
		wait_ms = prepare(r, stop);
		if (wait_ms == -2)
			return;
		if (poll(r->fds, 1 + 3 * r->n, wait_ms) < 0)
			continue;
		if (r->fds[0].revents)
			return;
		for (size_t i = 0; i < r->n; i++)
			attend(r, i);
	}
}
