/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cgroups: units and containers out of paths, paths out of a hierarchy made for the purpose. */
#include <config.h>

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "edge.h"
#include "resolve/cgroup_text.h"
#include "resolve/cgroups.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define SHORT "0123456789ab"
#define USER "/user.slice/user-1000.slice/user@1000.service/user.slice"

static const struct {
	const char *path;
	const char *unit;
	const char *container; /* by the path alone; NULL: none */
} cases[] = {
	{ "/", NULL, NULL },
	{ "", NULL, NULL },
	{ "/user.slice", NULL, NULL },
	{ "/system.slice/ssh.service", "ssh.service", NULL },
	{ "/system.slice/ssh.service/", "ssh.service", NULL },
	{ "/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service", NULL },
	{ "/system.slice/cups.socket", "cups.socket", NULL },
	{ "/system.slice/.service", NULL, NULL },
	{ "/system.slice/_notify.service", "notify.service", NULL },
	{ "/user.slice/user-1000.slice/session-3.scope", "session-3.scope", NULL },
	{ "/user.slice/user-1000.slice/user@1000.service/app.slice/web.service", "web.service",
	  NULL },
	{ "/system.slice/web.service/payload/worker", "web.service", NULL },
	{ "/system.slice/docker-" ID ".scope", "docker-" ID ".scope", SHORT },
	{ "/docker/" ID, NULL, SHORT },
	{ "/docker/" ID "/init.scope", "init.scope", SHORT },
	{ "/machine.slice/libpod-" ID ".scope/container", "libpod-" ID ".scope", SHORT },
	{ "/libpod_parent/libpod-" ID, NULL, SHORT },
	{ USER "/libpod-" ID ".scope/container", "libpod-" ID ".scope", SHORT },
	{ USER "/docker-" ID ".scope", "docker-" ID ".scope", SHORT },
	{ "/user.slice/user-0.slice/session-1.scope/libpod-" ID, "session-1.scope", SHORT },
	{ "/user.slice/user-4294967295.slice/libpod-" ID, NULL, SHORT },
	{ "/user.slice/user-1x.slice/libpod-" ID, NULL, SHORT },
	{ "/machine.slice/libpod-conmon-" ID ".scope", "libpod-conmon-" ID ".scope", NULL },
	{ "/kubepods.slice/kubepods-pod1.slice/cri-containerd-" ID ".scope",
	  "cri-containerd-" ID ".scope", SHORT },
	{ "/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:" ID,
	  "containerd.service", SHORT },
	{ "/kubepods.slice/kubepods-pod1.slice/crio-" ID ".scope", "crio-" ID ".scope", SHORT },
	{ "/kubepods.slice/crio-conmon-" ID ".scope", "crio-conmon-" ID ".scope", NULL },
	{ "/kubepods/burstable/pod12ab/" ID, NULL, SHORT },
	{ "/a/x-" ID, NULL, SHORT },
	{ "/docker/" ID "0", NULL, NULL },
	{ "/docker/x" ID, NULL, NULL },
	{ "/docker/G123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", NULL, NULL },
	{ "/docker/A123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", NULL, NULL },
	{ "/lxc.payload.web/system.slice/ssh.service", "ssh.service", "web" },
	{ "/lxc.payload.web/docker/" ID, NULL, SHORT },
	{ "/lxc.payload/web", NULL, "web" },
	{ "/lxc.payload.a\\x2db", NULL, "a\\x2db" },
	{ "/lxc.payload.", NULL, NULL },
	{ "/lxc.monitor.web", NULL, NULL },
	{ "/machine.slice/systemd-nspawn@my\\x2dbox.service", "systemd-nspawn@my\\x2dbox.service",
	  "my-box" },
	{ "/machine.slice/machine-qemu\\x2d1\\x2dvm.scope", "machine-qemu\\x2d1\\x2dvm.scope",
	  "qemu-1-vm" },
	{ "/machine.slice/machine-a\\x00b\\x1.scope", "machine-a\\x00b\\x1.scope", "a\\x00b\\x1" },
	{ "/machine.slice/machine-.scope", "machine-.scope", NULL },
	{ "/machine.slice/systemd-nspawn@a.scope", "systemd-nspawn@a.scope", NULL },
	{ "/other.slice/machine-a.scope", "machine-a.scope", NULL },
};

