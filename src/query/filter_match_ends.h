/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matches the ends of a socket against the ports and addresses of a filter. */
#ifndef PORTSTAT_QUERY_FILTER_MATCH_ENDS_H
#define PORTSTAT_QUERY_FILTER_MATCH_ENDS_H

#include "query/filter.h"

struct sock;

/* A test of the kind TEST_PORTS. */
enum filter_result filter_match_ports(const struct filter_test *test, const struct snapshot *snap,
				      const struct sock *sk);

/* A test of the kind TEST_ADDRS. */
enum filter_result filter_match_addrs(const struct filter_test *test, const struct snapshot *snap,
				      const struct sock *sk);

/*
 * Does a test of either kind ask for the ephemeral ports of a host that did not tell these?  It is then
 * FILTER_UNTESTABLE.
 */
bool filter_lacks_ephemeral(const struct filter_test *test, const struct snapshot *snap,
			    const struct sock *sk);

#endif
