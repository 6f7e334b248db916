/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as keys, clicks, sizes and looks at a changing host; the picture is checked after each. */
#include <config.h>

#include <errno.h>

#include "fuzz.h"
#include "live_host.h"
#include "live/why_job.h"

/*
 * A byte of ASCII is a key, so that an input reads as it is typed.  Others are keys without a
 * character, or one of these, with its arguments in the bytes that follow.
 */
enum offering {
	EVENT_KEY = 0x80, /* to 0xbf: KEY_CODE_NONE and those after it */
	EVENT_RESIZE = 0xc0, /* columns, lines */
	EVENT_CLICK, /* line, column */
	EVENT_WHEEL, /* lines, signed */
	EVENT_TIME, /* 64 ms each */
	EVENT_LOOK,
	EVENT_OPEN, /* kind, ports */
	EVENT_CLOSE, /* which socket */
	EVENT_TRAFFIC, /* which socket, how much */
	EVENT_FAIL, /* from now on, or no more */
	EVENT_JOB, /* what was asked for ended like this */
	EVENT_CHARACTER, /* three bytes: a character of Unicode, or none */
	EVENT_START, /* anew, with these settings */
};

/* What a tall screen shows a middling one does, too, and is drawn sooner. */
#define TALLEST 64

/* What is left of the input. */
struct input {
	const uint8_t *data;
	size_t size;
};

static uint8_t next_byte(struct input *in)
{
	if (!in->size)
		return 0;
	in->size--;
	return *in->data++;
}

static int8_t next_signed(struct input *in)
{
	return (int8_t)next_byte(in);
}

static void remove_host(void);

/* One for all inputs: what its processes are lies in a folder, which goes when the process ends. */
static struct host *the_host(void)
{
	static void *state;
	struct host *h = state;

	if (h)
		return h;
	CHECK(!host_set_up(&state) && !atexit(remove_host));
	h = state;
	host_populate(h);
	return h;
}

static void remove_host(void)
{
	void *state = the_host();

	host_tear_down(&state);
}

static void look(struct host *h, uint64_t ms)
{
	h->now += ms;
	host_look(h);
}

static void open_socket(struct host *h, struct input *in)
{
	static const enum sock_state states[] = { SOCK_STATE_LISTEN, SOCK_STATE_ESTABLISHED,
						  SOCK_STATE_TIME_WAIT, SOCK_STATE_BOUND };
	uint8_t kind = next_byte(in);
	enum sock_state state = states[kind % 4];
	bool has_peer = state != SOCK_STATE_LISTEN && state != SOCK_STATE_BOUND;
	uint16_t port = next_byte(in), peer_port = next_byte(in);

	if (h->n < HOST_SOCKS)
		host_open(h, kind & 4 ? PROTO_UDP : PROTO_TCP, state,
			  kind & 8 ? "::1" : "127.0.0.1", port,
			  !has_peer  ? NULL
			  : kind & 8 ? "::1"
				     : "127.0.0.1",
			  peer_port, kind & 16 ? 443 : 0);
}

static void start(struct host *h, uint8_t settings)
{
	host_start(h, &(struct live_setup){ .is_read_only = settings & 1,
					    .is_replay = settings & 2,
					    .is_numeric = settings & 4,
					    .has_hosts = settings & 8,
					    .can_save = settings & 16,
					    .filter = settings & 32 ? "port 443" : NULL });
	h->app.setup.is_ascii = !(settings & 64);
}

static void end_job(struct host *h, unsigned int outcome)
{
	struct live_output *out = &h->app.out;

	for (size_t i = 0; out->job && i < out->job->n; i++)
		out->job->targets[i].outcome = (enum action_outcome)((outcome + i) % 6);
	if (out->job)
		app_job_done(&h->app, out->job, h->now);
	job_free(out->job);
	out->job = NULL;
	if (out->why)
		app_answer(&h->app, out->why, h->now);
	why_job_free(out->why);
	out->why = NULL;
}

static void one_event(struct host *h, struct input *in)
{
	uint8_t byte = next_byte(in), first;

	if (byte < EVENT_KEY) {
		host_key(h, byte);
		return;
	}
	if (byte < EVENT_RESIZE) {
		host_key(h, KEY_CODE_NONE + byte - EVENT_KEY);
		return;
	}
	switch ((enum offering)byte) {
	case EVENT_KEY:
		break;
	case EVENT_RESIZE:
		first = next_byte(in);
		app_resize(&h->app, first, next_byte(in) % TALLEST, h->now);
		break;
	case EVENT_CLICK:
		first = next_byte(in);
		app_click(&h->app, (int8_t)first, next_byte(in), h->now);
		break;
	case EVENT_WHEEL:
		app_wheel(&h->app, next_signed(in), h->now);
		break;
	case EVENT_TIME:
		app_tick(&h->app, h->now += next_byte(in) * 64U);
		break;
	case EVENT_LOOK:
		look(h, 500);
		break;
	case EVENT_OPEN:
		open_socket(h, in);
		look(h, 500);
		break;
	case EVENT_CLOSE:
		first = next_byte(in);
		if (h->n)
			host_close(h, &h->socks[first % h->n]);
		look(h, 500);
		break;
	case EVENT_TRAFFIC:
		first = next_byte(in);
		if (h->n)
			h->socks[first % h->n].rx += (uint64_t)next_byte(in) << 20;
		look(h, 500);
		break;
	case EVENT_FAIL:
		h->fail = h->fail ? 0 : -EIO;
		look(h, 500);
		break;
	case EVENT_JOB:
		end_job(h, next_byte(in));
		break;
	case EVENT_CHARACTER:
		first = next_byte(in);
		host_key(h, (uint32_t)first << 16 | (uint32_t)next_byte(in) << 8 | next_byte(in));
		break;
	case EVENT_START:
		start(h, next_byte(in));
		look(h, 500);
		break;
	}
}

static void check_picture(struct host *h)
{
	app_draw(&h->app, &h->canvas);
	CHECK(h->canvas.height == h->app.height);
	for (int y = 0; y < h->canvas.height; y++) {
		const struct canvas_line *line = &h->canvas.lines[y];

		CHECK(line->width <= (size_t)h->app.width);
		for (size_t i = 0; i < line->text.len; i++) {
			unsigned char c = (unsigned char)line->text.data[i];

			CHECK(c >= ' ' && c != 0x7f);
			CHECK(c < 0x7f || !h->app.setup.is_ascii);
		}
	}
	CHECK(!h->app.tree.n_items || h->app.tables[h->app.view].index < h->app.tree.n_items);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct host *h = the_host(), before = *h;
	struct input in = { data, size };

	start(h, 16);
	host_look(h);
	while (in.size) {
		one_event(h, &in);
		check_picture(h);
		/* The loop around the app does all that is asked of it, but for jobs: they take time. */
		h->app.out.quits = h->app.out.query_changed = h->app.out.refreshes =
			h->app.out.save_config = false;
		h->app.out.suspends = h->app.out.redraws = false;
		buf_clear(&h->app.out.clipboard);
	}
	for (size_t i = 0; i < 2; i++) {
		frame_fini(&h->frames[i]);
		h->frames[i] = (struct frame){ 0 };
	}
	memcpy(h->socks, before.socks, sizeof(h->socks));
	h->n = before.n;
	h->cookies = before.cookies;
	h->now = before.now;
	h->fail = 0;
	return 0;
}
