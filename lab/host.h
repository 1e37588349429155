/* SPDX-License-Identifier: GPL-2.0-only */
/* The host's end of the lab: what its files have in common. */
#ifndef LAB_HOST_H
#define LAB_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

#define STATUS_TIMEOUT 124
#define STATUS_FAILED 125

enum port { PORT_CONSOLE, PORT_CTL, PORT_STDIN, PORT_PULSE, PORT_COUNT };

/* Everything the process that serves the guest knows. */
struct lab {
	int ports[PORT_COUNT];
	int signals;
	pid_t qemu;
	char **qemu_command;	/* NULL when it must not be started once more */
	struct termios cooked;	/* the terminal as it was */
	bool terminal, raw;
	double deadline, pulse_seconds, pulse_deadline;
	bool configured, started;	/* the guest; its command */
	char *config;
	size_t config_size;
};

extern struct lab lab;

/* host.c */
double now(void);
/* Ends QEMU, puts the terminal back, and exits. */
__attribute__((noreturn)) void finish(int status);
/* The same, ending as the signal makes a process end. */
__attribute__((noreturn)) void end_by(int signal_number);
/* The same, saying why, with the guest's last messages. */
__attribute__((noreturn)) void give_up(int status, const char *why);
/*
 * Starts QEMU once more if it crashed, before the command was started (an emulator's
 * own fault, and nothing has been done yet); false when that is not so.
 */
bool restart_qemu(void);
/* Adds a line to what FRAME_CONFIG will bring. */
void add_config(const char *line);

/* console.c: the last of what the guest's console and QEMU itself printed */
void keep_console(void);
void print_console_tail(void);

/* relay.c */
ssize_t receive(enum port port, void *data, size_t size);
void find_terminal(void);
void restore_terminal(void);
/* Carries bytes until one of the functions above ends the process. */
__attribute__((noreturn)) void serve(void);

#endif
