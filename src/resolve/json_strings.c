/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The strings of a JSON document, with the place of each, by YAJL's events. */
#include <config.h>

#include "resolve/json_strings.h"

#include <errno.h>
#include <stdlib.h>

#include <yajl/yajl_parse.h>

#include "base/buf.h"
#include "base/mem.h"

#define GOES_ON 1
#define STOPS 0

struct reader {
	json_string_fn *fn;
	void *data;
	struct buf path;
	size_t parents[JSON_DEPTH_MAX]; /* length of path above each object and array */
	bool is_array[JSON_DEPTH_MAX];
	size_t depth;
	size_t item;
	bool is_stopped; /* by fn */
};

static void set_key(struct reader *r, const char *key, size_t len)
{
	r->path.len = r->parents[r->depth - 1];
	if (r->depth > 1)
		buf_char(&r->path, '/');
	buf_add(&r->path, key, len);
}

static void count_item(struct reader *r)
{
	if (r->depth == 1 && r->is_array[0])
		r->item++;
}

static int on_scalar(void *data)
{
	count_item(data);
	return GOES_ON;
}

static int on_bool(void *data, int value)
{
	(void)value;
	return on_scalar(data);
}

static int on_number(void *data, const char *digits, size_t len)
{
	(void)digits, (void)len;
	return on_scalar(data);
}

static int on_string(void *data, const unsigned char *text, size_t len)
{
	struct reader *r = data;

	count_item(r);
	r->is_stopped = !r->fn(r->data, buf_cstr(&r->path), r->item, (const char *)text, len);
	return r->is_stopped ? STOPS : GOES_ON;
}

static int enter(struct reader *r, bool is_array)
{
	count_item(r);
	if (r->depth == JSON_DEPTH_MAX)
		return STOPS;
	r->is_array[r->depth] = is_array;
	r->parents[r->depth++] = r->path.len;
	if (is_array)
		set_key(r, "[]", 2);
	return GOES_ON;
}

static int on_object(void *data)
{
	return enter(data, false);
}

static int on_array(void *data)
{
	return enter(data, true);
}

static int on_key(void *data, const unsigned char *key, size_t len)
{
	set_key(data, (const char *)key, len);
	return GOES_ON;
}

static int on_end(void *data)
{
	struct reader *r = data;

	r->path.len = r->parents[--r->depth];
	return GOES_ON;
}

static void *yajl_alloc_bytes(void *data, size_t size)
{
	(void)data;
	return mem_alloc(size);
}

static void *yajl_resize_bytes(void *data, void *old, size_t size)
{
	(void)data;
	return mem_resize(old, size, 1);
}

static void yajl_free_bytes(void *data, void *old)
{
	(void)data;
	free(old);
}

int json_strings(const char *json, size_t len, json_string_fn *fn, void *data)
{
	static const yajl_callbacks callbacks = {
		.yajl_null = on_scalar,
		.yajl_boolean = on_bool,
		.yajl_number = on_number,
		.yajl_string = on_string,
		.yajl_start_map = on_object,
		.yajl_map_key = on_key,
		.yajl_end_map = on_end,
		.yajl_start_array = on_array,
		.yajl_end_array = on_end,
	};
	/* YAJL itself does not check that memory is left. */
	yajl_alloc_funcs memory = {
		.malloc = yajl_alloc_bytes,
		.realloc = yajl_resize_bytes,
		.free = yajl_free_bytes,
	};
	struct reader r = { .fn = fn, .data = data };
	yajl_handle handle = yajl_alloc(&callbacks, &memory, &r);
	yajl_status status = yajl_parse(handle, (const unsigned char *)json, len);

	if (status == yajl_status_ok)
		status = yajl_complete_parse(handle);
	yajl_free(handle);
	buf_fini(&r.path);
	return status == yajl_status_ok || r.is_stopped ? 0 : -EINVAL;
}
