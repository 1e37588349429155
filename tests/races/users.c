// SPDX-License-Identifier: GPL-2.0-only
/*
 * users SECONDS [FILE]: processes of several users call /dev/ioasid at random.
 * Their memory has the same addresses and consists of present pages, of pages
 * that a user-space pager provides late or never, and of FILE, which may be
 * slow. They fork, share memory, execute programs, pass descriptors, are
 * killed, and are moved between cgroups that are removed.
 *
 * All memory of a user contains the user's letter, and each DMA transfers this
 * letter: any other letter was written by another user, or read from one.
 *
 * Run as root. Exits 0 if no such letter and no unexpected result was seen, and
 * all processes ended. Prints errors on stdout and statistics on stderr.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../include/uapi/ioasid.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CLIENTS 6
#define USERS 3
#define PASIDS 24		/* few, so that processes collide */
#define PAGE 4096u
#define AREA (16 * PAGE)
#define CGROUPS "/sys/fs/cgroup/t"

/*
 * Address of a user's memory, in each of its processes: one user after the
 * other
 */
#define BASE ((char *)0x200000000000)
enum { PLAIN, PAGED, SLOW, AREAS };

enum call {
	OPEN, ALLOC, FREE, BIND, UNBIND, READ, WRITE, SPID, UNSPID, STRANGER, MOVE, RMDIR, CALLS
};

static const struct {
	const char *name;
	int errors[10];		/* permitted errors */
} calls[CALLS] = {
	[OPEN] = { "open", { EBUSY, EINTR } },
	[ALLOC] = { "alloc", { ENOSPC, EDQUOT } },
	[FREE] = { "free", { ENOENT, EPERM } },
	[BIND] = { "bind", { ENOENT, EPERM, EBUSY, EINTR, EDQUOT } },
	[UNBIND] = { "unbind", { ENOENT, EPERM, EINVAL } },
	[READ] = { "read", { EPERM, EFAULT, EINTR } },
	[WRITE] = { "write", { EPERM, EFAULT, EINTR } },
	[SPID] = { "spid attach", { ENOENT, EPERM, EBUSY, EEXIST } },
	[UNSPID] = { "spid detach", { ENOENT, EPERM } },
	[STRANGER] = { "by a stranger", { EBADF } },
	[MOVE] = { "move", { ESRCH, ENOENT, ENODEV, EBUSY } },
	[RMDIR] = { "rmdir", { EBUSY, ENOENT } },
};

static struct shared {
	atomic_ulong done[CALLS], refused[CALLS], wrong;
	atomic_ulong late;		/* pages provided with a delay */
} *shared;

static int mailbox[2];			/* passes descriptors; open in all processes */
static const char *slow_file;
static pid_t clients[CLIENTS];
static pid_t group;			/* of all clients and their children */

/* Per process */
static unsigned int seed;
static char letter;
static int device = -1;
static unsigned int recent;
static int pager = -1;

