/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attributes of nf_tables' messages. */
#include <config.h>

#include "resolve/nft_attrs.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <string.h>

bool nft_attr_next(struct nft_attr *left, unsigned int *type, struct nft_attr *out)
{
	struct nlattr head;
	size_t step;

	if (left->len < sizeof(head))
		return false;
	memcpy(&head, left->data, sizeof(head));
	if (head.nla_len < sizeof(head) || head.nla_len > left->len)
		return false;
	*type = head.nla_type & NLA_TYPE_MASK;
	out->data = left->data + sizeof(head);
	out->len = head.nla_len - sizeof(head);
	step = NLA_ALIGN((size_t)head.nla_len);
	if (step > left->len)
		step = left->len;
	left->data += step;
	left->len -= step;
	return true;
}

void nft_attrs_parse(struct nft_attrs *out, struct nft_attr nested)
{
	struct nft_attr attr;
	unsigned int type;

	*out = (struct nft_attrs){ 0 };
	while (nft_attr_next(&nested, &type, &attr))
		if (type < NFT_ATTRS_MAX)
			out->list[type] = attr;
}

bool nft_attr_is_set(const struct nft_attrs *a, unsigned int type)
{
	return a->list[type].data;
}

uint32_t nft_attr_u32(const struct nft_attrs *a, unsigned int type)
{
	uint32_t number;

	if (a->list[type].len != sizeof(number))
		return 0;
	memcpy(&number, a->list[type].data, sizeof(number));
	return ntohl(number);
}

const char *nft_attr_name(const struct nft_attrs *a, unsigned int type)
{
	const struct nft_attr *attr = &a->list[type];

	return attr->len && !attr->data[attr->len - 1] ? (const char *)attr->data : "";
}
