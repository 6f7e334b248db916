/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses a line of /proc/net/tcp and its siblings into a socket. */
#include <config.h>

#include "source/procnet.h"

#include <errno.h>
#include <string.h>

#include "base/number.h"
#include "source/sock_normalize.h"

/* The columns of a line, in order, from "sl" on. */
enum field {
	FIELD_LOCAL = 1,
	FIELD_REMOTE,
	FIELD_STATE,
	FIELD_QUEUES, /* tx_queue:rx_queue */
	FIELD_TIMER, /* tr:tm->when */
	FIELD_RETRANSMITS,
	FIELD_UID,
	FIELD_TIMEOUT,
	FIELD_INODE,
};
#define FIELD_COUNT 10

struct word {
	const char *text;
	size_t len;
};

/* Splits the line at blanks.  Columns after the inode differ by protocol and are not needed. */
static bool split(const char *line, size_t len, struct word words[FIELD_COUNT])
{
	size_t at = 0;

	for (int i = 0; i < FIELD_COUNT; i++) {
		size_t start;

		while (at < len && line[at] == ' ')
			at++;
		for (start = at; at < len && line[at] != ' ';)
			at++;
		words[i] = (struct word){ line + start, at - start };
		if (at == start)
			return false;
	}
	return true;
}

/* Two hexadecimal numbers, separated by a colon. */
static bool parse_pair(const struct word *word, uint64_t *first, uint64_t *second)
{
	const char *colon = memchr(word->text, ':', word->len);
	size_t len;

	if (!colon)
		return false;
	len = (size_t)(colon - word->text);
	return !number_parse_hex(word->text, len, UINT64_MAX, first) &&
	       !number_parse_hex(colon + 1, word->len - len - 1, UINT64_MAX, second);
}

/* The kernel prints each 32-bit word of an address as a number in host byte order. */
static bool parse_endpoint(const struct word *word, enum addr_family family, struct endpoint *out)
{
	size_t n_words = family == ADDR_INET ? 1 : 4;
	size_t addr_len = n_words * 8;
	uint64_t value;

	if (word->len <= addr_len || word->text[addr_len] != ':')
		return false;
	for (size_t i = 0; i < n_words; i++) {
		uint32_t bytes;

		if (number_parse_hex(word->text + i * 8, 8, UINT32_MAX, &value))
			return false;
		bytes = (uint32_t)value;
		memcpy(out->addr.bytes + i * sizeof(bytes), &bytes, sizeof(bytes));
	}
	if (number_parse_hex(word->text + addr_len + 1, word->len - addr_len - 1, UINT16_MAX,
			     &value))
		return false;
	out->port = (uint16_t)value;
	return true;
}

static bool read_numbers(struct sock *sk, const struct procnet_format *format,
			 const struct word words[FIELD_COUNT])
{
	uint64_t sending, receiving, timer, ticks, retransmits, uid, inode;
	const struct word *w;

	if (!parse_pair(&words[FIELD_QUEUES], &sending, &receiving) ||
	    !parse_pair(&words[FIELD_TIMER], &timer, &ticks))
		return false;
	w = &words[FIELD_RETRANSMITS];
	if (number_parse_hex(w->text, w->len, UINT64_MAX, &retransmits))
		return false;
	w = &words[FIELD_UID];
	if (number_parse(w->text, w->len, UINT32_MAX, &uid))
		return false;
	w = &words[FIELD_INODE];
	if (number_parse(w->text, w->len, UINT64_MAX, &inode))
		return false;
	ticks = ticks < UINT32_MAX ? ticks * 1000 / format->ticks_per_s : UINT32_MAX;
	sk->send_q = (uint32_t)sending;
	sk->recv_q = (uint32_t)receiving;
	sk->timer = (uint8_t)timer;
	sk->timer_ms = ticks < UINT32_MAX ? (uint32_t)ticks : UINT32_MAX;
	sk->retransmits = retransmits < UINT8_MAX ? (uint8_t)retransmits : UINT8_MAX;
	sk->uid = (uint32_t)uid;
	sk->inode = (uint32_t)inode;
	return true;
}

int procnet_parse(struct sock *sk, const struct procnet_format *format, const char *line,
		  size_t len)
{
	struct word words[FIELD_COUNT];
	uint64_t state;

	*sk = (struct sock){ .proto = (uint8_t)format->proto,
			     .family = (uint8_t)format->family,
			     .known = SOCK_FROM_PROCFS | SOCK_HAS_QUEUES | SOCK_HAS_UID |
				      SOCK_HAS_INODE | SOCK_HAS_TIMER };
	if (!split(line, len, words) ||
	    !parse_endpoint(&words[FIELD_LOCAL], format->family, &sk->local) ||
	    !parse_endpoint(&words[FIELD_REMOTE], format->family, &sk->remote) ||
	    number_parse_hex(words[FIELD_STATE].text, words[FIELD_STATE].len, UINT8_MAX, &state) ||
	    !read_numbers(sk, format, words))
		return -EBADMSG;
	return sock_normalize(sk, (unsigned int)state, format->orphans_have_uid);
}
