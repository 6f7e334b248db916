/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attributes of nf_tables' messages.  Numbers are in network byte order, names end with a zero
 * byte.  Bytes from outside: what does not fit or is not as long as it has to be counts as not
 * there.
 *
 * Not libnftnl: it ends the process where an attribute is not as long as it was when the library
 * was written, reads names beyond their attribute, and gives up a rule with an expression that it
 * does not know.
 */
#ifndef PORTSTAT_RESOLVE_NFT_ATTRS_H
#define PORTSTAT_RESOLVE_NFT_ATTRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nft_attr {
	const uint8_t *data; /* NULL: not there */
	size_t len;
};

/* Above all types that are read here. */
#define NFT_ATTRS_MAX 32

/* By type; borrowed from the message. */
struct nft_attrs {
	struct nft_attr list[NFT_ATTRS_MAX];
};

/*
 * Takes the attribute off what is left; false at the end, or where none fits.  *type is without
 * flags.
 */
bool nft_attr_next(struct nft_attr *left, unsigned int *type, struct nft_attr *out);

void nft_attrs_parse(struct nft_attrs *out, struct nft_attr nested);

bool nft_attr_is_set(const struct nft_attrs *a, unsigned int type);

/* 0 where it is not there. */
uint32_t nft_attr_u32(const struct nft_attrs *a, unsigned int type);

/* "" where it is not there. */
const char *nft_attr_name(const struct nft_attrs *a, unsigned int type);

#endif
