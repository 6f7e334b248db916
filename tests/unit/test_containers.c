/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Containers by what their runtimes keep: trees as they write them, and as somebody hostile would. */
#include <config.h>

#include "test.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "proc_tree.h"
#include "resolve/containers.h"
#include "resolve/json_strings.h"
#include "resolve/store_file.h"

#define A "aaaaaaaaaaaabbbbccccddddeeeeffff00001111222233334444555566667777"
#define B "bbbbbbbbbbbbbbbbccccddddeeeeffff00001111222233334444555566667777"
#define C "cccccccccccccccccccccdddeeeeffff00001111222233334444555566667777"
#define A_SHORT "aaaaaaaaaaaa"
#define B_SHORT "bbbbbbbbbbbb"

#define DOCKER "var/lib/docker/containers/"
#define PODMAN "var/lib/containers/storage/overlay-containers/"
#define CONTAINERD "run/containerd/io.containerd.runtime.v2.task/k8s.io/"
#define CRIO "run/containers/storage/overlay-containers/"
#define USER_CGROUP "/user.slice/user-1000.slice/user@1000.service/user.slice/"

/* As Docker 20.10 writes it, without what nobody here reads. */
#define DOCKER_JSON(name)                                                                              \
	"{\"StreamConfig\":{},\"State\":{\"Running\":true,\"Pid\":4711,\"ExitCode\":0},"               \
	"\"ID\":\"" A "\",\"Created\":\"2026-01-02T03:04:05.6Z\",\"Path\":\"httpd\","                  \
	"\"Args\":[\"-f\"],\"Config\":{\"Hostname\":\"" A_SHORT                                        \
	"\",\"ExposedPorts\":{\"80/tcp\":{}},"                                                         \
	"\"Env\":null,\"Labels\":{\"Name\":\"no\",\"maintainer\":\"x\"}},\"Name\":\"" name "\","       \
	"\"Driver\":\"overlay2\",\"NetworkSettings\":{\"Ports\":{\"80/tcp\":[{\"HostIp\":\"0.0.0.0\"," \
	"\"HostPort\":\"8080\"}]}},\"HasBeenStartedBefore\":true}"

/* As Kubernetes makes it through cri-dockerd. */
static const char dockershim[] =
	"{\"ID\":\"" B "\",\"Config\":{\"Labels\":{\"io.kubernetes.container.name\":\"app\","
	"\"io.kubernetes.docker.type\":\"container\",\"io.kubernetes.pod.name\":\"web-0\","
	"\"io.kubernetes.pod.namespace\":\"default\",\"io.kubernetes.pod.uid\":\"1-2\"}},"
	"\"Name\":\"/k8s_app_web-0_default_1-2_0\"}";

static const char containerd_bundle[] =
	"{\"ociVersion\":\"1.1.0\",\"process\":{\"args\":[\"/app\"],\"env\":[\"A=b\"]},\"root\":{"
	"\"path\":\"rootfs\"},\"annotations\":{\"io.kubernetes.cri.container-name\":\"app\","
	"\"io.kubernetes.cri.container-type\":\"container\",\"io.kubernetes.cri.image-name\":\"i\","
	"\"io.kubernetes.cri.sandbox-id\":\"" C "\",\"io.kubernetes.cri.sandbox-name\":\"web-0\","
	"\"io.kubernetes.cri.sandbox-namespace\":\"shop\",\"io.kubernetes.cri.sandbox-uid\":\"1\"},"
	"\"linux\":{\"cgroupsPath\":\"kubepods-pod1.slice:cri-containerd:" A "\"}}";

/* The container that holds a pod's namespaces has no name of its own. */
static const char containerd_sandbox[] =
	"{\"annotations\":{\"io.kubernetes.cri.container-type\":\"sandbox\","
	"\"io.kubernetes.cri.sandbox-id\":\"" B "\",\"io.kubernetes.cri.sandbox-name\":\"web-0\","
	"\"io.kubernetes.cri.sandbox-namespace\":\"shop\"}}";

