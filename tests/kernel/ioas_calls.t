The calls of /dev/ioasid, case by case: what the files ioas*.t leave out. A call with good
arguments succeeds, so what fails here fails for the one thing that is wrong.

  $ export PYTHONPATH=$IOASID_SRC/tests
  $ cat >calls.py <<'PY'
  > import os, signal, struct, subprocess, sys, threading
  > from ioasid import *
  > from stall import *
  > fd = open_device()
  > memory, BASE = Memory(16), 0x100000
  > pasid = alloc(fd)
  > data, found, entry = bytearray(8), bytearray(32), bytearray(struct.pack("2Q", 0, 4096))
  > CALLS.update(bind=(BIND, "2I32s"), unbind=(UNBIND, "2I32s"), dma=(DMA, "2I3Q32s"),
  >              spid_attach=(SPID_ATTACH, "2I"), spid_detach=(SPID_DETACH, "2I"))
  > def arguments(*fields, flags=0, known=0, ids=(), zero=None):
  >     "flags: good ones; known: all; ids, zero: places of the IDs and of the reserved field"
  >     return fields, flags, known, ids, zero
  > GOOD = {
  >     "bind": arguments(pasid, 0, b"sim0", ids=(0,), zero=1),
  >     "dma": arguments(pasid, 0, memory.at, 8, address(data), b"sim0", flags=READ, known=7, zero=1),
  >     "unbind": arguments(pasid, 0, b"sim0", ids=(0,), zero=1),
  >     "spid_attach": arguments(pasid, 5, ids=(0,)),
  >     "spid_detach": arguments(pasid, 0, ids=(0,), zero=1),
  >     "device_info": arguments(b"sim0", 0, 0, 0, 0, 0, b""),
  >     "check_extension": arguments(1, 0),
  >     "ioas_alloc": arguments(USER, X86_64, 1, 0, 0, 0, known=3, ids=(2,)),
  >     "ioas_free": arguments(4, 0, ids=(0,), zero=1),
  >     "ioas_ranges": arguments(1, 2, address(found), 0, ids=(0,)),
  >     "map": arguments(1, 0, 0x200000, 4096, memory.at, flags=3, known=3, ids=(0,), zero=1),
  >     "unmap": arguments(1, 0, 0x200000, 4096, ids=(0,), zero=1),
  >     "table_bind": arguments(2, 0, BASE, ids=(0,), zero=1),
  >     "invalidate": arguments(2, 16, address(entry), 1, 0, ids=(0,), zero=4),
  >     "table_unbind": arguments(2, 0, ids=(0,), zero=1),
  >     "attach": arguments(1, pasid, b"sim0", flags=BY_PASID, known=7, ids=(0, 1)),
  >     "detach": arguments(0, pasid, b"sim0", flags=BY_PASID, known=3, ids=(1,), zero=0),
  >     "page_response": arguments(1, FAILURE, 0, ids=(0,), zero=2),
  > }
  > def changed(fields, place, value):
  >     return fields[:place] + (value,) + fields[place + 1:]
  > def result(which, *fields, **options):
  >     "of a call; one that fails must not change the struct"
  >     buffer = request(which, *fields, **options)
  >     before = bytes(buffer)
  >     answer = call(fd, CALLS[which][0], buffer)
  >     return "WRITTEN" if isinstance(answer, str) and buffer != before else answer
  > def same(results):
  >     "The result that all have; -: there is none"
  >     each = set(results)
  >     return each.pop() if len(each) == 1 else each or "-"
  > def background(what, *args, **options):
  >     answer = []
  >     thread = threading.Thread(target=lambda: answer.append(what(*args, **options)), daemon=True)
  >     thread.start()
  >     return thread, lambda: (thread.join(), answer[0])[1]
  > def setup():
  >     "Spaces 1 (kernel), 2 and 3 (user, children of 1). A DMA through 3 waits for page request 1."
  >     ioas_alloc(fd); ioas_map(fd, 1, BASE, 16 * 4096, memory.at)
  >     ioas_alloc(fd, USER, format=X86_64, parent=1); ioas_alloc(fd, USER, FAULTS, X86_64, 1)
  >     table(fd, 3, BASE); attach(fd, 3, device=b"sim1")
  >     waits = background(dma_at, fd, 0x5000, device=b"sim1")
  >     faults(fd)
  >     return waits
  > def interrupt(thread):
  >     signal.signal(signal.SIGUSR1, lambda *_: None)
  >     signal.pthread_kill(thread.ident, signal.SIGUSR1)
  > def pinned():
  >     "KiB"
  >     return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmPin"))
  > def protect(area, page, access):
  >     libc.mprotect(ctypes.c_void_p(area.at + page * 4096), ctypes.c_size_t(4096), access)
  > PY

