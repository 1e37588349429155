A module that uses the core pins it, and its exit function releases everything.

  $ . "$IOASID_SRC/tests/kernel/core.sh"
  $ insmod "$(module selftest/ioasid_selftest)"
  $ rmmod ioasid_shim
  rmmod: ERROR: Module ioasid_shim is in use by: ioasid_selftest
  [1]

The module is unloaded while it holds sets, IOASIDs (one of them freed while in use),
notifiers of every kind, capacity and pending work.

  $ bash -c "echo 1 >$selftest/hold"; rmmod ioasid_selftest
  $ insmod "$(module selftest/ioasid_selftest)"
  $ run life_cycle
  ok life_cycle
  $ echo 1 >$selftest/hold; rmmod ioasid_selftest
  $ rmmod ioasid_shim
  $ lsmod | grep ioasid
  [1]
  $ grep ioasid /proc/slabinfo /proc/misc
  [1]
  $ ls -d /sys/kernel/debug/ioasid* /sys/module/ioasid* 2>/dev/null
  [2]

A process keeps opening the device while the core is loaded and unloaded: the device
exists only while it works.

  $ (until [ -e stop ]; do ioasid-io -c 'alloc 1 9' -c 'bind sim0 1' -c 'dma sim0 1 read buf 9'; done >log 2>&1; true) &
  $ for i in 1 2 3 4 5; do
  >   insmod "$(module ioasid_shim)"; sleep 0.2
  >   until rmmod ioasid_shim 2>/dev/null; do sleep 0.02; done
  > done
  $ touch stop; wait
  $ grep -c 'dma: 9' log >/dev/null
  $ insmod "$(module ioasid_shim)"
