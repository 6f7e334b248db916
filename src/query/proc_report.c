/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what the script for hosts without portstat prints. */
#include <config.h>

#include "query/proc_report.h"

#include <stdlib.h>
#include <string.h>

#include "model/protos.h"
#include "query/proc_report_lines.h"
#include "source/source.h"

static const char begin[] = "\nportstat-proc 1\n";

/* Takes the file with this path, of which these n bytes are the text. */
static void take_file(struct parsing *p, const struct words *path, const char *bytes, size_t n)
{
	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++)
		for (size_t i = 0; i < PROTO_FILES_MAX; i++) {
			const struct proto_file *file = &proto_rows[proto].files[i];
			const struct procfs_text text = {
				.proto = (enum sock_proto)proto,
				.file = file,
				.release = p->report->release,
				.bytes = bytes,
				.len = n,
			};

			if (file->path && words_are(path, file->path) &&
			    procfs_parse(&text, &p->report->table))
				p->report->damaged |= PROTO_BIT(proto);
		}
}

/* Takes all lines; 0, or PROC_REPORT_CUT where the last one is missing. */
static int take_lines(struct parsing *p, const char *at, const char *end)
{
	static const char file_end[] = "\n@\n";

	for (;;) {
		const char *newline = memchr(at, '\n', (size_t)(end - at)), *last;
		struct words line, path = { 0 };

		if (!newline)
			return PROC_REPORT_CUT;
		line = (struct words){ at, (size_t)(newline - at) };
		at = newline + 1;
		if (words_are(&line, "portstat-proc end"))
			return 0;
		if (line.n < 2 || memcmp(line.at, "@ ", 2) != 0) {
			report_take_line(p, line);
			continue;
		}
		last = memmem(newline, (size_t)(end - newline), file_end, strlen(file_end));
		if (!last)
			return PROC_REPORT_CUT;
		path = (struct words){ line.at + 2, line.n - 2 };
		take_file(p, &path, at, (size_t)(last + 1 - at));
		at = last + strlen(file_end);
	}
}

int proc_report_read(const char *bytes, size_t n, struct proc_report *out)
{
	struct parsing parsing = { .report = out };
	const char *found = n ? memmem(bytes, n, begin, strlen(begin)) : NULL;
	int err;

	if (!found)
		return PROC_REPORT_NONE;
	err = take_lines(&parsing, found + strlen(begin), bytes + n);
	proc_report_sort(out);
	return err;
}

void proc_report_fini(struct proc_report *report)
{
	sock_table_fini(&report->table);
	document_head_fini(&report->head);
	free(report->processes);
	free(report->descriptors);
	free(report->cmdlines);
	free(report->cgroups);
	free(report->users);
	*report = (struct proc_report){ 0 };
}
