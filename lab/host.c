// SPDX-License-Identifier: GPL-2.0
/*
 * Runs QEMU with the lab's guest and is the host's end of its ports (wire.h):
 * carries stdin, stdout and stderr, gives the guest a terminal where there is
 * one, and ends the machine when its command has ended, when it shows no sign
 * of life, when time is up or when a signal says so.
 *
 *   host [-t SECONDS] [-p SECONDS] [-d] [-c KEY=VALUE]... -- QEMU [ARGUMENT]...
 *
 * QEMU finds its ends of the connections at the fds PORT_FD + enum port.
 * Exit status: the command's; 124 when time was up, 125 when the lab failed.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "wire.h"

#define PORT_FD 10
#define TAIL_LINES 40
#define BOOT_SECONDS 120	/* the first sign of life may take that long */
#define STATUS_TIMEOUT 124
#define STATUS_FAILED 125

enum port { PORT_CONSOLE, PORT_CTL, PORT_STDIN, PORT_PULSE, PORT_COUNT };

/* Everything the process that serves the guest knows. */
static struct {
	int ports[PORT_COUNT];
	int signals;
	pid_t qemu;
	struct termios cooked;	/* the terminal as it was */
	bool terminal, raw;
	double deadline, pulse_seconds, pulse_deadline;
	bool configured;
	char *config;
	size_t config_size;
} lab;

/* The last of the guest's console and of QEMU's own messages. */
static struct {
	char text[64 * 1024];
	size_t size;
} console;

/* A frame as it arrives, a guest may hang in the middle of one, and then its output on the way out. */
static struct {
	struct wire_header header;
	char data[WIRE_CHUNK];
	size_t have;		/* of header and data */
	size_t start, end;	/* what of data still has to be written */
	int fd;
} frame;

static struct {
	char data[16 * 1024];
	size_t start, end;
	uint64_t total;
	bool ended;
} input;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void restore_terminal(void)
{
	if (lab.raw)
		tcsetattr(0, TCSADRAIN, &lab.cooked);
	lab.raw = false;
}

static void end_qemu(void)
{
	if (lab.qemu <= 0)
		return;
	kill(lab.qemu, SIGKILL);
	waitpid(lab.qemu, NULL, 0);
	lab.qemu = 0;
}

__attribute__((noreturn)) static void finish(int status)
{
	end_qemu();
	restore_terminal();
	exit(status);
}

/* As recv; an end is seen once, and then the port is no longer there. */
static ssize_t receive(enum port port, void *data, size_t size)
{
	ssize_t n = lab.ports[port] < 0 ? -1 : recv(lab.ports[port], data, size, MSG_DONTWAIT);

	if (n == 0) {
		close(lab.ports[port]);
		lab.ports[port] = -1;
	}
	return n;
}

static void keep_console(void)
{
	char chunk[4096];
	ssize_t n;

	while ((n = receive(PORT_CONSOLE, chunk, sizeof(chunk))) > 0) {
		size_t over = console.size + n > sizeof(console.text) ?
			      console.size + n - sizeof(console.text) : 0;

		memmove(console.text, console.text + over, console.size - over);
		memcpy(console.text + console.size - over, chunk, n);
		console.size += n - over;
	}
}

static void print_console_tail(void)
{
	size_t from;
	int lines = 0;

	keep_console();
	for (from = console.size; from > 0; from--)
		if (console.text[from - 1] == '\n' && ++lines > TAIL_LINES)
			break;
	for (; from < console.size; from++)
		if (console.text[from] != '\r')
			fputc(console.text[from], stderr);
	if (console.size && console.text[console.size - 1] != '\n')
		fputc('\n', stderr);
}

__attribute__((noreturn)) static void give_up(int status, const char *why)
{
	end_qemu();
	restore_terminal();
	fprintf(stderr, "lab: %s\n", why);
	print_console_tail();
	finish(status);
}

