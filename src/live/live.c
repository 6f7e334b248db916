/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The main loop of the live view: passes keys and frames to the app and its pictures to the screen.
 */
#include <config.h>

#include "live/live.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "live/app.h"
#include "live/app_draw.h"
#include "live/app_settle.h"
#include "live/canvas.h"
#include "live/collector.h"
#include "live/config.h"
#include "live/event_feed.h"
#include "live/frame.h"
#include "live/moment_list.h"
#include "live/refresh.h"
#include "action/jobs.h"
#include "live/saved_config.h"
#include "live/saved_expected.h"
#include "live/screen.h"
#include "live/why_job.h"

/*
 * How often highlights and closed rows are updated, and host names that were resolved late appear.
 */
#define FADE_MS 500

/* Keys that come without end are drawn, and signals and frames are taken, as often as this. */
#define INPUT_MS 30

struct live {
	const struct live_options *opt;
	struct saved_config saved;
	struct expected expected;
	struct live_config start; /* as the view began, with what the command line says */
	struct app app;
	struct collector *collector;
	struct event_feed *feed; /* NULL: the looks alone are compared */
	struct screen *screen;
	struct canvas canvas;
	int signals;
	sigset_t blocked; /* the signal mask before */
};

/* ---- signals ---- */

/* Never called: the signal is blocked, and read from l->signals. */
static void take_stop(int number)
{
	(void)number;
}

static int open_signals(struct live *l)
{
	static const int numbers[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT
	};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		sigaddset(&set, numbers[i]);
	pthread_sigmask(SIG_BLOCK, &set, &l->blocked);
	/* Where it is the default, ncurses ignores SIGTSTP while it draws, and so loses one that is pending. */
	signal(SIGTSTP, take_stop);
	l->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return l->signals < 0 ? -errno : 0;
}

static void close_signals(struct live *l)
{
	if (l->signals >= 0)
		close(l->signals);
	signal(SIGTSTP, SIG_DFL);
	pthread_sigmask(SIG_SETMASK, &l->blocked, NULL);
}

static void adapt_size(struct live *l)
{
	int width, height;

	screen_resize(l->screen);
	screen_size(l->screen, &width, &height);
	app_resize(&l->app, width, height, collector_clock(l->collector));
}

static void suspend(struct live *l)
{
	screen_suspend(l->screen);
	adapt_size(l);
}