Every call: NULL; a short struct; a long one with a tail that is not zero; each unknown
flag; a reserved field; unknown IDs; then good, in one page, with a tail of zeros:

  $ cat calls.py - <<'PY' | python3
  > _, waits = setup()
  > for which, (fields, flags, known, ids, zero) in GOOD.items():
  >     size = len(request(which, *fields))
  >     print("%-15s" % which, call(fd, CALLS[which][0]),
  >           same(result(which, *fields, flags=flags, size=short) for short in (0, 8, size - 1)),
  >           same(result(which, *fields, flags=flags, tail=tail) for tail in (b"\1", bytes(7) + b"\1", bytes(4095 - size) + b"\1")),
  >           same(result(which, *fields, flags=flags | 1 << bit) for bit in range(32) if not known >> bit & 1),
  >           same(result(which, *changed(fields, zero, value), flags=flags) for value in (1, 1 << 31) if zero is not None),
  >           same(result(which, *changed(fields, place, value), flags=flags) for place in ids for value in (98, 2**32 - 1)),
  >           result(which, *fields, flags=flags, tail=bytes(4096 - size)))
  > print("the DMA", waits(), "not tested", set(CALLS) - set(GOOD))
  > PY
  bind            EFAULT EINVAL E2BIG EOPNOTSUPP EOPNOTSUPP ENOENT 0
  dma             EFAULT EINVAL E2BIG EOPNOTSUPP EOPNOTSUPP - 8
  unbind          EFAULT EINVAL E2BIG EOPNOTSUPP EOPNOTSUPP ENOENT 0
  spid_attach     EFAULT EINVAL E2BIG EOPNOTSUPP - ENOENT 0
  spid_detach     EFAULT EINVAL E2BIG EOPNOTSUPP EOPNOTSUPP ENOENT 0
  device_info     EFAULT EINVAL E2BIG EOPNOTSUPP - - 0
  check_extension EFAULT EINVAL E2BIG EOPNOTSUPP - - 0
  ioas_alloc      EFAULT EINVAL E2BIG EOPNOTSUPP - ENOENT 0
  ioas_free       EFAULT EINVAL E2BIG EOPNOTSUPP EOPNOTSUPP ENOENT 0
  ioas_ranges     EFAULT EINVAL E2BIG EOPNOTSUPP - ENOENT 0
  map             EFAULT EINVAL E2BIG EOPNOTSUPP EOPNOTSUPP ENOENT 0
  unmap           EFAULT EINVAL E2BIG EOPNOTSUPP EOPNOTSUPP ENOENT 0
  table_bind      EFAULT EINVAL E2BIG EOPNOTSUPP EOPNOTSUPP ENOENT 0
  invalidate      EFAULT EINVAL E2BIG EOPNOTSUPP EOPNOTSUPP ENOENT 0
  table_unbind    EFAULT EINVAL E2BIG EOPNOTSUPP EOPNOTSUPP ENOENT 0
  attach          EFAULT EINVAL E2BIG EOPNOTSUPP - ENOENT 0
  detach          EFAULT EINVAL E2BIG EOPNOTSUPP EOPNOTSUPP ENOENT 0
  page_response   EFAULT EINVAL E2BIG EOPNOTSUPP EOPNOTSUPP ENOENT 0
  the DMA EFAULT not tested set()

