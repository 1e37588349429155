I/O address spaces and attached devices: the list, the views, the metrics, and the events
of what happens to them.

  $ . $IOASID_SRC/tests/guest.sh
  $ export PYTHONPATH=$IOASID_SRC/tests
  $ cat >spaces.py <<'PY'
  > import os, select, sys, threading
  > from ioasid import *
  > BASE, SIZE = 0x100000, 16 * 4096
  > def stage(name):                # go on when the test says so
  >     open(name, "w").close()
  >     sys.stdin.readline()
  > def expect(*results):
  >     assert all(result == 0 for result in results), results
  > fd = open_device()
  > memory = Memory(16)
  > parent = ioas_alloc(fd)
  > expect(ioas_map(fd, parent, BASE, SIZE, memory.at))
  > user = ioas_alloc(fd, USER, FAULTS, X86_64, parent)
  > process = ioas_alloc(fd, PROCESS)
  > pasid = alloc(fd, 5, 5)
  > expect(attach(fd, user, pasid), attach(fd, parent, device=b"sim3"), attach(fd, process, device=b"sim1"))
  > expect(bind(fd, pasid, b"sim1"))
  > stage("made")
  > expect(table(fd, user, BASE))   # an empty table: the page is requested
  > answers = []
  > thread = threading.Thread(target=lambda: answers.append(dma_at(fd, 0x5000, pasid)))
  > thread.start()
  > poll = select.poll()
  > poll.register(fd, select.POLLIN)
  > assert poll.poll(60000)
  > requests = faults(fd)
  > expect(respond(fd, requests[0][1], FAILURE))
  > thread.join()
  > assert answers == ["EFAULT"], answers
  > assert invalidate(fd, user, (0x5000, 4096), (0, ALL)) == (0, 2)
  > expect(detach(fd, pasid), detach(fd, device=b"sim3"), detach(fd, device=b"sim1"))
  > expect(bind(fd, pasid, b"sim1", number=UNBIND))
  > assert ioas_unmap(fd, parent, BASE, SIZE) == SIZE
  > expect(free(fd, pasid))
  > stage("done")
  > PY

Everything is recorded in three ways:

  $ pasidctl history start >/dev/null 2>&1
  $ pasidctl trace --json >events 2>tracer.log & tracers=$!
  $ pasidctl trace >text 2>text.log & tracers+=" $!"
  $ pasidctl trace -o recording 2>recorder.log & tracers+=" $!"
  $ pasidctl trace --json --device sim3 >sim3 2>sim3.log & tracers+=" $!"
  $ pasidctl trace --json --pasid 5 -e attach,detach,map >pasid5 2>pasid5.log & tracers+=" $!"
  $ wait_for 'grep -q tracing tracer.log && grep -q tracing text.log && grep -q tracing recorder.log'
  $ wait_for 'grep -q tracing sim3.log && grep -q tracing pasid5.log'
  $ mkfifo go
  $ "$IOASID_SRC/lab/in-cgroup" /t/a python3 spaces.py <go & owner=$!
  $ exec 7>go
  $ wait_for '[ -e made ]'

The list, its filters and orders:

  $ rows() {
  >   pasidctl list --spaces --json "$@" | python3 -c '
  > import json, sys
  > keys = ("ioas", "kind", "format", "parent", "mapped", "attached", "devices", "comm", "cgroup", "flags")
  > for row in json.load(sys.stdin):
  >     print(*(row[key] for key in keys))'
  > }
  $ rows
  1 kernel none None 65536 1 ['sim3'] python3 /t/a []
  2 user x86_64 1 0 1 ['sim0:5'] python3 /t/a ['faults']
  3 process none None 0 1 ['sim1'] python3 /t/a []
  $ pasidctl list --spaces --device sim0 | awk '{ print $1, $2, $3, $4, $5, $6, $7, $9, $10 }'
  IOAS KIND FORMAT PARENT MAPPED ATTACHED DEVICES COMM CGROUP
  2 user x86_64 1 0 1 sim0:5 python3 /t/a
  $ rows --pid $owner | wc -l; rows --pid 1; rows --cgroup /t/b; rows --cgroup /t --sort -ioas | cut -d ' ' -f 1
  3
  3
  2
  1
  $ pasidctl list --spaces | awk '$2 == "kernel" { print $5 }'
  64K
  $ pasidctl list --spaces --state idle
  pasidctl: --state excludes --spaces; see pasidctl list --help
  [2]

A PASID has what BIND made and what ATTACH made:

  $ pasidctl show 5 --json >shown
  $ python3 -c '
  > import json
  > for row in json.load(open("shown"))["bindings"]:
  >     print(row["pasid"], row["device"], row["kind"], row["ioas"])'
  5 sim0 user 2
  5 sim1 process None
  $ pasidctl show 5 | awk '/^DEVICE/,/^$/ { print $1, $2, $4, $5 }' | head -n 3
  DEVICE FAULTS KIND IOAS
  sim0 0 user 2
  sim1 0 process -
  $ pasidctl list | awk '$1 == 5 { print $8 }'
  sim0,sim1

