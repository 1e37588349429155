Attaching devices to I/O address spaces, and where DMA goes then.

  $ export PYTHONPATH=$IOASID_SRC/tests
  $ cat >ioas.py <<'PY'
  > import os, signal, struct, sys, threading, time
  > from ioasid import *
  > fd = open_device()
  > memory = Memory(16)
  > one = ioas_alloc(fd)
  > ioas_map(fd, one, 0x100000, 0x4000, memory.at)
  > pasid = alloc(fd)
  > PY

With a PASID, without, and under an SPID; the same space again; another one:

  $ cat ioas.py - <<'PY' | python3
  > two = ioas_alloc(fd)
  > memory.store(0x10, 0x1122334455667788)
  > print("nothing attached", dma_at(fd, 0x100010, pasid), dma_at(fd, 0x100010))
  > print(attach(fd, one, pasid), dma_at(fd, 0x100010, pasid).hex(), dma_at(fd, 0x100010))
  > print(attach(fd, one), dma_at(fd, 0x100010).hex(), dma_at(fd, 0x100010, device=b"sim1"))
  > print("again", attach(fd, one, pasid), attach(fd, one), "another", attach(fd, two, pasid), attach(fd, two))
  > print("bind", bind(fd, pasid), "in use", ioas_free(fd, one))
  > print("detach", detach(fd, pasid), detach(fd, pasid), dma_at(fd, 0x100010, pasid), dma_at(fd, 0x100010).hex())
  > print("detach", detach(fd), detach(fd), dma_at(fd, 0x100010), detach(fd, device=b"sim1"))
  > call(fd, SPID_ATTACH, bytearray(struct.pack("4I", 16, 0, pasid, 77)))
  > print("spid", attach(fd, one, 77, flags=BY_SPID), dma_at(fd, 0x100010, pasid).hex(), detach(fd, 77, flags=BY_SPID))
  > print("no such", attach(fd, one, 78, flags=BY_SPID), attach(fd, one, pasid + 1), attach(fd, 99, pasid), attach(fd, one, pasid, b"sim9"))
  > print("flags", attach(fd, one, pasid, flags=0), attach(fd, one, pasid, flags=BY_PASID | BY_SPID), attach(fd, one, 0, flags=BY_PASID),
  >       attach(fd, one, flags=REPLACE, which="detach"), attach(fd, one, which="detach"))
  > print("free", ioas_free(fd, one), ioas_free(fd, two))
  > PY
  nothing attached EFAULT EFAULT
  0 8877665544332211 EFAULT
  0 8877665544332211 EFAULT
  again 0 0 another EBUSY EBUSY
  bind EBUSY in use EBUSY
  detach 0 ENOENT EFAULT 8877665544332211
  detach 0 ENOENT EFAULT ENOENT
  spid 0 8877665544332211 0
  no such ENOENT ENOENT ENOENT ENODEV
  flags EINVAL EINVAL ENOENT EOPNOTSUPP EOPNOTSUPP
  free 0 0

BIND and ATTACH end each other's attachments:

  $ cat ioas.py - <<'PY' | python3
  > print(bind(fd, pasid), detach(fd, pasid), attach(fd, one, pasid), bind(fd, pasid, number=UNBIND), bind(fd, pasid), ioas_free(fd, one))
  > PY
  0 0 0 0 0 0

What a device lacks:

  $ cat ioas.py - <<'PY' | python3
  > process, snoop = ioas_alloc(fd, PROCESS), ioas_alloc(fd, flags=SNOOP)
  > user = ioas_alloc(fd, USER, format=X86_64, parent=one)
  > narrow = alloc(fd, 255, 255), alloc(fd, 256, 256)
  > print("sim2", [attach(fd, one, number, b"sim2") for number in narrow], attach(fd, user, narrow[0], b"sim2"),
  >       attach(fd, process, device=b"sim2"), attach(fd, snoop, device=b"sim2"), bind(fd, pasid, b"sim2"))
  > print("sim3", attach(fd, one, pasid, b"sim3"), attach(fd, user, device=b"sim3"), attach(fd, process, device=b"sim3"), attach(fd, one, device=b"sim3"))
  > print(bind(fd, narrow[0], b"sim2"), detach(fd, narrow[0], b"sim2"), attach(fd, user, narrow[0], b"sim2"))
  > print(ioas_map(fd, snoop, 2**40, 4096, memory.at), attach(fd, snoop, device=b"sim2"), attach(fd, snoop))
  > print(detach(fd, device=b"sim3"), ioas_map(fd, one, 2**40, 4096, memory.at))
  > print("confined", attach(fd, ioas_alloc(fd, USER, format=X86_64, parent=snoop), narrow[0], b"sim2"))
  > wide = ioas_alloc(fd); print(ioas_map(fd, wide, 2**40, 4096, memory.at), attach(fd, wide, device=b"sim3"))
  > # A device that was not attached does not narrow the space.
  > attach(fd, one, device=b"sim3"); two = ioas_alloc(fd); print(attach(fd, two, device=b"sim3"), ioas_map(fd, two, 2**40, 4096, memory.at))
  > PY
  sim2 [0, 'ERANGE'] EBUSY EOPNOTSUPP EOPNOTSUPP EOPNOTSUPP
  sim3 EOPNOTSUPP EOPNOTSUPP EOPNOTSUPP 0
  EOPNOTSUPP 0 0
  0 EOPNOTSUPP 0
  0 EINVAL
  confined EOPNOTSUPP
  0 EINVAL
  EBUSY 0

