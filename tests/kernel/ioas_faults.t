Faults and page requests that the owner of a space reads from its descriptor.

  $ export PYTHONPATH=$IOASID_SRC/tests
  $ cat >faults.py <<'PY'
  > import os, select, signal, struct, sys, threading, time
  > from ioasid import *
  > fd = open_device()
  > os.set_blocking(fd, False)
  > memory = Memory(16)
  > BASE = 0x100000
  > parent = ioas_alloc(fd)
  > ioas_map(fd, parent, BASE, 16 * 4096, memory.at)
  > user = ioas_alloc(fd, USER, FAULTS, X86_64, parent)
  > pasid = alloc(fd)
  > def page(number): return BASE + number * 4096
  > def point(iova, leaf):
  >     for table in range(3): memory.store(table * 4096, page(table + 1) | 3)
  >     memory.store(3 * 4096 + (iova >> 12) * 8, leaf)
  > def fork():
  >     sys.stdout.flush()
  >     return os.fork()
  > def wait_fault():
  >     poll = select.poll(); poll.register(fd, select.POLLIN)
  >     assert poll.poll(60000)
  >     return faults(fd)
  > def background(*what, **options):
  >     answer = []
  >     thread = threading.Thread(target=lambda: answer.append(dma_at(*what, **options)))
  >     thread.start()
  >     return lambda: (thread.join(), answer[0])[1]
  > attach(fd, user, pasid)
  > PY

A DMA that fails is reported with the reason, if the space asks for it:

  $ cat faults.py - <<'PY' | python3
  > print(faults(fd), os.read.__name__)
  > plain = ioas_alloc(fd); attach(fd, plain, device=b"sim1")
  > print(dma_at(fd, 0x5000, device=b"sim1"), faults(fd))
  > print(dma_at(fd, 0x5000, pasid), faults(fd))
  > kernel = ioas_alloc(fd, flags=FAULTS); attach(fd, kernel)
  > print(dma_at(fd, 0x6008, write=b"x"), faults(fd))
  > ioas_map(fd, kernel, 0x6000, 4096, memory.at, MAP_READ)
  > print(dma_at(fd, 0x6008, write=b"x"), dma_at(fd, 2**50), faults(fd))
  > try: os.read(fd, 87)
  > except OSError as error: print(name(error.errno))
  > PY
  EAGAIN read
  EFAULT EAGAIN
  EFAULT [('dma', 0, '0x5000', 1, 'no_table', 2, 1, 0, 'sim0')]
  EFAULT [('dma', 0, '0x6008', 2, 'not_present', 4, 4294967295, 0, 'sim0')]
  EFAULT EFAULT [('dma', 0, '0x6008', 2, 'permission', 4, 4294967295, 0, 'sim0'), ('dma', 0, '0x4000000000000', 1, 'address_width', 4, 4294967295, 0, 'sim0')]
  EINVAL

Page requests: answered, refused, for a page that never comes, wrong numbers:

  $ cat faults.py - <<'PY' | python3
  > table(fd, user, page(0)); memory.store(9 * 4096, 0x77)
  > result = background(fd, 0x5000, pasid)
  > print(wait_fault(), respond(fd, 7), respond(fd, 1, 2))
  > point(0x5000, page(9) | 3)
  > print(respond(fd, 1), result(), respond(fd, 1))
  > result = background(fd, 0x7000, pasid, write=b"x")
  > print(wait_fault(), respond(fd, 2, FAILURE), result(), faults(fd))
  > result = background(fd, 0x7000, pasid)
  > print(wait_fault()[0][:3], respond(fd, 3), wait_fault()[0][:3], respond(fd, 4, FAILURE), result())
  > memory.store(3 * 4096 + 5 * 8, page(9) | 1)     # read only: the write is requested
  > invalidate(fd, user, (0, ALL)); faults(fd)
  > result = background(fd, 0x5000, pasid, write=b"x")
  > print(wait_fault(), respond(fd, 5, FAILURE), result())
  > PY
  [('page_request', 1, '0x5000', 1, 'not_present', 2, 1, 0, 'sim0')] ENOENT EINVAL
  0 b'w\x00\x00\x00\x00\x00\x00\x00' ENOENT
  [('page_request', 2, '0x7000', 2, 'not_present', 2, 1, 0, 'sim0')] 0 EFAULT [('dma', 0, '0x7000', 2, 'refused', 2, 1, 0, 'sim0')]
  ('page_request', 3, '0x7000') 0 ('page_request', 4, '0x7000') 0 EFAULT
  [('page_request', 5, '0x5000', 2, 'permission', 2, 1, 0, 'sim0')] 0 EFAULT

