/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a host without portstat sends: any bytes are read or refused, and what was read can be listed. */
#include <config.h>

#include <stdio.h>

#include "format/format.h"
#include "fuzz.h"
#include "query/collect.h"
#include "query/columns.h"
#include "query/document_head.h"
#include "query/plan.h"
#include "query/proc_report.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "query/take.h"
#include "query/told_source.h"
#include "resolve/resolver.h"
#include "resolve/services.h"

static int tell(void *data, struct snapshot *snap)
{
	CHECK(snapshot_append(snap, data, 0));
	return 0;
}

static void list_all(struct snapshot *document)
{
	const struct column *all[256];
	struct told_source source = { tell, document };
	struct sources sources = { .told = &source };
	struct resolver names = { 0 };
	struct document_head head = { 0 };
	struct format_options opt = { .head = &head, .has_header = true };
	struct plan_request request = { .protos = PROTO_ALL };
	struct snapshot snap = { 0 };
	struct plan plan;
	FILE *nowhere = fopen("/dev/null", "w");

	for (size_t i = 0; i < columns_n; i++)
		all[i] = &columns[i];
	request.columns = opt.columns = all;
	request.n_columns = opt.n_columns = columns_n;
	plan_init(&plan, &request);
	CHECK(!snapshot_take(&snap, &plan, &sources, &names, 0));
	CHECK(nowhere && !list_print(nowhere, &snap, &opt) && !csv_print(nowhere, &snap, &opt));
	fclose(nowhere);
	plan_fini(&plan);
	snapshot_fini(&snap);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct proc_question question = {
		.protos = PROTO_ALL,
		.families = FAMILY_ALL,
		.has_owners = true,
		.has_cmdlines = true,
		.has_users = true,
	};
	static struct services *services;
	struct proc_report report = { 0 };
	struct snapshot document = { 0 };

	if (!services)
		services = services_new(NULL);
	if (!proc_report_read((const char *)data, size, &report)) {
		proc_report_tell(&report, &question, services, 0, &document);
		list_all(&document);
	}
	snapshot_fini(&document);
	proc_report_fini(&report);
	return 0;
}