static void handle_signals(struct live *l)
{
	struct signalfd_siginfo info;

	while (read(l->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		switch (info.ssi_signo) {
		case SIGWINCH:
			adapt_size(l);
			break;
		case SIGCONT:
			screen_forget(l->screen);
			adapt_size(l);
			break;
		case SIGTSTP:
			suspend(l);
			break;
		default:
			l->app.out.quits = true;
		}
	}
}

/* ---- one iteration ---- */

/* Returns whether there was any. */
static bool handle_input(struct live *l)
{
	uint64_t end = refresh_clock_ms(CLOCK_MONOTONIC) + INPUT_MS;
	bool is_any = false;

	for (; !l->app.out.quits && refresh_clock_ms(CLOCK_MONOTONIC) < end; is_any = true) {
		struct screen_event event = screen_read(l->screen);
		uint64_t now = collector_clock(l->collector);

		switch (event.kind) {
		case SCREEN_NOTHING:
			return is_any;
		case SCREEN_KEY:
			app_key(&l->app, event.key, now);
			break;
		case SCREEN_CLICK:
			app_click(&l->app, event.y, event.x, now);
			break;
		case SCREEN_WHEEL:
			app_wheel(&l->app, event.lines, now);
			break;
		case SCREEN_RESIZED:
			adapt_size(l);
			break;
		case SCREEN_CLOSED:
			l->app.out.quits = true;
		}
	}
	return true;
}

static void handle_collector(struct live *l)
{
	struct why_job *why;
	struct job *job;
	struct frame_scope scope;

	while ((job = collector_done(l->collector))) {
		app_job_done(&l->app, job, collector_clock(l->collector));
		job_free(job);
	}
	why = collector_answer(l->collector);
	if (why)
		app_answer(&l->app, why, collector_clock(l->collector));
	why_job_free(why);
	if (collector_peek(l->collector, &scope) && app_wants(&l->app, &scope)) {
		struct frame *frame = collector_take(l->collector);

		if (l->feed && !frame->error)
			event_feed_take(l->feed, &l->app.heard);
		collector_give(l->collector,
			       app_take(&l->app, frame, collector_clock(l->collector)));
	}
}

/* A message may need a line of the screen. */
static void say(struct live *l, bool is_error, const char *sentence)
{
	app_say(&l->app, is_error, sentence);
	app_settle(&l->app);
}

static void keep(struct live *l)
{
	struct live_config config;
	struct buf text = { 0 };
	bool is_saved;

	live_config_init(&config);
	app_config(&l->app, &config);
	config.has_mouse = l->saved.config.has_mouse;
	config.theme = l->saved.config.theme;
	/* Like the filter, what is left out now is not left out the next time, unless one says so. */
	config.is_troubled = l->saved.config.is_troubled;
	is_saved = saved_config_save(&l->saved, &config, &text);
	say(l, !is_saved, buf_cstr(&text));
	live_config_fini(&config);
	buf_fini(&text);
}

static void handle_output(struct live *l)
{
	struct live_output *out = &l->app.out;

	if (out->query_changed)
		collector_ask(l->collector, &l->app.query);
	if (out->moment_changed)
		l->opt->moments->choose(l->opt->moments->data,
					l->opt->moments->times_ms[l->app.moment]);
	if (out->refreshes)
		collector_refresh(l->collector);
	if (out->job) {
		collector_do(l->collector, out->job);
		out->job = NULL;
	}
	if (out->why) {
		collector_ask_why(l->collector, out->why);
		out->why = NULL;
	}
	if (out->rings)
		screen_ring(l->screen);
	if (out->redraws)
		screen_forget(l->screen);
	if (out->mouse_changed)
		screen_use_mouse(l->screen, !l->app.is_mouse_free);
	if (out->clipboard.len && !screen_copy(l->screen, out->clipboard.data, out->clipboard.len))
		say(l, true, _("The clipboard of this terminal cannot be used."));
	if (out->save_config)
		keep(l);
	if (out->suspends)
		suspend(l);
	out->mouse_changed = out->moment_changed = false;
	out->query_changed = out->refreshes = out->rings = out->redraws = out->save_config =
		out->suspends = false;
	buf_clear(&out->clipboard);
}

/* Does the picture change without any event? */
static bool is_fading(struct live *l)
{
	/* If the clock advances only in steps, it does not. */
	return l->opt->interval_ms &&
	       (app_tick(&l->app, collector_clock(l->collector)) || l->app.has_hosts);
}

static void run_loop(struct live *l)
{
	bool has_input, is_answer_due = false;
	int wait = -1;

	while (!l->app.out.quits) {
		struct pollfd fds[] = {
			{ .fd = STDIN_FILENO, .events = POLLIN },
			{ .fd = l->signals, .events = POLLIN },
			{ .fd = collector_fd(l->collector), .events = POLLIN },
		};

		handle_output(l);
		app_draw(&l->app, &l->canvas);
		screen_draw(l->screen, &l->canvas);
		poll(fds, 3, wait);
		if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
			break;
		if (fds[1].revents)
			handle_signals(l);
		has_input = handle_input(l);
		/* A frame may take long: what was typed is answered first, but not as long as somebody types. */
		is_answer_due = has_input && !is_answer_due;
		wait = 0;
		if (is_answer_due)
			continue;
		handle_collector(l);
		wait = is_fading(l) ? FADE_MS : -1;
		if (app_search_on(&l->app) || has_input)
			wait = 0;
	}
}

/* complaint: what the user is told first. */
static int start(struct live *l, struct buf *complaint, struct buf *error)
{
	const struct live_options *opt = l->opt;
	struct collector_setup setup = {
		.sources = opt->sources,
		.names = { opt->names[0], opt->names[1] },
		.job_names = opt->job_names,
		.proc_root = opt->proc_root,
		.is_ascii = opt->is_ascii,
		.host = opt->sockets_host,
		.netns = opt->netns,
		.netns_choice = opt->netns_choice,
		.protos = opt->protos,
		.families = opt->families,
		.is_listening = opt->is_listening,
		.has_forwards = opt->has_forwards,
		.forwards_are_optional = opt->forwards_are_optional,
		.is_replay = opt->is_replay,
		.expected = &l->expected,
		.interval_ms = opt->interval_ms,
	};
	const char *term = getenv("TERM"), *relative;
	int err = open_signals(l);

	/* Optional: without it, what opens and closes between two frames is not known. */
	if (!err && opt->events && !event_feed_start(&l->feed, opt->events))
		setup.feed = l->feed;
	if (!err)
		err = collector_start(&l->collector, &setup);
	if (err) {
		buf_printf(error, _("the live view cannot start: %s"), strerror(-err));
		return err;
	}
	err = screen_open(&l->screen, opt->has_color, opt->has_mouse && l->saved.config.has_mouse,
			  opt->theme ? opt->theme : l->saved.config.theme, &relative);
	if (!err && relative)
		buf_printf(complaint, _("the terminal type '%s' is unknown here; it is used as %s"),
			   term, relative);
	if (err)
		buf_printf(
			error,
			_("the terminal type '%s' (TERM) is unknown or cannot position the cursor; "
			  "portstat -a lists without one"),
			term ? term : "");
	return err;
}

static void init_app(struct live *l)
{
	const struct live_options *opt = l->opt;
	struct live_setup setup = {
		.host = opt->host,
		.user = opt->user,
		.filter = opt->filter,
		.sort = opt->sort,
		.protos = opt->protos,
		.families = opt->families,
		.is_listening = opt->is_listening,
		.netns = opt->netns_choice,
		.names = opt->names[0],
		.interval_ms = opt->interval_ms,
		.is_ascii = opt->is_ascii,
		.is_read_only = opt->is_read_only || opt->is_replay,
		.is_replay = opt->is_replay,
		.n_hosts = opt->n_hosts,
		.has_several_hosts = opt->has_several_hosts,
		.is_numeric = opt->is_numeric,
		.has_hosts = opt->has_hosts,
		.can_save = l->saved.path.len,
		.moments = opt->moments,
		.config = &l->saved.config,
	};

	app_init(&l->app, &setup);
	live_config_init(&l->start);
	app_config(&l->app, &l->start);
}

static void keep_changes(struct live *l)
{
	struct live_config config;

	live_config_init(&config);
	app_config(&l->app, &config);
	saved_config_keep(&l->saved, &l->start, &config);
	live_config_fini(&config);
}

int live_run(const struct live_options *opt, struct buf *error, bool *hangs)
{
	struct live l = { .opt = opt, .signals = -1 };
	struct buf complaint = { 0 };
	int err;

	*hangs = false;
	saved_config_load(&l.saved, opt->has_config, &complaint);
	saved_expected_load(&l.expected, l.saved.config.expected, opt->names[0], &complaint);
	init_app(&l);
	err = start(&l, &complaint, error);
	if (!err) {
		if (complaint.len)
			app_say(&l.app, true, buf_cstr(&complaint));
		adapt_size(&l);
		run_loop(&l);
		keep_changes(&l);
	}
	screen_close(l.screen);
	if (l.collector)
		*hangs = !collector_stop(l.collector);
	if (!*hangs)
		event_feed_stop(l.feed);
	close_signals(&l);
	canvas_fini(&l.canvas);
	app_fini(&l.app);
	saved_config_fini(&l.saved);
	if (!*hangs)
		expected_fini(&l.expected);
	live_config_fini(&l.start);
	buf_fini(&complaint);
	return err;
}
