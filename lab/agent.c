// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's first process. Sets the guest up (setup.c), runs the one command
 * it was sent, carries bytes between the command and the host, and reports the
 * exit status. The host ends the machine when it has that.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent.h"
#include "wire.h"

#define CTL_PORT "/dev/vport0p1"
#define STDIN_PORT "/dev/vport0p2"
#define PULSE_PORT "/dev/vport0p3"

#define KLOG_READ_ALL 3
#define KLOG_CONSOLE_LEVEL 8
#define FAIL_LINES 20

static int ctl = -1;
static struct winsize window = { .ws_row = 24, .ws_col = 80 };

/* The command's side of things; fds are -1 when there are none. */
struct command {
	pid_t pid;
	int terminal;		/* the pty's master, where any of 0, 1, 2 is a terminal */
	int terminal_slave;	/* kept open, so that the master never reports an end */
	int input;		/* what it reads: the pty or a pipe */
	int output[3];		/* what it writes: to the terminal, as stdout, as stderr */
};

/* Bytes on their way from the host to the command. */
struct input {
	int port;
	uint64_t taken;		/* from the port so far */
	uint64_t total;		/* there will be; UINT64_MAX while not known */
	size_t start, end;	/* what of buffer still has to go */
	char buffer[4096];
};

static void write_all(int fd, const void *data, size_t size)
{
	const char *from = data;

	while (size) {
		ssize_t n = write(fd, from, size);

		if (n > 0) {
			from += n;
			size -= n;
		} else if (n < 0 && errno != EINTR && errno != EAGAIN) {
			reboot(RB_POWER_OFF);	/* nobody is listening */
		}
	}
}

static void send_frame(enum frame_type type, const void *data, size_t size)
{
	/* One write where it fits: each is an exit to the host. */
	static char frame[sizeof(struct wire_header) + WIRE_CHUNK];
	struct wire_header header = { .type = type, .size = size };

	memcpy(frame, &header, sizeof(header));
	memcpy(frame + sizeof(header), data, size);
	write_all(ctl, frame, sizeof(header) + size);
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
		fprintf(stderr, "%.*s", (int)size, text);
	sleep(10);		/* the host ends the machine as soon as it has read this */
	reboot(RB_POWER_OFF);
	_exit(1);
}

static void read_all(int fd, void *data, size_t size)
{
	char *to = data;

	while (size) {
		ssize_t n = read(fd, to, size);

		if (n > 0) {
			to += n;
			size -= n;
		} else if (n == 0 || errno != EINTR) {
			fail("the host's end of the control port is gone");
		}
	}
}

/* Opens a port and waits until the other end is there, as a read would see an end before. */
static int open_port(const char *path, int flags)
{
	struct pollfd wait = { .events = POLLOUT };

	wait.fd = open(path, flags | O_CLOEXEC);
	if (wait.fd < 0)
		fail("%s: %s", path, strerror(errno));
	for (int i = 0; i < 5000 && poll(&wait, 1, 0) > 0 && wait.revents & POLLHUP; i++)
		usleep(1000);
	return wait.fd;
}

static void add_word(struct words *words, char *word)
{
	if (words->count == MAX_WORDS)
		fail("more than %d words", MAX_WORDS);
	words->word[words->count++] = word;
}

static void config_line(struct config *config, char *key)
{
	char *value = strchr(key, '=');

	if (!value)
		fail("configuration without a value: %s", key);
	*value++ = '\0';
	if (!strcmp(key, "source"))
		config->source = value;
	else if (!strcmp(key, "modules"))
		config->modules = value;
	else if (!strcmp(key, "insert"))
		config->insert = value;
	else if (!strcmp(key, "out"))
		config->out = true;
	else if (!strcmp(key, "tty"))
		config->tty = atoi(value);
	else if (!strcmp(key, "add"))
		add_word(&config->add, value);
	else if (!strcmp(key, "env"))
		add_word(&config->env, value);
	else if (!strcmp(key, "arg"))
		add_word(&config->arg, value);
	else
		fail("configuration not known: %s", key);
}

static void set_window(struct command *command, const struct wire_window *wire)
{
	window.ws_row = wire->rows;
	window.ws_col = wire->columns;
	if (command && command->terminal >= 0)
		ioctl(command->terminal, TIOCSWINSZ, &window);
}

static void read_config(struct config *config)
{
	struct wire_header header;

	for (;;) {
		char *data, *line;

		read_all(ctl, &header, sizeof(header));
		data = malloc(header.size + 1);	/* the configuration points into it */
		if (!data)
			fail("no memory for %u bytes of configuration", header.size);
		read_all(ctl, data, header.size);
		data[header.size] = '\0';
		if (header.type == FRAME_WINDOW)
			set_window(NULL, (struct wire_window *)data);
		if (header.type != FRAME_CONFIG)
			continue;
		for (line = data; line < data + header.size;) {
			char *next = line + strlen(line) + 1;

			config_line(config, line);
			line = next;
		}
		break;
	}
	if (!config->source || !config->modules || !config->arg.count)
		fail("the configuration lacks source, modules or a command");
}

