Any number of bytes pass unchanged in both directions.

  $ lab() { "$IOASID_SRC/dev" lab --no-build "$@"; }
  $ head -c 20000000 /dev/urandom >random
  $ sum=$(sha256sum <random)

Through stdin, to its end, and back through stdout:

  $ lab -- cat <random >copy
  $ test "$(sha256sum <copy)" = "$sum"

A command that does not read its input is not delayed by it:

  $ seq 1 1000000 | lab -- echo ended
  ended

A reader that closes the pipe ends the guest:

  $ lab -- yes </dev/null | head -n 1
  y
