/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses what /proc says about processes and descriptors. */
#include <config.h>

#include "resolve/proc_text.h"

#include <errno.h>
#include <string.h>

#include "base/number.h"

/* Fields of proc_pid_stat(5), counted from the first one after the name, which is the state. */
#define FIELD_PARENT 1U
#define FIELD_SESSION 3U
#define FIELD_START 19U

int proc_stat_parse(const char *text, size_t len, struct proc_stat *out)
{
	const char *open = len ? memchr(text, '(', len) : NULL;
	const char *close = len ? memrchr(text, ')', len) : NULL;
	const char *end = text + len, *at, *last;
	uint64_t parent = 0, session = 0;

	if (!open || !close || close <= open)
		return -EINVAL;
	last = close + 1;
	for (unsigned int field = 0; field <= FIELD_START; field++) {
		if (last == end || *last != ' ')
			return -EINVAL;
		for (at = ++last; last < end && *last != ' ' && *last != '\n'; last++)
			;
		/* The end of the text may have cut a number. */
		if (last == end)
			return -EINVAL;
		if (field == FIELD_PARENT &&
		    number_parse(at, (size_t)(last - at), INT32_MAX, &parent))
			return -EINVAL;
		if (field == FIELD_SESSION &&
		    number_parse(at, (size_t)(last - at), INT32_MAX, &session))
			return -EINVAL;
		if (field == FIELD_START &&
		    number_parse(at, (size_t)(last - at), UINT64_MAX, &out->start_time))
			return -EINVAL;
	}
	out->parent = (int32_t)parent;
	out->session = (int32_t)session;
	out->name = open + 1;
	out->name_len = (size_t)(close - open - 1);
	out->state = close[2];
	return 0;
}

int proc_boot_time_parse(const char *text, size_t len, uint64_t *seconds)
{
	static const char key[] = "\nbtime ";
	const char *found = len ? memmem(text, len, key, sizeof(key) - 1) : NULL, *at, *newline;

	if (!found)
		return -EINVAL;
	at = found + sizeof(key) - 1;
	newline = memchr(at, '\n', len - (size_t)(at - text));
	if (!newline)
		return -EINVAL;
	return number_parse(at, (size_t)(newline - at), UINT32_MAX, seconds);
}

bool proc_link_inode(const char *text, size_t len, uint64_t *inode)
{
	static const char prefix[] = "socket:[";
	const size_t n = sizeof(prefix) - 1;
	uint64_t value = 0;

	/*
	 * Up to 19 digits cannot overflow; this runs for every descriptor, so it avoids a check per
	 * digit.
	 */
	if (len < n + 2 || len > n + 20 || memcmp(text, prefix, n) != 0 || text[len - 1] != ']')
		return false;
	for (size_t i = n; i < len - 1; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(text[i] - '0');
	}
	*inode = value;
	return true;
}

bool proc_link_is_ring(const char *text, size_t len)
{
	static const char ring[] = "anon_inode:[io_uring]";

	return len == sizeof(ring) - 1 && !memcmp(text, ring, len);
}

/* The text after "INDEX: " in the line of a fixed file.  False if the line has another form. */
static bool ring_file(const char **line, size_t *len)
{
	const char *colon = *len ? memchr(*line, ':', *len) : NULL;
	const char *at = *line;

	if (!colon || (size_t)(colon - *line) + 2 > *len || colon[1] != ' ')
		return false;
	while (at < colon && *at == ' ')
		at++;
	if (at == colon)
		return false;
	for (; at < colon; at++)
		if (*at < '0' || *at > '9')
			return false;
	*len -= (size_t)(colon + 2 - *line);
	*line = colon + 2;
	return true;
}

bool proc_ring_inode(const char *text, size_t len, size_t *pos, uint64_t *inode)
{
	static const char heading[] = "UserFiles:";
	bool is_inside = *pos;

	while (*pos < len) {
		const char *line = text + *pos;
		const char *newline = memchr(line, '\n', len - *pos);
		size_t n = newline ? (size_t)(newline - line) : len - *pos;

		*pos += newline ? n + 1 : n;
		if (!is_inside) {
			is_inside = n >= sizeof(heading) - 1 &&
				    !memcmp(line, heading, sizeof(heading) - 1);
			continue;
		}
		if (!ring_file(&line, &n))
			break;
		if (proc_link_inode(line, n, inode))
			return true;
	}
	*pos = len;
	return false;
}

/* The rank of a line "ID:CONTROLLERS:PATH", and its path; 0 for a line of another form. */
static int rank_cgroup(const char *line, size_t len, const char **path, size_t *path_len)
{
	static const char systemd[] = "name=systemd";
	const char *names = memchr(line, ':', len), *second;
	size_t names_len;

	if (!names)
		return 0;
	names++;
	second = memchr(names, ':', len - (size_t)(names - line));
	if (!second || second + 1 == line + len || second[1] != '/')
		return 0;
	*path = second + 1;
	*path_len = len - (size_t)(*path - line);
	names_len = (size_t)(second - names);
	if (*path_len == 1)
		return 1;
	if (names_len == sizeof(systemd) - 1 && !memcmp(names, systemd, names_len))
		return 4;
	return names_len ? 2 : 3;
}

bool proc_cgroup_path(const char *text, size_t len, const char **path, size_t *path_len)
{
	int best = 0;

	for (size_t at = 0; at < len;) {
		const char *newline = memchr(text + at, '\n', len - at), *one = NULL;
		size_t line_len = newline ? (size_t)(newline - text) - at : len - at, one_len = 0;
		int rank = rank_cgroup(text + at, line_len, &one, &one_len);

		if (rank > best) {
			best = rank;
			*path = one;
			*path_len = one_len;
		}
		at += line_len + 1;
	}
	return best;
}

int32_t proc_entry_number(const char *name)
{
	uint64_t number;

	if (number_parse(name, strlen(name), INT32_MAX, &number))
		return -1;
	return (int32_t)number;
}
