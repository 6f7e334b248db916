/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The URL of a listener whose service has a scheme. */
#include <config.h>

#include "explain/url.h"

#include <string.h>

#include "base/buf.h"
#include "query/snapshot.h"

/* Services whose scheme (RFC 7595's registry) people hand to a browser or a client. */
static const struct {
	const char *service;
	const char *scheme;
} schemes[] = {
	{ "ftp", "ftp" },	  { "http", "http" },
	{ "http-alt", "http" },	  { "https", "https" },
	{ "https-alt", "https" }, { "pcsync-https", "https" },
	{ "imap", "imap" },	  { "imaps", "imaps" },
	{ "ipp", "ipp" },	  { "ldap", "ldap" },
	{ "ldaps", "ldaps" },	  { "mqtt", "mqtt" },
	{ "mysql", "mysql" },	  { "postgresql", "postgresql" },
	{ "redis", "redis" },	  { "rtsp", "rtsp" },
	{ "ssh", "ssh" },	  { "rfb", "vnc" },
};

/* The address at which this host itself reaches it. */
static void add_host(const struct sock *sk, struct buf *out)
{
	bool is_any = addr_is_any(&sk->local.addr);
	bool has_v4 = sk->family == ADDR_INET || sock_is_dual_stack(sk);

	if (is_any && has_v4) {
		buf_str(out, "127.0.0.1");
		return;
	}
	buf_str(out, sk->family == ADDR_INET6 ? "[" : "");
	if (is_any)
		buf_str(out, "::1");
	else
		addr_text(out, (enum addr_family)sk->family, &sk->local.addr);
	buf_str(out, sk->family == ADDR_INET6 ? "]" : "");
}

void url_of_row(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	const char *service = row_service(snap, row);

	if (!service || row->sk->proto != PROTO_TCP || row->sk->state != SOCK_STATE_LISTEN)
		return;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		if (strcmp(schemes[i].service, service) != 0)
			continue;
		buf_printf(out, "%s://", schemes[i].scheme);
		add_host(row->sk, out);
		buf_printf(out, ":%u/", row->sk->local.port);
		return;
	}
}