static const char crio_bundle[] =
	"{\"annotations\":{\"io.container.manager\":\"cri-o\",\"io.kubernetes.container.name\":"
	"\"db\",\"io.kubernetes.cri-o.Name\":\"k8s_db_db-1_shop_1_0\",\"io.kubernetes.pod.name\":"
	"\"db-1\",\"io.kubernetes.pod.namespace\":\"shop\"}}";

/* c/storage's list, as Podman 4.3 has it. */
static const char podman_list[] =
	"[{\"id\":\"" A "\",\"names\":[\"web\",\"other\"],\"image\":\"" C "\",\"layer\":\"" B "\","
	"\"metadata\":\"{\\\"image-name\\\":\\\"localhost/httpd\\\",\\\"name\\\":\\\"no\\\"}\","
	"\"created\":\"2026-01-02T03:04:05Z\",\"flags\":{\"MountLabel\":\"\",\"names\":[\"no\"]}},"
	"{\"id\":\"" B "\",\"names\":[\"db\"],\"image\":\"\",\"layer\":\"\"},"
	"{\"id\":\"" C "\",\"image\":\"\"}]";

struct fixture {
	struct tree tree;
	struct containers *c;
};

static int set_up(void **state)
{
	struct fixture *f = mem_calloc(1, sizeof(*f));

	if (!tree_init(&f->tree))
		return -1;
	/* Users' homes are searched with the users' permissions. */
	if (chmod(f->tree.path, 0755))
		return -1;
	f->c = containers_new(f->tree.root, ".");
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	int err = tree_fini(&f->tree);

	containers_free(f->c);
	free(f);
	return err;
}

/* Before Linux 5.6, and in a valgrind that is not new, no file of a runtime is read. */
static void need_openat2(const struct fixture *f)
{
	struct buf text = { 0 };

	if (store_file_read(f->tree.root, "", &text) == -ENOSYS)
		skip_because("there is no openat2(2)");
}

static void make_folders(const struct fixture *f, const char *path)
{
	char part[512];

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		assert_true((size_t)snprintf(part, sizeof(part), "%.*s", (int)(slash - path),
					     path) < sizeof(part));
		if (mkdirat(f->tree.root, part, 0755))
			assert_int_equal(errno, EEXIST);
	}
}

/* Writes or replaces a file, in folders that are made. */
static void put(const struct fixture *f, const char *path, const char *text)
{
	need_openat2(f);
	make_folders(f, path);
	if (unlinkat(f->tree.root, path, 0))
		assert_int_equal(errno, ENOENT);
	make_file(&f->tree, path, text, strlen(text));
}

static void expect(const struct fixture *f, const char *path, const char *name, const char *id,
		   const char *pod)
{
	const struct container *container = containers_find(f->c, path, strlen(path));

	assert_non_null(container);
	assert_string_equal(container->name, name);
	if (id)
		assert_string_equal(container->id, id);
	else
		assert_null(container->id);
	if (pod)
		assert_string_equal(container->pod, pod);
	else
		assert_null(container->pod);
}

static void docker_names_its_containers(void **state)
{
	struct fixture *f = *state;

	put(f, DOCKER A "/config.v2.json", DOCKER_JSON("/web"));
	put(f, DOCKER B "/config.v2.json", dockershim);
	expect(f, "/docker/" A, "web", A, NULL);
	expect(f, "/system.slice/docker-" A ".scope/inner", "web", A, NULL);
	expect(f, "/kubepods.slice/kubepods-pod1_2.slice/docker-" B ".scope", "app", B,
	       "default/web-0");
	expect(f, "/kubepods/burstable/pod1-2/" B, "app", B, "default/web-0");
	expect(f, "/docker/" C, "cccccccccccc", C, NULL);
	assert_null(containers_find(f->c, "/system.slice/docker.service", 28));
	/* One that is renamed is the old name until the next refresh. */
	put(f, DOCKER A "/config.v2.json", DOCKER_JSON("/shop"));
	expect(f, "/docker/" A, "web", A, NULL);
	containers_clear(f->c);
	expect(f, "/docker/" A, "shop", A, NULL);
}

