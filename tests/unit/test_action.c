/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals and destroyed sockets: only what was meant, and exactly what came of it. */
#include <config.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "action/destroy.h"
#include "action/signal.h"
#include "action/signal_names.h"
#include "base/buf.h"
#include "action/jobs.h"
#include "proc_tree.h"
#include "rows.h"
#include "test.h"

/* Skips where a process cannot be held on to: before Linux 5.3, and in valgrind before 3.20. */
static void need_pidfd(void)
{
	int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	if (fd < 0) {
		skip_because("pidfd_open: %s", strerror(errno));
	}
	close(fd);
}

/* A child that sleeps until a signal comes. */
static pid_t start_child(void)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid)
		for (;;)
			pause();
	return pid;
}

static uint64_t start_time_of(pid_t pid)
{
	char path[64], text[1024], *at;
	FILE *f;
	size_t n;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "re");
	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	at = strrchr(text, ')');
	for (int field = 2; field < 22; field++)
		at = strchr(at + 1, ' ');
	return strtoull(at, NULL, 10);
}

/* To the process that started then, whatever it holds. */
static enum action_outcome send_to(int proc, pid_t pid, uint64_t start, int number, int *error)
{
	const struct signal_target target = { .pid = pid, .start_time = start };

	return action_signal(proc, &target, number, error);
}

static void the_process_that_is_meant_gets_it(void **state)
{
	int proc, error, status;
	uint64_t start;
	pid_t pid;

	(void)state;
	need_pidfd();
	proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	pid = start_child();
	start = start_time_of(pid);
	/* The same number, but another process: nothing is sent. */
	assert_int_equal(send_to(proc, pid, start + 1, SIGKILL, &error), OUTCOME_GONE);
	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	assert_int_equal(send_to(proc, pid, start, 0, &error), OUTCOME_DONE);
	assert_int_equal(send_to(proc, pid, start, SIGTERM, &error), OUTCOME_DONE);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	assert_int_equal(send_to(proc, pid, start, SIGTERM, &error), OUTCOME_GONE);
	assert_int_equal(send_to(proc, 0, start, SIGTERM, &error), OUTCOME_GONE);
	assert_int_equal(send_to(proc, -1, start, SIGTERM, &error), OUTCOME_GONE);
	assert_int_equal(send_to(proc, getpid(), start_time_of(getpid()), 4711, &error),
			 OUTCOME_FAILED);
	assert_int_equal(error, EINVAL);
	close(proc);
}

/* Gives up what root may do, or takes it back; who is not root has nothing to give up. */
static void be_nobody(bool on)
{
	static bool was_root;

	if (on)
		was_root = !geteuid();
	if (was_root)
		assert_int_equal(on ? setresuid(65534, 65534, 0) : setresuid(0, 0, 0), 0);
}

/* Who may not send it is told so; a child without privilege tries its parent, or process 1. */
static void another_users_process_is_not_permitted(void **state)
{
	const bool is_root = !geteuid();
	const pid_t pid = is_root ? getpid() : 1;
	int status;
	pid_t child;

	(void)state;
	need_pidfd();
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		int error = 0, proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		uint64_t start = start_time_of(pid);

		if (is_root && setresuid(65534, 65534, 65534))
			_exit(100);
		_exit((int)send_to(proc, pid, start, 0, &error));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), OUTCOME_NOT_PERMITTED);
}

static void link_of(const struct tree *tree, pid_t pid, const char *name, const char *target)
{
	char path[64];

	snprintf(path, sizeof(path), "%d/%s", (int)pid, name);
	make_link(tree, path, target);
}

