// SPDX-License-Identifier: GPL-2.0-only
/* The agent's end of the control port, and reporting fatal errors there. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "agent.h"

#define CTL_PORT "/dev/vport0p1"
#define KLOG_READ_ALL 3
#define FAIL_LINES 20
#define PORT_SECONDS 60		/* time for a port to appear on a busy host */

int ctl = -1;

/*
 * Open a port. The port and its other end appear only when the host's messages
 * arrive; until then a read would report end of file.
 */
int open_port(const char *path, int flags)
{
	struct pollfd wait = { .fd = -1, .events = POLLOUT };

	for (int i = 0; i < PORT_SECONDS * 1000; i++) {
		if (wait.fd < 0)
			wait.fd = open(path, flags | O_CLOEXEC);
		if (wait.fd < 0 && errno != ENOENT)
			fail("%s: %s", path, strerror(errno));
		if (wait.fd >= 0 && (poll(&wait, 1, 0) <= 0 || !(wait.revents & POLLHUP)))
			return wait.fd;
		usleep(1000);
	}
	fail("%s: %s", path, wait.fd < 0 ? "no such port" : "the other end did not connect");
}

void open_link(void)
{
	ctl = open_port(CTL_PORT, O_RDWR);
}

/* Report what cannot be sent in a frame; the host keeps the console's last lines. */
__attribute__((format(printf, 1, 2))) static void on_console(const char *format, ...)
{
	int console = open("/dev/console", O_WRONLY | O_CLOEXEC | O_NOCTTY);
	va_list arguments;

	va_start(arguments, format);
	vdprintf(console, format, arguments);
	va_end(arguments);
	dprintf(console, "\n");
	close(console);
}

static void write_all(const void *data, size_t size)
{
	const char *from = data;

	while (size) {
		ssize_t n = write(ctl, from, size);

		if (n > 0) {
			from += n;
			size -= n;
		} else if (n < 0 && errno != EINTR && errno != EAGAIN) {
			/* The host does not listen any more. */
			on_console("cannot write to the control port: %s", strerror(errno));
			reboot(RB_POWER_OFF);
		}
	}
}

void send_frame(enum frame_type type, const void *data, size_t size)
{
	/* A single write if it fits: each write is an exit to the host. */
	static char frame[sizeof(struct wire_header) + WIRE_CHUNK];
	struct wire_header header = { .type = type, .size = size };

	memcpy(frame, &header, sizeof(header));
	memcpy(frame + sizeof(header), data, size);
	write_all(frame, sizeof(header) + size);
}

void receive(void *data, size_t size)
{
	char *to = data;

	while (size) {
		ssize_t n = read(ctl, to, size);

		if (n > 0) {
			to += n;
			size -= n;
		} else if (n == 0 || errno != EINTR) {
			fail("the host closed the control port");
		}
	}
}

static size_t kernel_tail(char *to, size_t size)
{
	static char log[256 * 1024];
	int length = klogctl(KLOG_READ_ALL, log, sizeof(log) - 1);
	int lines = 0, from = length;

	if (length <= 0)
		return 0;
	while (from > 0 && (lines += log[from - 1] == '\n') <= FAIL_LINES)
		from--;
	if ((size_t)(length - from) > size)
		from = length - size;
	memcpy(to, log + from, length - from);
	return length - from;
}

void fail(const char *format, ...)
{
	char text[WIRE_CHUNK];
	va_list arguments;
	size_t size;

	va_start(arguments, format);
	size = vsnprintf(text, 4096, format, arguments);
	va_end(arguments);
	if (size > 4095)
		size = 4095;
	text[size++] = '\n';
	size += kernel_tail(text + size, sizeof(text) - size);
	if (ctl >= 0)
		send_frame(FRAME_FAIL, text, size);
	else
		on_console("%.*s", (int)size, text);
	sleep(10);		/* the host stops the guest as soon as it has read this */
	reboot(RB_POWER_OFF);
	_exit(1);
}
