// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeps the last output of the guest's console and of QEMU in memory, to be
 * shown when the guest fails. No file is created.
 */
#include <stdio.h>
#include <string.h>

#include "host.h"

#define TAIL_LINES 100

static struct {
	char text[64 * 1024];
	size_t size;
} console;

void keep_console(void)
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

void print_console_tail(void)
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
