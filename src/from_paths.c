/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The paths of --from and --diff: files, directories of documents, and paths that lack their option. */
#include <config.h>

#include "from_paths.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/caller.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "program.h"

static bool ends_in(const char *name, const char *tail)
{
	size_t len = strlen(name), n = strlen(tail);

	return len > n && !memcmp(name + len - n, tail, n);
}

/* A hidden name is one that --output has not finished. */
static int is_document_name(const struct dirent *entry)
{
	return *entry->d_name != '.' && ends_in(entry->d_name, ".json") &&
	       (entry->d_type == DT_REG || entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN);
}

/* In any language the same order, which is that of times of RFC 3339. */
static int compare_names(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void add(struct from_paths *paths, char *path)
{
	paths->list = mem_grow(paths->list, paths->n, &paths->cap, sizeof(*paths->list));
	paths->list[paths->n++] = path;
}

/* A pipe would block, also behind a link.  What is not there is told where it is opened. */
static bool is_document_file(const struct dirent *entry, const char *path)
{
	struct stat st;

	return entry->d_type == DT_REG || stat(path, &st) || S_ISREG(st.st_mode);
}

/* Adds the documents of a directory.  False if it is none. */
static bool add_directory(struct from_paths *paths, const char *path)
{
	struct dirent **entries = NULL;
	int n = scandir(path, &entries, is_document_name, compare_names);

	for (int i = 0; i < n; i++) {
		struct buf file = { 0 };

		buf_printf(&file, "%s%s%s", path, ends_in(path, "/") ? "" : "/",
			   entries[i]->d_name);
		if (is_document_file(entries[i], buf_cstr(&file)))
			add(paths, mem_strdup(buf_cstr(&file)));
		buf_fini(&file);
		free(entries[i]);
	}
	free(entries);
	return n >= 0;
}

void from_paths_add(struct from_paths *paths, const char *path)
{
	struct caller_scope scope;
	bool is_directory = false;

	if (strcmp(path, "-") != 0 && !caller_enter(&scope)) {
		is_directory = add_directory(paths, path);
		caller_leave(&scope);
	}
	if (!is_directory)
		add(paths, mem_strdup(path));
}

void from_paths_fini(struct from_paths *paths)
{
	for (size_t i = 0; i < paths->n; i++)
		free(paths->list[i]);
	free(paths->list);
	*paths = (struct from_paths){ 0 };
}

/* ---- words of the filter ---- */

/* Is it a file that begins as every document does? */
static bool is_document(const char *path)
{
	struct caller_scope scope;
	struct stat st;
	char first = '\0';
	int fd = -1;

	if (caller_enter(&scope))
		return false;
	if (!stat(path, &st) && S_ISREG(st.st_mode))
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd >= 0) {
		if (read(fd, &first, 1) != 1)
			first = '\0';
		close(fd);
	}
	caller_leave(&scope);
	return first == '{';
}

static void complain_of_document(const struct program *p, const char *path)
{
	struct buf shown = { 0 }, earlier = { 0 };

	text_visible(&shown, path, strlen(path), false);
	if (p->opt.diff)
		text_visible(&earlier, p->opt.diff, strlen(p->opt.diff), false);
	if (p->opt.diff && !p->opt.n_from)
		complain(_("'%1$s' is a document, not a filter; to compare two documents write: "
			   "--from=%1$s --diff=%2$s"),
			 buf_cstr(&shown), buf_cstr(&earlier));
	else
		complain(_("'%1$s' is a document, not a filter; write --from=%1$s"),
			 buf_cstr(&shown));
	buf_fini(&shown);
	buf_fini(&earlier);
}

int check_document_words(struct program *p)
{
	const struct buf *words = &p->opt.filter;
	bool is_found = false;

	/* What another host asks names no file here. */
	for (size_t at = 0, end; !p->opt.query && !is_found && at < words->len; at = end + 1) {
		char *word;

		end = at;
		while (end < words->len && words->data[end] != ' ')
			end++;
		/* A filter may be the name of a file, but hardly with a suffix or in a directory. */
		if (!memchr(words->data + at, '.', end - at) &&
		    !memchr(words->data + at, '/', end - at))
			continue;
		word = mem_strndup(words->data + at, end - at);
		is_found = is_document(word);
		if (is_found)
			complain_of_document(p, word);
		free(word);
	}
	return is_found ? EXIT_USAGE : 0;
}
