/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The source that plays a recording.  A recording is a header and then requests and the kernel's
 * replies, as they were sent.  Its dumps are sorted into series, one for each distinct request; a
 * listing plays the next turn of each series that its query needs.
 */
#include <config.h>

#include "source/source.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/caller.h"
#include "base/io.h"
#include "base/kernel.h"
#include "base/map.h"
#include "base/mem.h"
#include "model/sock_table.h"
#include "source/bound.h"
#include "source/dump.h"
#include "source/recording.h"
#include "source/request.h"
#include "source/sock_normalize.h"

#define RECORDING_MAX ((size_t)1 << 30)

#define NONE UINT32_MAX

/* One recorded dump: where the replies to a request are in the file. */
struct recorded {
	size_t start;
	size_t len;
	uint32_t turn; /* number of its listing in the series; the same for repeats */
	uint32_t next; /* dump of the same series, NONE for the last */
};

/* All dumps of one request. */
struct series {
	enum sock_proto proto;
	unsigned int families; /* FAMILY_BIT()s; 0: a request that is not ours */
	unsigned int states; /* STATE_BIT()s */
	uint32_t repeat; /* request_params.repeat of the last one */
	uint32_t last; /* its last dump */
	uint32_t current; /* the first dump of the turn to play next */
	bool is_played; /* by this listing */
};

struct replay {
	struct source source;
	struct buf file; /* the whole recording */
	struct recorded *dumps;
	size_t n_dumps;
	size_t dumps_cap;
	struct series *series;
	size_t n_series;
	size_t series_cap;
	struct recording recording; /* the first header, and all users, if has_recording */
	bool has_recording;
	bool is_damaged; /* a message is malformed; the file is read up to there */
	bool orphans_have_uid;
};

/* The state of index_messages(). */
struct indexing {
	struct replay *replay;
	struct map by_request; /* from the key of find_series() to series */
	uint32_t last_series; /* of the previous dump */
	bool is_open; /* the last dump has not ended */
	bool is_another; /* a second header has come: what follows is of another recording */
	bool has_requests; /* false: ss(8) wrote it, see take_reply() */
};

static uint32_t find_series(struct indexing *in, const struct series *wanted)
{
	struct replay *rp = in->replay;
	uint64_t key = (uint64_t)wanted->proto | (uint64_t)wanted->families << 8 |
		       (uint64_t)wanted->states << 16;
	bool added;
	uint32_t at = *map_add(&in->by_request, key, (uint32_t)rp->n_series, &added);

	if (added) {
		rp->series =
			mem_grow(rp->series, rp->n_series, &rp->series_cap, sizeof(*rp->series));
		rp->series[rp->n_series] = *wanted;
		rp->series[rp->n_series++].last = NONE;
	}
	return at;
}

/* Starts a dump.  A repeat that directly follows the dump that it repeats belongs to its turn. */
static void start_dump(struct indexing *in, const struct series *wanted, uint32_t repeat,
		       size_t start)
{
	struct replay *rp = in->replay;
	uint32_t at = find_series(in, wanted);
	struct series *series = &rp->series[at];
	uint32_t index = (uint32_t)rp->n_dumps, turn = 0;

	rp->dumps = mem_grow(rp->dumps, rp->n_dumps, &rp->dumps_cap, sizeof(*rp->dumps));
	if (series->last == NONE) {
		series->current = index;
	} else {
		bool is_repeat = repeat && at == in->last_series && repeat == series->repeat + 1;

		turn = rp->dumps[series->last].turn + !is_repeat;
		rp->dumps[series->last].next = index;
	}
	rp->dumps[rp->n_dumps++] = (struct recorded){ .start = start, .turn = turn, .next = NONE };
	series->last = index;
	series->repeat = repeat;
	in->last_series = at;
	in->is_open = true;
}

static void start_request(struct indexing *in, const struct dump_message *msg, size_t end)
{
	struct series wanted = { 0 };
	struct request request;

	/* Requests that are not ours get a series, too, to keep their replies apart. */
	if (!request_decode(&request, msg->head.nlmsg_type, msg->payload, msg->len)) {
		wanted.proto = request.proto;
		wanted.families = request.families;
		wanted.states = request.states;
	}
	in->has_requests = true;
	start_dump(in, &wanted, msg->head.nlmsg_pid, end);
}

