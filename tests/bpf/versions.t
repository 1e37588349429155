A policy installed by another version of pasidctl is never misread, and every command
reports what to do.

  $ . $IOASID_SRC/tests/guest.sh
  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: one, cgroup: /t, max: 1}
  > YAML

The layout number of the pinned image is changed, as if a newer version had written it:

  $ export PYTHONPATH=$IOASID_SRC/tests PYTHONDONTWRITEBYTECODE=1
  $ cat >renumber.py <<'PY'
  > import ctypes, sys
  > from ioasid import SYSCALLS, libc
  > def bpf(command, *words):
  >     attr = (ctypes.c_uint64 * 4)(*words)
  >     result = libc.syscall(SYSCALLS["bpf"], command, attr, ctypes.sizeof(attr))
  >     assert result >= 0, ctypes.get_errno()
  >     return result
  > path = ctypes.create_string_buffer(b"/sys/fs/bpf/pasidctl/image")
  > image = bpf(7, ctypes.addressof(path))
  > value = ctypes.create_string_buffer(4 << 20)
  > for slot in range(2):
  >     key = ctypes.c_uint32(slot)
  >     bpf(1, image, ctypes.addressof(key), ctypes.addressof(value))
  >     abi = ctypes.c_uint32.from_buffer(value)
  >     abi.value += 1 if abi.value else 0
  >     bpf(2, image, ctypes.addressof(key), ctypes.addressof(value))
  > PY
  $ python3 renumber.py
  $ says() { # COMMAND...: its first line, and status
  >   pasidctl "$@" 2>&1 | head -n 1; echo "status ${PIPESTATUS[0]}"
  > }
  $ says policy show
  pasidctl: cannot read the policy: the active policy was installed by another version of pasidctl; use that version, or remove the policy first: pasidctl policy remove
  status 3
  $ says policy apply policy.yaml
  pasidctl: cannot read the policy: the active policy was installed by another version of pasidctl; use that version, or remove the policy first: pasidctl policy remove
  status 3
  $ says cgroup --json
  pasidctl: cannot read the policy: the active policy was installed by another version of pasidctl; use that version, or remove the policy first: pasidctl policy remove
  status 3
  $ pasidctl status | grep problem | sed 's/ \+/ /'
  problem cannot read the policy: the active policy was installed by another version of pasidctl; use that version, or remove the policy first: pasidctl policy remove
  $ pasidctl doctor | grep -A 1 -E '^[a-z]+ +policy' | tr -s ' '
  missing policy the active policy was installed by another version of pasidctl
   -> use that version, or remove the policy first: pasidctl policy remove

The policy is still enforced, and the refused commands did not change it:

  $ in_cgroup /t ioasid-io -k -c 'repeat 2 { alloc 1 9 }'
  alloc: 1
  alloc: error EDQUOT
  [1]

After it is removed, a policy of this version can be applied:

  $ pasidctl policy remove; ls /sys/fs/bpf/pasidctl
  removed
  ls: cannot access '/sys/fs/bpf/pasidctl': No such file or directory
  [2]
  $ pasidctl policy apply policy.yaml >/dev/null; usage /t max
  1

A map that did not exist in an older version, or had another size:

  $ rm /sys/fs/bpf/pasidctl/engine; says policy show
  pasidctl: cannot read the policy: the active policy was installed by another version of pasidctl; use that version, or remove the policy first: pasidctl policy remove
  status 3
  $ bpftool map create /sys/fs/bpf/pasidctl/engine type array key 4 value 16 entries 1 name engine
  $ says policy apply policy.yaml
  pasidctl: cannot read the policy: the active policy was installed by another version of pasidctl; use that version, or remove the policy first: pasidctl policy remove
  status 3
  $ pasidctl policy remove; pasidctl policy apply policy.yaml >/dev/null; usage /t max
  removed
  1
  $ clean_up
