With fail_closed, users get no PASID without a policy, or under a policy without a charge
hook.

  $ . $IOASID_SRC/tests/guest.sh
  $ rmmod ioasid_shim; insmod $IOASID_SRC/build/kmod/$IOASID_FLAVOUR/ioasid_shim.ko fail_closed=1
  $ ioasid-io -c 'alloc 1 9'
  alloc: error EPERM
  [1]
  $ cat >nothing.bpf.c <<'C'
  > #include "vmlinux.h"
  > #include <bpf/bpf_helpers.h>
  > #include <bpf/bpf_tracing.h>
  > #include <ioasid/policy_ops.h>
  > char LICENSE[] SEC("license") = "GPL";
  > SEC("struct_ops/cgroup_gone")
  > int BPF_PROG(gone, struct cgroup *cgrp) { return 0; }
  > SEC(".struct_ops.link")
  > struct ioasid_policy_ops nothing = { .cgroup_gone = (void *)gone, .name = "nothing" };
  > C
  $ clang -g -O2 -target bpf -mcpu=v3 -I$IOASID_SRC/build/bpf -I$IOASID_SRC/include -c nothing.bpf.c -o nothing.o
  $ mkdir /sys/fs/bpf/nothing
  $ bash -c '(bpftool struct_ops register nothing.o /sys/fs/bpf/nothing); true' >bpftool.log 2>&1  # may crash when it is done
  $ ls /sys/fs/bpf/nothing
  nothing
  $ ioasid-io -c 'alloc 1 9'
  alloc: error EPERM
  [1]
  $ rm -r /sys/fs/bpf/nothing

A policy with a charge hook decides:

  $ rule <<'YAML'
  > version: 1
  > rules: [{name: t, cgroup: /t, max: 1}]
  > YAML
  $ in_cgroup /t ioasid-io -c 'alloc 1 9'
  alloc: 1
  $ clean_up
  $ wait_for 'rmmod ioasid_shim 2>/dev/null'; insmod $IOASID_SRC/build/kmod/$IOASID_FLAVOUR/ioasid_shim.ko
