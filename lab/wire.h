/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the host (host.c) and the guest's first process (agent.c) say to each
 * other. Three virtio-serial ports, so that none has to wait for another:
 *
 *   ctl    framed, both ways: configuration, output, window size, exit status
 *   stdin  raw bytes to the guest; the guest reads only what its command takes
 *   pulse  raw bytes to the host, one for each CPU that proved to be alive
 *
 * Both ends are of one build and one byte order; nothing here is kept on disk.
 */
#ifndef LAB_WIRE_H
#define LAB_WIRE_H

#include <stdint.h>

enum frame_type {
	/* host to guest */
	FRAME_CONFIG = 'c',	/* KEY=VALUE strings, each ended by a NUL */
	FRAME_WINDOW = 'w',	/* struct wire_window */
	FRAME_STDIN_END = 'z',	/* uint64_t: bytes of stdin there are in all */

	/* guest to host */
	FRAME_STARTED = 's',	/* no payload: the command is about to run */
	FRAME_TERMINAL = 't',	/* what the command's terminal shows */
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

/* The most bytes one frame to the host carries: with its header it is one write to the port. */
#define WIRE_CHUNK (32768 - sizeof(struct wire_header))

/*
 * Keys of FRAME_CONFIG. Every other key is refused, so that a stale agent
 * is noticed.
 *
 *   source=DIR     the checkout, at the same path as on the host
 *   root=DIR       the guest's root folder on the host, if not that of the host itself
 *   modules=DIR    the kernel's modules, made available to modprobe
 *   insert=FILE    kernel module to insert; one that is not there is skipped
 *   add=PATH       copy PATH to /host/NAME
 *   out=1          mount the host's folder for results at /out
 *   env=NAME=VALUE one variable of the command's environment
 *   tty=MASK       which of the command's fds 0, 1, 2 are a terminal (bits)
 *   arg=WORD       one word of the command, in order
 */

#endif
