A cgroup of version 1 that has the same ID as one of version 2 is removed: the cgroup of
version 2 keeps its counters and its limit.

  $ . $IOASID_SRC/tests/guest.sh
  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: each, cgroup: /t/*, max: 2}
  > YAML
  $ mkdir v1; mount -t cgroup -o none,name=v1 cgroup v1
  $ cat >twins.py <<'PY'
  > import itertools, os
  > numbers = {}
  > for i in range(30):
  >     path = f"/t/{i}"
  >     os.makedirs("/sys/fs/cgroup" + path)
  >     numbers[os.stat("/sys/fs/cgroup" + path).st_ino] = path
  > for i in itertools.count():
  >     os.mkdir(f"v1/{i}")
  >     number = os.stat(f"v1/{i}").st_ino
  >     if number in numbers:
  >         print(f"two={numbers[number]} one=v1/{i} number={number}")
  >         break
  >     assert number < max(numbers), "no twins"
  > PY
  $ python3 twins.py >twins; . ./twins
  $ actor a $two
  $ for i in 1 2 3; do tell a 'alloc 1 9'; done
  1
  2
  error EDQUOT
  $ cd /sys/kernel/tracing; echo 1 >events/cgroup/cgroup_release/enable; cd - >/dev/null
  $ rmdir $one
  $ wait_for 'grep -q "cgroup_release:.* id=$number " /sys/kernel/tracing/trace'
  $ echo 0 >/sys/kernel/tracing/events/cgroup/cgroup_release/enable
  $ usage $two current max
  2 2
  $ tell a 'alloc 1 9'
  error EDQUOT

Creating or entering a cgroup of version 1 does not affect the policy either:

  $ mkdir v1/new; echo $$ >v1/new/cgroup.procs; echo $$ >v1/cgroup.procs
  $ pasidctl cgroup | grep -c new
  0
  [1]
  $ dismiss a
  $ for dir in v1/*/; do rmdir $dir; done; umount v1
  $ clean_up
