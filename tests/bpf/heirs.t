If a process ends while another one uses its memory, the other process is charged for the
PASIDs and shown as their holder.

  $ . $IOASID_SRC/tests/guest.sh
  $ echo 'version: 1
  > rules: [{name: rich, cgroup: /t/rich, max: 10}, {name: poor, cgroup: /t/poor, max: 2}]' | rule
  $ mkdir -p /sys/fs/cgroup/t/poor /sys/fs/cgroup/t/other
  $ holder() { pasidctl list --json | python3 -c 'import json, sys; print(*{(row["cgroup"], row["pid"], row["comm"]) for row in json.load(sys.stdin)})'; }
  $ mkfifo in out; exec {in}<>in {out}<>out
  $ heir() {
  >   "$IOASID_SRC/lab/in-cgroup" /t/rich "$IOASID_BUILT/lab/heir" "$1" /sys/fs/cgroup/t/poor <in >out &
  >   read -r first <&$out; read -r pid <&$out; echo "$first"
  > }
  $ more() { echo >&$in; read -r answer <&$out; echo "$answer"; }
  $ leave() { printf q >&$in; wait; wait_for '[ -z "$(holder)" ]'; usage /t/poor current; usage /t/rich current; }
  $ for what in memory files; do
  >   heir $what
  >   wait_for '[ "$(usage /t/poor current)" = 1 ]'; usage /t/rich current
  >   [ "$(holder)" = "('/t/poor', $pid, 'heir')" ] && echo named
  >   more; more
  >   usage /t/poor current
  >   echo $pid >/sys/fs/cgroup/t/other/cgroup.procs; usage /t/other current; usage /t/poor current
  >   leave
  > done
  one more
  0
  named
  one more
  EDQUOT
  2
  2
  0
  0
  0
  one more
  0
  named
  one more
  EDQUOT
  2
  2
  0
  0
  0

A process that only has the descriptor cannot use it. The PASID stays charged to the
cgroup where it was allocated until the descriptor is closed, and `show` names the process
that keeps it open:

  $ heir descriptor
  one more
  $ wait_for '[ "$(holder)" != "" ] && holder | grep -q "(heir)"'
  $ pasidctl show 1 | grep -E '^(comm|process)' | sed "s/$pid/KEEPER/"
  comm       (heir)
  process    exited, descriptor held by KEEPER
  $ pasidctl show 1 --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["kept_by"])' | sed "s/$pid/KEEPER/"
  [KEEPER]
  $ more
  EPERM
  $ usage /t/rich current; usage /t/poor current
  1
  0
  $ leave
  0
  0

The name of a running process may be in parentheses, such as systemd's "(sd-pam)":

  $ cp "$(command -v ioasid-io)" '(odd)'; './(odd)' -q -k -c 'alloc 9 9' -c 'sleep 60' & odd=$!; wait_for '[ -n "$(holder)" ]'
  $ pasidctl show 9 | grep -E '^(comm|process)'; kill $odd; wait $odd 2>/dev/null || true
  comm       (odd)

A process that executes another program keeps the descriptor, and its moves are still
followed:

  $ heir exec
  one more
  $ more
  EPERM
  $ wait_for '[ "$(usage /t/poor current)" = 1 ]'; usage /t/rich current
  0
  $ echo $pid >/sys/fs/cgroup/t/other/cgroup.procs; usage /t/other current; usage /t/poor current
  1
  0
  $ leave
  0
  0
  $ clean_up
