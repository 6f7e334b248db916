/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of problem_text() share. */
#include <config.h>

#include "model/problem_sentences.h"

#include <locale.h>
#include <string.h>

#include "base/i18n.h"
#include "model/vocab.h"

const char *problem_sentence(const char *english, bool is_translated)
{
	return is_translated ? _(english) : english;
}

const char *problem_plural(const char *one, const char *many, size_t n, bool is_translated)
{
	if (is_translated)
		return P_(one, many, n);
	return n == 1 ? one : many;
}

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

const char *problem_proto_text(const struct problem *problem)
{
	return problem->proto < 0 ? "" : proto_name((enum sock_proto)problem->proto);
}