Unknown devices, and names without an end or with bytes behind it; a number with a size or a
direction is not a call; values that are out of range:

  $ cat calls.py - <<'PY' | python3
  > for which, (fields, flags, *_) in GOOD.items():
  >     for place in [place for place, field in enumerate(fields) if isinstance(field, bytes)][:1]:
  >         print("%-15s" % which, same(result(which, *changed(fields, place, device), flags=flags) for device in (b"", b"sim", b"sim00", b"SIM0")),
  >               same(result(which, *changed(fields, place, device), flags=flags) for device in (b"s" * 32, b"sim0\0x", b"sim0" + bytes(27) + b"x")))
  > print([call(fd, number, request("check_extension", 1, 0)) for number in (0x4010698a, 0xc010698a, 0x8000698a)])
  > print("dma", dma(fd, pasid, READ | NO_PASID, 0, data), dma(fd, 2**32 - 1, READ, 0, data), dma(fd, 0, READ, 0, data))
  > print("spid", do(fd, "spid_attach", pasid, 2**32 - 1)[0], "response", respond(fd, 1, 2), respond(fd, 1, 2**32 - 1))
  > PY
  bind            ENODEV EINVAL
  dma             ENODEV EINVAL
  unbind          ENODEV EINVAL
  device_info     ENODEV EINVAL
  attach          ENODEV EINVAL
  detach          ENODEV EINVAL
  ['ENOTTY', 'ENOTTY', 'ENOTTY']
  dma EINVAL EINVAL EFAULT
  spid EINVAL response EINVAL EINVAL

The descriptor of another process does nothing. On its own one, a process finds neither the
spaces nor the page requests nor the SPIDs of another, and may not use its PASIDs:

  $ cat calls.py - <<'PY' | python3
  > ready, tell = os.pipe()
  > child = os.fork()
  > if not child:
  >     os.read(ready, 1)
  >     print("inherited", same(result(which, *fields, flags=flags) for which, (fields, flags, *_) in GOOD.items()),
  >           same(call(fd, number) for number, _ in CALLS.values()))
  >     os.close(fd); fd = open_device()
  >     answers = {}
  >     for which, (fields, flags, *_) in GOOD.items():
  >         answers.setdefault(result(which, *fields, flags=flags), []).append(which)
  >     for answer in sorted(answers, key=str): print(answer, *answers[answer])
  >     own = ioas_alloc(fd)
  >     print("own space", attach(fd, own, pasid), attach(fd, own, 5, flags=BY_SPID), detach(fd, 5, flags=BY_SPID), ioas_free(fd, own))
  >     sys.stdout.flush(); os._exit(0)
  > _, waits = setup(); ioas_alloc(fd, PROCESS)
  > do(fd, "spid_attach", pasid, 5); attach(fd, 1, pasid)
  > os.write(tell, b"x"); os.waitpid(child, 0)
  > print("still there", detach(fd, pasid), do(fd, "spid_detach", pasid, 0)[0], respond(fd, 1, FAILURE), waits(), ioas_unmap(fd, 1), ioas_free(fd, 4))
  > PY
  inherited EPERM EPERM
  0 device_info check_extension
  ENOENT ioas_alloc ioas_free ioas_ranges map unmap table_bind invalidate table_unbind attach page_response
  EPERM bind dma unbind spid_attach spid_detach detach
  own space EPERM ENOENT ENOENT 0
  still there 0 0 0 EFAULT 65536 0

