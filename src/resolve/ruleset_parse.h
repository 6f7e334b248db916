/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what nf_tables says in its dumps to a rule set. */
#ifndef PORTSTAT_RESOLVE_RULESET_PARSE_H
#define PORTSTAT_RESOLVE_RULESET_PARSE_H

struct nlmsghdr;
struct ruleset;

/*
 * Adds what a whole message of a dump holds, which fits into its buffer; messages of other types
 * are ignored.  Wants them in the order of ruleset.h: tables, chains, sets, elements, rules.  0, or
 * -EBADMSG for a message that is not understood.
 */
int ruleset_parse(struct ruleset *rs, const struct nlmsghdr *nlh);

#endif
