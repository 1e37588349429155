The problems that doctor finds in various environments, and the fixes it suggests.

  $ . $IOASID_SRC/tests/guest.sh
  $ module=$IOASID_SRC/build/kmod/$IOASID_FLAVOUR/ioasid_shim.ko

The warning about the BTF of the module, which depends on the build tools, is left out;
tests/unit covers it.

  $ wrong() { "$@" pasidctl doctor | sed '/^warning *module BTF/,+1d' | sed '/^[a-z]* *iommu/,$d' | grep -A 1 -E "^missing|^warning" | tr -s ' ' | grep -v -e '^--'; }

Programs that have ended may pin the module for a moment.

  $ unload() { wait_for 'rmmod ioasid_shim 2>/dev/null'; }

A supported system, without a policy and with one:

  $ wrong
  [1]
  $ pasidctl doctor | grep -E '^ok +(programs|policy)' | tr -s ' '
  ok programs BPF programs load and run
  ok policy no policy is active; nothing is limited
  $ echo 'version: 1' | rule /dev/stdin
  $ pasidctl doctor | grep -E '^ok +policy' | tr -s ' '
  ok policy a policy is active
  $ pasidctl doctor >/dev/null

Without privileges, checks that are not possible do not report absence.

  $ stat -c %a /dev/ioasid
  600
  $ wrong setpriv --reuid 65534 --clear-groups
  missing rights missing CAP_BPF, CAP_PERFMON, CAP_SYS_ADMIN
   -> run it as root: sudo pasidctl doctor
  missing bpf bpf(2) fails: EPERM
   -> run it as root; in a container, give it CAP_SYS_ADMIN
  missing programs cannot read the state: Operation not permitted
   -> run it as root
  missing device /dev/ioasid: EACCES
   -> add your user to the group ioasid, or run as root
  warning policy cannot list /sys/fs/bpf/pasidctl: EACCES
   -> run it as root
  warning counting unknown: Permission denied
   -> see the policy check
  warning history cannot list /sys/fs/bpf/pasidctl-history: Permission denied
   -> run it as root

bpf(2) is denied, as in a container, or does not exist:

  $ cat >filtered.py <<'PYTHON'
  > import ctypes, os, struct, sys
  > answer = int(sys.argv[1])
  > code = b"".join(struct.pack("HBBI", *row) for row in (
  >     (0x20, 0, 0, 0), (0x15, 0, 1, 321), (0x06, 0, 0, 0x50000 | answer), (0x06, 0, 0, 0x7fff0000)))
  > text = ctypes.create_string_buffer(code)
  > program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(text)))
  > libc = ctypes.CDLL(None)
  > assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, program, 0, 0) == 0
  > os.execvp(sys.argv[2], sys.argv[2:])
  > PYTHON
  $ wrong python3 filtered.py 1
  missing bpf bpf(2) fails: EPERM; this process has a seccomp filter
   -> allow bpf(2) in the filter; for a container, in its seccomp profile
  missing programs cannot read the state: Operation not permitted
   -> see the checks above
  warning counting unknown: Operation not permitted
   -> see the policy check
  $ wrong python3 filtered.py 38 | head -n 2
  missing bpf bpf(2) fails: ENOSYS; this process has a seccomp filter
   -> allow bpf(2) in the filter; for a container, in its seccomp profile
  $ wrong setpriv --inh-caps -all --bounding-set -sys_admin,-bpf | grep -A 1 -E '(rights|bpf) '
  missing rights missing CAP_BPF, CAP_SYS_ADMIN
   -> run it as root: sudo pasidctl doctor
  missing bpf bpf(2) fails: EPERM
   -> run it as root; in a container, give it CAP_SYS_ADMIN

Missing pins of an active policy, and pins of a policy that is not attached:

  $ rm /sys/fs/bpf/pasidctl/nodes
  $ wrong
  missing policy /sys/fs/bpf/pasidctl/nodes is missing: the policy is enforced, but cannot be read or changed
   -> start over with pasidctl policy remove, then apply again
  warning counting unknown: the active policy was installed by another version of pasidctl
   -> see the policy check
  $ rm /sys/fs/bpf/pasidctl/link
  $ wrong
  missing policy /sys/fs/bpf/pasidctl was left behind by an interrupted apply or remove; nothing is enforced
   -> clean up with pasidctl policy remove, then apply again
  $ pasidctl policy remove >/dev/null; wrong
  [1]

File systems that are not mounted:

  $ wrong unshare -m sh -c 'umount -l /sys/fs/bpf /sys/kernel/debug /sys/kernel/tracing /sys/fs/cgroup 2>/dev/null; exec "$@"' sh
  missing cgroup v2 cgroup v2 is not mounted
   -> mount it: mount -t cgroup2 none /sys/fs/cgroup (with systemd, boot with systemd.unified_cgroup_hierarchy=1)
  missing bpffs no BPF file system on /sys/fs/bpf
   -> mount it: mount -t bpf bpf /sys/fs/bpf
  warning tracefs tracefs is not mounted; only other tools such as perf and trace-cmd need it
   -> mount it: mount -t tracefs tracefs /sys/kernel/tracing

The BPF JIT is off:

  $ sysctl -q net.core.bpf_jit_enable=0; wrong | grep -v 'programs cannot'; sysctl -q net.core.bpf_jit_enable=1
  missing struct_ops the BPF JIT is off
   -> enable it: sysctl net.core.bpf_jit_enable=1
   -> see the checks above

The module is not loaded, or is loaded with fail_closed:

  $ unload
  $ wrong
  missing module ioasid_shim is not loaded
   -> load it: modprobe ioasid_shim
  missing module BTF the module is not loaded
   -> see the module check
  missing programs the module is not loaded
   -> see the module check
  missing device /dev/ioasid does not exist
   -> load the module
  $ insmod $module fail_closed=1
  $ wrong
  warning policy no policy is active, and the module was loaded fail-closed: users get no PASIDs
   -> apply one: pasidctl policy apply FILE
  $ unload; insmod $module
