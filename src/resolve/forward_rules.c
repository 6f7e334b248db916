/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What forwards ports in this network namespace, as far as its rules may be read. */
#include <config.h>

#include "resolve/forward_rules.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "resolve/nf_loaded.h"
#include "resolve/ruleset.h"
#include "resolve/ruleset_read.h"

struct forward_rules *forward_rules_new(int proc_root)
{
	struct forward_rules *r = mem_calloc(1, sizeof(*r));

	r->proc_root = proc_root;
	return r;
}

static void clear(struct forward_rules *r)
{
	forwards_fini(&r->forwards);
	buf_clear(&r->legacy);
	r->error = 0;
}

void forward_rules_free(struct forward_rules *r)
{
	if (!r)
		return;
	clear(r);
	buf_fini(&r->legacy);
	free(r);
}

static bool has_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = words; (at = strstr(at, word)); at += len)
		if ((at == words || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
	return false;
}

/* DNAT and REDIRECT stand in nat, TPROXY in mangle; the other tables send nothing on. */
static int find_legacy(int proc_root, struct buf *out)
{
	static const char *const tables[] = { "nat", "mangle" };
	struct buf loaded = { 0 };
	int error = 0;

	for (int family = 0; family < ADDR_FAMILIES; family++) {
		int n = nf_legacy_tables(proc_root, (enum addr_family)family, &loaded);

		buf_char(&loaded, ' ');
		if (n < 0 && n != -ENOENT)
			error = n;
	}
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		if (has_word(buf_cstr(&loaded), tables[i]))
			buf_printf(out, out->len ? " %s" : "%s", tables[i]);
	buf_fini(&loaded);
	return error;
}

void forward_rules_read(struct forward_rules *r)
{
	struct ruleset rules = { 0 };
	int legacy_error;

	clear(r);
	r->error = ruleset_read(&rules, r->proc_root);
	if (!r->error)
		forwards_add_rules(&r->forwards, &rules);
	legacy_error = find_legacy(r->proc_root, &r->legacy);
	if (!r->error)
		r->error = legacy_error;
	ruleset_fini(&rules);
}