/* What a process holds: in its own table, in a thread's, or as a fixed file of a ring. */
static void a_process_that_let_go_is_left_alone(void **state)
{
	const struct held sockets[] = { { 71, -1 }, { 72, -1 } };
	const struct held fixed = { 75, 9 };
	const struct signal_target target = { .pid = 0, .held = sockets, .n_held = 2 };
	struct signal_target child = target;
	struct tree tree;
	int error, status;

	(void)state;
	need_pidfd();
	child.pid = start_child();
	child.start_time = 7;
	assert_true(tree_init(&tree));
	make_process(&tree, child.pid, "server", 7);
	assert_int_equal(action_signal(tree.root, &child, SIGKILL, &error), OUTCOME_LET_GO);
	link_of(&tree, child.pid, "fd/3", "socket:[70]");
	link_of(&tree, child.pid, "fd/71", "/tmp/socket:[71]");
	link_of(&tree, child.pid, "fd/72", "anon_inode:[io_uring]");
	assert_int_equal(action_signal(tree.root, &child, SIGKILL, &error), OUTCOME_LET_GO);
	link_of(&tree, child.pid, "fd/4", "socket:[4294967368]");
	assert_int_equal(action_signal(tree.root, &child, 0, &error), OUTCOME_DONE);
	child.held = &fixed;
	child.n_held = 1;
	assert_int_equal(action_signal(tree.root, &child, SIGKILL, &error), OUTCOME_LET_GO);
	link_of(&tree, child.pid, "fd/8", "anon_inode:[io_uring]");
	link_of(&tree, child.pid, "fd/5", "socket:[75]");
	assert_int_equal(action_signal(tree.root, &child, SIGKILL, &error), OUTCOME_LET_GO);
	link_of(&tree, child.pid, "fd/9", "anon_inode:[io_uring]");
	assert_int_equal(action_signal(tree.root, &child, 0, &error), OUTCOME_DONE);
	kill(child.pid, SIGKILL);
	waitpid(child.pid, &status, 0);
	assert_int_equal(tree_fini(&tree), 0);
}

static void signals_have_names(void **state)
{
	static const struct {
		const char *text;
		int number;
	} cases[] = {
		{ "TERM", SIGTERM },
		{ "SIGTERM", SIGTERM },
		{ "sigKill", SIGKILL },
		{ "hup", SIGHUP },
		{ "1", SIGHUP },
		{ "9", SIGKILL },
		{ "0", 0 },
		{ "", 0 },
		{ "SIG", 0 },
		{ "TER", 0 },
		{ "SIGSIGTERM", 0 },
		{ "15x", 0 },
		{ "-9", 0 },
		{ "1000", 0 },
		{ " 9", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int number = 0;

		assert_int_equal(signal_parse(cases[i].text, &number), cases[i].number != 0);
		assert_int_equal(number, cases[i].number);
	}
	/* Each name leads to its number, and back. */
	for (size_t i = 0; i < signal_names_n; i++) {
		struct buf text = { 0 };
		int number = 0;

		assert_true(signal_parse(signal_names[i].name, &number));
		assert_int_equal(number, signal_names[i].number);
		signal_text(number, &text);
		assert_string_equal(buf_cstr(&text), signal_names[i].name);
		buf_fini(&text);
	}
}

static void names_cannot_fake_a_start_time(void **state)
{
	struct tree tree;
	int error, status;
	pid_t pid;

	(void)state;
	need_pidfd();
	pid = start_child();
	assert_true(tree_init(&tree));
	make_process(&tree, pid, "x) S 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 5 (", 7);
	assert_int_equal(send_to(tree.root, pid, 5, SIGKILL, &error), OUTCOME_GONE);
	assert_int_equal(send_to(tree.root, pid, 7, 0, &error), OUTCOME_DONE);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	assert_int_equal(tree_fini(&tree), 0);
}

static void a_socket_without_identity_is_left_alone(void **state)
{
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "127.0.0.1", 1, NULL, 0);
	int error;

	(void)state;
	assert_int_equal(action_destroy(&sk, -1, &error), OUTCOME_NOT_SUPPORTED);
	sk.known |= SOCK_HAS_COOKIE;
	assert_int_equal(action_destroy(&sk, -1, &error), OUTCOME_NOT_SUPPORTED);
	sk.cookie = 1;
	sk.proto = PROTO_RAW;
	assert_int_equal(action_destroy(&sk, -1, &error), OUTCOME_NOT_SUPPORTED);
}

/* A listener on loopback, which the caller closes, and its row, but for the cookie's value. */
static int open_listener(struct sock *sk)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&addr, &len), 0);
	*sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "127.0.0.1", ntohs(addr.sin_port), NULL, 0);
	sk->known |= SOCK_HAS_COOKIE;
	return fd;
}

static void assert_listens(int fd)
{
	int accepts = 0;
	socklen_t len = sizeof(accepts);

	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &accepts, &len), 0);
	assert_true(accepts);
}

