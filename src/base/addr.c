/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IP addresses as bytes: written, read, compared, matched with a prefix. */
#include <config.h>

#include "base/addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "base/buf.h"

/* One byte in decimal; not by printf(3), because addresses are the hottest of all cells. */
static char *put_u8(char *out, unsigned int v)
{
	if (v >= 100)
		*out++ = (char)('0' + v / 100);
	if (v >= 10)
		*out++ = (char)('0' + v / 10 % 10);
	*out++ = (char)('0' + v % 10);
	return out;
}

static char *put_v4(char *out, const uint8_t *bytes)
{
	for (int i = 0; i < 4; i++) {
		if (i)
			*out++ = '.';
		out = put_u8(out, bytes[i]);
	}
	return out;
}

static char *put_hex16(char *out, unsigned int v)
{
	bool started = false;

	for (int shift = 12; shift >= 0; shift -= 4) {
		unsigned int digit = v >> shift & 15;

		started = started || digit || !shift;
		if (started)
			*out++ = "0123456789abcdef"[digit];
	}
	return out;
}

/* The first longest run of at least two zero groups: RFC 5952 section 4.2. */
static int longest_zero_run(const unsigned int groups[8], int *len)
{
	int best = -1;

	*len = 1;
	for (int i = 0, run = 0; i < 8; i++) {
		run = groups[i] ? 0 : run + 1;
		if (run > *len) {
			*len = run;
			best = i - run + 1;
		}
	}
	return best;
}

static char *put_v6(char *out, const struct addr *a)
{
	unsigned int groups[8];
	int zeros, len;

	for (size_t i = 0; i < 8; i++)
		groups[i] = (unsigned int)a->bytes[2 * i] << 8 | a->bytes[2 * i + 1];
	zeros = longest_zero_run(groups, &len);
	for (int i = 0; i < 8; i++) {
		if (i == zeros) {
			*out++ = ':';
			*out++ = ':';
			i += len - 1;
			continue;
		}
		if (i && i != zeros + len)
			*out++ = ':';
		out = put_hex16(out, groups[i]);
	}
	return out;
}

void addr_text(struct buf *out, enum addr_family family, const struct addr *a)
{
	char *start = buf_reserve(out, INET6_ADDRSTRLEN);
	char *end;

	if (family == ADDR_INET) {
		end = put_v4(start, a->bytes);
	} else if (addr_is_v4_mapped(a)) {
		end = put_v4(stpcpy(start, "::ffff:"), a->bytes + 12);
	} else {
		end = put_v6(start, a);
	}
	out->len += (size_t)(end - start);
}

int addr_parse(const char *s, size_t n, enum addr_family *family, struct addr *out)
{
	char text[INET6_ADDRSTRLEN];

	if (n >= sizeof(text) || memchr(s, '\0', n))
		return -EINVAL;
	memcpy(text, s, n);
	text[n] = '\0';
	*out = (struct addr){ 0 };
	if (inet_pton(AF_INET, text, out->bytes) == 1) {
		*family = ADDR_INET;
		return 0;
	}
	if (inet_pton(AF_INET6, text, out->bytes) == 1) {
		*family = ADDR_INET6;
		return 0;
	}
	return -EINVAL;
}

bool addr_is_any(const struct addr *a)
{
	static const struct addr any;

	return !memcmp(a, &any, sizeof(any));
}

bool addr_is_v4_mapped(const struct addr *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	return !memcmp(a->bytes, mapped, sizeof(mapped));
}

enum addr_family addr_unmap(enum addr_family family, const struct addr *a, struct addr *out)
{
	struct addr v4 = { 0 };

	if (family == ADDR_INET || !addr_is_v4_mapped(a)) {
		*out = *a;
		return family;
	}
	memcpy(v4.bytes, a->bytes + 12, 4);
	*out = v4;
	return ADDR_INET;
}

int addr_compare(enum addr_family a_family, const struct addr *a, enum addr_family b_family,
		 const struct addr *b)
{
	struct addr x, y;

	a_family = addr_unmap(a_family, a, &x);
	b_family = addr_unmap(b_family, b, &y);
	if (a_family != b_family)
		return (int)a_family - (int)b_family;
	return memcmp(&x, &y, sizeof(x));
}

bool addr_is_loopback(enum addr_family family, const struct addr *a)
{
	static const struct addr loopback = { .bytes = { [15] = 1 } };

	if (family == ADDR_INET)
		return a->bytes[0] == 127;
	if (addr_is_v4_mapped(a))
		return a->bytes[12] == 127;
	return !memcmp(a, &loopback, sizeof(loopback));
}

bool addr_is_link_local(enum addr_family family, const struct addr *a)
{
	return family == ADDR_INET6 && a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80;
}

bool addr_is_on_many_links(enum addr_family family, const struct addr *a)
{
	static const uint8_t none[4] = { 0 }, docker[] = { 0x00, 0x42 },
			     router[] = { 0x02, 0x00, 0x5e };
	const uint8_t *id = a->bytes + 8;
	/* RFC 4291, appendix A: the MAC address around ff:fe, with the second bit inverted. */
	bool is_of_mac = id[3] == 0xff && id[4] == 0xfe;

	if (!addr_is_link_local(family, a))
		return false;
	return !memcmp(id, none, sizeof(none)) ||
	       (is_of_mac &&
		(!memcmp(id, docker, sizeof(docker)) || !memcmp(id, router, sizeof(router))));
}

static bool bits_equal(const uint8_t *a, const uint8_t *b, unsigned int bits)
{
	unsigned int whole = bits / 8;
	unsigned int mask = 0xff00U >> (bits % 8) & 0xff;

	if (memcmp(a, b, whole))
		return false;
	return !mask || !((a[whole] ^ b[whole]) & mask);
}

bool addr_in_prefix(enum addr_family family, const struct addr *a, enum addr_family prefix_family,
		    const struct addr *prefix, unsigned int len)
{
	if (family == prefix_family)
		return bits_equal(a->bytes, prefix->bytes, len);
	if (family == ADDR_INET6 && addr_is_v4_mapped(a))
		return bits_equal(a->bytes + 12, prefix->bytes, len);
	return false;
}

size_t addr_port_tail(const char *text, size_t n)
{
	size_t tail = 0;

	while (tail < n && text[n - 1 - tail] >= '0' && text[n - 1 - tail] <= '9')
		tail++;
	if (tail == n || text[n - 1 - tail] != ':')
		return 0;
	tail++;
	return tail < n && text[n - 1 - tail] == ']' ? tail + 1 : tail;
}
