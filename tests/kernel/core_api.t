The kernel API, case by case, tested by a module that acts as IOMMU driver, hypervisor and
device driver (kmod-shim/selftest).

kernel-log: ioasid: the allocator returned

  $ . "$IOASID_SRC/tests/kernel/core.sh"
  $ insmod "$(module selftest/ioasid_selftest)"

One IOASID: states, references, private data, SPIDs

  $ run life_cycle free_pending ranges wrong_owner get_if_owned private_data spid spid_wide no_mm
  ok life_cycle
  ok free_pending
  ok ranges
  ok wrong_owner
  ok get_if_owned
  ok private_data
  ok spid
  ok spid_wide
  ok no_mm

Sets, their quotas and the capacity

  $ run capacity capacity_counts quota quota_adjust quota_returned quota_zero tokens set_life set_walk
  ok capacity
  ok capacity_counts
  ok quota
  ok quota_adjust
  ok quota_returned
  ok quota_zero
  ok tokens
  ok set_life
  ok set_walk

Notifiers, and a guest whose reference count goes 1-2-3-4-3-2-1-0

  $ run guest notify_scope notify_order notify_register notify_mm
  ok guest
  ok notify_scope
  ok notify_order
  ok notify_register
  ok notify_mm
  $ run handler_drops_last handler_calls_api free_before_unbind notify_race
  ok handler_drops_last
  ok handler_calls_api
  ok free_before_unbind
  ok notify_race

Custom allocators

  $ run allocator_register allocator_share allocator_hand_over allocator_errors
  ok allocator_register
  ok allocator_share
  ok allocator_hand_over
  ok allocator_errors

If a process allocates on behalf of another one, the cgroup of the other process is
charged.

  $ mkdir /sys/fs/cgroup/core_payer /sys/fs/cgroup/core_asker
  $ (echo $BASHPID >/sys/fs/cgroup/core_payer/cgroup.procs
  >   (echo $BASHPID >/sys/fs/cgroup/core_asker/cgroup.procs; run on_behalf); true)
  ok on_behalf
  $ rmdir /sys/fs/cgroup/core_payer /sys/fs/cgroup/core_asker

All cases are run in this file, an unknown name is an error, and a case can be run while
the module is loaded.

  $ sed -n 's/^  ok //p' "$TESTDIR/core_api.t" | grep -vxFf - $selftest/cases
  [1]
  $ echo nothing >$selftest/run
  * write error: No such file or directory (glob)
  [1]
  $ rmmod ioasid_selftest
  $ insmod "$(module selftest/ioasid_selftest)" case=life_cycle
  $ rmmod ioasid_selftest

The capacity can be installed once while the core is loaded. The PASID width follows it.

  $ insmod "$(module selftest/ioasid_selftest)"
  $ run capacity_install
  ok capacity_install
  $ ioasid-io -k -c info -c 'alloc 1 0xfffff' -c 'alloc 4095 4095'
  info: 12
  alloc: error EINVAL
  alloc: 4095
  [1]
  $ run life_cycle
  ok life_cycle
  $ rmmod ioasid_selftest; rmmod ioasid_shim; insmod "$(module ioasid_shim)"
  $ ioasid-io -c info
  info: 20
