The live view of a real system: pages, recordings, many PASIDs.

  $ . $IOASID_SRC/tests/guest.sh
  $ view=(pasidctl top)
  $ . $IOASID_SRC/tests/tui/terminal.sh
  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: tenants, cgroup: /t, max: 2000}
  >   - {name: watched, cgroup: /u, max: 1, mode: audit}
  > YAML

The header shows the active policy:

  $ open 120 30 -d 0.2 --record seen.rec
  $ waits_for 'attached  1 in audit  2 rules: tenants, watched'

The page of a cgroup follows its use and its denials:

  $ actor b /t/b
  $ $IOASID_SRC/lab/in-cgroup /t/a ioasid-io -k -c 'repeat 2000 { alloc 1 0xfffff }' \
  >   -c 'sleep 1000' >/dev/null 2>&1 & holder=$!
  $ waits_for '2000  2000'
  $ keys Down i && waits_for '> cgroup /t'
  $ waits_for 'PASIDs  2000  of 2000'
  $ tell b 'alloc 1 0xfffff'
  error EDQUOT
  $ waits_for 'alloc denied EDQUOT: rule tenants of /t'
  $ row 'EDQUOT alloc by' | grep -o 'EDQUOT alloc by tenants'
  EDQUOT alloc by tenants
  $ keys Escape && waits_without '> cgroup'

Only the visible rows are read, and the last ones on request:

  $ keys 3 && waits_for '1/2,000'
  $ keys End && waits_for '2,000/2,000'
  $ keys Home '>' '>' '>' r && waits_for '1/2,000'
  $ keys 2 && row ' ioasid-io ' | cut -d ' ' -f 3-4
  ioasid-io 2000

The recording replays with the same values:

  $ keys q && waits_for 'terminal as before' && screen | grep status
  status 0
  $ close
  $ pasidctl top --replay seen.rec --json >frames
  $ tail -n 1 frames | python3 -c '
  > import json, sys
  > frame = json.load(sys.stdin)
  > rows = {row["cgroup"]: row for row in frame["cgroups"]}
  > print(frame["system"]["live"], rows["/t"]["current"], rows["/t"]["denied_here"], rows["/t"]["rule"])'
  2000 2000 1 tenants
  $ open 120 30 --replay seen.rec && waits_for ' REPLAY '
  $ keys J 100% Enter && waits_for '2000  2000'
  $ keys 5 && waits_for ' deny '
  $ keys q && waits_for 'terminal as before'
  $ close
  $ kill $holder; wait $holder 2>/dev/null
  [143]
  $ dismiss b
  $ clean_up
