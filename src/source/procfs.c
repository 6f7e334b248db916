/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fallback source: net/tcp and its siblings below /proc. */
#include <config.h>

#include "source/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "model/cond.h"
#include "model/sock_table.h"
#include "source/bound.h"
#include "source/procnet.h"
#include "source/sctp.h"
#include "source/sock_normalize.h"
#include "source/sockstat.h"

/* The kernel fills a read of any size with whole lines; larger ones are no faster. */
#define READ_SIZE 65536

/* Of the timer column of another host: every architecture but alpha and ia64 (asm/param.h). */
#define USER_HZ 100U

struct procfs {
	struct source source;
	int proc_root; /* borrowed */
	unsigned int ticks_per_s;
	bool orphans_have_uid;
	char *buffer;
};

/* A file that is being read into the table. */
struct reading {
	struct procnet_format format;
	enum proc_format lines;
	unsigned int states;
	uint16_t netns;
	bool keeps_duplicates;
	struct sock_table *table;
	size_t n_lines;
	int error; /* of the first malformed line */
};

/* Parses a line; -ENOMSG if it is to be skipped, other errors as procnet_parse(). */
static int parse_line(const struct reading *reading, const char *line, size_t len, struct sock *sk)
{
	switch (reading->lines) {
	case PROC_NET:
		return procnet_parse(sk, &reading->format, line, len);
	case PROC_SCTP_ENDPOINTS:
		return sctp_parse_endpoint(sk, line, len);
	case PROC_SCTP_ASSOCIATIONS:
		return sctp_parse_association(sk, line, len);
	}
	return -ENOMSG;
}

static void take_line(struct reading *reading, const char *line, size_t len)
{
	struct sock sk;
	int err;

	/* The first line is the heading. */
	if (!reading->n_lines++)
		return;
	err = parse_line(reading, line, len, &sk);
	if (err == -ENOMSG)
		return;
	if (err) {
		reading->error = reading->error ? reading->error : err;
	} else if (reading->states & STATE_BIT(sk.state) && sk.family == reading->format.family) {
		sk.netns = reading->netns;
		if (reading->keeps_duplicates)
			sock_table_append(reading->table, &sk);
		else
			sock_table_add(reading->table, &sk);
	}
}

/* Processes all complete lines in len bytes of text.  Returns their length in bytes. */
static size_t take_lines(struct reading *reading, const char *text, size_t len)
{
	size_t at = 0;

	for (;;) {
		const char *end = memchr(text + at, '\n', len - at);

		if (!end)
			return at;
		take_line(reading, text + at, (size_t)(end - text) - at);
		at = (size_t)(end - text) + 1;
	}
}

static int read_lines(struct reading *reading, int fd, char *buffer)
{
	size_t kept = 0;

	for (;;) {
		ssize_t n = io_read(fd, buffer + kept, READ_SIZE - kept);
		size_t len, taken;

		if (n < 0)
			return (int)n;
		if (!n)
			break;
		len = kept + (size_t)n;
		taken = take_lines(reading, buffer, len);
		kept = len - taken;
		if (kept == READ_SIZE)
			return -EBADMSG;
		memmove(buffer, buffer + taken, kept);
	}
	/* A file without a heading, or with an incomplete last line, was truncated. */
	if (kept || !reading->n_lines)
		return -EBADMSG;
	return reading->error;
}

int procfs_parse(const struct procfs_text *text, struct sock_table *table)
{
	int error = 0;

	for (unsigned int family = 0; family < ADDR_FAMILIES; family++) {
		struct reading reading = {
			.format = { .proto = text->proto,
				    .family = (enum addr_family)family,
				    .ticks_per_s = USER_HZ,
				    .orphans_have_uid = release_orphans_have_uid(text->release) },
			.lines = text->file->format,
			.states = STATE_ALL,
			.keeps_duplicates = true,
			.table = table,
		};

		if (!(text->file->families & FAMILY_BIT(family)))
			continue;
		if (take_lines(&reading, text->bytes, text->len) < text->len || !reading.n_lines)
			error = -EBADMSG;
		error = error ? error : reading.error;
	}
	return error;
}

static int read_file(struct procfs *fs, struct reading *reading, const char *path)
{
	int fd = openat(fs->proc_root, path, O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? SOURCE_ERROR_UNSUPPORTED : -errno;
	err = read_lines(reading, fd, fs->buffer);
	close(fd);
	return err;
}

static int list_one(struct procfs *fs, const struct source_query *query, enum sock_proto proto,
		    enum addr_family family, struct sock_table *table)
{
	unsigned int states = query->states;
	bool is_there = false;

	if (query->cond)
		states = cond_states(query->cond, proto, family, states);
	if (!states)
		return 0;
	for (size_t i = 0; i < PROTO_FILES_MAX; i++) {
		const struct proto_file *file = &proto_rows[proto].files[i];
		struct reading reading = { .format = { .proto = proto,
						       .family = family,
						       .ticks_per_s = fs->ticks_per_s,
						       .orphans_have_uid = fs->orphans_have_uid },
					   .lines = file->format,
					   .states = states,
					   .netns = query->netns,
					   .table = table };
		int err;

		if (!(file->families & FAMILY_BIT(family)))
			continue;
		err = read_file(fs, &reading, file->path);
		if (err)
			return is_there ? source_partial_error(err) : err;
		is_there = true;
	}
	return is_there ? 0 : SOURCE_ERROR_UNSUPPORTED;
}

static void list(struct source *src, const struct source_query *query, struct sock_table *table,
		 struct source_outcome *outcome)
{
	struct procfs *fs = (struct procfs *)src;

	*outcome = (struct source_outcome){ .lacks_bound = bound_is_wanted(query) };
	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++) {
		for (unsigned int family = 0; family < ADDR_FAMILIES; family++) {
			if ((query->protos & PROTO_BIT(proto)) &&
			    (query->families & FAMILY_BIT(family)))
				outcome->error[proto][family] =
					list_one(fs, query, (enum sock_proto)proto,
						 (enum addr_family)family, table);
		}
	}
}

static unsigned int in_use(struct source *src, unsigned int families)
{
	return sockstat_in_use(((struct procfs *)src)->proc_root, "net/protocols", families);
}

static void free_source(struct source *src)
{
	struct procfs *fs = (struct procfs *)src;

	free(fs->buffer);
	free(fs);
}

int source_procfs_open(struct source **src, int proc_root)
{
	static const struct source_ops ops = { .list = list,
					       .in_use = in_use,
					       .free = free_source };
	long ticks = sysconf(_SC_CLK_TCK);
	struct procfs *fs;

	/* A file may be missing, as without IPv6; without the folder there is nothing to list. */
	if (faccessat(proc_root, "net", X_OK, AT_EACCESS))
		return -errno;
	fs = mem_calloc(1, sizeof(*fs));
	fs->source.ops = &ops;
	fs->proc_root = proc_root;
	fs->ticks_per_s = ticks > 0 ? (unsigned int)ticks : 100;
	fs->orphans_have_uid = kernel_orphans_have_uid();
	fs->buffer = mem_alloc(READ_SIZE);
	*src = &fs->source;
	return 0;
}
