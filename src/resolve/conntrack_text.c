/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tracked connections as /proc/net/nf_conntrack writes them (ct_seq_show() of nf_conntrack_standalone.c),
 * a line each:
 *
 *	ipv4  2 tcp  6 431999 ESTABLISHED src=A dst=B sport=1 dport=2 src=C dst=D sport=3 dport=4 ...
 *
 * first the packets of who opened it, then those of the answers.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "resolve/conntrack.h"

/* The words of a line. */
struct words {
	const char *at;
	const char *end;
};

static bool next_word(struct words *w, const char **word, size_t *len)
{
	while (w->at < w->end && (*w->at == ' ' || *w->at == '\t'))
		w->at++;
	*word = w->at;
	while (w->at < w->end && *w->at != ' ' && *w->at != '\t')
		w->at++;
	*len = (size_t)(w->at - *word);
	return *len;
}

/* The value of a word KEY=VALUE; false if it is another one. */
static bool value_of(const char *word, size_t len, const char *key, const char **value, size_t *n)
{
	size_t key_len = strlen(key);

	if (len <= key_len || memcmp(word, key, key_len) || word[key_len] != '=')
		return false;
	*value = word + key_len + 1;
	*n = len - key_len - 1;
	return true;
}

static bool take_addr(const char *text, size_t len, struct flow *flow, struct addr *out)
{
	enum addr_family family;

	if (addr_parse(text, len, &family, out))
		return false;
	flow->family = (uint8_t)family;
	return true;
}

static bool take_port(const char *text, size_t len, struct endpoint *out)
{
	uint64_t port;

	if (number_parse(text, len, UINT16_MAX, &port))
		return false;
	out->port = (uint16_t)port;
	return true;
}

/* The four parts of a flow, in their order, and whatever stands between them. */
static bool take_flow(struct words *w, struct flow *flow)
{
	static const char *const keys[] = { "src", "dst", "sport", "dport" };
	size_t n_taken = 0, len, n;
	const char *word, *value;

	while (n_taken < 4 && next_word(w, &word, &len)) {
		struct endpoint *end = n_taken % 2 ? &flow->to : &flow->from;

		if (!value_of(word, len, keys[n_taken], &value, &n))
			continue;
		if (n_taken < 2 ? !take_addr(value, n, flow, &end->addr)
				: !take_port(value, n, end))
			return false;
		n_taken++;
	}
	return n_taken == 4;
}

void conntrack_add_line(struct conntrack *ct, const char *line, size_t len)
{
	struct words w = { line, line + len };
	struct flow original = { 0 }, reply = { 0 };
	uint64_t proto = 0;
	const char *word;
	size_t n;

	for (int i = 0; i < 4; i++)
		if (!next_word(&w, &word, &n))
			return;
	if (number_parse(word, n, UINT8_MAX, &proto))
		return;
	original.proto = reply.proto = (uint8_t)proto;
	if (take_flow(&w, &original) && take_flow(&w, &reply))
		conntrack_add_flows(ct, &original, &reply);
}

int conntrack_read_file(struct conntrack *ct, int folder)
{
	int fd = openat(folder, "net/nf_conntrack", O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	int err = file ? 0 : -errno;
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	if (!file) {
		if (fd >= 0)
			close(fd);
		return err;
	}
	while (ct->n + 2 <= CONNTRACK_MAX && (len = getline(&line, &room, file)) > 0)
		conntrack_add_line(ct, line, (size_t)len - (line[len - 1] == '\n'));
	err = ferror(file) ? -EIO : 0;
	free(line);
	fclose(file);
	return err;
}
