/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every unit test includes: cmocka, which includes nothing itself, and what it builds on. */
#ifndef PORTSTAT_TESTS_UNIT_TEST_H
#define PORTSTAT_TESTS_UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
