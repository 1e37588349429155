The minimal policy of bpf/examples/, loaded with bpftool, limits each user to 16 PASIDs.
(bpftool 7.5 crashes after it has registered and pinned the struct_ops of a module.)

  $ . $IOASID_SRC/tests/guest.sh
  $ chmod a+rw /dev/ioasid
  $ actor before /t/a; tell before 'alloc 1 999'
  1
  $ (bpftool struct_ops register $IOASID_SRC/build/bpf/per_user.bpf.o /sys/fs/bpf; true) >/dev/null 2>&1
  $ pasidctl status | grep -o 'struct_ops on.*'
  struct_ops on ioasid_policy_ops, pinned: /sys/fs/bpf/per_user
  $ watch_denials
  $ actor a /t/a; for i in $(seq 16); do tell a 'alloc 1 999'; done | tail -1
  17
  $ tell a 'alloc 1 999'
  error EDQUOT

Processes of the same user in different cgroups share the limit; another user has its own.

  $ actor b /t/b; tell b 'alloc 1 999'
  error EDQUOT
  $ in_cgroup /t/c setpriv --reuid 65534 ioasid-io -c 'repeat 17 { alloc 1 999 }' | tail -2
  alloc: 33
  alloc: error EDQUOT

A move to another cgroup changes nothing, and freed PASIDs are available to other
processes of the user:

  $ echo $(actor_pid a) >/sys/fs/cgroup/t/b/cgroup.procs
  $ tell a 'free 2'; tell b 'alloc 1 999'
  0
  2
  $ tell a 'alloc 1 999'
  error EDQUOT
  $ deny_trace
  alloc EDQUOT rule=None limit=None mode=enforce from=/t/a
  alloc EDQUOT rule=None limit=None mode=enforce from=/t/b
  alloc EDQUOT rule=None limit=None mode=enforce from=/t/c
  alloc EDQUOT rule=None limit=None mode=enforce from=/t/b
  $ dismiss a; dismiss b; dismiss before

Removing the pin detaches the policy:

  $ rm /sys/fs/bpf/per_user
  $ wait_for '! pasidctl status | grep -q struct_ops'
  $ chmod 600 /dev/ioasid
  $ clean_up
