time-limit: 900

Several users make random calls from a table of all calls of the device, with memory and
page tables that change at any time; processes are interrupted and killed
(tests/random/main.c). Devices access only what was mapped for them, and each error is
one that the header documents. Repeat a failure with the seed that it prints.

  $ . "$IOASID_SRC/tests/guest.sh"
  $ seconds=15; [ -z "$IOASID_LONG" ] || seconds=600
  $ chmod 666 /dev/ioasid
  $ "$IOASID_BUILT/lab/random" --seconds $seconds 2>random.log || { echo "status $?"; cat random.log; }

Nothing is left: no PASID, no set, no attachment and no pinned memory.

  $ left() {
  >   pasidctl list --json
  >   pasidctl status --json | python3 -c '
  > import json, sys
  > status = json.load(sys.stdin)
  > print(status["system"]["sets"], *(row["bindings"] for row in status["devices"]))'
  >   cat /proc/[0-9]*/status 2>/dev/null | awk '/^VmPin:/ && $2'
  > }
  $ wait_for '[ "$(left)" = "$(echo "[]"; echo 0 0 0 0 0)" ]' || left
  $ chmod 600 /dev/ioasid; clean_up
