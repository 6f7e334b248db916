/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads JSON (RFC 8259) from memory or from a descriptor, value by value, without keeping any: the
 * caller says what it expects.  tests/bench/RESULTS says what that gains over a library.
 */
#ifndef PORTSTAT_DOCUMENT_JSON_READER_H
#define PORTSTAT_DOCUMENT_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum json_kind {
	JSON_NOTHING, /* the input ends, or there was an error */
	JSON_OBJECT,
	JSON_ARRAY,
	JSON_TEXT,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
};

struct json_reader {
	const char *at;
	const char *end;
	int fd; /* borrowed; -1: there is no more than what is between at and end */
	char *room; /* what was read of fd */
	size_t room_size;
	size_t n_filled; /* how often what was unread moved in the room */
	uint64_t budget; /* so many more bytes may be read: see json_start() */
	unsigned int depth;
	int error; /* 0, or the first one: DOCUMENT_DAMAGED ... or -errno of read(2) */
	struct buf text; /* of a string with escapes */
};

/* Each leaves a reader that json_fini() ends.  The bytes and the descriptor are borrowed. */
void json_init(struct json_reader *r, const char *bytes, size_t n);
void json_init_fd(struct json_reader *r, int fd);
void json_fini(struct json_reader *r);

/* Before a document: it may be so long, in bytes.  False at the end of the input. */
bool json_start(struct json_reader *r, uint64_t max);

/* The kind of the value that comes next. */
enum json_kind json_peek(struct json_reader *r);

/* Goes into an object or array that comes next. */
void json_enter(struct json_reader *r);

bool json_next_slowly(struct json_reader *r, char close, bool *is_first);

/*
 * Is there another member or element, before the object or array that ends with close ('}' or ']')?
 * Goes out of it if not.  *is_first: true before the first call.
 */
static inline bool json_next(struct json_reader *r, char close, bool *is_first)
{
	/* A comma with or without a blank, as portstat writes them. */
	if (!*is_first && r->end - r->at > 2 && r->at[0] == ',') {
		size_t len = r->at[1] == ' ' ? 2 : 1;

		if (r->at[len] > ' ') {
			r->at += len;
			return true;
		}
	}
	return json_next_slowly(r, close, is_first);
}

/* The next key, with the colon.  Borrowed until the next call, as all texts are. */
bool json_key(struct json_reader *r, const char **key, size_t *len);

/* Is the next key this one, written without escapes?  Reads it if so; head is "KEY": without blanks. */
static inline bool json_has_key(struct json_reader *r, const char *head, size_t len)
{
	if ((size_t)(r->end - r->at) < len || memcmp(r->at, head, len) != 0)
		return false;
	r->at += len;
	return true;
}

/* Read a value of this kind; false if there was an error. */
bool json_text(struct json_reader *r, const char **text, size_t *len);

/* A number; *is_whole: it is an integer from 0 to UINT64_MAX, and that is *value. */
bool json_number(struct json_reader *r, uint64_t *value, bool *is_whole);

/* Reads true, false or null, or over any value. */
void json_skip(struct json_reader *r);

bool json_null_slowly(struct json_reader *r);

/* Reads null, if that is next. */
static inline bool json_null(struct json_reader *r)
{
	if (r->end - r->at > 5 && r->at[0] == ' ') {
		if (!memcmp(r->at + 1, "null", 4)) {
			r->at += 5;
			return true;
		}
		r->at++;
		if (r->at[0] != 'n' && r->at[0] > ' ')
			return false;
	}
	return json_null_slowly(r);
}

#endif