static void docker_has_its_data_elsewhere(void **state)
{
	struct fixture *f = *state;

	put(f, DOCKER A "/config.v2.json", DOCKER_JSON("/old"));
	put(f, "srv/data/containers/" A "/config.v2.json", DOCKER_JSON("/new"));
	put(f, "etc/docker/daemon.json",
	    "{\"log-opts\":{\"data-root\":\"/no\"},\"data-root\":\"/srv/data\"}");
	expect(f, "/docker/" A, "new", A, NULL);
	for (const char *const *bad =
		     (const char *const[]){ "[\"data-root\"]", "{\"data-root\":\"srv/data\"}",
					    "{\"data-root\":\"/srv\\u0000/data\"}",
					    "{\"data-root\":\"/srv/da*a\"}",
					    "{\"data-root\":\"/../../../srv\"}", "", NULL };
	     *bad; bad++) {
		containers_clear(f->c);
		put(f, "etc/docker/daemon.json", *bad);
		expect(f, "/docker/" A, "old", A, NULL);
	}
}

static void kubernetes_names_containers_and_pods(void **state)
{
	struct fixture *f = *state;

	put(f, CONTAINERD A "/config.json", containerd_bundle);
	put(f, CONTAINERD B "/config.json", containerd_sandbox);
	put(f, CRIO C "/userdata/config.json", crio_bundle);
	expect(f, "/kubepods.slice/kubepods-pod1.slice/cri-containerd-" A ".scope", "app", A,
	       "shop/web-0");
	expect(f, "/kubepods/besteffort/pod1/" A, "app", A, "shop/web-0");
	expect(f, "/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:" A, "app",
	       A, "shop/web-0");
	expect(f, "/kubepods.slice/cri-containerd-" B ".scope", B_SHORT, B, "shop/web-0");
	expect(f, "/kubepods.slice/kubepods-pod1.slice/crio-" C ".scope", "db", C, "shop/db-1");
	expect(f, "/kubepods/pod1/" C, "db", C, "shop/db-1");
}

static void podman_has_a_list(void **state)
{
	struct fixture *f = *state;

	put(f, PODMAN "containers.json", podman_list);
	put(f, PODMAN "volatile-containers.json", "[{\"id\":\"" C "\",\"names\":[\"once\"]}]");
	expect(f, "/machine.slice/libpod-" A ".scope/container", "web", A, NULL);
	/* The list was read, and is not asked again. */
	put(f, PODMAN "containers.json", "[]");
	expect(f, "/machine.slice/libpod-" B ".scope", "db", B, NULL);
	expect(f, "/libpod_parent/libpod-" C, "once", C, NULL);
	containers_clear(f->c);
	expect(f, "/machine.slice/libpod-" A ".scope", A_SHORT, A, NULL);
}

static void names_are_in_the_path(void **state)
{
	struct fixture *f = *state;

	expect(f, "/lxc.payload.web/system.slice/ssh.service", "web", NULL, NULL);
	expect(f, "/lxc.payload/db", "db", NULL, NULL);
	expect(f, "/machine.slice/machine-my\\x2dbox.scope", "my-box", NULL, NULL);
	expect(f, "/machine.slice/systemd-nspawn@a\\x1bb.service/payload", "a\033b", NULL, NULL);
	assert_null(containers_find(f->c, "/machine.slice/libpod-conmon-" A ".scope",
				    sizeof("/machine.slice/libpod-conmon-" A ".scope") - 1));
}

static void give_user_a_home(const struct fixture *f, const char *home)
{
	char passwd[256];

	snprintf(
		passwd, sizeof(passwd),
		"root:x:0:0:root:/root:/bin/sh\nbad:x:1000\nx:x::1000:::\nu:x:1000:1000:U,,,:%s:/bin/sh\n",
		home);
	put(f, "etc/passwd", passwd);
}

