A process can open the device once. A descriptor inherited by fork or received over a
socket fails on every call, and closing it has no effect on the owner.

  $ export PYTHONPATH=$IOASID_SRC/tests
  $ python3 - <<'PY'
  > import os, socket, struct, sys
  > from ioasid import *
  > def report(*what):
  >     print(*what)
  >     sys.stdout.flush()
  > fd = open_device()
  > report("second open", open_device())
  > pasid = alloc(fd)
  > if not os.fork():
  >     report("child", call(fd, VERSION), alloc(fd), free(fd, pasid), bind(fd, pasid), call(fd, 0x1234))
  >     os.close(fd)
  >     report("child's own", isinstance(open_device(), int))
  >     os._exit(0)
  > os.wait()
  > report("still there", alloc(fd, pasid, pasid))
  > here, there = socket.socketpair()
  > if not os.fork():
  >     os.close(fd)
  >     received = socket.recv_fds(there, 1, 1)[1][0]
  >     report("received", call(received, VERSION), free(received, pasid))
  >     os._exit(0)
  > socket.send_fds(here, [b"x"], [fd])
  > os.wait()
  > report("still there", alloc(fd, pasid, pasid))
  > os.close(fd)
  > fd = open_device()
  > report("after close", alloc(fd, pasid, pasid) == pasid)
  > PY
  second open EBUSY
  child EPERM EPERM EPERM EPERM EPERM
  child's own True
  still there ENOSPC
  received EPERM EPERM
  still there ENOSPC
  after close True

The last close frees the PASIDs, also if a child closes the descriptor after its parent
has exited:

  $ python3 - <<'PY'
  > import os, time
  > from ioasid import *
  > fd = open_device()
  > print(alloc(fd, 0x500, 0x500), flush=True)
  > if not os.fork():
  >     while not os.path.exists("go"):
  >         time.sleep(0.05)
  >     os._exit(0)
  > os._exit(0)
  > PY
  1280
  $ ioasid-io -c 'alloc 0x500 0x500'
  alloc: error ENOSPC
  [1]
  $ touch go; until ioasid-io -c 'alloc 0x500 0x500' >log; do sleep 0.1; done; cat log
  alloc: 1280

After exec the descriptor cannot be used:

  $ python3 -c '
  > import os
  > from ioasid import *
  > fd = open_device()
  > alloc(fd)
  > os.set_inheritable(fd, True)
  > os.execvp("python3", ["python3", "-c",
  >     f"from ioasid import *; print(alloc({fd}), isinstance(open_device(), int))"])'
  EPERM True

Threads belong to the same process:

  $ python3 -c '
  > import threading
  > from ioasid import *
  > fd = open_device()
  > thread = threading.Thread(target=lambda: print(alloc(fd, 9, 9)))
  > thread.start(); thread.join()
  > print(free(fd, 9))'
  9
  0
