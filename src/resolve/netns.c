/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network namespaces of this machine: which there are. */
#include <config.h>

#include "resolve/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/number.h"
#include "resolve/mountinfo.h"
#include "resolve/netns_name.h"
#include "resolve/proc_dir.h"
#include "resolve/proc_text.h"

/* More than any host's list of mounts. */
#define MOUNTINFO_MAX (16U << 20)

static void free_texts(struct netns *ns)
{
	free(ns->mount);
	free(ns->name);
	free(ns->container_id);
	ns->mount = ns->name = ns->container_id = NULL;
}

void netns_list_fini(struct netns_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free_texts(&l->list[i]);
	free(l->list);
	*l = (struct netns_list){ 0 };
}

/* A number by which namespaces are told apart while they are collected; 0: none can be had. */
static uint64_t file_inode(int proc_root, const char *folder, const char *file)
{
	struct stat st;
	char path[48];

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	return fstatat(proc_root, path, &st, 0) ? 0 : st.st_ino;
}

/*
 * A namespace is known by two numbers.  The counters of nsfs and of /proc (ns_alloc_inum(),
 * proc_alloc_inum()) are different ones, so equal numbers get different keys.
 */
static uint64_t inode_key(uint64_t inode)
{
	return inode << 1;
}

static uint64_t files_key(uint64_t files)
{
	return files << 1 | 1;
}

/* The place of a namespace with one of these numbers; MAP_NONE: it is new. */
static uint32_t place_of(const struct map *known, uint64_t inode, uint64_t files)
{
	uint32_t at = inode ? map_get(known, inode_key(inode)) : MAP_NONE;

	return at == MAP_NONE && files ? map_get(known, files_key(files)) : at;
}

static void remember(struct map *known, const struct netns *ns, uint32_t at)
{
	if (ns->inode)
		map_add(known, inode_key(ns->inode), at, NULL);
	if (ns->files)
		map_add(known, files_key(ns->files), at, NULL);
}

/* The namespace in the list, added or completed by what is known now. */
static struct netns *add(struct netns_list *l, struct map *known, const struct netns *found)
{
	uint32_t at = place_of(known, found->inode, found->files);

	if (at >= l->n) {
		l->list = mem_grow(l->list, l->n, &l->cap, sizeof(*l->list));
		at = (uint32_t)l->n++;
		l->list[at] = (struct netns){ 0 };
	}
	if (!l->list[at].inode)
		l->list[at].inode = found->inode;
	if (!l->list[at].files)
		l->list[at].files = found->files;
	remember(known, &l->list[at], at);
	return &l->list[at];
}

/* The caller's own, always the first.  A /proc of another pid namespace has no "self" for us. */
static void add_own(struct netns_list *l, struct map *known, int proc_root)
{
	struct netns own = { .inode = file_inode(proc_root, "self", "ns/net"),
			     .files = file_inode(proc_root, "self", "net/tcp") };

	if (!own.inode)
		own.inode = file_inode(AT_FDCWD, "/proc/self", "ns/net");
	add(l, known, &own);
}

/* The entries of /proc need not be in order. */
static void keep_lowest(struct netns *ns, int32_t pid)
{
	for (size_t i = 0; i < NETNS_PIDS && pid; i++) {
		int32_t other = ns->pids[i];

		if (other && other < pid)
			continue;
		ns->pids[i] = pid;
		pid = other;
	}
	ns->pid = ns->pids[0];
}

static void add_process(struct netns_list *l, struct map *known, int proc_root, int32_t pid)
{
	struct netns found = { 0 }, *ns;
	char folder[16];

	snprintf(folder, sizeof(folder), "%d", pid);
	found.inode = file_inode(proc_root, folder, "ns/net");
	/* Its files say which one it is if the link does not, and so for other users' processes. */
	if (!found.inode || place_of(known, found.inode, 0) == MAP_NONE)
		found.files = file_inode(proc_root, folder, "net/tcp");
	if (!found.inode && !found.files) {
		/* Other errors mean that the process has ended: it has left its namespace. */
		l->n_unknown += errno == EACCES || errno == EPERM;
		return;
	}
	ns = add(l, known, &found);
	keep_lowest(ns, pid);
	if (found.inode && (!ns->open_pid || pid < ns->open_pid))
		ns->open_pid = pid;
}