static const struct {
	const char *path;
	enum container_runtime runtime;
	uint32_t uid;
	bool is_nested;
} kinds[] = {
	{ "/system.slice/docker-" ID ".scope", CONTAINER_DOCKER, 0, false },
	{ "/docker/" ID, CONTAINER_DOCKER, 0, false },
	{ "/docker/" ID "/init.scope", CONTAINER_DOCKER, 0, false },
	{ "/machine.slice/libpod-" ID ".scope/container", CONTAINER_PODMAN, 0, false },
	{ "/libpod_parent/libpod-" ID, CONTAINER_PODMAN, 0, false },
	{ USER "/libpod-" ID ".scope/container", CONTAINER_PODMAN, 1000, false },
	{ USER "/docker-" ID ".scope", CONTAINER_DOCKER, 1000, false },
	{ "/user.slice/user-0.slice/session-1.scope/libpod-" ID, CONTAINER_PODMAN, 0, false },
	{ "/user.slice/user-4294967295.slice/libpod-" ID, CONTAINER_PODMAN, 0, false },
	{ "/user.slice/user-1x.slice/libpod-" ID, CONTAINER_PODMAN, 0, false },
	{ "/kubepods.slice/kubepods-pod1.slice/cri-containerd-" ID ".scope", CONTAINER_CONTAINERD,
	  0, false },
	{ "/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:" ID,
	  CONTAINER_CONTAINERD, 0, false },
	{ "/kubepods.slice/kubepods-pod1.slice/crio-" ID ".scope", CONTAINER_CRIO, 0, false },
	{ "/kubepods/burstable/pod12ab/" ID, CONTAINER_ANY, 0, false },
	{ "/a/x-" ID, CONTAINER_ANY, 0, false },
	{ "/lxc.payload.web/system.slice/ssh.service", CONTAINER_LXC, 0, false },
	{ "/lxc.payload.web/docker/" ID, CONTAINER_DOCKER, 0, true },
	{ "/lxc.payload/web", CONTAINER_LXC, 0, false },
	{ "/lxc.payload.a\\x2db", CONTAINER_LXC, 0, false },
	{ "/machine.slice/systemd-nspawn@my\\x2dbox.service", CONTAINER_MACHINE, 0, false },
	{ "/machine.slice/machine-qemu\\x2d1\\x2dvm.scope", CONTAINER_MACHINE, 0, false },
	{ "/machine.slice/machine-a\\x00b\\x1.scope", CONTAINER_MACHINE, 0, false },
};

static void expect_container(const char *path, size_t len, const char *expected)
{
	struct cgroup_container container;
	struct buf name = { 0 };

	assert_int_equal(cgroup_container(path, len, &container), expected != NULL);
	if (!expected)
		return;
	cgroup_container_name(&container, &name);
	assert_string_equal(buf_cstr(&name), expected);
	buf_fini(&name);
}

static void paths_tell_unit_and_container(void **state)
{
	struct edge edge;

	(void)state;
	edge_init(&edge, 256);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t len = strlen(cases[i].path), unit_len = 0;
		const char *path = edge_copy(&edge, cases[i].path, len);
		const char *unit = NULL;

		assert_int_equal(cgroup_unit(path, len, &unit, &unit_len), cases[i].unit != NULL);
		if (cases[i].unit) {
			assert_int_equal(unit_len, strlen(cases[i].unit));
			assert_memory_equal(unit, cases[i].unit, unit_len);
		}
		expect_container(path, len, cases[i].container);
	}
	edge_fini(&edge);
}

static void paths_tell_runtime_and_user(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct cgroup_container container;

		assert_true(cgroup_container(kinds[i].path, strlen(kinds[i].path), &container));
		assert_int_equal(container.runtime, kinds[i].runtime);
		assert_int_equal(container.uid, kinds[i].uid);
		assert_int_equal(container.is_nested, kinds[i].is_nested);
	}
}

static void paths_cut_anywhere(void **state)
{
	struct edge edge;

	(void)state;
	edge_init(&edge, 256);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		for (size_t len = 0; len <= strlen(cases[i].path); len++) {
			const char *path = edge_copy(&edge, cases[i].path, len);
			struct cgroup_container container;
			const char *unit;
			size_t unit_len;

			if (cgroup_unit(path, len, &unit, &unit_len))
				assert_true(unit >= path && unit + unit_len <= path + len);
			if (cgroup_container(path, len, &container) && container.id)
				assert_true(container.id >= path &&
					    container.id + CONTAINER_ID_DIGITS <= path + len);
		}
	}
	edge_fini(&edge);
}

static uint64_t make_dir(const char *root, const char *path)
{
	char full[256];
	struct stat st;

	snprintf(full, sizeof(full), "%s/%s", root, path);
	assert_int_equal(mkdir(full, 0755), 0);
	assert_int_equal(stat(full, &st), 0);
	return st.st_ino;
}

