/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sends SYNs and nothing else, for tests in namespaces of their own:
 *   syns ADDRESS PORT COUNT [SECONDS] [spoofed]
 * COUNT of them over SECONDS (0: at once), each from another port, or from another address of
 * 10.0.0.0/8.  Needs CAP_NET_RAW.  Prints how many were sent.
 */
#include <config.h>

#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct packet {
	struct iphdr ip;
	struct tcphdr tcp;
} __attribute__((packed));

static uint32_t sum(const void *data, size_t n)
{
	const unsigned char *bytes = data;
	uint32_t total = 0;

	for (size_t i = 0; i + 1 < n; i += 2)
		total += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	return total;
}

static uint16_t checksum(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return htons((uint16_t)~total);
}

static void fill(struct packet *p, uint32_t i, int is_spoofed, struct in_addr from)
{
	p->ip.saddr = is_spoofed ? htonl(0x0a100000 + i % 0xefff00) : from.s_addr;
	p->tcp.source = htons((uint16_t)(1024 + i % 64000));
	p->tcp.seq = htonl(i * 2654435761U);
	p->tcp.check = 0;
	p->tcp.check = checksum(sum(&p->ip.saddr, 8) + IPPROTO_TCP + sizeof(p->tcp) +
				sum(&p->tcp, sizeof(p->tcp)));
}

/* The address from which packets to that one go out. */
static struct in_addr own_address(const struct sockaddr_in *to)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in own = { 0 };
	socklen_t len = sizeof(own);

	if (fd < 0 || connect(fd, (const struct sockaddr *)to, sizeof(*to)) ||
	    getsockname(fd, (struct sockaddr *)&own, &len)) {
		perror("syns: address");
		exit(1);
	}
	close(fd);
	return own.sin_addr;
}

static double clock_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct packet p = {
		.ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_TCP },
		.tcp = { .doff = 5, .syn = 1, .window = 0xffff },
	};
	struct sockaddr_in to = { .sin_family = AF_INET };
	uint32_t count, n_sent = 0;
	double seconds, begun;
	struct in_addr from;
	int fd;

	if (argc < 4 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1)
		return 2;
	p.tcp.dest = htons((uint16_t)atoi(argv[2]));
	count = (uint32_t)atol(argv[3]);
	seconds = argc > 4 ? atof(argv[4]) : 0;
	from = own_address(&to);
	p.ip.daddr = to.sin_addr.s_addr;
	fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (fd < 0) {
		perror("syns: socket");
		return 1;
	}
	begun = clock_s();
	for (uint32_t i = 0; i < count; i++) {
		fill(&p, i, argc > 5, from);
		n_sent += sendto(fd, &p, sizeof(p), 0, (const struct sockaddr *)&to, sizeof(to)) ==
			  (ssize_t)sizeof(p);
		/* Ahead of time: up to a millisecond's worth of packets at once. */
		while (seconds > 0 && clock_s() - begun < seconds * i / count - 0.001)
			nanosleep(&(struct timespec){ .tv_nsec = 500000 }, NULL);
	}
	printf("%u\n", n_sent);
	return 0;
}
