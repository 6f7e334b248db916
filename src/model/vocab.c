/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of families, states and timers: one table each. */
#include <config.h>

#include "model/vocab.h"

#include "base/text.h"

static const struct {
	const char *name;
	enum addr_family family;
} families[] = {
	{ "inet", ADDR_INET }, { "inet6", ADDR_INET6 }, { "4", ADDR_INET },
	{ "6", ADDR_INET6 },   { "ipv4", ADDR_INET },	{ "ipv6", ADDR_INET6 },
};

static const struct {
	const char *name;
	const char *title;
} states[SOCK_STATE_COUNT] = {
	[SOCK_STATE_ESTABLISHED] = { "established", "ESTAB" },
	[SOCK_STATE_SYN_SENT] = { "syn-sent", "SYN-SENT" },
	[SOCK_STATE_SYN_RECV] = { "syn-recv", "SYN-RECV" },
	[SOCK_STATE_FIN_WAIT_1] = { "fin-wait-1", "FIN-WAIT-1" },
	[SOCK_STATE_FIN_WAIT_2] = { "fin-wait-2", "FIN-WAIT-2" },
	[SOCK_STATE_TIME_WAIT] = { "time-wait", "TIME-WAIT" },
	[SOCK_STATE_CLOSE] = { "close", "CLOSE" },
	[SOCK_STATE_CLOSE_WAIT] = { "close-wait", "CLOSE-WAIT" },
	[SOCK_STATE_LAST_ACK] = { "last-ack", "LAST-ACK" },
	[SOCK_STATE_LISTEN] = { "listen", "LISTEN" },
	[SOCK_STATE_CLOSING] = { "closing", "CLOSING" },
	[SOCK_STATE_BOUND] = { "bound", "BOUND" },
	[SOCK_STATE_FORWARD] = { "forward", "FORWARD" },
};

#define CONNECTED                                                                   \
	(STATE_ALL & ~(STATE_BIT(SOCK_STATE_LISTEN) | STATE_BIT(SOCK_STATE_CLOSE) | \
		       STATE_BIT(SOCK_STATE_BOUND)))
#define BUCKET (STATE_BIT(SOCK_STATE_SYN_RECV) | STATE_BIT(SOCK_STATE_TIME_WAIT))

/* Names that ss(8) and others use besides those above. */
static const struct {
	const char *name;
	unsigned int states;
} state_aliases[] = {
	{ "estab", STATE_BIT(SOCK_STATE_ESTABLISHED) },
	{ "listening", STATE_BIT(SOCK_STATE_LISTEN) },
	{ "closed", STATE_BIT(SOCK_STATE_CLOSE) },
	{ "unconn", STATE_BIT(SOCK_STATE_CLOSE) | STATE_BIT(SOCK_STATE_BOUND) },
	{ "unconnected", STATE_BIT(SOCK_STATE_CLOSE) | STATE_BIT(SOCK_STATE_BOUND) },
	{ "bound-inactive", STATE_BIT(SOCK_STATE_BOUND) },
	{ "timewait", STATE_BIT(SOCK_STATE_TIME_WAIT) },
	{ "fin-wait1", STATE_BIT(SOCK_STATE_FIN_WAIT_1) }, /* netstat(8) */
	{ "fin-wait2", STATE_BIT(SOCK_STATE_FIN_WAIT_2) },
	{ "syn-received", STATE_BIT(SOCK_STATE_SYN_RECV) }, /* RFC 9293 */
	{ "connected", CONNECTED },
	{ "synchronized", CONNECTED & ~STATE_BIT(SOCK_STATE_SYN_SENT) },
	{ "bucket", BUCKET },
	{ "big", STATE_ALL & ~BUCKET },
	{ "all", STATE_ANY },
};

const char *family_name(enum addr_family family)
{
	return families[family].name;
}

bool family_parse(const char *s, size_t n, enum addr_family *out)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++) {
		if (text_is(s, n, families[i].name)) {
			*out = families[i].family;
			return true;
		}
	}
	return false;
}

const char *state_name(enum sock_state state)
{
	return states[state].name;
}

const char *state_title(enum sock_state state)
{
	return states[state].title;
}

const char *state_word(size_t i)
{
	for (unsigned int state = 0; state < SOCK_STATE_COUNT; state++)
		if (states[state].name && !i--)
			return states[state].name;
	return i < sizeof(state_aliases) / sizeof(*state_aliases) ? state_aliases[i].name : NULL;
}

bool state_parse(const char *word, size_t n, unsigned int *out)
{
	char s[32];

	if (n > sizeof(s))
		return false;
	/* netstat(8) writes TIME_WAIT. */
	for (size_t i = 0; i < n; i++)
		s[i] = word[i] == '_' ? '-' : word[i];
	for (unsigned int i = 0; i < SOCK_STATE_COUNT; i++) {
		if (states[i].name && text_is(s, n, states[i].name)) {
			*out = STATE_BIT(i);
			return true;
		}
	}
	for (size_t i = 0; i < sizeof(state_aliases) / sizeof(*state_aliases); i++) {
		if (text_is(s, n, state_aliases[i].name)) {
			*out = state_aliases[i].states;
			return true;
		}
	}
	return false;
}

const char *const timer_words[] = {
	[SOCK_TIMER_ON - 1] = "on",
	[SOCK_TIMER_KEEPALIVE - 1] = "keepalive",
	[SOCK_TIMER_TIMEWAIT - 1] = "timewait",
	[SOCK_TIMER_PERSIST - 1] = "persist",
	[SOCK_TIMER_PERSIST] = NULL,
};

const char *timer_name(unsigned int timer)
{
	return timer == SOCK_TIMER_NONE || timer > SOCK_TIMER_PERSIST ? NULL
								      : timer_words[timer - 1];
}
