/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a word without a key is: ports, an address, a protocol, a state or a name. */
#ifndef PORTSTAT_QUERY_FILTER_BARE_KIND_H
#define PORTSTAT_QUERY_FILTER_BARE_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include "model/vocab.h"
#include "query/filter_parse.h"
#include "query/filter_run.h"

/*
 * The kind of the bare word at the position, which does not move.  BARE_NAME also for a word that
 * cannot be read: whoever reads it reports the error.
 */
enum bare_kind parse_bare_kind(struct filter_parser *p);

/* Does a comma follow the word that ends at the position, so that it is part of a list? */
bool bare_is_in_list(struct filter_parser *p);

/* Has the word quotation marks or backslashes?  Then it is a name, if only that of a service. */
bool bare_is_quoted(const struct filter_parser *p, const struct filter_word *word);

/* Is the word a protocol or a state? */
bool bare_is_keyword(const char *s, size_t n);

/* Can the word only be meant as ports, valid or not? */
bool bare_looks_like_ports(const char *s, size_t n);

/* Splits "udp:53" and "53/udp"; *ports points into s.  False for a word without a protocol. */
bool bare_split_proto(const char *s, size_t n, const char **ports, size_t *ports_len,
		      enum sock_proto *proto);

#endif
