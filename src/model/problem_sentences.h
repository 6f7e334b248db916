/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of problem_text() share: each has the sentences of one subject. */
#ifndef PORTSTAT_MODEL_PROBLEM_SENTENCES_H
#define PORTSTAT_MODEL_PROBLEM_SENTENCES_H

#include "model/problem.h"

/*
 * The sentence, a literal in N_() or NP_(), in English or translated.  format_arg: the compiler
 * checks the arguments of buf_printf() against the English sentence.
 */
const char *problem_sentence(const char *english, bool is_translated)
	__attribute__((format_arg(1)));
const char *problem_plural(const char *one, const char *many, size_t n, bool is_translated)
	__attribute__((format_arg(1), format_arg(2)));

/* strerror(3), or for JSON its English text.  Borrowed until the next call. */
const char *problem_error_text(int error, bool is_translated);

/* The name of the problem's protocol; "" if it has none. */
const char *problem_proto_text(const struct problem *problem);

/* The sentence of a problem of one code, as problem_text(). */
typedef void problem_writer(const struct problem *problem, bool is_translated, struct buf *out);

/* problem_sources.c */
problem_writer problem_unsupported_text, problem_cut_short_text, problem_fallback_text,
	problem_bound_text;

/* problem_owners.c */
problem_writer problem_processes_text;

/* problem_untested.c */
problem_writer problem_untested_text;

/* problem_document.c */
const char *problem_document_word(enum problem_document document);
problem_writer problem_document_text;

/* problem_remote.c */
problem_writer problem_remote_text;

/* problem_places.c */
problem_writer problem_netns_text, problem_firewall_text;

#endif
