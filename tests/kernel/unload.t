The module cannot be unloaded while a descriptor is open, and leaves nothing behind when
it is.

  $ : >log; ioasid-io -c 'alloc 1 9' -c 'bind sim0 1' -c 'sleep 600' >log &
  $ until [ "$(wc -l <log)" = 2 ]; do sleep 0.1; done; rmmod ioasid_shim
  rmmod: ERROR: Module ioasid_shim is in use
  [1]
  $ kill $!; wait $! 2>/dev/null; rmmod ioasid_shim
  $ ls /dev/ioasid /sys/kernel/tracing/events/ioasid /sys/module/ioasid_shim 2>&1 | grep -v 'cannot access'
  [1]
  $ grep -c ioasid /proc/slabinfo /proc/misc
  /proc/slabinfo:0
  /proc/misc:0
  [1]
  $ pgrep -c "^ioasid"
  0
  [1]

Loading, use and unloading, ten times:

  $ module=$(echo $IOASID_SRC/build/kmod/$IOASID_FLAVOUR/ioasid_shim.ko)
  $ for i in 1 2 3 4 5 6 7 8 9 10; do
  >     insmod $module && ioasid-io -c 'alloc 1 9' -c 'bind sim0 1' -c 'dma sim0 1 read buf 9' -c 'free 1' >/dev/null && rmmod ioasid_shim || echo $i failed
  > done
  $ insmod $module fail_closed=1

With fail_closed, users get no PASID without a policy:

  $ ioasid-io -c 'alloc 1 9'
  alloc: error EPERM
  [1]
  $ rmmod ioasid_shim; insmod $module
