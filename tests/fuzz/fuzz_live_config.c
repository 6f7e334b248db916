/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any text as the live view's configuration: what is read, written and read again is the same. */
#include <config.h>

#include <string.h>

#include "base/buf.h"
#include "fuzz.h"
#include "live/app.h"
#include "live/app_draw.h"
#include "live/canvas.h"
#include "live/config.h"
#include "resolve/resolver.h"

/* What a view that starts with the configuration, and draws, would write. */
static void keep(const struct live_config *config, struct live_config *kept, struct buf *text)
{
	static const struct resolver names = { .ephemeral = { 32768, 60999 } };
	const struct live_setup setup = {
		.host = "h", .user = "u", .names = &names, .config = config, .can_save = true
	};
	struct app app;
	struct canvas canvas = { 0 };

	app_init(&app, &setup);
	app_resize(&app, LIVE_USUAL_WIDTH, LIVE_USUAL_HEIGHT, 0);
	app_draw(&app, &canvas);
	live_config_init(kept);
	app_config(&app, kept);
	live_config_print(kept, text);
	app_fini(&app);
	canvas_fini(&canvas);
}

static bool is_same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && !memcmp(a->data, b->data, a->len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf complaints = { 0 }, text = { 0 }, again = { 0 };
	struct live_config config, copy, kept[2];

	live_config_init(&config);
	live_config_parse(&config, (const char *)data, size, &complaints);
	for (size_t i = 0; i < complaints.len; i++)
		CHECK(complaints.data[i] == '\n' || (unsigned char)complaints.data[i] >= ' ');
	live_config_print(&config, &text);
	buf_clear(&complaints);
	live_config_init(&copy);
	live_config_parse(&copy, text.data, text.len, &complaints);
	CHECK(!complaints.len);
	live_config_print(&copy, &again);
	CHECK(is_same(&text, &again));
	buf_clear(&text);
	buf_clear(&again);
	keep(&config, &kept[0], &text);
	keep(&kept[0], &kept[1], &again);
	CHECK(is_same(&text, &again));
	CHECK(kept[0].view == config.view);
	CHECK(kept[0].has_names == config.has_names && kept[0].has_details == config.has_details);
	for (size_t i = 0; i < 2; i++)
		live_config_fini(&kept[i]);
	live_config_fini(&config);
	live_config_fini(&copy);
	buf_fini(&complaints);
	buf_fini(&text);
	buf_fini(&again);
	return 0;
}
