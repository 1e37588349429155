Every charge is undone, however the process, its descriptor and its cgroup end. Each line
shows the counts of the given cgroups.

  $ . $IOASID_SRC/tests/guest.sh
  $ export PYTHONPATH=$IOASID_SRC/tests PYTHONDONTWRITEBYTECODE=1
  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: all, cgroup: /t, max: 100}
  >   - {name: each, cgroup: /t/*, max: 50}
  > YAML
  $ mkdir -p /sys/fs/cgroup/t/{a,b,c}

The kernel does not rename cgroups of version 2, so the path of a charged cgroup cannot
change:

  $ python3 - <<'PY'
  > from charges import *
  > enter("/t/a"); fd = open_device(); alloc(fd)
  > try:
  >     os.rename(MOUNT + "/t/a", MOUNT + "/t/z")
  > except OSError as error:
  >     say("rename", name(error.errno), current("/t/a", "/t"))
  > PY
  rename EPERM [1, 1]

A child in another cgroup has a copy of the descriptor: it cannot use the copy, PASIDs
that it allocates itself are charged to its own cgroup, and closing the copy releases
nothing.

  $ python3 - <<'PY'
  > from charges import *
  > enter("/t/a"); fd = open_device(); alloc(fd); alloc(fd)
  > def child():
  >     enter("/t/b")
  >     yield alloc(fd)
  >     os.close(fd)
  >     yield None
  >     yield alloc(open_device()) > 0
  > other = Child(child)
  > say(other.answer(), current("/t/a", "/t/b", "/t"))
  > other.next(); say("closed", current("/t/a", "/t/b", "/t"))
  > say(other.next(), current("/t/a", "/t/b", "/t"))
  > other.end(); say("ended", current("/t/a", "/t/b", "/t"))
  > PY
  EPERM [2, 0, 2]
  closed [2, 0, 2]
  True [2, 1, 3]
  ended [2, 0, 2]

The owner is killed and its cgroup removed while the child keeps the descriptor open. The
ancestors stay charged, and a new cgroup with the same name starts at zero. The charge
ends when the child, now in a third cgroup, closes the descriptor.

  $ python3 - <<'PY'
  > from charges import *
  > def owner():
  >     enter("/t/a"); fd = open_device(); alloc(fd); alloc(fd)
  >     child = os.fork()
  >     if child == 0:
  >         enter("/t/b")
  >         while not os.path.exists("go"):
  >             time.sleep(0.05)
  >         os._exit(0)
  >     yield child
  > first = Child(owner); orphan = first.answer()
  > while "/t/b" not in open(f"/proc/{orphan}/cgroup").read(): time.sleep(0.05)
  > first.end(9); say("killed", current("/t/a", "/t/b", "/t"))
  > rmdir("/t/a"); say("removed", current("/t/a", "/t/b", "/t"))
  > os.mkdir(MOUNT + "/t/a"); say("made anew", current("/t/a", "/t/b", "/t"))
  > rows = json.loads(subprocess.check_output(["pasidctl", "cgroup", "--json"]))
  > say([(row["rule"], row["current"]) for row in rows if row["cgroup"].startswith("(removed")])
  > enter("/t/c", orphan); say("moved", current("/t/b", "/t/c", "/t"))
  > open("go", "w"); say("closed", becomes([0, 0, 0, 0], "/t/a", "/t/b", "/t/c", "/t"))
  > PY
  killed [2, 0, 2]
  removed [None, 0, 2]
  made anew [0, 0, 2]
  [('each', 2)]
  moved [0, 0, 2]
  closed [0, 0, 0, 0]

The node of the removed cgroup was released with its last PASID:

  $ wait_for '! pasidctl cgroup --json | grep -q "(removed"'

A process in another cgroup receives the descriptor over a socket and closes it last:

  $ python3 - <<'PY'
  > from charges import *
  > import socket
  > here, there = socket.socketpair()
  > def sender():
  >     enter("/t/a"); fd = open_device(); alloc(fd)
  >     socket.send_fds(here, [b"x"], [fd])
  >     yield None
  > first = Child(sender); first.answer()
  > enter("/t/b")
  > received = socket.recv_fds(there, 1, 1)[1][0]
  > say("received", alloc(received), current("/t/a", "/t/b", "/t"))
  > first.end(); say("sender gone", current("/t/a", "/t/b", "/t"))
  > os.close(received); say("closed", becomes([0, 0, 0], "/t/a", "/t/b", "/t"))
  > PY
  received EPERM [1, 0, 1]
  sender gone [1, 0, 1]
  closed [0, 0, 0]

On exec, a close-on-exec descriptor is closed and its PASIDs are freed. Otherwise they
stay charged until the descriptor is closed, although no process can use them:

  $ exec_with() { # INHERITED
  >   python3 - <<PY
  > from charges import *
  > enter("/t/a"); fd = open_device(); alloc(fd)
  > os.set_inheritable(fd, $1)
  > say("before", current("/t/a", "/t"))
  > os.execvp("python3", ["python3", "-c", """if True:
  >     from charges import *
  >     say("after", becomes([int($1)] * 2, "/t/a", "/t"))
  >     if $1:
  >         say(alloc(%d)); os.close(%d)
  >         say("closed", becomes([0, 0], "/t/a", "/t"))
  >     mine = open_device(); alloc(mine); say("its own", current("/t/a", "/t"))""" % (fd, fd)])
  > PY
  > }
  $ exec_with False
  before [1, 1]
  after [0, 0]
  its own [1, 1]
  $ exec_with True
  before [1, 1]
  after [1, 1]
  EPERM
  closed [0, 0]
  its own [1, 1]

A process moves after exec while the old descriptor is open: the old PASIDs, whose address
space no longer exists, move with the process that held them last.

  $ python3 - <<'PY'
  > from charges import *
  > enter("/t/a"); fd = open_device(); alloc(fd); os.set_inheritable(fd, True)
  > os.execvp("python3", ["python3", "-c", """if True:
  >     from charges import *
  >     mine = open_device(); alloc(mine); enter("/t/b")
  >     say(current("/t/a", "/t/b", "/t"))
  >     os.close(%d); say(becomes([0, 1, 1], "/t/a", "/t/b", "/t"))""" % fd])
  > PY
  [0, 2, 2]
  [0, 1, 1]

A thread allocates and frees for its process. In a threaded cgroup the domain is charged,
whichever cgroup the thread is in:

  $ python3 - <<'PY'
  > from charges import *
  > import threading
  > enter("/t/a"); fd = open_device()
  > def thread(what):
  >     t = threading.Thread(target=what); t.start(); t.join()
  > thread(lambda: say(alloc(fd, 7, 7), current("/t/a", "/t")))
  > os.makedirs(MOUNT + "/t/a/threads")
  > say("threaded", write("/t/a/threads/cgroup.type", "threaded"))
  > def inside():
  >     say("enters", write("/t/a/threads/cgroup.threads", str(threading.get_native_id())))
  >     say(alloc(fd, 8, 8), current("/t/a/threads", "/t/a", "/t"))
  > thread(inside)
  > thread(lambda: say(free(fd, 7), current("/t/a", "/t")))
  > write("/t/a/threads/cgroup.threads", str(os.getpid()))
  > say("the leader enters", alloc(fd, 9, 9), current("/t/a/threads", "/t/a", "/t"))
  > enter("/t/b"); say("all leave", current("/t/a", "/t/b", "/t"))
  > PY
  7 [1, 1]
  threaded 0
  enters 0
  8 [None, 2, 2]
  0 [1, 1]
  the leader enters 9 [None, 2, 2]
  all leave [0, 2, 2]
  $ rmdir /sys/fs/cgroup/t/a/threads

The thread group leader has exited, another thread continues, and then the process is
moved:

  $ cat >leaderless.py <<'PY'
  > from charges import *
  > import ctypes, threading
  > enter("/t/a"); fd = open_device(); alloc(fd)
  > leader = threading.main_thread().native_id
  > def rest():
  >     while open(f"/proc/{leader}/task/{leader}/stat").read().rsplit(")")[1].split()[0] != "Z":
  >         time.sleep(0.05)
  >     say("leader gone", alloc(fd) > 0, current("/t/a", "/t/b", "/t"))
  >     enter("/t/b", os.getpid()); say("moved", current("/t/a", "/t/b", "/t"))
  >     say(alloc(fd) > 0, current("/t/a", "/t/b", "/t"))
  >     os._exit(0)
  > threading.Thread(target=rest).start()
  > libc.syscall(SYSCALLS["exit"], 0) # exit, of this thread only
  > PY
  $ python3 leaderless.py
  leader gone True [2, 0, 2]
  moved [0, 2, 2]
  True [0, 3, 3]

A child that shares the memory of its parent, as after vfork(), enters another cgroup
before exec: the PASIDs of the parent do not move with it.

  $ cat >vfork.c <<'C'
  > #include <fcntl.h>
  > #include <stdio.h>
  > #include <stdlib.h>
  > #include <sys/ioctl.h>
  > #include <unistd.h>
  > int main(void)
  > {
  >     unsigned int request[4] = { 16, 0, 1, 99 };
  >     int fd = open("/dev/ioasid", O_RDWR), file;
  >     if (ioctl(fd, 0x6966, request) < 0)
  >         return 1;
  >     file = open("/sys/fs/cgroup/t/b/cgroup.procs", O_WRONLY);
  >     if (!vfork()) {
  >         if (write(file, "0", 1) != 1)
  >             _exit(1);
  >         execlp("true", "true", NULL);
  >     }
  >     return system("for g in /t/a /t/b /t; do pasidctl cgroup --json | python3 -c "
  >                   "'import json,sys; print([r[\"current\"] for r in json.load(sys.stdin) if r[\"cgroup\"] == \"'$g'\"][0])'; done");
  > }
  > C
  $ gcc -o vfork vfork.c && in_cgroup /t/a ./vfork
  1
  0
  1

A process in a cgroup namespace whose root is /t/a is charged like any other:

  $ python3 - <<'PY'
  > from charges import *
  > enter("/t/a")
  > def inside():
  >     libc.unshare(0x02000000) # CLONE_NEWCGROUP
  >     yield open("/proc/self/cgroup").read().strip()
  >     fd = open_device()
  >     yield alloc(fd) > 0
  >     subprocess.run(["mount", "-t", "cgroup2", "none", "/mnt"], check=True)
  >     os.mkdir("/mnt/below")
  >     with open("/mnt/below/cgroup.procs", "w") as file: file.write("0")
  >     yield open("/proc/self/cgroup").read().strip()
  >     alloc(fd)
  >     yield None
  > child = Child(inside); say(child.answer(), child.next(), current("/t/a", "/t"))
  > say(child.next(), current("/t/a/below", "/t/a", "/t"))
  > child.next(); say(current("/t/a/below", "/t/a", "/t"))
  > enter("/t/b", child.pid); say("moved", current("/t/a/below", "/t/a", "/t/b", "/t"))
  > child.end(); say("ended", becomes([0, 0, 0], "/t/a", "/t/b", "/t"))
  > PY
  0::/ True [1, 1]
  0::/below [1, 1, 1]
  [2, 2, 2]
  moved [0, 0, 2, 2]
  ended [0, 0, 0]
  $ umount /mnt; rmdir /sys/fs/cgroup/t/a/below

In a cgroup below the deepest counted level, the deepest ancestor with a node is charged,
and so are all its ancestors.

  $ deep=/t/a$(printf '/%d' {1..40})
  $ in_cgroup $deep python3 - <<'PY'
  > from charges import *
  > fd = open_device(); alloc(fd); alloc(fd)
  > say(current("/t/a", "/t"))
  > enter("/t/b"); say(current("/t/a", "/t/b", "/t"))
  > PY
  [2, 2]
  [0, 2, 2]

A tree of cgroups, each with a process, ends in random order:

  $ python3 - <<'PY'
  > from charges import *
  > import random
  > random.seed(4)
  > paths = [f"/t/c/{i}{below}" for i in range(4) for below in ("", "/x", "/x/y")]
  > def process(path):
  >     enter(path); fd = open_device()
  >     for _ in range(random.randint(1, 5)): alloc(fd)
  >     yield path
  > children = [Child(process, path) for path in paths]
  > held = [child.answer() for child in children]
  > say("all", current("/t/c")[0] == current("/t")[0] >= len(paths))
  > random.shuffle(children)
  > for child in children: child.end(9)
  > say("ended", becomes([0, 0], "/t/c", "/t"))
  > for path in reversed(paths): rmdir(path)
  > PY
  all True
  ended [0, 0]

No charges are left, no counter fell below zero, and no node of a removed cgroup remains:

  $ wait_for '! pasidctl cgroup --json | grep -q "(removed"'
  $ pasidctl cgroup --json | python3 -c 'import json, sys; print(sum(row["current"] for row in json.load(sys.stdin)))'
  0
  $ bpftool --json map dump pinned /sys/fs/bpf/pasidctl/engine | python3 -c '
  > import json, sys
  > print([entry["formatted"]["value"]["underflows"] for entry in json.load(sys.stdin)])'
  [0]
  $ clean_up
