time-limit: 900

The last events, recorded in the kernel while no pasidctl runs.

  $ . $IOASID_SRC/tests/guest.sh
  $ left() {	# of it, in the kernel
  >   bpftool link show | grep raw_tracepoint -A 1 | grep ioasid_
  >   bpftool prog show | grep 'name keep_'
  >   bpftool map show | grep -E 'name (kept_events|history_)'
  >   ls /sys/fs/bpf/pasidctl-history 2>/dev/null
  > }
  $ wait_for '[ -z "$(left)" ]'
  $ number() { python3 -c "import json, sys; print(json.load(sys.stdin)$1)"; }

Off by default:

  $ pasidctl history show
  pasidctl: cannot show the history: it is off; start it: pasidctl history start
  [1]
  $ pasidctl status | grep ^history
  history    off
  $ actor a /t/a; tell a 'alloc 5 5'; pasidctl show 5 | tail -n 1; dismiss a
  5
  no events are recorded; to record them: pasidctl history start
  $ pasidctl history start --size 100
  started: recording the latest 128 events
  $ pasidctl history start --size 128
  already on: recording the latest 128 events
  $ pasidctl history start
  pasidctl: cannot start the history: it is already on and records 128 events; stop it first: pasidctl history stop; then start --size 4096
  [1]

The history shows the same events as a trace, with the same filters:

  $ pasidctl trace --json >all.out 2>all.log & tracers=$!
  $ pasidctl trace >text.out 2>text.log & tracers+=" $!"
  $ wait_for 'grep -qs tracing all.log && grep -qs tracing text.log'
  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: one, cgroup: /t/a, max: 1}
  > YAML
  $ actor a /t/a; actor b /t/b
  $ tell a 'alloc 5 5'; tell a 'alloc 6 6'; tell a 'bind sim0 5'; tell a 'dma sim0 5 read 4096 1'; tell a 'unbind sim0 5'
  5
  error EDQUOT
  0
  error EFAULT
  0
  $ tell b 'alloc 7 7'; tell b 'free 7'; tell b 'alloc 8 8'
  7
  0
  8
  $ wait_for 'grep -q ":8,.pid" all.out && grep -q " 8 alloc" text.out'
  $ kill -INT $tracers; wait $tracers
  $ same() { pasidctl history show "${@:3}" | cmp - <(eval "$2") && echo $1; }
  $ grep -c . all.out
  9
  $ same all 'cat all.out' --json; same text 'cat text.out'; same last 'tail -n 2 all.out' --json -n 2
  all
  text
  last
  $ same cgroup 'grep /t/b all.out' --json --cgroup /t/b; same failed 'grep -v :.ok. all.out' --json --failed
  cgroup
  failed
  $ same types 'grep :.alloc.,.pasid all.out' --json -e alloc; same pasid 'grep :5,.pid all.out' --json --pasid 5
  types
  pasid
  $ same pid 'grep /t/b all.out' --json --pid $(actor_pid b); same device 'grep sim0 all.out' --json --device sim0
  pid
  device
  $ pasidctl history show -o kept.trace; pasidctl trace --replay kept.trace --json | cmp - all.out

The events of one PASID since it was allocated:

  $ pasidctl show 5 | sed '1,/^TIME/d' | awk '{ print $2, $4, $5 }'
  alloc - ok
  bind sim0 ok
  fault sim0 EFAULT
  unbind sim0 ok
  $ pasidctl show 8 --json | python3 -c 'import json, sys; print([e["event"] for e in json.load(sys.stdin)["events"]])'
  ['alloc']
  $ dismiss a; dismiss b; pasidctl policy remove
  removed

The history pins the module, and stopping it leaves nothing behind:

  $ pasidctl status | grep ^history | sed 's/since .*/since TIME/'
  history    12 of 128 events recorded, since TIME
  $ pasidctl status | grep programs
  programs   20 tracing on ioasid_alloc and 19 more, pinned: /sys/fs/bpf/pasidctl-history
  $ pasidctl doctor | grep -E '^ok +history' | tr -s ' '
  ok history the latest 128 events are recorded; the module stays loaded until pasidctl history stop
  $ wait_for 'rmmod ioasid_shim 2>&1 | grep -q "in use"'
  $ pasidctl history stop; ls /sys/fs/bpf/pasidctl-history
  stopped
  ls: cannot access '/sys/fs/bpf/pasidctl-history': No such file or directory
  [2]
  $ wait_for '[ -z "$(left)" ]'
  $ wait_for 'rmmod ioasid_shim 2>/dev/null'
  $ pasidctl history start
  pasidctl: cannot start the history: the module ioasid_shim is not loaded; load it: modprobe ioasid_shim
  [3]
  $ insmod $IOASID_SRC/build/kmod/$IOASID_FLAVOUR/ioasid_shim.ko
  $ pasidctl history stop
  already off

