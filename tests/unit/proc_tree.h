/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A tree like /proc, made for a test. */
#ifndef PORTSTAT_TESTS_UNIT_PROC_TREE_H
#define PORTSTAT_TESTS_UNIT_PROC_TREE_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

struct tree {
	char path[64];
	int root; /* descriptor of the folder */
};

static inline bool tree_init(struct tree *t)
{
	strcpy(t->path, "/tmp/portstat-proc-XXXXXX");
	if (!mkdtemp(t->path))
		return false;
	t->root = open(t->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return t->root >= 0;
}

/* Removes the tree; the exit status of rm. */
static inline int tree_fini(struct tree *t)
{
	char command[128];

	close(t->root);
	snprintf(command, sizeof(command), "rm -rf '%s'", t->path);
	return system(command);
}

static inline void make_dir(const struct tree *t, const char *path)
{
	assert_int_equal(mkdirat(t->root, path, 0755), 0);
}

static inline void make_file(const struct tree *t, const char *path, const char *text, size_t len)
{
	int fd = openat(t->root, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
}

static inline void make_link(const struct tree *t, const char *path, const char *target)
{
	assert_int_equal(symlinkat(target, t->root, path), 0);
}

/* A process without descriptors, and who started it: 0 for nobody. */
static inline void make_child(const struct tree *t, int pid, const char *name, unsigned int start,
			      int parent)
{
	char path[64], text[256];
	int len;

	snprintf(path, sizeof(path), "%d", pid);
	make_dir(t, path);
	snprintf(path, sizeof(path), "%d/fd", pid);
	make_dir(t, path);
	snprintf(path, sizeof(path), "%d/stat", pid);
	len = snprintf(text, sizeof(text),
		       "%d (%s) S %d 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 %u 5 6\n", pid, name,
		       parent, start);
	make_file(t, path, text, (size_t)len);
}

static inline void make_process(const struct tree *t, int pid, const char *name, unsigned int start)
{
	make_child(t, pid, name, start, pid == 1 ? 0 : 1);
}

#endif
