/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The result of an attempt to signal a process or close a socket. */
#ifndef PORTSTAT_ACTION_OUTCOME_H
#define PORTSTAT_ACTION_OUTCOME_H

enum action_outcome {
	OUTCOME_DONE,
	OUTCOME_NOT_PERMITTED,
	OUTCOME_GONE, /* the process or socket no longer exists */
	OUTCOME_LET_GO, /* the process no longer holds the socket */
	OUTCOME_NOT_SUPPORTED, /* by this kernel, or for this kind of socket */
	OUTCOME_ONE_OF_GROUP, /* several share the address; the kernel found another one */
	OUTCOME_FAILED, /* for another reason */
};

#endif
