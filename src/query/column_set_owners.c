/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the columns of owners back. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rfc3339.h"
#include "query/snapshot.h"
#include "query/telling.h"

#define SETTER(name) \
	bool name(const struct column *c, struct telling *t, size_t i, const struct value *value)

static bool is_number(const struct value *value, uint64_t max)
{
	return value->kind == VALUE_NUMBER && value->number <= max;
}

static bool keep_text(struct telling *t, const struct value *value, uint32_t *place)
{
	if (value->kind != VALUE_TEXT)
		return false;
	*place = telling_text(t, value->text.bytes, value->text.len);
	return true;
}

SETTER(set_owner_pid)
{
	(void)c;
	if (!is_number(value, INT32_MAX))
		return false;
	telling_owner(t, i)->process.pid = (int32_t)value->number;
	return true;
}

SETTER(set_owner_name)
{
	(void)c;
	return keep_text(t, value, &telling_owner(t, i)->name);
}

SETTER(set_owner_fd)
{
	(void)c;
	if (!is_number(value, INT32_MAX))
		return false;
	telling_owner(t, i);
	t->owner.fd = (int32_t)value->number;
	return true;
}

SETTER(set_owner_uid)
{
	(void)c;
	if (!is_number(value, UINT32_MAX))
		return false;
	telling_owner(t, i)->process.uid = (uint32_t)value->number;
	return true;
}

SETTER(set_owner_user)
{
	(void)c;
	return keep_text(t, value, &telling_owner(t, i)->user);
}

SETTER(set_owner_cmdline)
{
	(void)c;
	if (value->kind != VALUE_LIST)
		return false;
	telling_owner(t, i)->cmdline = telling_text(t, value->text.bytes, value->text.len);
	return true;
}

SETTER(set_owner_ppid)
{
	(void)c;
	if (!is_number(value, INT32_MAX))
		return false;
	telling_owner(t, i)->process.parent = (int32_t)value->number;
	return true;
}

SETTER(set_owner_started)
{
	uint64_t ms;

	(void)c;
	if (value->kind != VALUE_TEXT || value->text.len > RFC3339_LENGTH_MAX ||
	    !rfc3339_parse(value->text.bytes, value->text.len, &ms) || ms < 1000)
		return false;
	telling_owner(t, i)->process.started = ms / 1000;
	return true;
}

SETTER(set_owner_cwd)
{
	(void)c;
	return keep_text(t, value, &telling_owner(t, i)->cwd);
}

SETTER(set_owner_exe)
{
	(void)c;
	return keep_text(t, value, &telling_owner(t, i)->exe);
}

SETTER(set_owner_ancestors)
{
	struct told_process *process = telling_owner(t, i);
	struct told *told = t->snap->told;

	(void)c;
	if (value->kind != VALUE_ANCESTORS || value->ancestors.n > ANCESTORS_MAX ||
	    process->process.n_ancestors)
		return false;
	process->ancestors = (uint32_t)told->n_ancestors;
	process->process.n_ancestors = (uint16_t)value->ancestors.n;
	for (size_t k = 0; k < value->ancestors.n; k++) {
		told->ancestors = mem_grow(told->ancestors, told->n_ancestors, &told->ancestors_cap,
					   sizeof(*told->ancestors));
		told->ancestors[told->n_ancestors++] = value->ancestors.list[k];
	}
	return true;
}

SETTER(set_owner_via)
{
	(void)c;
	for (unsigned int k = 0; value->kind == VALUE_TEXT && owner_via_words[k]; k++) {
		if (strlen(owner_via_words[k]) != value->text.len ||
		    memcmp(owner_via_words[k], value->text.bytes, value->text.len) != 0)
			continue;
		telling_owner(t, i);
		/* That it is the listener's owner follows from the note. */
		t->owner.via = k == OWNER_VIA_LISTENER ? OWNER_VIA_FD : k & 3;
		return true;
	}
	return false;
}

SETTER(set_owner_note)
{
	(void)c, (void)i;
	for (unsigned int note = NOTE_TIME_WAIT;
	     value->kind == VALUE_TEXT && note <= NOTE_AMBIGUOUS; note++) {
		const char *word = owner_note_name((enum owner_note)note);

		if (strlen(word) != value->text.len ||
		    memcmp(word, value->text.bytes, value->text.len) != 0)
			continue;
		t->row.note = (uint8_t)note;
		return true;
	}
	return false;
}
