/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration at the start, and the path of its file; reports errors of reading and writing
 * it.
 */
#include <config.h>

#include "live/saved_config.h"

#include <errno.h>
#include <string.h>

#include "base/i18n.h"
#include "live/config_file.h"

void saved_config_load(struct saved_config *k, bool is_wanted, struct buf *complaint)
{
	struct buf complaints = { 0 };
	int err;

	live_config_init(&k->config);
	if (!is_wanted || !live_config_path(&k->path)) {
		buf_clear(&k->path);
		return;
	}
	err = live_config_load(&k->config, buf_cstr(&k->path), &complaints);
	if (err)
		buf_printf(complaint, _("%s was not read: %s"), buf_cstr(&k->path), strerror(-err));
	else if (complaints.len)
		live_config_sum_up(&complaints, buf_cstr(&k->path), complaint);
	buf_fini(&complaints);
}

void saved_config_fini(struct saved_config *k)
{
	live_config_fini(&k->config);
	buf_fini(&k->path);
}

bool saved_config_save(struct saved_config *k, const struct live_config *config,
		       struct buf *sentence)
{
	struct buf lines = { 0 };
	int err;

	live_config_print(config, &lines);
	err = live_config_save(buf_cstr(&k->path), &lines);
	buf_fini(&lines);
	if (err == -EMEDIUMTYPE)
		buf_printf(sentence, _("not saved: %s is not a regular file"), buf_cstr(&k->path));
	else if (err)
		buf_printf(sentence, _("not saved: %s"), strerror(-err));
	else
		buf_printf(sentence, _("saved in %s"), buf_cstr(&k->path));
	return !err;
}

void saved_config_keep(struct saved_config *k, const struct live_config *before,
		       const struct live_config *after)
{
	struct buf old = { 0 }, new = { 0 }, changes = { 0 };

	live_config_print(before, &old);
	live_config_print(after, &new);
	live_config_changes(&old, &new, &changes);
	if (changes.len && k->path.len)
		live_config_save(buf_cstr(&k->path), &changes);
	buf_fini(&old);
	buf_fini(&new);
	buf_fini(&changes);
}
