/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a file of each container runtime, as a list of users, and as a path that leads there. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "resolve/containers.h"
#include "resolve/json_strings.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define BUNDLE "run/containerd/io.containerd.runtime.v2.task/k8s.io/" ID

/* A name of the whole file, and a path of a cgroup that makes it be read. */
static const struct {
	const char *file;
	const char *path;
} files[] = {
	{ "var/lib/docker/containers/" ID "/config.v2.json", "/docker/" ID },
	{ "etc/docker/daemon.json", "/docker/" ID },
	{ BUNDLE "/config.json", "/cri-containerd-" ID ".scope" },
	{ "var/lib/containers/storage/overlay-containers/containers.json", "/libpod-" ID ".scope" },
	{ "etc/passwd", "/user.slice/user-1.slice/libpod-" ID ".scope" },
};

/* Folders of the tree, made once: they take longer than all else. */
static const char *tree(void)
{
	static char path[] = "/tmp/portstat-fuzz-XXXXXX";
	static bool is_made;

	CHECK(is_made || mkdtemp(path));
	is_made = true;
	return path;
}

static int remove_folder(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static void remove_tree(void)
{
	nftw(tree(), remove_folder, 8, FTW_DEPTH | FTW_PHYS);
}

static void make_folders(int root, const char *file)
{
	char path[256];

	for (const char *slash = strchr(file, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(path, sizeof(path), "%.*s", (int)(slash - file), file);
		CHECK(!mkdirat(root, path, 0755) || errno == EEXIST);
	}
}

static int open_tree(void)
{
	int root = open(tree(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	CHECK(root >= 0);
	if (!faccessat(root, "etc", F_OK, 0))
		return root;
	CHECK(!atexit(remove_tree));
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		make_folders(root, files[i].file);
	return root;
}

static void make_file(int root, const char *file, const uint8_t *data, size_t size)
{
	int fd = openat(root, file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
}

static void check(const struct container *container)
{
	CHECK(container && container->name && *container->name);
	CHECK(!container->id || strlen(container->id) == CONTAINER_ID_DIGITS);
	CHECK(!container->pod || strchr(container->pod, '/'));
}

static bool count_bytes(void *data, const char *path, size_t item, const char *text, size_t len)
{
	size_t *n = data;

	(void)path, (void)item, (void)text;
	*n += len;
	return *n < 1000;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int root = open_tree();
	struct containers *c = containers_new(root, ".");
	const struct container *container;
	size_t n = 0;

	json_strings((const char *)data, size, count_bytes, &n);
	container = containers_find(c, (const char *)data, size);
	if (container)
		check(container);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		make_file(root, files[i].file, data, size);
		check(containers_find(c, files[i].path, strlen(files[i].path)));
		CHECK(!unlinkat(root, files[i].file, 0));
		containers_clear(c);
	}
	containers_free(c);
	close(root);
	return 0;
}