static void add_mounts(struct netns_list *l, struct map *known, int proc_root)
{
	struct buf mountinfo = { 0 }, path = { 0 };
	struct mountinfo_entry entry;
	size_t pos = 0;

	if (proc_file_read(proc_root, "self/mountinfo", MOUNTINFO_MAX, &mountinfo))
		mountinfo.len = 0;
	while (mountinfo_next(mountinfo.data, mountinfo.len, &pos, &entry)) {
		static const char prefix[] = "net:[";
		const size_t len = sizeof(prefix) - 1;
		struct netns found = { 0 }, *ns;

		if (!mountinfo_is(&entry.type, "nsfs") || entry.root.len <= len + 1 ||
		    memcmp(entry.root.text, prefix, len) ||
		    number_parse(entry.root.text + len, entry.root.len - len - 1, UINT64_MAX,
				 &found.inode))
			continue;
		ns = add(l, known, &found);
		buf_clear(&path);
		mountinfo_unescape(&entry.point, &path);
		/* The first name of ip-netns(8) counts, before any other mount. */
		if (ns->mount && (netns_is_named(ns->mount) || !netns_is_named(buf_cstr(&path))))
			continue;
		free(ns->mount);
		ns->mount = mem_strdup(buf_cstr(&path));
	}
	buf_fini(&path);
	buf_fini(&mountinfo);
}

static int by_pid(const void *a, const void *b)
{
	const struct netns *x = a, *y = b;

	if (!x->pid != !y->pid)
		return x->pid ? -1 : 1;
	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return (x->inode > y->inode) - (x->inode < y->inode);
}

/* All that there are now, without names: the own one, those of processes, those that are mounted. */
static int find_all(struct netns_list *l, int proc_root)
{
	struct map known = { 0 };
	struct proc_dir dir = { .fd = proc_dir_open(proc_root, ".") };
	const char *entry;
	size_t n_own;

	if (dir.fd < 0)
		return dir.fd;
	add_own(l, &known, proc_root);
	n_own = l->n;
	dir.room = mem_alloc(PROC_DIR_ROOM);
	while ((entry = proc_dir_next(&dir))) {
		int32_t pid = proc_entry_number(entry);

		if (pid > 0)
			add_process(l, &known, proc_root, pid);
	}
	free(dir.room);
	close(dir.fd);
	add_mounts(l, &known, proc_root);
	map_fini(&known);
	if (l->n > n_own)
		qsort(l->list + n_own, l->n - n_own, sizeof(*l->list), by_pid);
	return dir.error;
}

/* Takes over what was found, each at the place that it has had. */
static void merge(struct netns_list *l, struct netns_list *found)
{
	struct map places = { 0 };

	for (size_t i = 0; i < l->n; i++) {
		l->list[i].is_there = false;
		remember(&places, &l->list[i], (uint32_t)i);
	}
	for (size_t i = 0; i < found->n; i++) {
		uint32_t at = place_of(&places, found->list[i].inode, found->list[i].files);

		if (at >= l->n) { /* MAP_NONE: a new one */
			if (l->n == NETNS_MAX)
				break;
			l->list = mem_grow(l->list, l->n, &l->cap, sizeof(*l->list));
			at = (uint32_t)l->n++;
			l->list[at] = (struct netns){ 0 };
		}
		free_texts(&l->list[at]);
		l->list[at] = found->list[i];
		l->list[at].is_there = true;
		found->list[i] = (struct netns){ 0 }; /* its texts have moved */
	}
	l->n_unknown = found->n_unknown;
	map_fini(&places);
}

int netns_find(struct netns_list *l, int proc_root, struct containers *containers)
{
	struct netns_list found = { 0 };
	int err = find_all(&found, proc_root);

	for (size_t i = 0; i < found.n; i++) {
		struct netns *ns = &found.list[i];

		ns->is_host = ns->pid == 1;
		ns->name = netns_find_name(ns, proc_root, containers);
	}
	merge(l, &found);
	netns_list_fini(&found);
	return err;
}

/* A namespace at its place in the list, new or with what was known of it. */
static struct netns *place_for(struct netns_list *l, uint64_t inode)
{
	size_t at = 0;

	while (at < l->n && l->list[at].inode != inode)
		at++;
	if (at == NETNS_MAX)
		return NULL;
	if (at == l->n) {
		l->list = mem_grow(l->list, l->n, &l->cap, sizeof(*l->list));
		l->list[l->n++] = (struct netns){ .inode = inode };
	}
	return &l->list[at];
}

void netns_add_held(struct netns_list *l, int proc_root, struct containers *containers,
		    const struct netns_holders *holders)
{
	for (size_t i = 0; i < holders->n; i++) {
		const struct netns_holder *holder = &holders->list[i];
		int fd = netns_holder_open(holder);
		struct netns *ns = NULL;
		struct stat st;

		if (fd < 0)
			continue;
		if (!fstat(fd, &st))
			ns = place_for(l, st.st_ino);
		close(fd);
		if (!ns || ns->is_there)
			continue;
		free_texts(ns);
		*ns = (struct netns){ .inode = st.st_ino, .is_there = true, .holder = *holder };
		ns->name = netns_find_name(ns, proc_root, containers);
	}
}