Each call with a space of kind kernel, user and process; what is given for the wrong kind:

  $ cat calls.py - <<'PY' | python3
  > print(ioas_alloc(fd), ioas_alloc(fd, USER, format=X86_64, parent=1), ioas_alloc(fd, PROCESS))
  > for which in "ioas_ranges", "map", "unmap", "table_bind", "invalidate", "table_unbind":
  >     fields, flags = GOOD[which][:2]
  >     print("%-15s" % which, *(result(which, *changed(fields, 0, ioas), flags=flags) for ioas in (1, 2, 3)))
  > print(ranges(fd, 2), do(fd, "table_unbind", 2, 0)[0])
  > print(same([ioas_alloc(fd, USER, format=X86_64, parent=1, base=4096), ioas_alloc(fd, USER, format=X86_64, parent=1, highest=2**40),
  >             ioas_alloc(fd, PROCESS, highest=2**40), ioas_alloc(fd, PROCESS, format=X86_64), ioas_alloc(fd, PROCESS, parent=1),
  >             ioas_alloc(fd, base=2**48)]))
  > print("no child is left", ioas_free(fd, 1), ioas_free(fd, 2), ioas_free(fd, 1), ioas_alloc(fd, USER, format=X86_64, parent=1))
  > PY
  1 2 3
  ioas_ranges     0 0 0
  map             0 EINVAL EINVAL
  unmap           0 EINVAL EINVAL
  table_bind      EINVAL 0 EINVAL
  invalidate      EINVAL 0 EINVAL
  table_unbind    EINVAL 0 EINVAL
  (0, 1, ['0x0', '0xffffffffffff']) ENOENT
  EINVAL
  no child is left EBUSY 0 0 ENOENT

A process can have 65,535 spaces:

  $ cat calls.py - <<'PY' | python3
  > buffer, count = request("ioas_alloc", PROCESS, 0, 0, 0, 0, 0), 0
  > number, at = ctypes.c_ulong(CALLS["ioas_alloc"][0]), ctypes.c_void_p(address(buffer))
  > while libc.ioctl(fd, number, at) == 0: count += 1
  > print(count, name(ctypes.get_errno()), ioas_free(fd, 4711), ioas_alloc(fd, PROCESS), ioas_alloc(fd, PROCESS), ioas_free(fd, 65535))
  > PY
  65535 ENOSPC 0 4711 ENOSPC 0

Limits that are given, against the range of interrupt messages:

  $ cat calls.py - <<'PY' | python3
  > for base, highest in (0xfee00000, 0xfeefffff), (0xfee80000, 0xffffffff), (0x1000, 0xfee7ffff), (0, 0xfedfffff), (0xfef00000, 0), (0xfedff000, 0xfef00fff):
  >     ioas = ioas_alloc(fd, base=base, highest=highest)
  >     print(ioas, *ranges(fd, ioas))
  > print("nothing to store", do(fd, "ioas_ranges", 1, 0, 0, 0)[0], "nowhere to map", ioas_map(fd, 1, 0xfee00000, 0x1000, memory.at))
  > print("not usable", same(ioas_map(fd, 6, iova, length, memory.at) for iova, length in
  >       ((0xfedfe000, 0x1000), (0xfedff000, 0x2000), (0xfedff000, 0x102000), (0xfeeff000, 0x2000), (0xfef00000, 0x2000), (0xfef01000, 0x1000))))
  > print("usable", ioas_map(fd, 6, 0xfedff000, 0x1000, memory.at), ioas_map(fd, 6, 0xfef00000, 0x1000, memory.at), ioas_unmap(fd, 6, 0xfedff000, 0x102000))
  > odd = ioas_alloc(fd, base=0x1800, highest=0x37ff)
  > print("within a page", [ioas_map(fd, odd, iova, 0x1000, memory.at) for iova in (0x1000, 0x2000, 0x3000)], ranges(fd, odd)[2], ioas_alloc(fd, base=0x1800, highest=0x2fff - 0x1000))
  > PY
  1 0 0 []
  2 0 1 ['0xfef00000', '0xffffffff']
  3 0 1 ['0x1000', '0xfedfffff']
  4 0 1 ['0x0', '0xfedfffff']
  5 0 1 ['0xfef00000', '0xffffffffffff']
  6 0 2 ['0xfedff000', '0xfedfffff', '0xfef00000', '0xfef00fff']
  nothing to store 0 nowhere to map EINVAL
  not usable EINVAL
  usable 0 0 8192
  within a page ['EINVAL', 0, 'EINVAL'] ['0x2000', '0x2fff'] EINVAL

