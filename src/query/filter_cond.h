/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What filter_cond() is made of.  Negation is carried down to the tests; there a test becomes a
 * condition that holds wherever the test does (or, negated, wherever it does not), exact where
 * the kernel sees a socket as the language does.
 */
#ifndef PORTSTAT_QUERY_FILTER_COND_H
#define PORTSTAT_QUERY_FILTER_COND_H

#include <stdbool.h>
#include <stdint.h>

#include "query/filter_build.h"
#include "query/filter_tree.h"

/* The tests of each kind. */
uint32_t build_ports(struct cond_builder *b, const struct filter_test *test, bool is_negated);
uint32_t build_addrs(struct cond_builder *b, const struct filter_test *test, bool is_negated);
uint32_t build_mark(struct cond_builder *b, const struct filter_test *test, bool is_negated);
/* Devices by name, or cgroups by path: as the column's condition is about either. */
uint32_t build_named(struct cond_builder *b, const struct filter_test *test, bool is_negated);

#endif
