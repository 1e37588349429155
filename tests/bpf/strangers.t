Requests of other users do not keep a PASID from being freed, and requests made while the
policy is replaced do not affect which rule applies.

  $ . "$IOASID_SRC/tests/guest.sh"
  $ export PYTHONPATH=$IOASID_SRC/tests
  $ chmod 666 /dev/ioasid
  $ rule <<'YAML'
  > {version: 1, rules: [{name: one, cgroup: /t/victim, max: 1}]}
  > YAML

Several users keep trying to free the only PASID that another user may hold: once its
holder frees it, it can be allocated again.

  $ cat >stranger.py <<'PY'
  > import os, threading
  > from ioasid import *
  > os.setuid(1000)
  > fd = open_device()
  > def ask():
  >     while not os.path.exists("ended"):
  >         for _ in range(200):
  >             assert free(fd, 77) in ("EPERM", "ENOENT")
  > threads = [threading.Thread(target=ask) for _ in range(4)]
  > [thread.start() for thread in threads]
  > open("asks-%d" % os.getpid(), "w")
  > [thread.join() for thread in threads]
  > PY
  $ cat >victim.py <<'PY'
  > from ioasid import *
  > fd = open_device()
  > print(*{(alloc(fd, 77, 77), free(fd, 77)) for _ in range(1500)})
  > PY
  $ chmod 777 .; strangers=; for i in 1 2 3; do python3 stranger.py & strangers="$strangers $!"; done
  $ wait_for '[ $(find . -name "asks-*" | wc -l) = 3 ]'
  $ in_cgroup /t/victim python3 victim.py
  (77, 0)
  $ touch ended; wait $strangers; rm asks-* ended

Processes of one user use each other's PASIDs while policies are applied whose rules have
different numbers: each cgroup keeps its rule, and nothing that the rule forbids is
permitted.

  $ policy() { python3 -c '
  > import json, sys
  > rules = [{"name": f"x{i}", "cgroup": f"/x{i}/a/b", "max": 1000 + i, "owner": "user"} for i in range(int(sys.argv[1]))]
  > rules += [{"name": "open", "cgroup": "/t/a", "owner": "user"}, {"name": "inner", "cgroup": "/t/a/b", "max": 7, "owner": "user"},
  >           {"name": "closed", "cgroup": "/t/closed", "max": 9, "owner": "process"}]
  > print(json.dumps({"version": 1, "rules": rules}))' "$1" | rule; }
  $ policy 1
  $ actor holder /t/a/b; tell holder 'alloc 100 100'
  100
  $ actor private /t/closed; tell private 'alloc 200 200'
  200
  $ cat >user.py <<'PY'
  > import os
  > from ioasid import *
  > fd, answers = open_device(), set()
  > open("asks-%d" % os.getpid(), "w")
  > while not os.path.exists("ended"):
  >     for _ in range(100):
  >         answers |= {("open", bind(fd, 100, number=UNBIND)), ("closed", bind(fd, 200, number=UNBIND))}
  > print(*sorted(answers))
  > PY
  $ users=; for i in 1 2; do in_cgroup /t/asker$i python3 user.py >user$i & users="$users $!"; done
  $ wait_for '[ $(find . -name "asks-*" | wc -l) = 2 ]'
  $ for i in 40 1 30 2 20 3 10 4 50 5; do
  >   policy $i
  >   pasidctl cgroup --json | python3 -c '
  > import json, sys
  > print(*((row["cgroup"], row["rule"], row["max"]) for row in json.load(sys.stdin) if row["cgroup"] in ("/t/a/b", "/t/closed")))'
  > done | sort | uniq -c
       10 ('/t/a/b', 'inner', 7) ('/t/closed', 'closed', 9)
  $ touch ended; wait $users; sort -u user1 user2
  ('closed', 'EPERM') ('open', 'EINVAL')
  $ dismiss holder; dismiss private; chmod 600 /dev/ioasid; clean_up