Limits and mappings, against a device with 39 address bits:

  $ cat calls.py - <<'PY' | python3
  > TOP = 2**39
  > def narrow(*mapped, base=0, highest=0):
  >     ioas = ioas_alloc(fd, base=base, highest=highest)
  >     maps = [ioas_map(fd, ioas, iova, length, memory.at) for iova, length in mapped]
  >     answer = attach(fd, ioas, device=b"sim3"), ranges(fd, ioas)[2]
  >     detach(fd, device=b"sim3")
  >     return *maps, *answer
  > print(narrow(base=TOP))
  > print(narrow(base=TOP - 4096))
  > print(narrow(highest=0xffff))
  > print(narrow((TOP - 4096, 4096)))
  > print(narrow((TOP - 4096, 8192)))
  > print(narrow((TOP, 4096)))
  > ioas = ioas_alloc(fd)
  > print("attached", attach(fd, ioas, device=b"sim3"), [ioas_map(fd, ioas, iova, length, memory.at) for iova, length in
  >       ((TOP, 4096), (TOP - 4096, 8192), (TOP - 4096, 4096))], dma_at(fd, TOP - 8, device=b"sim3").hex(), dma_at(fd, TOP - 4, device=b"sim3"))
  > PY
  ('EINVAL', ['0x8000000000', '0xffffffffffff'])
  (0, ['0x7ffffff000', '0x7fffffffff'])
  (0, ['0x0', '0xffff'])
  (0, 0, ['0x0', '0xfedfffff', '0xfef00000', '0x7fffffffff'])
  (0, 'EINVAL', ['0x0', '0xfedfffff', '0xfef00000', '0xffffffffffff'])
  (0, 'EINVAL', ['0x0', '0xfedfffff', '0xfef00000', '0xffffffffffff'])
  attached 0 ['EINVAL', 'EINVAL', 0] 0000000000000000 EFAULT

An array of ranges that is too small is not touched, and of a large one only what is needed:

  $ cat calls.py - <<'PY' | python3
  > ioas_alloc(fd)
  > room = bytearray(b"\xff" * 48)
  > for count in 0, 1, 9:
  >     answer, fields = do(fd, "ioas_ranges", 1, count, address(room), 0)
  >     print(answer, fields[1], hex(fields[3]), room[:32] == b"\xff" * 32, room[32:] == b"\xff" * 16)
  > print(do(fd, "ioas_ranges", 1, 1, 8, 0)[0])
  > PY
  EMSGSIZE 2 0x201000 True True
  EMSGSIZE 2 0x201000 True True
  0 2 0x201000 False True
  EMSGSIZE

Memory that the process cannot access as requested, in whole or in part, and a signal: nothing
stays mapped or pinned. A space that is freed meanwhile takes the mapping with it:

  $ cat calls.py - <<'PY' | python3
  > ioas = ioas_alloc(fd)
  > protect(memory, 0, MAP_READ)
  > print("read-only", [ioas_map(fd, ioas, 0, 4096, memory.at, flags) for flags in (MAP_WRITE, MAP_READ | MAP_WRITE, MAP_READ)], ioas_unmap(fd, ioas))
  > protect(memory, 0, 0); print("none", ioas_map(fd, ioas, 0, 4096, memory.at, MAP_READ))
  > protect(memory, 0, 3); protect(memory, 1, 0)
  > print("half", ioas_map(fd, ioas, 0, 8192, memory.at), pinned(), ioas_unmap(fd, ioas), ioas_map(fd, ioas, 0, 4096, memory.at), pinned(), ioas_unmap(fd, ioas), pinned())
  > print("over the end", ioas_map(fd, ioas, 0, 8192, 2**64 - 4096))
  > paged = Paged(2)
  > thread, answer = background(ioas_map, fd, ioas, 0x1ff000, 8192, paged.address)     # one page, up to 2 MiB, then the other
  > paged.wait(); interrupt(thread); paged.answer()
  > print("interrupted", answer(), ioas_unmap(fd, ioas), pinned())
  > _, answer = background(ioas_map, fd, ioas, 0x200000, 8192, paged.address)
  > paged.wait(); print("freed", ioas_free(fd, ioas)); paged.answer(page=1)
  > print(answer(), pinned())
  > PY
  read-only ['EFAULT', 'EFAULT', 0] 4096
  none EFAULT
  half EFAULT 0 0 0 4 4096 0
  over the end EINVAL
  interrupted EINTR 0 0
  freed 0
  0 0

