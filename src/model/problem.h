/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is missing from a listing, and the sentences that say why and what would help. */
#ifndef PORTSTAT_MODEL_PROBLEM_H
#define PORTSTAT_MODEL_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

enum problem_code {
	PROBLEM_UNSUPPORTED, /* proto: no source can list it */
	PROBLEM_CUT_SHORT, /* proto, error: a dump was incomplete */
	PROBLEM_FALLBACK, /* proto: read from /proc/net, which lacks fields */
	/*
	 * count: processes that could not be read; if 0, error: why their list could not be read;
	 * if 0, /proc shows only some processes.
	 */
	PROBLEM_PROCESSES,
	PROBLEM_HOSTS, /* count: addresses whose host name was not resolved in time */
	PROBLEM_BOUND, /* proto: its bound, unconnected sockets; in JSON "unsupported" */
	PROBLEM_UNTESTED, /* count, test, key, lack: rows on which the filter could not decide */
	/* test, error: a network namespace that could not be read; or count: processes in unknown ones. */
	PROBLEM_NETNS,
	/*
	 * test: names of tables of iptables-legacy, which are not read; if NULL, error, viewer: why no
	 * rule could be read, or with the way PROBLEM_BY_IPTABLES_LEGACY, no names of such tables; if 0,
	 * some rules were not read.  With the way PROBLEM_BY_SK_LOOKUP, count: 1: what such
	 * programs send on was asked of the kernel, for some addresses; 0: it was not asked.  With a
	 * key, the column that lacks them; test is then all that sees packets and is not read.
	 */
	PROBLEM_FIREWALL,
	PROBLEM_DOCUMENT, /* document, test, host: what is wrong with a document, or not in it */
	PROBLEM_TOLD, /* told, test: a document has this problem; test is its sentence */
	/* host, remote, error, test: why it did not answer, and what its command complained of last */
	PROBLEM_REMOTE,
};
#define PROBLEM_CODE_COUNT (PROBLEM_REMOTE + 1)

/* Why a value is unknown although the socket may have one. */
enum problem_lack {
	LACK_NOTHING, /* it is known, or known not to apply */
	LACK_OWNERS, /* hidden from this user */
	LACK_LISTENER, /* not accepted yet, and its listener, which has the owners, is unknown */
	LACK_SEARCH, /* there was no owner scan */
	LACK_PRIVILEGE, /* the kernel reports it only with CAP_NET_ADMIN */
	LACK_PROCFS, /* /proc/net does not have it */
	LACK_KERNEL, /* this kernel does not report it */
	LACK_RECORDING, /* the recording does not have it */
	LACK_DOCUMENT, /* the document does not have it */
	LACK_NAMES, /* the host name was not resolved in time */
};

/* How we tried to get what is missing. */
enum problem_way {
	PROBLEM_EACH_WAY, /* one source after the other; the rest: the only one allowed */
	PROBLEM_BY_NETLINK,
	PROBLEM_BY_PROCFS,
	PROBLEM_BY_RECORDING,
	PROBLEM_BY_BPF,
	PROBLEM_BY_IPTABLES_LEGACY,
	PROBLEM_BY_SK_LOOKUP,
};

/* The privileges that we lacked to read a process; the advice depends on them. */
enum problem_viewer {
	VIEWER_USER, /* has neither root's uid nor the capabilities */
	VIEWER_OF_CONTAINER, /* root of a user namespace other than the host's */
	VIEWER_WITHOUT_CAPS, /* root, without the capabilities */
	VIEWER_BARRED, /* has them, and was denied access anyway */
};

/* What would make a protocol's list available. */
enum problem_remedy {
	PROBLEM_MODULE_UNKNOWN, /* a module, which may or may not be installed */
	PROBLEM_MODULE_INSTALLED, /* a module that can be loaded */
	PROBLEM_MODULE_MISSING, /* nothing: this kernel lacks the module or the protocol */
};

/* Why BPF could not be used. */
enum problem_bpf {
	PROBLEM_BPF_OTHER,
	PROBLEM_BPF_NOT_BUILT_IN,
	PROBLEM_BPF_OTHER_PROC, /* --proc-root is not the /proc of this pid namespace */
	PROBLEM_BPF_OLD_KERNEL,
	PROBLEM_BPF_LOCKED_DOWN,
	PROBLEM_BPF_NO_BTF,
	PROBLEM_BPF_DENIED,
};

