/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of the hosts of --host and --hosts. */
#include <config.h>

#include "host_names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "complain.h"
#include "filter_files.h"
#include "options.h"
#include "remote/command.h"

/* A list that is longer was hardly meant as one. */
#define HOSTS_MAX 10000U

static bool is_known(const struct host_names *names, const char *name, size_t len)
{
	for (size_t i = 0; i < names->n; i++)
		if (strlen(names->list[i]) == len && !memcmp(names->list[i], name, len))
			return true;
	return false;
}

static int add(struct host_names *names, const char *option, const char *name, size_t len)
{
	struct buf shown = { 0 };
	int status = 0;

	if (!command_host_is_valid(name, len)) {
		text_visible(&shown, name, len, false);
		complain(_("%s: '%s' is no name of a host; these have letters, digits and ._:@%%-, "
			   "and do not begin with '-'"),
			 option, buf_cstr(&shown));
		status = EXIT_USAGE;
	} else if (names->n == HOSTS_MAX) {
		complain(_("%s: too many hosts; at most %u are possible"), option, HOSTS_MAX);
		status = EXIT_USAGE;
	} else if (!is_known(names, name, len)) {
		names->list = mem_grow(names->list, names->n, &names->cap, sizeof(*names->list));
		names->list[names->n++] = mem_strndup(name, len);
	}
	buf_fini(&shown);
	return status;
}

/* Adds what is between separators, of which several may stand side by side. */
static int add_all(struct host_names *names, const char *option, const char *text,
		   const char *separators)
{
	int status = 0;

	while (!status && *(text += strspn(text, separators))) {
		size_t len = strcspn(text, separators);

		if (*text != '#') {
			status = add(names, option, text, len);
			text += len;
		} else {
			text += strcspn(text, "\n");
		}
	}
	return status;
}

static int add_file(struct host_names *names, const char *path)
{
	struct buf text = { 0 }, shown = { 0 };
	int err = filter_file_read(path, &text), status = EXIT_FAILED;

	text_visible(&shown, path, strlen(path), false);
	if (err)
		complain(_("cannot read '%s': %s"), buf_cstr(&shown), strerror(-err));
	else
		status = add_all(names, "--hosts", buf_cstr(&text), " \t\r\n");
	buf_fini(&text);
	buf_fini(&shown);
	return status;
}

int host_names_read(struct host_names *names, const struct options *opt)
{
	int status = 0;

	for (size_t i = 0; i < opt->n_hosts && !status; i++)
		status = add_all(names, "--host", opt->hosts[i], ",");
	if (!status && opt->hosts_file)
		status = add_file(names, opt->hosts_file);
	if (!status && !names->n) {
		complain(_("there is no host in what %s names"),
			 opt->hosts_file ? "--hosts" : "--host");
		status = EXIT_USAGE;
	}
	return status;
}

void host_names_fini(struct host_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->list[i]);
	free(names->list);
	*names = (struct host_names){ 0 };
}
