/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes and reads the header of a recording. */
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
};

/* More than a network namespace has in practice; the rest is shown by index. */
#define IFACES_MAX 65536U

static struct recording_iface *add_iface(struct recording *r)
{
	r->ifaces = mem_grow(r->ifaces, r->n_ifaces, &r->ifaces_cap, sizeof(*r->ifaces));
	r->ifaces[r->n_ifaces] = (struct recording_iface){ 0 };
	return &r->ifaces[r->n_ifaces++];
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
	for (size_t i = 0; i < r->n_ifaces; i++)
		put_iface(&out, &r->ifaces[i]);
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
	}
}

void recording_read(struct recording *r, const struct dump_message *msg)
{
	const uint8_t *data = msg->payload + sizeof(magic);
	size_t left = msg->len - sizeof(magic);

	*r = (struct recording){ 0 };
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
