time-limit: 1200

Objects built for one kernel load on the others. (A long test; the first run downloads the
kernels.)

  $ [ -n "$IOASID_LONG" ] || exit 80
  $ for kernel in 6.12-rt backports; do
  >   "$IOASID_SRC/dev" test --kernel $kernel kernel/loads </dev/null | sed 's/ (.*//'
  > done
  ok kernel/loads
  1 passed, 0 failed
  ok kernel/loads
  1 passed, 0 failed

A kernel that the lab cannot boot:

  $ "$IOASID_SRC/dev" test --kernel 6.12-cloud kernel/loads 2>&1 </dev/null | grep -o 'lacks 9p.*'
  lacks 9p, which is needed to mount the guest's root
