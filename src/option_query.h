/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which options another portstat may ask with, in --query. */
#ifndef PORTSTAT_OPTION_QUERY_H
#define PORTSTAT_OPTION_QUERY_H

#include <stdbool.h>

struct option_def;

/* Those that select and describe sockets; with any other one a query could do something else here. */
bool option_is_of_query(const struct option_def *def);

#endif
