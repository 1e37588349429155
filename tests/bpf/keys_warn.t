warn: an event when an allocation reaches that part of max, each time it does.

  $ . $IOASID_SRC/tests/guest.sh
  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: all, cgroup: /t, max: 3}
  >   - {name: each, cgroup: /t/*, max: 4, warn: 70%}
  > YAML
  policy.yaml:4:37: warning: the limit 4 of `each` can never be reached
        - {name: each, cgroup: /t/*, max: 4, warn: 70%}
                                          ^
    help: the cgroup lies under the rule `all` (line 3), whose max is 3
  $ pasidctl trace --event warn --json >warn.json 2>warn.log & tracer=$!
  $ wait_for '[ -s warn.log ]'
  $ actor a /t/a; actor b /t/b

Two thirds of four, rounded up, are three; b holds one of the three that all may
hold, so a is refused its third: that is no warning.

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

In audit mode, too:

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
  $ clean_up
