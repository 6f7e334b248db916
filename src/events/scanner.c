/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides which tries are a scan or a knock. */
#include <config.h>

#include "events/scanner.h"

#define PRIVILEGED_PORTS 1024

/* Removes the ports whose last try is too long ago. */
static void forget_old(struct scanner *s, uint64_t now)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < s->n_ports; i++) {
		if (now - s->tried_at[i] > SCAN_WINDOW_MS)
			continue;
		s->ports[n] = s->ports[i];
		s->tried_at[n++] = s->tried_at[i];
	}
	s->n_ports = (uint8_t)n;
}

bool scanner_add(struct scanner *s, uint64_t now, uint16_t port)
{
	forget_old(s, now);
	for (unsigned int i = 0; i < s->n_ports; i++) {
		if (s->ports[i] == port) {
			s->tried_at[i] = now;
			return false;
		}
	}
	if (now - s->last_new > SCAN_GAP_MS)
		s->weight = 0;
	s->last_new = now;
	s->weight = (uint8_t)(s->weight + (port < PRIVILEGED_PORTS ? SCAN_WEIGHT_PRIVILEGED : 1));
	s->ports[s->n_ports] = port;
	s->tried_at[s->n_ports++] = now;
	return s->n_ports == SCAN_PORTS || s->weight >= SCAN_WEIGHT;
}

bool knock_add(struct knock *k, const struct knock_sequence *sequence, uint64_t now, uint16_t port)
{
	if (!sequence->n)
		return false;
	if (k->step && now - k->begun > KNOCK_WINDOW_MS)
		k->step = 0;
	if (k->step && port == sequence->ports[k->step - 1] && port != sequence->ports[k->step])
		return false;
	if (port != sequence->ports[k->step])
		k->step = 0;
	if (port != sequence->ports[k->step])
		return false;
	if (!k->step)
		k->begun = now;
	if (++k->step < sequence->n)
		return false;
	k->step = 0;
	return true;
}
