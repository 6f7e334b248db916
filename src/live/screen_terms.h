/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptions of common terminals for systems without a terminfo database: rescue systems, small
 * containers, an empty chroot.
 */
#ifndef PORTSTAT_LIVE_SCREEN_TERMS_H
#define PORTSTAT_LIVE_SCREEN_TERMS_H

/*
 * The built-in description of this terminal type (TERM), as a value of the environment variable
 * TERMINFO; NULL if there is none.
 */
const char *screen_terms_find(const char *type);

#endif
