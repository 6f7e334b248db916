/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The moments of the past that can be stepped through: those of documents. */
#ifndef PORTSTAT_LIVE_MOMENT_LIST_H
#define PORTSTAT_LIVE_MOMENT_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

struct moment_list {
	uint64_t *
		times_ms; /* Unix time, from the earliest on, each once; of whoever made the list */
	size_t n;
	size_t start; /* index of the one that is shown first */
	void (*choose)(void *data, uint64_t time_ms); /* what the next refresh shows */
	void *data; /* for choose; borrowed */
};

/*
 * What a line tells of the moment with index at; all add nothing if there is only one.  The place:
 * "moment 3 of 12"; the time, in local time: "2026-03-01 12:00:00"; the bar: "--v---------".
 */
void moment_list_place(const struct moment_list *moments, size_t at, struct buf *out);
void moment_list_time(const struct moment_list *moments, size_t at, struct buf *out);
void moment_list_bar(const struct moment_list *moments, size_t at, bool is_ascii, struct buf *out);

#endif
