/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what --why asks about. */
#include <config.h>

#include "explain/question.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/number.h"
#include "explain/explain.h"
#include "model/port_set.h"
#include "model/protos.h"
#include "resolve/services.h"

/* A part of the text. */
struct part {
	const char *at;
	size_t len;
};

__attribute__((format(printf, 2, 3))) static int fail(struct buf *error, const char *sentence, ...)
{
	va_list ap;

	va_start(ap, sentence);
	buf_vprintf(error, sentence, ap);
	va_end(ap);
	return -EINVAL;
}

static bool is_word(struct part part, const char *word)
{
	return part.len == strlen(word) && !memcmp(part.at, word, part.len);
}

/* A service may have the port of several protocols, and of those that it has the first counts. */
static bool service_port(const struct services *services, struct part name, uint16_t *port)
{
	struct port_set ports = { 0 };

	if (!name.len || !services_ports(services, name.at, name.len, &ports))
		return false;
	for (unsigned int i = 1; i <= PORT_MAX; i++) {
		if (!port_set_has(&ports, (uint16_t)i))
			continue;
		*port = (uint16_t)i;
		return true;
	}
	return false;
}

static int parse_port(struct why_question *q, struct part part, const struct services *services,
		      struct buf *error)
{
	uint64_t port;

	if (part.len && strspn(part.at, "0123456789") >= part.len) {
		if (number_parse(part.at, part.len, PORT_MAX, &port) || !port)
			return fail(error, _("--why: '%.*s' is not a port from 1 to 65535"),
				    (int)part.len, part.at);
		q->port = (uint16_t)port;
		return 0;
	}
	if (service_port(services, part, &q->port))
		return 0;
	return fail(error,
		    _("--why: '%.*s' is not a port; write PORT, ADDR:PORT, PORT/udp, a service or "
		      "a URL"),
		    (int)part.len, part.at);
}

static bool is_protocol(struct part part)
{
	return is_word(part, "tcp") || is_word(part, "udp");
}

/* "udp/53" and "udp:53", as other programs write it. */
static int fail_protocol_first(struct part proto, const char *rest, struct buf *error)
{
	return fail(error, _("--why: the protocol follows the port; write %s/%.*s"), rest,
		    (int)proto.len, proto.at);
}

/* "127.0.0.1", "::1", "fe80::1%eth0", "*", or nothing but a device. */
static int parse_addr(struct why_question *q, struct part part, struct buf *error)
{
	const char *percent = memchr(part.at, '%', part.len);
	struct part addr = part;

	if (percent) {
		struct part device = { percent + 1, part.len - (size_t)(percent + 1 - part.at) };

		addr.len = (size_t)(percent - part.at);
		if (!device.len || device.len >= sizeof(q->device))
			return fail(error, _("--why: '%.*s' is not the name of a device"),
				    (int)device.len, device.at);
		memcpy(q->device, device.at, device.len);
		q->device[device.len] = '\0';
	}
	if (!addr.len || is_word(addr, "*"))
		return 0;
	if (is_word(addr, "localhost"))
		addr = (struct part){ "127.0.0.1", strlen("127.0.0.1") };
	q->has_addr = true;
	return addr_parse(addr.at, addr.len, &q->family, &q->addr)
		       ? fail(error, _("--why: '%.*s' is not an address"), (int)addr.len, addr.at)
		       : 0;
}

/* "http://localhost:3000/path": its port, or that of the scheme. */
static int parse_url(struct why_question *q, const char *text, const char *rest,
		     const struct services *services, struct buf *error)
{
	struct part scheme = { text, (size_t)(rest - text) - strlen("://") };
	struct part host = { rest, strcspn(rest, "/?#") };
	const char *user = memrchr(host.at, '@', host.len);
	const char *literal, *colon;

	if (user)
		host = (struct part){ user + 1, (size_t)(host.at + host.len - user) - 1 };
	/* The colons of an IPv6 address stand in its brackets. */
	literal = memrchr(host.at, ']', host.len);
	if (literal)
		host = (struct part){ literal + 1, (size_t)(host.at + host.len - literal) - 1 };
	colon = memchr(host.at, ':', host.len);
	/* RFC 3986, 3.2.3: an empty port is that of the scheme, too. */
	if (!colon || colon + 1 == host.at + host.len)
		return parse_port(q, scheme, services, error);
	return parse_port(q, (struct part){ colon + 1, (size_t)(host.at + host.len - colon) - 1 },
			  services, error);
}

int question_parse(struct why_question *q, const char *text, const struct services *services,
		   struct buf *error)
{
	const char *url = strstr(text, "://"), *slash = strrchr(text, '/'), *colon;
	struct part part = { text, strlen(text) };

	if (url)
		return parse_url(q, text, url + strlen("://"), services, error);
	if (slash) {
		struct part proto = { slash + 1, strlen(slash + 1) };

		if (is_protocol((struct part){ text, (size_t)(slash - text) }))
			return fail_protocol_first((struct part){ text, (size_t)(slash - text) },
						   proto.at, error);
		if (!is_protocol(proto))
			return fail(
				error,
				_("--why: '%.*s' is not a protocol that it knows; write tcp or udp"),
				(int)proto.len, proto.at);
		q->proto = is_word(proto, "udp") ? PROTO_UDP : PROTO_TCP;
		part.len = (size_t)(slash - text);
	}
	colon = memrchr(part.at, ':', part.len);
	if (colon) {
		struct part addr = { text, (size_t)(colon - text) };
		int err;

		if (is_protocol(addr) && !slash)
			return fail_protocol_first(addr, colon + 1, error);
		if (addr.len > 1 && *addr.at == '[' && colon[-1] == ']')
			addr = (struct part){ text + 1, addr.len - 2 };
		err = parse_addr(q, addr, error);
		if (err)
			return err;
		part.len -= (size_t)(colon + 1 - text);
		part.at = colon + 1;
	}
	return parse_port(q, part, services, error);
}
