I/O address spaces, call by call. First the common rules of all calls.

  $ export PYTHONPATH=$IOASID_SRC/tests
  $ cat >ioas.py <<'PY'
  > import os, struct, sys
  > from ioasid import *
  > fd = open_device()
  > PY

NULL pointer, size short by one, a longer struct with zero and with non-zero
tail, an unknown flag:

  $ cat ioas.py - <<'PY' | python3
  > for which, (number, layout) in CALLS.items():
  >     fields = [b"" if kind[-1] == "s" else 0 for kind in __import__("re").findall(r"\d*s|\d*[A-Z]", layout)
  >               for _ in range(1 if kind[-1] == "s" else int(kind[:-1] or 1))]
  >     good = request(which, *fields)
  >     def result(buffer):
  >         return call(fd, number, buffer)
  >     print("%-16s" % which, call(fd, number, None), call(fd, number, 8),
  >           result(request(which, *fields, size=len(good) - 1)), result(good),
  >           result(good) == result(request(which, *fields, tail=bytes(8))),
  >           result(request(which, *fields, tail=b"\0\1")),
  >           result(request(which, *fields, flags=1 << 31)),
  >           result(request(which, *fields, size=4097, tail=bytes(4096))))
  > PY
  device_info      EFAULT EFAULT EINVAL ENODEV True E2BIG EOPNOTSUPP E2BIG
  check_extension  EFAULT EFAULT EINVAL 0 True E2BIG EOPNOTSUPP E2BIG
  ioas_alloc       EFAULT EFAULT EINVAL EINVAL True E2BIG EOPNOTSUPP E2BIG
  ioas_free        EFAULT EFAULT EINVAL ENOENT True E2BIG EOPNOTSUPP E2BIG
  ioas_ranges      EFAULT EFAULT EINVAL ENOENT True E2BIG EOPNOTSUPP E2BIG
  map              EFAULT EFAULT EINVAL ENOENT True E2BIG EOPNOTSUPP E2BIG
  unmap            EFAULT EFAULT EINVAL ENOENT True E2BIG EOPNOTSUPP E2BIG
  table_bind       EFAULT EFAULT EINVAL ENOENT True E2BIG EOPNOTSUPP E2BIG
  table_unbind     EFAULT EFAULT EINVAL ENOENT True E2BIG EOPNOTSUPP E2BIG
  invalidate       EFAULT EFAULT EINVAL ENOENT True E2BIG EOPNOTSUPP E2BIG
  attach           EFAULT EFAULT EINVAL ENODEV True E2BIG EOPNOTSUPP E2BIG
  detach           EFAULT EFAULT EINVAL ENODEV True E2BIG EOPNOTSUPP E2BIG
  page_response    EFAULT EFAULT EINVAL ENOENT True E2BIG EOPNOTSUPP E2BIG

Devices and extensions:

  $ cat ioas.py - <<'PY' | python3
  > for device in b"sim0", b"sim1", b"sim2", b"sim3", b"sim4":
  >     result, fields = do(fd, "device_info", device, 0, 0, 0, 0, 0, b"")
  >     print(result, *fields[:1], *map(hex, fields[1:6]), fields[6].rstrip(b"\0"))
  > print([do(fd, "check_extension", number, 7) for number in (0, 1, 2, 3, 4)])
  > PY
  0 b'sim0*' 0x1f 0x14 0x30 0x2 0x201000 b'sim' (glob)
  0 b'sim1*' 0x1f 0x14 0x30 0x2 0x201000 b'sim' (glob)
  0 b'sim2*' 0x15 0x8 0x30 0x2 0x201000 b'sim' (glob)
  0 b'sim3*' 0x10 0x0 0x27 0x0 0x201000 b'sim' (glob)
  ENODEV b'sim4*' 0x0 0x0 0x0 0x0 0x0 b'' (glob)
  [(0, (0, 0)), (0, (1, 14)), (0, (2, 256)), (0, (3, 1)), (0, (4, 0))]

