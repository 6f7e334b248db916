/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The documents of --from, each file read with the caller's own privileges. */
#include <config.h>

#include "from_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/caller.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/thread.h"
#include "document/document.h"
#include "document/moments.h"
#include "from_paths.h"
#include "live/moment_list.h"
#include "program.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "query/told.h"
#include "resolve/users.h"

/* Files, each read by one of several threads. */
struct files {
	const char *option; /* that names them */
	struct from_paths paths;
	atomic_size_t next;
	struct moments *moments;
	int *errors; /* of each file; 0: it was read to its end */
};

/* Reads all documents of a descriptor.  Those before an error count. */
static int read_documents(struct files *files, size_t file, int fd)
{
	struct document_stream *stream = document_stream_new(fd);
	struct snapshot document = { 0 };
	int result;

	while ((result = document_stream_next(stream, &document)) > 0)
		moments_add(files->moments, &document, file);
	snapshot_fini(&document);
	document_stream_free(stream);
	return result;
}

/* Some files check permissions at each read: so the scope includes that. */
static int read_file(struct files *files, size_t file)
{
	const char *path = files->paths.list[file];
	struct caller_scope scope;
	int err, fd;

	if (!strcmp(path, "-"))
		return read_documents(files, file, STDIN_FILENO);
	err = caller_enter(&scope);
	if (err)
		return err;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	err = fd < 0 ? -errno : read_documents(files, file, fd);
	if (fd >= 0)
		close(fd);
	caller_leave(&scope);
	return err;
}

static void read_some(void *data, unsigned int worker)
{
	struct files *files = data;
	size_t i;

	(void)worker;
	while ((i = atomic_fetch_add(&files->next, 1)) < files->paths.n)
		files->errors[i] = read_file(files, i);
}

static enum problem_document problem_of(int error)
{
	switch (error) {
	case DOCUMENT_CUT:
		return DOCUMENT_IS_CUT;
	case DOCUMENT_OTHER_SCHEMA:
		return DOCUMENT_IS_OF_OTHER_SCHEMA;
	case DOCUMENT_TOO_LARGE:
		return DOCUMENT_IS_TOO_LARGE;
	case DOCUMENT_DAMAGED:
	case DOCUMENT_WITHOUT_SOCKETS:
		return DOCUMENT_IS_DAMAGED;
	default:
		return DOCUMENT_IS_UNREADABLE;
	}
}

static const char *shown_name(const char *path, struct buf *out)
{
	if (!strcmp(path, "-"))
		return _("standard input");
	text_visible(out, path, strlen(path), false);
	return buf_cstr(out);
}

static void tell_error(struct files *files, size_t i, bool is_all)
{
	struct buf name = { 0 }, why = { 0 };
	struct problem problem = {
		.code = PROBLEM_DOCUMENT,
		.proto = PROBLEM_NO_PROTO,
		.document = problem_of(files->errors[i]),
		.error = -files->errors[i],
	};

	document_error_text(files->errors[i], &why);
	if (is_all) {
		complain(_("cannot read '%s': %s"), shown_name(files->paths.list[i], &name),
			 buf_cstr(&why));
	} else {
		problem.test = mem_strdup(shown_name(files->paths.list[i], &name));
		moments_add_problem(files->moments, &problem);
		free(problem.test);
	}
	buf_fini(&name);
	buf_fini(&why);
}

static int check_files(struct files *files)
{
	bool has_none = !moments_hosts(files->moments), has_error = false;

	for (size_t i = 0; i < files->paths.n; i++) {
		if (!files->errors[i])
			continue;
		has_error = true;
		tell_error(files, i, has_none);
	}
	if (has_none && !has_error)
		complain(_("there is no document in what %s names; create one with: "
			   "portstat --json"),
			 files->option);
	return has_none ? EXIT_FAILED : 0;
}

/* at: the time of --at; NULL: the last. */
static int choose_moment(const char *at, struct moment_time *time)
{
	const char *text = at ? at : "last";
	struct buf shown = { 0 };

	if (moment_time_parse(text, time))
		return 0;
	text_visible(&shown, text, strlen(text), false);
	complain(_("--at: '%s' is no time; expected 2026-01-31T15:04:05Z, 15:04, -2h, first or "
		   "last"),
		 buf_cstr(&shown));
	buf_fini(&shown);
	return EXIT_USAGE;
}

