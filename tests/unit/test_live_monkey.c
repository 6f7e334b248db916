/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A monkey at the keyboard: keys, clicks, sizes and a changing host at random, without a fault. */
#include <config.h>

#include <errno.h>

#include "live_host.h"
#include "live/why_job.h"
#include "random.h"

#define EVENTS 4000

static uint32_t random_key(uint64_t *seed)
{
	const struct key_binding *binding = &key_bindings[random_below(seed, key_bindings_n)];
	static const char words[] = "lport = 443 or state listen and not (udp) proc ~ n.*x ,-!\"\\";

	switch (random_below(seed, 8)) {
	case 0:
		return (uint32_t)random_below(seed, 0x110020);
	case 1:
	case 2:
		return (unsigned char)words[random_below(seed, sizeof(words) - 1)];
	case 3:
		return random_below(seed, 2) ? KEY_CODE_ENTER : KEY_CODE_ESC;
	}
	return binding->keys[0];
}

static void change_host(struct host *h, uint64_t *seed)
{
	static const enum sock_state states[] = { SOCK_STATE_LISTEN, SOCK_STATE_ESTABLISHED,
						  SOCK_STATE_TIME_WAIT, SOCK_STATE_CLOSE_WAIT,
						  SOCK_STATE_BOUND };
	enum sock_state state = states[random_below(seed, 5)];
	bool has_peer = state != SOCK_STATE_LISTEN && state != SOCK_STATE_BOUND;

	if (h->n && random_below(seed, 2))
		host_close(h, &h->socks[random_below(seed, h->n)]);
	if (h->n && random_below(seed, 2))
		h->socks[random_below(seed, h->n)].rx += random_below(seed, 1U << 30);
	if (h->n < HOST_SOCKS - 1)
		host_open(h, random_below(seed, 3) ? PROTO_TCP : PROTO_UDP, state, "127.0.0.1",
			  (uint16_t)random_below(seed, 6), has_peer ? "127.0.0.1" : NULL,
			  (uint16_t)random_below(seed, 6),
			  (uint32_t)(random_below(seed, 2) ? 443 : random_below(seed, 500)));
	h->fail = random_below(seed, 50) ? 0 : -EIO;
	h->now += random_below(seed, 3000);
	host_look(h);
}

static void one_event(struct host *h, uint64_t *seed)
{
	switch (random_below(seed, 12)) {
	case 0:
		change_host(h, seed);
		return;
	case 1:
		app_tick(&h->app, h->now += random_below(seed, 1000));
		return;
	case 2:
		app_click(&h->app, (int)random_below(seed, 50) - 2,
			  (int)random_below(seed, 140) - 2, h->now);
		return;
	case 3:
		app_wheel(&h->app, (int)random_below(seed, 9) - 4, h->now);
		return;
	case 4:
		if (!random_below(seed, 10))
			app_resize(&h->app, (int)random_below(seed, 200),
				   (int)random_below(seed, 60), h->now);
		return;
	}
	host_key(h, random_key(seed));
}

static void settle_outputs(struct host *h)
{
	struct live_output *out = &h->app.out;

	if (out->job) {
		for (size_t i = 0; i < out->job->n; i++)
			out->job->targets[i].outcome = (enum action_outcome)(i % 6);
		app_job_done(&h->app, out->job, h->now);
		job_free(out->job);
		out->job = NULL;
	}
	if (out->why) {
		buf_str(&out->why->answer, "yes\nno\n");
		buf_cstr(&out->why->answer);
		app_answer(&h->app, out->why, h->now);
		why_job_free(out->why);
		out->why = NULL;
	}
	out->quits = out->rings = out->query_changed = out->refreshes = out->save_config =
		out->suspends = out->redraws = false;
	buf_clear(&out->clipboard);
}

static void check_picture(struct host *h)
{
	host_line(h, 0);
	assert_int_equal(h->canvas.height, h->app.height);
	for (int y = 0; y < h->canvas.height; y++) {
		const struct canvas_line *line = &h->canvas.lines[y];

		assert_in_range(line->width, 0, h->app.width);
		for (size_t i = 0; i < line->text.len; i++)
			assert_in_range((unsigned char)line->text.data[i], ' ', '~');
	}
	if (h->app.tree.n_items)
		assert_in_range(h->app.tables[h->app.view].index, 0, h->app.tree.n_items - 1);
}

static void nothing_breaks(void **state)
{
	const char *events = getenv("PORTSTAT_MONKEY_EVENTS");
	const char *seed_text = getenv("PORTSTAT_MONKEY_SEED");
	unsigned long n = events ? strtoul(events, NULL, 10) : EVENTS;
	uint64_t seed = seed_text ? strtoull(seed_text, NULL, 10) : 1;
	struct host *h = *state;

	host_start(h, &(struct live_setup){ .can_save = true });
	host_populate(h);
	host_look(h);
	for (unsigned long i = 0; i < n; i++) {
		one_event(h, &seed);
		settle_outputs(h);
		check_picture(h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_breaks, host_set_up, host_tear_down),
	};

	return cmocka_run_group_tests_name("live monkey", tests, NULL, NULL);
}
