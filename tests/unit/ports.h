/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of ports for the tests. */
#ifndef PORTSTAT_TESTS_UNIT_PORTS_H
#define PORTSTAT_TESTS_UNIT_PORTS_H

#include "model/port_list.h"

/* Initialises a struct port_list of one range that lives as long as the block around it. */
#define ONE_RANGE(first, last)                                     \
	{                                                          \
		(struct port_range[]){ { (first), (last) } }, 1, 0 \
	}

#endif
