time-limit: 600

Everything at once, on all CPUs: clients that allocate, free, bind, unbind, do DMA and
fork, that are killed and moved between cgroups that are removed; policies that are
applied and removed; tracers; and the module, which is unloaded and loaded when it is not
in use. The long tests run for minutes.

  $ . $IOASID_SRC/tests/guest.sh
  $ seconds=15; [ -z "$IOASID_LONG" ] || seconds=240
  $ $IOASID_SRC/tests/stress/run.sh $seconds

Nothing is left, nothing is charged, and no counter fell below zero:

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

Detached BPF programs release the module asynchronously:

  $ for i in {1..50}; do ! rmmod ioasid_shim 2>rmmod.log || break; sleep 0.1; done; cat rmmod.log
  $ insmod $IOASID_SRC/build/kmod/$IOASID_FLAVOUR/ioasid_shim.ko
  $ ioasid-io -c 'alloc 1 9'
  alloc: 1
