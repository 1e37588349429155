// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starts the guest's command with pipes or a terminal, and transfers bytes
 * between the command and the host until the command has ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent.h"

#define STDIN_PORT "/dev/vport0p2"

/* The command's process and file descriptors; -1: not used. */
struct command {
	pid_t pid;
	int terminal;		/* the pty's master, if any of 0, 1, 2 is a terminal */
	int terminal_slave;	/* kept open, so that the master never reports end of file */
	int input;		/* connected to its stdin: the pty or a pipe */
	int output[3];		/* its output: terminal, stdout, stderr */
};

/* Bytes in transfer from the host to the command. */
struct input {
	int port;
	uint64_t taken;		/* bytes read from the port so far */
	uint64_t total;		/* bytes in all; UINT64_MAX: not known yet */
	size_t start, end;	/* the part of buffer that is still to be written */
	char buffer[4096];
};

static struct command command = { .terminal = -1, .terminal_slave = -1 };
static struct input input = { .total = UINT64_MAX };
static struct winsize window = { .ws_row = 24, .ws_col = 80 };

void set_window(const struct wire_window *wire)
{
	window.ws_row = wire->rows;
	window.ws_col = wire->columns;
	if (command.terminal >= 0)
		ioctl(command.terminal, TIOCSWINSZ, &window);
}

static void open_terminal(void)
{
	command.terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (command.terminal < 0 || unlockpt(command.terminal))
		fail("no terminal: %s", strerror(errno));
	command.terminal_slave = open(ptsname(command.terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (command.terminal_slave < 0)
		fail("%s: %s", ptsname(command.terminal), strerror(errno));
	ioctl(command.terminal, TIOCSWINSZ, &window);
}

static void exec_command(const struct config *config, int terminal, const int fds[3])
{
	sigset_t none;

	setsid();
	if (terminal >= 0)
		ioctl(terminal, TIOCSCTTY, 0);
	for (int i = 0; i < 3; i++)
		dup2(fds[i], i);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	environ = (char **)config->env.word;
	if (chdir("/root"))
		dprintf(2, "lab: /root: %s\n", strerror(errno));
	execvp(config->arg.word[0], config->arg.word);
	dprintf(2, "lab: %s: %s\n", config->arg.word[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

/* Create a pipe whose end @ours does not block: [0] is for reading, [1] for writing. */
static void open_pipe(int ends[2], int ours)
{
	if (pipe2(ends, O_CLOEXEC))
		fail("pipe: %s", strerror(errno));
	fcntl(ends[ours], F_SETFL, O_NONBLOCK);
}

static void start_command(const struct config *config)
{
	int theirs[3], ends[2];

	if (config->tty)
		open_terminal();
	for (int i = 0; i < 3; i++) {
		bool terminal = config->tty & (1U << i);

		if (!terminal)
			open_pipe(ends, i == 0);
		theirs[i] = terminal ? command.terminal_slave : ends[i != 0];
		if (i == 0)
			command.input = terminal ? command.terminal : ends[1];
		else
			command.output[i] = terminal ? -1 : ends[0];
	}
	command.output[0] = command.terminal;
	command.pid = fork();
	if (command.pid < 0)
		fail("fork: %s", strerror(errno));
	if (!command.pid)
		exec_command(config, command.terminal_slave, theirs);
	for (int i = 0; i < 3; i++)
		if (theirs[i] != command.terminal_slave)
			close(theirs[i]);
}

/* Transfer the output available now. Returns false if there was none. */
static bool carry_output(int which)
{
	static const enum frame_type types[] = { FRAME_TERMINAL, FRAME_STDOUT, FRAME_STDERR };
	static char buffer[WIRE_CHUNK];
	int *fd = &command.output[which];
	ssize_t n = *fd < 0 ? -1 : read(*fd, buffer, sizeof(buffer));

	if (n > 0)
		send_frame(types[which], buffer, n);
	else if (n == 0 && *fd >= 0) {
		close(*fd);
		*fd = -1;
	}
	return n > 0;
}

static void end_input(void)
{
	if (command.input != command.terminal)
		close(command.input);
	command.input = -1;
}

static void take_input(void)
{
	ssize_t n = read(input.port, input.buffer, sizeof(input.buffer));

	if (n <= 0)
		return;
	input.taken += n;
	input.start = 0;
	input.end = n;
}

static void give_input(void)
{
	ssize_t n = write(command.input, input.buffer + input.start, input.end - input.start);

	if (n > 0)
		input.start += n;
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		end_input();	/* the command reads no more input */
}

static void handle_control(void)
{
	struct wire_header header;
	char data[64];

	receive(&header, sizeof(header));
	if (header.size > sizeof(data))
		fail("control frame too large: %u bytes", header.size);
	receive(data, header.size);
	if (header.type == FRAME_WINDOW)
		set_window((struct wire_window *)data);
	else if (header.type == FRAME_STDIN_END)
		memcpy(&input.total, data, sizeof(input.total));
}

/* As init, reap every process that ended. Returns true if the command has ended. */
static bool reap(uint32_t *result)
{
	bool ended = false;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != command.pid)
			continue;
		ended = true;
		*result = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	}
	return ended;
}

/* Transfer bytes until the command has ended; returns its exit status. */
static uint32_t serve(int signals)
{
	uint32_t result = 0;
	bool ended = false;

	input.port = open_port(STDIN_PORT, O_RDONLY | O_NONBLOCK);
	while (!ended) {
		bool pending = input.start < input.end;
		struct pollfd polls[] = {
			{ .fd = ctl, .events = POLLIN },
			{ .fd = signals, .events = POLLIN },
			{ .fd = command.output[0], .events = POLLIN },
			{ .fd = command.output[1], .events = POLLIN },
			{ .fd = command.output[2], .events = POLLIN },
			{ .fd = command.input < 0 || pending ? -1 : input.port, .events = POLLIN },
			{ .fd = pending ? command.input : -1, .events = POLLOUT },
		};

		if (poll(polls, 7, -1) < 0)
			continue;
		if (polls[0].revents & POLLIN)
			handle_control();
		if (polls[1].revents) {
			struct signalfd_siginfo info;

			if (read(signals, &info, sizeof(info)) > 0)
				ended = reap(&result);
		}
		for (int i = 0; i < 3; i++)
			if (polls[2 + i].revents)
				carry_output(i);
		if (polls[5].revents)
			take_input();
		if (polls[6].revents)
			give_input();
		if (command.input >= 0 && input.start == input.end && input.taken == input.total)
			end_input();
	}
	/* Read what is in the pipes now; do not wait for output of the command's children. */
	for (int i = 0; i < 3; i++)
		while (carry_output(i))
			;
	return result;
}

uint32_t run_command(const struct config *config)
{
	sigset_t child;
	int signals;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	signal(SIGPIPE, SIG_IGN);	/* a command may close its stdin */
	signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	send_frame(FRAME_STARTED, "", 0);
	start_command(config);
	return serve(signals);
}
