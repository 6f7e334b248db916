/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wraps a sentence to several lines. */
#include <config.h>

#include "live/wrap.h"

#include <string.h>

#include "base/text.h"

/* The length of the next line in bytes. */
static size_t line_length(const char *text, size_t n, size_t room)
{
	size_t fits = text_fit(text, n, room, NULL);

	if (fits == n)
		return n;
	return fits ? text_break(text, n, fits) : n;
}

int wrap_hanging(int columns, struct canvas *out, int y, int n, enum style style, const char *text,
		 size_t hang)
{
	size_t indent = strspn(text, " "), width = (size_t)columns;
	int lines = 0;

	while (lines < n && *(text += strspn(text, " "))) {
		size_t left = strlen(text);
		size_t room = width > indent ? width - indent : 1;
		/* The last line gets all the rest, and is cut. */
		size_t len = lines + 1 < n ? line_length(text, left, room) : left;

		if (out) {
			canvas_to(out, y + lines, style, (int)indent);
			canvas_put(out, y + lines, style, text, len);
		}
		text += len;
		indent = hang;
		lines++;
	}
	return lines;
}

int wrap_text(int columns, struct canvas *out, int y, int n, enum style style, const char *text)
{
	return wrap_hanging(columns, out, y, n, style, text, strspn(text, " "));
}