static unsigned int below(unsigned int limit)
{
	return (unsigned int)rand_r(&seed) % limit;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void nap(unsigned int milliseconds)
{
	usleep(milliseconds * 1000);
}

static void wrong(const char *what, const char *detail)
{
	if (shared->wrong++ < 20)
		printf("wrong: %s: %s\n", what, detail);
	fflush(stdout);
}

static long note(enum call call, long result)
{
	int error = errno;

	if (result >= 0) {
		shared->done[call]++;
		return result;
	}
	shared->refused[call]++;
	for (size_t i = 0; i < COUNT(calls[call].errors); i++)
		if (calls[call].errors[i] == error)
			return result;
	wrong(calls[call].name, strerrorname_np(error));
	return result;
}

/* --- Memory --------------------------------------------------------------- */

static char *area(unsigned int which)
{
	return BASE + which * 2 * AREA;
}

static void map_plain(unsigned int which)
{
	mmap(area(which), AREA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

static void *bring_pages(void *argument)
{
	unsigned int delays = (uintptr_t)argument;
	static char content[PAGE] __attribute__((aligned(PAGE)));
	struct uffd_msg message;

	memset(content, letter, PAGE);
	while (read(pager, &message, sizeof(message)) == sizeof(message)) {
		struct uffdio_copy copy = {
			.dst = message.arg.pagefault.address & -(uint64_t)PAGE,
			.src = (uintptr_t)content, .len = PAGE,
		};

		usleep((delays = delays * 1103515245 + 12345) / 65536 % 30000);
		if (!ioctl(pager, UFFDIO_COPY, &copy))
			shared->late++;
	}
	return NULL;
}

/* Called as root. Some pages are never provided. */
static void map_all(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { (uintptr_t)area(PAGED), AREA }, .mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int file = slow_file ? open(slow_file, O_RDONLY | O_CLOEXEC) : -1;

	map_plain(PLAIN);
	memset(area(PLAIN), letter, AREA);
	map_plain(PAGED);
	pager = syscall(SYS_userfaultfd, O_CLOEXEC);
	if (ioctl(pager, UFFDIO_API, &api) || ioctl(pager, UFFDIO_REGISTER, &range))
		wrong("userfaultfd", strerrorname_np(errno));
	if (file < 0) {
		map_plain(SLOW);
		return;
	}
	mmap(area(SLOW), AREA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, file, 0);
	close(file);
}

/*
 * Does the data contain another letter than the user's? Zeros and 'f' (contents
 * of the file) are ignored.
 */
static bool foreign(const char *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (data[i] && data[i] != letter && data[i] != 'f')
			return true;
	return false;
}

static void look(void)
{
	if (foreign(area(PLAIN), AREA))
		wrong("memory", "another user wrote to it");
}

/* --- Calls ---------------------------------------------------------------- */

/* The last PASID allocated, or any */
static unsigned int some_pasid(void)
{
	return recent && below(2) ? recent : 1 + below(PASIDS);
}

static void do_alloc(void)
{
	struct ioasid_alloc_request request = {
		.argsz = sizeof(request), .range = { 1 + below(PASIDS), PASIDS },
	};
	int pasid = note(ALLOC, ioctl(device, IOASID_REQUEST_ALLOC, &request));

	if (pasid > 0)
		recent = pasid;
}

static void do_free(void)
{
	__u32 pasid = some_pasid();

	note(FREE, ioctl(device, IOASID_REQUEST_FREE, &pasid));
}

static void do_bind(void)
{
	struct ioasid_bind bind = { .size = sizeof(bind), .pasid = some_pasid() };
	bool unbind = !below(4);

	sprintf(bind.device, "sim%u", below(2));
	note(unbind ? UNBIND : BIND, ioctl(device, unbind ? IOASID_UNBIND : IOASID_BIND, &bind));
}

/* Between any two areas: the source of the data may also cause a wait. */
static void do_dma(void)
{
	static __thread char data[2 * PAGE];
	bool write = below(2), from_area = !below(3);
	struct ioasid_dma dma = {
		.size = sizeof(dma), .flags = write ? IOASID_DMA_WRITE : IOASID_DMA_READ,
		.pasid = some_pasid(), .length = 1 + below(sizeof(data) - 1),
		.iova = (uintptr_t)area(below(AREAS)) + below(AREA - sizeof(data)),
	};

	memset(data, letter, sizeof(data));
	dma.data = (uintptr_t)(from_area ? area(below(AREAS)) : data);
	sprintf(dma.device, "sim%u", below(2));
	if (note(write ? WRITE : READ, ioctl(device, IOASID_DMA, &dma)) > 0 && !write &&
	    foreign(data, sizeof(data)))
		wrong("read", "another user's memory");
}

static void do_spid(void)
{
	struct ioasid_spid spid = { .size = sizeof(spid), .pasid = some_pasid() };

	if (below(2))
		spid.spid = 1 + below(20);
	note(spid.spid ? SPID : UNSPID,
	     ioctl(device, spid.spid ? IOASID_SPID_ATTACH : IOASID_SPID_DETACH, &spid));
}

static void reopen(void)
{
	if (device >= 0)
		close(device);
	/* Another process may still have a copy of the previous descriptor. */
	device = note(OPEN, open("/dev/ioasid", O_RDWR));
}

/* Memory may be unmapped during a DMA. */
static void do_remap(void)
{
	char *page = area(PLAIN) + below(AREA / PAGE) * PAGE;

	switch (below(4)) {
	case 0:
		madvise(page, PAGE, MADV_DONTNEED);
		break;
	case 1:
		munmap(page, PAGE);
		mmap(page, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		break;
	case 2:
		madvise(area(PAGED), AREA, MADV_DONTNEED);
		break;
	case 3:
		madvise(area(SLOW), AREA, MADV_DONTNEED);
		break;
	}
}

/* --- Other processes ------------------------------------------------------ */

static void as_stranger(int fd)
{
	bool refused = ioctl(fd, IOASID_GET_API_VERSION) && errno == EPERM;

	/* The parent may have no descriptor at the moment. */
	if (fd >= 0 && !refused)
		wrong("a stranger", "was not denied");
	note(STRANGER, fd >= 0 ? 0 : -1);
}

static void send_device(void)
{
	union { struct cmsghdr header; char space[CMSG_SPACE(sizeof(int))]; } control = {
		.header = { CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS },
	};
	struct iovec byte = { &letter, 1 };
	struct msghdr message = {
		.msg_iov = &byte, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control),
	};

	memcpy(CMSG_DATA(&control.header), &device, sizeof(int));
	if (device >= 0)
		sendmsg(mailbox[0], &message, MSG_DONTWAIT);
}

static void receive_device(void)
{
	union { struct cmsghdr header; char space[CMSG_SPACE(sizeof(int))]; } control;
	char byte;
	struct iovec vector = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control),
	};
	int fd;

	if (recvmsg(mailbox[1], &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) != 1 || !message.msg_controllen)
		return;
	memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
	/* It may be the process's own descriptor. */
	if (ioctl(fd, IOASID_GET_API_VERSION) && errno != EPERM)
		wrong("a received descriptor", strerrorname_np(errno));
	close(fd);
}

static void act(void);

static int sharing_child(void *unused)
{
	(void)unused;
	for (int i = 0; i < 5; i++)
		do_dma();
	return 0;
}

static void do_fork(void)
{
	unsigned int kind = below(4);
	static char stack[64 * 1024] __attribute__((aligned(16)));
	pid_t pid;

	if (!kind) {	/* shares the memory, so the descriptor works */
		pid = clone(sharing_child, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL);
	} else {
		pid = fork();
		if (!pid) {
			as_stranger(device);
			if (kind == 1) {
				execl("/bin/sleep", "sleep", "0.05", (char *)NULL);
				_exit(2);
			}
			if (kind == 2)
				close(device);
			device = -1;
			reopen();
			for (int i = 0; i < 10 && device >= 0; i++)
				act();
			_exit(0);
		}
	}
	if (pid > 0 && (!kind || below(2)))
		waitpid(pid, NULL, 0);
}

static const struct {
	void (*run)(void);
	unsigned int weight;
} actions[] = {
	{ do_alloc, 30 }, { do_free, 12 }, { do_bind, 40 }, { do_dma, 60 }, { do_spid, 20 }, { reopen, 1 },
	{ do_remap, 6 }, { send_device, 1 }, { receive_device, 2 }, { do_fork, 2 }, { look, 10 },
};

static void act(void)
{
	unsigned int draw = 0;

	for (size_t i = 0; i < COUNT(actions); i++)
		draw += actions[i].weight;
	draw = below(draw);
	for (size_t i = 0; i < COUNT(actions); draw -= actions[i++].weight)
		if (draw < actions[i].weight) {
			actions[i].run();
			return;
		}
}

static void become(unsigned int user)
{
	uid_t id = 1000 + user;

	if (setgroups(0, NULL) || setresgid(id, id, id) || setresuid(id, id, id))
		_exit(2);
	prctl(PR_SET_DUMPABLE, 1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static void client(unsigned int user)
{
	double end = now() + below(1500) / 1000.;
	pthread_t thread;

	setpgid(0, group);
	letter = 'A' + user;
	map_all();
	become(user);
	if (below(4))
		pthread_create(&thread, NULL, bring_pages, (void *)(uintptr_t)rand_r(&seed));
	reopen();
	while (now() < end && device >= 0)
		act();
	look();
	if (!below(3))
		execl("/bin/true", "true", (char *)NULL);
	_exit(0);
}

/* Keeps the process group alive while it is otherwise empty. */
static void start_group(void)
{
	group = fork();
	if (!group) {
		setpgid(0, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pause();
		_exit(0);
	}
	setpgid(group, group);
}

/* Includes the children of killed clients. */
static void end_all(void)
{
	double end = now() + 120;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0) {
		if (now() > end) {
			wrong("a killed process", "did not end");
			return;
		}
		kill(-group, SIGKILL);
		nap(5);
	}
}

/* --- Main loop ------------------------------------------------------------ */

static void disturb(void)
{
	pid_t pid = clients[below(CLIENTS)];
	char path[64], file[96], number[16];
	int fd, length;

	snprintf(path, sizeof(path), CGROUPS "/%u", below(4));
	switch (pid ? below(6) : 0) {
	case 0:
		note(RMDIR, rmdir(path));
		return;
	case 1:
		kill(pid, SIGKILL);
		return;
	}
	mkdir(CGROUPS, 0755);
	mkdir(path, 0755);
	snprintf(file, sizeof(file), "%s/cgroup.procs", path);
	length = snprintf(number, sizeof(number), "%d", pid);
	fd = open(file, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	note(MOVE, write(fd, number, length));
	close(fd);
}

static void reap(void)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (size_t i = 0; i < CLIENTS; i++)
			if (clients[i] == pid)
				clients[i] = 0;
}

static void start(void)
{
	for (size_t i = 0; i < CLIENTS; i++) {
		if (clients[i])
			continue;
		clients[i] = fork();
		if (!clients[i]) {
			seed = time(NULL) * 7919u + getpid();
			client(i % USERS);
		}
		if (clients[i] < 0)
			clients[i] = 0;
	}
}

int main(int argc, char **argv)
{
	double end;

	if (argc < 2) {
		fprintf(stderr, "usage: users SECONDS [FILE]\n");
		return 2;
	}
	slow_file = argc > 2 ? argv[2] : NULL;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, mailbox)) {
		perror("users");
		return 2;
	}
	seed = time(NULL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	start_group();
	for (end = now() + atof(argv[1]); now() < end; nap(below(20))) {
		reap();
		start();
		disturb();
	}
	end_all();
	/* Descriptors that no process received. */
	close(mailbox[0]);
	close(mailbox[1]);
	for (size_t i = 0; i < CALLS; i++)
		fprintf(stderr, "%-16s: %9lu done %9lu refused\n", calls[i].name, shared->done[i], shared->refused[i]);
	fprintf(stderr, "%-16s: %9lu\n", "pages brought", shared->late);
	return shared->wrong != 0;
}
