The live view of a real system.

  $ . $IOASID_SRC/tests/guest.sh
  $ view=(pasidctl top)
  $ . $IOASID_SRC/tests/tui/terminal.sh

Without PASIDs and without a policy:

  $ open 80 24 -d 0.2
  $ waits_for 'no policy — limits are not enforced'

Policies applied and PASIDs allocated in the meantime appear, with use and limit:

  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: tenants, cgroup: /t, max: 3}
  > YAML
  $ waits_for 'Policy  attached'
  $ actor a /t/a
  $ for i in 1 2 3; do tell a 'alloc 1 99'; done
  1
  2
  3
  $ row '─▾ t .* 100%' | cut -d ' ' -f 1-6
  └─▾ t 3 3 ██████ 100%
  $ row '── a' | cut -d ' ' -f 2-7
  └── a 3 - no limit

A denial appears at once, with its reason:

  $ tell a 'alloc 1 99'
  error EDQUOT
  $ waits_for 'alloc denied EDQUOT: rule tenants of /t; requested by ioasid-io'

From the cgroup to its PASIDs and to the page of one PASID:

  $ keys Down Enter
  $ waits_for '> cgroup /t'
  $ tell a 'bind sim0 2'
  0
  $ row '^ +2 active' | cut -d ' ' -f 2,3,5
  2 active ioasid-io
  $ keys Down Enter
  $ waits_for '> PASID 2'
  $ row ' CGROUP' | grep -o 'CGROUP /t/a'
  CGROUP /t/a
  $ row ' sim0 +[0-9]' | cut -d ' ' -f 2,4
  sim0 0
  $ row ' bind +sim0' | cut -d ' ' -f 3-
  bind sim0 ok
  $ tell a 'unbind sim0 2'; tell a 'free 2'
  0
  0
  $ waits_for 'this PASID is free'

Events, newest first; processes; devices:

  $ keys 5 && waits_for ' unbind '
  $ row '^[0-9:.]+ (free|unbind|bind) ' | cut -d ' ' -f 2,3,5-
  free 2 ioasid-io ok [0-9.]+m?s (re)
  $ keys 2 && row ' ioasid-io ' | cut -d ' ' -f 3-4
  ioasid-io 2
  $ keys 4 && row '^sim0'
  sim0 * (glob)

The policy is removed while the view is open:

  $ pasidctl policy remove >/dev/null
  $ waits_for 'policy removed — limits are not enforced'
  $ row '^Policy'
  Policy none — limits are not enforced module 0.1.0

The view exits cleanly and leaves nothing in the kernel:

  $ kill -TERM $(view_pid)
  $ waits_for 'terminal as before' && screen | grep status
  status 0
  $ close
  $ dismiss a
  $ clean_up
