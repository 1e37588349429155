// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transfers bytes between stdin, stdout and stderr and the guest's ports,
 * including the keys and the size of a terminal, and enforces the timeouts.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host.h"
#include "wire.h"

/* A frame that arrives, perhaps in parts, and then its output while it is written. */
static struct {
	struct wire_header header;
	char data[WIRE_CHUNK];
	size_t have;		/* bytes of header and data received */
	size_t start, end;	/* the part of data that is still to be written */
	int fd;
} frame;

static struct {
	char data[16 * 1024];
	size_t start, end;
	uint64_t total;
	bool ended;
} input;

/* Like recv(). End of file is reported once; the port is then closed. */
ssize_t receive(enum port port, void *data, size_t size)
{
	ssize_t n = lab.ports[port] < 0 ? -1 : recv(lab.ports[port], data, size, MSG_DONTWAIT);

	if (n == 0) {
		close(lab.ports[port]);
		lab.ports[port] = -1;
	}
	return n;
}

void restore_terminal(void)
{
	if (lab.raw)
		tcsetattr(0, TCSADRAIN, &lab.cooked);
	lab.raw = false;
}

/* Use the terminal only if this process is in its foreground process group. */
void find_terminal(void)
{
	char line[32];
	int mask = 0;

	lab.terminal = isatty(0) && tcgetpgrp(0) == getpgrp() && !tcgetattr(0, &lab.cooked);
	if (lab.terminal)
		mask = 1 | isatty(1) << 1 | isatty(2) << 2;
	else if (isatty(0))
		input.ended = true;	/* reading would stop this process; an end is sent below */
	snprintf(line, sizeof(line), "tty=%d", mask);
	add_config(line);
}

static void send_all(enum port port, const void *data, size_t size)
{
	const char *from = data;

	while (size) {
		ssize_t n = send(lab.ports[port], from, size, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return;		/* QEMU has ended; a read reports it */
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

/* While its command runs, the guest gets every key, including Ctrl-C. */
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
		lab.started = true;
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
	if (n == 0) {
		frame.have = 0;
		if (restart_qemu())
			return;
		give_up(STATUS_FAILED, "the guest ended before its command did; last messages:");
	}
	if (n < 0)
		return;
	frame.have += n;
	if (frame.have < sizeof(frame.header))
		return;
	if (frame.header.size > sizeof(frame.data))
		give_up(STATUS_FAILED, "the guest sent an invalid frame");
	if (frame.have == sizeof(frame.header) + frame.header.size) {
		frame.have = 0;
		handle_frame();
	}
}

/* At most what a pipe accepts after poll(), so that a slow reader does not block this process. */
static void write_output(void)
{
	size_t size = frame.end - frame.start;
	ssize_t n = write(frame.fd, frame.data + frame.start, size < 4096 ? size : 4096);

	if (n > 0)
		frame.start += n;
	else if (n < 0 && errno != EINTR && errno != EAGAIN)
		frame.start = frame.end;	/* a closed fd: discard the output */
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
	if (info.ssi_signo == SIGCHLD)
		return;		/* QEMU ended: its ports report it, after its output */
	if (info.ssi_signo == SIGWINCH) {
		if (lab.configured)
			send_window();
		return;
	}
	end_by(info.ssi_signo);
}

/* Send the configuration when the guest can read it, because it may be long. */
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
		give_up(STATUS_TIMEOUT, "timed out");
	if (now() >= lab.pulse_deadline)
		give_up(STATUS_FAILED, lab.configured ?
			"the guest hangs: a CPU is not responding; last messages:" :
			"the guest did not boot (raise IOASID_LAB_HEARTBEAT to wait longer); last messages:");
}

void serve(void)
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
			{ .fd = input.ended || pending || !lab.started ? -1 : 0, .events = POLLIN },
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
		/* Last, so that input which arrived while this process was stopped counts. */
		check_time();
	}
}
