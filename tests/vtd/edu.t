A VT-d unit that the module programs, in front of QEMU's edu device. Addresses of the
mappings are the physical addresses of decoy pages: a DMA that is not translated hits
the decoy.

time-limit: 600
kernel-log: ioasid: vtd: unit at 0x[0-9a-f]+: queue error

  $ [ -e /sys/firmware/acpi/tables/DMAR ] || exit 80
  $ export PYTHONPATH=$IOASID_SRC/tests
  $ module=$IOASID_SRC/build/kmod/$IOASID_FLAVOUR/ioasid_shim.ko
  $ blocked() { dmesg | sed -n "s/.* \(edu0: \(write\|read\) of\) 0x[0-9a-f]* \(blocked: .*\)/\1 * \3/p" | tail -${1:-1}; }
  $ cat >vtd.py <<'PY'
  > import os, signal, struct, subprocess, sys
  > from ioasid import *
  > from edu import *
  > libc.mlockall(3)
  > memory, decoy = Memory(4), Memory(4)
  > for page in range(4):
  >     decoy.store(page * 4096, 0x0dec0dec0dec0dec); memory.store(page * 4096, 0)
  > at = physical(decoy.at)
  > def there(which):
  >     return struct.unpack_from("Q", which.map)[0]
  > def state():
  >     return "memory %#x decoy %#x" % (there(memory), there(decoy))
  > def value(number):
  >     return struct.pack("Q", number)
  > PY

Without the parameter, nothing is taken over. DMA is not translated: it hits the decoy.

  $ cat >untranslated.py <<'PY'
  > from vtd import *
  > memory.store(0, 0x1111)
  > edu = Edu()
  > edu.load(physical(memory.at)); edu.store(at)
  > print(state())
  > PY
  $ python3 untranslated.py
  memory 0x1111 decoy 0x1111

Taking over:

  $ rmmod ioasid_shim; insmod $module vtd=1
  $ dmesg | sed -n 's/.*\(ioasid: vtd: using the unit .*\)/\1/p'
  ioasid: vtd: using the unit at 0xfed90000: second stage, 48-bit addresses, RID_PASID * (glob)
  $ cat - <<'PY' | python3
  > from vtd import *
  > fd = open_device()
  > result, fields = do(fd, "device_info", b"edu0", 0, 0, 0, 0, 0, b"")
  > print(result, fields[1:5])
  > one, pasid = ioas_alloc(fd), alloc(fd)
  > print("nothing attached", dma_at(fd, at, device=b"edu0"), "pasid", attach(fd, one, pasid, b"edu0"), "process", attach(fd, ioas_alloc(fd, PROCESS), device=b"edu0"))
  > PY
  0 (16, 0, 48, 0)
  nothing attached EFAULT pasid EOPNOTSUPP process EOPNOTSUPP

The mapping decides where DMA goes, and what it may do:

  $ cat - <<'PY' | python3
  > from vtd import *
  > fd = open_device()
  > one = ioas_alloc(fd, flags=FAULTS)
  > print(ioas_map(fd, one, at, 0x2000, memory.at), attach(fd, one, device=b"edu0"))
  > print(dma_at(fd, at, device=b"edu0", write=value(0x2222)), state(), dma_at(fd, at, device=b"edu0").hex())
  > print(dma_at(fd, at + 0xff8, device=b"edu0", write=bytes(range(16))), memory.map[0xff8:0x1008].hex(), decoy.map[0xff8:0x1000].hex())
  > print("not mapped", dma_at(fd, at + 0x2000, device=b"edu0"), dma_at(fd, at + 0x2000, device=b"edu0", write=b"x"))
  > print("interrupt", dma_at(fd, 0xfee00000, device=b"edu0", write=bytes(4)))
  > print("wide", dma_at(fd, 2**48, device=b"edu0"), dma_at(fd, 2**48 + 0xfee00000, device=b"edu0", write=bytes(4)),
  >       dma_at(fd, 2**64 - 8, device=b"edu0", write=bytes(16)))
  > print([fault[0:1] + fault[3:5] + fault[8:9] for fault in faults(fd)])
  > print("read only", ioas_map(fd, one, 0x7000000000, 0x1000, memory.at, MAP_READ), dma_at(fd, 0x7000000000, device=b"edu0").hex(),
  >       dma_at(fd, 0x7000000000, device=b"edu0", write=b"x"), state())
  > print([fault[4] for fault in faults(fd)])
  > print("unmapped", ioas_unmap(fd, one, at, 0x2000), dma_at(fd, at, device=b"edu0", write=b"x"), state())
  > PY
  0 0
  8 memory 0x2222 decoy 0xdec0dec0dec0dec 2222000000000000
  16 000102030405060708090a0b0c0d0e0f 0000000000000000
  not mapped EFAULT EFAULT
  interrupt EFAULT
  wide EFAULT EFAULT EFAULT
  [('dma', 1, 'not_present', 'edu0'), ('dma', 2, 'not_present', 'edu0'), ('dma', 2, 'not_present', 'edu0'), ('dma', 1, 'address_width', 'edu0'), ('dma', 2, 'address_width', 'edu0'), ('dma', 2, 'address_width', 'edu0')]
  read only 0 2222000000000000 EFAULT memory 0x2222 decoy 0xdec0dec0dec0dec
  ['permission']
  unmapped 8192 EFAULT memory 0x2222 decoy 0xdec0dec0dec0dec
  $ blocked 4
  edu0: read of * blocked: fault 0x6 (no read permission in the second stage) (glob)
  edu0: write of * blocked: fault 0x5 (no write permission in the second stage) (glob)
  edu0: write of * blocked: fault 0x5 (no write permission in the second stage) (glob)
  edu0: write of * blocked: fault 0x5 (no write permission in the second stage) (glob)