Spaces: kinds, parents, IDs that are given again, reserved fields:

  $ cat ioas.py - <<'PY' | python3
  > print(ioas_alloc(fd), ioas_alloc(fd, PROCESS), ioas_alloc(fd, USER, format=X86_64, parent=1))
  > print(ioas_alloc(fd, 0), ioas_alloc(fd, 5), ioas_alloc(fd, KVM))
  > print(ioas_alloc(fd, USER, format=X86_64), ioas_alloc(fd, USER, parent=1), ioas_alloc(fd, USER, format=2, parent=1))
  > print(ioas_alloc(fd, USER, format=X86_64, parent=9), ioas_alloc(fd, USER, format=X86_64, parent=2),
  >       ioas_alloc(fd, USER, format=X86_64, parent=3))
  > print(ioas_alloc(fd, KERNEL, parent=1), ioas_alloc(fd, KERNEL, format=X86_64), ioas_alloc(fd, PROCESS, base=1))
  > print(ioas_alloc(fd, base=0x2000, highest=0x1fff), ioas_alloc(fd, highest=2**48))
  > print(ioas_free(fd, 1), ioas_free(fd, 3), ioas_free(fd, 1), ioas_free(fd, 1), ioas_free(fd, 0), ioas_free(fd, 2**32 - 1))
  > print(ioas_alloc(fd), do(fd, "ioas_free", 1, 1)[0])
  > # Wrong kind
  > print(ioas_map(fd, 2, 0, 4096, 0x10000), ioas_unmap(fd, 2), table(fd, 1, 0), invalidate(fd, 2))
  > # The result cannot be stored: nothing is left
  > import mmap
  > area = mmap.mmap(-1, 8192, prot=mmap.PROT_READ | mmap.PROT_WRITE)
  > at = address(area)
  > good = request("ioas_alloc", KERNEL, 0, 0, 0, 0, 0)
  > area[:len(good)] = bytes(good)
  > libc.mprotect(ctypes.c_void_p(at), ctypes.c_size_t(4096), 1)
  > print(call(fd, CALLS["ioas_alloc"][0], at), ioas_free(fd, 3), ioas_alloc(fd))
  > PY
  1 2 3
  EINVAL EINVAL EOPNOTSUPP
  EINVAL EINVAL EINVAL
  ENOENT EINVAL EINVAL
  EINVAL EINVAL EINVAL
  EINVAL EINVAL
  EBUSY 0 0 ENOENT ENOENT ENOENT
  1 EOPNOTSUPP
  EINVAL EINVAL EINVAL ('EINVAL', 0)
  EFAULT ENOENT 3

Ranges: room, limits given, and those of a device with fewer bits:

  $ cat ioas.py - <<'PY' | python3
  > one, two, process = ioas_alloc(fd), ioas_alloc(fd, base=0x1000, highest=0xffffff), ioas_alloc(fd, PROCESS)
  > print(ranges(fd, one))
  > print(ranges(fd, one, 1), ranges(fd, one, 0))
  > print(ranges(fd, two), ranges(fd, process))
  > print(attach(fd, one, device=b"sim3"), ranges(fd, one))
  > print(do(fd, "ioas_ranges", one, 2, 8, 0)[0])
  > PY
  (0, 2, ['0x0', '0xfedfffff', '0xfef00000', '0xffffffffffff'])
  ('EMSGSIZE', 2, []) ('EMSGSIZE', 2, [])
  (0, 1, ['0x1000', '0xffffff']) (0, 1, ['0x0', '0x7fffffffefff'])
  0 (0, 2, ['0x0', '0xfedfffff', '0xfef00000', '0x7fffffffff'])
  EFAULT

