/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the systemd unit and the container in the path of a cgroup. */
#include <config.h>

#include "resolve/cgroup_text.h"

#include <string.h>

#include "base/buf.h"
#include "base/number.h"

#define ID_DIGITS 64U
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

/* RUNTIME-ID.scope (the systemd cgroup driver) or a plain ID (cgroupfs). */
static bool add_id(struct part part, struct buf *out)
{
	struct part prefix;

	strip_suffix(&part, ".scope");
	if (part.len < ID_DIGITS)
		return false;
	prefix = (struct part){ part.at, part.len - ID_DIGITS };
	if (prefix.len && (prefix.at[prefix.len - 1] != '-' || strip_suffix(&prefix, "conmon-")))
		return false;
	part.at += prefix.len;
	for (size_t i = 0; i < ID_DIGITS; i++)
		if ((part.at[i] < '0' || part.at[i] > '9') &&
		    (part.at[i] < 'a' || part.at[i] > 'f'))
			return false;
	buf_add(out, part.at, SHORT_ID_DIGITS);
	return true;
}

/* Adds the name of a unit with \xNN decoded (systemd.unit(5)).  False if it encodes a NUL. */
static bool add_unescaped(const struct part *name, struct buf *out)
{
	for (size_t i = 0; i < name->len; i++) {
		uint64_t byte;

		if (name->len - i >= 4 && name->at[i] == '\\' && name->at[i + 1] == 'x' &&
		    !number_parse_hex(name->at + i + 2, 2, 0xff, &byte) && byte) {
			buf_char(out, (char)byte);
			i += 3;
		} else {
			buf_char(out, name->at[i]);
		}
	}
	return name->len;
}

static bool add_name(struct part part, const struct part *parent, struct buf *out)
{
	struct part folder = *parent;

	/* First LXC 4 and later, then older versions. */
	if ((strip_prefix(&part, "lxc.payload.") && part.len) ||
	    (part.len && folder.len == 11 && strip_prefix(&folder, "lxc.payload"))) {
		buf_add(out, part.at, part.len);
		return true;
	}
	if (folder.len != 13 || !strip_prefix(&folder, "machine.slice"))
		return false;
	if (strip_prefix(&part, "systemd-nspawn@"))
		return strip_suffix(&part, ".service") && add_unescaped(&part, out);
	return strip_prefix(&part, "machine-") && strip_suffix(&part, ".scope") &&
	       add_unescaped(&part, out);
}

bool cgroup_container(const char *path, size_t len, struct buf *out)
{
	struct part part, parent;

	while (last_part(path, &len, &part)) {
		size_t before = len;

		last_part(path, &before, &parent);
		if (add_id(part, out) || add_name(part, &parent, out))
			return true;
	}
	return false;
}
