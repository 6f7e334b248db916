/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The strings of a JSON document, with the place of each. */
#ifndef PORTSTAT_RESOLVE_JSON_STRINGS_H
#define PORTSTAT_RESOLVE_JSON_STRINGS_H

#include <stdbool.h>
#include <stddef.h>

/* How deep objects and arrays may stand in each other. */
#define JSON_DEPTH_MAX 32U

/*
 * Called for each string that is a value, in the order of the document.  path: the keys that lead
 * to it, joined by "/"; an array's element has the key "[]".  item: counts the elements of the
 * outermost value where that is an array, from 1; else 0.  text may contain any byte, NUL too; it
 * and path are borrowed for the call.  Returns false to stop reading.
 */
typedef bool json_string_fn(void *data, const char *path, size_t item, const char *text,
			    size_t len);

/*
 * Reads a document of len bytes.  0, also where fn stopped it; -EINVAL where the document is not
 * JSON, cut, or deeper than JSON_DEPTH_MAX: fn has then been called for what came before.
 */
int json_strings(const char *json, size_t len, json_string_fn *fn, void *data);

#endif
