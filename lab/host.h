/* SPDX-License-Identifier: GPL-2.0-only */
/* Declarations shared by the files of the host's end of the lab. */
#ifndef LAB_HOST_H
#define LAB_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

#define STATUS_TIMEOUT 124
#define STATUS_FAILED 125

enum port { PORT_CONSOLE, PORT_CTL, PORT_STDIN, PORT_PULSE, PORT_COUNT };

/* The state of the process that serves the guest. */
struct lab {
	int ports[PORT_COUNT];
	int signals;
	pid_t qemu;
	char **qemu_command;	/* NULL: do not restart it */
	struct termios cooked;	/* the original settings of the terminal */
	bool terminal, raw;
	double deadline, pulse_seconds, pulse_deadline;
	bool configured, started;	/* the guest was configured; its command was started */
	char *config;
	size_t config_size;
};

extern struct lab lab;

/* host.c */
double now(void);
/* Stop QEMU, restore the terminal and exit. */
__attribute__((noreturn)) void finish(int status);
/* The same, but end by the signal. */
__attribute__((noreturn)) void end_by(int signal_number);
/* The same, after printing the reason and the guest's last messages. */
__attribute__((noreturn)) void give_up(int status, const char *why);
/*
 * Restart QEMU if it crashed before the command was started: nothing has been done
 * yet, and the emulator is at fault. Returns false in all other cases.
 */
bool restart_qemu(void);
/* Add a line to the configuration sent with FRAME_CONFIG. */
void add_config(const char *line);

/* console.c: the last output of the guest's console and of QEMU */
void keep_console(void);
void print_console_tail(void);

/* relay.c */
ssize_t receive(enum port port, void *data, size_t size);
void find_terminal(void);
void restore_terminal(void);
/* Transfer bytes until one of the functions above ends the process. */
__attribute__((noreturn)) void serve(void);

#endif