static void send_all(enum port port, const void *data, size_t size)
{
	const char *from = data;

	while (size) {
		ssize_t n = send(lab.ports[port], from, size, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return;		/* QEMU is gone: reading will tell */
		if (n > 0) {
			from += n;
			size -= n;
		}
	}
}

static void send_frame(enum frame_type type, const void *data, size_t size)
{
	struct wire_header header = { .type = type, .size = size };

	send_all(PORT_CTL, &header, sizeof(header));
	send_all(PORT_CTL, data, size);
}

static void send_window(void)
{
	struct winsize size;
	struct wire_window wire;

	if (!lab.terminal || ioctl(0, TIOCGWINSZ, &size) || !size.ws_row || !size.ws_col)
		return;
	wire = (struct wire_window){ .rows = size.ws_row, .columns = size.ws_col };
	send_frame(FRAME_WINDOW, &wire, sizeof(wire));
}

/* The guest gets every key, Ctrl-C too, from when its command runs. */
static void start_command(void)
{
	struct termios raw = lab.cooked;

	if (!lab.terminal)
		return;
	cfmakeraw(&raw);
	lab.raw = !tcsetattr(0, TCSADRAIN, &raw);
}

static void queue_output(int fd)
{
	frame.fd = fd;
	frame.start = 0;
	frame.end = frame.header.size;
}

static void handle_frame(void)
{
	uint32_t status;

	switch (frame.header.type) {
	case FRAME_STARTED:
		start_command();
		break;
	case FRAME_TERMINAL:
		queue_output(isatty(1) ? 1 : isatty(2) ? 2 : 0);
		break;
	case FRAME_STDOUT:
		queue_output(1);
		break;
	case FRAME_STDERR:
		queue_output(2);
		break;
	case FRAME_EXIT:
		memcpy(&status, frame.data, sizeof(status));
		finish(status);
	case FRAME_FAIL:
		restore_terminal();
		fprintf(stderr, "lab: %.*s", (int)frame.header.size, frame.data);
		finish(STATUS_FAILED);
	default:
		give_up(STATUS_FAILED, "the guest sent a frame of an unknown type");
	}
}

static void read_frame(void)
{
	size_t whole = sizeof(frame.header);
	ssize_t n;

	if (frame.have >= whole)
		whole += frame.header.size;
	n = receive(PORT_CTL, (char *)&frame + frame.have, whole - frame.have);
	if (n == 0)
		give_up(STATUS_FAILED, "the guest ended before its command did; its last messages:");
	if (n < 0)
		return;
	frame.have += n;
	if (frame.have < sizeof(frame.header))
		return;
	if (frame.header.size > sizeof(frame.data))
		give_up(STATUS_FAILED, "the guest sent something that is no frame");
	if (frame.have == sizeof(frame.header) + frame.header.size) {
		frame.have = 0;
		handle_frame();
	}
}

/* No more than a pipe takes at once after poll: a slow reader must not stop us. */
static void write_output(void)
{
	size_t size = frame.end - frame.start;
	ssize_t n = write(frame.fd, frame.data + frame.start, size < 4096 ? size : 4096);

	if (n > 0)
		frame.start += n;
	else if (n < 0 && errno != EINTR && errno != EAGAIN)
		frame.start = frame.end;	/* a closed fd: as for any command */
}

static void read_stdin(void)
{
	ssize_t n = read(0, input.data, sizeof(input.data));

	if (n > 0) {
		input.total += n;
		input.start = 0;
		input.end = n;
	} else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
		input.ended = true;
		if (lab.configured)
			send_frame(FRAME_STDIN_END, &input.total, sizeof(input.total));
	}
}

static void send_stdin(void)
{
	ssize_t n = send(lab.ports[PORT_STDIN], input.data + input.start, input.end - input.start,
			 MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n > 0)
		input.start += n;
}

