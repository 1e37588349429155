warn: an event is emitted each time an allocation reaches this share of max.

  $ . $IOASID_SRC/tests/guest.sh
  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: all, cgroup: /t, max: 3}
  >   - {name: each, cgroup: /t/*, max: 4, warn: 70%}
  > YAML
  policy.yaml:4:37: warning: the limit 4 of `each` has no effect
        - {name: each, cgroup: /t/*, max: 4, warn: 70%}
                                          ^
    help: an ancestor is limited by rule `all` (line 3), whose max is 3
  $ pasidctl trace --event warn --json >warn.json 2>warn.log & tracer=$!
  $ wait_for '[ -s warn.log ]'
  $ actor a /t/a; actor b /t/b

70% of 4 is rounded up to 3. While b holds one of the three PASIDs allowed for /t, the
third allocation of a is denied and causes no warning.

  $ tell b 'alloc 1 1'; tell a 'alloc 2 2'; tell a 'alloc 3 3'; tell a 'alloc 4 4'
  1
  2
  3
  error EDQUOT
  $ tell b 'free 1'; tell a 'alloc 4 4'; tell a 'free 4'; tell a 'alloc 5 5'
  0
  4
  0
  5
  $ wait_for '(($(wc -l <warn.json) >= 2))'; kill -INT $tracer; wait $tracer; rm warn.log
  $ python3 -c '
  > import json
  > for line in open("warn.json"):
  >     e = json.loads(line)
  >     print(*(e.get(k) for k in ("event", "cgroup", "comm", "rule", "limit_cgroup", "result")))'
  warn /t/a ioasid-io each /t/a ok
  warn /t/a ioasid-io each /t/a ok
  $ dismiss a; dismiss b

Warnings are also emitted in audit mode:

  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: watch, cgroup: /t/a, max: 2, warn: 100%, mode: audit}
  > YAML
  $ pasidctl trace --event warn --event deny --json >warn.json 2>warn.log & tracer=$!
  $ wait_for '[ -s warn.log ]'
  $ in_cgroup /t/a ioasid-io -q -c 'repeat 3 { alloc 1 9 }'
  $ wait_for '(($(wc -l <warn.json) >= 2))'; kill -INT $tracer; wait $tracer; rm warn.log
  $ python3 -c '
  > import json
  > for line in open("warn.json"):
  >     e = json.loads(line)
  >     print(*(e.get(k) for k in ("event", "rule", "limit_cgroup")))'
  warn watch /t/a
  deny watch /t/a

A move that reaches the threshold emits a warning for each level that it enters:

  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: all, cgroup: /t, max: 9, warn: 30%}
  >   - {name: each, cgroup: /t/*, max: 4, warn: 50%}
  > YAML
  $ mkdir -p /sys/fs/cgroup/t/a /sys/fs/cgroup/t/b
  $ actor a /t/a; tell a 'alloc 1 1'
  1
  $ pasidctl trace --event warn --json >warn.json 2>warn.log & tracer=$!
  $ wait_for '[ -s warn.log ]'
  $ tell a 'alloc 2 2'
  2
  $ actor_pid a >/sys/fs/cgroup/t/b/cgroup.procs
  $ actor_pid a >/sys/fs/cgroup/cgroup.procs
  $ tell a 'alloc 3 3'
  3
  $ actor_pid a >/sys/fs/cgroup/t/a/cgroup.procs
  $ wait_for '(($(wc -l <warn.json) >= 4))'; kill -INT $tracer; wait $tracer; rm warn.log
  $ python3 -c '
  > import json
  > for line in open("warn.json"):
  >     e = json.loads(line)
  >     print(*(e.get(k) for k in ("event", "cgroup", "rule", "limit_cgroup")))'
  warn /t/a each /t/a
  warn /t/b each /t/b
  warn /t/a each /t/a
  warn /t/a all /t
  $ dismiss a
  $ clean_up
