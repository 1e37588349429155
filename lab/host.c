// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs QEMU with the guest and serves the host's end of its ports (wire.h).
 * Stops the guest when its command has ended, when the guest does not respond,
 * on a timeout or on a signal.
 *
 *   host [-t SECONDS] [-p SECONDS] [-d] [-c KEY=VALUE]... -- QEMU [ARGUMENT]...
 *
 * QEMU finds its ends of the connections at the fds PORT_FD + enum port.
 * Exit status: the command's; 124 on a timeout, 125 if the lab failed.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host.h"

#define PORT_FD 10
#define BOOT_PULSES 10		/* the first pulse may take this many times longer */

struct lab lab;

double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void end_qemu(void)
{
	if (lab.qemu <= 0)
		return;
	kill(lab.qemu, SIGKILL);
	waitpid(lab.qemu, NULL, 0);
	lab.qemu = 0;
}

void finish(int status)
{
	end_qemu();
	restore_terminal();
	exit(status);
}

void give_up(int status, const char *why)
{
	end_qemu();
	restore_terminal();
	fprintf(stderr, "lab: %s\n", why);
	print_console_tail();
	finish(status);
}

void end_by(int signal_number)
{
	end_qemu();
	restore_terminal();
	signal(signal_number, SIG_DFL);
	sigprocmask(SIG_SETMASK, &(sigset_t){ 0 }, NULL);
	raise(signal_number);
	_exit(128 + signal_number);
}

/* QEMU's ends get fixed numbers; its other output is part of the console. */
static void exec_qemu(char **command, const int *theirs)
{
	int null = open("/dev/null", O_RDWR);

	/* Keep QEMU away from the terminal, and end it with the process that serves it. */
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigprocmask(SIG_SETMASK, &(sigset_t){ 0 }, NULL);
	for (int i = 0; i < PORT_COUNT; i++)
		if (dup2(theirs[i], PORT_FD + i) < 0)
			_exit(127);
	dup2(null, 0);
	dup2(PORT_FD + PORT_CONSOLE, 1);
	dup2(PORT_FD + PORT_CONSOLE, 2);
	execvp(command[0], command);
	dprintf(2, "%s: %s\n", command[0], strerror(errno));
	_exit(127);
}

static void start_qemu(char **command)
{
	int theirs[PORT_COUNT];

	for (int i = 0; i < PORT_COUNT; i++) {
		int ends[2];

		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) {
			perror("lab: socketpair");
			exit(STATUS_FAILED);
		}
		lab.ports[i] = ends[0];
		/* Above the fixed numbers, so that assigning those cannot close it. */
		theirs[i] = fcntl(ends[1], F_DUPFD_CLOEXEC, PORT_FD + PORT_COUNT);
		close(ends[1]);
	}
	lab.qemu = fork();
	if (!lab.qemu)
		exec_qemu(command, theirs);
	for (int i = 0; i < PORT_COUNT; i++)
		close(theirs[i]);
}

bool restart_qemu(void)
{
	int status;

	if (lab.started || !lab.qemu_command || waitpid(lab.qemu, &status, 0) != lab.qemu)
		return false;
	lab.qemu = 0;
	if (!WIFSIGNALED(status))
		return false;
	fprintf(stderr, "lab: QEMU was killed by signal %d before the command ran; restarting it\n",
		WTERMSIG(status));
	print_console_tail();
	for (int i = 0; i < PORT_COUNT; i++)
		if (lab.ports[i] >= 0)
			close(lab.ports[i]);
	lab.configured = false;
	lab.pulse_deadline = now() + BOOT_PULSES * lab.pulse_seconds;
	start_qemu(lab.qemu_command);
	lab.qemu_command = NULL;
	return true;
}

void add_config(const char *line)
{
	size_t size = strlen(line) + 1;

	lab.config = realloc(lab.config, lab.config_size + size);
	if (!lab.config)
		abort();
	memcpy(lab.config + lab.config_size, line, size);
	lab.config_size += size;
}

static void serve_guest(char **qemu, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		exit(STATUS_FAILED);
	find_terminal();
	lab.qemu_command = qemu;
	start_qemu(qemu);
	serve();
}

/*
 * The initial process only guards the worker: if the worker is killed, the
 * guard restores the terminal.
 */
static int guard(pid_t worker)
{
	struct termios cooked;
	bool terminal = !tcgetattr(0, &cooked);
	struct signalfd_siginfo info;
	int status;

	while (waitpid(worker, &status, WNOHANG) == 0)
		if (read(lab.signals, &info, sizeof(info)) == sizeof(info) &&
		    info.ssi_signo != SIGCHLD)
			kill(worker, info.ssi_signo);
	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	if (terminal && tcgetpgrp(0) == getpgrp())
		tcsetattr(0, TCSADRAIN, &cooked);
	end_by(WTERMSIG(status));
}

int main(int argc, char **argv)
{
	static const int handled[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGCHLD };
	pid_t self = getpid(), worker;
	sigset_t set;
	int option;

	lab.deadline = now() + 1e9;
	lab.pulse_seconds = 60;
	while ((option = getopt(argc, argv, "+t:p:dc:")) != -1) {
		switch (option) {
		case 't':
			lab.deadline = now() + atof(optarg);
			break;
		case 'p':
			lab.pulse_seconds = atof(optarg);
			break;
		case 'd':
			prctl(PR_SET_PDEATHSIG, SIGTERM);
			break;
		case 'c':
			add_config(optarg);
			break;
		default:
			return STATUS_FAILED;
		}
	}
	lab.pulse_deadline = now() + BOOT_PULSES * lab.pulse_seconds;
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(handled) / sizeof(handled[0]); i++) {
		signal(handled[i], SIG_DFL);	/* shells ignore these for background jobs */
		sigaddset(&set, handled[i]);
	}
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_BLOCK, &set, NULL);
	lab.signals = signalfd(-1, &set, SFD_CLOEXEC);
	worker = fork();
	if (worker < 0) {
		perror("lab: fork");
		return STATUS_FAILED;
	}
	if (!worker)
		serve_guest(argv + optind, self);
	return guard(worker);
}
