/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How an attempt to change the host can end. */
#ifndef PORTSTAT_ACTION_OUTCOME_H
#define PORTSTAT_ACTION_OUTCOME_H

enum action_outcome {
	OUTCOME_DONE,
	OUTCOME_NOT_PERMITTED,
	OUTCOME_GONE, /* the process or socket that was meant is not there any more */
	OUTCOME_NOT_SUPPORTED, /* by this kernel, or for this kind of socket */
	OUTCOME_ONE_OF_GROUP, /* several sockets share the address; the kernel finds another one */
	OUTCOME_FAILED, /* for another reason */
};

#endif
