/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes and reads what a recording says of its host. */
#include <config.h>

#include "source/recording.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "source/dump.h"

static const char magic[8] = { 'p', 'o', 'r', 't', 's', 't', 'a', 't' };

/* Attribute types.  Numbers are in host byte order, as everywhere in a recording. */
enum attribute {
	ATTRIBUTE_VERSION = 1, /* text, like the next two */
	ATTRIBUTE_HOST,
	ATTRIBUTE_RELEASE,
	ATTRIBUTE_TIME, /* uint64_t, ms */
	ATTRIBUTE_EPHEMERAL, /* uint16_t first, last */
	ATTRIBUTE_UID, /* uint32_t */
	ATTRIBUTE_IFACE, /* uint32_t index, uint32_t flags (1: loopback device), name */
	ATTRIBUTE_MACHINE, /* text, like the next one */
	ATTRIBUTE_BOOT_ID,
	ATTRIBUTE_NETNS, /* uint64_t, inode */
	ATTRIBUTE_ADDR, /* uint32_t family (4 or 6), 4 or 16 bytes */
	ATTRIBUTE_USER, /* uint32_t uid, name */
};

/* More than a network namespace or a host has in practice; the rest is shown by number. */
#define IFACES_MAX 65536U
#define ADDRS_MAX 65536U
#define USERS_MAX 65536U

static struct recording_iface *add_iface(struct recording *r)
{
	r->ifaces = mem_grow(r->ifaces, r->n_ifaces, &r->ifaces_cap, sizeof(*r->ifaces));
	r->ifaces[r->n_ifaces] = (struct recording_iface){ 0 };
	return &r->ifaces[r->n_ifaces++];
}

void recording_add_addr(struct recording *r, enum addr_family family, const struct addr *addr)
{
	if (r->n_addrs >= ADDRS_MAX)
		return;
	r->addrs = mem_grow(r->addrs, r->n_addrs, &r->addrs_cap, sizeof(*r->addrs));
	r->addrs[r->n_addrs++] = (struct recording_addr){ family, *addr };
}

void recording_add_user(struct recording *r, uint32_t uid, const char *name, size_t len)
{
	struct recording_user *user;

	/* Truncated, it could be the name of another user. */
	if (!len || len >= sizeof(user->name) || r->n_users >= USERS_MAX)
		return;
	r->users = mem_grow(r->users, r->n_users, &r->users_cap, sizeof(*r->users));
	user = &r->users[r->n_users++];
	*user = (struct recording_user){ .uid = uid };
	memcpy(user->name, name, len);
}

/* ---- here and now ---- */

static void find_ifaces(struct recording *r)
{
	struct if_nameindex *list = if_nameindex();
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	for (size_t i = 0; list && list[i].if_index && i < IFACES_MAX; i++) {
		struct recording_iface *iface = add_iface(r);
		struct ifreq req = { 0 };

		iface->index = list[i].if_index;
		snprintf(iface->name, sizeof(iface->name), "%s", list[i].if_name);
		memcpy(req.ifr_name, iface->name, sizeof(req.ifr_name));
		if (fd >= 0 && !ioctl(fd, SIOCGIFFLAGS, &req))
			iface->is_loopback = req.ifr_flags & IFF_LOOPBACK;
	}
	if (fd >= 0)
		close(fd);
	if (list)
		if_freenameindex(list);
}

void recording_here(struct recording *r)
{
	struct utsname kernel;
	struct timespec now;

	*r = (struct recording){ .uid = getuid(), .has_uid = true };
	snprintf(r->version, sizeof(r->version), "%s", PACKAGE_VERSION);
	if (!uname(&kernel))
		snprintf(r->release, sizeof(r->release), "%s", kernel.release);
	clock_gettime(CLOCK_REALTIME, &now);
	r->time_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
	find_ifaces(r);
}

void recording_fini(struct recording *r)
{
	free(r->ifaces);
	free(r->addrs);
	free(r->users);
	*r = (struct recording){ 0 };
}

/* ---- writing ---- */

static void put(struct buf *out, enum attribute type, const void *data, size_t len)
{
	struct nlattr head = { .nla_len = (uint16_t)(NLA_HDRLEN + len),
			       .nla_type = (uint16_t)type };

	buf_add(out, (const char *)&head, sizeof(head));
	buf_add(out, data, len);
	buf_fill(out, '\0', NLA_ALIGN(len) - len);
}

