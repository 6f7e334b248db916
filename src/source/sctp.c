/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is special about SCTP: states, several addresses at each end, files below /proc/net. */
#include <config.h>

#include "source/sctp.h"

#include <errno.h>
#include <string.h>

#include "base/number.h"
#include "source/sock_normalize.h"

unsigned int sctp_state(unsigned int association_state)
{
	static const uint8_t states[] = {
		SOCK_STATE_CLOSE, /* CLOSED */
		SOCK_STATE_SYN_SENT, /* COOKIE_WAIT */
		SOCK_STATE_SYN_SENT, /* COOKIE_ECHOED */
		SOCK_STATE_ESTABLISHED, /* ESTABLISHED */
		SOCK_STATE_FIN_WAIT_1, /* SHUTDOWN_PENDING */
		SOCK_STATE_FIN_WAIT_2, /* SHUTDOWN_SENT */
		SOCK_STATE_CLOSE_WAIT, /* SHUTDOWN_RECEIVED */
		SOCK_STATE_LAST_ACK, /* SHUTDOWN_ACK_SENT */
	};

	return association_state < sizeof(states) ? states[association_state] : UINT32_MAX;
}

static unsigned int common_bits(const struct addr *a, const struct addr *b)
{
	unsigned int bits = 0;

	while (bits < 128 && !((a->bytes[bits / 8] ^ b->bytes[bits / 8]) & 0x80 >> bits % 8))
		bits++;
	return bits;
}

/* Addresses with the same number have the same scope; 0: neither loopback nor link-local. */
static int scope_of(enum addr_family family, const struct addr *a)
{
	if (addr_is_loopback(family, a))
		return 1;
	return addr_is_link_local(family, a) ? 2 : 0;
}

unsigned int sctp_fit(enum addr_family family, const struct addr *own, const struct addr *peer)
{
	unsigned int fit = 1 + common_bits(own, peer);

	if (scope_of(family, own) == scope_of(family, peer))
		fit += 256;
	if (addr_is_v4_mapped(own) == addr_is_v4_mapped(peer))
		fit += 512;
	return fit;
}

/* ---- /proc/net/sctp ---- */

struct word {
	const char *text;
	size_t len;
};

/* Reads the next word of the line; false at its end. */
static bool next_word(const char *line, size_t len, size_t *at, struct word *out)
{
	while (*at < len && (line[*at] == ' ' || line[*at] == '\t'))
		++*at;
	out->text = line + *at;
	while (*at < len && line[*at] != ' ' && line[*at] != '\t')
		++*at;
	out->len = (size_t)(line + *at - out->text);
	return out->len;
}

static bool skip_words(const char *line, size_t len, size_t *at, unsigned int n)
{
	struct word word;

	while (n && next_word(line, len, at, &word))
		n--;
	return !n;
}

static bool next_number(const char *line, size_t len, size_t *at, uint64_t max, uint64_t *out)
{
	struct word word;

	return next_word(line, len, at, &word) && !number_parse(word.text, word.len, max, out);
}

/* An address; that in use is marked by a star. */
static bool parse_addr(struct word word, enum addr_family *family, struct addr *out)
{
	if (word.len && *word.text == '*') {
		word.text++;
		word.len--;
	}
	return !addr_parse(word.text, word.len, family, out);
}

/* Converts the address to v4-mapped, if the socket is IPv6 and the address is not. */
static void put_in_family(enum addr_family family, enum addr_family of, struct addr *a)
{
	struct addr mapped = { .bytes = { [10] = 0xff, [11] = 0xff } };

	if (family == of || of == ADDR_INET6)
		return;
	memcpy(mapped.bytes + 12, a->bytes, 4);
	*a = mapped;
}

/*
 * The local addresses end at "<->" or at the end of the line; the peer's follow.  The files do not
 * have the socket's family: it is IPv6 if any address is.
 */