static void own(const struct fixture *f, const char *path, uid_t uid)
{
	if (fchownat(f->tree.root, path, uid, uid, AT_SYMLINK_NOFOLLOW))
		assert_int_equal(errno, EPERM);
}

#define HOME_LIST "home/u/.local/share/containers/storage/overlay-containers/containers.json"
#define HOME_DOCKER "home/u/.local/share/docker/containers/"

/* A user's containers are told by that user's files, and nobody else's by them. */
static void users_have_their_own(void **state)
{
	struct fixture *f = *state;

	if (geteuid() != 0 && geteuid() != 1000)
		skip_because("only root may act for another user");
	give_user_a_home(f, "/home/u");
	put(f, HOME_LIST, podman_list);
	put(f, HOME_DOCKER A "/config.v2.json", DOCKER_JSON("/mine"));
	put(f, PODMAN "containers.json", "[{\"id\":\"" A "\",\"names\":[\"roots\"]}]");
	expect(f, USER_CGROUP "libpod-" A ".scope/container", "web", A, NULL);
	expect(f, USER_CGROUP "docker-" A ".scope", "mine", A, NULL);
	expect(f, "/machine.slice/libpod-" A ".scope", "roots", A, NULL);
	expect(f, "/machine.slice/libpod-" B ".scope", B_SHORT, B, NULL);
	expect(f, "/user.slice/user-1001.slice/libpod-" A ".scope", A_SHORT, A, NULL);
}

/* What the user may not read is not read for the user. */
static void users_files_have_their_permissions(void **state)
{
	struct fixture *f = *state;
	gid_t gid = getegid();

	if (geteuid() != 0)
		skip_because("only root has files that a user may not read");
	give_user_a_home(f, "/home/u");
	put(f, HOME_LIST, podman_list);
	assert_int_equal(fchmodat(f->tree.root, HOME_LIST, 0600, 0), 0);
	expect(f, USER_CGROUP "libpod-" A ".scope", A_SHORT, A, NULL);
	own(f, HOME_LIST, 1000);
	containers_clear(f->c);
	expect(f, USER_CGROUP "libpod-" A ".scope", "web", A, NULL);
	/* Root again, with all that root may. */
	put(f, PODMAN "containers.json", podman_list);
	assert_int_equal(fchmodat(f->tree.root, PODMAN "containers.json", 0, 0), 0);
	expect(f, "/machine.slice/libpod-" A ".scope", "web", A, NULL);
	assert_int_equal(getegid(), gid);
}

/* A user can make any cgroup below the user's own, and call it like another's container. */
static void nested_and_foreign_ids_are_not_looked_up(void **state)
{
	struct fixture *f = *state;

	put(f, DOCKER A "/config.v2.json", DOCKER_JSON("/web"));
	expect(f, "/lxc.payload.a/docker/" A, A_SHORT, A, NULL);
	expect(f, USER_CGROUP "docker-" A ".scope", A_SHORT, A, NULL);
	expect(f, "/docker/" A, "web", A, NULL);
}

static void links_are_not_followed(void **state)
{
	struct fixture *f = *state;
	struct buf text = { 0 };

	put(f, "other/" A "/config.v2.json", DOCKER_JSON("/web"));
	make_folders(f, "var/lib/docker/");
	make_link(&f->tree, "var/lib/docker/containers", "../../../other");
	expect(f, "/docker/" A, A_SHORT, A, NULL);
	assert_int_equal(store_file_read(f->tree.root, DOCKER A "/config.v2.json", &text), -ELOOP);
	put(f, "run/target", "{}");
	make_link(&f->tree, "run/link", "target");
	assert_int_equal(store_file_read(f->tree.root, "run/link", &text), -ELOOP);
	assert_int_equal(store_file_read(f->tree.root, "run/../../etc/passwd", &text), -EXDEV);
	assert_int_equal(store_file_read(f->tree.root, "//run/target", &text), 0);
	assert_string_equal(buf_cstr(&text), "{}");
	buf_fini(&text);
}