Events read while two processes emit at full rate are complete, and all are accounted for:
every event is recorded, was overwritten, or was lost because its writer was a whole round
behind.

  $ cat >whole.py <<'PYTHON'
  > import json, sys
  > last = {}
  > events = [json.loads(line) for line in open(sys.argv[1])]
  > for e in events:
  >     if e["event"] == "lost":
  >         continue
  >     assert e["event"] in ("alloc", "free") and e["result"] == "ok" and "spid" not in e, e
  >     assert (e["pasid"], e["cgroup"], e["comm"]) in ((5, "/t/a", "ioasid-io"), (6, "/t/b", "ioasid-io")), e
  >     assert e["pid"] == e["tid"], e
  >     seq, ts, event, pasid = last.get(e["pid"], (0, 0, None, None))
  >     assert e["seq"] > seq and e["ts_ns"] >= ts and pasid in (None, e["pasid"]), (seq, ts, e)
  >     last[e["pid"]] = e["seq"], e["ts_ns"], e["event"], e["pasid"]
  > if len(sys.argv) > 2:
  >     told = sum(e["count"] for e in events if e["event"] == "lost")
  >     older = int((open("older").read().split() or [0])[0])
  >     kept = sum(e["event"] != "lost" for e in events)
  >     status, begin = json.load(open("status.json")), int(sys.argv[2])
  >     history, emitted = status["history"], status["system"]["events"] - begin
  >     assert history["kept"] == kept and history["lost"] == told, (status, kept, told)
  >     assert history["events"] == emitted == kept + older + told, (status, begin, kept, older, told)
  > PYTHON
  $ write() {	# CGROUP PASID
  >   while [ ! -e enough ]; do in_cgroup $1 ioasid-io -q -c "repeat 20000 { alloc $2 $2; free $2 }"; done
  > }
  $ race() {	# SIZE READS
  >   begin=$(pasidctl status --json | number '["system"]["events"]')
  >   pasidctl history start --size $1 >/dev/null
  >   write /t/a 5 & writers=$!
  >   write /t/b 6 & writers+=" $!"
  >   wait_for '[ "$(pasidctl status --json | number "[\"system\"][\"events\"]")" -gt '$((begin + 1000))' ]'
  >   for i in $(seq $2); do pasidctl history show -q --json >read.json; python3 whole.py read.json; done
  >   touch enough; wait $writers; rm enough
  >   pasidctl status --json >status.json
  >   pasidctl history show --json >read.json 2>older
  >   python3 whole.py read.json $begin && echo whole
  >   pasidctl history stop >/dev/null
  > }
  $ race 64 20; race 1 5; race 4096 3
  whole
  whole
  whole

The command can be killed before any of its system calls: the history is on, off or
incomplete, and the next command works. The long tests kill it before every call, the
others before some.

  $ step=11; [ -z "$IOASID_LONG" ] || step=1
  $ is_on() { pasidctl history show -q >/dev/null 2>&1; case $? in 0) echo on;; 1) echo off;; *) echo half;; esac; }
  $ works() {	# and leaves nothing
  >   pasidctl history start >/dev/null && ioasid-io -q -c 'alloc 9 9; free 9' &&
  >     [ $(pasidctl history show --json | grep -c :9,.pid) = 2 ] || echo "does not start"
  >   pasidctl history stop >/dev/null; wait_for '[ -z "$(left)" ]'
  > }
  $ kill_each() {	# COMMAND: its state, after it was killed; until stop has nothing but to wait
  >   rm -f deaths; prepare; strace -f -qq -o calls -e trace=bpf,mkdir,unlink,rmdir pasidctl history $1 >/dev/null
  >   [ $1 = start ] || sed -i '/ rmdir(/q' calls
  >   for kind in bpf mkdir unlink rmdir; do
  >     count=$(grep -c " $kind(" calls)
  >     for n in $(seq $count -$step 1); do
  >       prepare; strace -f -qq -o killed -e trace=$kind -e inject=$kind:signal=KILL:when=$n pasidctl history $1 >/dev/null
  >       [ $? = 137 ] || continue # how many types the kernel knows, libbpf asks one by one
  >       echo >>deaths
  >       is_on; [ $((n % 2)) = 0 ] || pasidctl history stop >/dev/null; works
  >     done
  >   done 2>/dev/null | sort | uniq
  >   [ $(wc -l <deaths) -gt 4 ] || echo "only $(wc -l <deaths) steps"
  > }
  $ prepare() { pasidctl history stop >/dev/null; }
  $ kill_each start
  half
  off
  $ prepare() { pasidctl history start >/dev/null; }
  $ kill_each stop
  half
  on

An incomplete history is reported with a way to fix it, and so is one that was started by
another version:

  $ pasidctl history stop >/dev/null; pasidctl history start >/dev/null; rm /sys/fs/bpf/pasidctl-history/link_free
  $ pasidctl history show
  pasidctl: cannot read the history: /sys/fs/bpf/pasidctl-history was left behind by an interrupted start or stop; start over with pasidctl history stop, then start
  [3]
  $ pasidctl doctor | grep -A 1 -E '^warning +history' | tr -s ' '
  warning history cannot read the history: /sys/fs/bpf/pasidctl-history was left behind by an interrupted start or stop
   -> start over with pasidctl history stop, then start
  $ pasidctl history start
  started: recording the latest 4096 events
  $ rm /sys/fs/bpf/pasidctl-history/slots
  $ bpftool map create /sys/fs/bpf/pasidctl-history/slots type array key 4 value 88 entries 4096 name kept_events
  $ pasidctl history show
  pasidctl: cannot read the history: it was started by another version of pasidctl; start over with pasidctl history stop, then start
  [3]
  $ pasidctl history start
  pasidctl: cannot read the history: it was started by another version of pasidctl; start over with pasidctl history stop, then start
  [3]
  $ pasidctl status | grep problem | tr -s ' '
  problem cannot read the history: it was started by another version of pasidctl; start over with pasidctl history stop, then start
  $ pasidctl history stop; wait_for '[ -z "$(left)" ]'
  stopped
  $ clean_up
