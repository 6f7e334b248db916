#!/bin/bash
# Names that other users chose: escape sequences never reach the terminal unescaped, and wide and
# combining characters keep the columns aligned.
. "${SRCDIR:=$PWD}/tests/screen/lib.sh" || exit

"$sockets" evil \
	--process="$(printf 'a) \033[2J\n\377')" tcp-listen:addr=127.0.0.1,port=7001 \
	--process="$(printf '\033]0;owned\007')" tcp-listen:addr=127.0.0.1,port=7002 \
	--process="服务器" tcp-listen:addr=127.0.0.1,port=7003 \
	--process="$(printf 'e\xcc\x81te\xcc\x81')" tcp-listen:addr=127.0.0.1,port=7004 \
	--process="$(printf '\xe2\x80\xaetxt')" tcp-listen:addr=127.0.0.1,port=7005 \
	--process="$(printf 'web\xe2\x80\x8d')" tcp-listen:addr=127.0.0.1,port=7006 \
	--process="$(printf '\xd7\xa9\xd7\x9c')" tcp-listen:addr=127.0.0.1,port=7007

play "in UTF-8" --interval=0.2 --no-config <<'END'
size 120 40
expect a) \x1b[2J\x0a\xff[
expect \x1b]0;owned\x07[
expect 服务器[
expect \xe2\x80\xaetxt[
expect web\xe2\x80\x8d[
expect  של[
expect LISTEN    0    0    0         root של[
expect LISTEN    0    0    0         root 服务器[
expect LISTEN    0    0    0         root web\xe2
key d
expect details
expect process
key 3
expect 服务器[
key F9
expect Send TERM
key Esc
key F3
type 服务
key Enter
row 服务器
key F4
type proc "服务器"
gone \x1b]0;owned\x07[
expect 1 process
key Enter
key F10
exit 0
END

LC_ALL=C play "in ASCII" --interval=0.2 --no-config <<'END'
size 120 40
expect a) \x1b[2J\x0a\xff[
expect \xe6\x9c\x8d
expect \xcc\x81
key q
exit 0
END
"$sockets" evil
finish
