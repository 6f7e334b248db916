/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a listing may be empty, and what was probably meant: lines on standard error. */
#ifndef PORTSTAT_LISTING_NOTES_H
#define PORTSTAT_LISTING_NOTES_H

struct program;
struct snapshot;

/* Explains names in the filter that match nothing, and what may have been meant.  Nothing with -q. */
void listing_tell_names(struct program *p, const struct snapshot *snap);

/* The same of a listing; also an address that has no row, but that a socket of every address serves. */
void listing_tell_notes(struct program *p, const struct snapshot *snap);

/* Suggests to filter by pid if the listing has no rows and its port is the pid of a process. */
void listing_suggest_pid(const struct program *p, const struct snapshot *snap);

#endif
