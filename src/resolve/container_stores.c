/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What container runtimes keep on disk about their containers. */
#include <config.h>

#include "resolve/container_stores.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/number.h"
#include "resolve/cgroup_text.h"
#include "resolve/json_strings.h"
#include "resolve/store_file.h"

/* The longest name that is believed: Kubernetes allows 253, a cgroup's folder 255. */
#define NAME_MAX_BYTES 255U

enum text {
	TEXT_ID,
	TEXT_NAME,
	TEXT_KUBE_NAME, /* of the container within its pod; goes before the runtime's own */
	TEXT_KUBE_NAMESPACE,
	TEXT_KUBE_POD,
	TEXT_N,
};

/* Where a text stands in a document, see json_string_fn. */
struct key {
	const char *path;
	enum text text;
};

static const struct key docker_keys[] = {
	{ "Name", TEXT_NAME },
	{ "Config/Labels/io.kubernetes.container.name", TEXT_KUBE_NAME },
	{ "Config/Labels/io.kubernetes.pod.namespace", TEXT_KUBE_NAMESPACE },
	{ "Config/Labels/io.kubernetes.pod.name", TEXT_KUBE_POD },
	{ NULL, TEXT_N },
};

static const struct key bundle_keys[] = {
	{ "annotations/io.kubernetes.cri.container-name", TEXT_KUBE_NAME },
	{ "annotations/io.kubernetes.cri.sandbox-namespace", TEXT_KUBE_NAMESPACE },
	{ "annotations/io.kubernetes.cri.sandbox-name", TEXT_KUBE_POD },
	{ "annotations/io.kubernetes.container.name", TEXT_KUBE_NAME },
	{ "annotations/io.kubernetes.pod.namespace", TEXT_KUBE_NAMESPACE },
	{ "annotations/io.kubernetes.pod.name", TEXT_KUBE_POD },
	{ NULL, TEXT_N },
};

static const struct key list_keys[] = {
	{ "[]/id", TEXT_ID },
	{ "[]/names/[]", TEXT_NAME },
	{ NULL, TEXT_N },
};

#define CONTAINERD "io.containerd.runtime.v2.task/k8s.io/*/config.json"
#define DOCKER "/containers/*/config.v2.json"

/* Podman's containers that are removed when they end are in a list of their own. */
#define LIST "-containers/containers.json"
#define VOLATILE_LIST "-containers/volatile-containers.json"

/* Below "/", or for users' runtimes below the home; "*" stands for the id. */
static const struct store {
	enum container_runtime runtime;
	bool is_users;
	const char *path;
	const struct key *keys;
} stores[] = {
	/* clang-format off */
	{ CONTAINER_CONTAINERD, false, "run/containerd/" CONTAINERD, bundle_keys },
	{ CONTAINER_CONTAINERD, false, "run/k3s/containerd/" CONTAINERD, bundle_keys },
	{ CONTAINER_CRIO, false, "run/containers/storage/overlay-containers/*/userdata/config.json",
	  bundle_keys },
	{ CONTAINER_DOCKER, false, "var/lib/docker" DOCKER, docker_keys },
	{ CONTAINER_DOCKER, false, "var/snap/docker/common/var-lib-docker" DOCKER, docker_keys },
	{ CONTAINER_DOCKER, true, ".local/share/docker" DOCKER, docker_keys },
	{ CONTAINER_PODMAN, false, "var/lib/containers/storage/overlay" LIST, list_keys },
	{ CONTAINER_PODMAN, false, "var/lib/containers/storage/overlay" VOLATILE_LIST, list_keys },
	{ CONTAINER_PODMAN, false, "var/lib/containers/storage/vfs" LIST, list_keys },
	{ CONTAINER_PODMAN, false, "var/lib/containers/storage/vfs" VOLATILE_LIST, list_keys },
	{ CONTAINER_PODMAN, true, ".local/share/containers/storage/overlay" LIST, list_keys },
	{ CONTAINER_PODMAN, true, ".local/share/containers/storage/overlay" VOLATILE_LIST, list_keys },
	{ CONTAINER_PODMAN, true, ".local/share/containers/storage/vfs" LIST, list_keys },
	{ CONTAINER_PODMAN, true, ".local/share/containers/storage/vfs" VOLATILE_LIST, list_keys },
	/* clang-format on */
};