static void only_regular_files_of_a_size_are_read(void **state)
{
	struct fixture *f = *state;
	struct buf text = { 0 };
	int fd;

	need_openat2(f);
	make_dir(&f->tree, "folder");
	assert_int_equal(store_file_read(f->tree.root, "folder", &text), -EINVAL);
	assert_int_equal(store_file_read(f->tree.root, "", &text), -EINVAL);
	assert_int_equal(store_file_read(f->tree.root, "none", &text), -ENOENT);
	/* Nobody ever writes to it. */
	assert_int_equal(mkfifoat(f->tree.root, "fifo", 0644), 0);
	assert_int_equal(store_file_read(f->tree.root, "fifo", &text), -EINVAL);
	make_file(&f->tree, "large", "x", 1);
	fd = openat(f->tree.root, "large", O_WRONLY | O_CLOEXEC);
	assert_int_equal(ftruncate(fd, STORE_FILE_MAX), 0);
	assert_int_equal(store_file_read(f->tree.root, "large", &text), 0);
	assert_int_equal(text.len, STORE_FILE_MAX);
	assert_int_equal(ftruncate(fd, STORE_FILE_MAX + 1), 0);
	close(fd);
	assert_int_equal(store_file_read(f->tree.root, "large", &text), -EFBIG);
	buf_fini(&text);
}

/* Docker's file with this in place of itself leaves the container its number, or gives this name. */
static void files_that_are_not_what_they_should_be(void **state)
{
	static const struct {
		const char *json;
		const char *name;
	} cases[] = {
		{ "", A_SHORT },
		{ "Name: web", A_SHORT },
		{ "null", A_SHORT },
		{ "[]", A_SHORT },
		{ "[{\"Name\":\"/web\"}]", A_SHORT },
		{ "{\"Name\":7}", A_SHORT },
		{ "{\"Name\":\"\"}", A_SHORT },
		{ "{\"Name\":\"/\"}", A_SHORT },
		{ "{\"Name\":[\"/web\"]}", A_SHORT },
		{ "{\"name\":\"/web\"}", A_SHORT },
		{ "{\"Name\":\"/we\\u0000b\"}", A_SHORT },
		{ "{\"Name\":\"/w\\u001b[2Jb\"}", "w\033[2Jb" },
		{ "{\"Name\":\"/a/b\"}", "a/b" },
		{ "{\"Name\":\"/\xc3\xa4\"}", "\xc3\xa4" },
		{ "{\"Name\":\"/\xff\"}", A_SHORT },
		{ "{\"Name\":\"/web\",\"Name\":\"/no\"}", "web" },
		{ "{\"Name\":\"/web\"", "web" },
		{ "{\"Name\":\"/we", A_SHORT },
		{ "{\"Name\":\"/web\",\"n\":1e999999,\"m\":99999999999999999999999}", "web" },
		{ "{\"Config\":{\"Labels\":{\"io.kubernetes.pod.name\":\"p\"}}}", A_SHORT },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		put(f, DOCKER A "/config.v2.json", cases[i].json);
		containers_clear(f->c);
		expect(f, "/docker/" A, cases[i].name, A, NULL);
	}
}

static void names_that_are_too_long(void **state)
{
	struct fixture *f = *state;
	struct buf json = { 0 };

	need_openat2(f);
	for (size_t len = 255; len <= 256; len++) {
		const struct container *container;

		buf_clear(&json);
		buf_str(&json, "{\"Name\":\"");
		buf_fill(&json, 'n', len);
		buf_str(&json, "\"}");
		put(f, DOCKER A "/config.v2.json", buf_cstr(&json));
		containers_clear(f->c);
		container = containers_find(f->c, "/docker/" A, sizeof("/docker/" A) - 1);
		assert_int_equal(strlen(container->name), len == 255 ? 255 : strlen(A_SHORT));
	}
	buf_fini(&json);
}

