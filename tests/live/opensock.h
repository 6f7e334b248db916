/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files of opensock, a helper of the live tests that opens the sockets it is told. */
#ifndef PORTSTAT_TESTS_LIVE_OPENSOCK_H
#define PORTSTAT_TESTS_LIVE_OPENSOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

/* Who keeps a socket open once it stands. */
enum hold {
	HOLD_FD, /* this process, by a descriptor */
	HOLD_THREAD, /* a thread with a descriptor table of its own */
	HOLD_LEADER_GONE, /* a process whose first thread has ended */
	HOLD_IN_FLIGHT, /* a message that nobody has received */
	HOLD_IO_URING, /* the fixed files of a ring */
};

enum { SPEC_MAX_FDS = 4096, SPEC_MAX_WORKERS = 64, PROCESS_NAME_SIZE = 16 };

/* One argument: KIND:KEY=VALUE,KEY=VALUE... */
struct spec {
	const char *text; /* borrowed */
	char *words; /* what dev and end point into */
	const struct kind *kind;
	struct sockaddr_storage addr; /* where it is bound */
	struct sockaddr_storage to; /* whom it connects to; family 0: nobody */
	const char *dev; /* SO_BINDTODEVICE, or NULL */
	const char *end; /* the state in which a pair ends, or NULL */
	int v6only; /* -1: as the system has it */
	int count;
	int workers; /* further processes that hold it */
	int backlog;
	int pending; /* connections that nobody accepts */
	int half_open; /* handshakes that do not end */
	int overflow; /* connections that do not fit into the backlog */
	int protocol; /* of raw sockets */
	bool is_reuseport;
	bool is_quiet; /* a listener that is closed once its pairs stand */
	enum hold hold;
};

/* One row that portstat is to list: what the kernel said of the socket when it stood. */
struct opened {
	int fd; /* -1: no descriptor of ours */
	int listener; /* >= 0: waits in the queue of this listener, which lends its owners */
	const char *state;
	const char *note; /* owner_note, or NULL */
	struct sockaddr_storage local;
	struct sockaddr_storage peer; /* family 0: none */
	ino_t inode; /* 0: none */
	uint64_t cookie; /* 0: not known */
	int v6only; /* -1: not an IPv6 wildcard */
	int recv_q; /* -1: not asked */
	int send_q;
};

/* What one spec opened. */
struct socks {
	struct opened list[SPEC_MAX_FDS];
	size_t n;
};

struct kind {
	const char *name;
	const char *proto; /* as portstat calls it */
	int type;
	int protocol;
	void (*open)(const struct spec *spec, struct socks *out);
};

/* Ends the process with status 1 and a sentence on standard error. */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* NULL where there is none of this name. */
const struct kind *kind_find(const char *name, size_t n);

/* Fills in what KIND:KEY=VALUE... says; ends the process where it says nothing known. */
void spec_parse(const char *text, struct spec *out);
void spec_fini(struct spec *spec);

/*
 * Prints a line of JSON for each socket: keys and values as portstat has them (a subset of its
 * own), and in owners "name_hex", the bytes of the process name.  pids: who holds them.
 */
void report(const struct spec *spec, const struct socks *socks, const pid_t *pids, size_t n_pids);

#endif
