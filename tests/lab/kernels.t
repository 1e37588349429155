time-limit: 1200

What loads on one loads on the others, built from the same objects. (A long test; each
kernel is downloaded the first time.)

  $ [ -n "$IOASID_LONG" ] || exit 80
  $ for kernel in 6.12-rt backports; do
  >   "$IOASID_SRC/dev" test --kernel $kernel kernel/loads </dev/null | sed 's/ (.*//'
  > done
  ok kernel/loads
  1 passed, 0 failed
  ok kernel/loads
  1 passed, 0 failed

One that the lab cannot boot:

  $ "$IOASID_SRC/dev" test --kernel 6.12-cloud kernel/loads 2>&1 </dev/null | grep -o 'lacks 9p.*'
  lacks 9p, which is needed to mount the guest's root