static void handle_signal(void)
{
	struct signalfd_siginfo info;

	if (read(lab.signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGWINCH) {
		if (lab.configured)
			send_window();
		return;
	}
	end_qemu();
	restore_terminal();
	signal(info.ssi_signo, SIG_DFL);
	sigprocmask(SIG_SETMASK, &(sigset_t){ 0 }, NULL);
	raise(info.ssi_signo);
}

/* Once the guest is there to read it, as it may be long. */
static void send_config(void)
{
	send_window();
	send_frame(FRAME_CONFIG, lab.config, lab.config_size);
	if (input.ended)
		send_frame(FRAME_STDIN_END, &input.total, sizeof(input.total));
}

static void handle_pulse(void)
{
	char beats[64];

	if (receive(PORT_PULSE, beats, sizeof(beats)) <= 0)
		return;
	lab.pulse_deadline = now() + lab.pulse_seconds;
	if (!lab.configured)
		send_config();
	lab.configured = true;
}

static void check_time(void)
{
	if (now() >= lab.deadline)
		give_up(STATUS_TIMEOUT, "time is up");
	if (now() >= lab.pulse_deadline)
		give_up(STATUS_FAILED, "the guest hangs: a CPU shows no sign of life; its last messages:");
}

static void serve(void)
{
	for (;;) {
		bool busy = frame.start < frame.end, pending = input.start < input.end;
		double until = lab.deadline < lab.pulse_deadline ? lab.deadline : lab.pulse_deadline;
		struct pollfd polls[] = {
			{ .fd = lab.signals, .events = POLLIN },
			{ .fd = lab.ports[PORT_CONSOLE], .events = POLLIN },
			{ .fd = lab.ports[PORT_PULSE], .events = POLLIN },
			{ .fd = busy ? -1 : lab.ports[PORT_CTL], .events = POLLIN },
			{ .fd = busy ? frame.fd : -1, .events = POLLOUT },
			{ .fd = input.ended || pending ? -1 : 0, .events = POLLIN },
			{ .fd = pending ? lab.ports[PORT_STDIN] : -1, .events = POLLOUT },
		};

		poll(polls, 7, until > now() ? (int)((until - now()) * 1000) + 1 : 0);
		if (polls[0].revents)
			handle_signal();
		if (polls[1].revents)
			keep_console();
		if (polls[2].revents)
			handle_pulse();
		if (polls[3].revents)
			read_frame();
		if (polls[4].revents)
			write_output();
		if (polls[5].revents)
			read_stdin();
		if (polls[6].revents)
			send_stdin();
		/* Last: what had arrived while we were stopped counts. */
		check_time();
	}
}

/* QEMU's ends get fixed numbers; what else it writes is part of the console. */
static void exec_qemu(char **command, const int *theirs)
{
	int null = open("/dev/null", O_RDWR);

	/* Out of the terminal's reach, and never outliving the process that serves it. */
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
		/* Above the fixed numbers, so that setting those can't close one. */
		theirs[i] = fcntl(ends[1], F_DUPFD_CLOEXEC, PORT_FD + PORT_COUNT);
		close(ends[1]);
	}
	lab.qemu = fork();
	if (!lab.qemu)
		exec_qemu(command, theirs);
	for (int i = 0; i < PORT_COUNT; i++)
		close(theirs[i]);
}

static void add_config(const char *line)
{
	size_t size = strlen(line) + 1;

	lab.config = realloc(lab.config, lab.config_size + size);
	if (!lab.config)
		abort();
	memcpy(lab.config + lab.config_size, line, size);
	lab.config_size += size;
}

/* A terminal is ours to use only while we are in its foreground. */
static void find_terminal(void)
{
	char line[32];
	int mask = 0;

	lab.terminal = isatty(0) && tcgetpgrp(0) == getpgrp() && !tcgetattr(0, &lab.cooked);
	if (lab.terminal)
		mask = 1 | isatty(1) << 1 | isatty(2) << 2;
	else if (isatty(0))
		input.ended = true;	/* reading would stop us; sent as an end below */
	snprintf(line, sizeof(line), "tty=%d", mask);
	add_config(line);
}

static void serve_guest(char **qemu, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		exit(STATUS_FAILED);
	find_terminal();
	start_qemu(qemu);
	serve();
}

/*
 * The process that was started only guards the one that does the work: should
 * that be killed, somebody must still put the terminal back.
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
	signal(WTERMSIG(status), SIG_DFL);
	sigprocmask(SIG_SETMASK, &(sigset_t){ 0 }, NULL);
	raise(WTERMSIG(status));
	return 128 + WTERMSIG(status);
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
	lab.pulse_deadline = now() + BOOT_SECONDS;
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(handled) / sizeof(handled[0]); i++) {
		signal(handled[i], SIG_DFL);	/* what a shell ignores for its background jobs */
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