/* ---- the own one ---- */

static bool lives_in(const struct netns *ns, int proc_root, const char *process)
{
	uint64_t inode = file_inode(proc_root, process, "ns/net");

	if (inode && ns->inode)
		return inode == ns->inode;
	return ns->files && file_inode(proc_root, process, "net/tcp") == ns->files;
}

/* The lowest pid that lives in the namespace: the kernel lists them in their order. */
static int32_t first_pid(const struct netns *ns, int proc_root)
{
	struct proc_dir dir = { .fd = proc_dir_open(proc_root, ".") };
	const char *entry;
	int32_t pid = 0;

	if (dir.fd < 0)
		return 0;
	dir.room = mem_alloc(PROC_DIR_ROOM);
	while (!pid && (entry = proc_dir_next(&dir)))
		if (proc_entry_number(entry) > 0 && lives_in(ns, proc_root, entry))
			pid = proc_entry_number(entry);
	free(dir.room);
	close(dir.fd);
	return pid;
}

char *netns_own_name(int proc_root, struct containers *containers)
{
	struct netns_list l = { 0 };
	struct map known = { 0 };
	struct netns *own;
	char *name;

	add_own(&l, &known, proc_root);
	l.list[0].is_host = lives_in(&l.list[0], proc_root, "1");
	if (!l.list[0].is_host)
		add_mounts(&l, &known, proc_root);
	map_fini(&known);
	own = &l.list[0];
	if (!own->is_host && !netns_is_named(own->mount))
		own->pid = first_pid(own, proc_root);
	name = netns_find_name(own, proc_root, containers);
	netns_list_fini(&l);
	return name;
}

/* ---- by name ---- */

static struct netns *by_inode(struct netns_list *l, uint64_t inode, uint64_t files)
{
	for (size_t i = 0; i < l->n; i++) {
		struct netns *ns = &l->list[i];

		if (ns->is_there &&
		    ((inode && ns->inode == inode) || (files && ns->files == files)))
			return ns;
	}
	return NULL;
}

/* By a path, which may be one that only another mount namespace shows in its mountinfo. */
static struct netns *by_path(struct netns_list *l, const char *path)
{
	struct netns *ns;
	struct statfs fs;
	struct stat st;

	if (statfs(path, &fs) || fs.f_type != NSFS_MAGIC || stat(path, &st))
		return NULL;
	ns = by_inode(l, st.st_ino, 0);
	if (ns || l->n == NETNS_MAX)
		return ns;
	l->list = mem_grow(l->list, l->n, &l->cap, sizeof(*l->list));
	ns = &l->list[l->n++];
	*ns = (struct netns){ .inode = st.st_ino,
			      .is_there = true,
			      .mount = mem_strdup(path),
			      .name = mem_strdup(path) };
	return ns;
}

static struct netns *by_pid_word(struct netns_list *l, int proc_root, const char *word)
{
	char folder[16];
	uint64_t pid;

	if (number_parse(word, strlen(word), INT32_MAX, &pid) || !pid)
		return NULL;
	snprintf(folder, sizeof(folder), "%d", (int)pid);
	return by_inode(l, file_inode(proc_root, folder, "ns/net"),
			file_inode(proc_root, folder, "net/tcp"));
}

bool netns_is_id(const char *id, const char *word)
{
	size_t len = strlen(word);

	return id && len >= NETNS_ID_MIN && !strncmp(id, word, len);
}

struct netns *netns_by_word(struct netns_list *l, int proc_root, const char *word)
{
	bool is_host = !strcmp(word, "host");
	struct netns *found = NULL;
	struct buf path = { 0 };

	if (!strncmp(word, "pid:", 4))
		return by_pid_word(l, proc_root, word + 4);
	if (strchr(word, '/'))
		return by_path(l, word);
	for (size_t i = 0; i < l->n && !found; i++) {
		struct netns *ns = &l->list[i];

		if (ns->is_there &&
		    (is_host ? ns->is_host
			     : !strcmp(ns->name, word) || netns_is_id(ns->container_id, word)))
			found = ns;
	}
	/* A further name of a namespace that is shown with another one. */
	buf_printf(&path, "%s%s", netns_folders[0], word);
	if (!found && !is_host)
		found = by_path(l, buf_cstr(&path));
	buf_fini(&path);
	return found;
}
