For every key of a rule: what is denied, with which errno, which event reports it, and
where it is counted.

  $ . $IOASID_SRC/tests/guest.sh
  $ audit_instead() { sed -i 's/}/, mode: audit}/' policy.yaml; pasidctl policy apply policy.yaml >/dev/null; }

max_bindings: bindings held at once by a cgroup and its descendants.

  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: two, cgroup: /t, max_bindings: 2}
  >   - {name: one, cgroup: /t/a, max_bindings: 1}
  > YAML
  $ watch_denials
  $ in_cgroup /t/a ioasid-io -k -c 'alloc 1 1' -c 'alloc 2 2' -c 'bind sim0 1' -c 'bind sim0 2' -c 'unbind sim0 1' -c 'bind sim0 2'
  alloc: 1
  alloc: 2
  bind: 0
  bind: error EDQUOT
  unbind: 0
  bind: 0
  [1]
  $ in_cgroup /t/b ioasid-io -k -c 'repeat 3 { alloc 1 9; bind sim0 $ }' | grep bind
  bind: 0
  bind: 0
  bind: error EDQUOT
  $ deny_trace
  bind EDQUOT rule=one limit=/t/a mode=enforce from=/t/a
  bind EDQUOT rule=two limit=/t mode=enforce from=/t/b
  $ usage /t/a denied_here denied_asked current; usage /t denied_here; usage /t/b denied_asked
  1 1 0
  1
  1

Audit mode allows the binding and reports it:

  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: one, cgroup: /t/a, max_bindings: 1, mode: audit}
  > YAML
  $ watch_denials
  $ in_cgroup /t/a ioasid-io -c 'alloc 1 1' -c 'alloc 2 2' -c 'bind sim0 1' -c 'bind sim0 2' | grep bind
  bind: 0
  bind: 0
  $ deny_trace
  bind EDQUOT rule=one limit=/t/a mode=audit from=/t/a
  $ usage /t/a denied_here denied_asked would_deny
  1 1 1

