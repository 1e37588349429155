In a build of the module with fault injection, every memory allocation of every call fails
once: the call fails, and what it did before is undone.

kernel-log: ioasid: cannot start [a-z]+: -12$

  $ . "$IOASID_SRC/tests/kernel/core.sh"
  $ shim=$(module ioasid_shim "$IOASID_FLAVOUR-faults")
  $ left=/sys/module/ioasid_shim/parameters/fail_nth
  $ rmmod ioasid_shim

Loading the module, with the n-th allocation failing, until no allocation fails:

  $ for n in $(seq 50); do
  >   insmod "$shim" fail_nth=$n 2>/dev/null && break
  >   lsmod | grep ioasid
  > done
  $ [ "$n" -gt 3 ] && [ "$n" -lt 50 ] || echo "loaded with n = $n"
  $ [ "$(<$left)" -gt 0 ] || echo "it was loaded although an allocation failed"
  $ echo 0 >$left

The kernel API:

  $ insmod "$(module selftest/ioasid_selftest "$IOASID_FLAVOUR-faults")"
  $ run fault_sets fault_alloc fault_spid fault_notifiers
  ok fault_sets
  ok fault_alloc
  ok fault_spid
  ok fault_notifiers

The user ABI: a session in which every call succeeds without faults. With a fault, the
session ends with ENOMEM, and closing the device releases everything.

  $ session() {
  >   ioasid-io -c 'alloc 10 20' -c 'spid attach 10 5' -c 'bind sim0 10' -c 'bind sim1 10' \
  >     -c 'dma sim0 10 write buf 5000' -c 'spid detach 10' -c 'free 10'
  > }
  $ for n in $(seq 50); do
  >   echo $n >$left; session >log 2>&1; status=$?
  >   [ "$(<$left)" = 0 ] || break
  >   [ $status = 1 ] && tail -n 1 log | grep -q ENOMEM || { echo "n = $n:"; cat log; }
  >   run life_cycle | grep -v '^ok'
  > done
  $ [ "$n" -gt 6 ] && [ "$n" -lt 50 ] || echo "worked with n = $n"
  $ echo 0 >$left; cat log
  alloc: 10
  spid: 0
  bind: 0
  bind: 0
  dma: 5000
  spid: 0
  free: 0
  $ rmmod ioasid_selftest; rmmod ioasid_shim; insmod "$(module ioasid_shim)"
