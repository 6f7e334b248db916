/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who gets a packet to the port now: asked of the kernel. */
#ifndef PORTSTAT_EXPLAIN_TAKERS_H
#define PORTSTAT_EXPLAIN_TAKERS_H

#include <stdbool.h>

struct explanation;
struct sock;
struct taker;
struct why_scene;

/* Sets the takers of an explanation whose facts and place are set. */
void takers_find(struct explanation *x, const struct why_scene *scene);

/*
 * Does the taker say more than the sockets of the port do: several listen, or it has another port
 * (BPF sk_lookup)?
 */
bool taker_is_news(const struct explanation *x, const struct taker *taker);

#endif