/* The families of the sockets in the dump at data, which has no request. */
static unsigned int families_in(const uint8_t *data, size_t left)
{
	unsigned int families = 0;
	struct dump_message msg;

	while (!dump_next(data, left, &msg) && msg.head.nlmsg_type != NLMSG_DONE) {
		if (msg.len && msg.payload[0] == AF_INET)
			families |= FAMILY_BIT(ADDR_INET);
		if (msg.len && msg.payload[0] == AF_INET6)
			families |= FAMILY_BIT(ADDR_INET6);
		data += msg.step;
		left -= msg.step;
	}
	return families;
}

/* ss(8) writes no requests: only the replies, only of TCP, one dump for each family. */
static void take_reply(struct indexing *in, const struct dump_message *msg, size_t at)
{
	struct replay *rp = in->replay;
	struct series wanted = { .proto = PROTO_TCP, .states = STATE_ALL };
	struct recorded *dump;

	if (!in->is_open && !in->has_requests) {
		wanted.families = families_in(msg->start, rp->file.len - at);
		start_dump(in, &wanted, 0, at);
	}
	/* Replies without a request in a recording of ours: ignore them. */
	if (!rp->n_dumps)
		return;
	dump = &rp->dumps[rp->n_dumps - 1];
	dump->len = at + msg->step - dump->start;
	if (msg->head.nlmsg_type == NLMSG_DONE && !in->has_requests)
		in->is_open = false;
}

static void take_header(struct indexing *in, const struct dump_message *msg)
{
	struct replay *rp = in->replay;

	/* Only portstat writes one, and portstat writes requests. */
	in->has_requests = true;
	/* Of recordings that were joined, the first one counts. */
	in->is_another |= rp->has_recording && !recording_is_users(msg);
	if (in->is_another)
		return;
	rp->has_recording = true;
	recording_read(&rp->recording, msg);
}

static int index_messages(struct replay *rp)
{
	struct indexing in = { .replay = rp };
	size_t at = 0;
	int err;

	for (;;) {
		struct dump_message msg;

		err = dump_next((const uint8_t *)rp->file.data + at, rp->file.len - at, &msg);
		if (err || rp->n_dumps == NONE)
			break;
		if (recording_is_header(&msg))
			take_header(&in, &msg);
		else if (msg.head.nlmsg_flags & NLM_F_REQUEST)
			start_request(&in, &msg, at + msg.step);
		else
			take_reply(&in, &msg, at);
		at += msg.step;
	}
	map_fini(&in.by_request);
	rp->is_damaged = err != -ENODATA;
	if (at)
		return 0;
	return rp->file.len ? -EBADMSG : -ENODATA;
}

static int play_dump(struct replay *rp, const struct recorded *recorded, struct dump *dump)
{
	const uint8_t *data = (const uint8_t *)rp->file.data + recorded->start;
	size_t left = recorded->len;
	struct dump_message msg;

	dump->is_done = false;
	dump->error = 0;
	while (!dump_next(data, left, &msg)) {
		dump_take(dump, &msg);
		data += msg.step;
		left -= msg.step;
	}
	if (dump->error)
		return dump->error;
	return dump->is_done ? 0 : -ENODATA;
}

/* Plays all dumps of the current turn.  As in a listing, the last one's error counts. */
static int play_turn(struct replay *rp, const struct series *series, struct dump *dump)
{
	uint32_t turn = rp->dumps[series->current].turn;
	int err = 0;

	for (uint32_t i = series->current; i != NONE && rp->dumps[i].turn == turn;
	     i = rp->dumps[i].next)
		err = play_dump(rp, &rp->dumps[i], dump);
	return err;
}

static int play_request(struct replay *rp, const struct request *r, unsigned int extras,
			struct sock_table *table)
{
	struct dump dump = { .table = table,
			     .wanted = { .proto = r->proto,
					 .families = r->families,
					 .states = r->states,
					 .extras = extras,
					 .orphans_have_uid = rp->orphans_have_uid } };
	bool is_found = false;
	unsigned int alone = 0;
	int result = 0, joint = 0;

