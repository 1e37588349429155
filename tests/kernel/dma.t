The device reaches exactly what its process reaches, as long as it is bound.

  $ export PYTHONPATH=$IOASID_SRC/tests
  $ cat >dma.py <<'PY'
  > import ctypes, mmap, os, struct
  > from ioasid import *
  > READ, WRITE = 1, 2
  > def address(area):
  >     return ctypes.addressof(ctypes.c_char.from_buffer(area))
  > def dma(fd, pasid, flags, iova, data, length=None, device=b"sim0"):
  >     return call(fd, DMA, bytearray(struct.pack("4I3Q32s", 72, flags, pasid, 0, iova,
  >         len(data) if length is None else length, address(data), device)))
  > fd = open_device()
  > pasid = alloc(fd)
  > PY

Data lands, across pages, where it should and nowhere else:

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

Not mapped, read-only, beyond the end, not bound, freed, unbound: a fault, and
nothing written before a page that faults is taken for granted.

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
  > print("direction", dma(fd, pasid, 0, 0, data), dma(fd, pasid, 3, 0, data), dma(fd, pasid, 4, 0, data))
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
  direction EINVAL EINVAL EOPNOTSUPP

When the process is gone, nobody reaches its memory under its PASID:

  $ ioasid-io -c 'alloc 5 5' -c 'bind sim0 5' -c 'dma sim0 5 write buf 4096'
  alloc: 5
  bind: 0
  dma: 4096
  $ ioasid-io -c 'dma sim0 5 read buf 16'
  dma: error EFAULT
  [1]
