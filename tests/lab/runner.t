tests/run reports the result of each file, and shows differences.

  $ mkdir -p tests/sample; cd tests/sample
  $ cat >passes.t <<'EOF'
  >   $ echo output
  >   output
  > EOF
  $ cat >differs.t <<'EOF'
  >   $ echo output
  >   something else
  > EOF
  $ cat >skipped.t <<'EOF'
  >   $ test -n "$IOASID_LONG" || exit 80
  > EOF
  $ run() { "$IOASID_SRC/tests/run" "$@" | sed -E 's/ \([0-9]+ s\)//; /^(---|\+\+\+|@@)|^  running: /d'; return "${PIPESTATUS[0]}"; }
  $ IOASID_LONG= run passes.t differs.t skipped.t
  ok sample/passes
  FAIL sample/differs
     $ echo output
  -  something else
  +  output
  skip sample/skipped
  1 passed, 1 failed
  [1]
  $ IOASID_LONG=1 run skipped.t
  ok sample/skipped
  1 passed, 0 failed

A file can set its time limit, and can be run under another name:

  $ printf 'time-limit: 1\n\n  $ sleep 60\n' >slow.t
  $ run --variant @other passes.t slow.t
  ok sample/passes@other
  FAIL sample/slow@other
    no end within 1 seconds
  1 passed, 1 failed
  [1]

When the time limit expires, the running processes are shown, on the host and in the
guest:

  $ sed -i 's/limit: 1/limit: 15/' slow.t
  $ "$IOASID_SRC/tests/run" slow.t | grep -q 'running: .* sleep 60' && echo shown
  shown
  $ "$IOASID_SRC/dev" lab --no-build --add "$PWD/.." -- sh -c 'cd /host/tests/sample; exec "$IOASID_SRC/tests/run" --kernel-log slow.t' </dev/null | grep -q 'running: .* sleep 60' && echo shown
  shown

In the guest a test also fails if the kernel logged a warning that the test does not
permit.

  $ cat >warns.t <<'EOF'
  >   $ echo '<4>something is odd' >/dev/kmsg
  > EOF
  $ { echo 'kernel-log: something is odd$'; cat warns.t; } >permits.t
  $ cat >taints.t <<'EOF'
  >   $ echo 64 >/proc/sys/kernel/tainted
  > EOF
  $ "$IOASID_SRC/dev" lab --no-build --add "$PWD/.." -- sh -c 'cd /host/tests/sample
  >   "$IOASID_SRC/tests/run" --kernel-log passes.t warns.t permits.t taints.t passes.t' </dev/null |
  >   sed -E 's/ \([0-9]+ s\)//; s/\[ *[0-9.]+\]/[TIME]/'
  ok sample/passes
  FAIL sample/warns
    kernel: [TIME] something is odd
  ok sample/permits
  FAIL sample/taints
    the kernel is tainted: 64
  ok sample/passes
  3 passed, 2 failed