Unmap: a part at the end of the range, between mappings, up to the last address, nearly all:

  $ cat calls.py - <<'PY' | python3
  > ioas = ioas_alloc(fd)
  > print([ioas_map(fd, ioas, iova, length, memory.at) for iova, length in ((0x10000, 0x4000), (0x14000, 0x1000), (0x20000, 0x2000))])
  > print("part", ioas_unmap(fd, ioas, 0x10000, 0x11000), ioas_unmap(fd, ioas, 0x14000, 0xd000), ioas_unmap(fd, ioas, 0x11000, 0x11000), do(fd, "unmap", ioas, 0, 0, 0x21000))
  > print("between", ioas_unmap(fd, ioas, 0x15000, 0xb000))
  > print("to the end", ioas_unmap(fd, ioas, 0x14000, 2**64 - 0x14000), ioas_unmap(fd, ioas, 0x14000, 2**64 - 0x14000))
  > print("nearly all", ioas_unmap(fd, ioas, 0, ALL - 1), ioas_unmap(fd, ioas, 0, ALL - 1), ioas_unmap(fd, ioas, 1, ALL), "all", ioas_unmap(fd, ioas))
  > PY
  [0, 0, 0]
  part ENOENT ENOENT ENOENT ('ENOENT', (1, 0, 0, 135168))
  between ENOENT
  to the end 12288 ENOENT
  nearly all 16384 ENOENT ENOENT all 0

A batch of invalidations that stops: what is done is done, the rest is not. All three pages
lead to page 9, which the device has cached, and then to page 10:

  $ cat calls.py - <<'PY' | python3
  > ioas_alloc(fd); ioas_map(fd, 1, BASE, 16 * 4096, memory.at)
  > ioas_alloc(fd, USER, format=X86_64, parent=1)
  > for level in range(3): memory.store(level * 4096, BASE + (level + 1) * 4096 | 3)
  > for page in 9, 10: memory.store(page * 4096, page)
  > print(table(fd, 2, BASE), attach(fd, 2, pasid))
  > def point(page):
  >     for number in 5, 6, 7: memory.store(3 * 4096 + number * 8, BASE + page * 4096 | 3)
  > def pages(): return [dma_at(fd, number << 12, pasid)[0] for number in (5, 6, 7)]
  > def batch(what, *args):
  >     point(9); invalidate(fd, 2, (0, ALL)); pages(); point(10)
  >     return what(*args), pages()
  > def send(at, count, size=16):
  >     answer, fields = do(fd, "invalidate", 2, size, at, count, 0)
  >     return answer, fields[3]
  > print(batch(invalidate, fd, 2, (0x5000, 4096), (0x6000, 0), (0x7000, 4096)))
  > print(batch(invalidate, fd, 2, (0x5000, 4096), (0x7000, 4096), (2**64 - 4096, 8192)))
  > # The array ends in memory that cannot be read, or has a tail of zeros or not
  > area = Memory(2); protect(area, 1, 0); area.store(4080, 0x5000); area.store(4088, 4096)
  > print(batch(send, area.at + 4080, 2))
  > long = [bytearray(struct.pack("6Q", 0x5000, 4096, 0, 0x6000, 4096, tail)) for tail in (1, 0)]
  > print(batch(send, address(long[0]), 2, 24), batch(send, address(long[1]), 2, 24), send(8, 0))
  > # The second entry comes when the first one is done, and meanwhile ...
  > def stalled(meanwhile):
  >     paged = Paged(2)
  >     paged.answer(bytes(4080) + struct.pack("2Q", 0x5000, 4096))
  >     thread, answer = background(send, paged.address + 4080, 3)
  >     paged.wait(); meanwhile(thread)
  >     paged.answer(struct.pack("4Q", 0x6000, 4096, 0x7000, 4096), 1)
  >     return answer()
  > print("a signal", batch(stalled, interrupt))
  > def fail(value): open("/sys/module/ioasid_shim/parameters/sim_invalidate_fails", "w").write(value)
  > print("the device fails", batch(stalled, lambda _: fail("1")))
  > fail("0"); print(batch(invalidate, fd, 2, (0, ALL)))
  > PY
  0 0
  (('EINVAL', 1), [10, 9, 9])
  (('EINVAL', 2), [10, 9, 10])
  (('EFAULT', 1), [10, 9, 9])
  (('E2BIG', 1), [10, 9, 9]) ((0, 2), [10, 10, 9]) (0, 0)
  a signal (('EINTR', 2), [10, 10, 9])
  the device fails (('EIO', 1), [10, 9, 9])
  ((0, 1), [10, 10, 10])

