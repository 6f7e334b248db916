/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What happened on a port, as a plain value: one kind of event, one line. */
#ifndef PORTSTAT_EVENTS_EVENT_H
#define PORTSTAT_EVENTS_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/sock.h"

/* The words are in event_kinds[]; a set of kinds has a bit for each: EVENT_BIT(). */
enum event_kind {
	EVENT_OPENED, /* a port is listened on, or bound */
	EVENT_UNBOUND, /* it is no longer */
	EVENT_CONNECTED,
	EVENT_ACCEPTED,
	EVENT_CLOSED,
	EVENT_FAILED, /* a connection from here was not established: see error */
	EVENT_REFUSED, /* somebody asked for a port where nobody listens */
	EVENT_SCAN,
	EVENT_FLOOD, /* the listener's SYN cookies, or a full accept queue */
	EVENT_KNOCK,
	EVENT_LOST, /* count events are missing here */
};
#define EVENT_KINDS 11
#define EVENT_BIT(kind) (1U << (kind))
#define EVENT_ANY ((1U << EVENT_KINDS) - 1)

struct event_kind_row {
	const char *word; /* of --events=KINDS, of text and of JSON; never translated */
	const char *help; /* N_() */
	bool has_socket; /* a socket of this host stands behind it: its row can be filtered */
};

extern const struct event_kind_row event_kinds[EVENT_KINDS];

/* How we know the process. */
enum event_via {
	EVENT_VIA_NONE, /* unknown: the other members mean nothing */
	EVENT_VIA_ITSELF, /* it did it, or uses the socket */
	EVENT_VIA_LISTENER, /* it called listen(); another process may have accepted */
	EVENT_VIA_LISTING, /* a listing saw that it holds the socket */
};

#define EVENT_NAME_MAX 64

struct event_owner {
	uint64_t start_time; /* as that of struct process; 0: unknown */
	int32_t pid; /* in our pid namespace; 0: it has none there */
	uint32_t uid; /* effective; UINT32_MAX: unknown */
	uint8_t via; /* enum event_via */
	uint8_t name_len;
	char name[EVENT_NAME_MAX]; /* comm: any bytes, not terminated */
};

enum event_known {
	EVENT_HAS_DURATION = 1 << 0,
	EVENT_HAS_BYTES = 1 << 1, /* both, without what SYN and FIN count */
	EVENT_HAS_COUNT = 1 << 2,
	EVENT_HAS_PORTS = 1 << 3,
	EVENT_HAS_RATE = 1 << 4, /* per_second */
	EVENT_HAS_PACKETS = 1 << 5, /* both */
};

/* So many of the closed ports of a scan, or of the ports of a knock, are told. */
#define EVENT_PORTS_MAX 8

struct event {
	uint64_t time_ms; /* Unix time */
	uint64_t netns; /* inode of the network namespace (stat of /proc/PID/ns/net); 0: our own */
	/*
	 * The socket; where there is none (refused, scan, knock) what stands for it: protocol, family,
	 * local (address and port that were asked for; port 0: several), remote (who asked; port 0:
	 * several).  The state is the one that it has now: LISTEN or BOUND of what was opened or unbound,
	 * ESTABLISHED of what was connected or accepted, CLOSE of what was closed or failed.
	 */
	struct sock sock;
	struct event_owner owner; /* at our end */
	uint8_t kind; /* enum event_kind */
	uint8_t known; /* enum event_known */
	uint8_t n_ports; /* in ports[]; the first that were seen */
	int error; /* positive errno: ECONNREFUSED, ETIMEDOUT, ECONNRESET ...; 0: none */
	uint64_t duration_us; /* connecting took, or the connection lived */
	uint64_t sent; /* bytes */
	uint64_t received;
	uint32_t packets_sent;
	uint32_t packets_received;
	uint64_t count; /* tries, distinct closed ports, half-open connections, lost events */
	uint64_t per_second; /* SYN cookies, tries */
	uint16_t ports[EVENT_PORTS_MAX];
};

/*
 * Does it stand for tries at closed ports that got no line of their own?  It has no addresses; what the
 * sink does not want is not counted in it.
 */
static inline bool event_is_rest(const struct event *event)
{
	return event->kind == EVENT_REFUSED && !sock_has(&event->sock, SOCK_HAS_PEER);
}

/*
 * Reads a list of kinds with commas between them.  Returns 0 and sets *kinds (EVENT_BIT()s), or
 * -EINVAL and sets *pos and *len of the word that is no kind.
 */
int event_kinds_parse(const char *list, unsigned int *kinds, size_t *pos, size_t *len);

/* The word for an errno of an event, in text and JSON: "refused", "timed-out" ...; never translated. */
const char *event_error_word(int error);

/* Keeps name_len bytes of the name, EVENT_NAME_MAX at most, up to a NUL. */
void event_owner_set_name(struct event_owner *owner, const char *name, size_t len);

#endif
