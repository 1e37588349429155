time-limit: 900

The module is unloaded while a command reads its state, or the command is killed: no
command hangs, nothing is left behind, and errors are reported.

  $ . $IOASID_SRC/tests/guest.sh
  $ module=$IOASID_SRC/build/kmod/$IOASID_FLAVOUR/ioasid_shim.ko
  $ objects() { for kind in prog map link; do echo $kind $(bpftool $kind list -j | python3 -c 'import json, sys; print(len(json.load(sys.stdin)))'); done; }
  $ objects >before
  $ as_before() { objects | cmp -s before -; }

Long-running commands pin the module; after SIGKILL nothing remains:

  $ commands=(
  >   'top -b -n 1000000 -d 0.05' 'top -b --json -n 1000000 -d 0.05' 'stats --duration 100000' 'trace' 'trace -o recording'
  >   'trace --json --cgroup /' 'metrics --listen 127.0.0.1:9472'
  > )
  $ refs() { cat /sys/module/ioasid_shim/refcnt; }
  $ for command in "${commands[@]}"; do
  >   pasidctl $command >out.txt 2>err.txt & looks=$!
  >   wait_for '[ $(refs) != 0 ] && { [ -s out.txt ] || [ -s err.txt ]; }'
  >   rmmod ioasid_shim
  >   kill -9 $looks; wait $looks 2>/dev/null
  >   wait_for '[ $(refs) = 0 ] && as_before' || echo $command
  > done 2>&1 | uniq -c | sed 's/^ *//'
  7 rmmod: ERROR: Module ioasid_shim is in use

Short commands, killed at an arbitrary point after they have begun to read:

  $ for command in list 'show 1' cgroup 'stats --duration 1' status metrics doctor 'top -b -n 3 -d 0.05'; do
  >   for i in 1 2 3; do
  >     pasidctl $command >out.txt 2>&1 & looks=$!
  >     while [ $(refs) = 0 ] && kill -0 $looks 2>/dev/null; do :; done
  >     kill -9 $looks 2>/dev/null; wait $looks 2>/dev/null || true
  >   done
  > done
  $ wait_for '[ $(refs) = 0 ] && as_before'

While the module is loaded and unloaded, every command succeeds or reports an error in one
line:

  $ touch reload
  $ while [ -e reload ]; do ! rmmod ioasid_shim || insmod $module; done 2>/dev/null & reloader=$!
  $ for command in list 'show 1' 'stats --duration 0' 'trace --duration 0.01' 'top -b -n 2 -d 0.05' metrics; do
  >   for i in 1 2 3 4 5 6; do
  >     timeout 60 pasidctl $command >/dev/null 2>err.txt
  >     echo "$? $(grep -vE '^(tracing|measuring)' err.txt)"
  >   done
  > done >answers
  $ rm reload; wait $reloader
  $ grep -vE '^0 |^1 pasidctl: PASID 1: it is not allocated' answers |
  >   grep -vE "^3 pasidctl: cannot [a-z ]+: the module ioasid_shim (is not loaded; load it: modprobe ioasid_shim|was loaded or unloaded in the meantime; try again)$"
  [1]
  $ wait_for as_before; lsmod | grep -c '^ioasid_shim '
  1

A long list whose reader stops early, that is interrupted while its reader is slow, or
that does not fit on the file system:

  $ ioasid-io -q -c 'repeat 40000 { alloc 1 0xfffff }' -c 'sleep 100000' & holder=$!
  $ live() { pasidctl status --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["system"]["live"])'; }
  $ wait_for '[ "$(live)" = 40000 ]'
  $ pasidctl list --json | head -n 1 | grep -c '"pasid":1,'; echo ${PIPESTATUS[0]}
  1
  0
  $ pasidctl list | head -n 1 | awk '{ print $1 }'
  PASID
  $ mkfifo pipe
  $ for signal in INT TERM KILL; do
  >   env --default-signal pasidctl list --json >pipe 2>err.txt & looks=$!
  >   exec 3<pipe; IFS= read -r first <&3; rmmod ioasid_shim 2>&1
  >   kill -$signal $looks; wait $looks 2>/dev/null; echo "$? ${first::10}"; exec 3<&-; cat err.txt
  > done
  rmmod: ERROR: Module ioasid_shim is in use
  130 [{"pasid":
  rmmod: ERROR: Module ioasid_shim is in use
  143 [{"pasid":
  rmmod: ERROR: Module ioasid_shim is in use
  137 [{"pasid":
  $ mkdir small && mount -t tmpfs -o size=1m none small
  $ for json in '' --json; do pasidctl list $json >small/list; echo $?; tail -c 1 small/list | od -An -c; rm small/list; done
  pasidctl: cannot write: No space left on device
  2
    \n
  pasidctl: cannot write: No space left on device
  2
    \n
  $ umount small; pasidctl list >/dev/full
  pasidctl: cannot write: No space left on device
  [2]
  $ kill $holder; wait $holder 2>/dev/null
  [143]
  $ wait_for '[ $(refs) = 0 ] && as_before'
  $ clean_up
