/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences on processes that could not be read. */
#include <config.h>

#include "model/problem_sentences.h"

#include "base/buf.h"
#include "base/i18n.h"

/* BPF was requested by an option, so we do not fall back to /proc. */
static void bpf_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	switch (problem->bpf) {
	case PROBLEM_BPF_OTHER:
		buf_printf(out,
			   problem_sentence(N_("BPF cannot be used (%s), so no owner is known; use "
					       "--owners=proc"),
					    is_translated),
			   problem_error_text(problem->error, is_translated));
		return;
	case PROBLEM_BPF_NOT_BUILT_IN:
		buf_str(out,
			problem_sentence(N_("BPF cannot be used (portstat was built without it), "
					    "so no owner is known; use --owners=proc"),
					 is_translated));
		return;
	case PROBLEM_BPF_OTHER_PROC:
		buf_str(out,
			problem_sentence(
				N_("BPF cannot be used (/proc shows processes of another pid namespace), "
				   "so no owner is known; use --owners=proc"),
				is_translated));
		return;
	case PROBLEM_BPF_OLD_KERNEL:
		buf_str(out,
			problem_sentence(
				N_("BPF cannot be used (this kernel is too old: Linux 5.17 or later is needed), "
				   "so no owner is known; use --owners=proc"),
				is_translated));
		return;
	case PROBLEM_BPF_LOCKED_DOWN:
		buf_str(out,
			problem_sentence(
				N_("BPF cannot be used (the kernel is locked down: confidentiality), "
				   "so no owner is known; use --owners=proc"),
				is_translated));
		return;
	case PROBLEM_BPF_NO_BTF:
		buf_str(out,
			problem_sentence(
				N_("BPF cannot be used (this kernel was built without CONFIG_DEBUG_INFO_BTF), "
				   "so no owner is known; use --owners=proc"),
				is_translated));
		return;
	case PROBLEM_BPF_DENIED:
		if (problem->viewer != VIEWER_USER) {
			buf_printf(out,
				   problem_sentence(
					   N_("BPF is not permitted (%s), so no owner is known; "
					      "run with CAP_BPF and CAP_PERFMON on the host "
					      "itself, or use --owners=proc"),
					   is_translated),
				   problem_error_text(problem->error, is_translated));
			return;
		}
		buf_printf(out,
			   problem_sentence(
				   N_("BPF is not permitted (%s), so no owner is known; run as "
				      "root, or with CAP_BPF and CAP_PERFMON, or use "
				      "--owners=proc"),
				   is_translated),
			   problem_error_text(problem->error, is_translated));
		return;
	}
}

/* Processes that could not be read, and which privilege is missing. */
static void denied_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	switch (problem->viewer) {
	case VIEWER_USER:
		buf_printf(
			out,
			problem_plural(
				NP_("%zu process could not be read, so owners are missing; run as root, or "
				    "with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, to see them",
				    "%zu processes could not be read, so owners are missing; run as root, or "
				    "with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, to see them"),
				problem->count, is_translated),
			problem->count);
		return;
	case VIEWER_OF_CONTAINER:
		buf_printf(
			out,
			problem_plural(
				NP_("%zu process could not be read, so owners are missing; root of a user "
				    "namespace cannot see them: run as root on the host",
				    "%zu processes could not be read, so owners are missing; root of a user "
				    "namespace cannot see them: run as root on the host"),
				problem->count, is_translated),
			problem->count);
		return;
	case VIEWER_WITHOUT_CAPS:
		buf_printf(out,
			   problem_plural(
				   NP_("%zu process could not be read, so owners are missing; "
				       "root lacks CAP_SYS_PTRACE or CAP_DAC_READ_SEARCH here; "
				       "both are needed to see them",
				       "%zu processes could not be read, so owners are missing; "
				       "root lacks CAP_SYS_PTRACE or CAP_DAC_READ_SEARCH here; "
				       "both are needed to see them"),
				   problem->count, is_translated),
			   problem->count);
		return;
	case VIEWER_BARRED:
		buf_printf(
			out,
			problem_plural(
				NP_("%zu process could not be read, so owners are missing; probably a "
				    "security module such as AppArmor or SELinux protects it",
				    "%zu processes could not be read, so owners are missing; probably a "
				    "security module such as AppArmor or SELinux protects them"),
				problem->count, is_translated),
			problem->count);
		return;
	}
}

void problem_processes_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	if (problem->way == PROBLEM_BY_BPF) {
		bpf_text(problem, is_translated, out);
		return;
	}
	if (!problem->count && !problem->error && problem->viewer != VIEWER_USER) {
		buf_str(out,
			problem_sentence(
				N_("/proc does not show every process, so owners are missing; run on the "
				   "host itself, or mount /proc without hidepid, to see them"),
				is_translated));
		return;
	}
	if (!problem->count && !problem->error) {
		buf_str(out,
			problem_sentence(
				N_("/proc does not show every process, so owners are missing; run as root "
				   "on the host itself, or mount /proc without hidepid, to see them"),
				is_translated));
		return;
	}
	if (!problem->count) {
		buf_printf(
			out,
			problem_sentence(N_("the processes could not be read (%s), so no owner is "
					    "known; a readable /proc is needed"),
					 is_translated),
			problem_error_text(problem->error, is_translated));
		return;
	}
	if (problem->error) {
		buf_printf(
			out,
			problem_plural(
				NP_("%zu process could not be read (%s), so owners may be missing; "
				    "try again",
				    "%zu processes could not be read (%s), so owners may be missing; "
				    "try again"),
				problem->count, is_translated),
			problem->count, problem_error_text(problem->error, is_translated));
		return;
	}
	denied_text(problem, is_translated, out);
}
