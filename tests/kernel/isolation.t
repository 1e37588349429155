time-limit: 600

One user can neither access the memory of another user nor delay it.

  $ . "$IOASID_SRC/tests/guest.sh"
  $ export PYTHONPATH=$IOASID_SRC/tests
  $ modprobe -q fuse || true
  $ chmod 666 /dev/ioasid
  $ cat >users.py <<'PY'
  > import mmap, os, signal, subprocess, sys, threading, time
  > from ioasid import *
  > from stall import *
  > def become(uid):
  >     os.setgroups([]); os.setresgid(uid, uid, uid); os.setresuid(uid, uid, uid)
  > def say(*what):
  >     print(*what, flush=True)
  > PY

A DMA accesses the memory of the binding that was checked, or none. Here the PASID is free
when the call begins, and belongs to another user when the data of the caller has arrived:

  $ cat users.py - <<'PY' | python3
  > memory = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
  > (stalled, stall), (bound, bind_done), (ended, end) = os.pipe(), os.pipe(), os.pipe()
  > if not os.fork():
  >     data = Paged()
  >     become(1000)
  >     fd = open_device()
  >     def pager():
  >         data.wait()
  >         os.write(stall, b"x"); os.read(bound, 1)
  >         data.answer(b"attack")
  >     threading.Thread(target=pager).start()
  >     say("attacker", dma(fd, 77, WRITE, address(memory), data.address, 6))
  >     os.write(end, b"x")
  >     os._exit(0)
  > if not os.fork():
  >     become(2000)
  >     memory[:6] = b"victim"
  >     fd = open_device()
  >     os.read(stalled, 1)
  >     say("victim", alloc(fd, 77, 77), bind(fd, 77))
  >     os.write(bind_done, b"x"); os.read(ended, 1)
  >     say("victim", memory[:6])
  >     os._exit(0)
  > os.wait(); os.wait()
  > PY
  victim 77 0
  attacker EPERM
  victim b'victim'

While a device waits for the memory of one user, other processes are not delayed:
processes bound before can exit, others bind, free and exit, on this device and on the
other one, and policies are applied and removed.

  $ cat >others.py <<'PY'
  > from users import *
  > patience = 180 if os.path.exists("/sys/kernel/debug/kmemleak") else 60
  > def within(what, *command, uid=2000):
  >     process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
  >                                preexec_fn=lambda: uid and become(uid))
  >     try:
  >         say(what, *process.communicate(timeout=patience)[0].decode().split("\n")[-2:-1])
  >     except subprocess.TimeoutExpired:
  >         say(what, "HANGS"); process.kill()
  > def io(what, *commands):
  >     within(what, "ioasid-io", *[word for command in commands for word in ("-c", command)])
  > def others(before):
  >     io("alloc, free", "alloc 100 100", "free 100")
  >     io("bind to the other", "alloc 100 100", "bind sim1 100", "unbind sim1 100", "free 100")
  >     io("bind", "alloc 100 100", "bind sim0 100", "unbind sim0 100", "free 100")
  >     io("bind, free", "alloc 100 100", "bind sim0 100", "free 100", "alloc 100 100")
  >     io("DMA", "alloc 100 100", "bind sim0 100", "dma sim0 100 write buf 5000")
  >     before.send_signal(signal.SIGKILL)
  >     try:
  >         say("end", before.wait(timeout=patience))
  >     except subprocess.TimeoutExpired:
  >         say("end", "HANGS")
  >     within("policy", "sh", "-c", "pasidctl policy apply policy.yaml >policy.log", uid=0)
  >     io("alloc, free", "alloc 100 100", "free 100")
  >     within("policy", "sh", "-c", "pasidctl policy remove >policy.log", uid=0)
  >     within("list", "sh", "-c", "pasidctl list --json >list.json", uid=0)
  > def bound_before():
  >     process = subprocess.Popen(["ioasid-io", "-k", "-c", "alloc 200 200", "-c", "bind sim0 200", "-c", "sleep 600"],
  >                                stdout=subprocess.PIPE, preexec_fn=lambda: become(2000))
  >     process.stdout.readline(); process.stdout.readline()
  >     return process
  > PY
  $ cat >policy.yaml <<'YAML'
  > version: 1
  > rules: [{name: all, cgroup: "/**", max: 100}]
  > YAML