/* A cookie that no socket has: whatever stands at the address stays, as root and as nobody. */
static void another_socket_at_the_address_stays(void **state)
{
	enum action_outcome outcome;
	struct sock sk;
	int fd = open_listener(&sk), error;

	(void)state;
	sk.cookie = UINT64_MAX - 1;
	outcome = action_destroy(&sk, -1, &error);
	assert_true(outcome == OUTCOME_ONE_OF_GROUP || outcome == OUTCOME_NOT_PERMITTED ||
		    outcome == OUTCOME_NOT_SUPPORTED || outcome == OUTCOME_GONE);
	assert_listens(fd);
	close(fd);
}

/* Its own listener, by its cookie, and without CAP_NET_ADMIN: it stays open. */
static void a_listener_of_nobody_may_not_be_closed(void **state)
{
	enum action_outcome outcome;
	struct sock sk;
	int fd = open_listener(&sk), error;
	socklen_t len = sizeof(sk.cookie);

	(void)state;
	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &sk.cookie, &len), 0);
	be_nobody(true);
	outcome = action_destroy(&sk, -1, &error);
	be_nobody(false);
	/* Or the kernel was built without closing. */
	assert_true(outcome == OUTCOME_NOT_PERMITTED || outcome == OUTCOME_NOT_SUPPORTED);
	assert_listens(fd);
	close(fd);
}

static void sentences_say_what_happened(void **state)
{
	static const struct {
		enum job_kind kind;
		enum action_outcome outcome;
		const char *want;
	} cases[] = {
		{ JOB_SIGNAL, OUTCOME_DONE, "Signal sent: sshd[8]" },
		{ JOB_SIGNAL, OUTCOME_NOT_PERMITTED,
		  "Not permitted (needs root, CAP_KILL or the same user): sshd[8]" },
		{ JOB_SIGNAL, OUTCOME_GONE, "Gone (the process no longer exists): sshd[8]" },
		{ JOB_SIGNAL, OUTCOME_LET_GO,
		  "Left alone (the process no longer holds the socket): sshd[8]" },
		{ JOB_SIGNAL, OUTCOME_NOT_SUPPORTED,
		  "Not supported (the kernel has no pidfd_send_signal): sshd[8]" },
		{ JOB_SIGNAL, OUTCOME_FAILED, "Input/output error: sshd[8]" },
		{ JOB_CLOSE, OUTCOME_DONE, "Closed: sshd[8]" },
		{ JOB_CLOSE, OUTCOME_NOT_PERMITTED,
		  "Not permitted (needs root or CAP_NET_ADMIN): sshd[8]" },
		{ JOB_CLOSE, OUTCOME_GONE, "Gone (the socket no longer exists): sshd[8]" },
		{ JOB_CLOSE, OUTCOME_NOT_SUPPORTED,
		  "Not supported (the kernel cannot close this kind of socket): sshd[8]" },
		{ JOB_CLOSE, OUTCOME_ONE_OF_GROUP,
		  "Not closed (the kernel found another socket of its SO_REUSEPORT group): sshd[8]" },
		{ JOB_CLOSE, OUTCOME_FAILED, "Input/output error: sshd[8]" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct job *job = job_new(cases[i].kind);
		struct job_target *target = job_add(job, "sshd[8]", 7);
		struct buf text = { 0 };

		target->outcome = cases[i].outcome;
		target->error = EIO;
		assert_int_equal(job_text(job, &text), cases[i].outcome == OUTCOME_DONE);
		assert_string_equal(buf_cstr(&text), cases[i].want);
		buf_fini(&text);
		job_free(job);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_process_that_is_meant_gets_it),
		cmocka_unit_test(another_users_process_is_not_permitted),
		cmocka_unit_test(a_process_that_let_go_is_left_alone),
		cmocka_unit_test(signals_have_names),
		cmocka_unit_test(names_cannot_fake_a_start_time),
		cmocka_unit_test(a_socket_without_identity_is_left_alone),
		cmocka_unit_test(another_socket_at_the_address_stays),
		cmocka_unit_test(a_listener_of_nobody_may_not_be_closed),
		cmocka_unit_test(sentences_say_what_happened),
	};

	return cmocka_run_group_tests_name("action", tests, NULL, NULL);
}
