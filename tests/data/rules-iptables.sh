#!/bin/sh -e
# What Docker, and an administrator, make with iptables-nft; rules-iptables.nfnl is what the kernel says of it.
I=iptables-nft
$I -t nat -N DOCKER
$I -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
$I -t nat -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
$I -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
$I -t nat -A DOCKER -i docker0 -j RETURN
$I -t nat -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
$I -t nat -A DOCKER -d 127.0.0.1/32 ! -i docker0 -p tcp -m tcp --dport 9090 -j DNAT --to-destination 172.17.0.3:80
$I -t nat -A PREROUTING -p udp -m multiport --dports 53,5300:5310 -m comment --comment "a name" -j REDIRECT --to-ports 5353
$I -t nat -A PREROUTING -p tcp --dport 1000:1009 -j DNAT --to-destination 10.0.0.1-10.0.0.3:2000-2009
$I -t mangle -A PREROUTING -p tcp --dport 3128 -j TPROXY --on-port 3129 --on-ip 127.0.0.1
$I -t nat -A PREROUTING -d 10.5.0.0/24 -j NETMAP --to 10.6.0.0/24
$I -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
$I -A INPUT -i lo -j ACCEPT
$I -A INPUT -p tcp -m multiport --dports 22,80 -m state --state NEW -j ACCEPT
$I -A INPUT -p tcp --dport 25 -j LOG
$I -A INPUT -p tcp --dport 25 -j REJECT --reject-with tcp-reset
$I -A INPUT -m statistic --mode random --probability 0.5 -p tcp --dport 99 -j ACCEPT
$I -A INPUT -m mark --mark 7 -p tcp --dport 98 -j ACCEPT
$I -P INPUT DROP
ip6tables-nft -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination '[2001:db8::1]:8080'
ip6tables-nft -t nat -A PREROUTING -p tcp --dport 81 -j REDIRECT --to-ports 8081
