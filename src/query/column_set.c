/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads columns back: the value of each key to the part of a socket that it is about. */
#include <config.h>

#include <limits.h>
#include <string.h>

#include "base/number.h"
#include "model/port_set.h"
#include "model/vocab.h"
#include "query/row_firewall.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "query/telling.h"

/* The head of a setter's definition. */
#define SETTER(name) \
	bool name(const struct column *c, struct telling *t, size_t i, const struct value *value)
#define UNUSED (void)c, (void)i

static bool is_text(const struct value *value)
{
	return value->kind == VALUE_TEXT;
}

static bool is_word(const struct value *value, const char *word)
{
	return is_text(value) && value->text.len == strlen(word) &&
	       !memcmp(value->text.bytes, word, value->text.len);
}

static bool is_number(const struct value *value, uint64_t max)
{
	return value->kind == VALUE_NUMBER && value->number <= max;
}

/* A column without a place in struct sock. */
SETTER(set_cell)
{
	enum addr_family family;
	char bytes[sizeof(struct addr) + 1];
	struct addr addr;

	if (c->kind == VALUE_NUMBER && is_number(value, UINT32_MAX)) {
		telling_cell(t, (enum told_key)c->told, i, VALUE_NUMBER, (uint32_t)value->number);
		return true;
	}
	if (!is_text(value))
		return false;
	if (c->kind == VALUE_TEXT) {
		telling_cell(t, (enum told_key)c->told, i, VALUE_TEXT,
			     telling_text(t, value->text.bytes, value->text.len));
		return true;
	}
	if (c->kind != VALUE_ADDR || addr_parse(value->text.bytes, value->text.len, &family, &addr))
		return false;
	memcpy(bytes, &addr, sizeof(addr));
	bytes[sizeof(addr)] = (char)family;
	telling_cell(t, (enum told_key)c->told, i, VALUE_ADDR,
		     telling_text(t, bytes, sizeof(bytes)));
	return true;
}

/* In a document of several hosts each socket says whose it is. */
SETTER(set_host)
{
	UNUSED;
	for (uint32_t k = 0; k < t->snap->n_hosts && t->snap->n_hosts > 1; k++) {
		const char *name = t->snap->hosts[k].name;

		if (!name || !is_word(value, name))
			continue;
		t->host = k;
		return true;
	}
	return is_text(value) && t->snap->n_hosts == 1;
}

SETTER(set_proto)
{
	UNUSED;
	for (unsigned int k = 0; k < PROTO_COUNT; k++) {
		if (!is_word(value, proto_name((enum sock_proto)k)))
			continue;
		t->sk.proto = (uint8_t)k;
		return true;
	}
	t->is_unlistable = true;
	return is_text(value);
}

SETTER(set_family)
{
	UNUSED;
	for (unsigned int k = 0; k < ADDR_FAMILIES; k++) {
		if (!is_word(value, family_name((enum addr_family)k)))
			continue;
		t->sk.family = (uint8_t)k;
		return true;
	}
	return false;
}

SETTER(set_dual_stack)
{
	UNUSED;
	if (value->kind != VALUE_BOOL)
		return false;
	t->sk.v6only = !value->truth;
	t->sk.known |= SOCK_HAS_V6ONLY;
	return true;
}

SETTER(set_state)
{
	UNUSED;
	for (unsigned int k = 0; k < SOCK_STATE_COUNT; k++) {
		const char *name = STATE_ANY >> k & 1 ? state_name((enum sock_state)k) : NULL;

		if (!name || !is_word(value, name))
			continue;
		t->sk.state = (uint8_t)k;
		return true;
	}
	t->is_unlistable = true;
	return is_text(value);
}

static bool set_addr(struct telling *t, const struct value *value, struct addr *out)
{
	enum addr_family family;

	if (!is_text(value) || addr_parse(value->text.bytes, value->text.len, &family, out))
		return false;
	t->sk.family = (uint8_t)family;
	return true;
}

SETTER(set_local_addr)
{
	UNUSED;
	return set_addr(t, value, &t->sk.local.addr);
}

SETTER(set_local_port)
{
	UNUSED;
	if (!is_number(value, PORT_MAX))
		return false;
	t->sk.local.port = (uint16_t)value->number;
	return t->has_port = true;
}