Replacing that fails, for each reason: the old space stays attached, the other one is not in
use:

  $ cat calls.py - <<'PY' | python3
  > memory.store(0, 1)
  > old, wide, snoop, process, gone = ioas_alloc(fd), ioas_alloc(fd), ioas_alloc(fd, flags=SNOOP), ioas_alloc(fd, PROCESS), ioas_alloc(fd)
  > user = ioas_alloc(fd, USER, format=X86_64, parent=old); ioas_free(fd, gone)
  > print(ioas_map(fd, old, 0, 4096, memory.at), ioas_map(fd, wide, 2**39, 4096, memory.at), attach(fd, old, device=b"sim3"))
  > for other in wide, snoop, process, user, gone:
  >     print(attach(fd, other, device=b"sim3", flags=REPLACE), dma_at(fd, 0, device=b"sim3")[0], ioas_free(fd, other))
  > print(ioas_free(fd, old), detach(fd, device=b"sim3"), ioas_free(fd, old))
  > PY
  0 0 0
  EINVAL 1 0
  EOPNOTSUPP 1 0
  EOPNOTSUPP 1 0
  EOPNOTSUPP 1 0
  ENOENT 1 ENOENT
  EBUSY 0 0

What BIND made can be replaced, and BIND replaces nothing; detach what is not there:

  $ cat calls.py - <<'PY' | python3
  > memory.store(0, 1)
  > ioas, process = ioas_alloc(fd), ioas_alloc(fd, PROCESS); ioas_map(fd, ioas, 0, 4096, memory.at)
  > print(bind(fd, pasid), attach(fd, ioas, pasid), attach(fd, process, pasid), dma_at(fd, memory.at, pasid)[0])
  > for other, iova in (ioas, 0), (process, memory.at):
  >     print(attach(fd, other, pasid, flags=BY_PASID | REPLACE), dma_at(fd, iova, pasid)[0], bind(fd, pasid))
  > print(ioas_free(fd, ioas), ioas_free(fd, process), bind(fd, pasid, number=UNBIND), ioas_free(fd, process))
  > print("flags", detach(fd, pasid, flags=0), detach(fd, pasid, flags=BY_PASID | BY_SPID))
  > print("not there", detach(fd, 0, flags=BY_PASID), detach(fd, pasid + 1), detach(fd, 77, flags=BY_SPID), detach(fd, pasid))
  > PY
  0 EBUSY EBUSY 1
  0 1 EBUSY
  0 1 EBUSY
  0 EBUSY 0 0
  flags EINVAL EINVAL
  not there ENOENT ENOENT ENOENT ENOENT

