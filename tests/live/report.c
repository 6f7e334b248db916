/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the sockets that opensock opened: a line of JSON for each. */
#include <config.h>

#include "opensock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { LINE_SIZE = 8192 };

/* A line is written at once: several processes share the stream. */
struct line {
	char text[LINE_SIZE];
	size_t len;
};

static void __attribute__((format(printf, 2, 3))) put(struct line *l, const char *format, ...)
{
	size_t room = sizeof(l->text) - l->len;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(l->text + l->len, room, format, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= room)
		die("a line is longer than %d bytes", LINE_SIZE);
	l->len += (size_t)n;
}

static void put_string(struct line *l, const char *key, const char *value)
{
	if (value)
		put(l, "\"%s\":\"%s\",", key, value);
	else
		put(l, "\"%s\":null,", key);
}

/* side: "local" or "peer".  Raw sockets have an address and no port. */
static void put_end(struct line *l, const char *side, const struct sockaddr_storage *sa,
		    bool has_port)
{
	char text[INET6_ADDRSTRLEN];
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (!sa->ss_family) {
		put(l, "\"%s_addr\":null,\"%s_port\":null,", side, side);
		return;
	}
	memcpy(&v4, sa, sizeof(v4));
	memcpy(&v6, sa, sizeof(v6));
	inet_ntop(sa->ss_family,
		  sa->ss_family == AF_INET ? (const void *)&v4.sin_addr : &v6.sin6_addr, text,
		  sizeof(text));
	put(l, "\"%s_addr\":\"%s\",", side, text);
	if (has_port)
		put(l, "\"%s_port\":%u,", side, ntohs(v4.sin_port));
	else
		put(l, "\"%s_port\":null,", side);
}

/* All of them have the name of who reports them: they are it, or were forked from it. */
static void put_name(struct line *l)
{
	char name[PROCESS_NAME_SIZE + 1] = "";

	if (prctl(PR_GET_NAME, name))
		die("PR_GET_NAME: %s", strerror(errno));
	put(l, "\"name_hex\":\"");
	for (size_t i = 0; name[i]; i++)
		put(l, "%02x", (unsigned char)name[i]);
	put(l, "\"");
}

static const char *via_name(const struct spec *spec, const struct opened *o)
{
	static const char *const names[] = {
		[HOLD_FD] = "fd",
		[HOLD_THREAD] = "thread",
		[HOLD_LEADER_GONE] = "thread",
		[HOLD_IO_URING] = "io_uring",
	};

	return o->listener >= 0 ? "listener" : names[spec->hold];
}

/* The number is known of descriptors alone: a ring's place of a file is not one. */
static void put_owners(struct line *l, const struct spec *spec, const struct opened *o,
		       const pid_t *pids, size_t n_pids)
{
	int fd = o->listener >= 0 ? o->listener : o->fd;
	bool is_held = fd >= 0 && spec->hold != HOLD_IN_FLIGHT;

	put(l, "\"owners\":[");
	for (size_t i = 0; is_held && i < n_pids; i++) {
		put(l, "%s{\"pid\":%ld,\"via\":\"%s\",", i ? "," : "", (long)pids[i],
		    via_name(spec, o));
		if (spec->hold != HOLD_IO_URING)
			put(l, "\"fd\":%d,", fd);
		put_name(l);
		put(l, "}");
	}
	put(l, "],");
	put_string(l, "owner_note", is_held || o->note ? o->note : "unheld");
}

static void report_one(const struct spec *spec, const struct opened *o, const pid_t *pids,
		       size_t n_pids)
{
	bool has_port = strcmp(spec->kind->proto, "raw") != 0;
	struct line l = { .len = 0 };

	put(&l, "{");
	put_string(&l, "proto", spec->kind->proto);
	put_string(&l, "family", o->local.ss_family == AF_INET ? "inet" : "inet6");
	put_string(&l, "state", o->state);
	put_end(&l, "local", &o->local, has_port);
	put_end(&l, "peer", &o->peer, has_port);
	put_owners(&l, spec, o, pids, n_pids);
	if (!has_port)
		put(&l, "\"ip_protocol\":%d,", spec->protocol);
	if (o->v6only >= 0)
		put(&l, "\"dual_stack\":%s,", o->v6only || !has_port ? "false" : "true");
	if (o->recv_q >= 0)
		put(&l, "\"recv_q\":%d,\"send_q\":%d,", o->recv_q, o->send_q);
	if (o->cookie)
		put(&l, "\"cookie\":\"%016llx\",", (unsigned long long)o->cookie);
	if (o->inode)
		put(&l, "\"inode\":%llu,", (unsigned long long)o->inode);
	else
		put(&l, "\"inode\":null,");
	put_string(&l, "iface", spec->dev);
	l.text[l.len - 1] = '}';
	put(&l, "\n");
	if (write(STDOUT_FILENO, l.text, l.len) != (ssize_t)l.len)
		die("standard output: %s", strerror(errno));
}

void report(const struct spec *spec, const struct socks *socks, const pid_t *pids, size_t n_pids)
{
	for (size_t i = 0; i < socks->n; i++)
		report_one(spec, &socks->list[i], pids, n_pids);
}
