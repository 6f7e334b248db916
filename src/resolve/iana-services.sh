#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Turns the IANA registry (name, port, protocol in columns) into the C tables of iana_services.h, as far
# as it is about the protocols of protos.h.
# Usage: AWK=awk iana-services.sh iana-services.tsv protos.h >iana_services.c
# shellcheck disable=SC2016 # the dollars in awk's programs are awk's
set -eu

LC_ALL=C
export LC_ALL
registry=$1
protos=$2
awk=${AWK-awk}
tab=$(printf '\t')

# CONSTANT NAME of each row: ROW(TCP, "tcp", ...
constants=$(sed -n 's/^[[:space:]]*ROW(\([A-Z0-9]*\), "\([a-z0-9]*\)",.*/\1 \2/p' "$protos")

# One row a port and name, in the order of ports: "port name PROTO_BIT(PROTO_TCP)|PROTO_BIT(PROTO_UDP)".
rows() {
	"$awk" -F "$tab" -v constants="$constants" '
	BEGIN {
		n_words = split(constants, word, /[ \n]/)
		for (i = 1; i < n_words; i += 2)
			bit[word[i + 1]] = "PROTO_BIT(PROTO_" word[i] ")"
	}
	/^#/ || !($3 in bit) { next }
	NF != 3 || $1 !~ /^[A-Za-z0-9_.+*\/-]+$/ || length($1) > 15 || $2 !~ /^[0-9]+$/ || $2 > 65535 {
		print FILENAME ":" FNR ": not a service" >"/dev/stderr"
		bad = 1
		exit
	}
	seen[$0]++ { next }
	{
		key = $2 " " $1
		if (key in bits) {
			bits[key] = bits[key] "|" bit[$3]
		} else {
			order[n++] = key
			bits[key] = bit[$3]
		}
	}
	END {
		if (bad)
			exit 1
		for (i = 0; i < n; i++)
			print order[i], bits[order[i]]
	}' "$registry"
}

sorted=$(rows)
sorted=$(printf '%s\n' "$sorted" | sort -s -n -k 1,1)

cat <<'EOT'
/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IANA registry of service names as tables; made by iana-services.sh. */
#include <config.h>

#include "resolve/iana_services.h"

/* NOLINTBEGIN(bugprone-string-literal-with-embedded-nul): each name ends by one */
const char iana_names[] =
EOT
printf '%s\n' "$sorted" | "$awk" '!seen[$2]++ { printf "\t\"%s\\0\"\n", $2 }'
cat <<'EOT'
;
/* NOLINTEND(bugprone-string-literal-with-embedded-nul) */
_Static_assert(sizeof(iana_names) - 1 <= UINT16_MAX, "a place in the names is 16 bits");

const struct iana_service iana_services[] = {
EOT
printf '%s\n' "$sorted" | "$awk" '
	!($2 in at) { at[$2] = size; size += length($2) + 1 }
	{ printf "\t{ %d, %s, %d },\n", $1, $3, at[$2] }'
cat <<'EOT'
};
const size_t iana_services_n = sizeof(iana_services) / sizeof(*iana_services);
EOT
