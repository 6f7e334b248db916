#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Turns the IANA registry (name, port, protocol in columns) into the C tables of iana_services.h.
# Usage: AWK=awk iana-services.sh iana-services.tsv >iana_services.c
# shellcheck disable=SC2016 # the dollars in awk's programs are awk's
set -eu

LC_ALL=C
export LC_ALL
registry=$1
awk=${AWK-awk}
tab=$(printf '\t')

# One row a port and name, its protocols added up, in the order of ports: "port bits name".
rows() {
	"$awk" -F "$tab" '
	BEGIN { bit["tcp"] = 1; bit["udp"] = 2; bit["sctp"] = 4 }
	/^#/ || !($3 in bit) { next }
	NF != 3 || $1 !~ /^[A-Za-z0-9_.+*\/-]+$/ || length($1) > 15 || $2 !~ /^[0-9]+$/ || $2 > 65535 {
		print FILENAME ":" FNR ": not a service" >"/dev/stderr"
		bad = 1
		exit
	}
	{
		key = $2 " " $1
		if (!(key in bits))
			order[n++] = key
		else if (int(bits[key] / bit[$3]) % 2)
			next
		bits[key] += bit[$3]
	}
	END {
		if (bad)
			exit 1
		for (i = 0; i < n; i++) {
			split(order[i], part, " ")
			print part[1], bits[order[i]], part[2]
		}
	}' "$registry"
}

sorted=$(rows)
sorted=$(printf '%s\n' "$sorted" | sort -s -n -k 1,1)

cat <<'EOT'
/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IANA registry of service names as tables; made by iana-services.sh. */
#include <config.h>

#include "resolve/iana_services.h"

const struct iana_service iana_services[] = {
EOT
printf '%s\n' "$sorted" | "$awk" '{ printf "\t{ %d, %d, \"%s\" },\n", $1, $2, $3 }'
cat <<'EOT'
};
const size_t iana_services_n = sizeof(iana_services) / sizeof(*iana_services);

const uint16_t iana_services_by_name[] = {
EOT
printf '%s\n' "$sorted" | "$awk" '{ print tolower($3), NR - 1 }' | sort -s -k 1,1 |
	"$awk" '{ printf "\t%d,\n", $2 }'
echo '};'
