/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what --why asks about: "8080", "127.0.0.1:53/udp", "[fe80::1%eth0]:22", "https", a URL. */
#ifndef PORTSTAT_EXPLAIN_QUESTION_H
#define PORTSTAT_EXPLAIN_QUESTION_H

struct buf;
struct services;
struct why_question;

/*
 * Sets port, and where the text has them protocol, address and device; the rest of the question
 * stays as it was.  Of a URL only the port counts, or that of its scheme.  Returns 0, or -EINVAL and
 * adds a translated sentence to error.
 */
int question_parse(struct why_question *q, const char *text, const struct services *services,
		   struct buf *error);

#endif