static void put_text(struct buf *out, enum attribute type, const char *text)
{
	if (*text)
		put(out, type, text, strlen(text));
}

static void put_iface(struct buf *out, const struct recording_iface *iface)
{
	size_t len = strlen(iface->name);
	char data[2 * sizeof(uint32_t) + IF_NAMESIZE];
	uint32_t numbers[2] = { iface->index, iface->is_loopback };

	memcpy(data, numbers, sizeof(numbers));
	memcpy(data + sizeof(numbers), iface->name, len);
	put(out, ATTRIBUTE_IFACE, data, sizeof(numbers) + len);
}

static void put_addr(struct buf *out, const struct recording_addr *addr)
{
	bool is_inet6 = addr->family == ADDR_INET6;
	uint32_t family = is_inet6 ? 6 : 4;
	size_t len = is_inet6 ? 16 : 4;
	char data[sizeof(family) + sizeof(addr->addr.bytes)];

	memcpy(data, &family, sizeof(family));
	memcpy(data + sizeof(family), addr->addr.bytes, len);
	put(out, ATTRIBUTE_ADDR, data, sizeof(family) + len);
}

static void put_user(struct buf *out, const struct recording_user *user)
{
	size_t len = strlen(user->name);
	char data[sizeof(user->uid) + sizeof(user->name)];

	memcpy(data, &user->uid, sizeof(user->uid));
	memcpy(data + sizeof(user->uid), user->name, len);
	put(out, ATTRIBUTE_USER, data, sizeof(user->uid) + len);
}

int recording_write(FILE *stream, const struct recording *r)
{
	uint16_t ephemeral[2] = { r->ephemeral.first, r->ephemeral.last };
	struct nlmsghdr head = { .nlmsg_type = NLMSG_NOOP, .nlmsg_flags = NLM_F_REQUEST };
	struct buf out = { 0 };
	int err = 0;

	buf_add(&out, (const char *)&head, sizeof(head));
	buf_add(&out, magic, sizeof(magic));
	put_text(&out, ATTRIBUTE_VERSION, r->version);
	put_text(&out, ATTRIBUTE_HOST, r->host);
	put_text(&out, ATTRIBUTE_RELEASE, r->release);
	if (r->time_ms)
		put(&out, ATTRIBUTE_TIME, &r->time_ms, sizeof(r->time_ms));
	if (r->ephemeral.last)
		put(&out, ATTRIBUTE_EPHEMERAL, ephemeral, sizeof(ephemeral));
	if (r->has_uid)
		put(&out, ATTRIBUTE_UID, &r->uid, sizeof(r->uid));
	put_text(&out, ATTRIBUTE_MACHINE, r->machine);
	put_text(&out, ATTRIBUTE_BOOT_ID, r->boot_id);
	if (r->netns)
		put(&out, ATTRIBUTE_NETNS, &r->netns, sizeof(r->netns));
	for (size_t i = 0; i < r->n_ifaces; i++)
		put_iface(&out, &r->ifaces[i]);
	for (size_t i = 0; i < r->n_addrs; i++)
		put_addr(&out, &r->addrs[i]);
	for (size_t i = 0; i < r->n_users; i++)
		put_user(&out, &r->users[i]);
	head.nlmsg_len = (uint32_t)out.len;
	memcpy(out.data, &head, sizeof(head));
	if (fwrite(out.data, out.len, 1, stream) != 1)
		err = -errno;
	buf_fini(&out);
	return err;
}

/* ---- reading ---- */

bool recording_is_header(const struct dump_message *msg)
{
	return msg->head.nlmsg_type == NLMSG_NOOP && msg->len >= sizeof(magic) &&
	       !memcmp(msg->payload, magic, sizeof(magic));
}

bool recording_is_users(const struct dump_message *msg)
{
	struct nlattr first;

	if (!recording_is_header(msg) || msg->len - sizeof(magic) < sizeof(first))
		return false;
	memcpy(&first, msg->payload + sizeof(magic), sizeof(first));
	return (first.nla_type & NLA_TYPE_MASK) == ATTRIBUTE_USER;
}

/* Copies up to the first NUL, if there is one, or as much as fits. */
static void get_text(char *out, size_t size, const uint8_t *data, size_t len)
{
	size_t n = strnlen((const char *)data, len < size ? len : size - 1);

	memcpy(out, data, n);
	out[n] = '\0';
}

