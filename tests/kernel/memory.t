Memory for PASIDs, their numbers and bindings is charged to the memory cgroup of the user.

  $ . "$IOASID_SRC/tests/guest.sh"
  $ export PYTHONPATH=$IOASID_SRC/tests
  $ echo +memory >/sys/fs/cgroup/cgroup.subtree_control; mkdir -p /sys/fs/cgroup/t; echo +memory >/sys/fs/cgroup/t/cgroup.subtree_control
  $ "$IOASID_SRC/lab/in-cgroup" /t/payer python3 - <<'PY'
  > from ioasid import *
  > def paid():
  >     lines = open("/sys/fs/cgroup/t/payer/memory.stat").read().splitlines()
  >     return sum(int(line.split()[1]) for line in lines if line.startswith("slab "))
  > fd = open_device()
  > count, before = 10000, paid()
  > pasids = [alloc(fd) for _ in range(count)]
  > after = paid()
  > print("a PASID", 100 < (after - before) / count < 400)
  > print([result for result in (bind(fd, pasid) for pasid in pasids) if result])
  > print("a binding", 50 < (paid() - after) / count < 400)
  > PY
  a PASID True
  []
  a binding True
  $ clean_up
