#!/bin/sh
# Makes screen_terms_table.h: terminal descriptions for systems that have no terminfo database.  Run it
# by hand, with ncurses's infocmp and tic, and commit what it prints:
#
#     src/live/screen_terms.sh >src/live/screen_terms_table.h
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# entry DESCRIPTION NAMES: one row of the table.
entry() {
	{
		echo "$2|built into portstat,"
		infocmp -1 -I "$1" | sed '/^#/d' | tail -n +2
	} >"$tmp/source"
	tic -o "$tmp" "$tmp/source"
	printf '\t{ "%s",\n' "$2"
	infocmp -A "$tmp" -q -Q2 "$1" | sed '/^#/d' | tr -d '\n' | fold -w 80 | sed 's/.*/\t  "&"/'
	printf ' },\n'
}

cat <<'END'
/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Terminal descriptions, made by screen_terms.sh: their names, and TERMINFO as ncurses(3) reads it. */
/* clang-format off */
static const struct {
	const char *names; /* separated by "|" */
	const char *terminfo;
} descriptions[] = {
END
entry xterm-256color 'xterm-256color|xterm'
entry screen-256color 'screen-256color|screen|tmux-256color|tmux'
entry linux linux
entry vt100 'vt100|vt102|vt220'
cat <<'END'
};
/* clang-format on */
END
