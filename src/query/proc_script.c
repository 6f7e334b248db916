/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The script that tells what /proc of a host without portstat has. */
#include <config.h>

#include "query/proc_report.h"

#include "base/buf.h"
#include "model/protos.h"

/* Made of proc_script.sh. */
static const char script[] =
#include "query/proc_script.inc"
	;

static void add_files(const struct proc_question *question, struct buf *out)
{
	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++)
		for (size_t i = 0; i < PROTO_FILES_MAX; i++) {
			const struct proto_file *file = &proto_rows[proto].files[i];

			if ((question->protos & PROTO_BIT(proto)) &&
			    (file->families & question->families))
				buf_printf(out, "%s ", file->path);
		}
}

void proc_script_make(const struct proc_question *question, struct buf *out)
{
	buf_str(out, "files='");
	add_files(question, out);
	buf_printf(out, "'\nlistening=%d\nowners=%d\ncmdlines=%d\nusers=%d\n",
		   question->is_listening, question->has_owners, question->has_cmdlines,
		   question->has_users);
	buf_str(out, script);
}
