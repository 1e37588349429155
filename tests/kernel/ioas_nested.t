User page tables: a space whose table is in memory of its parent.

  $ export PYTHONPATH=$IOASID_SRC/tests
  $ cat >nested.py <<'PY'
  > import os, random, struct, sys, threading, time
  > from ioasid import *
  > fd = open_device()
  > memory = Memory(64)         # 64 pages at 0x100000 of the parent; tables in pages 0 to 9
  > BASE = 0x100000
  > parent = ioas_alloc(fd)
  > ioas_map(fd, parent, BASE, 64 * 4096, memory.at)
  > user = ioas_alloc(fd, USER, format=X86_64, parent=parent)
  > pasid = alloc(fd)
  > P, W, PS = 1, 2, 128
  > def page(number): return BASE + number * 4096
  > def entry(table, index, value): memory.store(table * 4096 + index * 8, value)
  > def point(iova, leaf, flags=P | W):
  >     "Tables in pages 0 (root) to 3; the entry of iova, below 2 MiB, is leaf."
  >     entry(0, 0, page(1) | P | W); entry(1, 0, page(2) | P | W); entry(2, 0, page(3) | P | W)
  >     entry(3, iova >> 12, leaf | flags)
  > for number in range(64): memory.store(number * 4096 + 8, 0x1000 + number)    # what each page says
  > def says(iova, **options):
  >     result = dma_at(fd, iova + 8, pasid, **options)
  >     return result if isinstance(result, str) else struct.unpack("Q", result)[0] - 0x1000
  > PY

Bind a table, go through it, change it: the change is seen after it was
invalidated, and not before:

  $ cat nested.py - <<'PY' | python3
  > print(attach(fd, user, pasid), says(0x5000))
  > print("table", table(fd, user, 1), table(fd, user, 2**48), table(fd, user, page(0)), table(fd, user, page(0)))
  > print("empty", says(0x5000))
  > point(0x5000, page(20)); print("20:", says(0x5000))
  > point(0x5000, page(21)); print("stale:", says(0x5000))
  > print(invalidate(fd, user, (0x5000, 4096)), "21:", says(0x5000))
  > point(0x5000, page(22)); point(0x6000, page(23))
  > print(invalidate(fd, user, (0x6000, 4096)), "stale 21:", says(0x5000), "23:", says(0x6000))
  > print(invalidate(fd, user, (0, ALL)), "22:", says(0x5000))
  > print("unbind", do(fd, "table_unbind", user, 0)[0], do(fd, "table_unbind", user, 0)[0], says(0x5000))
  > print("parent in use", ioas_free(fd, parent), detach(fd, pasid), ioas_free(fd, parent), ioas_free(fd, user), ioas_free(fd, parent))
  > PY
  0 EFAULT
  table EINVAL EINVAL 0 EBUSY
  empty EFAULT
  20: 20
  stale: 20
  (0, 1) 21: 21
  (0, 1) stale 21: 21 23: 23
  (0, 1) 22: 22
  unbind 0 ENOENT EFAULT
  parent in use EBUSY 0 EBUSY 0 0

A batch stops at the first bad entry and says how many were done:

  $ cat nested.py - <<'PY' | python3
  > print(invalidate(fd, user), invalidate(fd, user, (0, 4096), (0, 0), (0, 4096)), invalidate(fd, user, (0, 1), (2**64 - 1, 2)))
  > print(do(fd, "invalidate", user, 15, memory.at, 1, 0), do(fd, "invalidate", user, 4097, memory.at, 1, 0), do(fd, "invalidate", user, 16, 8, 1, 0))
  > memory.store(0, 0); memory.store(8, 4096); memory.store(16, 1)
  > print(do(fd, "invalidate", user, 24, memory.at, 1, 0)[0], do(fd, "invalidate", user, 16, memory.at, 1, 1)[0])
  > PY
  (0, 0) ('EINVAL', 1) ('EINVAL', 1)
  ('EINVAL', (2, 15, *, 0, 0)) ('E2BIG', (2, 4097, *, 0, 0)) ('EFAULT', (2, 16, 8, 0, 0)) (glob)
  E2BIG EOPNOTSUPP

Permissions of both tables, large pages, reserved bits, addresses outside:

  $ cat nested.py - <<'PY' | python3
  > ioas_map(fd, parent, 0x10000000, 4096, memory.at + 40 * 4096, MAP_READ)
  > attach(fd, user, pasid); table(fd, user, page(0))
  > def fresh(*change):
  >     point(0x5000, page(20)); [entry(*one) for one in change]; invalidate(fd, user, (0, ALL))
  > def both(): return says(0x5000), dma_at(fd, 0x5000, pasid, write=b"x")
  > fresh(); print("rw", both())
  > for level in range(4):
  >     fresh((level, 5 if level == 3 else 0, (page(20) if level == 3 else page(level + 1)) | P)); print("ro at", 4 - level, both())
  > fresh((3, 5, 0x10000000 | P | W)); print("ro parent", both())
  > fresh((3, 5, page(20) | W)); print("absent", both())
  > fresh((2, 0, page(3))); print("absent table", both())
  > fresh((3, 5, 0x50000000 | P | W)); print("outside", both())
  > fresh((2, 0, 0x50000000 | P | W)); print("table outside", both())
  > fresh((3, 5, 0xffffff000 << 12 | P | W)); print("wide", both())
  > fresh((0, 0, page(1) | P | W | PS)); print("512 GiB page", both())
  > fresh((2, 0, page(20) | P | W | PS)); print("misaligned 2 MiB", both())
  > fresh((1, 0, 0 | P | W | PS)); print("1 GiB", says(BASE + 20 * 4096), says(0x10000000), says(0x30000000))
  > fresh((2, 0, 0x0 | P | W | PS)); print("2 MiB", says(BASE + 20 * 4096), says(0x1ff000))
  > print("too wide", dma_at(fd, 2**48 + 0x5000, pasid))
  > PY
  rw (20, 1)
  ro at 4 (20, 'EFAULT')
  ro at 3 (20, 'EFAULT')
  ro at 2 (20, 'EFAULT')
  ro at 1 (20, 'EFAULT')
  ro parent (40, 'EFAULT')
  absent ('EFAULT', 'EFAULT')
  absent table ('EFAULT', 'EFAULT')
  outside ('EFAULT', 'EFAULT')
  table outside ('EFAULT', 'EFAULT')
  wide ('EFAULT', 'EFAULT')
  512 GiB page ('EFAULT', 'EFAULT')
  misaligned 2 MiB ('EFAULT', 'EFAULT')
  1 GiB 20 40 EFAULT
  2 MiB 20 EFAULT
  too wide EFAULT

