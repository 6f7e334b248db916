/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one function of a fuzz target: libFuzzer calls it, or driver.c with the kept corpus. */
#ifndef PORTSTAT_TESTS_FUZZ_FUZZ_H
#define PORTSTAT_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Ends the process with a core where the module under test is wrong. */
#define CHECK(what)              \
	do {                     \
		if (!(what))     \
			abort(); \
	} while (0)

/* Aborts where the module under test is wrong.  Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
