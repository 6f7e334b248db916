/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every unit test includes: cmocka, which includes nothing itself, and what it builds on. */
#ifndef PORTSTAT_TESTS_UNIT_TEST_H
#define PORTSTAT_TESTS_UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Skips the test: what this place cannot do, in printf(3)'s words, which make check prints. */
#define skip_because(...)                   \
	do {                                \
		print_message("skipped: "); \
		print_message(__VA_ARGS__); \
		print_message("\n");        \
		skip();                     \
	} while (0)

#endif