read() returns whole records; one that cannot be stored is lost and counted:

  $ cat calls.py - <<'PY' | python3
  > print(attach(fd, ioas_alloc(fd, flags=FAULTS)), same(dma_at(fd, iova) for iova in (0x1000, 0x2000, 0x3000, 0x4000)))
  > print(libc.read(fd, ctypes.c_void_p(8), ctypes.c_size_t(88)), name(ctypes.get_errno()))
  > print([record[2::5] for record in faults(fd, 1)], len(os.read(fd, 2 * 88 - 1)), [record[2::5] for record in faults(fd)])
  > PY
  0 EFAULT
  -1 EFAULT
  [('0x2000', 1)] 88 [('0x4000', 0)]

Close with everything in use: mappings, children, a table, all four devices by PASID, by SPID,
without PASID and by BIND, records that nobody reads, a page request that nobody answers. The
DMA that waits keeps the descriptor open:

  $ cat >everything.py <<'PY'
  > def everything():
  >     waits, other, process = setup(), alloc(fd), ioas_alloc(fd, PROCESS, FAULTS)
  >     print("in use", same([do(fd, "spid_attach", pasid, 5)[0], attach(fd, 1, pasid), attach(fd, 1), attach(fd, 1, 5, b"sim2", BY_SPID),
  >                           attach(fd, 1, device=b"sim3"), attach(fd, 2, other, b"sim2"), attach(fd, process, other, b"sim1"), bind(fd, other)]),
  >           len(dma_at(fd, BASE, pasid)), len(dma_at(fd, memory.at, other)), dma_at(fd, 0x1000, other, device=b"sim1"), pinned(), flush=True)
  >     return waits
  > def left():
  >     return [subprocess.check_output(["pasidctl", "list", "--json", *words]).decode().strip() for words in ([], ["--spaces"])]
  > PY
  $ cat calls.py everything.py - <<'PY' | python3
  > thread, answer = everything()
  > os.close(fd)
  > print("open", open_device()); interrupt(thread); print(answer())
  > fd = open_device()
  > print("left", left(), pinned(), same(dma_at(fd, BASE, number, device=device) for number in (0, pasid, pasid + 1) for device in (b"sim0", b"sim1", b"sim2", b"sim3")))
  > os.set_blocking(fd, False)
  > print(faults(fd), respond(fd, 1), same(ioas_free(fd, number) for number in range(1, 5)), free(fd, pasid), free(fd, pasid + 1))
  > os.set_blocking(fd, True)
  > print(alloc(fd, pasid, pasid) == pasid); everything()
  > PY
  in use 0 8 8 EFAULT 64
  open EBUSY
  EINTR
  left ['[]', '[]'] 0 EFAULT
  EAGAIN ENOENT ENOENT ENOENT ENOENT
  True
  in use 0 8 8 EFAULT 64

Killed with everything in use:

  $ cat calls.py everything.py - <<'PY' | python3
  > free(fd, pasid)
  > ready, tell = os.pipe()
  > child = os.fork()
  > if not child:
  >     os.close(fd); fd = open_device(); pasid = alloc(fd)
  >     everything(); os.write(tell, b"x"); signal.pause()
  > os.read(ready, 1)
  > ioas = ioas_alloc(fd)
  > print("taken", same(attach(fd, ioas, device=device) for device in (b"sim0", b"sim1", b"sim3")))
  > os.kill(child, signal.SIGKILL); os.waitpid(child, 0)
  > print(left()[0], same(attach(fd, ioas, device=device) for device in (b"sim0", b"sim1", b"sim2", b"sim3")))
  > PY
  in use 0 8 8 EFAULT 64
  taken EBUSY
  [] 0
