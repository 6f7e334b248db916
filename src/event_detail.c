/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What there is to say of an event, in words. */
#include <config.h>

#include "event_print.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "events/event.h"

#define US_PER_MS UINT64_C(1000)
#define US_PER_S UINT64_C(1000000)

/* 0.06 ms, 101 ms, 2.5 s, 340 s: as exact as one reads it. */
static void add_duration(uint64_t us, struct buf *out)
{
	if (us < 10 * US_PER_MS)
		buf_printf(out, "%.2f ms", (double)us / (double)US_PER_MS);
	else if (us < US_PER_S)
		buf_printf(out, "%" PRIu64 " ms", us / US_PER_MS);
	else if (us < 100 * US_PER_S)
		buf_printf(out, "%.1f s", (double)us / (double)US_PER_S);
	else
		buf_printf(out, "%" PRIu64 " s", us / US_PER_S);
}

/* With commas: 65,532. */
static void add_count(uint64_t n, struct buf *out)
{
	struct buf digits = { 0 };

	buf_u64(&digits, n);
	for (size_t i = 0; i < digits.len; i++) {
		if (i && (digits.len - i) % 3 == 0)
			buf_char(out, ',');
		buf_char(out, digits.data[i]);
	}
	buf_fini(&digits);
}

/* Puts a number where the sentence has %s. */
static void add_counted(const char *sentence, uint64_t n, struct buf *out)
{
	struct buf count = { 0 };

	add_count(n, &count);
	buf_sentence(out, sentence, buf_cstr(&count));
	buf_fini(&count);
}

/* A comma between what is said. */
static void next_clause(struct buf *out, size_t start)
{
	if (out->len > start)
		buf_str(out, ", ");
}

static void add_timed(const char *sentence, const struct event *event, struct buf *out)
{
	struct buf duration = { 0 };

	if (!(event->known & EVENT_HAS_DURATION))
		return;
	add_duration(event->duration_us, &duration);
	buf_sentence(out, sentence, buf_cstr(&duration));
	buf_fini(&duration);
}

static void add_carried(const struct event *event, size_t start, struct buf *out)
{
	if (event->known & EVENT_HAS_BYTES) {
		next_clause(out, start);
		buf_printf(out, _("sent %" PRIu64 ", received %" PRIu64), event->sent,
			   event->received);
	}
	if (event->known & EVENT_HAS_PACKETS) {
		next_clause(out, start);
		buf_printf(out, _("packets %" PRIu32 ", %" PRIu32), event->packets_sent,
			   event->packets_received);
	}
}

static void add_error(const struct event *event, size_t start, struct buf *out)
{
	if (!event->error)
		return;
	next_clause(out, start);
	buf_str(out, event_error_word(event->error));
}

static void add_via(const struct event *event, size_t start, struct buf *out)
{
	if (event->owner.via != EVENT_VIA_LISTENER && event->owner.via != EVENT_VIA_LISTING)
		return;
	next_clause(out, start);
	buf_str(out, event->owner.via == EVENT_VIA_LISTENER ? _("via listener") : _("via listing"));
}

/* The first ports of several. */
static void add_ports(const struct event *event, struct buf *out)
{
	for (unsigned int i = 0; i < event->n_ports; i++)
		buf_printf(out, "%s%u", i ? ", " : "", event->ports[i]);
}

static void add_scan(const struct event *event, struct buf *out)
{
	add_counted(P_("%s closed port", "%s closed ports", event->count), event->count, out);
	add_timed(_(" in %s"), event, out);
	if (!event->n_ports)
		return;
	buf_str(out, " (");
	add_ports(event, out);
	if (event->n_ports < event->count)
		buf_str(out, ", ...");
	buf_char(out, ')');
}

static void add_flood(const struct event *event, size_t start, struct buf *out)
{
	if (!(event->known & EVENT_HAS_RATE)) {
		add_counted(P_("%s connection dropped", "%s connections dropped", event->count),
			    event->count, out);
		add_timed(_(" in %s"), event, out);
		return;
	}
	add_counted(_("%s SYN cookies a second"), event->per_second, out);
	next_clause(out, start);
	add_counted(_("%s half-open"), event->count, out);
}

void event_detail(const struct event *event, struct buf *out)
{
	size_t start = out->len;

	switch ((enum event_kind)event->kind) {
	case EVENT_OPENED:
		buf_str(out, event->sock.state == SOCK_STATE_LISTEN ? _("listening") : _("bound"));
		add_via(event, start, out);
		return;
	case EVENT_CONNECTED:
		add_timed(_("in %s"), event, out);
		return;
	case EVENT_ACCEPTED:
		add_via(event, start, out);
		return;
	case EVENT_UNBOUND:
	case EVENT_CLOSED:
		add_timed(_("after %s"), event, out);
		add_carried(event, start, out);
		add_error(event, start, out);
		add_via(event, start, out);
		return;
	case EVENT_FAILED:
		if (event->error)
			add_error(event, start, out);
		else
			buf_str(out, _("given up"));
		return;
	case EVENT_REFUSED:
		add_counted(P_("once", "%s times", event->count), event->count, out);
		add_timed(_(" in %s"), event, out);
		return;
	case EVENT_SCAN:
		add_scan(event, out);
		return;
	case EVENT_FLOOD:
		add_flood(event, start, out);
		return;
	case EVENT_KNOCK:
		add_ports(event, out);
		return;
	case EVENT_LOST:
		if (!(event->known & EVENT_HAS_COUNT)) {
			buf_str(out, _("some events"));
			return;
		}
		add_counted(P_("%s event", "%s events", event->count), event->count, out);
		return;
	}
}
