/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is missing from a listing, in words that say what would bring it. */
#ifndef PORTSTAT_MODEL_PROBLEM_H
#define PORTSTAT_MODEL_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

enum problem_code {
	PROBLEM_UNSUPPORTED, /* proto: the kernel cannot list it */
	PROBLEM_CUT_SHORT, /* proto, error: a dump ended before its end */
	PROBLEM_FALLBACK, /* proto: read from /proc/net, which lacks fields */
	PROBLEM_PROCESSES, /* count: processes that could not be read; else error: their list could not be; else
			      /proc shows only some */
	PROBLEM_HOSTS, /* count: addresses whose host name did not come in time */
	PROBLEM_BOUND, /* proto: its sockets that are only bound cannot be listed; in JSON "unsupported" */
	PROBLEM_UNTESTED, /* count, test, key, lack: rows that the filter could not judge */
};
#define PROBLEM_CODE_COUNT (PROBLEM_UNTESTED + 1)

/* Why a value is not known although the socket may have one. */
enum problem_lack {
	LACK_NOTHING, /* it is known, or known not to apply */
	LACK_OWNERS, /* hidden from this user */
	LACK_LISTENER, /* not accepted yet, and its listener, whose owners it has, is unknown */
	LACK_SEARCH, /* owners were not looked for */
	LACK_PRIVILEGE, /* the kernel tells it to CAP_NET_ADMIN alone */
	LACK_PROCFS, /* /proc/net does not have it */
	LACK_KERNEL, /* this kernel does not tell it */
	LACK_RECORDING, /* the recording does not hold it */
	LACK_NAMES, /* the host name did not come in time */
};

/* Of several ways to what is missing: each was gone, or the only one that might be. */
enum problem_way {
	PROBLEM_EACH_WAY,
	PROBLEM_BY_NETLINK,
	PROBLEM_BY_PROCFS,
	PROBLEM_BY_RECORDING,
	PROBLEM_BY_BPF,
};

/* The privileges that we lacked to read a process; the advice depends on them. */
enum problem_viewer {
	VIEWER_USER, /* has neither root's uid nor the capabilities */
	VIEWER_OF_CONTAINER, /* root, but of a user namespace that is not the host's */
	VIEWER_WITHOUT_CAPS, /* root without the capabilities */
	VIEWER_BARRED, /* has them, and was denied access anyway */
};

/* What would make a protocol's list available. */
enum problem_remedy {
	PROBLEM_MODULE_UNKNOWN, /* a module, which this kernel may or may not have */
	PROBLEM_MODULE_INSTALLED, /* a module that can be loaded */
	PROBLEM_MODULE_MISSING, /* nothing: this kernel has no such module, or no such protocol */
};

/* Why BPF could not be used. */
enum problem_bpf {
	PROBLEM_BPF_OTHER,
	PROBLEM_BPF_NOT_BUILT_IN,
	PROBLEM_BPF_OTHER_PROC, /* --proc-root shows other processes than those of this pid namespace */
	PROBLEM_BPF_OLD_KERNEL,
	PROBLEM_BPF_LOCKED_DOWN,
	PROBLEM_BPF_NO_BTF,
	PROBLEM_BPF_DENIED,
};

#define PROBLEM_NO_PROTO (-1)

struct problem {
	enum problem_code code;
	int proto; /* enum sock_proto, or PROBLEM_NO_PROTO */
	int error; /* errno value, or 0; of PROBLEM_FALLBACK: why the kernel could not be asked at all */
	enum problem_way way; /* of PROBLEM_UNSUPPORTED, _FALLBACK, _BOUND and _PROCESSES */
	enum problem_remedy remedy; /* of PROBLEM_UNSUPPORTED and PROBLEM_FALLBACK */
	enum problem_viewer viewer; /* of PROBLEM_PROCESSES */
	enum problem_bpf bpf; /* where way is PROBLEM_BY_BPF */
	size_t count;
	enum problem_lack lack; /* of PROBLEM_UNTESTED, as the two below */
	const char *key; /* the column that is not known; static */
	char *test; /* the filter's test, NUL-terminated, not yet made visible; the list owns its copy */
};

/* Zero-initialised is empty and ready. */
struct problems {
	struct problem *list;
	size_t n;
	size_t cap;
};

void problems_fini(struct problems *p);
void problems_clear(struct problems *p);

/*
 * Adds a copy.  Only one problem of each code, protocol and test is kept; counts of untested rows
 * are added up.
 */
void problems_add(struct problems *p, const struct problem *problem);

/* The code in JSON: static, never translated. */
const char *problem_code_name(enum problem_code code);

/* Who could not read the processes of a row, as a problem of the list has it. */
enum problem_viewer problems_viewer(const struct problems *p);

/* Adds the sentence: in English for JSON, in the user's language for people. */
void problem_text(const struct problem *problem, bool is_translated, struct buf *out);

#endif