	for (size_t i = 0; i < rp->n_series; i++) {
		struct series *series = &rp->series[i];
		int err;

		if (series->proto != r->proto || !(series->families & r->families) ||
		    !(series->states & r->states))
			continue;
		is_found = true;
		series->is_played = true;
		err = request_error(r, play_turn(rp, series, &dump));
		if (series->families == FAMILY_ALL) {
			joint = joint ? joint : err;
			continue;
		}
		alone |= series->families;
		result = result ? result : err;
	}
	/* If the dump of both families at once failed, each was then requested alone. */
	if (r->families & ~alone)
		result = result ? result : joint;
	/* A missing dump may be in the damaged part. */
	return !is_found && rp->is_damaged ? -EBADMSG : result;
}

/* Advances the series that this listing played; the last turn is repeated. */
static void advance(struct replay *rp)
{
	for (size_t i = 0; i < rp->n_series; i++) {
		struct series *series = &rp->series[i];
		uint32_t at = series->current;

		if (!series->is_played)
			continue;
		series->is_played = false;
		while (at != NONE && rp->dumps[at].turn == rp->dumps[series->current].turn)
			at = rp->dumps[at].next;
		if (at != NONE)
			series->current = at;
	}
}

static bool has_series(const struct replay *rp, enum sock_proto proto)
{
	size_t i = 0;

	while (i < rp->n_series && rp->series[i].proto != proto)
		i++;
	return i < rp->n_series;
}

/* Reports protocols that the recording never requested as missing, rather than empty. */
static void note_unrecorded(const struct replay *rp, unsigned int protos,
			    struct source_outcome *outcome)
{
	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++) {
		if (!(protos & PROTO_BIT(proto)) || has_series(rp, (enum sock_proto)proto))
			continue;
		for (unsigned int family = 0; family < ADDR_FAMILIES; family++)
			if (!outcome->error[proto][family])
				outcome->error[proto][family] = SOURCE_ERROR_UNSUPPORTED;
	}
}

/*
 * Was the recorded kernel unable to list TCP sockets that are only bound?  No, if its release is
 * unknown or if it listed one: the change may have been backported.
 */
static bool could_not_list_bound(const struct recording *recording, const struct sock_table *table)
{
	if (!*recording->release || kernel_release_is(recording->release, 6, 8))
		return false;
	for (size_t i = 0; i < table->n; i++)
		if (table->socks[i].proto == PROTO_TCP && table->socks[i].state == SOCK_STATE_BOUND)
			return false;
	return true;
}

static void list(struct source *src, const struct source_query *query, struct sock_table *table,
		 struct source_outcome *outcome)
{
	struct replay *rp = (struct replay *)src;
	struct request requests[REQUESTS_MAX];
	size_t n = request_plan(query, 0, requests);

	*outcome = (struct source_outcome){ 0 };
	for (size_t i = 0; i < n; i++) {
		int err = play_request(rp, &requests[i], query->extras, table);

		for (unsigned int family = 0; family < ADDR_FAMILIES; family++) {
			int *error = &outcome->error[requests[i].proto][family];

			if (requests[i].families & FAMILY_BIT(family) && !*error)
				*error = err;
		}
	}
	note_unrecorded(rp, query->protos, outcome);
	outcome->lacks_bound =
		bound_is_wanted(query) && could_not_list_bound(&rp->recording, table);
	advance(rp);
}

static void free_source(struct source *src)
{
	struct replay *rp = (struct replay *)src;

	buf_fini(&rp->file);
	recording_fini(&rp->recording);
	free(rp->dumps);
	free(rp->series);
	free(rp);
}

int source_replay_open(struct source **src, const char *path)
{
	static const struct source_ops ops = { .list = list, .free = free_source };
	struct replay *rp = mem_calloc(1, sizeof(*rp));
	int err;

	rp->source.ops = &ops;
	err = caller_read_file(path, RECORDING_MAX, &rp->file);
	if (!err)
		err = index_messages(rp);
	if (err) {
		free_source(&rp->source);
		return err;
	}
	rp->orphans_have_uid = *rp->recording.release
				       ? release_orphans_have_uid(rp->recording.release)
				       : kernel_orphans_have_uid();
	*src = &rp->source;
	return 0;
}

const struct recording *source_replay_recording(const struct source *src)
{
	const struct replay *rp = (const struct replay *)src;

	return rp->has_recording ? &rp->recording : NULL;
}
