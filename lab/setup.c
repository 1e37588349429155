// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets up the guest's file systems: the host's root, read-only over 9p, with an
 * overlay in memory. Every tool, library and built file has the same path as on
 * the host, nothing is copied into an image, and the guest's changes to files
 * do not reach the host. A guest of another architecture has its own root, with
 * the checkout in it.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Where the guest's root is assembled before it becomes "/". */
#define NEW_ROOT "/new"

/* Where the host's root is mounted until then. */
#define HOST_ROOT "/lower"

/*
 * 9p: "loose" caches without asking the host again. This is correct for files
 * that do not change while the guest runs, and several times as fast. msize is
 * the largest size of one virtio request.
 */
#define P9_OPTIONS "trans=virtio,version=9p2000.L,msize=512000"

struct mount_row {
	const char *type, *target, *options;
};

static void make_dir(const char *path)
{
	if (mkdir(path, 0755) && errno != EEXIST)
		fail("mkdir %s: %s", path, strerror(errno));
}

static void make_dirs(const char *path)
{
	char part[4096];

	snprintf(part, sizeof(part), "%s", path);
	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		make_dir(part);
		*slash = '/';
	}
	make_dir(part);
}

static void mount_or_fail(const char *source, const char *target, const char *type,
			  unsigned long flags, const char *options)
{
	if (mount(source, target, type, flags, options))
		fail("mount %s on %s: %s", source, target, strerror(errno));
}

static void mount_rows(const struct mount_row *row, size_t count)
{
	for (; count--; row++) {
		make_dirs(row->target);
		mount_or_fail(row->type, row->target, row->type, 0, row->options);
	}
}

void mount_kernel_filesystems(void)
{
	static const struct mount_row rows[] = {
		{ "proc", "/proc", NULL },
		{ "sysfs", "/sys", NULL },
		{ "devtmpfs", "/dev", "mode=0755" },
	};

	mount_rows(rows, COUNT(rows));
}

static void finit_module_or_fail(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST)
		fail("cannot load %s: %s", path, strerror(errno));
	close(fd);
}

/* /boot-modules lists the modules in dependency order. */
void load_boot_modules(void)
{
	char line[256];
	FILE *list = fopen("/boot-modules", "re");

	if (!list)
		fail("/boot-modules: %s", strerror(errno));
	while (fgets(line, sizeof(line), list)) {
		line[strcspn(line, "\n")] = '\0';
		finit_module_or_fail(line);
	}
	fclose(list);
}

/* Mount the host's @folder writable at @target; @name is used for the overlay's layers. */
static void mount_overlay(const char *folder, const char *target, const char *name)
{
	char source[4096], lower[64], upper[64], work[64], options[256];

	snprintf(source, sizeof(source), HOST_ROOT "%s", folder);
	snprintf(lower, sizeof(lower), "/lower-%s", name);
	snprintf(upper, sizeof(upper), "/rw/upper-%s", name);
	snprintf(work, sizeof(work), "/rw/work-%s", name);
	make_dir(upper);
	make_dir(work);
	/* Use a path without commas and colons, which are separators in the options. */
	make_dir(lower);
	mount_or_fail(source, lower, NULL, MS_BIND, NULL);
	snprintf(options, sizeof(options), "lowerdir=%s,upperdir=%s,workdir=%s", lower, upper, work);
	make_dirs(target);
	mount_or_fail("overlay", target, "overlay", 0, options);
}

static void mount_host(const struct config *config)
{
	char source[4096];

	make_dir(HOST_ROOT);
	make_dir("/rw");
	mount_or_fail("root", HOST_ROOT, "9p", MS_RDONLY, P9_OPTIONS ",cache=loose");
	mount_or_fail("tmpfs", "/rw", "tmpfs", 0, "size=75%");
	mount_overlay(config->root ? config->root : "/", NEW_ROOT, "root");
	if (config->root) {
		snprintf(source, sizeof(source), NEW_ROOT "%s", config->source);
		mount_overlay(config->source, source, "source");
	}
}

