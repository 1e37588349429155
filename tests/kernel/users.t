time-limit: 900

Several users make random calls with memory at the same addresses, some of which is
provided late or never (tests/races/users.c). Policies that let processes of one user
share PASIDs are replaced all the time. No user sees a byte of another user, and all
processes end.

  $ . "$IOASID_SRC/tests/guest.sh"
  $ export PYTHONPATH=$IOASID_SRC/tests
  $ seconds=20; [ -z "$IOASID_LONG" ] || seconds=600
  $ modprobe -q fuse || true
  $ chmod 666 /dev/ioasid
  $ cat >shared.yaml <<'YAML'
  > version: 1
  > rules: [{name: all, cgroup: "/**", owner: user, max: 60}, {name: t, cgroup: /t, owner: user, max: 40}, {name: inner, cgroup: "/t/*", owner: cgroup, max: 12}]
  > YAML
  $ cat >own.yaml <<'YAML'
  > version: 1
  > rules: [{name: t, cgroup: /t, max: 30, max_bindings: 20}]
  > YAML
  $ python3 -c '
  > import os, signal
  > from stall import FuseFile
  > file = FuseFile("/run/slow", slow=0.2)
  > print(file.server)' >server
  $ policies() {
  >   while [ ! -e ended ]; do
  >     for policy in shared shared own; do
  >       pasidctl policy apply $policy.yaml >/dev/null || echo "apply $policy: $?"
  >       pasidctl list >/dev/null || echo "list: $?"
  >       sleep 0.$((RANDOM % 5))
  >     done
  >     ((RANDOM % 2)) || pasidctl policy remove >/dev/null || echo "remove: $?"
  >   done
  > }
  $ policies & policies=$!
  $ "$IOASID_BUILT/lab/users" $seconds /run/slow/file 2>users.log; touch ended; wait $policies
  $ awk -F: '{ split($2, count, " "); if (!count[1]) print "never: " $1 }' users.log

Nothing is left, and every charge was undone:

  $ kill "$(<server)"; umount /run/slow
  $ pasidctl policy apply shared.yaml >/dev/null
  $ pasidctl list --json
  []
  $ pasidctl status --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["system"]["sets"])'
  0
  $ pasidctl cgroup --json | python3 -c 'import json, sys; print(sum(row["current"] for row in json.load(sys.stdin)))'
  0
  $ chmod 600 /dev/ioasid; clean_up