static void get_iface(struct recording *r, const uint8_t *data, size_t len)
{
	struct recording_iface *iface;
	uint32_t numbers[2];

	/* Ignore a name that is too long: truncated, it could be that of another interface. */
	if (len <= sizeof(numbers) || len - sizeof(numbers) >= IF_NAMESIZE ||
	    r->n_ifaces >= IFACES_MAX)
		return;
	memcpy(numbers, data, sizeof(numbers));
	iface = add_iface(r);
	iface->index = numbers[0];
	iface->is_loopback = numbers[1] & 1;
	get_text(iface->name, sizeof(iface->name), data + sizeof(numbers), len - sizeof(numbers));
}

static void get_addr(struct recording *r, const uint8_t *data, size_t len)
{
	struct addr addr = { 0 };
	uint32_t family;

	if (len < sizeof(family))
		return;
	memcpy(&family, data, sizeof(family));
	len -= sizeof(family);
	if (!(family == 4 && len == 4) && !(family == 6 && len == sizeof(addr.bytes)))
		return;
	memcpy(addr.bytes, data + sizeof(family), len);
	recording_add_addr(r, family == 6 ? ADDR_INET6 : ADDR_INET, &addr);
}

static void get_user(struct recording *r, const uint8_t *data, size_t len)
{
	const char *name = (const char *)data + sizeof(uint32_t);
	uint32_t uid;

	if (len <= sizeof(uid))
		return;
	memcpy(&uid, data, sizeof(uid));
	recording_add_user(r, uid, name, strnlen(name, len - sizeof(uid)));
}

/* The last millisecond of the year 9999, which RFC 3339 cannot exceed. */
#define TIME_MAX_MS UINT64_C(253402300799999)

static void get(struct recording *r, unsigned int type, const uint8_t *data, size_t len)
{
	uint16_t ports[2];

	switch (type) {
	case ATTRIBUTE_VERSION:
		get_text(r->version, sizeof(r->version), data, len);
		break;
	case ATTRIBUTE_HOST:
		get_text(r->host, sizeof(r->host), data, len);
		break;
	case ATTRIBUTE_RELEASE:
		get_text(r->release, sizeof(r->release), data, len);
		break;
	case ATTRIBUTE_TIME:
		if (len == sizeof(r->time_ms))
			memcpy(&r->time_ms, data, len);
		if (r->time_ms > TIME_MAX_MS)
			r->time_ms = 0;
		break;
	case ATTRIBUTE_EPHEMERAL:
		if (len != sizeof(ports))
			break;
		memcpy(ports, data, len);
		if (ports[0] <= ports[1])
			r->ephemeral = (struct port_range){ ports[0], ports[1] };
		break;
	case ATTRIBUTE_UID:
		r->has_uid = len == sizeof(r->uid);
		if (r->has_uid)
			memcpy(&r->uid, data, len);
		break;
	case ATTRIBUTE_IFACE:
		get_iface(r, data, len);
		break;
	case ATTRIBUTE_MACHINE:
		get_text(r->machine, sizeof(r->machine), data, len);
		break;
	case ATTRIBUTE_BOOT_ID:
		get_text(r->boot_id, sizeof(r->boot_id), data, len);
		break;
	case ATTRIBUTE_NETNS:
		if (len == sizeof(r->netns))
			memcpy(&r->netns, data, len);
		break;
	case ATTRIBUTE_ADDR:
		get_addr(r, data, len);
		break;
	case ATTRIBUTE_USER:
		get_user(r, data, len);
		break;
	}
}

void recording_read(struct recording *r, const struct dump_message *msg)
{
	const uint8_t *data = msg->payload + sizeof(magic);
	size_t left = msg->len - sizeof(magic);

	while (left >= NLA_HDRLEN) {
		struct nlattr head;
		size_t step;

		memcpy(&head, data, sizeof(head));
		if (head.nla_len < NLA_HDRLEN || head.nla_len > left)
			return;
		get(r, head.nla_type & (unsigned int)NLA_TYPE_MASK, data + NLA_HDRLEN,
		    head.nla_len - (size_t)NLA_HDRLEN);
		step = NLA_ALIGN((size_t)head.nla_len);
		if (step > left)
			return;
		data += step;
		left -= step;
	}
}
