/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong with a row, and what to look at, in the details. */
#include <config.h>

#include "live/details_trouble.h"

#include "base/i18n.h"
#include "live/cells.h"
#include "live/frame.h"
#include "live/pad.h"
#include "live/tree.h"

void details_put_trouble(struct pad *pad, const struct cells *c, const struct row *row)
{
	unsigned int bits = frame_history(c->tree->rows.frame, row)->watch.bits;

	for (unsigned int i = 0; i < TROUBLE_COUNT; i++) {
		if (!(bits & TROUBLE_BIT(i)))
			continue;
		pad_line(pad, _("! trouble"));
		pad_str(pad, trouble_sentence((enum trouble)i));
		pad_line(pad, "");
		pad_str(pad, trouble_advice((enum trouble)i));
	}
}

void details_put_trouble_below(struct pad *pad, const struct live_group *group)
{
	struct buf text = { 0 };

	if (!group->n_troubled)
		return;
	pad_line(pad, _("! trouble"));
	buf_printf(&text,
		   P_("%u connection below needs a look; Enter unfolds it.",
		      "%u connections below need a look; Enter unfolds them.", group->n_troubled),
		   group->n_troubled);
	pad_put(pad, text.data, text.len);
	buf_fini(&text);
}
