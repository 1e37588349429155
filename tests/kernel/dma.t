A device can access exactly the memory that its process can access, while it is bound.

  $ export PYTHONPATH=$IOASID_SRC/tests
  $ cat >dma.py <<'PY'
  > import ctypes, mmap, os, struct
  > from ioasid import *
  > fd = open_device()
  > pasid = alloc(fd)
  > PY

Data is written to the right place, across pages, and nowhere else:

  $ cat dma.py - <<'PY' | python3
  > memory = mmap.mmap(-1, 3 * 4096)
  > base = address(memory)
  > bind(fd, pasid)
  > print(dma(fd, pasid, WRITE, base + 4000, bytearray(b"x" * 4300)))
  > print(memory[:4000].count(0), memory[4000:8300].count(b"x"), memory[8300:].count(0))
  > memory[5000:5005] = b"hello"
  > data = bytearray(5)
  > print(dma(fd, pasid, READ, base + 5000, data), bytes(data))
  > PY
  4300
  4000 4300 3988
  5 b'hello'

DMA faults if the PASID is not bound to the device, was unbound or freed, or if the
address is not mapped, is read-only or belongs to the kernel. Invalid lengths and
directions are rejected.

  $ cat dma.py - <<'PY' | python3
  > data = bytearray(16)
  > memory = mmap.mmap(-1, 4096)
  > readonly = mmap.mmap(-1, 4096, prot=mmap.PROT_READ)
  > libc.mmap.restype = ctypes.c_void_p
  > page = libc.mmap(None, ctypes.c_size_t(4096), 1, 0x22, -1, 0)
  > print("not bound", dma(fd, pasid, READ, address(memory), data))
  > bind(fd, pasid)
  > print("bound", dma(fd, pasid, READ, address(memory), data))
  > print("other device", dma(fd, pasid, READ, address(memory), data, device=b"sim1"))
  > print("not mapped", dma(fd, pasid, READ, 0x1000, data))
  > print("kernel", dma(fd, pasid, READ, 0xffff888000000000, data), dma(fd, pasid, READ, 2**64 - 8, data))
  > print("read-only", dma(fd, pasid, READ, page, data), dma(fd, pasid, WRITE, page, data))
  > bind(fd, pasid, number=UNBIND)
  > print("unbound", dma(fd, pasid, READ, address(memory), data))
  > bind(fd, pasid); free(fd, pasid)
  > print("freed", dma(fd, pasid, READ, address(memory), data))
  > print("length", dma(fd, pasid, READ, 0, data, 0), dma(fd, pasid, READ, 0, data, 2**20 + 1))
  > print("direction", dma(fd, pasid, 0, 0, data), dma(fd, pasid, 3, 0, data), dma(fd, pasid, 4, 0, data), dma(fd, pasid, 8, 0, data))
  > PY
  not bound EFAULT
  bound 16
  other device EFAULT
  not mapped EFAULT
  kernel EFAULT EFAULT
  read-only 16 EFAULT
  unbound EFAULT
  freed EFAULT
  length EINVAL EINVAL
  direction EINVAL EINVAL EINVAL EOPNOTSUPP