static void open_terminal(struct command *command)
{
	command->terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (command->terminal < 0 || unlockpt(command->terminal))
		fail("no terminal: %s", strerror(errno));
	command->terminal_slave = open(ptsname(command->terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (command->terminal_slave < 0)
		fail("%s: %s", ptsname(command->terminal), strerror(errno));
	ioctl(command->terminal, TIOCSWINSZ, &window);
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
	environ = (char **)config->env.word;
	if (chdir("/root"))
		dprintf(2, "lab: /root: %s\n", strerror(errno));
	execvp(config->arg.word[0], config->arg.word);
	dprintf(2, "lab: %s: %s\n", config->arg.word[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

/* The ends of a pipe: [0] to read and [1] to write, ours not blocking. */
static void open_pipe(int ends[2], int ours)
{
	if (pipe2(ends, O_CLOEXEC))
		fail("pipe: %s", strerror(errno));
	fcntl(ends[ours], F_SETFL, O_NONBLOCK);
}

static void start_command(const struct config *config, struct command *command)
{
	int theirs[3], ends[2];

	*command = (struct command){ .terminal = -1, .terminal_slave = -1 };
	if (config->tty)
		open_terminal(command);
	for (int i = 0; i < 3; i++) {
		bool terminal = config->tty & (1U << i);

		if (!terminal)
			open_pipe(ends, i == 0);
		theirs[i] = terminal ? command->terminal_slave : ends[i != 0];
		if (i == 0)
			command->input = terminal ? command->terminal : ends[1];
		else
			command->output[i] = terminal ? -1 : ends[0];
	}
	command->output[0] = command->terminal;
	command->pid = fork();
	if (command->pid < 0)
		fail("fork: %s", strerror(errno));
	if (!command->pid)
		exec_command(config, command->terminal_slave, theirs);
	for (int i = 0; i < 3; i++)
		if (theirs[i] != command->terminal_slave)
			close(theirs[i]);
}

/* Carries what is there now; false when there is nothing (more) for now. */
static bool carry_output(struct command *command, int which)
{
	static const enum frame_type types[] = { FRAME_TERMINAL, FRAME_STDOUT, FRAME_STDERR };
	static char buffer[WIRE_CHUNK];
	int *fd = &command->output[which];
	ssize_t n = *fd < 0 ? -1 : read(*fd, buffer, sizeof(buffer));

	if (n > 0)
		send_frame(types[which], buffer, n);
	else if (n == 0 && *fd >= 0) {
		close(*fd);
		*fd = -1;
	}
	return n > 0;
}

static void end_input(struct command *command)
{
	if (command->input != command->terminal)
		close(command->input);
	command->input = -1;
}

static void take_input(struct input *input)
{
	ssize_t n = read(input->port, input->buffer, sizeof(input->buffer));

	if (n <= 0)
		return;
	input->taken += n;
	input->start = 0;
	input->end = n;
}

static void give_input(struct command *command, struct input *input)
{
	ssize_t n = write(command->input, input->buffer + input->start, input->end - input->start);

	if (n > 0)
		input->start += n;
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		end_input(command);	/* it does not want any more */
}

static void handle_control(struct command *command, struct input *input)
{
	struct wire_header header;
	char data[64];

	read_all(ctl, &header, sizeof(header));
	if (header.size > sizeof(data))
		fail("a control frame of %u bytes", header.size);
	read_all(ctl, data, header.size);
	if (header.type == FRAME_WINDOW)
		set_window(command, (struct wire_window *)data);
	else if (header.type == FRAME_STDIN_END)
		memcpy(&input->total, data, sizeof(input->total));
}

/* As init, takes every orphan that ends; true when the command itself did. */
static bool reap(pid_t command, uint32_t *result)
{
	bool ended = false;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != command)
			continue;
		ended = true;
		*result = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	}
	return ended;
}

/* Carries bytes until the command has ended; returns its exit status. */
static uint32_t serve(struct command *command, int signals)
{
	static struct input input = { .total = UINT64_MAX };
	uint32_t result = 0;
	bool ended = false;

	input.port = open_port(STDIN_PORT, O_RDONLY | O_NONBLOCK);
	while (!ended) {
		bool pending = input.start < input.end;
		struct pollfd polls[] = {
			{ .fd = ctl, .events = POLLIN },
			{ .fd = signals, .events = POLLIN },
			{ .fd = command->output[0], .events = POLLIN },
			{ .fd = command->output[1], .events = POLLIN },
			{ .fd = command->output[2], .events = POLLIN },
			{ .fd = command->input < 0 || pending ? -1 : input.port, .events = POLLIN },
			{ .fd = pending ? command->input : -1, .events = POLLOUT },
		};

		if (poll(polls, 7, -1) < 0)
			continue;
		if (polls[0].revents & POLLIN)
			handle_control(command, &input);
		if (polls[1].revents) {
			struct signalfd_siginfo info;

			if (read(signals, &info, sizeof(info)) > 0)
				ended = reap(command->pid, &result);
		}
		for (int i = 0; i < 3; i++)
			if (polls[2 + i].revents)
				carry_output(command, i);
		if (polls[5].revents)
			take_input(&input);
		if (polls[6].revents)
			give_input(command, &input);
		if (command->input >= 0 && input.start == input.end && input.taken == input.total)
			end_input(command);
	}
	/* What the command left in the pipes; not what its children may still write. */
	for (int i = 0; i < 3; i++)
		while (carry_output(command, i))
			;
	return result;
}

int main(void)
{
	static struct config config;
	struct command command;
	uint32_t result;
	sigset_t child;
	int signals;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	signal(SIGPIPE, SIG_IGN);
	mount_kernel_filesystems();
	ctl = open_port(CTL_PORT, O_RDWR);
	start_pulse(PULSE_PORT);
	read_config(&config);
	load_boot_modules();
	enter_host_root(&config);
	if (config.insert)
		insert_module(config.insert);
	/* From here on the console is the record of what led to a crash. */
	klogctl(KLOG_CONSOLE_LEVEL, NULL, 7);
	signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	send_frame(FRAME_STARTED, "", 0);
	start_command(&config, &command);
	result = serve(&command, signals);
	send_frame(FRAME_EXIT, &result, sizeof(result));
	for (;;)
		pause();
}
