/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON documents of portstat, read back into snapshots that were told. */
#include <config.h>

#include "document/document.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "document/reading.h"
#include "query/host_columns.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"

struct document_stream {
	struct reading reading;
};

/* Reads what is next as a document. */
static int read_document(struct reading *r, struct snapshot *out)
{
	bool is_first = true;
	const char *key;
	size_t len;

	r->out = out;
	r->has_schema = r->has_sockets = r->has_summary = r->has_unknown_columns = false;
	out->hosts = mem_calloc(1, sizeof(*out->hosts));
	out->n_hosts = 1;
	host_add_columns(&out->hosts[0]);
	host_finish_columns(&out->hosts[0]);
	telling_init(&r->telling, out);
	if (json_peek(&r->json) == JSON_OBJECT) {
		json_enter(&r->json);
		while (json_next(&r->json, '}', &is_first) && json_key(&r->json, &key, &len))
			read_head(r, key, len, 0);
		if (!r->json.error && !r->has_schema)
			r->json.error = DOCUMENT_DAMAGED;
		if (!r->json.error && !r->has_sockets)
			r->json.error =
				r->has_summary ? DOCUMENT_WITHOUT_SOCKETS : DOCUMENT_DAMAGED;
	} else if (!r->json.error) {
		r->json.error = DOCUMENT_DAMAGED;
	}
	telling_fini(&r->telling);
	if (!r->json.error)
		finish_head(r);
	return r->json.error;
}

static void reading_fini(struct reading *r)
{
	shape_free(r->shape);
	buf_fini(&r->list);
	json_fini(&r->json);
}

int document_read(const char *bytes, size_t n, struct snapshot *out)
{
	struct reading reading = { 0 };
	int err;

	json_init(&reading.json, bytes, n);
	err = n > DOCUMENT_LENGTH_MAX ? DOCUMENT_TOO_LARGE : read_document(&reading, out);
	if (!err && json_start(&reading.json, UINT64_MAX))
		err = DOCUMENT_DAMAGED;
	reading_fini(&reading);
	return err;
}

void document_error_text(int error, struct buf *out)
{
	switch (error) {
	case DOCUMENT_DAMAGED:
		buf_str(out, _("it is not a document of portstat, or damaged"));
		return;
	case DOCUMENT_CUT:
		buf_str(out, _("it ends in the middle of a document"));
		return;
	case DOCUMENT_OTHER_SCHEMA:
		buf_str(out, _("it is a document of another version of portstat"));
		return;
	case DOCUMENT_TOO_LARGE:
		buf_str(out, _("a document is too large"));
		return;
	case DOCUMENT_WITHOUT_SOCKETS:
		buf_str(out, _("it has counts, but no sockets; make documents without -s"));
		return;
	default:
		buf_str(out, strerror(-error));
	}
}

struct document_stream *document_stream_new(int fd)
{
	struct document_stream *s = mem_calloc(1, sizeof(*s));

	json_init_fd(&s->reading.json, fd);
	return s;
}

void document_stream_free(struct document_stream *s)
{
	if (!s)
		return;
	reading_fini(&s->reading);
	free(s);
}

int document_stream_next(struct document_stream *s, struct snapshot *out)
{
	int err;

	if (!json_start(&s->reading.json, DOCUMENT_LENGTH_MAX))
		return s->reading.json.error;
	err = read_document(&s->reading, out);
	return err ? err : 1;
}