Pages that are not present are brought in when the device accesses them, each time.
Memory that a device may not access causes a fault: a hole, memory served by a user-space
pager, the registers of another device.

  $ cat dma.py - <<'PY' | python3
  > import glob, os
  > def mapping(name):
  >     line = next(line for line in open("/proc/self/maps") if line.endswith(f"[{name}]\n"))
  >     return int(line.split("-")[0], 16)
  > data = bytearray(b"d" * 16)
  > memory = mmap.mmap(-1, 2 * 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
  > base = address(memory)
  > bind(fd, pasid)
  > print("read, write", dma(fd, pasid, READ, base, bytearray(16)), dma(fd, pasid, WRITE, base, data), memory[:16])
  > libc.madvise(ctypes.c_void_p(base), ctypes.c_size_t(4096), 4)
  > print("taken away", dma(fd, pasid, READ, base, data), bytes(data) == bytes(16))
  > file = open("file", "w+b"); file.truncate(4096)
  > shared = mmap.mmap(file.fileno(), 4096)
  > print("file", dma(fd, pasid, WRITE, address(shared), bytearray(b"file")), file.read(4))
  > print("stack", dma(fd, pasid, READ, mapping("stack"), data))
  > libc.munmap(ctypes.c_void_p(base + 4096), ctypes.c_size_t(4096))
  > print("hole", dma(fd, pasid, WRITE, base + 4096, data), dma(fd, pasid, WRITE, base + 4090, data))
  > def registers():
  >     for path in sorted(glob.glob("/sys/bus/pci/devices/*/resource[0-9]")):
  >         try:
  >             return mmap.mmap(os.open(path, os.O_RDWR), 4096)
  >         except (OSError, ValueError):
  >             pass    # ports, or smaller
  > print("registers", dma(fd, pasid, READ, address(registers()), data))
  > pager = libc.syscall(SYSCALLS["userfaultfd"], 1)
  > paged = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
  > libc.ioctl(pager, ctypes.c_ulong(0xc018aa3f), (ctypes.c_uint64 * 3)(0xaa, 0, 0))
  > registered = libc.ioctl(pager, ctypes.c_ulong(0xc020aa00), (ctypes.c_uint64 * 4)(address(paged), 4096, 1, 0))
  > print("pager", registered, dma(fd, pasid, READ, address(paged), data))
  > PY
  read, write 16 16 b'dddddddddddddddd'
  taken away 16 True
  file 4 b'file'
  stack 16
  hole EFAULT EFAULT
  registers EFAULT
  pager 0 EFAULT

After fork(), a shared page is read correctly in the child, in the parent, and in the
parent after the child has exited. A write is visible only to the process that made it:

  $ cat dma.py - <<'PY' | python3
  > memory = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
  > memory[:6] = b"parent"
  > bind(fd, pasid)
  > def read(fd, pasid):
  >     data = bytearray(6)
  >     return dma(fd, pasid, READ, address(memory), data), bytes(data)
  > (shared, go), (done, finished) = os.pipe(), os.pipe()
  > if not os.fork():
  >     child = open_device()
  >     own = alloc(child)
  >     bind(child, own)
  >     print("child", read(child, own), flush=True)
  >     os.write(finished, b"x"); os.read(shared, 1)
  >     print("child", dma(child, own, WRITE, address(memory), bytearray(b"child!")), memory[:6], flush=True)
  >     os._exit(0)
  > os.read(done, 1)
  > print("parent", read(fd, pasid), flush=True)
  > os.write(go, b"x"); os.wait()
  > print("parent", read(fd, pasid), dma(fd, pasid, WRITE, address(memory), bytearray(b"PARENT")), memory[:6])
  > PY
  child (6, b'parent')
  parent (6, b'parent')
  child 6 b'child!'
  parent (6, b'parent') 6 b'PARENT'

A device that has accessed a page follows every change of the process's memory: what the
process may no longer do, the device may not do either, and it accesses the page that is
there now.

  $ cat >follow.py <<'PY'
  > from dma import *
  > import threading, time
  > libc.mmap.restype = libc.mremap.restype = ctypes.c_void_p
  > NONE, RW, DONTNEED = 0, 3, 4
  > def page(at=None, flags=0x22):
  >     return libc.mmap(ctypes.c_void_p(at), ctypes.c_size_t(4096), RW, flags, -1, 0)
  > def of(function, at, *rest):
  >     return function(ctypes.c_void_p(at), ctypes.c_size_t(4096), *rest)
  > def read(at):
  >     data = bytearray(4)
  >     result = dma(fd, pasid, READ, at, data)
  >     return bytes(data) if result == 4 else result
  > def write(at, data):
  >     return dma(fd, pasid, WRITE, at, bytearray(data))
  > bind(fd, pasid)
  > PY
  $ PYTHONPATH=$PYTHONPATH:. python3 - <<'PY'
  > from follow import *
  > at = page()
  > print("warm", write(at, b"1111"), read(at))
  > of(libc.mprotect, at, MAP_READ); print("read-only", write(at, b"2222"), read(at))
  > of(libc.mprotect, at, NONE); print("none", write(at, b"2222"), read(at))
  > of(libc.mprotect, at, RW); print("both", write(at, b"3333"), read(at))
  > of(libc.madvise, at, DONTNEED); print("discarded", read(at), write(at, b"4444"), ctypes.string_at(at, 4))
  > moved = of(libc.mremap, at, ctypes.c_size_t(4096), 3, ctypes.c_void_p(page()))
  > print("moved", read(at), write(at, b"5555"), read(moved), write(moved, b"6666"))
  > of(libc.munmap, moved); print("unmapped", read(moved), write(moved, b"7777"))
  > page(moved, 0x32); print("mapped again", read(moved), write(moved, b"8888"), read(moved))
  > file = open("file", "w+b"); file.truncate(4096)
  > shared = libc.mmap(None, ctypes.c_size_t(4096), RW, 1, file.fileno(), 0)
  > print("file", write(shared, b"file"), file.read(4))
  > file.truncate(0); print("truncated", write(shared, b"more"), read(shared))
  > PY
  warm 4 b'1111'
  read-only EFAULT b'1111'
  none EFAULT EFAULT
  both 4 b'3333'
  discarded b'\x00\x00\x00\x00' 4 b'4444'
  moved EFAULT EFAULT b'4444' 4
  unmapped EFAULT EFAULT
  mapped again b'\x00\x00\x00\x00' 4 b'8888'
  file 4 b'file'
  truncated EFAULT EFAULT

It does so at once: while the device writes without pause, nothing changes in memory that
has just become read-only, in the copy that a child got with fork(), and in what was mapped
in the place of the old memory.

  $ PYTHONPATH=$PYTHONPATH:. python3 - <<'PY'
  > from follow import *
  > at, stop = page(), False
  > counts = {}
  > def device():
  >     number = 0
  >     while not stop:
  >         number += 1
  >         result = write(at, struct.pack("I", number))
  >         counts[result] = counts.get(result, 0) + 1
  > thread = threading.Thread(target=device); thread.start()
  > def contents():
  >     return ctypes.string_at(at, 4)
  > def changes(seconds):
  >     before, end = contents(), time.monotonic() + seconds
  >     while time.monotonic() < end:
  >         if contents() != before:
  >             return True
  >     return False
  > late = {"mprotect": 0, "fork": 0, "mmap": 0}
  > other = page()
  > for _ in range(100):
  >     if not changes(30): print("the device does not write"); break
  >     of(libc.mprotect, at, MAP_READ)
  >     late["mprotect"] += changes(0.002)
  >     of(libc.mprotect, at, RW)
  >     if not changes(30): print("the device does not write"); break
  >     child = os.fork()
  >     if not child: os._exit(changes(0.002))
  >     late["fork"] += os.waitpid(child, 0)[1] != 0
  >     # A page that is not written to by its address takes the place of the old one.
  >     page(other, 0x32); of(libc.mprotect, other, MAP_READ)
  >     of(libc.mremap, other, ctypes.c_size_t(4096), 3, ctypes.c_void_p(at))
  >     late["mmap"] += changes(0.002) or contents() != bytes(4)
  >     of(libc.mprotect, at, RW)
  > stop = True; thread.join()
  > print(late, sorted(map(str, counts)))
  > PY
  {'mprotect': 0, 'fork': 0, 'mmap': 0} ['4', 'EFAULT']

If a process ends while another process does DMA to its memory, the DMA faults:

  $ cat >policy.yaml <<'YAML'
  > version: 1
  > rules: [{name: shared, cgroup: /shared, max: 100, owner: user}]
  > YAML
  $ pasidctl policy apply policy.yaml >policy.log
  $ mkdir /sys/fs/cgroup/shared
  $ PYTHONPATH=$PYTHONPATH:. sh -c 'echo $$ >/sys/fs/cgroup/shared/cgroup.procs; exec python3 -' <<'PY'
  > from follow import *
  > import select
  > for how in "exit", "exec", "killed":
  >     (ready, done), (waits, go) = os.pipe(), os.pipe()
  >     child = os.fork()
  >     if not child:
  >         own = open_device()
  >         target = page()
  >         number = alloc(own); bind(own, number)
  >         os.write(done, struct.pack("QI", target, number))
  >         os.read(waits, 1)
  >         if how == "exec": os.execlp("sleep", "sleep", "60")
  >         if how == "killed": time.sleep(60)
  >         os._exit(0)
  >     target, number = struct.unpack("QI", os.read(ready, 12)[:12])
  >     results, end = {}, None
  >     while end is None or time.monotonic() < end:
  >         result = dma(fd, number, WRITE, target, bytearray(4))
  >         results[result] = results.get(result, 0) + 1
  >         if results == {4: 1000}:
  >             os.write(go, b"x")
  >             if how == "killed": os.kill(child, 9)
  >         if result != 4 and end is None:
  >             end = time.monotonic() + 0.1
  >     os.kill(child, 9); os.waitpid(child, 0)
  >     # EFAULT, and then EPERM: the PASID is free.
  >     print(how, 4 in results, result != 4, results.keys() <= {4, "EFAULT", "EPERM"})
  > PY
  exit True True True
  exec True True True
  killed True True True
  $ pasidctl policy remove >policy.log

DMA grows the stack like an access by the process, up to the same limit:

  $ cat dma.py - <<'PY' | python3
  > import resource
  > def stack():
  >     line = next(line for line in open("/proc/self/maps") if line.endswith("[stack]\n"))
  >     return int(line.split("-")[0], 16)
  > bind(fd, pasid)
  > low, data = stack(), bytearray(b"s" * 16)
  > print("write", dma(fd, pasid, WRITE, low - 3 * 4096, data), "grown", low - stack() >= 3 * 4096)
  > low, data = stack(), bytearray(16)
  > print("read", dma(fd, pasid, READ, low - 4096, data), "grown", low - stack() >= 4096)
  > low = stack()
  > print("limit", dma(fd, pasid, READ, low - resource.getrlimit(resource.RLIMIT_STACK)[0], data), low == stack())
  > PY
  write 16 grown True
  read 16 grown True
  limit EFAULT True

A process that is killed during a page request leaves nothing behind:

  $ for i in 1 2 3 4 5 6 7 8 9 10; do
  >   : >killed.log
  >   ioasid-io -k -c 'alloc 6 6' -c 'bind sim0 6' -c 'repeat 100000 { dma sim0 6 write buf 0x100000 }' >killed.log & killed=$!
  >   until [ "$(wc -l <killed.log)" -gt 2 ]; do :; done
  >   kill -9 $killed; wait $killed 2>/dev/null || true
  > done
  $ until [ "$(pasidctl list --json)" = '[]' ]; do sleep 0.05; done

After the process has exited, its memory cannot be reached under its PASID:

  $ ioasid-io -c 'alloc 5 5' -c 'bind sim0 5' -c 'dma sim0 5 write buf 4096'
  alloc: 5
  bind: 0
  dma: 4096
  $ ioasid-io -c 'dma sim0 5 read buf 16'
  dma: error EFAULT
  [1]
