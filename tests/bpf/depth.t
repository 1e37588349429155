A rule applies at any depth. If a cgroup with a rule cannot get a node, the request is
denied instead of going uncounted.

  $ . $IOASID_SRC/tests/guest.sh
  $ deep() { echo "/t$(printf '/%d' $(seq 2 "$1"))/leaf"; }
  $ rule <<'YAML'
  > {version: 1, rules: [{name: deep, cgroup: "/**/leaf", max: 1}, {name: heard, cgroup: "/t/**/audit", max: 1, mode: audit}]}
  > YAML
  $ watch_denials
  $ in_cgroup $(deep 30) ioasid-io -k -c 'repeat 2 { alloc 1 1000 }'
  alloc: 1
  alloc: error EDQUOT
  [1]
  $ in_cgroup $(deep 31) ioasid-io -k -c 'alloc 1 1000'
  alloc: error EPERM
  [1]
  $ in_cgroup $(deep 40)/below ioasid-io -k -c 'alloc 1 1000'
  alloc: error EPERM
  [1]
  $ deny_trace >denied; sed 's|/2/[0-9/]*|/.../|g' denied
  alloc EDQUOT rule=deep limit=/t/.../leaf mode=enforce from=/t/.../leaf
  alloc EPERM rule=deep limit=/t/.../leaf mode=enforce from=/t/.../leaf
  alloc EPERM rule=deep limit=/t/.../leaf mode=enforce from=/t/.../leaf/below

`explain` predicts it:

  $ predict() { pasidctl policy explain --json --cgroup "$1" | python3 -c 'import json, sys; print(json.load(sys.stdin)["next_alloc"])'; }
  $ for cgroup in $(deep 30) $(deep 31) $(deep 40)/below $(deep 40 | sed s/leaf/none/) $(deep 40 | sed s/leaf/audit/) $(deep 300 | sed s/leaf/none/); do predict $cgroup; done
  ok
  EPERM
  EPERM
  ok
  ok
  EPERM
  $ pasidctl policy explain --cgroup $(deep 31) | grep '^too deep'
  too deep    rules apply to the top 32 levels; below, requests are denied if a cgroup has a rule

The same holds for a process that is already charged elsewhere and moves to such a cgroup:

  $ actor mover /t/x; tell mover 'alloc 1 1000'
  1
  $ actor_pid mover >/sys/fs/cgroup$(deep 31)/cgroup.procs; tell mover 'alloc 1 1000'; tell mover 'free 1'
  error EPERM
  0
  $ dismiss mover

Without a rule, or with one in audit mode, the request is counted in the deepest ancestor
that has a node:

  $ in_cgroup $(deep 40 | sed s/leaf/none/) ioasid-io -k -c 'alloc 1 1000'
  alloc: 1
  $ in_cgroup $(deep 40 | sed s/leaf/audit/) ioasid-io -k -c 'repeat 2 { alloc 1 1000 }'
  alloc: 1
  alloc: 2
  $ in_cgroup $(deep 300 | sed s/leaf/none/) ioasid-io -k -c 'alloc 1 1000'
  alloc: error EPERM
  [1]
  $ nodes() { pasidctl status --json | python3 -c 'import json, sys; n = json.load(sys.stdin)["nodes"]; print(*(n[k] for k in sys.argv[1:]))' "$@"; }
  $ nodes uncounted underflows exceeded
  4 0 0
  $ pasidctl doctor | grep -A1 counting
  warning counting    [0-9]+ of 65535 nodes in use; 4 requests denied because a cgroup with a rule has no node: the cgroup is too deep, or no node is left (re)
                      -> use rules only for cgroups in the top 32 levels; remove unused cgroups, then apply the policy again

