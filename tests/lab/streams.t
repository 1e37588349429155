Bytes go in and out unchanged, as many as there are.

  $ lab() { "$IOASID_SRC/dev" lab --no-build "$@"; }
  $ head -c 20000000 /dev/urandom >random
  $ sum=$(sha256sum <random)

In through stdin with an end after them, and out through stdout:

  $ lab -- cat <random >copy
  $ test "$(sha256sum <copy)" = "$sum"

A command that does not read its input is not held up by it:

  $ seq 1 1000000 | lab -- echo ended
  ended

A reader that goes away ends the guest:

  $ lab -- yes </dev/null | head -n 1
  y
