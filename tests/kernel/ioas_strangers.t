Address spaces of hostile users: nothing of another process waits for their
memory, their answers or their device, and what they hold counts.

  $ . $IOASID_SRC/tests/guest.sh
  $ export PYTHONPATH=$IOASID_SRC/tests
  $ chmod 666 /dev/ioasid
  $ cat >strangers.py <<'PY'
  > import os, resource, signal, struct, sys, threading, time
  > from ioasid import *
  > from stall import *
  > def thread(what, *args):
  >     answer = []
  >     one = threading.Thread(target=lambda: answer.append(what(*args)), daemon=True)
  >     one.start()
  >     return lambda: (one.join(120), answer)[1]
  > def user(uid):
  >     os.setresuid(uid, uid, uid)
  >     return open_device()
  > def neighbour():
  >     "Another user does one of each; returns the seconds."
  >     start = time.monotonic()
  >     child = os.fork()
  >     if not child:
  >         fd, memory = user(2000), Memory(4)
  >         pasid, one = alloc(fd), ioas_alloc(fd)
  >         good = [ioas_map(fd, one, 0, 0x4000, memory.at), attach(fd, one, pasid), attach(fd, one, pasid, b"sim1"), dma_at(fd, 0, pasid, write=b"x"),
  >                 detach(fd, pasid), ioas_unmap(fd, one), ioas_free(fd, one) if not detach(fd, pasid, b"sim1") else 0, free(fd, pasid)]
  >         os._exit(good != [0, 0, 0, 1, 0, 0x4000, 0, 0])
  >     status = os.waitpid(child, 0)[1]
  >     return status == 0 and time.monotonic() - start < 60
  > PY

A mapping of memory that does not come (a pager that does not answer): its own
process can do everything else, others too, a policy is applied, and the process
can be killed.

  $ cat strangers.py - <<'PY' | python3
  > child = os.fork()
  > if not child:
  >     paged = Paged(2)
  >     fd, memory = user(1000), Memory(4)
  >     one = ioas_alloc(fd); pasid = alloc(fd)
  >     print(ioas_map(fd, one, 0x10000, 0x1000, memory.at), attach(fd, one, pasid))
  >     stuck = thread(ioas_map, fd, one, 0, 0x2000, paged.address)
  >     paged.wait()
  >     print("meanwhile", ioas_map(fd, one, 0x20000, 0x1000, memory.at), dma_at(fd, 0x10000, pasid, write=b"x"), ioas_unmap(fd, one, 0x10000, 0x1000),
  >           ioas_unmap(fd, one), ioas_map(fd, one, 0x1000, 0x1000, memory.at), dma_at(fd, 0, pasid), detach(fd, pasid), attach(fd, one, pasid))
  >     paged.answer(b"a"); paged.wait(); paged.answer(b"b", 1)
  >     print("answered", stuck(), dma_at(fd, 0x1000, pasid, 1))
  >     sys.stdout.flush()
  >     os._exit(0)
  > os.waitpid(child, 0)
  > ready, tell = os.pipe()
  > child = os.fork()
  > if not child:
  >     paged = Paged(1)
  >     fd = user(1000)
  >     one = ioas_alloc(fd)
  >     stuck = thread(ioas_map, fd, one, 0, 0x1000, paged.address)
  >     paged.wait(); os.write(tell, b"x")
  >     stuck(); os._exit(0)
  > os.read(ready, 1)
  > print("neighbour", neighbour(), "policy", os.system("cd /tmp; echo 'version: 1\nrules: [{name: all, cgroup: /**, max: 100}]' >p.yaml; pasidctl policy apply p.yaml >out 2>&1 || cat out; pasidctl policy remove >/dev/null"))
  > start = time.monotonic(); os.kill(child, signal.SIGKILL); os.waitpid(child, 0); print("killed", time.monotonic() - start < 30)
  > PY
  0 0
  meanwhile 0 1 4096 EBUSY EEXIST EFAULT 0 0
  answered [0] b'b'
  neighbour True policy 0
  killed True

