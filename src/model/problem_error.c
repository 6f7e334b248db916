/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for an error number in sentences about problems. */
#include <config.h>

#include <locale.h>
#include <string.h>

#include "model/problem.h"

/* strerror(3) is in the user's language; JSON has the English text. */
const char *problem_error_text(int error, bool is_translated)
{
	const char *text = NULL;
	locale_t english;

	if (is_translated)
		return strerror(error);
	english = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	if (english != (locale_t)0) {
		text = strerror_l(error, english);
		freelocale(english);
	}
	return text ? text : strerror(error);
}
