/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences on rows that the filter could not test. */
#include <config.h>

#include "model/problem_sentences.h"

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"

/* A field that the source does not provide, by its key. */
static void untested_key_text(const struct problem *problem, const char *test, bool is_translated,
			      struct buf *out)
{
	size_t n = problem->count;

	switch (problem->lack) {
	case LACK_NOTHING:
	case LACK_OWNERS:
	case LACK_LISTENER:
	case LACK_SEARCH:
	case LACK_NAMES:
		return;
	case LACK_PRIVILEGE:
		buf_printf(
			out,
			problem_plural(
				NP_("%zu socket could not be tested for \"%s\": the kernel shows "
				    "\"%s\" only with CAP_NET_ADMIN",
				    "%zu sockets could not be tested for \"%s\": the kernel shows "
				    "\"%s\" only with CAP_NET_ADMIN"),
				n, is_translated),
			n, test, problem->key);
		return;
	case LACK_PROCFS:
		buf_printf(
			out,
			problem_plural(
				NP_("%zu socket could not be tested for \"%s\": /proc/net has no "
				    "\"%s\"",
				    "%zu sockets could not be tested for \"%s\": /proc/net has no "
				    "\"%s\""),
				n, is_translated),
			n, test, problem->key);
		return;
	case LACK_KERNEL:
		buf_printf(
			out,
			problem_plural(
				NP_("%zu socket could not be tested for \"%s\": this host does not "
				    "report \"%s\"",
				    "%zu sockets could not be tested for \"%s\": this host does not "
				    "report \"%s\""),
				n, is_translated),
			n, test, problem->key);
		return;
	case LACK_DOCUMENT:
		buf_printf(
			out,
			problem_plural(
				NP_("%zu socket could not be tested for \"%s\": the document has "
				    "no \"%s\"",
				    "%zu sockets could not be tested for \"%s\": the document has "
				    "no \"%s\""),
				n, is_translated),
			n, test, problem->key);
		return;
	case LACK_RECORDING:
		buf_printf(
			out,
			problem_plural(
				NP_("%zu socket could not be tested for \"%s\": the recording has "
				    "no \"%s\"",
				    "%zu sockets could not be tested for \"%s\": the recording has "
				    "no \"%s\""),
				n, is_translated),
			n, test, problem->key);
		return;
	}
}

/* Rows that may match: the filter tests a value that is hidden, or that the source lacks. */
void problem_untested_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	struct buf shown = { 0 };
	size_t n = problem->count;
	const char *test;

	text_visible(&shown, problem->test, strlen(problem->test), false);
	test = buf_cstr(&shown);
	switch (problem->lack) {
	case LACK_NOTHING:
	case LACK_PRIVILEGE:
	case LACK_PROCFS:
	case LACK_KERNEL:
	case LACK_RECORDING:
	case LACK_DOCUMENT:
		untested_key_text(problem, test, is_translated, out);
		break;
	case LACK_OWNERS:
		buf_printf(
			out,
			problem_plural(
				NP_("%zu socket could not be tested for \"%s\": its owners are "
				    "hidden from this user",
				    "%zu sockets could not be tested for \"%s\": their owners are "
				    "hidden from this user"),
				n, is_translated),
			n, test);
		break;
	case LACK_LISTENER:
		buf_printf(out,
			   problem_plural(
				   NP_("%zu socket could not be tested for \"%s\": it has not "
				       "been accepted yet, and its listener is unknown",
				       "%zu sockets could not be tested for \"%s\": they have not "
				       "been accepted yet, and their listeners are unknown"),
				   n, is_translated),
			   n, test);
		break;
	case LACK_SEARCH:
		buf_printf(
			out,
			problem_plural(
				NP_("%zu socket could not be tested for \"%s\": owners were not "
				    "looked up",
				    "%zu sockets could not be tested for \"%s\": owners were not "
				    "looked up"),
				n, is_translated),
			n, test);
		break;
	case LACK_NAMES:
		buf_printf(out,
			   problem_plural(
				   NP_("%zu socket could not be tested for \"%s\": its host name "
				       "was not resolved in time",
				       "%zu sockets could not be tested for \"%s\": their host "
				       "names were not resolved in time"),
				   n, is_translated),
			   n, test);
		break;
	}
	buf_fini(&shown);
}