/* What is wrong with a document, or not in it. */
enum problem_document {
	DOCUMENT_IS_CUT, /* test: the file ends in the middle of it */
	DOCUMENT_IS_DAMAGED, /* test: the file; the rest of it cannot be read */
	DOCUMENT_IS_OF_OTHER_SCHEMA, /* the same, for another version of portstat */
	DOCUMENT_IS_TOO_LARGE, /* the same */
	DOCUMENT_IS_UNREADABLE, /* test: the file; error */
	DOCUMENT_HAS_BAD_VALUES, /* count: values that no socket can have */
	DOCUMENT_HAS_BAD_SOCKETS, /* count: sockets with a protocol or state that is not known */
	DOCUMENT_LACKS_PROTOCOLS, /* test: those that were asked for */
	DOCUMENT_LACKS_FAMILY,
	DOCUMENT_LACKS_CONNECTIONS, /* it has only what listens */
	DOCUMENT_LACKS_MATCHES, /* test: the filter by which it was made */
	DOCUMENT_LACKS_NETNS, /* test: a namespace that was asked for */
	DOCUMENT_BLURS_NETNS, /* the same: it does not tell which of its namespaces that is */
	DOCUMENT_LACKS_FORWARDS,
	DOCUMENT_LACKS_COLUMNS, /* test: those that were asked for */
	DOCUMENT_LACKS_MOMENT, /* no moment of the host at or before the time of --at */
	DOCUMENT_HAS_TWO_MACHINES, /* two machines have the name of the host */
};

/* Why another host has no document, or not a whole one. */
enum problem_remote {
	REMOTE_CANNOT_START, /* error: its command could not be started */
	REMOTE_FAILED, /* error: the exit status of its command, or -1: a signal ended it */
	REMOTE_TIMED_OUT,
	REMOTE_IS_TOO_OLD, /* its portstat does not understand what is asked */
	REMOTE_HAS_NO_PORTSTAT, /* and a script could not read its /proc */
	REMOTE_READ_PROC, /* it has no portstat, but a script read its /proc: that lacks something */
	REMOTE_CUT, /* its document ends in the middle */
	REMOTE_IS_ENDLESS,
	REMOTE_SENDS_GARBAGE,
	REMOTE_IS_SILENT, /* its command ended well, without a document */
	REMOTE_WENT_AWAY, /* after some documents */
};

/* A problem as it stands in a document.  Each may be NULL. */
struct problem_told {
	char *code;
	char *netns;
	char *field;
};

#define PROBLEM_NO_PROTO (-1)

struct problem {
	enum problem_code code;
	int proto; /* enum sock_proto, or PROBLEM_NO_PROTO */
	int error; /* errno value, or 0; of PROBLEM_FALLBACK: why netlink could not be used */
	enum problem_way
		way; /* of PROBLEM_UNSUPPORTED, _FALLBACK, _BOUND, _PROCESSES and _FIREWALL */
	enum problem_remedy remedy; /* of PROBLEM_UNSUPPORTED and PROBLEM_FALLBACK */
	enum problem_viewer viewer; /* of PROBLEM_PROCESSES and PROBLEM_FIREWALL */
	enum problem_bpf bpf; /* if way is PROBLEM_BY_BPF */
	size_t count;
	enum problem_lack lack; /* of PROBLEM_UNTESTED, like key and test */
	enum problem_document document;
	enum problem_remote remote;
	struct problem_told told;
	char *host; /* where it is; NULL: on this host, or on all */
	const char *key; /* the column whose value is unknown, also of PROBLEM_FIREWALL; static */
	char *test; /* the filter's test, the name of a namespace, names of tables; not yet passed to text_visible() */
};

/* Ready when zero-initialised.  The list owns the texts in test, told and host. */
struct problems {
	struct problem *list;
	size_t n;
	size_t cap;
};

/* Frees the list, or only empties it. */
void problems_fini(struct problems *p);
void problems_clear(struct problems *p);

/*
 * Adds a copy, with its own copies of texts, unless there is a problem of the same code, protocol,
 * host and test; counts of untested rows are added up.
 */
void problems_add(struct problems *p, const struct problem *problem);

/* Removes all of this code. */
void problems_drop(struct problems *p, enum problem_code code);

/* The code's name in JSON.  Static, never translated. */
const char *problem_code_name(enum problem_code code);

/* The word in JSON for one problem, which may be one that a document has.  Never translated. */
const char *problem_word(const struct problem *problem);

/* The viewer of the list's PROBLEM_PROCESSES; VIEWER_USER if it has none. */
enum problem_viewer problems_viewer(const struct problems *p);

/* Adds the problem's sentence: translated for people, in English for JSON. */
void problem_text(const struct problem *problem, bool is_translated, struct buf *out);

#endif
