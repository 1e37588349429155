distribution: reserve. A grant is taken from the ancestors, whether it is used or not.

  $ . $IOASID_SRC/tests/guest.sh
  $ mkdir -p /sys/fs/cgroup/t/vm1
  $ rule <<'YAML'
  > version: 1
  > defaults:
  >   distribution: reserve
  > rules:
  >   - {name: all, cgroup: /t, max: 10}
  >   - {name: vm, cgroup: /t/vm*, max: 4}
  > YAML

Grants are charged to all ancestors as soon as the policy is active:

  $ usage /t/vm1 current max; usage /t current max
  0 4
  4 10

A cgroup created later gets its grant when it is created, and returns it when it is
removed:

  $ mkdir /sys/fs/cgroup/t/vm2; usage /t current
  8
  $ rmdir /sys/fs/cgroup/t/vm2; wait_for '[ "$(usage /t current)" = 4 ]'
  $ mkdir /sys/fs/cgroup/t/vm2; usage /t current
  8

A cgroup without a limit cannot use the reserved PASIDs, and a cgroup with a grant gets
all of it:

  $ actor other /t/other; actor one /t/vm1
  $ tell other 'alloc 1 99'; tell other 'alloc 1 99'; tell other 'alloc 1 99'
  1
  2
  error EDQUOT
  $ usage /t denied_here current; usage /t/other denied_asked
  1 10
  1
  $ for i in 1 2 3 4 5; do tell one 'alloc 1 99'; done
  3
  4
  5
  6
  error EDQUOT
  $ usage /t/vm1 current; usage /t current
  4
  10

A move never fails. PASIDs beyond the grant are charged to the ancestors, as without a
grant.

  $ actor_pid other >/sys/fs/cgroup/t/vm1/cgroup.procs
  $ usage /t/vm1 current; usage /t current
  6
  10
  $ actor_pid one >/sys/fs/cgroup/t/vm2/cgroup.procs
  $ usage /t/vm1 current; usage /t/vm2 current; usage /t current
  2
  4
  8
  $ tell one 'free 3'; tell one 'free 4'; usage /t/vm2 current; usage /t current
  0
  0
  2
  8

If not enough PASIDs are left for a grant, the cgroup has its limit but no grant:

  $ tell one 'alloc 3 3'
  3
  $ mkdir /sys/fs/cgroup/t/vm3; usage /t current
  8
  $ actor three /t/vm3; tell three 'alloc 90 99'; tell three 'alloc 90 99'; tell three 'alloc 90 99'
  90
  91
  error EDQUOT
  $ usage /t/vm3 current; usage /t current
  2
  10
  $ dismiss three; usage /t current
  8

Replaced by a policy that reserves less, then by one that reserves more:

  $ sed 's/max: 4/max: 3/' policy.yaml >three.yaml; pasidctl policy apply three.yaml >/dev/null
  $ usage /t current
  9
  $ pasidctl policy apply policy.yaml
  pasidctl: cannot apply the policy: more PASIDs are reserved than available: /t: 12 reserved or held, max is 10 (rule all): /t/vm1 4, /t/vm2 4, /t/vm3 4; lower these limits, or use `distribution: limit`; nothing was changed
  [3]
  $ pasidctl policy apply --dry-run policy.yaml | tail -1
  cannot be applied: /t: 12 reserved or held, max is 10 (rule all): /t/vm1 4, /t/vm2 4, /t/vm3 4
  $ pasidctl policy diff three.yaml; usage /t current
  9

Replaced by a policy that reserves nothing:

  $ sed '/distribution/s/reserve/limit/' policy.yaml >limit.yaml; pasidctl policy apply limit.yaml >/dev/null
  $ usage /t current; usage /t/vm1 current; usage /t/vm2 current
  5
  2
  3
  $ dismiss one; dismiss other; usage /t current; usage /t/vm1 current; usage /t/vm2 current
  0
  0
  0

PASIDs allocated before the first policy count towards the grant:

  $ pasidctl policy remove
  removed
  $ actor early /t/vm1; tell early 'alloc 1 99'
  1
  $ pasidctl policy apply three.yaml >/dev/null; usage /t/vm1 current; usage /t current
  1
  9
  $ dismiss early; usage /t current
  9

All grants together may not exceed the capacity:

  $ cat >large.yaml <<'YAML'
  > version: 1
  > defaults:
  >   distribution: reserve
  > rules:
  >   - {name: vm, cgroup: /t/vm*, max: 400000}
  > YAML
  $ pasidctl policy apply large.yaml
  pasidctl: cannot apply the policy: more PASIDs are reserved than available: /: 1200000 reserved or held, max is 1048575 (the system capacity): /t/vm1 400000, /t/vm2 400000, /t/vm3 400000; lower these limits, or use `distribution: limit`; nothing was changed
  [3]
  $ rmdir /sys/fs/cgroup/t/vm3; pasidctl policy apply large.yaml >/dev/null
  $ in_cgroup /t/else ioasid-io -c 'alloc 1 99'
  alloc: 1
  $ mkdir /sys/fs/cgroup/t/vm4; usage / current
  800000
  $ pasidctl policy remove
  removed
  $ clean_up