The views, the metrics and the devices:

  $ pasidctl top -b -n 1 --view spaces | awk '/ user / { print $1, $2, $3, $4, $5, $7, $8 }'
  2 user 0 1 sim0:5 python3 /t/a
  $ view=(pasidctl top)
  $ . $IOASID_SRC/tests/tui/terminal.sh
  $ open 120 24 -d 0.2
  $ waits_for 'Policy'
  $ keys 6 && waits_for 'sim0:5'
  $ row ' kernel ' | cut -d ' ' -f 2-6
  1 kernel 64K 1 sim3
  $ keys q && waits_for 'terminal as before'
  $ close
  $ pasidctl metrics | grep -E '^ioasid_(ioas|cgroup_mapped)'
  ioasid_ioas{kind="kernel"} 1
  ioasid_ioas{kind="user"} 1
  ioasid_ioas{kind="process"} 1
  ioasid_ioas{kind="kvm"} 0
  ioasid_cgroup_mapped_bytes{cgroup="/t/a"} 65536
  $ pasidctl top -n 1 --json --view devices | python3 -c '
  > import json, sys
  > for row in json.load(sys.stdin)["devices"]:
  >     print(row["device"], row["pasid_bits"], row["bindings"], *row["caps"])'
  sim0 20 1 pasid pri nesting snoop dma
  sim1 20 2 pasid pri nesting snoop dma
  sim2 8 0 pasid nesting dma
  sim3 0 1 dma

JSON is as documented:

  $ pasidctl list --spaces --json >'1 list'; pasidctl top -n 1 --json --view spaces >'2 top'; cp shown '3 show'

What happens, with its keys:

  $ echo >&7; wait_for '[ -e done ]'; echo >&7; wait $owner
  $ exec 7>&-
  $ wait_for 'grep -q ":.free.," events && grep -q " free " text && pasidctl trace --replay recording 2>/dev/null | grep -q " free "'
  $ kill -INT $tracers; wait $tracers
  $ python3 - <<'PY'
  > import json
  > for line in open("events"):
  >     e = json.loads(line)
  >     assert e["comm"] == "python3" and e["cgroup"] == "/t/a" and e["pid"], e
  >     print(e["event"], *(f"{key}={e[key]}" for key in ("pasid", "device", "ioas", "iova", "length", "reason") if key in e),
  >           e["result"], *(["lasted"] if "duration_ns" in e else []))
  > PY
  map pasid=None device=None ioas=1 iova=1048576 length=65536 ok
  alloc pasid=5 device=None ok
  attach pasid=5 device=sim0 ioas=2 ok
  attach pasid=None device=sim3 ioas=1 ok
  attach pasid=None device=sim1 ioas=3 ok
  bind pasid=5 device=sim1 ok
  page_request pasid=5 device=sim0 ioas=2 iova=20480 reason=not_present ok
  page_response pasid=5 device=sim0 ioas=2 iova=20480 EFAULT
  fault pasid=5 device=sim0 ioas=2 iova=20480 reason=refused EFAULT
  invalidate pasid=None device=None ioas=2 iova=20480 length=4096 ok
  invalidate pasid=None device=None ioas=2 iova=0 length=18446744073709551615 ok
  detach pasid=5 device=sim0 ioas=2 ok lasted
  detach pasid=None device=sim3 ioas=1 ok lasted
  detach pasid=None device=sim1 ioas=3 ok lasted
  unbind pasid=5 device=sim1 ok lasted
  unmap pasid=None device=None ioas=1 iova=1048576 length=65536 ok
  free pasid=5 device=None ok lasted
  $ types='map|unmap|page_request|page_response|fault|invalidate|detach'
  $ sed -nE "s/ ok [0-9][0-9.a-z]* ioas/ ok TIME ioas/; s/^.* ($types) .* (ok|EFAULT) /\1: \2 /p" text
  map: ok 0x100000 +64K ioas 1
  page_request: ok 0x5000 not_present ioas 2
  page_response: EFAULT 0x5000 ioas 2
  fault: EFAULT 0x5000 refused ioas 2
  invalidate: ok 0x5000 +4K ioas 2
  invalidate: ok 0x0 all ioas 2
  detach: ok TIME ioas 2
  detach: ok TIME ioas 1
  detach: ok TIME ioas 3
  unmap: ok 0x100000 +64K ioas 1

By device and PASID, from a recording and from the history:

  $ types() { python3 -c 'import json, sys; print(*(json.loads(line)["event"] for line in sys.stdin))'; }
  $ types <sim3; types <pasid5
  attach detach
  attach detach
  $ pasidctl trace --replay recording --json | cmp - events && pasidctl trace --replay recording | cmp - text
  $ pasidctl history show --json | cmp - events; pasidctl history show --json -e detach --device sim0 | types
  detach
  $ pasidctl history stop
  stopped
  $ cp events '4 trace'; /usr/bin/python3 $IOASID_SRC/tests/schema.py 1* 2* 3* 4*
  list: as documented
  top: as documented
  show: as documented
  trace: as documented

Nothing is left:

  $ pasidctl list --spaces --json
  []
  $ pasidctl list --spaces
  IOAS KIND FORMAT PARENT MAPPED ATTACHED DEVICES PID COMM CGROUP AGE
  $ clean_up
