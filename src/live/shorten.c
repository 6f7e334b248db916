/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shortens the text of a cell such that what matters most in it stays. */
#include <config.h>

#include "live/shorten.h"

#include <string.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/text.h"

/* What a name keeps beside its pid: a character and the mark. */
#define LEAST_NAME 2

static bool fits(const struct buf *out, size_t start, size_t room)
{
	return text_width(out->data + start, out->len - start) <= room;
}

/* Finds the first [pid]; returns its length, and 0 if there is none. */
static size_t find_pid(const char *text, size_t n, size_t *at)
{
	for (size_t i = 1; i < n; i++) {
		size_t end = i + 1;

		if (text[i] != '[')
			continue;
		while (end < n && text[end] >= '0' && text[end] <= '9')
			end++;
		if (end == i + 1 || end == n || text[end] != ']')
			continue;
		*at = i;
		return end + 1 - i;
	}
	return 0;
}

/* Finds where a port leads to, from the sign to the end of the place; returns its length, 0 if nowhere. */
static size_t find_lead(const char *text, size_t n, size_t *at)
{
	static const char sign[] = " > ";
	size_t len = sizeof(sign) - 1;
	const char *found = memmem(text, n, sign, len), *space;

	if (!found || found == text)
		return 0;
	*at = (size_t)(found - text);
	space = memchr(found + len, ' ', n - *at - len);
	return space ? (size_t)(space - found) : n - *at;
}

/*
 * The place to which a port leads says more than who sends it there.  False: there is none, or it does not
 * fit and was left out.
 */
static bool shorten_lead(struct buf *out, size_t start, size_t room, const char *mark)
{
	char *text = out->data + start;
	size_t n = out->len - start, at, lead = find_lead(text, n, &at), pid, pid_at;

	if (!lead)
		return false;
	if (text_width(text + at, lead) + LEAST_NAME > room) {
		out->len = start + at;
		return false;
	}
	if (text_width(text, at + lead) + 1 + LEAST_NAME <= room) {
		text_shorten(out, start, room, mark, 0);
		return true;
	}
	/* First goes who serves there, then the pid of who sends it there, then his name. */
	out->len = start + at + lead;
	pid = find_pid(text, at, &pid_at);
	if (pid && !fits(out, start, room)) {
		memmove(text + pid_at, text + pid_at + pid, at + lead - pid_at - pid);
		out->len -= pid;
	}
	text_shorten(out, start, room, mark, lead);
	return true;
}

void shorten_name(struct buf *out, size_t start, size_t room, const char *mark)
{
	size_t n, at, pid;

	if (fits(out, start, room) || shorten_lead(out, start, room, mark) ||
	    fits(out, start, room))
		return;
	n = out->len - start;
	pid = find_pid(out->data + start, n, &at);
	/* Where the name fits, what is behind its pid gives way; else the name, or else both. */
	if (!pid || text_width(out->data + start, at + pid) < room) {
		text_shorten(out, start, room, mark, 0);
		return;
	}
	if (n - at + LEAST_NAME > room)
		out->len = start + at + pid;
	text_shorten(out, start, room, mark, out->len - start - at);
}

void shorten_history(struct buf *out, size_t start, size_t room)
{
	size_t width = text_width(out->data + start, out->len - start), cut;

	if (width <= room)
		return;
	cut = text_fit(out->data + start, out->len - start, width - room, NULL);
	memmove(out->data + start, out->data + start + cut, out->len - start - cut);
	out->len -= cut;
}

void shorten_address(struct buf *out, size_t start, size_t room, const char *mark)
{
	const char *text = out->data + start;
	const char *space = memchr(text, ' ', out->len - start);
	size_t len = space ? (size_t)(space - text) : out->len - start;

	if (fits(out, start, room))
		return;
	/* The address is ASCII: its bytes are columns. */
	if (len + 1 + LEAST_NAME < room) {
		shorten_name(out, start + len + 1, room - len - 1, mark);
		return;
	}
	if (len >= room)
		out->len = start + len;
	text_shorten(out, start, room, mark, addr_port_tail(out->data + start, out->len - start));
}