SETTER(set_peer_addr)
{
	UNUSED;
	if (!set_addr(t, value, &t->sk.remote.addr))
		return false;
	t->sk.known |= SOCK_HAS_PEER;
	return true;
}

SETTER(set_peer_port)
{
	UNUSED;
	if (!is_number(value, PORT_MAX))
		return false;
	t->sk.remote.port = (uint16_t)value->number;
	return true;
}

SETTER(set_ip_protocol)
{
	UNUSED;
	if (!is_number(value, UINT8_MAX))
		return false;
	t->sk.ip_protocol = (uint8_t)value->number;
	return true;
}

SETTER(set_firewall)
{
	UNUSED;
	for (uint8_t k = 0; firewall_words[k]; k++) {
		if (!is_word(value, firewall_words[k]))
			continue;
		t->row.firewall = k + 1;
		return true;
	}
	return false;
}

SETTER(set_recv_q)
{
	UNUSED;
	if (!is_number(value, UINT32_MAX))
		return false;
	t->sk.recv_q = (uint32_t)value->number;
	return t->has_recv_q = true;
}

SETTER(set_send_q)
{
	UNUSED;
	if (!is_number(value, UINT32_MAX))
		return false;
	t->sk.send_q = (uint32_t)value->number;
	return t->has_send_q = true;
}

SETTER(set_uid)
{
	UNUSED;
	if (!is_number(value, UINT32_MAX))
		return false;
	t->sk.uid = (uint32_t)value->number;
	t->sk.known |= SOCK_HAS_UID;
	return true;
}

SETTER(set_inode)
{
	UNUSED;
	if (!is_number(value, UINT32_MAX))
		return false;
	t->sk.inode = (uint32_t)value->number;
	t->sk.known |= SOCK_HAS_INODE;
	return true;
}

SETTER(set_mark)
{
	UNUSED;
	if (!is_number(value, UINT32_MAX))
		return false;
	t->sk.mark = (uint32_t)value->number;
	t->sk.known |= SOCK_HAS_MARK;
	return true;
}

SETTER(set_netns)
{
	UNUSED;
	if (!is_number(value, UINT64_MAX))
		return false;
	t->netns = value->number;
	return true;
}

SETTER(set_netns_name)
{
	UNUSED;
	/* A file's name, or a runtime's for a container. */
	if (!is_text(value) || value->text.len > NAME_MAX ||
	    memchr(value->text.bytes, '\0', value->text.len))
		return false;
	t->netns_name = telling_text(t, value->text.bytes, value->text.len);
	return true;
}

SETTER(set_cookie)
{
	UNUSED;
	if (!is_text(value) || value->text.len > 16 ||
	    number_parse_hex(value->text.bytes, value->text.len, UINT64_MAX, &t->sk.cookie))
		return false;
	t->sk.known |= SOCK_HAS_COOKIE;
	return true;
}

SETTER(set_timer_kind)
{
	unsigned int kind = 0;

	UNUSED;
	while (is_text(value) && timer_name(++kind))
		if (is_word(value, timer_name(kind)))
			break;
	if (is_number(value, UINT8_MAX))
		kind = (unsigned int)value->number;
	else if (!kind || !timer_name(kind))
		return false;
	t->sk.timer = (uint8_t)kind;
	return true;
}

SETTER(set_timer_expires)
{
	UNUSED;
	if (!is_number(value, UINT32_MAX))
		return false;
	t->sk.timer_ms = (uint32_t)value->number;
	return true;
}

SETTER(set_timer_retransmits)
{
	UNUSED;
	if (!is_number(value, UINT8_MAX))
		return false;
	t->sk.retransmits = (uint8_t)value->number;
	return true;
}

/* ---- blocks ---- */

SETTER(set_field)
{
	const struct column_field *field = &c->field;
	uint64_t scale = field->scale ? field->scale : 1;

	(void)i;
	if (!is_number(value, UINT64_MAX) || value->number % scale ||
	    (field->size < 8 && value->number / scale >> (8 * field->size)))
		return false;
	telling_put(t, field, value->number / scale);
	return true;
}

SETTER(set_congestion)
{
	struct telling_block *block = &t->blocks[SOCK_EXTRA_CONGESTION];

	UNUSED;
	if (!is_text(value) || value->text.len > sizeof(block->bytes))
		return false;
	memcpy(block->bytes, value->text.bytes, value->text.len);
	block->len = value->text.len;
	return true;
}