static void paths_lead_to_ids(const struct cgroups *c, uint64_t top, uint64_t service)
{
	static const char *const none[] = {
		"",
		"system.slice",
		"//",
		"/system.slice/",
		"/./system.slice",
		"/system.slice/..",
		"/system.slice//a b.service",
		"/nosuch",
		"/system.slice/.",
	};
	uint64_t id;

	assert_true(cgroups_id(c, "/", &id) && id == top);
	assert_true(cgroups_id(c, "/system.slice/a b.service", &id) && id == service);
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		assert_false(cgroups_id(c, none[i], &id));
}

static void hierarchy_is_read(void **state)
{
	char root[] = "/tmp/portstat-cgroup-XXXXXX", command[64];
	uint64_t slice, service, docker, later;
	const struct cgroup *g;
	struct cgroups *c;
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(root));
	assert_int_equal(stat(root, &st), 0);
	slice = make_dir(root, "system.slice");
	service = make_dir(root, "system.slice/a b.service");
	docker = make_dir(root, "system.slice/docker-" ID ".scope");
	c = cgroups_new(root);
	assert_true(cgroups_is_there(c));
	g = cgroups_find(c, service);
	assert_non_null(g);
	assert_string_equal(g->path, "/system.slice/a b.service");
	assert_string_equal(g->unit, "a b.service");
	g = cgroups_find(c, docker);
	assert_non_null(g);
	assert_string_equal(g->path, "/system.slice/docker-" ID ".scope");
	g = cgroups_find(c, slice);
	assert_non_null(g);
	assert_string_equal(g->path, "/system.slice");
	assert_null(g->unit);
	g = cgroups_find(c, st.st_ino);
	assert_non_null(g);
	assert_string_equal(g->path, "/");
	assert_null(cgroups_find(c, 0));
	paths_lead_to_ids(c, st.st_ino, service);

	later = make_dir(root, "later.service");
	assert_null(cgroups_find(c, later));
	cgroups_clear(c);
	assert_string_equal(cgroups_find(c, later)->unit, "later.service");
	cgroups_free(c);
	cgroups_free(NULL);
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	assert_int_equal(system(command), 0);
}

static void no_hierarchy_is_no_error(void **state)
{
	struct cgroups *c = cgroups_new("/nonexistent");

	(void)state;
	assert_false(cgroups_is_there(c));
	assert_null(cgroups_find(c, 1));
	assert_false(cgroups_id(c, "/", &(uint64_t){ 0 }));
	cgroups_free(c);
}

/* Wherever it is mounted, whole: what is mounted of a part of it names other paths. */
static void mounts_are_found(void **state)
{
	static const char mountinfo[] =
		"24 30 0:22 / /proc rw,nosuid - proc proc rw\n"
		"30 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
		"31 30 0:27 /part /a rw shared:4 - cgroup2 cgroup2 rw\n"
		"32 30 0:27 / /run/c\\040group\\134x rw shared:4 master:7 - cgroup2 - rw,nsdelegate\n"
		"33 30 0:28 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
		"34 30 0:27 / /- rw - tmpfs cgroup2 rw\n"
		"35 30 0:27 /\n"
		"36 30 0:27 / /b\\9 rw - cgroup2 cgroup2 rw";
	struct buf path = { 0 };
	struct edge edge;
	size_t pos = 0;

	(void)state;
	assert_true(cgroups_next_mount(mountinfo, strlen(mountinfo), &pos, &path));
	assert_string_equal(buf_cstr(&path), "/run/c group\\x");
	buf_clear(&path);
	assert_true(cgroups_next_mount(mountinfo, strlen(mountinfo), &pos, &path));
	assert_string_equal(buf_cstr(&path), "/b\\9");
	buf_clear(&path);
	assert_false(cgroups_next_mount(mountinfo, strlen(mountinfo), &pos, &path));
	assert_int_equal(path.len, 0);

	edge_init(&edge, sizeof(mountinfo));
	for (size_t len = 0; len < sizeof(mountinfo); len++) {
		const char *cut = edge_copy(&edge, mountinfo, len);

		for (pos = 0; cgroups_next_mount(cut, len, &pos, &path);)
			assert_true(pos <= len + 1);
	}
	edge_fini(&edge);
	buf_fini(&path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_tell_unit_and_container),
		cmocka_unit_test(paths_tell_runtime_and_user),
		cmocka_unit_test(paths_cut_anywhere),
		cmocka_unit_test(hierarchy_is_read),
		cmocka_unit_test(no_hierarchy_is_no_error),
		cmocka_unit_test(mounts_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
