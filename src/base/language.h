/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which language the program speaks. */
#ifndef PORTSTAT_BASE_LANGUAGE_H
#define PORTSTAT_BASE_LANGUAGE_H

/*
 * Takes the locale of the environment, with the catalogues of messages in that folder; numbers keep one
 * syntax.  To be called once, before any sentence is translated and before there are threads.
 */
void language_init(const char *catalogues);

#endif
