/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What forwards ports in the network namespaces that are listed, as far as their rules may be read. */
#include <config.h>

#include "resolve/forward_rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "resolve/nf_loaded.h"
#include "resolve/proc_dir.h"
#include "resolve/ruleset.h"
#include "resolve/ruleset_read.h"

struct forward_rules *forward_rules_new(int proc_root)
{
	struct forward_rules *r = mem_calloc(1, sizeof(*r));

	r->proc_root = proc_root;
	return r;
}

void forward_rules_clear(struct forward_rules *r)
{
	forwards_fini(&r->forwards);
	buf_clear(&r->legacy);
	r->error = r->legacy_error = 0;
	r->has_nf_tables = nf_tables_is_loaded(r->proc_root, NULL);
}

void forward_rules_free(struct forward_rules *r)
{
	if (!r)
		return;
	forwards_fini(&r->forwards);
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
static void add_legacy(struct forward_rules *r, int folder)
{
	static const char *const tables[] = { "nat", "mangle" };
	struct buf loaded = { 0 };

	for (int family = 0; family < ADDR_FAMILIES; family++) {
		int n = nf_legacy_tables(folder, (enum addr_family)family, &loaded);

		buf_char(&loaded, ' ');
		if (n < 0 && !proc_is_gone(n))
			r->legacy_error = n;
	}
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		if (has_word(buf_cstr(&loaded), tables[i]) &&
		    !has_word(buf_cstr(&r->legacy), tables[i]))
			buf_printf(&r->legacy, r->legacy.len ? " %s" : "%s", tables[i]);
	buf_fini(&loaded);
}

void forward_rules_read(struct forward_rules *r, uint16_t netns, int (*open)(void *data),
			void *data, int folder)
{
	struct ruleset rules = { 0 };
	int err = r->has_nf_tables ? ruleset_read_in(&rules, open, data) : 0;

	if (!err)
		forwards_add_rules(&r->forwards, &rules, netns);
	else if (!proc_is_gone(err))
		r->error = err;
	ruleset_fini(&rules);
	if (folder >= 0)
		add_legacy(r, folder);
}
