/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration as it was found, and where it is kept. */
#include <config.h>

#include "live/kept.h"

#include <string.h>

#include "base/i18n.h"
#include "live/config_file.h"

void kept_load(struct kept *k, bool is_wanted, struct buf *complaint)
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
		buf_printf(complaint, _("the configuration was not read: %s"), strerror(-err));
	else if (complaints.len)
		live_config_sum_up(&complaints, buf_cstr(&k->path), complaint);
	buf_fini(&complaints);
}

void kept_fini(struct kept *k)
{
	live_config_fini(&k->config);
	buf_fini(&k->path);
}

bool kept_save(struct kept *k, const struct live_config *config, struct buf *sentence)
{
	int err = live_config_save(config, buf_cstr(&k->path));

	if (err)
		buf_printf(sentence, _("not saved: %s"), strerror(-err));
	else
		buf_printf(sentence, _("saved in %s"), buf_cstr(&k->path));
	return !err;
}
