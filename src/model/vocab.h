/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The vocabularies: families, states and timers, each one table with all its spellings. */
#ifndef PORTSTAT_MODEL_VOCAB_H
#define PORTSTAT_MODEL_VOCAB_H

#include <stdbool.h>
#include <stddef.h>

#include "model/sock.h"

/* Each name is static, never translated.  Names are those of JSON and filters, titles those of tables. */
const char *family_name(enum addr_family family); /* inet, inet6 */
const char *state_name(enum sock_state state); /* time-wait */
const char *state_title(enum sock_state state); /* TIME-WAIT */
const char *timer_name(unsigned int timer); /* NULL for none and for a number that is not known */

/* The names of timers; NULL behind the last. */
extern const char *const timer_words[];

/* 4, 6, inet, inet6, ipv4, ipv6. */
bool family_parse(const char *s, size_t n, enum addr_family *out);

/* The words that state_parse() knows, one after the other; NULL behind the last. */
const char *state_word(size_t i);

/*
 * A state or class of states as STATE_BIT()s: JSON's names, ss's (listening, closed, unconn ...),
 * connected (what has a peer), synchronized and bucket as in ss, all.  Case does not matter, and
 * underscores are hyphens (TIME_WAIT).
 */
bool state_parse(const char *s, size_t n, unsigned int *states);

#endif