What the parent unmaps is gone for the child, cached or not; also its tables:

  $ cat nested.py - <<'PY' | python3
  > other = Memory(1); other.store(8, 0x1000 + 99)
  > ioas_map(fd, parent, 0x20000000, 4096, other.at)
  > attach(fd, user, pasid); table(fd, user, page(0)); point(0x5000, 0x20000000); point(0x6000, page(20))
  > print(says(0x5000), says(0x6000), ioas_unmap(fd, parent, 0x20000000, 4096), says(0x5000), says(0x6000))
  > print(ioas_unmap(fd, parent), says(0x6000), ioas_map(fd, parent, BASE, 64 * 4096, memory.at), says(0x6000))
  > PY
  99 20 4096 EFAULT 20
  262144 EFAULT 0 20

Whatever the tables contain, and while they change, DMA stays inside the parent:
cyclic tables, random ones, addresses outside. Memory of the process that is not
mapped is neither read nor written.

  $ cat nested.py - <<'PY' | python3
  > secret = Memory(64)
  > secret.map[:] = b"S" * len(secret.map)
  > attach(fd, user, pasid); table(fd, user, page(0))
  > entry(0, 0, page(0) | P | W); print("cyclic", isinstance(dma_at(fd, 0, pasid), bytes))
  > rng = random.Random(11)
  > targets = [page(n) for n in range(64)] + [0, 2**47, secret.at & ~4095, 0xfee00000, BASE - 4096, BASE + 64 * 4096, 2**52 - 4096]
  > stop, seen = threading.Event(), {True: 0, False: 0}
  > def scribble():
  >     while not stop.is_set():
  >         entry(rng.randrange(10), rng.randrange(8), rng.choice(targets if not rng.randrange(5) else targets[:10]) | rng.choice((0, P, P | W, P | W, P | W, P | W, P | W | PS)))
  >         if not rng.randrange(20): invalidate(fd, user, (0, ALL))
  >         if not rng.randrange(500): ioas_unmap(fd, parent, BASE + 63 * 4096, 4096)
  > def go(kind):
  >     own = random.Random(kind)
  >     while not stop.is_set():
  >         iova = sum(own.randrange(8) << shift for shift in (39, 30, 21, 12)) + own.randrange(4096)
  >         result = dma_at(fd, iova, pasid, 64) if kind else dma_at(fd, iova, pasid, write=b"W" * 64)
  >         assert not (isinstance(result, bytes) and b"SSSS" in result), result
  >         seen[result != "EFAULT"] += 1
  > threads = [threading.Thread(target=one) for one in (scribble, lambda: go(0), lambda: go(1))]
  > [thread.start() for thread in threads]
  > time.sleep(4); stop.set(); [thread.join() for thread in threads]
  > print(seen[True] > 0, seen[False] > 0, secret.map[:] == b"S" * len(secret.map))
  > PY
  cyclic True
  True True True

An invalidation that a device does not complete: the user's own is reported. For
memory that is unmapped, the device is detached instead, so that it cannot reach
it:

  $ cat nested.py - <<'PY' | python3
  > fails = "/sys/module/ioasid_shim/parameters/sim_invalidate_fails"
  > attach(fd, user, pasid); table(fd, user, page(0)); point(0x5000, page(20))
  > print(says(0x5000))
  > open(fails, "w").write("1")
  > print(invalidate(fd, user, (0, ALL), (0, ALL)), says(0x5000), ioas_unmap(fd, parent), says(0x5000), detach(fd, pasid))
  > open(fails, "w").write("0")
  > PY
  20
  ('EIO', 0) 20 262144 EFAULT ENOENT

A slow device: only the process that unmaps waits, and it can be killed:

  $ cat nested.py - <<'PY' | python3
  > import signal
  > slow = "/sys/module/ioasid_shim/parameters/sim_invalidate_ms"
  > attach(fd, user, pasid); table(fd, user, page(0)); point(0x5000, page(20)); print(says(0x5000))
  > open(slow, "w").write("30000")
  > child = os.fork()
  > if not child:
  >     os.close(fd); fd = open_device(); one = ioas_alloc(fd); ioas_map(fd, one, 0, 4096, memory.at); attach(fd, one, device=b"sim1")
  >     os.write(1, b"unmapping\n")
  >     ioas_unmap(fd, one)
  >     os._exit(0)
  > time.sleep(1)
  > start = time.monotonic()
  > print(says(0x5000), alloc(fd) > 0, detach(fd, pasid), attach(fd, user, pasid))
  > os.kill(child, signal.SIGKILL); os.waitpid(child, 0)
  > print(time.monotonic() - start < 20)
  > open(slow, "w").write("0")
  > PY
  unmapping
  20
  20 True 0 0
  True
