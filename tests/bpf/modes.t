The mode of all rules or of one rule can be changed; the counters are kept.

  $ . $IOASID_SRC/tests/guest.sh
  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: a, cgroup: /t/a, max: 1}
  >   - {name: b, cgroup: /t/b, max: 1}
  > YAML
  $ actor a /t/a; actor b /t/b; tell a 'alloc 1 99'; tell a 'alloc 1 99'; tell b 'alloc 1 99'
  1
  error EDQUOT
  2

Each replacement emits an event:

  $ pasidctl trace --event policy --json >policy.json 2>policy.log & tracer=$!
  $ wait_for '[ -s policy.log ]'
  $ pasidctl policy set-mode audit
  audit: 2 rules changed, generation 2
  $ tell a 'alloc 1 99'; usage /t/a mode current max denied_here would_deny
  3
  audit 2 1 1 1
  $ pasidctl policy set-mode enforce --rule b
  enforce: 1 rule changed, generation 3
  $ tell b 'alloc 1 99'; tell a 'alloc 1 99'
  error EDQUOT
  4
  $ pasidctl policy show | grep -A3 'name: a'
    - name: a
      cgroup: /t/a
      max: 1
      mode: audit
  $ pasidctl policy set-mode audit --rule c
  pasidctl: rule c: the active policy has no rule with that name; its rules: a, b
  [1]
  $ pasidctl policy remove
  removed
  $ wait_for '(($(wc -l <policy.json) >= 3))'; kill -INT $tracer; wait $tracer
  $ wc -l <policy.json
  3

A dry run reports cgroups over their limit even without an active policy:

  $ pasidctl policy apply --dry-run policy.yaml
  +  - name: a
  +    cgroup: /t/a
  +    max: 1
  +  - name: b
  +    cgroup: /t/b
  +    max: 1
  2 rules would be active; cgroups over their limit: 1
  /t/a: 3 pasids, max is 1 (rule a)
  $ dismiss a; dismiss b; clean_up
