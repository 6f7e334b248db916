/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network namespaces, found in recorded trees and on this machine. */
#include <config.h>

#include "resolve/netns.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc_tree.h"
#include "resolve/containers.h"

/* Processes that live in one namespace have hard links to one file. */
static void live_in(const struct tree *t, int pid, const char *file, const char *netns)
{
	char path[64];

	snprintf(path, sizeof(path), "%d/%s", pid, strncmp(file, "ns/", 3) ? "net" : "ns");
	make_dir(t, path);
	snprintf(path, sizeof(path), "%d/%s", pid, file);
	assert_int_equal(linkat(t->root, netns, t->root, path, 0), 0);
}

static uint64_t inode_of(const struct tree *t, const char *file)
{
	struct stat st;

	assert_int_equal(fstatat(t->root, file, &st, 0), 0);
	return st.st_ino;
}

static void cgroup_is(const struct tree *t, int pid, const char *cgroup)
{
	char path[64], text[256];
	int len = snprintf(text, sizeof(text), "0::%s\n", cgroup);

	snprintf(path, sizeof(path), "%d/cgroup", pid);
	make_file(t, path, text, (size_t)len);
}

/* Four namespaces: of pid 1, of a unit, of a container, of a process alone. */
static void make_tree(struct tree *t, const char *file)
{
	static const char *const names[] = { "a", "b", "c", "d" };

	assert_true(tree_init(t));
	for (size_t i = 0; i < 4; i++)
		make_file(t, names[i], "", 0);
	make_process(t, 1, "systemd", 1);
	make_process(t, 30, "worker", 5);
	make_process(t, 4, "main", 4);
	make_process(t, 77, "nginx", 6);
	make_process(t, 80, "a b)\n", 7);
	live_in(t, 1, file, "a");
	live_in(t, 30, file, "b");
	live_in(t, 4, file, "b");
	live_in(t, 77, file, "c");
	live_in(t, 80, file, "d");
	cgroup_is(t, 1, "/init.scope");
	cgroup_is(t, 4, "/system.slice/web.service");
	cgroup_is(t, 30, "/system.slice/other.service");
	cgroup_is(t, 77,
		  "/system.slice/docker-"
		  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope");
	cgroup_is(t, 80, "/");
	make_link(t, "self", "1");
}

static void check_names(const struct netns_list *l)
{
	assert_int_equal(l->n, 4);
	assert_string_equal(l->list[0].name, "host");
	assert_true(l->list[0].is_host);
	assert_string_equal(l->list[1].name, "web.service");
	assert_int_equal(l->list[1].pid, 4);
	assert_string_equal(l->list[2].name, "0123456789ab");
	assert_string_equal(l->list[3].name, "a b)\n[80]");
}

static void namespaces_of_processes_are_named(void **state)
{
	struct containers *containers = containers_new(AT_FDCWD, NULL);
	struct netns_list l = { 0 };
	struct tree t;

	(void)state;
	make_tree(&t, "ns/net");
	assert_int_equal(netns_find(&l, t.root, containers), 0);
	check_names(&l);
	assert_int_equal(l.list[2].inode, inode_of(&t, "c"));
	assert_ptr_equal(netns_by_word(&l, t.root, "web.service"), &l.list[1]);
	assert_ptr_equal(netns_by_word(&l, t.root, "pid:30"), &l.list[1]);
	assert_null(netns_by_word(&l, t.root, "pid:31"));
	assert_null(netns_by_word(&l, t.root, "pid:0"));
	assert_null(netns_by_word(&l, t.root, "pid:4x"));
	assert_null(netns_by_word(&l, t.root, "nosuch"));
	assert_ptr_equal(netns_by_word(&l, t.root, "0123456789abcdef"), &l.list[2]);
	assert_null(netns_by_word(&l, t.root, "0123456789"));
	netns_list_fini(&l);
	containers_free(containers);
	assert_int_equal(tree_fini(&t), 0);
}

/* A pod: another container's process is the lowest one in one namespace; and it has a second one. */
static void a_container_is_everywhere_it_lives(void **state)
{
	struct containers *containers = containers_new(AT_FDCWD, NULL);
	struct netns_list l = { 0 };
	struct tree t;

	(void)state;
	make_tree(&t, "ns/net");
	make_file(&t, "e", "", 0);
	for (int pid = 90; pid < 93; pid++) {
		make_process(&t, pid, "app", 8);
		live_in(&t, pid, "ns/net", pid == 92 ? "e" : "c");
		cgroup_is(&t, pid,
			  "/system.slice/docker-"
			  "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210.scope");
	}
	assert_int_equal(netns_find(&l, t.root, containers), 0);
	assert_string_equal(l.list[2].name, "0123456789ab");
	assert_int_equal(netns_choose_container(&l, t.root, containers, "fedcba987654"), 3);
	assert_true(l.list[2].is_chosen && l.list[4].is_chosen);
	assert_false(l.list[0].is_chosen || l.list[1].is_chosen || l.list[3].is_chosen);
	assert_int_equal(netns_choose_container(&l, t.root, containers, "fedcba9876543210"), 3);
	assert_int_equal(netns_choose_container(&l, t.root, containers, "fedcba98765"), 0);
	netns_list_fini(&l);
	containers_free(containers);
	assert_int_equal(tree_fini(&t), 0);
}

/* Podman's rootlessport is older than what it serves, and is in no container itself. */
static void a_proxy_gives_its_container_no_name(void **state)
{
	struct containers *containers = containers_new(AT_FDCWD, NULL);
	struct netns_list l = { 0 };
	struct tree t;

	(void)state;
	make_tree(&t, "ns/net");
	make_process(&t, 70, "rootlessport", 6);
	live_in(&t, 70, "ns/net", "c");
	cgroup_is(&t, 70, "/user.slice/user-1000.slice/user@1000.service");
	assert_int_equal(netns_find(&l, t.root, containers), 0);
	assert_string_equal(l.list[2].name, "0123456789ab");
	assert_int_equal(l.list[2].pid, 70);
	assert_int_equal(l.list[2].pids[1], 77);
	netns_list_fini(&l);
	containers_free(containers);
	assert_int_equal(tree_fini(&t), 0);
}

/* Without privilege the links of other users' processes say nothing, but the files below net/ do. */
static void who_may_not_read_links_tells_them_apart_too(void **state)
{
	struct containers *containers = containers_new(AT_FDCWD, NULL);
	struct netns_list l = { 0 };
	struct tree t;
	int folder;

	(void)state;
	make_tree(&t, "net/tcp");
	assert_int_equal(netns_find(&l, t.root, containers), 0);
	check_names(&l);
	assert_int_equal(l.list[1].inode, 0);
	assert_ptr_equal(netns_by_word(&l, t.root, "pid:30"), &l.list[1]);
	folder = netns_open_folder(&l.list[3], t.root);
	assert_true(folder >= 0);
	close(folder);
	/* The pid went to a process in another namespace. */
	l.list[3].files++;
	assert_int_equal(netns_open_folder(&l.list[3], t.root), -ENOENT);
	netns_list_fini(&l);
	containers_free(containers);
	assert_int_equal(tree_fini(&t), 0);
}

/* A namespace keeps its place when others go or come. */
static void places_stay(void **state)
{
	struct containers *containers = containers_new(AT_FDCWD, NULL);
	struct netns_list l = { 0 };
	struct tree t;

	(void)state;
	make_tree(&t, "ns/net");
	assert_int_equal(netns_find(&l, t.root, containers), 0);
	assert_int_equal(unlinkat(t.root, "4/ns/net", 0), 0);
	assert_int_equal(unlinkat(t.root, "30/ns/net", 0), 0);
	make_file(&t, "e", "", 0);
	make_process(&t, 5, "new", 9);
	live_in(&t, 5, "ns/net", "e");
	assert_int_equal(netns_find(&l, t.root, containers), 0);
	assert_int_equal(l.n, 5);
	assert_false(l.list[1].is_there);
	assert_string_equal(l.list[1].name, "web.service");
	assert_null(netns_by_word(&l, t.root, "web.service"));
	assert_true(l.list[3].is_there);
	assert_string_equal(l.list[3].name, "a b)\n[80]");
	assert_string_equal(l.list[4].name, "new[5]");
	/* They have ended: that is not a namespace that could not be told. */
	assert_int_equal(l.n_unknown, 0);
	netns_list_fini(&l);
	containers_free(containers);
	assert_int_equal(tree_fini(&t), 0);
}

static void mounted_namespaces_have_the_name_of_the_mount(void **state)
{
	struct containers *containers = containers_new(AT_FDCWD, NULL);
	struct netns_list l = { 0 };
	char mounts[512];
	struct tree t;
	int len;

	(void)state;
	make_tree(&t, "ns/net");
	len = snprintf(mounts, sizeof(mounts),
		       "5 1 0:4 net:[%llu] /run/docker/netns/77 rw - nsfs nsfs rw\n"
		       "6 1 0:4 net:[%llu] /run/netns/blue rw - nsfs nsfs rw\n"
		       "7 1 0:4 net:[1] /run/netns/un\\040used rw - nsfs nsfs rw\n"
		       "8 1 0:4 net:[2] /mnt/elsewhere rw - nsfs nsfs rw\n"
		       "9 1 0:4 mnt:[3] /run/mnt/m rw - nsfs nsfs rw\n"
		       "10 1 0:4 net:[x] /run/netns/x rw - nsfs nsfs rw\n",
		       (unsigned long long)inode_of(&t, "b"),
		       (unsigned long long)inode_of(&t, "b"));
	make_file(&t, "1/mountinfo", mounts, (size_t)len);
	assert_int_equal(netns_find(&l, t.root, containers), 0);
	assert_int_equal(l.n, 6);
	assert_string_equal(l.list[1].name, "blue");
	assert_string_equal(l.list[4].name, "un used");
	assert_int_equal(l.list[4].pid, 0);
	assert_string_equal(l.list[5].name, "/mnt/elsewhere");
	netns_list_fini(&l);
	containers_free(containers);
	assert_int_equal(tree_fini(&t), 0);
}

/* ---- this machine ---- */

/* A child in a network namespace of its own, until told is closed.  Its pid, or 0. */
static pid_t start_inside(int *told)
{
	int told_pipe[2], ready[2];
	char byte = 0;
	pid_t child;

	assert_int_equal(pipe(told_pipe), 0);
	assert_int_equal(pipe(ready), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		int flags = geteuid() ? CLONE_NEWUSER | CLONE_NEWNET : CLONE_NEWNET;

		close(told_pipe[1]);
		byte = unshare(flags) ? 'n' : 'y';
		if (write(ready[1], &byte, 1) != 1 || read(told_pipe[0], &byte, 1))
			_exit(1);
		_exit(0);
	}
	close(told_pipe[0]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	*told = told_pipe[1];
	if (byte == 'y')
		return child;
	close(*told);
	waitpid(child, NULL, 0);
	return 0;
}

#ifndef SIOCGSKNS
#	define SIOCGSKNS 0x894C
#endif

static uint64_t netns_of_socket(int fd)
{
	int netns = ioctl(fd, SIOCGSKNS);
	struct stat st = { 0 };

	if (netns >= 0) {
		assert_int_equal(fstat(netns, &st), 0);
		close(netns);
	}
	return st.st_ino;
}

static void a_socket_is_made_inside_and_the_caller_stays(void **state)
{
	int proc_root = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), told, fd;
	struct stat before, after, inside;
	struct netns_list l = { 0 };
	struct netns *ns;
	char word[32], path[32];
	pid_t child = start_inside(&told);

	(void)state;
	if (!child)
		skip_because("no network namespace can be made here");
	snprintf(word, sizeof(word), "pid:%d", child);
	snprintf(path, sizeof(path), "%d/ns/net", child);
	assert_int_equal(fstatat(proc_root, "self/ns/net", &before, 0), 0);
	assert_int_equal(fstatat(proc_root, path, &inside, 0), 0);
	assert_int_equal(netns_find(&l, proc_root, NULL), 0);
	ns = netns_by_word(&l, proc_root, word);
	assert_non_null(ns);
	assert_int_equal(ns->inode, inside.st_ino);
	assert_true(ns != l.list);
	assert_int_equal(l.list[0].inode, before.st_ino);
	fd = netns_socket(ns, proc_root, AF_INET, SOCK_DGRAM, 0);
	assert_true(fd >= 0);
	if (!geteuid() && netns_of_socket(fd))
		assert_int_equal(netns_of_socket(fd), inside.st_ino);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
	assert_int_equal(fstatat(proc_root, "self/ns/net", &after, 0), 0);
	assert_int_equal(after.st_ino, before.st_ino);
	close(told);
	waitpid(child, NULL, 0);
	/* It went, or its number is another process's by now. */
	assert_true(netns_socket(ns, proc_root, AF_INET, SOCK_DGRAM, 0) < 0);
	netns_list_fini(&l);
	close(proc_root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(namespaces_of_processes_are_named),
		cmocka_unit_test(a_container_is_everywhere_it_lives),
		cmocka_unit_test(a_proxy_gives_its_container_no_name),
		cmocka_unit_test(who_may_not_read_links_tells_them_apart_too),
		cmocka_unit_test(places_stay),
		cmocka_unit_test(mounted_namespaces_have_the_name_of_the_mount),
		cmocka_unit_test(a_socket_is_made_inside_and_the_caller_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