Replace: in place of another space of the same process; what fails keeps the old
one:

  $ cat ioas.py - <<'PY' | python3
  > other, two, process = Memory(1), ioas_alloc(fd), ioas_alloc(fd, PROCESS)
  > memory.store(0, 1); other.store(0, 2)
  > ioas_map(fd, two, 0x100000, 0x1000, other.at)
  > narrow = alloc(fd, 200, 255)
  > by = BY_PASID | REPLACE
  > print("nothing there", attach(fd, one, narrow, b"sim2", by), dma_at(fd, 0x100000, narrow, device=b"sim2")[0])
  > print(attach(fd, two, narrow, b"sim2", by), dma_at(fd, 0x100000, narrow, device=b"sim2")[0], attach(fd, two, narrow, b"sim2", by))
  > print(attach(fd, process, narrow, b"sim2", by), dma_at(fd, 0x100000, narrow, device=b"sim2")[0], ioas_free(fd, one), ioas_free(fd, two))
  > PY
  nothing there 0 1
  0 2 0
  EOPNOTSUPP 2 0 EBUSY

No DMA fails while spaces are replaced, and each reads one of the two:

  $ cat ioas.py - <<'PY' | python3
  > other, two = Memory(4), ioas_alloc(fd)
  > memory.map[:16384] = b"a" * 16384; other.map[:16384] = b"b" * 16384
  > ioas_map(fd, two, 0x100000, 0x4000, other.at)
  > print(attach(fd, one, pasid))
  > seen, stop = set(), threading.Event()
  > def read():
  >     while not stop.is_set():
  >         data = dma_at(fd, 0x100000, pasid, 16384)
  >         seen.add(data if isinstance(data, str) else bytes(sorted(set(data))))
  > threads = [threading.Thread(target=read) for _ in range(3)]
  > [thread.start() for thread in threads]
  > print({attach(fd, (two, one)[turn % 2], pasid, flags=BY_PASID | REPLACE) for turn in range(2000)})
  > stop.set(); [thread.join() for thread in threads]
  > print(seen <= {b"a", b"b", b"ab"}, seen)
  > PY
  0
  {0}
  True * (glob)

The mapping decides what a device may do; the process's own memory may be gone:

  $ cat ioas.py - <<'PY' | python3
  > attach(fd, one, pasid)
  > print("read only", ioas_map(fd, one, 0x200000, 0x1000, memory.at, MAP_READ), dma_at(fd, 0x200000, pasid).hex(), dma_at(fd, 0x200000, pasid, write=b"x"))
  > print("write only", ioas_map(fd, one, 0x300000, 0x1000, memory.at, MAP_WRITE), dma_at(fd, 0x300000, pasid), dma_at(fd, 0x300000, pasid, write=b"abc"), bytes(memory.map[:3]))
  > print("over the end", dma_at(fd, 0x103ffc, pasid, write=bytes(8)), dma_at(fd, 0x103ff8, pasid, write=b"12345678"), bytes(memory.map[0x3ff8:0x4000]))
  > print("too wide", dma_at(fd, 2**48, pasid), dma_at(fd, 2**64 - 4, pasid))
  > print(ioas_unmap(fd, one, 0x200000, 0x1000), dma_at(fd, 0x200000, pasid), dma_at(fd, 0x100000, pasid).hex())
  > libc.munmap(ctypes.c_void_p(memory.at), ctypes.c_size_t(16 * 4096))
  > print("unmapped memory", dma_at(fd, 0x100000, pasid, 3))
  > PY
  read only 0 0000000000000000 EFAULT
  write only 0 EFAULT 3 b'abc'
  over the end EFAULT 8 b'12345678'
  too wide EFAULT EFAULT
  4096 EFAULT 6162630000000000
  unmapped memory b'abc'

