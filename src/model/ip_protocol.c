/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of IP protocols: what a raw socket receives. */
#include <config.h>

#include "model/ip_protocol.h"

#include "base/text.h"

/*
 * Spelled as in Debian's protocols(5).  Built in, because many containers do not have that file and
 * listings should not differ there.  The file has no name for 255, IPPROTO_RAW: sockets that only
 * send.
 */
static const char *const names[256] = {
	[0] = "ip",
	[1] = "icmp",
	[2] = "igmp",
	[3] = "ggp",
	[4] = "ipencap",
	[5] = "st",
	[6] = "tcp",
	[8] = "egp",
	[9] = "igp",
	[12] = "pup",
	[17] = "udp",
	[20] = "hmp",
	[22] = "xns-idp",
	[27] = "rdp",
	[29] = "iso-tp4",
	[33] = "dccp",
	[36] = "xtp",
	[37] = "ddp",
	[38] = "idpr-cmtp",
	[41] = "ipv6",
	[43] = "ipv6-route",
	[44] = "ipv6-frag",
	[45] = "idrp",
	[46] = "rsvp",
	[47] = "gre",
	[50] = "esp",
	[51] = "ah",
	[57] = "skip",
	[58] = "ipv6-icmp",
	[59] = "ipv6-nonxt",
	[60] = "ipv6-opts",
	[73] = "rspf",
	[81] = "vmtp",
	[88] = "eigrp",
	[89] = "ospf",
	[93] = "ax.25",
	[94] = "ipip",
	[97] = "etherip",
	[98] = "encap",
	[103] = "pim",
	[108] = "ipcomp",
	[112] = "vrrp",
	[115] = "l2tp",
	[124] = "isis",
	[132] = "sctp",
	[133] = "fc",
	[135] = "mobility-header",
	[136] = "udplite",
	[137] = "mpls-in-ip",
	[138] = "manet",
	[139] = "hip",
	[140] = "shim6",
	[141] = "wesp",
	[142] = "rohc",
	[143] = "ethernet",
	[255] = "raw",
};

/* Other names for some of them, in use by people and programs. */
static const struct {
	const char *name;
	uint8_t number;
} aliases[] = {
	{ "hopopt", 0 }, { "ip-encap", 4 }, { "ipsec-esp", 50 }, { "ipsec-ah", 51 },
	{ "icmp6", 58 }, { "icmpv6", 58 },  { "ipv6icmp", 58 },	 { "ospfigp", 89 },
};

const char *ip_protocol_name(uint8_t number)
{
	return names[number];
}

bool ip_protocol_parse(const char *s, size_t n, uint8_t *out)
{
	for (unsigned int i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (names[i] && text_is(s, n, names[i])) {
			*out = (uint8_t)i;
			return true;
		}
	}
	for (size_t i = 0; i < sizeof(aliases) / sizeof(*aliases); i++) {
		if (text_is(s, n, aliases[i].name)) {
			*out = aliases[i].number;
			return true;
		}
	}
	return false;
}