struct reader {
	int root;
	const struct cgroup_container *container;
	const struct store_user *user; /* NULL: the system's runtimes */
	const struct key *keys; /* of the file that is read */
	size_t item; /* of the list, to which the texts belong */
	struct buf texts[TEXT_N];
	container_record_fn *fn;
	void *data;
	bool has_found;
};

static bool is_id(const char *text)
{
	return strlen(text) == CONTAINER_ID_DIGITS &&
	       strspn(text, "0123456789abcdef") == CONTAINER_ID_DIGITS;
}

/* NULL for an empty text. */
static const char *text_of(struct reader *r, enum text text)
{
	return r->texts[text].len ? buf_cstr(&r->texts[text]) : NULL;
}

static void end_record(struct reader *r)
{
	struct container_record record = {
		.id = text_of(r, TEXT_ID),
		.name = text_of(r, TEXT_KUBE_NAME),
		.kube_namespace = text_of(r, TEXT_KUBE_NAMESPACE),
		.kube_pod = text_of(r, TEXT_KUBE_POD),
	};

	if (!record.name)
		record.name = text_of(r, TEXT_NAME);
	if (!record.kube_namespace || !record.kube_pod)
		record.kube_namespace = record.kube_pod = NULL;
	if (record.id && is_id(record.id) && (record.name || record.kube_pod)) {
		r->has_found = true;
		r->fn(r->data, &record);
	}
	for (size_t i = 0; i < TEXT_N; i++)
		buf_clear(&r->texts[i]);
}

static bool keep_text(void *data, const char *path, size_t item, const char *text, size_t len)
{
	struct reader *r = data;
	const struct key *key = r->keys;

	if (item != r->item)
		end_record(r);
	r->item = item;
	while (key->path && strcmp(key->path, path) != 0)
		key++;
	/* Docker writes "/web". */
	if (key->text == TEXT_NAME && len && *text == '/') {
		text++;
		len--;
	}
	/* The first of several names, and of a key that is there twice. */
	if (key->path && len && len <= NAME_MAX_BYTES && !memchr(text, '\0', len) &&
	    !r->texts[key->text].len)
		buf_add(&r->texts[key->text], text, len);
	return true;
}

static int read_file(const struct reader *r, const char *path, struct buf *out)
{
	return r->user ? store_user_file_read(r->root, r->user, path, out)
		       : store_file_read(r->root, path, out);
}

static void read_store(struct reader *r, const char *pattern, const struct key *keys)
{
	const char *star = strchr(pattern, '*');
	struct buf path = { 0 }, json = { 0 };

	r->keys = keys;
	r->item = 0;
	if (star) {
		buf_add(&path, pattern, (size_t)(star - pattern));
		buf_add(&path, r->container->id, CONTAINER_ID_DIGITS);
		buf_str(&path, star + 1);
		buf_add(&r->texts[TEXT_ID], r->container->id, CONTAINER_ID_DIGITS);
	} else {
		buf_str(&path, pattern);
	}
	/* Of a file that is cut, what came before the cut is as good as it was. */
	if (!read_file(r, buf_cstr(&path), &json))
		(void)json_strings(json.data, json.len, keep_text, r);
	end_record(r);
	buf_fini(&json);
	buf_fini(&path);
}

static bool keep_data_root(void *data, const char *path, size_t item, const char *text, size_t len)
{
	struct buf *out = data;

	(void)item;
	if (!strcmp(path, "data-root") && len && *text == '/' && !memchr(text, '\0', len) &&
	    !memchr(text, '*', len))
		buf_add(out, text, len);
	return !out->len;
}

