/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of families, states and timers: one table each. */
#ifndef PORTSTAT_MODEL_VOCAB_H
#define PORTSTAT_MODEL_VOCAB_H

#include <stdbool.h>
#include <stddef.h>

#include "model/sock.h"

/* Static, never translated.  Names are used in JSON and filters, titles in tables. */
const char *family_name(enum addr_family family); /* inet, inet6 */
const char *state_name(enum sock_state state); /* time-wait */
const char *state_title(enum sock_state state); /* TIME-WAIT */
const char *timer_name(unsigned int timer); /* NULL for none and for unknown numbers */

/* The names of timers; ends with NULL. */
extern const char *const timer_words[];

/* Accepts 4, 6, inet, inet6, ipv4 and ipv6.  False for anything else. */
bool family_parse(const char *s, size_t n, enum addr_family *out);

/* Word number i of those that state_parse() accepts; NULL after the last. */
const char *state_word(size_t i);

/*
 * Reads the name of a state or of a group of states into STATE_BIT()s: the names in JSON, the
 * states (listening, closed, unconn ...) and groups (connected, synchronized, bucket, all) of
 * ss(8), and spellings of netstat(8).  Case is ignored, and "_" is the same as "-".  False if
 * unknown.
 */
bool state_parse(const char *s, size_t n, unsigned int *states);

#endif