static bool parse_ends(struct sock *sk, const char *line, size_t len, size_t at, bool has_peer)
{
	enum addr_family family = ADDR_INET, of;
	bool has_local = false, is_behind = false;
	unsigned int best = 0;
	struct word word;

	for (size_t i = at; next_word(line, len, &i, &word);) {
		bool is_arrow = word.len == 3 && !memcmp(word.text, "<->", 3);
		struct addr a;

		is_behind = is_behind || is_arrow;
		if (!is_arrow && !parse_addr(word, &of, &a))
			break;
		if (!is_arrow && of == ADDR_INET6)
			family = ADDR_INET6;
		/* The peer's address in use is the one with the star, or else the first. */
		if (is_behind && !is_arrow && (!best || *word.text == '*')) {
			sk->remote.addr = a;
			put_in_family(ADDR_INET6, of, &sk->remote.addr);
			best = 1;
		}
	}
	if (has_peer && !best)
		return false;
	sk->family = (uint8_t)family;
	if (family == ADDR_INET && addr_is_v4_mapped(&sk->remote.addr)) {
		memmove(sk->remote.addr.bytes, sk->remote.addr.bytes + 12, 4);
		memset(sk->remote.addr.bytes + 4, 0, 12);
	}
	for (best = 0; next_word(line, len, &at, &word);) {
		struct addr a;
		unsigned int fit;

		if (!parse_addr(word, &of, &a))
			break;
		put_in_family(family, of, &a);
		fit = has_peer ? sctp_fit(family, &a, &sk->remote.addr) : 1;
		if (fit > best) {
			best = fit;
			sk->local.addr = a;
		}
		has_local = true;
	}
	return has_local;
}

static struct sock from_procfs(void)
{
	return (struct sock){ .proto = PROTO_SCTP,
			      .known = SOCK_FROM_PROCFS | SOCK_HAS_UID | SOCK_HAS_INODE };
}

/* ENDPT SOCK STY SST HBKT LPORT UID INODE LADDRS (net/sctp/proc.c) */
int sctp_parse_endpoint(struct sock *sk, const char *line, size_t len)
{
	uint64_t state, port, uid, inode;
	size_t at = 0;

	*sk = from_procfs();
	if (!skip_words(line, len, &at, 3) || !next_number(line, len, &at, UINT8_MAX, &state) ||
	    !skip_words(line, len, &at, 1) || !next_number(line, len, &at, UINT16_MAX, &port) ||
	    !next_number(line, len, &at, UINT32_MAX, &uid) ||
	    !next_number(line, len, &at, UINT64_MAX, &inode))
		return -EBADMSG;
	if (state != SOCK_STATE_LISTEN && state != SOCK_STATE_CLOSE)
		return -ENOMSG;
	if (!parse_ends(sk, line, len, at, false))
		return -EBADMSG;
	sk->local.port = (uint16_t)port;
	sk->uid = (uint32_t)uid;
	sk->inode = (uint32_t)inode;
	return sock_normalize(sk, (unsigned int)state, false);
}

/*
 * ASSOC SOCK STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT LADDRS <-> RADDRS ...
 */
int sctp_parse_association(struct sock *sk, const char *line, size_t len)
{
	uint64_t state, sending, receiving, uid, inode, port, peer_port;
	size_t at = 0;

	*sk = from_procfs();
	if (!skip_words(line, len, &at, 4) || !next_number(line, len, &at, UINT8_MAX, &state) ||
	    !skip_words(line, len, &at, 2) || !next_number(line, len, &at, UINT32_MAX, &sending) ||
	    !next_number(line, len, &at, UINT32_MAX, &receiving) ||
	    !next_number(line, len, &at, UINT32_MAX, &uid) ||
	    !next_number(line, len, &at, UINT64_MAX, &inode) ||
	    !next_number(line, len, &at, UINT16_MAX, &port) ||
	    !next_number(line, len, &at, UINT16_MAX, &peer_port) ||
	    !parse_ends(sk, line, len, at, true))
		return -EBADMSG;
	sk->known |= SOCK_HAS_QUEUES;
	sk->local.port = (uint16_t)port;
	sk->remote.port = (uint16_t)peer_port;
	sk->send_q = (uint32_t)sending;
	sk->recv_q = (uint32_t)receiving;
	sk->uid = (uint32_t)uid;
	sk->inode = (uint32_t)inode;
	return sock_normalize(sk, sctp_state((unsigned int)state), false);
}
