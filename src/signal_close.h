/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --signal and --close: act upon the rows of a listing. */
#ifndef PORTSTAT_SIGNAL_CLOSE_H
#define PORTSTAT_SIGNAL_CLOSE_H

struct program;

/*
 * After parse_filter(): is the filter narrow enough to act upon what it matches, and can be asked?
 * Selects listening sockets, unless the filter tests state, rport or raddr: a client is not hit for
 * its server.  Returns 0, or EXIT_USAGE after reporting the error.
 */
int check_act(struct program *p);

/*
 * Lists the sockets, asks unless --yes was given, and signals their owners or closes them; then
 * waits, if --wait-none was given.  Returns an exit status: EXIT_NO_ROW if there is no row,
 * EXIT_FAILED if something failed or was declined.
 */
int run_act(struct program *p);

#endif
