/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds and names the network namespaces of this machine, and makes sockets in them. */
#ifndef PORTSTAT_RESOLVE_NETNS_H
#define PORTSTAT_RESOLVE_NETNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "resolve/netns_holders.h"

struct containers;

/* So many processes of a namespace are asked for its container. */
#define NETNS_PIDS 4

struct netns {
	uint64_t inode; /* of /proc/PID/ns/net, namespaces(7); 0 if this user may not know it */
	uint64_t files; /* inode of /proc/PID/net/tcp, which everybody may know; 0: no process */
	int32_t pid; /* the lowest one that lives in it; 0: none does */
	int32_t pids[NETNS_PIDS]; /* the lowest ones, in order; 0: there are no more */
	int32_t open_pid; /* the lowest one whose ns/net this user may open; 0: none */
	bool is_there; /* the last netns_find() found it */
	bool is_host; /* the namespace of pid 1 */
	bool is_chosen; /* for the owner of the list to set, as the next one */
	struct netns_holder holder; /* has a socket in it, if netns_add_held() has found it */
	int error; /* -errno where its sockets could not be read */
	char *mount; /* where it is mounted; NULL: nowhere that this process can see */
	char *name; /* never NULL: see netns_find() */
	char *container_id; /* of the lowest pid that is in one; NULL for none */
};

/* Zero-initialised is empty and ready. */
struct netns_list {
	struct netns *list; /* the caller's own is the first */
	size_t n;
	size_t cap;
	size_t n_unknown; /* processes whose namespace could not be determined */
};

void netns_list_fini(struct netns_list *l);

/* At most this many namespaces fit in struct sock. */
#define NETNS_MAX 65536U

/*
 * Finds the namespaces that processes below proc_root (a directory descriptor) live in, and those
 * that are mounted (mountinfo of this process): by their inodes where the caller may read
 * /proc/PID/ns (CAP_SYS_PTRACE), else by what everybody may read.  Keeps nothing open: a search
 * does not keep a namespace alive.
 *
 * The name is that of ip-netns(8), else that of the container of one of its NETNS_PIDS lowest pids (a
 * proxy that serves a container lives there, too, and may be older), else the systemd unit of its
 * lowest pid, else NAME[PID]; "host" for the namespace of pid 1.  Names are outside bytes.
 *
 * containers has the names of containers (borrowed for the call; NULL: units take their place).
 *
 * A namespace keeps its place in the list from one call to the next, even when it is gone.  Returns
 * 0, or -errno if the processes cannot be listed.
 */
int netns_find(struct netns_list *l, int proc_root, struct containers *containers);

/*
 * Adds the namespaces of these holders that netns_find() has not found: those without a process and
 * a mount.  Their names are NAME[PID]/fd/N, of the holder's process and descriptor.  Keeps nothing
 * open, either.
 */
void netns_add_held(struct netns_list *l, int proc_root, struct containers *containers,
		    const struct netns_holders *holders);

/*
 * The name of the caller's own namespace, to be freed with free(3).  Less is read than for
 * netns_find().
 */
char *netns_own_name(int proc_root, struct containers *containers);

/*
 * The namespace that a word of --netns means: "host", a name, "pid:N", the path of a namespace
 * (which is added to the list if it is new), or the id of a container, of which 12 digits are
 * enough.  NULL for none.
 */
struct netns *netns_by_word(struct netns_list *l, int proc_root, const char *word);

/* At least so much of a container's id, as its runtime's tools show it, stands for the container. */
#define NETNS_ID_MIN 12
bool netns_is_id(const char *id, const char *word);

/*
 * Sets is_chosen of every namespace that a process of the container lives in: the name of a namespace
 * says nothing of further ones, nor of a container whose process is not the lowest one there, as in a
 * pod.  The word is the name or the id of the container.  Returns how many processes it has.
 */
size_t netns_choose_container(struct netns_list *l, int proc_root, struct containers *containers,
			      const char *word);

/*
 * Makes a socket(2) in the namespace, to which it belongs as long as it is open.  A child process
 * enters (setns(2)), so the caller stays where it is; it enters the namespace of the caller's
 * rootless container through its user namespace.  Returns a descriptor (close-on-exec), or -errno:
 * -EPERM if this user may not enter, -ENOENT if the namespace is gone.
 */
int netns_socket(const struct netns *ns, int proc_root, int domain, int type, int protocol);

/* Opens the namespace itself, as setns(2) wants it.  Returns a descriptor, or -errno as above. */
int netns_open(const struct netns *ns, int proc_root);

/*
 * Goes into the namespace for good; only with a single thread if it belongs to the caller's rootless
 * container.  Returns 0, or -errno as netns_socket() does.
 */
int netns_enter(const struct netns *ns, int proc_root);

/*
 * Opens the folder of a process that lives in the namespace, for the files in its net/.  Returns a
 * descriptor, or -errno: -ENOENT if no process lives there.
 */
int netns_open_folder(const struct netns *ns, int proc_root);

/*
 * Opens a file of /proc/PID/net as it is in the namespace, also where no process lives: a child enters
 * then.  It keeps the namespace there as long as it is open.  Returns a descriptor, or -errno as
 * netns_socket() does.
 */
int netns_open_file(const struct netns *ns, int proc_root, const char *name);

#endif
