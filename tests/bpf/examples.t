Each example policy has the effect that its header comment describes.

  $ . $IOASID_SRC/tests/guest.sh
  $ example() { pasidctl policy apply $IOASID_SRC/policy/examples/$1.yaml >/dev/null; }

attempt CGROUP COUNT: print the results of COUNT allocations by one process

  $ attempt() {
  >   in_cgroup "$1" ioasid-io -k -c "repeat $2 { alloc 1 0xfffff }" | sed -E 's/: [0-9]+$/: given/' | sort | uniq -c | sed 's/^ *//'
  > }
  $ binds() { in_cgroup "$1" ioasid-io -k -c 'alloc 5 5' -c 'bind sim0 5' -c 'bind sim1 5' | tail -n 2; }
  $ ls $IOASID_SRC/policy/examples
  accelerator.yaml
  audit-first.yaml
  containers.yaml
  delegation.yaml
  demo.yaml
  deny-by-default.yaml
  noisy-tenant.yaml
  rate-limit.yaml
  virtual-machines.yaml

Virtual machines:

  $ example virtual-machines
  $ attempt '/machine.slice/machine-qemu\x2d1\x2dweb.scope' 65
  1 alloc: error EDQUOT
  64 alloc: given
  $ attempt '/machine.slice/machine-qemu\x2d2\x2ddatabase.scope' 257
  1 alloc: error EDQUOT
  256 alloc: given
  $ attempt /t 1
  1 alloc: error EDQUOT

Containers:

  $ example containers
  $ attempt /kubepods.slice/kubepods-pod1.slice/cri-1.scope 129
  1 alloc: error EDQUOT
  128 alloc: given
  $ attempt /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod2.slice/cri-2.scope 33
  1 alloc: error EDQUOT
  32 alloc: given
  $ attempt /kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod3.slice/cri-3.scope 1
  1 alloc: error EDQUOT
  $ attempt /t 9
  1 alloc: error EDQUOT
  8 alloc: given

A noisy tenant:

  $ example noisy-tenant
  $ attempt /tenants/noisy 33
  1 alloc: error EDQUOT
  32 alloc: given
  $ attempt /tenants/quiet 100
  100 alloc: given

Audit mode first:

  $ example audit-first
  $ attempt /system.slice/some.service 17; usage /system.slice/some.service would_deny denied_here
  17 alloc: given
  1 0
  $ attempt /user.slice/user-1000.slice 5; usage /user.slice/user-1000.slice would_deny
  5 alloc: given
  1

An accelerator reserved for one service:

  $ example accelerator 2>&1 | sed 's|.*/||'
  accelerator.yaml:19:14: warning: `inherit: false` lifts devices of the rule `everybody` (line 11)
          inherit: false
                   ^
    help: remove this line to keep them for this cgroup
  $ binds /system.slice/inference.service
  bind: 0
  bind: 0
  $ binds /t
  bind: error EPERM
  bind: 0

Deny by default:

  $ example deny-by-default
  $ attempt /system.slice/storage.service 17
  1 alloc: error EDQUOT
  16 alloc: given
  $ attempt /machine.slice/one.scope 9
  1 alloc: error EDQUOT
  8 alloc: given
  $ attempt /t 1
  1 alloc: error EDQUOT

A rate limit:

  $ example rate-limit
  $ attempt /batch.slice/job1 6
  1 alloc: error EAGAIN
  5 alloc: given
  $ attempt /batch.slice/job2 5
  5 alloc: given

Delegation:

  $ example delegation
  $ mkdir -p /sys/fs/cgroup/user.slice/user-1000.slice
  $ usage /user.slice/user-1000.slice current max; usage /user.slice current max
  0 16
  16 64
  $ attempt /user.slice/user-1000.slice/own/work 17
  1 alloc: error EDQUOT
  16 alloc: given
  $ attempt /user.slice/session 1
  1 alloc: given

The policy of the demo:

  $ example demo
  $ attempt /demo/web 5
  1 alloc: error EDQUOT
  4 alloc: given

  $ clean_up
  $ for top in machine user system kubepods batch; do find /sys/fs/cgroup/$top.slice -depth -type d -exec rmdir {} + 2>/dev/null; done
  $ find /sys/fs/cgroup/tenants /sys/fs/cgroup/demo -depth -type d -exec rmdir {} +
