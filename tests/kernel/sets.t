The set lists the holder of every IOASID: a walk over sets and a walk over IOASIDs give
the same numbers for each process.

  $ . $IOASID_SRC/tests/guest.sh
  $ cat >compare.py <<'PYTHON'
  > import collections, json, subprocess
  > def ask(*command):
  >     return json.loads(subprocess.check_output(["pasidctl", *command, "--json"]))
  > processes = {row["pid"]: row for row in ask("top", "-b", "-n", "1", "--view", "processes")["processes"]}
  > expected = collections.defaultdict(collections.Counter)
  > oldest = {}
  > for row in ask("list"):
  >     count = expected[row["pid"]]
  >     count.update(pasids=1, bindings=len(row["devices"]), **{row["state"]: 1})
  >     oldest[row["pid"]] = max(oldest.get(row["pid"], 0), row["age_ns"])
  > keys = ("pasids", "active", "free_pending", "bindings")
  > for pid, count in expected.items():
  >     row = processes.pop(pid, {})
  >     if any(row.get(key) != count[key] for key in keys) or oldest[pid] < row["oldest_ns"]:
  >         print("differs:", pid, row, dict(count), oldest[pid])
  > print(len(expected), "processes", *(sum(count[key] for count in expected.values()) for key in keys),
  >       *(f"and {row}" for row in processes.values()))
  > PYTHON
  $ compare() { python3 compare.py; }

No process, a process that holds nothing, then by state, device and age:

  $ compare
  0 processes 0 0 0 0
  $ actor a /t/a
  $ compare
  0 processes 0 0 0 0
  $ for i in 1 2 3; do tell a 'alloc 1 9'; done >/dev/null
  $ tell a 'bind sim0 2'; tell a 'bind sim1 2'; tell a 'bind sim0 3'
  0
  0
  0
  $ compare
  1 processes 3 2 0 3
  $ tell a 'unbind sim0 2'; tell a 'free 1'
  0
  0
  $ compare
  1 processes 2 2 0 2
  $ tell a 'unbind sim1 2'; tell a 'free 3'
  0
  0
  $ compare
  1 processes 1 0 0 0

A binding made by another process is counted for the holder of the PASID:

  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: shared, cgroup: /t, max: 100, owner: user}
  > YAML
  $ actor b /t/b
  $ tell b 'bind sim1 2'
  0
  $ compare
  1 processes 1 1 0 1
  $ dismiss b
  $ wait_for '[ "$(compare)" = "1 processes 1 0 0 0" ]'

More sets than one read returns, while other sets are created and freed:

  $ cat >hold.py <<'PYTHON'
  > import fcntl, os, signal, struct, sys
  > for number in range(700):
  >     if os.fork() == 0:
  >         device = os.open("/dev/ioasid", os.O_RDWR)
  >         for _ in range(number % 3):
  >             fcntl.ioctl(device, ord("i") << 8 | 102, struct.pack("IIII", 16, 0, 1, 0xfffff))
  >         os.write(1, b".")
  >         signal.pause()
  > signal.pause()
  > PYTHON
  $ pasidctl policy remove >/dev/null
  $ : >held; setsid python3 hold.py >held & group=$!
  $ wait_for '[ "$(stat -c %s held)" = 700 ]'
  $ (while [ ! -e stop ]; do ioasid-io -c 'alloc 1 0xfffff' >/dev/null; done) & busy=$!
  $ for i in 1 2 3 4 5; do
  >     pasidctl top -b -n 1 --view processes --json
  > done | python3 -c '
  > import json, sys
  > for line in sys.stdin:
  >     rows = [row for row in json.loads(line)["processes"] if row["comm"] == "python3"]
  >     print(len(rows), sum(row["pasids"] for row in rows))'
  466 699
  466 699
  466 699
  466 699
  466 699
  $ touch stop; wait $busy
  $ compare
  467 processes 700 0 0 0
  $ kill -- -$group
  $ wait_for '[ "$(compare)" = "1 processes 1 0 0 0" ]'
  $ dismiss a
  $ compare
  0 processes 0 0 0 0
  $ clean_up
