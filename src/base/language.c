/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets the locale, and lets LANGUAGE choose the language where only the locale C.UTF-8 exists. */
#include <config.h>

#include "base/language.h"

#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

/*
 * A bare system, a container or a rescue disk has no other UTF-8 locale than C.UTF-8, and since glibc 2.39
 * gettext() ignores LANGUAGE there, so nobody could choose a language.  It ignores it by the locale's name.
 * With a territory added, a name finds the same locale, because setlocale() leaves out what it does not
 * know; XX is the territory of nobody.  Without LANGUAGE nothing changes, and C stays English.
 */
static void let_language_choose(void)
{
	const char *locale = setlocale(LC_MESSAGES, NULL);
	const char *language = getenv("LANGUAGE");

	if (!language || !*language || !locale || strncmp(locale, "C.", 2) != 0)
		return;
	/* A terminal without UTF-8 could not show the translation. */
	if (!strcmp(nl_langinfo(CODESET), "UTF-8"))
		setlocale(LC_MESSAGES, "C_XX.UTF-8");
}

void language_init(const char *catalogues)
{
	setlocale(LC_ALL, "");
	let_language_choose();
	/* Numbers have the same syntax in every language: 0.5, never 0,5. */
	setlocale(LC_NUMERIC, "C");
	bindtextdomain(PACKAGE, catalogues);
	textdomain(PACKAGE);
}