A device without page requests only faults:

  $ cat faults.py - <<'PY' | python3
  > table(fd, user, page(0)); print(attach(fd, user, pasid, b"sim2"), dma_at(fd, 0x5000, pasid, device=b"sim2"), faults(fd))
  > PY
  0 EFAULT [('dma', 0, '0x5000', 1, 'not_present', 2, 1, 0, 'sim2')]

A process that never answers harms no other one: detaching and freeing the PASID
end the requests, a signal ends the wait, and other processes go on:

  $ cat faults.py - <<'PY' | python3
  > table(fd, user, page(0))
  > result = background(fd, 0x5000, pasid); print(wait_fault()[0][1], detach(fd, pasid), result(), [one[4] for one in faults(fd)], respond(fd, 1))
  > attach(fd, user, pasid)
  > result = background(fd, 0x5000, pasid); print(wait_fault()[0][1], free(fd, pasid), result(), respond(fd, 2))
  > pasid = alloc(fd); attach(fd, user, pasid); faults(fd)
  > result = background(fd, 0x5000, pasid); print(wait_fault()[0][1])
  > child = fork()
  > if not child:
  >     own = open_device(); mine = alloc(own); bind(own, mine)
  >     print(dma_at(own, memory.at, mine) != "EFAULT", free(own, mine)); sys.stdout.flush(); os._exit(0)
  > os.waitpid(child, 0)
  > class Alarm(Exception): pass
  > def alarm(*_): raise Alarm()
  > signal.signal(signal.SIGALRM, alarm); signal.setitimer(signal.ITIMER_REAL, 0.5)
  > try: print(dma_at(fd, 0x6000, pasid))
  > except Alarm: print("interrupted")
  > child = fork()
  > if not child:                                   # killed while it waits
  >     os.close(fd); fd = open_device(); one = ioas_alloc(fd); ioas_map(fd, one, BASE, 16 * 4096, memory.at)
  >     two = ioas_alloc(fd, USER, FAULTS, X86_64, one); table(fd, two, page(0)); attach(fd, two, device=b"sim1")
  >     os.write(1, b"waits\n"); dma_at(fd, 0x9000, device=b"sim1"); os._exit(0)
  > time.sleep(0.5); os.kill(child, signal.SIGKILL); os.waitpid(child, 0)
  > print(detach(fd, pasid), result())
  > PY
  1 0 EFAULT ['not_answered'] ENOENT
  2 0 EFAULT ENOENT
  3
  True 0
  interrupted
  waits
  0 EFAULT

The queue is bounded: records are lost and counted, page requests fail:

  $ cat faults.py - <<'PY' | python3
  > kernel = ioas_alloc(fd, flags=FAULTS); attach(fd, kernel, device=b"sim1")
  > for number in range(300): dma_at(fd, number << 12, device=b"sim1")
  > table(fd, user, page(0)); print(dma_at(fd, 0x5000, pasid))
  > records = faults(fd, 100) + faults(fd, 1000)
  > print(len(records), records[0][2], records[-1][2], [one[7] for one in records if one[7]])
  > print(faults(fd))
  > PY
  EFAULT
  256 0x0 0xff000 [46]
  EAGAIN

A blocking read waits, and a copy of the descriptor in another process reads
nothing:

  $ cat faults.py - <<'PY' | python3
  > os.set_blocking(fd, True)
  > kernel = ioas_alloc(fd, flags=FAULTS); attach(fd, kernel, device=b"sim1")
  > records = []
  > thread = threading.Thread(target=lambda: records.extend(faults(fd)))
  > thread.start(); time.sleep(0.3); print(len(records))
  > dma_at(fd, 0x1000, device=b"sim1"); thread.join(); print(records)
  > child = fork()
  > if not child:
  >     poll = select.poll(); poll.register(fd, select.POLLIN); print(faults(fd), poll.poll(0)[0][1] == select.POLLERR); sys.stdout.flush(); os._exit(0)
  > _ = os.waitpid(child, 0)
  > PY
  0
  [('dma', 0, '0x1000', 1, 'not_present', 3, 4294967295, 0, 'sim1')]
  EPERM True
