/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kinds of events. */
#include <config.h>

#include "events/event.h"

#include <errno.h>
#include <string.h>

#include "base/i18n.h"

/* clang-format off */
const struct event_kind_row event_kinds[EVENT_KINDS] = {
	[EVENT_OPENED] = { "opened", N_("a port is listened on, or bound"), true },
	[EVENT_UNBOUND] = { "unbound", N_("a port is no longer listened on, or bound"), true },
	[EVENT_CONNECTED] = { "connected", N_("a connection from here is established"), true },
	[EVENT_ACCEPTED] = { "accepted", N_("a connection to here is established"), true },
	[EVENT_CLOSED] = { "closed", N_("a connection has ended"), true },
	[EVENT_FAILED] = { "failed", N_("a connection from here failed: refused, timed out, reset"), true },
	[EVENT_REFUSED] = { "refused", N_("somebody asked for a port where nobody listens"), false },
	[EVENT_SCAN] = { "scan", N_("somebody asked for many such ports"), false },
	[EVENT_FLOOD] = { "flood", N_("a listener gets more connections than it takes"), true },
	[EVENT_KNOCK] = { "knock", N_("the ports of --knock were asked for, in order"), false },
	[EVENT_LOST] = { "lost", N_("events are missing here"), false },
};
/* clang-format on */

static bool find_kind(const char *word, size_t len, unsigned int *kinds)
{
	for (unsigned int i = 0; i < EVENT_KINDS; i++) {
		if (strlen(event_kinds[i].word) != len ||
		    memcmp(event_kinds[i].word, word, len) != 0)
			continue;
		*kinds |= EVENT_BIT(i);
		return true;
	}
	return false;
}

int event_kinds_parse(const char *list, unsigned int *kinds, size_t *pos, size_t *len)
{
	*kinds = 0;
	for (*pos = 0;; *pos += *len + 1) {
		*len = strcspn(list + *pos, ",");
		if (!find_kind(list + *pos, *len, kinds))
			return -EINVAL;
		if (!list[*pos + *len])
			return 0;
	}
}

const char *event_error_word(int error)
{
	static const struct {
		int error;
		const char *word;
	} words[] = {
		{ ECONNREFUSED, "refused" },
		{ ETIMEDOUT, "timed-out" },
		{ ECONNRESET, "reset" },
		{ EPIPE, "reset" },
		{ ECONNABORTED, "aborted" },
		{ EHOSTUNREACH, "host-unreachable" },
		{ ENETUNREACH, "net-unreachable" },
		{ EHOSTDOWN, "host-down" },
		{ EACCES, "prohibited" },
		{ EPERM, "prohibited" },
		{ EPROTO, "protocol-error" },
		{ EMSGSIZE, "message-too-long" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (words[i].error == error)
			return words[i].word;
	return "other";
}

void event_owner_set_name(struct event_owner *owner, const char *name, size_t len)
{
	owner->name_len = (uint8_t)strnlen(name, len < EVENT_NAME_MAX ? len : EVENT_NAME_MAX);
	memcpy(owner->name, name, owner->name_len);
}