A mapping of private memory stays with the process that made it over a fork:

  $ cat ioas.py - <<'PY' | python3
  > private = Memory(1, private=True)
  > private.store(0, 5)
  > ioas_map(fd, one, 0x200000, 0x1000, private.at)
  > attach(fd, one, pasid)
  > child = os.fork()
  > if not child:
  >     private.store(0, 6)
  >     os._exit(0)
  > os.waitpid(child, 0)
  > dma_at(fd, 0x200008, pasid, write=struct.pack("Q", 7))
  > print(dma_at(fd, 0x200000, pasid)[0], struct.unpack_from("2Q", private.map))
  > private.store(0, 8); print(dma_at(fd, 0x200000, pasid)[0])
  > PY
  5 (5, 7)
  8

Large pages, where memory is contiguous, and a mapping beside them:

  $ cat ioas.py - <<'PY' | python3
  > import mmap
  > area = mmap.mmap(-1, 12 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
  > try: area.madvise(mmap.MADV_HUGEPAGE)
  > except OSError: pass           # a kernel without large pages
  > start = -address(area) % (2 << 20)
  > for offset in range(0, 8 << 20, 4096):
  >     struct.pack_into("Q", area, start + offset, offset)
  > huge = ioas_alloc(fd)
  > def check():
  >     return all(struct.unpack("Q", dma_at(fd, offset, pasid))[0] == offset for offset in range(0, 8 << 20, 4096))
  > print(ioas_map(fd, huge, 0, 8 << 20, address(area) + start), attach(fd, huge, pasid), check())
  > print(dma_at(fd, 0x1ffffc, pasid).hex(), ioas_unmap(fd, huge, 0x200000, 0x200000), ioas_unmap(fd, huge))
  > # Small pages first: a large one goes where their table is no more, and where it still is.
  > print(ioas_map(fd, huge, 0x1000, 0x1000, memory.at), ioas_unmap(fd, huge), ioas_map(fd, huge, 0, 8 << 20, address(area) + start), check())
  > PY
  0 0 True
  0000000000002000 ENOENT 8388608
  0 4096 0 True

Tables that become empty are given back, and what remains of a range that is
unmapped leaves no other mapping unreachable:

  $ cat ioas.py - <<'PY' | python3
  > two = ioas_alloc(fd); attach(fd, two, pasid)
  > print(ioas_map(fd, two, 0x10000, 0x1000, memory.at), ioas_unmap(fd, two, 0x10000, 0x1000), ioas_map(fd, two, 0x8000000000, 0x1000, memory.at), ioas_unmap(fd, two))
  > memory.store(0, 42)
  > print(ioas_map(fd, two, 0x10000, 0x1000, memory.at), dma_at(fd, 0x10000, pasid)[0])
  > print(ioas_map(fd, two, 0x11000, 0x1000, memory.at), ioas_map(fd, two, 0x400000, 0x1000, memory.at), ioas_unmap(fd, two, 0x10000, 0x1000), ioas_unmap(fd, two, 0x200000, 0x400000), dma_at(fd, 0x11000, pasid)[0])
  > print([ioas_map(fd, two, 0x200000 * n, 0x1000, memory.at) or ioas_unmap(fd, two, 0x200000 * n, 0x1000) for n in range(2, 3000)].count(4096))
  > PY
  0 4096 0 4096
  0 42
  0 0 4096 4096 42
  2997

Freeing the PASID detaches; closing the descriptor ends everything in use:

  $ cat ioas.py - <<'PY' | python3
  > user = ioas_alloc(fd, USER, format=X86_64, parent=one)
  > print(attach(fd, one, pasid), free(fd, pasid), dma_at(fd, 0x100000, pasid), alloc(fd, pasid, pasid), dma_at(fd, 0x100000, pasid), ioas_free(fd, one))
  > print(attach(fd, user, pasid), attach(fd, one), attach(fd, one, device=b"sim3"), ioas_alloc(fd, PROCESS, flags=FAULTS))
  > os.close(fd)
  > fd = open_device()
  > print(dma_at(fd, 0x100000), ioas_free(fd, one), alloc(fd, pasid, pasid) == pasid, attach(fd, ioas_alloc(fd), pasid), attach(fd, 1), attach(fd, 1, device=b"sim3"))
  > PY
  0 0 EFAULT 1 EFAULT EBUSY
  0 0 0 3
  EFAULT ENOENT True 0 0 0

Requests without PASID belong to the process that attached the device:

  $ cat ioas.py - <<'PY' | python3
  > attach(fd, one)
  > child = os.fork()
  > if not child:
  >     print("inherited", attach(fd, one), detach(fd), dma_at(fd, 0x100000), faults(fd))
  >     os.close(fd)
  >     fd = open_device()
  >     two = ioas_alloc(fd)
  >     print("other", attach(fd, two), attach(fd, two, flags=REPLACE), detach(fd), dma_at(fd, 0x100000))
  >     sys.stdout.flush()
  >     os._exit(0)
  > os.waitpid(child, 0)
  > print(dma_at(fd, 0x100000).hex())
  > PY
  inherited EPERM EPERM EPERM EPERM
  other EBUSY EBUSY ENOENT EPERM
  0000000000000000
