/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong with a document, or not in it: the sentences. */
#include <config.h>

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "model/problem_sentences.h"

/* About the test of a problem, or about its host.  NULL: a sentence with a number, below. */
#define TEST(sentence) (sentence), false
#define HOST(sentence) (sentence), true

/* By enum problem_document: the word of JSON, and the sentence. */
/* clang-format off */
static const struct {
	const char *word;
	const char *sentence;
	bool is_of_host;
} sentences[] = {
	[DOCUMENT_IS_CUT] = { "cut-short",
		TEST(N_("'%s' ends in the middle of a document, which is left out")) },
	[DOCUMENT_IS_DAMAGED] = { "cut-short",
		TEST(N_("'%s' is damaged; the rest of it is left out")) },
	[DOCUMENT_IS_OF_OTHER_SCHEMA] = { "unsupported",
		TEST(N_("'%s' has a document of another version of portstat, which is left out with "
			"all that comes after it")) },
	[DOCUMENT_IS_TOO_LARGE] = { "unsupported",
		TEST(N_("'%s' has a document that is too large, which is left out with all that "
			"comes after it")) },
	[DOCUMENT_IS_UNREADABLE] = { "cut-short", TEST(NULL) },
	[DOCUMENT_HAS_BAD_VALUES] = { "cut-short", TEST(NULL) },
	[DOCUMENT_HAS_BAD_SOCKETS] = { "cut-short", TEST(NULL) },
	[DOCUMENT_LACKS_PROTOCOLS] = { "unsupported", TEST(N_("the document has no %s sockets")) },
	[DOCUMENT_LACKS_FAMILY] = { "unsupported",
		TEST(N_("the document has sockets of one address family only")) },
	[DOCUMENT_LACKS_CONNECTIONS] = { "unsupported",
		TEST(N_("the document has only listening sockets; -l lists them")) },
	[DOCUMENT_LACKS_MATCHES] = { "unsupported",
		TEST(N_("the document has only sockets that match: %s")) },
	[DOCUMENT_LACKS_NETNS] = { "netns",
				   TEST(N_("the document has no sockets of a network namespace "
					   "'%s'")) },
	[DOCUMENT_BLURS_NETNS] = { "netns",
		TEST(N_("the document does not tell which network namespace '%s' is; use a name of "
			"the column netns_name")) },
	[DOCUMENT_LACKS_FORWARDS] = { "unsupported",
		TEST(N_("the document was made without --forwards")) },
	[DOCUMENT_LACKS_COLUMNS] = { "unsupported",
		TEST(N_("the document does not have the columns: %s")) },
	[DOCUMENT_LACKS_MOMENT] = { "unsupported",
		HOST(N_("the host '%s' has no document at or before the time of --at")) },
	[DOCUMENT_HAS_TWO_MACHINES] = { "names",
		HOST(N_("two machines have the name '%s'; both are listed")) },
};
/* clang-format on */

const char *problem_document_word(enum problem_document document)
{
	return sentences[document].word;
}

void problem_document_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	const char *sentence = sentences[problem->document].sentence;
	const char *about = sentences[problem->document].is_of_host ? problem->host : problem->test;
	struct buf shown = { 0 };

	if (about)
		text_visible(&shown, about, strlen(about), false);
	if (sentence)
		buf_sentence(out, is_translated ? _(sentence) : sentence, buf_cstr(&shown));
	else if (problem->document == DOCUMENT_IS_UNREADABLE)
		buf_printf(out, is_translated ? _("cannot read '%s': %s") : "cannot read '%s': %s",
			   buf_cstr(&shown), problem_error_text(problem->error, is_translated));
	else if (problem->document == DOCUMENT_HAS_BAD_VALUES)
		buf_printf(out,
			   problem_plural(NP_("%zu value of the document cannot be used",
					      "%zu values of the document cannot be used"),
					  problem->count, is_translated),
			   problem->count);
	else
		buf_printf(
			out,
			problem_plural(
				NP_("%zu socket of the document is of an unknown kind and left "
				    "out",
				    "%zu sockets of the document are of an unknown kind and left "
				    "out"),
				problem->count, is_translated),
			problem->count);
	buf_fini(&shown);
}
