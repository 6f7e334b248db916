/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The paths of --from and --diff: files, directories of documents, and paths that lack their option. */
#ifndef PORTSTAT_FROM_PATHS_H
#define PORTSTAT_FROM_PATHS_H

#include <stddef.h>

struct program;

/* The files that paths stand for. */
struct from_paths {
	char **list;
	size_t n;
	size_t cap;
};

/*
 * Adds the file of a path; of a directory all whose names end in ".json", by name, but hidden ones.  It is
 * read with the caller's own privileges.  One that cannot be read is added as it is: opening it tells
 * why.
 */
void from_paths_add(struct from_paths *paths, const char *path);
void from_paths_fini(struct from_paths *paths);

/*
 * Is a word of the filter the path of a document?  Then --from or --diff was meant: returns an exit status
 * after reporting how to write it, else 0.
 */
int check_document_words(struct program *p);

#endif