Map and unmap: alignment, overlap, partial, all, all of nothing, limits:

  $ cat ioas.py - <<'PY' | python3
  > memory, one = Memory(16), ioas_alloc(fd)
  > at = memory.at
  > print(ioas_map(fd, one, 0x10000, 0x4000, at), ioas_map(fd, one, 0x20000, 0x2000, at, MAP_READ))
  > print("overlap", [ioas_map(fd, one, iova, length, at) for iova, length in
  >       ((0x10000, 0x4000), (0xf000, 0x2000), (0x13000, 0x2000), (0x11000, 0x1000), (0xf000, 0x8000))])
  > print("beside", ioas_map(fd, one, 0xf000, 0x1000, at), ioas_map(fd, one, 0x14000, 0x1000, at))
  > print("misaligned", ioas_map(fd, one, 0x30001, 0x1000, at), ioas_map(fd, one, 0x30000, 0x1001, at),
  >       ioas_map(fd, one, 0x30000, 0x1000, at + 1), ioas_map(fd, one, 0x30000, 0, at))
  > print("range", ioas_map(fd, one, 2**48, 0x1000, at), ioas_map(fd, one, 2**48 - 0x1000, 0x2000, at),
  >       ioas_map(fd, one, 2**64 - 0x1000, 0x2000, at), ioas_map(fd, one, 0xfee00000, 0x1000, at),
  >       ioas_map(fd, one, 2**48 - 0x1000, 0x1000, at))
  > print("flags", ioas_map(fd, one, 0x30000, 0x1000, at, 0), ioas_map(fd, one, 0x30000, 0x1000, at, 4))
  > print("memory", ioas_map(fd, one, 0x30000, 0x1000, 0), ioas_map(fd, one, 0x30000, 0x11000, at),
  >       ioas_map(fd, one, 0x30000, 0x1000, 2**63))
  > print("partial", [ioas_unmap(fd, one, iova, length) for iova, length in
  >       ((0x10000, 0x1000), (0x13000, 0x1000), (0x11000, 0x1000), (0xe000, 0x3000), (0x12000, 0x8000))])
  > print("nothing", ioas_unmap(fd, one, 0x50000, 0x1000), ioas_unmap(fd, one, 0, 0), ioas_unmap(fd, one, 2**64 - 1, 2))
  > print("whole", ioas_unmap(fd, one, 0xf000, 0x6000), ioas_unmap(fd, one, 0xf000, 0x6000))
  > print("all", ioas_unmap(fd, one), ioas_unmap(fd, one))
  > print("again", ioas_map(fd, one, 0x10000, 0x4000, at), ioas_free(fd, one))
  > PY
  0 0
  overlap ['EEXIST', 'EEXIST', 'EEXIST', 'EEXIST', 'EEXIST']
  beside 0 0
  misaligned EINVAL EINVAL EINVAL EINVAL
  range EINVAL EINVAL EINVAL EINVAL 0
  flags EINVAL EOPNOTSUPP
  memory EFAULT EFAULT EFAULT
  partial ['ENOENT', 'ENOENT', 'ENOENT', 'ENOENT', 'ENOENT']
  nothing ENOENT EINVAL EINVAL
  whole 24576 ENOENT
  all 12288 0
  again 0 0

Pinned memory counts towards RLIMIT_MEMLOCK, and is returned:

  $ cat ioas.py - <<'PY' | python3
  > import resource
  > resource.setrlimit(resource.RLIMIT_MEMLOCK, (8 * 4096, 8 * 4096))
  > memory, one = Memory(16), ioas_alloc(fd)
  > os.setresuid(1000, 1000, 1000)
  > print(ioas_map(fd, one, 0, 9 * 4096, memory.at), ioas_map(fd, one, 0, 8 * 4096, memory.at))
  > print(ioas_map(fd, one, 0x10000, 4096, memory.at), ioas_unmap(fd, one), ioas_map(fd, one, 0, 8 * 4096, memory.at))
  > print(ioas_free(fd, one), ioas_map(fd, ioas_alloc(fd), 0, 8 * 4096, memory.at))
  > print([line.split()[1] for line in open("/proc/self/status") if line.startswith("VmPin")])
  > PY
  ENOMEM 0
  ENOMEM 32768 0
  0 0
  ['32']
