// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's init process. It sets up the guest (setup.c), runs the command
 * that the host sent (command.c) and reports its exit status (link.c). The host
 * then stops the guest.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "agent.h"

#define PULSE_PORT "/dev/vport0p3"
#define KLOG_CONSOLE_LEVEL 8

static void add_word(struct words *words, char *word)
{
	if (words->count == MAX_WORDS)
		fail("configuration with more than %d words", MAX_WORDS);
	words->word[words->count++] = word;
}

static void config_line(struct config *config, char *key)
{
	char *value = strchr(key, '=');

	if (!value)
		fail("configuration key without a value: %s", key);
	*value++ = '\0';
	if (!strcmp(key, "source"))
		config->source = value;
	else if (!strcmp(key, "root"))
		config->root = value;
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
		fail("unknown configuration key: %s", key);
}

static void read_config(struct config *config)
{
	struct wire_header header;

	for (;;) {
		char *data, *line;

		receive(&header, sizeof(header));
		data = malloc(header.size + 1);	/* the configuration points into it */
		if (!data)
			fail("no memory for %u bytes of configuration", header.size);
		receive(data, header.size);
		data[header.size] = '\0';
		if (header.type == FRAME_WINDOW)
			set_window((struct wire_window *)data);
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

int main(void)
{
	static struct config config;
	uint32_t status;

	mount_kernel_filesystems();
	open_link();
	start_pulse(PULSE_PORT);
	read_config(&config);
	load_boot_modules();
	enter_host_root(&config);
	if (config.insert)
		insert_module(config.insert);
	/* From here on, the console records what led to a crash. */
	klogctl(KLOG_CONSOLE_LEVEL, NULL, 7);
	status = run_command(&config);
	send_frame(FRAME_EXIT, &status, sizeof(status));
	for (;;)
		pause();
}
