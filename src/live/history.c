/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last rates of a row, a byte each, and how they are drawn. */
#include <config.h>

#include "live/history.h"

#include <string.h>

#include "base/buf.h"
#include "live/totals.h"

/* ---- codes ---- */

/* 2 to the power of 0/6 to 5/6, in 1/65536. */
static const uint32_t steps[] = { 65536, 73562, 82570, 92682, 104032, 116772 };
#define STEPS (sizeof(steps) / sizeof(*steps))

uint8_t history_code(uint64_t rate)
{
	unsigned int power, step = STEPS - 1;
	uint64_t scaled;

	if (!rate || rate == RATE_UNKNOWN)
		return 0;
	power = 63U - (unsigned int)__builtin_clzll(rate);
	scaled = power > 16 ? rate >> (power - 16) : rate << (16 - power);
	while (steps[step] > scaled)
		step--;
	step += 1 + power * (unsigned int)STEPS;
	return step < UINT8_MAX ? (uint8_t)step : UINT8_MAX;
}

uint64_t history_rate(uint8_t code)
{
	unsigned int power = (code - 1U) / (unsigned int)STEPS;

	return code ? ((uint64_t)steps[(code - 1U) % STEPS] << power) >> 16 : 0;
}

void history_add(struct history *h, uint64_t rate, unsigned int n)
{
	size_t more = n < HISTORY_LENGTH ? n : HISTORY_LENGTH;

	memmove(h->codes, h->codes + more, HISTORY_LENGTH - more);
	memset(h->codes + HISTORY_LENGTH - more, history_code(rate), more);
}

/* ---- rates ---- */

void rates_add(struct rates *rates, const struct history *h, size_t n)
{
	if (n > rates->n)
		rates->n = n;
	for (size_t i = HISTORY_LENGTH - n; h && i < HISTORY_LENGTH; i++)
		rates->list[i] += history_rate(h->codes[i]);
}

uint64_t rates_peak(const struct rates *rates)
{
	uint64_t peak = 0;

	for (size_t i = HISTORY_LENGTH - rates->n; i < HISTORY_LENGTH; i++)
		if (rates->list[i] > peak)
			peak = rates->list[i];
	return peak;
}

/* A row that sends a few bytes now and then does not look busy. */
#define LEAST_SCALE 1024U

uint64_t rates_scale(const struct rates *rates)
{
	uint64_t peak = rates_peak(rates);

	return peak > LEAST_SCALE ? peak : LEAST_SCALE;
}

/* ---- drawing ---- */

static const char *const blocks[] = { "\u2581", "\u2582", "\u2583", "\u2584",
				      "\u2585", "\u2586", "\u2587", "\u2588" };
#define BLOCKS (sizeof(blocks) / sizeof(*blocks))

/* The rate in units of 1/n of the scale, rounded up: only 0 is 0. */
static unsigned int level_of(uint64_t rate, uint64_t scale, unsigned int n)
{
	/* Not even petabytes a second overflow. */
	for (; scale > UINT64_MAX / 1024; scale /= 2)
		rate /= 2;
	return (unsigned int)((rate * n + scale - 1) / scale);
}

static size_t first_shown(const struct rates *rates, size_t width)
{
	return HISTORY_LENGTH - (rates->n < width ? rates->n : width);
}

void rates_sparkline(const struct rates *rates, size_t width, bool is_ascii, struct buf *out)
{
	uint64_t scale = rates_scale(rates);

	for (size_t i = first_shown(rates, width); i < HISTORY_LENGTH; i++) {
		unsigned int level = level_of(rates->list[i], scale, is_ascii ? 9 : BLOCKS - 1);

		if (is_ascii)
			buf_char(out, (char)('0' + level));
		else
			buf_str(out, blocks[level]);
	}
}

void rates_graph_line(const struct rates *rates, size_t width, unsigned int line,
		      unsigned int n_lines, bool is_ascii, struct buf *out)
{
	unsigned int below = (n_lines - 1 - line) * (unsigned int)BLOCKS;
	uint64_t scale = rates_scale(rates);
	size_t end = out->len;

	for (size_t i = first_shown(rates, width); i < HISTORY_LENGTH; i++) {
		unsigned int level =
			level_of(rates->list[i], scale, n_lines * (unsigned int)BLOCKS);

		if (level <= below) {
			buf_char(out, ' ');
			continue;
		}
		level -= below + 1;
		if (level >= BLOCKS)
			level = (unsigned int)BLOCKS - 1;
		if (is_ascii)
			buf_char(out, level >= BLOCKS / 2 ? '#' : '_');
		else
			buf_str(out, blocks[level]);
		end = out->len;
	}
	out->len = end;
}
