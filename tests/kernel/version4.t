A client of version 4 of the 2021 proposal, such as a virtual machine monitor: it
opens the device once, queries version and width, allocates from 1 to 0xFFFFF, frees, and
never closes.

  $ export PYTHONPATH=$IOASID_SRC/tests
  $ python3 - <<'PY'
  > import struct
  > from ioasid import *
  > fd = open_device()
  > info = bytearray(struct.pack("3I", 12, 0, 0))
  > print("version", call(fd, VERSION))
  > print("info", call(fd, INFO, info), "bits", struct.unpack("3I", info)[2])
  > first, second = alloc(fd), alloc(fd)
  > print("two different ones from 1 on", 0 < first < second)
  > print("free", free(fd, first), "again", free(fd, first), "unknown", free(fd, 0x12345))
  > print("zero", free(fd, 0), "no PASID", free(fd, 0xFFFFFFFF))
  > PY
  version 0
  info 0 bits 20
  two different ones from 1 on True
  free 0 again ENOENT unknown ENOENT
  zero ENOENT no PASID ENOENT

Sizes, flags, pointers, ranges and unknown calls:

  $ python3 - <<'PY'
  > import struct
  > from ioasid import *
  > fd = open_device()
  > print("short info", call(fd, INFO, bytearray(struct.pack("3I", 11, 0, 0))))
  > print("long info", call(fd, INFO, bytearray(struct.pack("4I", 16, 0, 0, 0))))
  > print("short alloc", alloc(fd, argsz=15))
  > print("flags", alloc(fd, flags=1), call(fd, INFO, bytearray(struct.pack("3I", 12, 4, 0))))
  > print("bad pointer", call(fd, ALLOC, 8), call(fd, INFO, 8), call(fd, FREE, 8))
  > print("min above max", alloc(fd, 5, 4), "too wide", alloc(fd, 1, 0x100000))
  > print("zero is never given", alloc(fd, 0, 0), alloc(fd, 0, 1))
  > print("one only", alloc(fd, 7, 7), "and gone", alloc(fd, 7, 7))
  > print("the last one", alloc(fd, 0xFFFFF, 0xFFFFF))
  > print("unknown", call(fd, 0x6964 + 4), call(fd, 0x6964 + 31), call(fd, 0x6984 + 90), call(fd, 0x1234))
  > PY
  short info EINVAL
  long info 0
  short alloc EINVAL
  flags EOPNOTSUPP EOPNOTSUPP
  bad pointer EFAULT EFAULT EFAULT
  min above max EINVAL too wide EINVAL
  zero is never given EINVAL 1
  one only 7 and gone ENOSPC
  the last one 1048575
  unknown ENOTTY ENOTTY ENOTTY ENOTTY

The newer calls: structs may grow at the end if the added bytes are zero; names are
terminated.

  $ python3 - <<'PY'
  > import struct
  > from ioasid import *
  > fd = open_device()
  > pasid = alloc(fd)
  > print("short", bind(fd, pasid, size=47), "zero tail", bind(fd, pasid, size=56, tail=bytes(8)))
  > print("tail", bind(fd, pasid, number=UNBIND, size=56, tail=b"\1" + bytes(7)))
  > print("page", bind(fd, pasid, size=4096, tail=bytes(4048)), "above", bind(fd, pasid, size=4097, tail=bytes(4049)),
  >       "huge", bind(fd, pasid, size=2**32 - 1))
  > print("flags", bind(fd, pasid, flags=1), "reserved", bind(fd, pasid, reserved=1))
  > print("no end", bind(fd, pasid, device=b"s" * 32), "no such", bind(fd, pasid, device=b"sim9"))
  > print("behind the end", bind(fd, pasid, device=b"sim0\0x"), dma(fd, pasid, READ, 0, bytearray(1), device=b"sim0" + bytes(27) + b"x"))
  > spid = lambda number, value: call(fd, number, bytearray(struct.pack("4I", 16, 0, pasid, value)))
  > print("spid", spid(SPID_ATTACH, 5), spid(SPID_DETACH, 5), spid(SPID_DETACH, 0))
  > print("twice", bind(fd, pasid), "unbind", bind(fd, pasid, number=UNBIND),
  >       "twice", bind(fd, pasid, number=UNBIND))
  > print("unknown PASID", bind(fd, 0x777), bind(fd, 0x777, number=UNBIND))
  > PY
  short EINVAL zero tail 0
  tail E2BIG
  page EBUSY above E2BIG huge E2BIG
  flags EOPNOTSUPP reserved EOPNOTSUPP
  no end EINVAL no such ENODEV
  behind the end EINVAL EINVAL
  spid 0 EOPNOTSUPP 0
  twice EBUSY unbind 0 twice EINVAL
  unknown PASID ENOENT ENOENT
