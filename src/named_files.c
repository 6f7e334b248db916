/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens and closes the files named on the command line: recordings and filters. */
#include <config.h>

#include "named_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/caller.h"
#include "base/i18n.h"
#include "base/text.h"
#include "program.h"
#include "query/filter.h"
#include "recorded.h"

/* A path without control characters, as a string in text. */
static const char *visible(const char *name, struct buf *text)
{
	text_visible(text, name, strlen(name), false);
	return buf_cstr(text);
}

void complain_of_writing(const char *path, int error)
{
	struct buf text = { 0 };

	visible(path, &text);
	if (error == EMEDIUMTYPE)
		complain(_("cannot write '%s': it is not a regular file"), buf_cstr(&text));
	else
		complain(_("cannot write '%s': %s"), buf_cstr(&text), strerror(error));
	buf_fini(&text);
}

/* Reports why a file cannot be replayed. */
static void complain_of_replay(const char *path, int error)
{
	struct buf text = { 0 };

	visible(path, &text);
	if (error == EBADMSG)
		complain(_("cannot replay '%s': it is not a recording; create one with: "
			   "portstat --record=FILE"),
			 buf_cstr(&text));
	else if (error == ENODATA)
		complain(_("cannot replay '%s': the file is empty"), buf_cstr(&text));
	else
		complain(_("cannot replay '%s': %s"), buf_cstr(&text), strerror(error));
	buf_fini(&text);
}

int open_replay(struct program *p)
{
	int err;

	if (!p->opt.replay)
		return 0;
	p->sources.is_replay = true;
	err = source_replay_open(&p->sources.main, p->opt.replay);
	if (err) {
		complain_of_replay(p->opt.replay, -err);
		return EXIT_FAILED;
	}
	p->recording = source_replay_recording(p->sources.main);
	return 0;
}

/* Was a filter given instead of a file? */
static bool looks_like_filter(const char *path)
{
	return strpbrk(path, " =<>:") || (*path >= '0' && *path <= '9');
}

static void complain_of_filter_file(const char *path, int error)
{
	struct buf text = { 0 };

	visible(path, &text);
	if (error == EFBIG)
		complain(_("cannot read the filter from '%s': it is longer than %u MiB"),
			 buf_cstr(&text), FILTER_LENGTH_MAX >> 20);
	else if (error == ENOENT && looks_like_filter(path))
		complain(_("cannot read the filter from '%s': there is no such file; a filter "
			   "itself needs no "
			   "option: portstat '%s'"),
			 buf_cstr(&text), buf_cstr(&text));
	else
		complain(_("cannot read the filter from '%s': %s"), buf_cstr(&text),
			 strerror(error));
	buf_fini(&text);
}

int read_filter_files(struct program *p)
{
	for (size_t i = 0; i < p->opt.n_filter_files; i++) {
		const char *path = p->opt.filter_files[i];
		int err = filter_files_add(&p->files, path, &p->opt.filter);

		if (err) {
			complain_of_filter_file(path, -err);
			return EXIT_FAILED;
		}
	}
	return 0;
}

int read_expected(struct program *p)
{
	const char *path = p->opt.except ? p->opt.except : p->opt.missing;
	int err;

	if (!path)
		return 0;
	err = filter_file_read(path, &p->expected_text);
	if (!err)
		return 0;
	complain_of_filter_file(path, -err);
	return EXIT_FAILED;
}

/* Creates the file and writes the header. */
static int begin_record(struct program *p)
{
	int fd = caller_open(p->opt.record, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY,
			     0666);

	if (fd < 0)
		return fd;
	p->record.stream = fdopen(fd, "w");
	if (!p->record.stream) {
		close(fd);
		return -ENOMEM;
	}
	p->record.error = recorded_begin(p);
	return 0;
}

int open_record(struct program *p)
{
	int err = begin_record(p);

	if (!err)
		return 0;
	complain_of_writing(p->opt.record, -err);
	return EXIT_FAILED;
}

int close_record(struct program *p, int status)
{
	struct source_record *record = &p->record;

	if (record->stream && !record->error)
		record->error = recorded_end(p);
	/* fclose() reports only its own errors: record->error has those of earlier writes. */
	if (record->stream && fclose(record->stream) && !record->error)
		record->error = -errno;
	if (!record->error || status == EXIT_FAILED)
		return status;
	complain_of_writing(p->opt.record, -record->error);
	return EXIT_FAILED;
}
