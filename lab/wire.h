/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The protocol between the host (host.c) and the guest's init process (agent.c).
 * It uses three virtio-serial ports, so that none has to wait for another:
 *
 *   ctl    frames in both directions: configuration, output, window size, exit status
 *   stdin  raw bytes to the guest, which reads only what its command reads
 *   pulse  raw bytes to the host, one for each CPU that is alive
 *
 * Both ends come from the same build and have the same byte order; nothing is
 * stored on disk.
 */
#ifndef LAB_WIRE_H
#define LAB_WIRE_H

#include <stdint.h>

enum frame_type {
	/* host to guest */
	FRAME_CONFIG = 'c',	/* KEY=VALUE strings, each terminated by a NUL */
	FRAME_WINDOW = 'w',	/* struct wire_window */
	FRAME_STDIN_END = 'z',	/* uint64_t: total number of stdin bytes */

	/* guest to host */
	FRAME_STARTED = 's',	/* no payload: the command is about to run */
	FRAME_TERMINAL = 't',	/* output to the command's terminal */
	FRAME_STDOUT = 'o',
	FRAME_STDERR = 'e',
	FRAME_EXIT = 'x',	/* uint32_t: the command's exit status */
	FRAME_FAIL = 'f',	/* text: why the lab itself failed */
};

struct wire_header {
	uint32_t type;
	uint32_t size;		/* of the payload that follows */
};

struct wire_window {
	uint16_t rows;
	uint16_t columns;
};

/* The largest payload of a frame to the host: with its header it is one write to the port. */
#define WIRE_CHUNK (32768 - sizeof(struct wire_header))

/*
 * Keys of FRAME_CONFIG. Any other key is an error, so that an outdated agent is
 * detected.
 *
 *   source=DIR     the checkout, at the same path as on the host
 *   root=DIR       the guest's root on the host, unless it is the host's root
 *   modules=DIR    the kernel's modules, made available to modprobe
 *   insert=FILE    kernel module to insert; skipped if it does not exist
 *   add=PATH       copy PATH to /host/NAME
 *   out=1          mount the host's output directory at /out
 *   env=NAME=VALUE an environment variable of the command
 *   tty=MASK       bit mask of the command's fds 0, 1, 2 that are a terminal
 *   arg=WORD       one word of the command, in order
 */

#endif
