time-limit: 2400

Another architecture. (A long test; the first run downloads packages and builds the
tools.)

  $ [ -n "$IOASID_LONG" ] || exit 80
  $ "$IOASID_SRC/dev" test --kernel arm64 kernel/loads </dev/null | sed 's/ (.*//'
  ok kernel/loads
  1 passed, 0 failed

The guest has its own root directory; the checkout and copied files come from the host,
and changes in the guest do not affect them:

  $ mkdir folder results; echo one >folder/file
  $ "$IOASID_SRC/dev" lab --no-build --kernel arm64 --add folder --add "$IOASID_SRC/dev" --out results -- sh -c '
  >   uname -m; cat /host/folder/file; ls -d /lower 2>&1
  >   cmp /host/dev $IOASID_SRC/dev && : >$IOASID_SRC/dev && echo changed; echo two >/out/file'
  aarch64
  one
  ls: cannot access '/lower': No such file or directory
  changed
  $ cat results/file; [ -s "$IOASID_SRC/dev" ]
  two