A mapping of a file of a FUSE server that does not answer:

  $ cat strangers.py - <<'PY' | python3
  > file = FuseFile("/tmp/fuse")
  > ready, tell = os.pipe()
  > child = os.fork()
  > if not child:
  >     fd = user(1000)
  >     os.write(tell, b"x")
  >     print(ioas_map(fd, ioas_alloc(fd), 0, 0x1000, file.address, MAP_READ)); sys.stdout.flush()
  >     os._exit(0)
  > os.read(ready, 1); file.wait()
  > print("neighbour", neighbour(), neighbour())
  > os.kill(child, signal.SIGKILL); file.answer(); os.waitpid(child, 0)
  > print("neighbour", neighbour())
  > os.kill(file.server, signal.SIGKILL); libc.umount2(b"/tmp/fuse", 2)
  > PY
  neighbour True True
  neighbour True

A device that takes 5 s for each invalidation, and a user who never answers page
requests:

  $ cat strangers.py - <<'PY' | python3
  > def slow(ms): open("/sys/module/ioasid_shim/parameters/sim_invalidate_ms", "w").write(str(ms))
  > ready, tell = os.pipe()
  > child = os.fork()
  > if not child:
  >     fd, memory = user(1000), Memory(4)
  >     one, pasid = ioas_alloc(fd), alloc(fd)
  >     ioas_map(fd, one, 0, 0x4000, memory.at); attach(fd, one, pasid)
  >     two = ioas_alloc(fd, USER, FAULTS, X86_64, one); table(fd, two, 0); attach(fd, two, pasid, b"sim1")
  >     waits = [thread(dma_at, fd, 0x5000, pasid, 8, b"sim1") for _ in range(4)]
  >     while len(faults(fd)) < 1: pass
  >     os.write(tell, b"x"); ioas_unmap(fd, one); os.write(tell, b"y"); signal.pause()
  > os.read(ready, 1)
  > slow(5000); print("neighbour", all(neighbour() for _ in range(2))); slow(0)
  > os.kill(child, signal.SIGKILL); os.waitpid(child, 0)
  > print("neighbour", neighbour())
  > PY
  neighbour True
  neighbour True

What a user makes is charged to the memory cgroup, and attachments of each kind
count towards max_bindings:

  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: few, cgroup: /t, max_bindings: 2}
  > YAML
  $ cat strangers.py - <<'PY' >quota.py
  > fd, memory = open_device(), Memory(1)
  > one, process, pasid = ioas_alloc(fd), ioas_alloc(fd, PROCESS), alloc(fd)
  > user = ioas_alloc(fd, USER, format=X86_64, parent=one)
  > print(attach(fd, one, pasid), attach(fd, user, device=b"sim1"), attach(fd, process), bind(fd, pasid, b"sim1"), attach(fd, one, pasid))
  > print(attach(fd, user, pasid, flags=BY_PASID | REPLACE), attach(fd, process), detach(fd, device=b"sim1"), attach(fd, process), attach(fd, one, device=b"sim2"))
  > PY
  $ in_cgroup /t python3 quota.py
  0 0 EDQUOT EDQUOT 0
  0 EDQUOT 0 0 EDQUOT

What ended is not counted any more:

  $ in_cgroup /t python3 quota.py
  0 0 EDQUOT EDQUOT 0
  0 EDQUOT 0 0 EDQUOT
  $ pasidctl policy remove >/dev/null
  $ cat strangers.py - <<'PY' >charged.py
  > fd, memory = open_device(), Memory(1)
  > def anon():
  >     return sum(int(line.split()[1]) for line in open("/sys/fs/cgroup/t/memory.stat") if line.startswith("kernel "))
  > before = anon()
  > spaces = [ioas_alloc(fd) for _ in range(2000)]
  > print("tables", anon() - before > 2000 * 4096)
  > one = spaces[0]
  > [ioas_map(fd, one, n << 32, 0x1000, memory.at) for n in range(1000)]
  > print("mappings", anon() - before > 2000 * 4096 + 1000 * 8192)
  > ioas_unmap(fd, one); [ioas_free(fd, space) for space in spaces]
  > print("left", anon() - before < 1000 * 4096)
  > PY
  $ echo +memory >/sys/fs/cgroup/cgroup.subtree_control
  $ in_cgroup /t python3 charged.py
  tables True
  mappings True
  left True
  $ clean_up
