/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filters made up at random, and a naive evaluator that shares nothing with the real one. */
#ifndef PORTSTAT_TESTS_UNIT_MADE_FILTER_H
#define PORTSTAT_TESTS_UNIT_MADE_FILTER_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct buf;
struct made_filter;
struct sock;

/* What filters are made of: few of each, so that tests hit often. */
struct filter_maker {
	uint64_t seed;
	const uint16_t *ports;
	size_t n_ports;
	const char *const *addrs;
	size_t n_addrs;
	uint32_t n_numbers; /* uids and marks are below */
	uint32_t lo; /* number of the device "lo", the only one */
};

/* A number below n. */
uint32_t maker_roll(struct filter_maker *m, uint64_t n);
void maker_addr(struct filter_maker *m, enum addr_family *family, struct addr *addr);

/* Makes a filter up and adds it, in one of its spellings, to text.  To be freed. */
struct made_filter *made_filter_new(struct filter_maker *m, struct buf *text);
void made_filter_free(struct made_filter *f);

enum naive_result {
	NAIVE_NO,
	NAIVE_YES,
	NAIVE_MAYBE, /* it hangs on the owners, which are not known */
	NAIVE_UNTESTABLE, /* it hangs on a device or mark that this source does not tell */
};

enum naive_result made_filter_naive(const struct made_filter *f, const struct sock *sk);

#endif
