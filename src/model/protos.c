/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The protocols by name, letter and number, and lists of them. */
#include <config.h>

#include "model/protos.h"

#include <netinet/in.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "model/sock_table.h"

#ifndef IPPROTO_MPTCP
#	define IPPROTO_MPTCP 262 /* Linux 5.6 */
#endif

/* One file for each family. */
#define PROC_NET_FILES(word)                                              \
	{                                                                 \
		{ "net/" word, FAMILY_BIT(ADDR_INET), PROC_NET },         \
		{                                                         \
			"net/" word "6", FAMILY_BIT(ADDR_INET6), PROC_NET \
		}                                                         \
	}

#define PROTO_ROW(constant, word, option, people, ...) \
	[PROTO_##constant] = { .name = (word), .letter = (option), .title = (people), __VA_ARGS__ },

const struct proto proto_rows[PROTO_COUNT] = { PROTOS(PROTO_ROW) };

unsigned int protos_where(bool (*is_true)(enum sock_proto proto))
{
	unsigned int found = 0;

	for (unsigned int i = 0; i < PROTO_COUNT; i++)
		if (is_true((enum sock_proto)i))
			found |= PROTO_BIT(i);
	return found;
}

bool proto_parse(const char *s, size_t n, enum sock_proto *out)
{
	for (unsigned int i = 0; i < PROTO_COUNT; i++) {
		if (text_is(s, n, proto_rows[i].name)) {
			*out = (enum sock_proto)i;
			return true;
		}
	}
	return false;
}

bool proto_by_letter(int letter, enum sock_proto *out)
{
	for (unsigned int i = 0; i < PROTO_COUNT; i++) {
		if (proto_rows[i].letter == letter) {
			*out = (enum sock_proto)i;
			return true;
		}
	}
	return false;
}

bool proto_by_number(unsigned int number, enum sock_proto *out)
{
	for (unsigned int i = 0; i < PROTO_COUNT; i++) {
		if (proto_rows[i].number == number) {
			*out = (enum sock_proto)i;
			return true;
		}
	}
	return false;
}

void protos_text(unsigned int protos, struct buf *out)
{
	const char *last = NULL;
	struct buf before = { 0 };

	for (unsigned int i = 0; i < PROTO_COUNT; i++) {
		if (!(protos & PROTO_BIT(i)))
			continue;
		if (last)
			buf_printf(&before, "%s%s", before.len ? ", " : "", last);
		last = proto_rows[i].name;
	}
	if (before.len)
		buf_printf(out, _("%s or %s"), buf_cstr(&before), last);
	else if (last)
		buf_str(out, last);
	buf_fini(&before);
}
