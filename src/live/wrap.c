/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wraps a sentence to several lines. */
#include <config.h>

#include "live/wrap.h"

#include <string.h>

#include "base/text.h"

/* The length of the next line in bytes: up to the last space that fits. */
static size_t line_length(const char *text, size_t n, size_t room)
{
	size_t fits = text_fit(text, n, room, NULL);

	if (fits == n)
		return n;
	for (size_t at = fits; at; at--)
		if (text[at] == ' ')
			return at;
	return fits ? fits : n;
}

int wrap_text(int columns, struct canvas *out, int y, int n, enum style style, const char *text)
{
	size_t indent = strspn(text, " "), width = (size_t)columns;
	size_t room = width > indent ? width - indent : 1;
	int lines = 0;

	while (lines < n && *(text += strspn(text, " "))) {
		size_t left = strlen(text);
		/* The last line gets all the rest, and is cut. */
		size_t len = lines + 1 < n ? line_length(text, left, room) : left;

		if (out) {
			canvas_to(out, y + lines, style, (int)indent);
			canvas_put(out, y + lines, style, text, len);
		}
		text += len;
		lines++;
	}
	return lines;
}
