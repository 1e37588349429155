The module and all BPF programs, which are built with the types of one kernel, load on
this kernel without messages in its log.

  $ . $IOASID_SRC/tests/guest.sh
  $ module=$IOASID_SRC/build/kmod/$IOASID_FLAVOUR/ioasid_shim.ko
  $ rmmod ioasid_shim; insmod $module; cat /sys/module/ioasid_shim/initstate
  live
  $ sh $IOASID_SRC/kmod-shim/check-btf $module $IOASID_SRC/build/kernel/$IOASID_FLAVOUR/headers/vmlinux >note
  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: one, cgroup: "/t/*", max: 1, owner: cgroup}
  > YAML
  $ in_cgroup /t/a ioasid-io -k -c 'repeat 2 { alloc 1 9 }'
  alloc: 1
  alloc: error EDQUOT
  [1]
  $ usage /t/a rule peak denied_here
  one 1 1
  $ pasidctl doctor | grep -v BTF | grep -E '^ok +(kernel|module|programs|policy) ' | tr -s ' ' | cut -d ' ' -f 2
  kernel
  module
  programs
  policy
  $ pasidctl list --json
  []
  $ pasidctl history start >/dev/null; ioasid-io -q -c 'alloc 1 9'; pasidctl history show | grep -c alloc; pasidctl history stop >/dev/null
  1
  $ for option in '' '--cgroup /t'; do
  >   pasidctl trace $option --json >trace.json 2>trace.log & tracer=$!
  >   wait_for '[ -s trace.log ]'; in_cgroup /t/a ioasid-io -q -c 'alloc 1 9'
  >   wait_for 'grep -q alloc trace.json'; kill -INT $tracer; wait $tracer; rm trace.json trace.log
  > done
  $ pasidctl stats --duration 1 --json >stats.json 2>stats.log || cat stats.log
  $ clean_up
