/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the systemd unit and the container in the path of a cgroup. */
#include <config.h>

#include "resolve/cgroup_text.h"

#include <string.h>

#include "base/buf.h"
#include "base/number.h"

#define SHORT_ID_DIGITS 12U

struct part {
	const char *at;
	size_t len;
};

/* Splits the last component off the first *len bytes of the path; *len shrinks accordingly. */
static bool last_part(const char *path, size_t *len, struct part *out)
{
	size_t end = *len, start;

	while (end && path[end - 1] == '/')
		end--;
	for (start = end; start && path[start - 1] != '/'; start--)
		;
	*out = (struct part){ path + start, end - start };
	*len = start;
	return out->len;
}

static bool strip_prefix(struct part *p, const char *prefix)
{
	size_t n = strlen(prefix);

	if (p->len < n || memcmp(p->at, prefix, n) != 0)
		return false;
	p->at += n;
	p->len -= n;
	return true;
}

static bool strip_suffix(struct part *p, const char *suffix)
{
	size_t n = strlen(suffix);

	if (p->len < n || memcmp(p->at + p->len - n, suffix, n) != 0)
		return false;
	p->len -= n;
	return true;
}

bool cgroup_unit(const char *path, size_t len, const char **unit, size_t *unit_len)
{
	static const char *const suffixes[] = { ".service", ".scope", ".socket", ".mount",
						".swap" };
	struct part part;

	while (last_part(path, &len, &part)) {
		/* systemd's escape for a name that clashes with a file of the kernel. */
		strip_prefix(&part, "_");
		for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
			struct part name = part;

			if (!strip_suffix(&name, suffixes[i]) || !name.len)
				continue;
			*unit = part.at;
			*unit_len = part.len;
			return true;
		}
	}
	return false;
}

static bool is_part(const struct part *p, const char *text)
{
	return p->len == strlen(text) && !memcmp(p->at, text, p->len);
}

/* The runtime that a part or its folder names; CONTAINER_ANY for a word that says nothing. */
static enum container_runtime runtime_of(struct part word, const struct part *folder)
{
	static const struct {
		const char *word;
		enum container_runtime runtime;
	} words[] = {
		{ "docker", CONTAINER_DOCKER },
		{ "libpod", CONTAINER_PODMAN },
		{ "cri-containerd", CONTAINER_CONTAINERD },
		{ "nerdctl", CONTAINER_CONTAINERD },
		{ "crio", CONTAINER_CRIO },
	};
	const char *colon = memrchr(word.at, ':', word.len);

	if (colon) {
		word.len -= (size_t)(colon + 1 - word.at);
		word.at = colon + 1;
	}
	if (!word.len)
		word = *folder;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (is_part(&word, words[i].word))
			return words[i].runtime;
	return CONTAINER_ANY;
}

/*
 * RUNTIME-ID.scope as systemd's way of cgroups has it, SLICE:RUNTIME:ID where a runtime was told of
 * systemd's and uses the other, or just ID.
 */
static bool find_id(struct part part, const struct part *folder, struct cgroup_container *out)
{
	struct part word = part;
	const char *id;

	strip_suffix(&word, ".scope");
	if (word.len < CONTAINER_ID_DIGITS)
		return false;
	word.len -= CONTAINER_ID_DIGITS;
	id = word.at + word.len;
	for (size_t i = 0; i < CONTAINER_ID_DIGITS; i++)
		if ((id[i] < '0' || id[i] > '9') && (id[i] < 'a' || id[i] > 'f'))
			return false;
	if (word.len && !strip_suffix(&word, "-") && !strip_suffix(&word, ":"))
		return false;
	/* The monitor runs beside its container, in the host's namespaces. */
	if (strip_suffix(&word, "-conmon"))
		return false;
	out->id = id;
	out->runtime = runtime_of(word, folder);
	return true;
}

static bool find_name(struct part part, struct part folder, struct cgroup_container *out)
{
	/* First LXC 4 and later, then older versions. */
	if (strip_prefix(&part, "lxc.payload.") || is_part(&folder, "lxc.payload"))
		out->runtime = CONTAINER_LXC;
	else if (is_part(&folder, "machine.slice") &&
		 (strip_prefix(&part, "systemd-nspawn@")
			  ? strip_suffix(&part, ".service")
			  : strip_prefix(&part, "machine-") && strip_suffix(&part, ".scope")))
		out->runtime = CONTAINER_MACHINE;
	else
		return false;
	out->name = part.at;
	out->name_len = part.len;
	return part.len && !memchr(part.at, '\0', part.len);
}

/* The innermost container of the first *len bytes; *len shrinks to what stands before it. */
static bool find_container(const char *path, size_t *len, struct cgroup_container *out)
{
	struct part part, folder;

	*out = (struct cgroup_container){ 0 };
	while (last_part(path, len, &part)) {
		size_t before = *len;

		last_part(path, &before, &folder);
		if (find_id(part, &folder, out) || find_name(part, folder, out))
			return true;
	}
	return false;
}

/* The user N of "/user.slice/user-N.slice/...", which nobody but N and root can be below. */
static uint32_t user_of(const char *path, size_t len)
{
	struct part rest = { path, len };
	const char *end;
	uint64_t uid;

	if (!strip_prefix(&rest, "/user.slice/user-"))
		return 0;
	end = memchr(rest.at, '.', rest.len);
	if (!end || number_parse(rest.at, (size_t)(end - rest.at), UINT32_MAX - 1, &uid))
		return 0;
	return (uint32_t)uid;
}

bool cgroup_container(const char *path, size_t len, struct cgroup_container *out)
{
	struct cgroup_container outer;
	size_t before = len;

	if (!find_container(path, &before, out))
		return false;
	out->is_nested = find_container(path, &before, &outer);
	out->uid = user_of(path, len);
	return true;
}

/* A \xNN that stands for a byte other than NUL. */
static bool is_escape(const char *at, size_t len, uint64_t *byte)
{
	return len >= 4 && at[0] == '\\' && at[1] == 'x' &&
	       !number_parse_hex(at + 2, 2, 0xff, byte) && *byte;
}

void cgroup_container_name(const struct cgroup_container *container, struct buf *out)
{
	if (container->id) {
		buf_add(out, container->id, SHORT_ID_DIGITS);
		return;
	}
	for (size_t i = 0; i < container->name_len; i++) {
		uint64_t byte;

		if (container->runtime == CONTAINER_MACHINE &&
		    is_escape(container->name + i, container->name_len - i, &byte)) {
			buf_char(out, (char)byte);
			i += 3;
		} else {
			buf_char(out, container->name[i]);
		}
	}
}
