/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of an answer in words, for words*.c alone. */
#ifndef PORTSTAT_EXPLAIN_WORDS_PARTS_H
#define PORTSTAT_EXPLAIN_WORDS_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct explanation;
struct row;

struct words {
	const struct explanation *x;
	struct buf *out;
	bool is_ascii;
	size_t *label_width; /* of the widest label so far, by which all are padded */
};

/* Adds a line with this label, "" for none, and empties the text, made visible. */
void words_line(const struct words *w, const char *label, struct buf *text);

/* Adds what a column says of a row; does it say something? */
void words_cell(const struct words *w, const struct row *row, const char *key, struct buf *out);
bool words_has(const struct words *w, const struct row *row, const char *key);

/* Adds "2h14m", at most two units. */
void words_duration(uint64_t ms, struct buf *out);

/* Adds the addresses at which a server is reached, and what the firewall does there. */
void words_reach(const struct words *w, const struct row *row);

/* Does the first line say that packets from outside are sent elsewhere? */
bool words_has_forward(const struct words *w);

/* The parts of the answer, in their order; each adds no line or some. */
void words_headline(const struct words *w);
void words_blockers(const struct words *w);
void words_reasons(const struct words *w);
void words_takers(const struct words *w);
void words_firewall(const struct words *w);
void words_remedies(const struct words *w);

#endif
