/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way back for the terminal when the program ends where nobody expected it. */
#ifndef PORTSTAT_LIVE_SCREEN_RESCUE_H
#define PORTSTAT_LIVE_SCREEN_RESCUE_H

#include <stddef.h>

/*
 * Notes how the terminal is, before it is taken over; from here on exit(3) and deadly signals put it
 * back.
 */
void screen_rescue_arm(void);

/* The bytes that undo what the program does to the screen: at most 255 are kept. */
void screen_rescue_bytes(const char *bytes, size_t n);

/* The terminal was given back in good order. */
void screen_rescue_disarm(void);

#endif
