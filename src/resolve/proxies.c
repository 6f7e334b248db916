/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Proxies that container runtimes start for published ports, by their command lines. */
#include <config.h>

#include "resolve/proxies.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"

/* /proc/PID/comm has no more of a name (TASK_COMM_LEN). */
#define COMM_LEN 15

/* A piece of a command line. */
struct word {
	const char *s;
	size_t len;
};

static bool is_word(struct word w, const char *text)
{
	return w.len == strlen(text) && !memcmp(w.s, text, w.len);
}

static bool next_arg(struct word *rest, struct word *arg)
{
	const char *end;

	if (!rest->len)
		return false;
	end = memchr(rest->s, '\0', rest->len);
	arg->s = rest->s;
	arg->len = end ? (size_t)(end - rest->s) : rest->len;
	rest->s += arg->len + (end ? 1 : 0);
	rest->len -= arg->len + (end ? 1 : 0);
	return true;
}

/* Takes what stands before the separator off *rest; all of it where there is none. */
static struct word take_until(struct word *rest, char separator)
{
	const char *at = memchr(rest->s, separator, rest->len);
	struct word head = { .s = rest->s, .len = at ? (size_t)(at - rest->s) : rest->len };

	rest->s += head.len + (at ? 1 : 0);
	rest->len -= head.len + (at ? 1 : 0);
	return head;
}

static bool has(struct word w, char c)
{
	return memchr(w.s, c, w.len) != NULL;
}

static bool take_port(struct word w, uint16_t *out)
{
	uint64_t number;

	if (number_parse(w.s, w.len, UINT16_MAX, &number) || !number)
		return false;
	*out = (uint16_t)number;
	return true;
}

/* "8080" or "8000-8010". */
static bool take_ports(struct word w, uint16_t *first, uint16_t *last)
{
	struct word head = take_until(&w, '-');

	if (!take_port(head, first))
		return false;
	*last = *first;
	return !w.len || (take_port(w, last) && *last >= *first);
}

static bool take_proto(struct word w, uint8_t *out)
{
	if (is_word(w, "tcp") || is_word(w, "tcp4") || is_word(w, "tcp6"))
		*out = IPPROTO_TCP;
	else if (is_word(w, "udp") || is_word(w, "udp4") || is_word(w, "udp6"))
		*out = IPPROTO_UDP;
	else if (is_word(w, "sctp"))
		*out = IPPROTO_SCTP;
	else
		return false;
	return true;
}

static void add(struct proxy *p, const struct proxy_port *port)
{
	p->list = mem_grow(p->list, p->n, &p->cap, sizeof(*p->list));
	p->list[p->n] = *port;
	p->n++;
}

/* "-host-ip 0.0.0.0", "--host-ip=0.0.0.0": the flags of Go's package flag. */
static bool is_flag(struct word arg, const char *name, struct word *rest, struct word *value)
{
	struct word key;

	if (!arg.len || *arg.s != '-')
		return false;
	arg.s++;
	arg.len--;
	if (arg.len && *arg.s == '-') {
		arg.s++;
		arg.len--;
	}
	*value = arg;
	key = take_until(value, '=');
	if (!is_word(key, name))
		return false;
	return key.len != arg.len || next_arg(rest, value);
}

/*
 * docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2 -container-port
 * 80
 */
static void read_docker_proxy(struct proxy *p, struct word rest)
{
	struct proxy_port port = { .proto = IPPROTO_TCP };
	struct nat_target *to = &port.leads_to;
	struct word arg, v;

	while (next_arg(&rest, &arg)) {
		if (is_flag(arg, "proto", &rest, &v))
			take_proto(v, &port.proto);
		else if (is_flag(arg, "host-ip", &rest, &v))
			addr_parse(v.s, v.len, &port.family, &port.addr);
		else if (is_flag(arg, "host-port", &rest, &v))
			take_ports(v, &port.first, &port.last);
		else if (is_flag(arg, "container-ip", &rest, &v))
			to->has_addr = !addr_parse(v.s, v.len, &to->family, &to->addr);
		else if (is_flag(arg, "container-port", &rest, &v))
			to->has_port = take_ports(v, &to->port, &to->port_last);
	}
	to->addr_last = to->addr;
	if (port.first)
		add(p, &port);
}

/* A port, "[::1]" or "127.0.0.1" before it: takes the address off. */
static void take_addr(struct word *w, struct proxy_port *port)
{
	struct word rest = *w, head;

	if (w->len && *w->s == '[') {
		rest.s++;
		rest.len--;
		head = take_until(&rest, ']');
		if (rest.len && *rest.s == ':') {
			rest.s++;
			rest.len--;
		}
	} else {
		head = take_until(&rest, ':');
	}
	if (!addr_parse(head.s, head.len, &port->family, &port->addr))
		*w = rest;
}

