/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptions of common terminals for systems without a terminfo database. */
#include <config.h>

#include "live/screen_terms.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "live/screen_terms_table.h"

/* Is name one of the names in a list with "|" between them? */
static bool has_name(const char *names, const char *name)
{
	size_t len = strlen(name);

	for (;;) {
		size_t n = strcspn(names, "|");

		if (n == len && !memcmp(names, name, n))
			return true;
		if (!names[n])
			return false;
		names += n + 1;
	}
}

const char *screen_terms_find(const char *type)
{
	for (size_t i = 0; i < sizeof(descriptions) / sizeof(*descriptions); i++)
		if (has_name(descriptions[i].names, type))
			return descriptions[i].terminfo;
	return NULL;
}
