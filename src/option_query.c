/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which options another portstat may ask with. */
#include <config.h>

#include "option_query.h"

#include <stddef.h>
#include <string.h>

#include "model/protos.h"
#include "option_table.h"

bool option_is_of_query(const struct option_def *def)
{
	static const char *const names[] = { "all",	"listening", "ipv4",  "ipv6",
					     "numeric", "resolve",   "netns", "forwards",
					     "owners",	"source",    "watch", "columns" };
	enum sock_proto proto;

	if (proto_by_letter(def->id, &proto))
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (def->name && !strcmp(def->name, names[i]))
			return true;
	return false;
}
