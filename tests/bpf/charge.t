Every charge is undone exactly once: when a process moves or is killed, when a cgroup is
removed, and for PASIDs that were adopted.

  $ . $IOASID_SRC/tests/guest.sh
  $ actor early /t/a
  $ tell early 'alloc 1 99'; tell early 'alloc 1 99'
  1
  2
  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: all, cgroup: /t, max: 4}
  >   - {name: each, cgroup: /t/*, max: 3}
  > YAML

PASIDs allocated before the policy was applied are counted as soon as it is active:

  $ usage /t/a current; usage /t current
  2
  2
  $ tell early 'alloc 1 99'; tell early 'alloc 1 99'
  3
  error EDQUOT

A move takes the charge along even if it exceeds the limit of the new cgroup. Allocations
there are denied until the count falls below the limit.

  $ actor other /t/b; tell other 'alloc 1 99'
  4
  $ actor_pid early >/sys/fs/cgroup/t/b/cgroup.procs
  $ usage /t/a current; usage /t/b current peak max; usage /t current peak
  0
  4 4 3
  4 4
  $ tell early 'free 1'; tell early 'alloc 1 99'
  0
  error EDQUOT
  $ usage /t/b current
  3

A move out of the governed tree and back:

  $ actor_pid early >/sys/fs/cgroup/cgroup.procs
  $ usage /t current; usage /t/b current
  1
  1
  $ actor_pid early >/sys/fs/cgroup/t/a/cgroup.procs; usage /t/a current
  2

Writing a thread ID to cgroup.procs moves the whole process:

  $ actor_pid early >/sys/fs/cgroup/t/b/cgroup.procs; usage /t/a current; usage /t/b current
  0
  3

A process is killed and its cgroup removed: a new cgroup with the same name starts at
zero.

  $ kill_actor early; wait_for '[ "$(usage /t/b current)" = 1 ]'
  $ kill_actor other; wait_for '[ "$(usage /t current)" = 0 ]'; usage /t/b current
  0
  $ wait_for 'rmdir /sys/fs/cgroup/t/b 2>/dev/null'
  $ wait_for '[ "$(usage /t/b current)" = "no such cgroup" ]'
  $ in_cgroup /t/b ioasid-io -c 'alloc 1 99' >/dev/null; usage /t/b current peak
  0 1

Replacing a policy keeps the counters, and the new limits apply at once:

  $ actor keeper /t/a
  $ tell keeper 'alloc 1 99'; tell keeper 'alloc 1 99'
  1
  2
  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: less, cgroup: /t/a, max: 2}
  > YAML
  $ usage /t/a rule max current; tell keeper 'alloc 1 99'
  less 2 2
  error EDQUOT

The policy is removed and applied again while PASIDs are held:

  $ pasidctl policy remove >/dev/null; tell keeper 'alloc 1 99'
  3
  $ pasidctl policy apply policy.yaml >/dev/null; usage /t/a current
  3
  $ tell keeper 'free 1'; tell keeper 'free 2'; usage /t/a current; tell keeper 'alloc 1 99'
  0
  0
  1
  1
  $ dismiss keeper; usage /t/a current
  0
  $ clean_up

No program, map or pin remains. (The kernel frees programs and maps asynchronously.)

  $ ls /sys/fs/bpf/pasidctl 2>/dev/null
  [2]
  $ left() { bpftool prog show | grep struct_ops; bpftool map show | grep -E 'name (image|control|nodes|engine|slots|free_nodes)'; }
  $ for i in {1..100}; do [ -n "$(left)" ] || break; sleep 0.1; done; left
  [1]
