The minimal policy of bpf/examples/, loaded by bpftool: a user holds 16 PASIDs at most.

  $ . $IOASID_SRC/tests/guest.sh
  $ actor before /t/a; tell before 'alloc 1 999'
  1
  $ bpftool struct_ops register $IOASID_SRC/build/bpf/per_user.bpf.o /sys/fs/bpf
  Registered ioasid_policy_ops per_user id [0-9]+ (re)
  $ pasidctl status | grep 'policy'
  x
  $ watch_denials
  $ actor a /t/a; for i in $(seq 16); do tell a 'alloc 1 999'; done | tail -1
  17
  $ tell a 'alloc 1 999'
  error EDQUOT

A process of the same user in another cgroup is counted with it; another user is not.

  $ actor b /t/b; tell b 'alloc 1 999'
  error EDQUOT
  $ in_cgroup /t/b setpriv --reuid 65534 ioasid-io -c 'repeat 17 { alloc 1 999 }' | tail -1
  alloc: error EDQUOT

A move to another cgroup changes nothing, and what is freed can be held by others:

  $ echo $(actor_pid a) >/sys/fs/cgroup/t/b/cgroup.procs
  $ tell a 'free 2'; tell b 'alloc 1 999'
  0
  2
  $ deny_trace
  x
  $ dismiss a; dismiss b; dismiss before

Without the pin it is gone:

  $ rm /sys/fs/bpf/per_user
  $ wait_for 'pasidctl status --json | grep -q "\"policy\": *null"'
  $ clean_up
