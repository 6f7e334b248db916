/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Restores the terminal if the program crashes or is killed by a signal. */
#ifndef PORTSTAT_LIVE_SCREEN_RESCUE_H
#define PORTSTAT_LIVE_SCREEN_RESCUE_H

#include <stddef.h>

/*
 * Saves the terminal's state before it is taken over; from now on exit(3) and fatal signals restore
 * it.
 */
void screen_rescue_arm(void);

/* Adds bytes that undo a change of the screen; at most 255 are kept. */
void screen_rescue_bytes(const char *bytes, size_t n);

/* The terminal has been restored normally. */
void screen_rescue_disarm(void);

#endif
