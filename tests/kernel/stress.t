time-limit: 600

Everything at once, on all processors: clients that allocate, free, bind, unbind,
do DMA, fork, and are killed and moved between cgroups that are removed; policies
that come and go; tracers; the module that is unloaded and loaded whenever nobody
uses it. Short as a rule, minutes in the long tests.

  $ . $IOASID_SRC/tests/guest.sh
  $ seconds=15; [ -z "$IOASID_LONG" ] || seconds=240
  $ $IOASID_SRC/tests/stress/run.sh $seconds

Nothing is left, nothing is charged, and nothing was given back that was not taken:

  $ counters() {
  >     python3 - <<'PY'
  > import json, subprocess
  > def ask(*words):
  >     return json.loads(subprocess.check_output(words))
  > print("IOASIDs", ask("pasidctl", "list", "--json"))
  > rows = ask("pasidctl", "cgroup", "--json")
  > print("charged", sum(row["current"] for row in rows), "of", max(row["peak"] for row in rows) > 1,
  >       "refused", sum(row["denied_here"] for row in rows) > 0)
  > engine = ask("bpftool", "--json", "map", "dump", "name", "engine")
  > print("underflows", [entry["formatted"]["value"]["underflows"] for entry in engine])
  > print("sets", ask("pasidctl", "status", "--json")["system"]["sets"])
  > PY
  > }
  $ counters
  IOASIDs []
  charged 0 of True refused True
  underflows [0]
  sets 0
  $ clean_up

BPF programs that are detached leave the module in the kernel's own time:

  $ for i in {1..50}; do ! rmmod ioasid_shim 2>rmmod.log || break; sleep 0.1; done; cat rmmod.log
  $ insmod $IOASID_SRC/build/kmod/$IOASID_FLAVOUR/ioasid_shim.ko
  $ ioasid-io -c 'alloc 1 9'
  alloc: 1
