/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of filter_cond().  Negation is pushed down to the tests.  A test becomes a condition
 * that holds wherever the test does (negated: wherever it does not); it is exact if the kernel sees
 * sockets as the filter language does.
 */
#ifndef PORTSTAT_QUERY_FILTER_COND_H
#define PORTSTAT_QUERY_FILTER_COND_H

#include <stdbool.h>
#include <stdint.h>

#include "query/filter_build.h"
#include "query/filter_tree.h"

/* One function for each kind of test. */
uint32_t build_ports(struct cond_builder *b, const struct filter_test *test, bool is_negated);
uint32_t build_addrs(struct cond_builder *b, const struct filter_test *test, bool is_negated);
uint32_t build_mark(struct cond_builder *b, const struct filter_test *test, bool is_negated);
/* Interfaces by name or cgroups by path, as the cond of the column says. */
uint32_t build_named(struct cond_builder *b, const struct filter_test *test, bool is_negated);

#endif