The same applies when all nodes are in use (the test sets the counter of used nodes):
requests from a cgroup with a rule are denied, others are counted in an ancestor. The last
quarter of the nodes is reserved for cgroups with rules.

  $ used() { bpftool map update pinned /sys/fs/bpf/pasidctl/engine key 0 0 0 0 value $(bpftool map lookup pinned /sys/fs/bpf/pasidctl/engine key 0 0 0 0 -j |
  >   python3 -c 'import json, struct, sys; v = bytes(int(x, 0) for x in json.load(sys.stdin)["value"]); print(*(v[:4] + struct.pack("<I", int(sys.argv[1])) + v[8:]))' "$1"); }
  $ before=$(nodes used)
  $ used 65535
  $ in_cgroup /t/full/leaf ioasid-io -k -c 'alloc 1 1000'
  alloc: error EPERM
  [1]
  $ in_cgroup /t/full/none ioasid-io -k -c 'alloc 1 1000'
  alloc: 1
  $ usage /t/full current
  no such cgroup
  $ used 50000
  $ in_cgroup /t/full ioasid-io -k -c 'alloc 1 1000'
  alloc: 1
  $ usage /t/full current
  no such cgroup
  $ mkdir -p /sys/fs/cgroup/leaf; in_cgroup /leaf ioasid-io -k -c 'alloc 1 1000'
  alloc: 1
  $ usage /leaf current max
  0 1
  $ echo $$ >/sys/fs/cgroup/cgroup.procs; rmdir /sys/fs/cgroup/leaf

Idle nodes are released when a policy is applied while many nodes are in use:

  $ actor holds /t/held; tell holds 'alloc 1 1000'
  1
  $ sed -i 's/max: 1}/max: 2}/' policy.yaml; pasidctl policy apply policy.yaml >/dev/null
  $ test $(nodes used) -lt 50000
  $ usage $(deep 30) current peak
  0 0
  $ used $before; sed -i 's/max: 2}/max: 3}/' policy.yaml; pasidctl policy apply policy.yaml >/dev/null
  $ dismiss holds

Either all idle nodes are released or none, so that no node keeps a parent that was
released:

  $ actor idle /t/idle/leaf; tell idle 'alloc 1 1000'; tell idle 'free 1'
  1
  0
  $ used 24576; sed -i 's/max: 3}/max: 4}/' policy.yaml; pasidctl policy apply policy.yaml >/dev/null; used $before
  $ tell idle 'alloc 1 1000'; usage /t/idle/leaf current; usage /t/idle current; usage /t current
  1
  1
  1
  1
  $ tell idle 'free 1'; nodes underflows; dismiss idle
  0
  0

A process may have been counted in an ancestor because its cgroup had no rule, or no node
was free. Once its cgroup has a rule and a node, everything the process holds is counted
there.

  $ rule <<'YAML'
  > {version: 1, rules: [{name: other, cgroup: /other, max: 1}]}
  > YAML
  $ used 50000
  $ actor above /t/above; tell above 'alloc 1 1000'; tell above 'bind sim0 1'; usage /t/above current
  1
  0
  no such cgroup
  $ rule <<'YAML'
  > {version: 1, rules: [{name: above, cgroup: /t/above, max: 2, max_bindings: 2}]}
  > YAML
  $ tell above 'alloc 1 1000'; tell above 'alloc 1 1000'; usage /t/above current max
  2
  error EDQUOT
  2 2
  $ tell above 'bind sim1 1'; tell above 'bind sim1 2'; tell above 'free 1'; tell above 'free 2'; usage /t/above current
  0
  error EDQUOT
  0
  0
  0
  $ dismiss above

This also works if the request that moves the charge is denied, any number of times:

  $ rule <<'YAML'
  > {version: 1, rules: [{name: other, cgroup: /other, max: 1}]}
  > YAML
  $ used 50000
  $ actor full /t/refused; tell full 'alloc 1 1000'; tell full 'bind sim0 1'
  1
  0
  $ rule <<'YAML'
  > {version: 1, rules: [{name: refused, cgroup: /t/refused, max: 1, max_bindings: 1}]}
  > YAML
  $ used $before
  $ tell full 'alloc 1 1000'; tell full 'alloc 1 1000'; tell full 'bind sim1 1'; usage /t/refused current
  error EDQUOT
  error EDQUOT
  error EDQUOT
  1
  $ tell full 'free 1'; usage /t/refused current; tell full 'alloc 1 1000'; usage /t/refused current
  0
  0
  1
  1
  $ dismiss full; usage /t/refused current
  0
  $ nodes underflows
  0
  $ clean_up