/* Where the configuration of Docker's daemon says that its data are; it has the last word. */
static void read_configured_docker(struct reader *r)
{
	struct buf json = { 0 }, pattern = { 0 };

	/* A user's data root would be named from "/", and need not be below the home. */
	if (!r->user && !store_file_read(r->root, "etc/docker/daemon.json", &json))
		(void)json_strings(json.data, json.len, keep_data_root, &pattern);
	if (pattern.len) {
		buf_str(&pattern, DOCKER);
		read_store(r, buf_cstr(&pattern), docker_keys);
	}
	buf_fini(&pattern);
	buf_fini(&json);
}

/* Field i of a line of passwd(5). */
static bool passwd_field(const char *line, size_t len, unsigned int i, const char **at, size_t *n)
{
	const char *end = line + len, *colon;

	for (; i; i--, line = colon + 1) {
		colon = memchr(line, ':', (size_t)(end - line));
		if (!colon)
			return false;
	}
	colon = memchr(line, ':', (size_t)(end - line));
	*at = line;
	*n = (size_t)((colon ? colon : end) - line);
	return true;
}

/* Sets *user from this line of passwd(5) where it is that of the uid. */
static bool read_user(const char *line, size_t len, uint32_t uid, struct buf *home,
		      struct store_user *user)
{
	const char *at;
	uint64_t number;
	size_t n;

	if (!passwd_field(line, len, 2, &at, &n) || number_parse(at, n, UINT32_MAX, &number) ||
	    number != uid)
		return false;
	if (!passwd_field(line, len, 3, &at, &n) || number_parse(at, n, UINT32_MAX, &number) ||
	    !passwd_field(line, len, 5, &at, &n) || !n || *at != '/')
		return false;
	buf_add(home, at, n);
	*user = (struct store_user){ uid, (gid_t)number, buf_cstr(home) };
	return true;
}

/* Not from NSS, which may ask a network, and knows only the users of our own root. */
static bool find_user(int root, uint32_t uid, struct buf *home, struct store_user *user)
{
	struct buf passwd = { 0 };
	bool is_found = false;

	if (!store_file_read(root, "etc/passwd", &passwd))
		for (size_t at = 0; at < passwd.len && !is_found;) {
			const char *line = passwd.data + at;
			const char *newline = memchr(line, '\n', passwd.len - at);
			size_t len = newline ? (size_t)(newline - line) : passwd.len - at;

			is_found = read_user(line, len, uid, home, user);
			at += len + 1;
		}
	buf_fini(&passwd);
	return is_found;
}

static bool may_hold(const struct store *store, const struct reader *r)
{
	enum container_runtime runtime = r->container->runtime;

	if (store->is_users != (r->user != NULL))
		return false;
	return store->runtime == runtime ||
	       (runtime == CONTAINER_ANY && store->runtime != CONTAINER_PODMAN);
}

void container_stores_read(int root, const struct cgroup_container *container,
			   container_record_fn *fn, void *data)
{
	struct reader r = { .root = root, .container = container, .fn = fn, .data = data };
	bool is_dockers =
		container->runtime == CONTAINER_DOCKER || container->runtime == CONTAINER_ANY;
	struct buf home = { 0 };
	struct store_user user;
	bool is_known = true;

	if (container->uid) {
		is_known = find_user(root, container->uid, &home, &user);
		r.user = &user;
	}
	if (is_known && is_dockers)
		read_configured_docker(&r);
	for (size_t i = 0; is_known && i < sizeof(stores) / sizeof(*stores); i++) {
		bool is_list = stores[i].keys == list_keys;

		if (may_hold(&stores[i], &r) && (is_list || !r.has_found))
			read_store(&r, stores[i].path, stores[i].keys);
	}
	for (size_t i = 0; i < TEXT_N; i++)
		buf_fini(&r.texts[i]);
	buf_fini(&home);
}
