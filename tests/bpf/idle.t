time-limit: 900

Releasing idle nodes while other processes allocate, free, move and are denied does not
corrupt any counter.

  $ . $IOASID_SRC/tests/guest.sh
  $ policy() { echo "{version: 1, rules: [{name: all, cgroup: /t, max: $1}, {name: each, cgroup: /t/*, max: 50, owner: user}]}"; }
  $ policy 100 | rule
  $ mkdir -p /sys/fs/cgroup/t/{a,b,c,d}

The counter of used nodes is set high, so that idle nodes are released:

  $ used() { bpftool map update pinned /sys/fs/bpf/pasidctl/engine key 0 0 0 0 value $(bpftool map lookup pinned /sys/fs/bpf/pasidctl/engine key 0 0 0 0 -j |
  >   python3 -c 'import json, struct, sys; v = bytes(int(x, 0) for x in json.load(sys.stdin)["value"]); print(*(v[:4] + struct.pack("<I", int(sys.argv[1])) + v[8:]))' "$1"); }
  $ used 40000
  $ for name in a b c d; do
  >   in_cgroup /t/$name ioasid-io -k -q -c 'repeat 1000000000 { alloc 1 0xfffff; bind sim0 $; unbind sim0 $; free $; bind sim0 1 }' >/dev/null 2>&1 &
  > done
  $ actor wanders /t/a
  $ for i in $(seq 40); do
  >   tell wanders 'alloc 0x80000 0xfffff' >id; policy $((100 + i)) | rule
  >   actor_pid wanders >/sys/fs/cgroup/t/$(echo abcd | cut -c$((i % 4 + 1)))/cgroup.procs
  >   tell wanders "free $(cat id)" >answer; [ "$(cat id answer | grep -c error)" = 0 ] || cat id answer
  > done
  $ dismiss wanders; pkill -9 -f 'repeat 1000000000'; wait 2>/dev/null
  $ held() { pasidctl cgroup --json | python3 -c 'import json, sys; print(*((row["cgroup"], row["current"]) for row in json.load(sys.stdin) if row["current"]))'; }
  $ wait_for '[ -z "$(held)" ]' || held
  $ pasidctl status --json | python3 -c 'import json, sys; n = json.load(sys.stdin)["nodes"]; print(n["underflows"], n["used"] > 39000)'
  0 True
  $ clean_up
