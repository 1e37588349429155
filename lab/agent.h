/* SPDX-License-Identifier: GPL-2.0-only */
/* Declarations shared by the files of the guest's init process. */
#ifndef LAB_AGENT_H
#define LAB_AGENT_H

#include <stdbool.h>
#include <stddef.h>

#include "wire.h"

#define MAX_WORDS 16384

/* A NULL-terminated list of strings for exec. */
struct words {
	char *word[MAX_WORDS + 1];
	size_t count;
};

/* The configuration sent by the host; see wire.h for the keys. */
struct config {
	const char *source;
	const char *root;
	const char *modules;
	const char *insert;
	bool out;
	unsigned int tty;
	struct words add, env, arg;
};

/* link.c: the control port; available after open_link() */
extern int ctl;
void open_link(void);
int open_port(const char *path, int flags);
void send_frame(enum frame_type type, const void *data, size_t size);
void receive(void *data, size_t size);
/* Report to the host why the lab cannot continue, with the kernel's last lines. */
__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);

/* setup.c: prepare the guest for the command; in call order */
void mount_kernel_filesystems(void);
void load_boot_modules(void);
void enter_host_root(const struct config *config);
void insert_module(const char *path);

/* command.c: run the command; returns its exit status */
void set_window(const struct wire_window *wire);
uint32_t run_command(const struct config *config);

/* pulse.c: start a process that shows the host that every CPU is alive */
void start_pulse(const char *port);

#endif
