time-limit: 900

On the debug kernel a test fails if the kernel detects an error: here four that are made
on purpose. (A long test; it runs if that kernel has been built.)

  $ kernel=$IOASID_SRC/build/kernel/debug; [ -n "$IOASID_LONG" -a -e $kernel/release ] || exit 80
  $ mkdir -p tests/faults; cd tests/faults; cp $IOASID_SRC/tests/lab/faults/* .
  $ make -C $kernel/headers M=$PWD modules >make.log 2>&1 || cat make.log
  $ for kind in nothing deadlock use-after-free atomic-sleep leak; do
  >     echo 'kernel-log: out-of-tree module' >$kind.t
  >     echo '  $ insmod /host/tests/faults/faults.ko kind='$kind' 2>/dev/null || true' >>$kind.t
  > done
  $ "$IOASID_SRC/dev" lab --no-build --no-module --kernel debug --add .. -- sh -c '
  >     cd /host/tests/faults
  >     "$IOASID_SRC/tests/run" --kernel-log nothing.t deadlock.t use-after-free.t atomic-sleep.t leak.t' </dev/null >out
  [1]
  $ grep -oE '^(ok|FAIL) [a-z/-]*|BUG: [^:]*:|leak: unreferenced object|circular locking|lock checker is off.*' out | uniq
  ok faults/nothing
  FAIL faults/deadlock
  circular locking
  lock checker is off from now on
  FAIL faults/use-after-free
  BUG: KASAN:
  FAIL faults/atomic-sleep
  BUG: scheduling while atomic:
  FAIL faults/leak
  leak: unreferenced object