/* What the program takes from a host, as it does from a recording. */
static void learn_from_documents(struct program *p)
{
	const struct snapshot_host *host = moments_first(p->moments);

	p->telling = (struct told_source){ .tell = moments_tell, .data = p->moments };
	p->sources.told = &p->telling;
	if (host->head.ephemeral.last)
		p->names.ephemeral = host->head.ephemeral;
}

/*
 * Reads the files that n paths stand for into their moments.  Returns 0, or an exit status if there is no
 * document.
 */
static int read_files(struct files *files, const char *const *paths, size_t n)
{
	int status;

	for (size_t i = 0; i < n; i++)
		from_paths_add(&files->paths, paths[i]);
	files->errors = mem_calloc(files->paths.n, sizeof(*files->errors));
	thread_crew(thread_crew_size(files->paths.n, 1), read_some, files);
	status = check_files(files);
	free(files->errors);
	from_paths_fini(&files->paths);
	return status;
}

int open_documents(struct program *p)
{
	struct moment_time time;
	struct files files = { .option = "--from" };
	int status;

	if (!p->opt.n_from)
		return 0;
	status = choose_moment(p->opt.at, &time);
	if (status)
		return status;
	p->moments = moments_new(&time, p->opt.is_live || p->opt.watch_ms);
	files.moments = p->moments;
	status = read_files(&files, p->opt.from, p->opt.n_from);
	if (!status)
		learn_from_documents(p);
	return status;
}

/* Before the first document there is nothing to compare with. */
static int check_earlier(const struct moments *earlier)
{
	struct problem problem = {
		.code = PROBLEM_DOCUMENT,
		.proto = PROBLEM_NO_PROTO,
		.document = DOCUMENT_LACKS_MOMENT,
		.host = moments_first(earlier)->name,
	};
	struct buf text = { 0 };

	if (moments_chosen(earlier))
		return 0;
	problem_text(&problem, true, &text);
	complain("%s", buf_cstr(&text));
	buf_fini(&text);
	return EXIT_FAILED;
}

int read_earlier(const char *path, const char *at, struct moments **out)
{
	struct files files = { .option = "--diff" };
	struct moment_time time;
	int status = choose_moment(at, &time);

	if (status)
		return status;
	*out = files.moments = moments_new(&time, false);
	status = read_files(&files, &path, 1);
	return status ? status : check_earlier(*out);
}

void close_documents(struct program *p)
{
	moments_free(p->moments);
}

bool has_several_hosts(const struct program *p)
{
	return options_remote(&p->opt) ||
	       (p->moments && (p->opt.n_from > 1 || moments_hosts(p->moments) > 1));
}

static void tell_users_of(const struct snapshot *document, void *data)
{
	struct users *users = data;

	for (size_t i = 0; i < document->table.n; i++) {
		const struct sock *sk = &document->table.socks[i];
		const char *name = told_text(document, sk, TOLD_USER);

		if (name && sock_has(sk, SOCK_HAS_UID))
			users_tell(users, sk->uid, name);
	}
	for (uint32_t i = 0; i < document->told->n_processes; i++) {
		const char *name = told_user(document, i);

		if (name)
			users_tell(users, document->told->processes[i].process.uid, name);
	}
}

void tell_users(struct program *p)
{
	moments_each(p->moments, tell_users_of, p->names.users);
}

static void choose_live_moment(void *data, uint64_t time_ms)
{
	moments_choose(data, &(struct moment_time){ .choice = MOMENT_AT, .ms = time_ms });
}

void list_moments(const struct program *p, struct moment_list *out)
{
	const struct snapshot_host *chosen;

	*out = (struct moment_list){ .choose = choose_live_moment, .data = p->moments };
	if (!p->moments)
		return;
	out->n = moments_times(p->moments, &out->times_ms);
	chosen = moments_chosen(p->moments);
	while (chosen && out->start + 1 < out->n && out->times_ms[out->start] < chosen->time_ms)
		out->start++;
}

void documents_text(const struct program *p, bool has_time, struct buf *out)
{
	const struct snapshot_host *host = moments_chosen(p->moments);
	size_t n = moments_hosts(p->moments);
	time_t seconds = host ? (time_t)(host->time_ms / 1000) : 0;
	char text[sizeof("YYYY-MM-DD hh:mm:ss")] = "";
	struct tm tm;

	if (n > 1)
		buf_printf(out, P_("%zu host", "%zu hosts", n), n);
	else
		buf_str(out, host && host->name ? host->name : "?");
	if (has_time && seconds && localtime_r(&seconds, &tm) &&
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm))
		buf_printf(out, " %s", text);
}
