/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a line of what the script for hosts without portstat prints. */
#ifndef PORTSTAT_QUERY_PROC_REPORT_LINES_H
#define PORTSTAT_QUERY_PROC_REPORT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct proc_report;

/* Bytes that are being read, from at on. */
struct words {
	const char *at;
	size_t n;
};

struct parsing {
	struct proc_report *report;
	size_t processes_cap;
	size_t descriptors_cap;
	size_t cmdlines_cap;
	size_t cgroups_cap;
	size_t users_cap;
};

/* Is all of it this word? */
static inline bool words_are(const struct words *words, const char *word)
{
	return words->n == strlen(word) && !memcmp(words->at, word, words->n);
}

/* Takes a line, but for one that begins a file: what is malformed is counted. */
void report_take_line(struct parsing *p, struct words line);

#endif
