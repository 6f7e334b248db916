/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes rows to a stream in large chunks, which several threads format. */
#include <config.h>

#include "format/output.h"

#include <errno.h>
#include <pthread.h>

#include "base/thread.h"
#include "query/snapshot.h"

/* Starting a thread costs as much as formatting this many chunks. */
#define CHUNKS_WORTH_A_THREAD 4U

int output_flush(FILE *out, struct buf *b)
{
	size_t len = b->len;

	buf_clear(b);
	if (!len || fwrite(b->data, 1, len, out) == len)
		return 0;
	return errno ? -errno : -EIO;
}

struct output {
	FILE *stream;
	const struct output_rows *rows;
	size_t n_chunks;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t turned;
	size_t next; /* the first chunk not yet taken */
	size_t turn; /* the chunk to be written next */
	int err;
};

/* Takes the next chunk.  False if none is left, or if writing has failed. */
static bool take_chunk(struct output *o, size_t *chunk)
{
	pthread_mutex_lock(&o->lock);
	*chunk = o->err ? o->n_chunks : o->next++;
	pthread_mutex_unlock(&o->lock);
	return *chunk < o->n_chunks;
}

static void write_chunk(struct output *o, size_t chunk, struct buf *text)
{
	pthread_mutex_lock(&o->lock);
	while (o->turn != chunk)
		pthread_cond_wait(&o->turned, &o->lock);
	if (!o->err)
		o->err = output_flush(o->stream, text);
	o->turn++;
	pthread_cond_broadcast(&o->turned);
	pthread_mutex_unlock(&o->lock);
}

static void work(void *data, unsigned int worker)
{
	struct output *o = data;
	const struct output_rows *rows = o->rows;
	struct buf text = { 0 }, scratch[2] = { 0 };
	size_t chunk;

	(void)worker;
	while (take_chunk(o, &chunk)) {
		size_t first = chunk * OUTPUT_CHUNK_ROWS, end = first + OUTPUT_CHUNK_ROWS;

		buf_clear(&text);
		if (end > rows->snap->n_rows)
			end = rows->snap->n_rows;
		for (size_t row = first; row < end; row++)
			rows->put(rows->view, row, scratch, &text);
		write_chunk(o, chunk, &text);
	}
	buf_fini(&text);
	buf_fini(&scratch[0]);
	buf_fini(&scratch[1]);
}

int output_rows(FILE *stream, struct buf *head, const struct output_rows *rows)
{
	struct output o = {
		.stream = stream,
		.rows = rows,
		.n_chunks = (rows->snap->n_rows + OUTPUT_CHUNK_ROWS - 1) / OUTPUT_CHUNK_ROWS,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.turned = PTHREAD_COND_INITIALIZER,
		.err = output_flush(stream, head),
	};

	thread_crew(thread_crew_size(o.n_chunks, CHUNKS_WORTH_A_THREAD), work, &o);
	pthread_cond_destroy(&o.turned);
	pthread_mutex_destroy(&o.lock);
	return o.err;
}
