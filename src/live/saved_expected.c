/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of expectations that the configuration names. */
#include <config.h>

#include "live/saved_expected.h"

#include <string.h>

#include "base/buf.h"
#include "base/caller.h"
#include "base/i18n.h"
#include "base/text.h"

void saved_expected_load(struct expected *expected, const char *path, const struct resolver *names,
			 struct buf *complaint)
{
	struct buf text = { 0 }, shown = { 0 }, mistake = { 0 };
	struct filter_error error;
	size_t number;
	int err;

	if (!path)
		return;
	text_visible(&shown, path, strlen(path), false);
	err = caller_read_file(path, FILTER_LENGTH_MAX, &text);
	if (err) {
		buf_printf(complaint, _("%s, which is expected, was not read: %s"),
			   buf_cstr(&shown), strerror(-err));
	} else if (expected_parse(expected, buf_cstr(&text), text.len, names, &error, &number)) {
		filter_error_text(&error, &mistake);
		buf_printf(complaint, _("%s, line %zu: %s"), buf_cstr(&shown), number,
			   buf_cstr(&mistake));
		expected_fini(expected);
		*expected = (struct expected){ 0 };
	}
	buf_fini(&text);
	buf_fini(&shown);
	buf_fini(&mistake);
}
