A rule holds at any depth, or the request is refused: nothing goes on uncounted.

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

Nor does who pays elsewhere already bring his node along, by a move or by being there before:

  $ actor mover /t/x; tell mover 'alloc 1 1000'
  1
  $ actor_pid mover >/sys/fs/cgroup$(deep 31)/cgroup.procs; tell mover 'alloc 1 1000'; tell mover 'free 1'
  error EPERM
  0
  $ dismiss mover

Where no rule is for it, or one that only reports, it is counted in the last level that is counted:

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

When the nodes are used up - all of them are said to be - the same: a cgroup that a rule is for is
refused, any other is counted above. The last quarter is for those with rules.

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

Those that hold nothing are given back when a policy is applied while many are used:

  $ actor holds /t/held; tell holds 'alloc 1 1000'
  1
  $ sed -i 's/max: 1}/max: 2}/' policy.yaml; pasidctl policy apply policy.yaml >/dev/null
  $ test $(nodes used) -lt 50000
  $ usage $(deep 30) current peak
  0 0
  $ used $before; sed -i 's/max: 2}/max: 3}/' policy.yaml; pasidctl policy apply policy.yaml >/dev/null
  $ dismiss holds

All idle nodes or none, so that no node keeps a parent that was released:

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

Who was counted above before there was a rule for its cgroup, or room for a node, brings what it
holds along: the rule holds for all of it.

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

So it is when the request that brings it along is refused, however often:

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