Bindings made before the policy was applied are counted, and move with their process:

  $ pasidctl policy remove
  removed
  $ actor early /t/a; actor other /t/b; tell other 'alloc 20 20'
  20
  $ for id in 1 2; do tell early "alloc $id $id"; tell early "bind sim0 $id"; done
  1
  0
  2
  0
  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: all, cgroup: /t, max_bindings: 3}
  >   - {name: each, cgroup: /t/*, max_bindings: 2}
  > YAML
  $ tell early 'alloc 3 3'; tell early 'bind sim0 3'
  3
  error EDQUOT
  $ tell other 'bind sim0 20'; tell other 'bind sim1 20'
  0
  error EDQUOT
  $ tell other 'unbind sim0 20'; actor_pid early >/sys/fs/cgroup/t/b/cgroup.procs; tell other 'bind sim0 20'
  0
  error EDQUOT
  $ in_cgroup /t/a ioasid-io -k -c 'alloc 30 30; bind sim0 30; bind sim1 30' | grep bind
  bind: 0
  bind: error EDQUOT
  $ actor_pid early >/sys/fs/cgroup/cgroup.procs; tell other 'bind sim0 20'; tell other 'bind sim1 20'
  0
  0
  $ dismiss early; dismiss other

rate: the cgroup with the rule and all cgroups that it governs share one bucket. It is
full at first; here one token is added per hour.

  $ pasidctl policy remove
  removed
  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: slow, cgroup: /t, rate: 1/h, burst: 3}
  > YAML
  $ watch_denials
  $ in_cgroup /t/a ioasid-io -c 'alloc 1 9; free $; alloc 1 9' >/dev/null
  $ in_cgroup /t/b ioasid-io -k -c 'repeat 2 { alloc 1 9 }'
  alloc: 1
  alloc: error EAGAIN
  [1]
  $ deny_trace
  alloc EAGAIN rule=slow limit=/t mode=enforce from=/t/b
  $ usage /t denied_here denied_asked current; usage /t/b denied_here denied_asked current
  1 0 0
  0 1 0
  $ pasidctl policy explain --cgroup /t/b --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["next_alloc"])'
  EAGAIN

Tokens are added at 20 per second. With a burst of 1, four allocations succeed after some
are denied.

  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: brisk, cgroup: /t/c, rate: 20/s, burst: 1}
  > YAML
  $ actor brisk /t/c
  $ granted=0; for i in {1..400}; do [[ $(tell brisk 'alloc 1 99') == error* ]] || granted=$((granted + 1)); ((granted < 4)) || break; sleep 0.02; done; echo $granted
  4
  $ dismiss brisk

  $ pasidctl policy remove
  removed
  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: slow, cgroup: /t, rate: 2/h, mode: audit}
  > YAML
  $ watch_denials
  $ in_cgroup /t/a ioasid-io -c 'repeat 4 { alloc 1 9 }' | sort -u | wc -l
  4
  $ deny_trace
  alloc EAGAIN rule=slow limit=/t mode=audit from=/t/a
  alloc EAGAIN rule=slow limit=/t mode=audit from=/t/a
  $ usage /t denied_here would_deny
  0 2

range: the requested range is reduced to the permitted one. An empty result fails with
EPERM; if all its numbers are in use, the error is ENOSPC, as without a policy.

  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: mine, cgroup: /t, range: 0x10-0x12}
  > YAML
  $ watch_denials
  $ in_cgroup /t/a ioasid-io -k -c 'alloc 1 0xfffff' -c 'alloc 0x12 99' -c 'alloc 1 15' -c 'alloc 19 99' -c 'alloc 17 17' -c 'alloc 1 99'
  alloc: 16
  alloc: 18
  alloc: error EPERM
  alloc: error EPERM
  alloc: 17
  alloc: error ENOSPC
  [1]
  $ deny_trace
  alloc EPERM rule=mine limit=/t mode=enforce from=/t/a
  alloc EPERM rule=mine limit=/t mode=enforce from=/t/a
  $ usage /t denied_here current peak; usage /t/a denied_asked current
  2 0 4
  2 0

Audit mode changes nothing, not even the number that is allocated:

  $ audit_instead
  $ watch_denials
  $ in_cgroup /t/a ioasid-io -c 'alloc 1 0xfffff' -c 'alloc 19 99'
  alloc: 1
  alloc: 19
  $ deny_trace
  alloc EPERM rule=mine limit=/t mode=audit from=/t/a
  $ usage /t would_deny
  3

devices: the devices that may be bound.

  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: others, cgroup: /t/a, devices: ["0000:00:04.0", "sim"]}
  >   - {name: sim, cgroup: /t/b, devices: ["0000:00:04.0", sim0]}
  > YAML
  warning: rule `others` names device 0000:00:04.0, which does not exist now
  warning: rule `others` names device sim, which does not exist now
  warning: rule `sim` names device 0000:00:04.0, which does not exist now
  $ watch_denials
  $ in_cgroup /t/a ioasid-io -k -c 'alloc 1 1' -c 'bind sim0 1'
  alloc: 1
  bind: error EPERM
  [1]
  $ in_cgroup /t/b/below ioasid-io -k -c 'alloc 1 1' -c 'bind sim0 1'
  alloc: 1
  bind: 0
  $ deny_trace
  bind EPERM rule=others limit=/t/a mode=enforce from=/t/a
  $ usage /t/a denied_here denied_asked
  1 3
  $ audit_instead
  warning: rule `others` names device 0000:00:04.0, which does not exist now
  warning: rule `others` names device sim, which does not exist now
  warning: rule `sim` names device 0000:00:04.0, which does not exist now
  $ watch_denials
  $ in_cgroup /t/a ioasid-io -c 'alloc 1 1' -c 'bind sim0 1'
  alloc: 1
  bind: 0
  $ deny_trace
  bind EPERM rule=others limit=/t/a mode=audit from=/t/a
  $ usage /t/a denied_here would_deny
  1 1
  $ clean_up
