/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The question why a port cannot be bound, asked beside the drawing, and its answer. */
#include <config.h>

#include "live/why_job.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "explain/words.h"
#include "live/refresh.h"
#include "query/collect.h"
#include "query/namespaces.h"

struct why_job *why_job_new(void)
{
	struct why_job *job = mem_calloc(1, sizeof(*job));

	buf_cstr(&job->answer);
	return job;
}

void why_job_free(struct why_job *job)
{
	if (!job)
		return;
	free(job->netns);
	buf_fini(&job->answer);
	free(job);
}

void why_job_run(struct why_job *job, const struct why_job_scene *scene)
{
	struct namespaces namespaces = { .proc_root = scene->proc_root };
	struct sources sources = *scene->sources;
	struct why_scene where = {
		.sources = &sources,
		.names = scene->names,
		.proc_root = scene->proc_root,
		.time_ms = refresh_clock_ms(CLOCK_REALTIME),
		.boot_ms = refresh_clock_ms(CLOCK_BOOTTIME),
		.netns = scene->netns,
		.host = scene->host,
	};
	struct explanation x;
	int err;

	/* The view may show several namespaces, the question is about one. */
	if (job->netns)
		namespaces_add_words(&namespaces, job->netns);
	sources.namespaces = &namespaces;
	err = explain(&x, &job->question, &where);
	if (err)
		buf_printf(&job->answer, _("sockets cannot be read: %s"), strerror(-err));
	else
		words_answer(&x, scene->is_ascii, &job->answer);
	buf_cstr(&job->answer);
	explanation_fini(&x);
	namespaces_fini(&namespaces);
}
