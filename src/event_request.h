/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which events this run of the program wants: protocols, families and namespaces of its options. */
#ifndef PORTSTAT_EVENT_REQUEST_H
#define PORTSTAT_EVENT_REQUEST_H

#include "events/way.h"

struct program;

/* A request for events of these kinds (EVENT_BIT()s), with an empty table and no namespaces yet. */
void event_request_init(struct event_request *r, struct program *p, unsigned int kinds);
void event_request_fini(struct event_request *r);

/*
 * Finds the namespaces that --netns names.  Returns 0, or an exit status if there is none; is_reported: says
 * what is wrong with them.
 */
int event_request_find_netns(struct event_request *r, struct program *p, bool is_reported);

/* With --netns=all finds those that were made since. */
void event_request_find_more(struct event_request *r, struct program *p);

#endif
