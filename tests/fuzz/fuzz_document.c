/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Documents of others: any bytes are read or refused, at once and from a descriptor alike, and what
 * was read can be listed in every column.  What YAJL takes for JSON the reader takes, and nothing else.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <yajl/yajl_parse.h>

#include "document/document.h"
#include "document/json_reader.h"
#include "format/format.h"
#include "fuzz.h"
#include "query/collect.h"
#include "query/columns.h"
#include "query/document_head.h"
#include "query/plan.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "query/take.h"
#include "query/told_source.h"
#include "resolve/resolver.h"

static void check(bool holds)
{
	if (!holds)
		abort();
}

/* Is it one JSON value, of no more depth than documents may have? */
static bool yajl_takes(const uint8_t *data, size_t size)
{
	static const yajl_callbacks none = { 0 };
	yajl_handle yajl = yajl_alloc(&none, NULL, NULL);
	bool takes;

	yajl_config(yajl, yajl_dont_validate_strings, 1);
	takes = yajl_parse(yajl, data, size) == yajl_status_ok &&
		yajl_complete_parse(yajl) == yajl_status_ok;
	yajl_free(yajl);
	return takes;
}

static void compare_with_yajl(const uint8_t *data, size_t size)
{
	struct json_reader r;
	bool takes, has_more;

	json_init(&r, (const char *)data, size);
	takes = json_start(&r, UINT64_MAX);
	if (takes)
		json_skip(&r);
	has_more = takes && !r.error && json_start(&r, UINT64_MAX);
	takes = takes && !r.error && !has_more;
	/*
	 * To YAJL vertical tabs and form feeds are blanks, too (RFC 8259, section 2), and a string that is
	 * cut, behind a value, is nothing.
	 */
	if (takes || (!has_more && r.error != DOCUMENT_TOO_LARGE && !memchr(data, '\v', size) &&
		      !memchr(data, '\f', size)))
		check(takes == yajl_takes(data, size));
	json_fini(&r);
}

static int tell(void *data, struct snapshot *snap)
{
	const struct snapshot *document = data;

	for (size_t i = 0; i < document->n_hosts; i++)
		check(snapshot_append(snap, document, i));
	return 0;
}

/* All columns in all formats. */
static void list_all(struct snapshot *document)
{
	const struct column *all[256], *of_json[256];
	struct told_source source = { tell, document };
	struct sources sources = { .told = &source };
	struct resolver names = { 0 };
	struct document_head head = { 0 };
	struct format_options opt = { .head = &head, .has_header = true };
	struct plan_request request = { .protos = PROTO_ALL, .has_forwards = true };
	struct snapshot snap = { 0 };
	struct plan plan;
	FILE *nowhere = fopen("/dev/null", "w");
	size_t n = 0;

	for (size_t i = 0; i < columns_n; i++) {
		all[i] = &columns[i];
		if (columns[i].shape != COLUMN_COMPOSITE)
			of_json[n++] = &columns[i];
	}
	request.columns = all;
	request.n_columns = columns_n;
	plan_init(&plan, &request);
	check(!snapshot_take(&snap, &plan, &sources, &names, 0));
	opt.columns = all;
	opt.n_columns = columns_n;
	check(nowhere && !list_print(nowhere, &snap, &opt) && !csv_print(nowhere, &snap, &opt) &&
	      !filters_print(nowhere, &snap, &opt) && !metrics_print(nowhere, &snap, &opt) &&
	      !summary_print(nowhere, &snap, &opt));
	opt.columns = of_json;
	opt.n_columns = n;
	check(!json_print(nowhere, &snap, &opt));
	fclose(nowhere);
	plan_fini(&plan);
	snapshot_fini(&snap);
}

/* The same from a descriptor: how many documents there are before the end or an error. */
static void read_stream(const uint8_t *data, size_t size, int of_one)
{
	int fd = memfd_create("document", MFD_CLOEXEC), result;
	struct document_stream *stream;
	size_t n = 0;

	check(fd >= 0 && write(fd, data, size) == (ssize_t)size && !lseek(fd, 0, SEEK_SET));
	stream = document_stream_new(fd);
	do {
		struct snapshot document = { 0 };

		result = document_stream_next(stream, &document);
		n += result > 0;
		snapshot_fini(&document);
	} while (result > 0);
	check(of_one || (n == 1 && !result));
	document_stream_free(stream);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snapshot document = { 0 };
	int err;

	compare_with_yajl(data, size);
	err = document_read((const char *)data, size, &document);
	if (!err)
		list_all(&document);
	snapshot_fini(&document);
	read_stream(data, size, err);
	return 0;
}
