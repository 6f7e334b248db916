/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Translation by gettext(3): every sentence that a user reads passes through one of these. */
#ifndef PORTSTAT_BASE_I18N_H
#define PORTSTAT_BASE_I18N_H

#include <libintl.h>

/* The sentence in the user's language. */
#define _(text) gettext(text)

/* Marks a sentence in a table for translation; it is translated by _() where it is shown. */
#define N_(text) text

/* The same for both forms of a sentence with a number; translated by P_(). */
#define NP_(singular, plural) singular, plural

/* The form of the sentence for n, in the user's language. */
#define P_(singular, plural, n) ngettext(singular, plural, n)

#endif
