/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An event as a row: so that filters, columns and JSON are the same as those of a listing. */
#ifndef PORTSTAT_EVENT_ROW_H
#define PORTSTAT_EVENT_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "events/event.h"
#include "query/plan.h"
#include "query/snapshot.h"
#include "resolve/resolver.h"

struct program;

/* Processes whose texts (command line, unit ...) are kept for the next event. */
#define EVENT_PROCESSES 64
/* What is known of a process is read again after so many milliseconds: it may have exec'd. */
#define EVENT_PROCESS_MS 1000

struct event_process {
	struct owners *owners; /* with this process alone */
	struct event_owner owner;
	uint64_t read_ms; /* 0: empty */
};

struct event_row {
	struct program *p;
	struct plan plan;
	struct snapshot snap; /* one row, of the event that was set last */
	struct resolver names; /* those of the program, but for the owners */
	struct event_process processes[EVENT_PROCESSES];
	uint64_t looked_ms; /* when namespaces or cgroups were looked for last */
};

/* After the listing by which the events are primed: its namespaces are found. */
void event_row_init(struct event_row *r, struct program *p);
void event_row_fini(struct event_row *r);

/*
 * Makes the event the row; borrowed until the next call.  NULL if the selection or the filter does
 * not have it.  An event that the filter cannot test is counted in snap.problems.
 */
const struct row *event_row_set(struct event_row *r, const struct event *event);

#endif
