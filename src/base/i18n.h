/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Translation: every sentence that a user reads passes through one of these. */
#ifndef PORTSTAT_BASE_I18N_H
#define PORTSTAT_BASE_I18N_H

#include <libintl.h>

#define _(text) gettext(text)

/* Marks a sentence in a table for translation; _() it where it is shown. */
#define N_(text) text

/* Marks both forms of a counted sentence for translation with P_(). */
#define NP_(singular, plural) singular, plural

#define P_(singular, plural, n) ngettext(singular, plural, n)

#endif