static void lists_with_ids_that_are_none(void **state)
{
	struct fixture *f = *state;

	put(f, PODMAN "containers.json",
	    "[{\"id\":\"../../../etc\",\"names\":[\"a\"]},{\"id\":\"\",\"names\":[\"b\"]},"
	    "{\"id\":\"" A "0\",\"names\":[\"c\"]},{\"names\":[\"d\"]},7,\"x\",[[\"" A "\"]],"
	    "{\"names\":[\"late\"],\"id\":\"" A "\"},{\"id\":\"" A "\",\"names\":[\"second\"]},"
	    "{\"id\":\"" B "\",\"names\":[\"cut");
	expect(f, "/machine.slice/libpod-" A ".scope", "late", A, NULL);
	expect(f, "/machine.slice/libpod-" B ".scope", B_SHORT, B, NULL);
}

static void no_root_is_no_error(void **state)
{
	struct fixture f = { .c = containers_new(-1, NULL) };

	(void)state;
	expect(&f, "/docker/" A, A_SHORT, A, NULL);
	expect(&f, USER_CGROUP "libpod-" A ".scope", A_SHORT, A, NULL);
	containers_free(f.c);
	containers_free(NULL);
}

/* Adds "ITEM PATH=TEXT;". */
static bool note(void *data, const char *path, size_t item, const char *text, size_t len)
{
	struct buf *out = data;

	buf_printf(out, "%zu %s=", item, path);
	buf_add(out, text, len);
	buf_char(out, ';');
	return memcmp(text, "stop", len < 4 ? len : 4) != 0 || !len;
}

static void strings_stand_where_they_are(void **state)
{
	static const struct {
		const char *json;
		int result;
		const char *strings;
	} cases[] = {
		{ "\"a\"", 0, "0 =a;" },
		{ "{\"a\":\"b\",\"c\":{\"d\":[\"e\",[\"f\"],{\"g\":\"h\"}],\"i\":\"j\"}}", 0,
		  "0 a=b;0 c/d/[]=e;0 c/d/[]/[]=f;0 c/d/[]/g=h;0 c/i=j;" },
		{ "[\"a\",1,null,true,{\"b\":\"c\"},[\"d\"],\"e\"]", 0,
		  "1 []=a;5 []/b=c;6 []/[]=d;7 []=e;" },
		{ "{\"a\":\"stop\",\"b\":\"c\"}", 0, "0 a=stop;" },
		{ "{\"a\":\"b\"} x", -EINVAL, "0 a=b;" },
		{ "{\"a\":\"b\"", -EINVAL, "0 a=b;" },
		{ "", -EINVAL, "" },
		{ "{a:1}", -EINVAL, "" },
		{ "{\"a\":\"\xff\"}", -EINVAL, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf strings = { 0 };

		assert_int_equal(json_strings(cases[i].json, strlen(cases[i].json), note, &strings),
				 cases[i].result);
		assert_string_equal(buf_cstr(&strings), cases[i].strings);
		buf_fini(&strings);
	}
}

static void depth_has_a_limit(void **state)
{
	struct buf json = { 0 }, strings = { 0 };

	(void)state;
	for (size_t depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
		buf_clear(&json);
		buf_fill(&json, '[', depth);
		buf_fill(&json, ']', depth);
		assert_int_equal(json_strings(json.data, json.len, note, &strings),
				 depth == JSON_DEPTH_MAX ? 0 : -EINVAL);
	}
	buf_fini(&json);
	buf_fini(&strings);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(docker_names_its_containers),
		TEST(docker_has_its_data_elsewhere),
		TEST(kubernetes_names_containers_and_pods),
		TEST(podman_has_a_list),
		TEST(names_are_in_the_path),
		TEST(users_have_their_own),
		TEST(users_files_have_their_permissions),
		TEST(nested_and_foreign_ids_are_not_looked_up),
		TEST(links_are_not_followed),
		TEST(only_regular_files_of_a_size_are_read),
		TEST(files_that_are_not_what_they_should_be),
		TEST(names_that_are_too_long),
		TEST(lists_with_ids_that_are_none),
		cmocka_unit_test(no_root_is_no_error),
		cmocka_unit_test(strings_stand_where_they_are),
		cmocka_unit_test(depth_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
