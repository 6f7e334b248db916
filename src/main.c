/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program: says which version it is. */
#include <config.h>

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

int main(int argc, char **argv)
{
	setlocale(LC_ALL, "");
	bindtextdomain(PACKAGE, LOCALEDIR);
	textdomain(PACKAGE);

	if (argc != 2 || (strcmp(argv[1], "-V") != 0 && strcmp(argv[1], "--version") != 0)) {
		fputs(_("usage: portstat -V\n"), stderr);
		return 2;
	}
	puts(PACKAGE_STRING);
	return fflush(stdout) == 0 ? 0 : 4;
}