Another space in its place, and nothing at all. A DMA that the module did not start
reaches nothing either; the next one reports it:

  $ cat - <<'PY' | python3
  > from vtd import *
  > fd = open_device()
  > edu = Edu()
  > one, two, other = ioas_alloc(fd), ioas_alloc(fd), Memory(1)
  > other.store(0, 0x4444)
  > print(ioas_map(fd, one, at, 0x1000, memory.at), ioas_map(fd, two, at, 0x1000, other.at))
  > print(attach(fd, one, device=b"edu0"), dma_at(fd, at, device=b"edu0", write=value(0x3333)), state())
  > print(attach(fd, two, device=b"edu0", flags=REPLACE), dma_at(fd, at, device=b"edu0").hex(), ioas_free(fd, one))
  > edu.load(at); memory.store(0, 0); edu.store(at); print("behind its back", hex(there(other)), state())
  > print(detach(fd, device=b"edu0"), dma_at(fd, at, device=b"edu0"))
  > other.store(0, 0); decoy.store(0, 7); edu.store(at); print("behind its back", hex(there(other)), state())
  > print(attach(fd, two, device=b"edu0"), dma_at(fd, at, device=b"edu0").hex())
  > PY
  0 0
  0 8 memory 0x3333 decoy 0xdec0dec0dec0dec
  0 4444000000000000 0
  behind its back 0x4444 memory 0x0 decoy 0xdec0dec0dec0dec
  0 EFAULT
  behind its back 0x0 memory 0x0 decoy 0x7
  0 0000000000000000
  $ blocked
  edu0: write of * blocked: fault 0x5[8b] * (glob)

The end of the process ends its attachment:

  $ cat - <<'PY' | python3
  > from vtd import *
  > child = subprocess.Popen([sys.executable, "-c", """if True:
  >     from vtd import *
  >     import time
  >     fd = open_device()
  >     one = ioas_alloc(fd)
  >     print(hex(at), ioas_map(fd, one, at, 0x1000, memory.at), attach(fd, one, device=b"edu0"), dma_at(fd, at, device=b"edu0", write=value(5)), flush=True)
  >     time.sleep(600)"""], stdout=subprocess.PIPE, text=True)
  > line = child.stdout.readline().split(); print(line[1:])
  > child.kill(); child.wait()
  > edu = Edu()
  > edu.store(int(line[0], 16)); edu.store(at); print(state())
  > fd = open_device(); one = ioas_alloc(fd); print(ioas_map(fd, one, at, 0x1000, memory.at), attach(fd, one, device=b"edu0"), dma_at(fd, at, device=b"edu0", write=value(6)), state())
  > PY
  ['0', '0', '8']
  memory 0x0 decoy 0xdec0dec0dec0dec
  0 0 8 memory 0x6 decoy 0xdec0dec0dec0dec

An invalid descriptor stops the queue; the module lets it go on:

  $ echo 1 >/sys/module/ioasid_shim/parameters/vtd_bad_descriptor
  $ cat - <<'PY' | python3
  > from vtd import *
  > fd = open_device(); one = ioas_alloc(fd)
  > print(ioas_map(fd, one, at, 0x1000, memory.at), attach(fd, one, device=b"edu0"), dma_at(fd, at, device=b"edu0", write=value(9)), state())
  > print(ioas_unmap(fd, one), dma_at(fd, at, device=b"edu0", write=value(10)), state())
  > PY
  0 0 8 memory 0x9 decoy 0xdec0dec0dec0dec
  4096 EFAULT memory 0x9 decoy 0xdec0dec0dec0dec
  $ dmesg | grep -c 'queue error'
  1
  $ cat /sys/module/ioasid_shim/parameters/vtd_bad_descriptor
  N

Giving the unit back: nothing is translated again.

  $ rmmod ioasid_shim; dmesg | grep -c 'gave the unit at 0xfed90000 back'
  1
  $ python3 untranslated.py
  memory 0x1111 decoy 0x1111
  $ insmod $module vtd=1; rmmod ioasid_shim; insmod $module
