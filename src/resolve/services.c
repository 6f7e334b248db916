/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Service names: /etc/services first, then the IANA registry that is compiled in. */
#include <config.h>

#include "resolve/services.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/text.h"
#include "model/port_set.h"
#include "resolve/iana_services.h"

/* A longer line is not one of services(5). */
#define LINE_MAX_BYTES (64U << 10)

/* A name or alias of a port in the file. */
struct entry {
	size_t name; /* offset in names, NUL-terminated */
	uint32_t len;
	uint16_t port;
};

struct services {
	struct entry *entries;
	size_t n;
	size_t cap;
	struct buf names;
	struct map by_port; /* port_key() to the index of its entry */
};

/* A word of a line.  White space separates words; "#" starts a comment. */
struct word {
	const char *at;
	size_t len;
};

/* The key of a port.  proto: a PROTO_BIT() if the protocol has its own service names, else 0. */
static uint64_t port_key(unsigned int proto, uint16_t port)
{
	return (uint64_t)proto << 16 | port;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Splits the next word off the line.  False if there is none. */
static bool next_word(const char **line, const char *end, struct word *out)
{
	const char *at = *line;

	while (at < end && is_blank(*at))
		at++;
	out->at = at;
	while (at < end && !is_blank(*at) && *at != '#')
		at++;
	out->len = (size_t)(at - out->at);
	*line = at < end && *at == '#' ? end : at;
	return out->len;
}

/* Parses PORT/PROTOCOL; the protocol becomes a PROTO_BIT(). */
static bool parse_port(const struct word *w, uint16_t *port, unsigned int *proto_bit)
{
	const char *slash = memchr(w->at, '/', w->len);
	enum sock_proto proto;
	uint64_t number;
	size_t digits;

	if (!slash)
		return false;
	digits = (size_t)(slash - w->at);
	if (number_parse(w->at, digits, PORT_MAX, &number))
		return false;
	*port = (uint16_t)number;
	if (!proto_parse(slash + 1, w->len - digits - 1, &proto))
		return false;
	*proto_bit = PROTO_BIT(proto);
	return proto_rows[proto].services == *proto_bit;
}

static void add_entry(struct services *s, const struct word *name, uint16_t port)
{
	s->entries = mem_grow(s->entries, s->n, &s->cap, sizeof(*s->entries));
	s->entries[s->n++] = (struct entry){
		.name = s->names.len,
		.len = (uint32_t)name->len,
		.port = port,
	};
	buf_add(&s->names, name->at, name->len);
	buf_char(&s->names, '\0');
}

static void read_line(struct services *s, const char *line, size_t len)
{
	const char *end = line + len;
	struct word name, where;
	unsigned int proto_bit;
	uint16_t port;

	if (len > LINE_MAX_BYTES || memchr(line, '\0', len))
		return;
	if (!next_word(&line, end, &name) || !next_word(&line, end, &where) ||
	    !parse_port(&where, &port, &proto_bit))
		return;
	if (s->n < MAP_NONE)
		map_add(&s->by_port, port_key(proto_bit, port), (uint32_t)s->n, NULL);
	do
		add_entry(s, &name, port);
	while (next_word(&line, end, &name));
}

/* Reads the complete lines of text; returns their length. */
static size_t read_lines(struct services *s, const char *text, size_t len)
{
	size_t done = 0;

	while (done < len) {
		const char *line = text + done;
		const char *newline = memchr(line, '\n', len - done);

		if (!newline)
			break;
		read_line(s, line, (size_t)(newline - line));
		done += (size_t)(newline - line) + 1;
	}
	return done;
}

void services_read(struct services *s, const char *text, size_t len)
{
	size_t done = read_lines(s, text, len);

	if (done < len)
		read_line(s, text + done, len - done);
}

/* Reads in chunks: memory use depends on the names in the file, not on its size. */
static void read_file(struct services *s, int fd)
{
	size_t cap = LINE_MAX_BYTES + 1, len = 0;
	char *text = mem_alloc(cap);
	bool is_skipping = false;

	for (;;) {
		ssize_t n = read(fd, text + len, cap - len);
		size_t done;

		if (n <= 0)
			break;
		len += (size_t)n;
		if (is_skipping) {
			const char *newline = memchr(text, '\n', len);

			done = newline ? (size_t)(newline - text) + 1 : len;
			is_skipping = !newline;
			done += read_lines(s, text + done, len - done);
		} else {
			done = read_lines(s, text, len);
		}
		len -= done;
		memmove(text, text + done, len);
		if (len == cap) {
			is_skipping = true;
			len = 0;
		}
	}
	if (!is_skipping)
		read_line(s, text, len);
	free(text);
}

struct services *services_new(const char *path)
{
	struct services *s = mem_calloc(1, sizeof(*s));
	struct stat st;
	int fd;

	if (!path)
		return s;
	/* O_NONBLOCK: do not hang if the path is a FIFO. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return s;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		read_file(s, fd);
	close(fd);
	return s;
}

void services_free(struct services *s)
{
	if (!s)
		return;
	free(s->entries);
	buf_fini(&s->names);
	map_fini(&s->by_port);
	free(s);
}

/* The index of the first row of the registry with at least this port. */
static size_t iana_lower_bound(uint16_t port)
{
	size_t low = 0, high = iana_services_n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (iana_services[middle].port < port)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const char *services_name(const struct services *s, enum sock_proto proto, uint16_t port)
{
	unsigned int wanted = proto_rows[proto].services;
	uint32_t found = map_get(&s->by_port, port_key(wanted, port));

	if (found != MAP_NONE)
		return s->names.data + s->entries[found].name;
	for (size_t i = iana_lower_bound(port);
	     i < iana_services_n && iana_services[i].port == port; i++)
		if (iana_services[i].protos & wanted)
			return iana_names + iana_services[i].name;
	return NULL;
}

static bool iana_ports(const char *name, size_t len, struct port_set *ports)
{
	bool is_found = false;

	for (size_t i = 0; i < iana_services_n; i++) {
		const struct iana_service *row = &iana_services[i];

		if (!text_is(name, len, iana_names + row->name))
			continue;
		port_set_add(ports, (struct port_range){ row->port, row->port });
		is_found = true;
	}
	return is_found;
}

bool services_ports(const struct services *s, const char *name, size_t len, struct port_set *ports)
{
	bool is_found = false;

	if (!len || memchr(name, '\0', len))
		return false;
	for (size_t i = 0; i < s->n; i++) {
		const struct entry *e = &s->entries[i];

		if (e->len != len || !text_is(name, len, s->names.data + e->name))
			continue;
		port_set_add(ports, (struct port_range){ e->port, e->port });
		is_found = true;
	}
	return is_found || iana_ports(name, len, ports);
}

void services_nearest(const struct services *s, struct nearest *nearest)
{
	for (size_t i = 0; i < s->n; i++)
		nearest_try_bytes(nearest, s->names.data + s->entries[i].name, s->entries[i].len);
	for (size_t i = 0; i < iana_services_n; i++)
		nearest_try(nearest, iana_names + iana_services[i].name);
}