/* Copy with the guest's own cp, which preserves links, holes and times. */
static void copy_to_guest(const struct config *config, const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	char from[4096], target[4096];
	int status = -1;
	pid_t pid;

	snprintf(from, sizeof(from), "%s%s", config->root ? HOST_ROOT : "", path);
	snprintf(target, sizeof(target), "/host/%s", name);
	pid = fork();
	if (!pid) {
		execl("/bin/cp", "cp", "-a", "-H", "--", from, target, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		fail("cannot copy %s to %s (status %#x)", path, target, status);
}

/* A separate root does not contain the files to copy: mount the host's root there meanwhile. */
static bool shows_host_root(const struct config *config)
{
	return config->root && config->add.count;
}

static void show_host_root(const struct config *config)
{
	static const char seen[] = NEW_ROOT HOST_ROOT;

	if (!shows_host_root(config))
		return;
	make_dir(seen);
	mount_or_fail(HOST_ROOT, seen, NULL, MS_BIND, NULL);
}

/* With the guest's own /proc, through which cp changes modes, and before /tmp is hidden. */
static void copy_all_to_guest(const struct config *config)
{
	make_dir("/host");
	for (size_t i = 0; i < config->add.count; i++)
		copy_to_guest(config, config->add.word[i]);
	if (shows_host_root(config) && (umount(HOST_ROOT) || rmdir(HOST_ROOT)))
		fail("umount %s: %s", HOST_ROOT, strerror(errno));
}

static int open_path(const char *path)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	return fd;
}

/* Restore a directory that a new tmpfs may have hidden. */
static void uncover(int fd, const char *path)
{
	char source[64];

	snprintf(source, sizeof(source), "/proc/self/fd/%d", fd);
	if (access(path, F_OK)) {
		make_dirs(path);
		mount_or_fail(source, path, NULL, MS_BIND | MS_REC, NULL);
	}
	close(fd);
}

/* The guest's own directories, which hide the files of the host's programs. */
static void mount_own_folders(void)
{
	static const struct mount_row rows[] = {
		{ "tmpfs", "/tmp", "mode=1777" },
		{ "tmpfs", "/var/tmp", "mode=1777" },
		{ "tmpfs", "/run", "mode=0755" },
		{ "tmpfs", "/root", "mode=0700" },
		{ "tmpfs", "/dev/shm", "mode=1777" },
		{ "devpts", "/dev/pts", "mode=0620,gid=5,ptmxmode=0666" },
		{ "cgroup2", "/sys/fs/cgroup", NULL },
		{ "bpf", "/sys/fs/bpf", "mode=0700" },
		{ "debugfs", "/sys/kernel/debug", NULL },
		{ "tracefs", "/sys/kernel/tracing", NULL },
	};

	mount_rows(rows, COUNT(rows));
}

static void switch_root(void)
{
	static const char *const moved[] = { "/proc", "/sys", "/dev" };
	char target[64];

	for (size_t i = 0; i < COUNT(moved); i++) {
		snprintf(target, sizeof(target), NEW_ROOT "%s", moved[i]);
		make_dir(target);
		mount_or_fail(moved[i], target, NULL, MS_MOVE, NULL);
	}
	if (chdir(NEW_ROOT))
		fail("chdir %s: %s", NEW_ROOT, strerror(errno));
	mount_or_fail(".", "/", NULL, MS_MOVE, NULL);
	if (chroot(".") || chdir("/"))
		fail("chroot: %s", strerror(errno));
}

/* The links that udev would create. */
static void link_devices(void)
{
	static const char *const links[][2] = {
		{ "/proc/self/fd", "/dev/fd" },
		{ "/proc/self/fd/0", "/dev/stdin" },
		{ "/proc/self/fd/1", "/dev/stdout" },
		{ "/proc/self/fd/2", "/dev/stderr" },
	};

	for (size_t i = 0; i < COUNT(links); i++)
		if (symlink(links[i][0], links[i][1]) && errno != EEXIST)
			fail("symlink %s: %s", links[i][1], strerror(errno));
}

/* Lets modprobe find the kernel's other modules. */
static void link_modules(const char *modules)
{
	struct utsname name;
	char path[512];

	uname(&name);
	make_dirs("/lib/modules");
	snprintf(path, sizeof(path), "/lib/modules/%s", name.release);
	if (symlink(modules, path) && errno != EEXIST)
		fail("symlink %s: %s", path, strerror(errno));
}

static void start_network(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request))
		fail("cannot set the loopback interface up: %s", strerror(errno));
	close(fd);
	if (sethostname("lab", 3))
		fail("sethostname: %s", strerror(errno));
}

void enter_host_root(const struct config *config)
{
	int source;

	mount_host(config);
	show_host_root(config);
	switch_root();
	copy_all_to_guest(config);
	source = open_path(config->source);
	mount_own_folders();
	uncover(source, config->source);
	if (config->out) {
		make_dir("/out");
		mount_or_fail("out", "/out", "9p", 0, P9_OPTIONS ",cache=none");
	}
	link_devices();
	link_modules(config->modules);
	start_network();
}

void insert_module(const char *path)
{
	if (!access(path, F_OK))
		finit_module_or_fail(path);
}
