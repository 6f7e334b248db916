/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a recording says of its host: written with --record, and known with --replay. */
#include <config.h>

#include "recorded.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program.h"
#include "query/document_head.h"
#include "query/namespaces.h"
#include "resolve/ifaces.h"
#include "resolve/own_addrs.h"
#include "resolve/users.h"
#include "source/recording.h"

uint64_t inode_of_netns(const struct program *p)
{
	struct stat netns;

	if (is_elsewhere(p))
		return p->recording ? p->recording->netns : 0;
	if (fstatat(p->proc_root, "self/ns/net", &netns, 0))
		return 0;
	return netns.st_ino;
}

const char *viewer_name(struct program *p, char room[static 16])
{
	const struct recording *r = p->recording;
	uint32_t uid = is_elsewhere(p) ? (r ? r->uid : 0) : geteuid();
	const char *name;

	if (is_elsewhere(p) && !(r && r->has_uid))
		return "?";
	name = users_name(p->names.users, uid);
	if (name)
		return name;
	snprintf(room, 16, "%" PRIu32, uid);
	return room;
}

int recorded_begin(struct program *p)
{
	struct document_head head = { 0 };
	struct own_addrs addrs = { 0 };
	struct recording r;
	int err;

	recording_here(&r);
	memcpy(r.host, p->host, sizeof(r.host));
	r.ephemeral = p->names.ephemeral;
	r.netns = inode_of_netns(p);
	document_head_here(&head, p->proc_root);
	memcpy(r.machine, head.machine, sizeof(r.machine));
	memcpy(r.boot_id, head.boot_id, sizeof(r.boot_id));
	namespaces_read_addrs(&p->namespaces, &addrs);
	for (size_t i = 0; i < addrs.n; i++)
		recording_add_addr(&r, addrs.list[i].family, &addrs.list[i].addr);
	err = recording_write(p->record.stream, &r);
	own_addrs_fini(&addrs);
	document_head_fini(&head);
	recording_fini(&r);
	return err;
}

int recorded_end(struct program *p)
{
	struct recording r = { 0 };
	const char *name;
	size_t at = 0;
	uint32_t uid;
	int err = 0;

	/* Who recorded it is known, too, if users were shown at all. */
	if (users_next(p->names.users, &at, &uid))
		users_name(p->names.users, getuid());
	at = 0;
	while ((name = users_next(p->names.users, &at, &uid)))
		recording_add_user(&r, uid, name, strlen(name));
	if (r.n_users)
		err = recording_write(p->record.stream, &r);
	recording_fini(&r);
	return err;
}

void recorded_learn(struct program *p)
{
	const struct recording *r = p->recording;

	if (!r)
		return;
	if (r->ephemeral.last)
		p->names.ephemeral = r->ephemeral;
	recorded_ifaces(p, p->names.ifaces);
	for (size_t i = 0; i < r->n_addrs; i++)
		own_addrs_add(&p->recorded_addrs, 0, r->addrs[i].family, &r->addrs[i].addr);
	own_addrs_sort(&p->recorded_addrs);
	p->sources.own_addrs = &p->recorded_addrs;
}

struct users *recorded_users(const struct program *p)
{
	const struct recording *r = p->recording;
	struct users *users;

	if (!r || !r->n_users)
		return NULL;
	users = users_new(false);
	for (size_t i = 0; i < r->n_users; i++)
		users_tell(users, r->users[i].uid, r->users[i].name);
	return users;
}

void recorded_ifaces(const struct program *p, struct ifaces *ifaces)
{
	const struct recording *r = p->recording;

	for (size_t i = 0; r && i < r->n_ifaces; i++)
		ifaces_tell(ifaces, r->ifaces[i].index, r->ifaces[i].name,
			    r->ifaces[i].is_loopback);
}

void recorded_head(const struct program *p, struct document_head *head)
{
	const struct recording *r = p->recording;

	if (!r)
		return;
	memcpy(head->machine, r->machine, sizeof(head->machine));
	memcpy(head->boot_id, r->boot_id, sizeof(head->boot_id));
	head->has_uid = r->has_uid;
	head->uid = r->uid;
	for (size_t i = 0; i < r->n_addrs; i++)
		document_head_add_addr(head, r->addrs[i].family, &r->addrs[i].addr);
}
