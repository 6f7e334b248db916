/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which parts of netfilter the kernel has loaded, found out without making it load any. */
#include <config.h>

#include "resolve/nf_loaded.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"

/* /proc/kallsyms of a distribution's kernel has 12 MiB. */
#define FILE_MAX ((size_t)64 << 20)

static int read_at(int folder, const char *path, struct buf *out)
{
	int fd = openat(folder, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err;

	if (fd < 0)
		return -errno;
	buf_clear(out);
	err = io_read_all(fd, FILE_MAX, out);
	close(fd);
	return err;
}

/* Takes a line off what is left of a text; NULL where nothing is left. */
static const char *next_line(char **left)
{
	char *line = strsep(left, "\n");

	return line && (*line || *left) ? line : NULL;
}

/* "sk Eth Pid ...": the protocol, and 0 for the kernel's own socket. */
static bool has_netlink_protocol(char *text, int protocol)
{
	for (const char *line; (line = next_line(&text));) {
		char *port, *end;

		/* The heading has no numbers. */
		line += strcspn(line, " ");
		if (strtol(line, &port, 10) == protocol && port != line &&
		    !strtoul(port, &end, 10) && end != port)
			return true;
	}
	return false;
}

static bool has_line_of(char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *line; (line = next_line(&text));)
		if (!strncmp(line, word, len) && line[len] == ' ')
			return true;
	return false;
}

static bool has_netfilter_netlink(int proc_root, struct buf *text)
{
	return !read_at(proc_root, "thread-self/net/netlink", text) &&
	       has_netlink_protocol((buf_char(text, '\0'), text->data), NETLINK_NETFILTER);
}

/* A part of netfilter: its module, and a function that it has, by which kallsyms tells it. */
struct part {
	const char *module;
	const char *file;
	const char *symbol;
};

/* -ENOENT: nothing tells. */
static int is_built_in(int proc_root, const char *modules, const struct part *part,
		       struct buf *text)
{
	char path[512];
	struct utsname kernel;

	if (!modules && uname(&kernel))
		return -errno;
	if (modules)
		snprintf(path, sizeof(path), "%s/modules.builtin", modules);
	else
		snprintf(path, sizeof(path), "/lib/modules/%s/modules.builtin", kernel.release);
	if (!read_at(AT_FDCWD, path, text))
		return strstr(buf_cstr(text), part->file) != NULL;
	if (!read_at(proc_root, "kallsyms", text))
		return strstr(buf_cstr(text), part->symbol) != NULL;
	return -ENOENT;
}

static bool is_loaded(int proc_root, const char *modules, const struct part *part)
{
	struct buf text = { 0 };
	bool result = false;

	if (has_netfilter_netlink(proc_root, &text)) {
		int err = read_at(proc_root, "modules", &text);

		if (err == -ENOENT)
			result = true;
		else
			result = (!err &&
				  has_line_of((buf_char(&text, '\0'), text.data), part->module)) ||
				 is_built_in(proc_root, modules, part, &text) > 0;
	}
	buf_fini(&text);
	return result;
}

bool nf_tables_is_loaded(int proc_root, const char *modules)
{
	static const struct part part = { "nf_tables", "/nf_tables.ko", " nft_register_expr\n" };

	return is_loaded(proc_root, modules, &part);
}

bool nf_conntrack_is_loaded(int proc_root, const char *modules)
{
	static const struct part part = { "nf_conntrack_netlink", "/nf_conntrack_netlink.ko",
					  " ctnetlink_net_init\n" };

	return is_loaded(proc_root, modules, &part);
}

int nf_legacy_tables(int folder, enum addr_family family, struct buf *out)
{
	struct buf text = { 0 };
	int err = read_at(folder,
			  family == ADDR_INET ? "net/ip_tables_names" : "net/ip6_tables_names",
			  &text);
	char *left;
	int n = 0;

	if (!err) {
		buf_char(&text, '\0');
		left = text.data;
		for (const char *line; (line = next_line(&left)); n++) {
			if (n)
				buf_char(out, ' ');
			buf_str(out, line);
		}
	}
	buf_fini(&text);
	return err ? err : n;
}