/* rootlesskit -p 127.0.0.1:8080:80/tcp, and with the child's address before its port. */
static void read_rootlesskit(struct proxy *p, struct word rest)
{
	struct word arg, v;

	while (next_arg(&rest, &arg)) {
		struct proxy_port port = { 0 }, child = { 0 };
		struct word head;

		if (!is_flag(arg, "p", &rest, &v) && !is_flag(arg, "publish", &rest, &v))
			continue;
		head = take_until(&v, '/');
		take_addr(&head, &port);
		arg = take_until(&head, ':');
		take_addr(&head, &child);
		port.leads_to.family = child.family;
		port.leads_to.has_addr = !addr_is_any(&child.addr);
		port.leads_to.addr = port.leads_to.addr_last = child.addr;
		port.leads_to.has_port =
			take_ports(head, &port.leads_to.port, &port.leads_to.port_last);
		if (take_proto(v, &port.proto) && take_ports(arg, &port.first, &port.last))
			add(p, &port);
	}
}

/*
 * "127.0.0.1%eth0/8080-8090:80-90,443": the address holds for all; "~22" is left out, "all" and
 * "auto" tell nothing.
 */
static void read_pasta_list(struct proxy *p, struct word list, uint8_t proto)
{
	struct proxy_port first = { .proto = proto };
	struct word head;

	if (has(list, '/')) {
		head = take_until(&list, '/');
		head = take_until(&head, '%');
		addr_parse(head.s, head.len, &first.family, &first.addr);
	}
	while (list.len) {
		struct proxy_port port = first;
		struct nat_target *to = &port.leads_to;
		struct word ports = take_until(&list, ',');

		head = take_until(&ports, ':');
		if (!take_ports(head, &port.first, &port.last))
			continue;
		to->has_port = take_ports(ports, &to->port, &to->port_last);
		add(p, &port);
	}
}

static void read_pasta(struct proxy *p, struct word rest)
{
	struct word arg, v;

	while (next_arg(&rest, &arg)) {
		if (is_flag(arg, "t", &rest, &v) || is_flag(arg, "tcp-ports", &rest, &v))
			read_pasta_list(p, v, IPPROTO_TCP);
		else if (is_flag(arg, "u", &rest, &v) || is_flag(arg, "udp-ports", &rest, &v))
			read_pasta_list(p, v, IPPROTO_UDP);
	}
}

/* clang-format off */
static const struct {
	const char *name;
	enum forward_by by;
	void (*read)(struct proxy *p, struct word args); /* NULL: is told by other means */
} proxies[] = {
	{ "docker-proxy",             FORWARD_BY_DOCKER_PROXY, read_docker_proxy },
	{ "rootlesskit-docker-proxy", FORWARD_BY_DOCKER_PROXY, read_docker_proxy },
	{ "rootlesskit",              FORWARD_BY_ROOTLESSPORT, read_rootlesskit },
	{ "rootlessport",             FORWARD_BY_ROOTLESSPORT, NULL }, /* a pipe */
	{ "rootlessport-child",       FORWARD_BY_ROOTLESSPORT, NULL },
	{ "slirp4netns",              FORWARD_BY_SLIRP4NETNS,  NULL }, /* its API socket */
	{ "pasta",                    FORWARD_BY_PASTA,        read_pasta },
	{ "pasta.avx2",               FORWARD_BY_PASTA,        read_pasta },
};
/* clang-format on */

/* Names are cut to what comm holds; of those that then are the same, the first argument tells. */
static bool is_called(struct word comm, struct word program, const char *name)
{
	size_t len = strlen(name);
	const char *slash = program.len ? memrchr(program.s, '/', program.len) : NULL;

	if (comm.len != (len < COMM_LEN ? len : COMM_LEN) || memcmp(comm.s, name, comm.len) != 0)
		return false;
	if (len <= COMM_LEN)
		return true;
	if (slash) {
		program.len -= (size_t)(slash + 1 - program.s);
		program.s = slash + 1;
	}
	return is_word(program, name);
}

bool proxy_parse(const char *name, size_t name_len, const char *args, size_t args_len,
		 struct proxy *out)
{
	struct word comm = { .s = name, .len = name_len };
	struct word rest = { .s = args, .len = args_len }, program = { .s = args };

	*out = (struct proxy){ 0 };
	next_arg(&rest, &program);
	for (size_t i = 0; i < sizeof(proxies) / sizeof(*proxies); i++) {
		if (!is_called(comm, program, proxies[i].name))
			continue;
		out->by = proxies[i].by;
		if (proxies[i].read)
			proxies[i].read(out, rest);
		return true;
	}
	return false;
}

void proxy_fini(struct proxy *proxy)
{
	free(proxy->list);
	*proxy = (struct proxy){ 0 };
}