A user-space pager delays the page; the waiting process can be killed or interrupted by a
signal:

  $ PYTHONPATH=$PYTHONPATH:. python3 - <<'PY'
  > from others import *
  > before = bound_before()
  > asked, ask = os.pipe()
  > attacker = os.fork()
  > if not attacker:
  >     target = Paged()
  >     become(1000)
  >     fd = open_device(); pasid = alloc(fd, 300, 300); bind(fd, pasid)
  >     signal.signal(signal.SIGALRM, lambda *_: None)
  >     signal.setitimer(signal.ITIMER_REAL, 1)
  >     say("called away", dma(fd, pasid, READ, target.address, bytearray(16)))
  >     threading.Thread(target=lambda: (target.wait(), os.write(ask, b"x"))).start()
  >     dma(fd, pasid, READ, target.address, bytearray(16))
  >     say("not killed")
  > os.read(asked, 1)
  > time.sleep(1)
  > others(before)
  > os.kill(attacker, signal.SIGKILL)
  > say("killed", os.waitstatus_to_exitcode(os.waitpid(attacker, 0)[1]))
  > PY
  called away EINTR
  alloc, free free: 0
  bind to the other free: 0
  bind free: 0
  bind, free alloc: 100
  DMA dma: 5000
  end -9
  policy
  alloc, free free: 0
  policy
  list
  killed -9

A file system whose server does not answer delays the page; this wait cannot be
interrupted:

  $ PYTHONPATH=$PYTHONPATH:. python3 - <<'PY'
  > from others import *
  > before = bound_before()
  > target = FuseFile("fuse")
  > attacker = os.fork()
  > if not attacker:
  >     become(1000)
  >     fd = open_device(); pasid = alloc(fd, 300, 300); bind(fd, pasid)
  >     say("answered", dma(fd, pasid, READ, target.address, bytearray(16)))
  >     os._exit(0)
  > target.wait()
  > time.sleep(1)
  > others(before)
  > target.answer()
  > os.waitpid(attacker, 0)
  > os.kill(target.server, signal.SIGKILL)
  > libc.umount2(b"fuse", 2)
  > PY
  alloc, free free: 0
  bind to the other free: 0
  bind free: 0
  bind, free alloc: 100
  DMA dma: 5000
  end -9
  policy
  alloc, free free: 0
  policy
  list
  answered 16

Unbinding and freeing do not wait for a pending page request. When the page arrives, the
device is denied access, even if the PASID has been allocated and bound again.

  $ cat users.py - <<'PY' | python3
  > target = Paged()
  > fd = open_device()
  > pasid = alloc(fd, 400, 400); bind(fd, pasid)
  > for undo in (lambda: bind(fd, 400, number=UNBIND), lambda: free(fd, 400)):
  >     data = bytearray(16)
  >     result = []
  >     thread = threading.Thread(target=lambda: result.append(dma(fd, 400, READ, target.address, data)))
  >     thread.start()
  >     page = (target.wait() - target.address) // 4096
  >     say(undo(), alloc(fd, 400, 400), bind(fd, 400))
  >     target.answer(b"secret")
  >     thread.join()
  >     say(result, bytes(data) == bytes(16))
  >     libc.madvise(ctypes.c_void_p(target.address), ctypes.c_size_t(4096), 4)
  > PY
  0 ENOSPC 0
  ['EFAULT'] True
  0 400 0
  ['EFAULT'] True
  $ pasidctl list --json
  []
