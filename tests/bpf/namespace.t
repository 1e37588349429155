If only part of the cgroup hierarchy is visible, or another bpffs is mounted, no command
reports anything false.

  $ . $IOASID_SRC/tests/guest.sh
  $ cat >rules.yaml <<'YAML'
  > {version: 1, defaults: {max: 9}, rules: [{name: pods, cgroup: "/t/*", max: 3}]}
  > YAML
  $ cat >reserve.yaml <<'YAML'
  > {version: 1, defaults: {distribution: reserve}, rules: [{name: all, cgroup: /t, max: 5}, {name: pods, cgroup: "/t/*", max: 4}]}
  > YAML
  $ pasidctl policy apply rules.yaml
  applied rules.yaml: 1 rule, generation 1
  $ mkdir -p /sys/fs/cgroup/t/two/agent
  $ actor one /t/one; tell one 'alloc 1 9'
  1
  $ in_pod() { in_cgroup /t/two/agent unshare -Cm sh -c 'umount /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; "$@"' sh "$@"; }

In the cgroup namespace of a container:

  $ in_pod pasidctl policy explain --cgroup /t/one
  pasidctl: cannot identify cgroups by path: /sys/fs/cgroup shows only part of the hierarchy, as in a cgroup namespace; run it where all of cgroup v2 is mounted, outside the container: nsenter --target 1 --cgroup --mount
  [3]
  $ in_pod pasidctl policy apply --dry-run rules.yaml 2>&1 | cut -d: -f1-2
  pasidctl: cannot identify cgroups by path
  $ in_pod pasidctl policy apply reserve.yaml 2>&1 | cut -d: -f1-2
  pasidctl: cannot identify cgroups by path
  $ in_pod pasidctl list --json | python3 -c 'import json, sys; print(*(row["cgroup"].rstrip("0123456789)") for row in json.load(sys.stdin)))'
  (outside:
  $ in_pod pasidctl cgroup --json | python3 -c 'import json, sys; print(*sorted((row["cgroup"].rstrip("0123456789)"), row["current"], str(row["rule"])) for row in json.load(sys.stdin)))'
  ('(outside:', 1, 'None') ('(outside:', 1, 'None') ('(outside:', 1, 'pods')

Without cgroup v2, and with a bind mount of part of the hierarchy:

  $ unshare -m sh -c 'umount /sys/fs/cgroup; pasidctl policy explain --cgroup /t/one' 2>&1 | cut -d: -f1-3 | cut -d';' -f1
  pasidctl: cannot identify cgroups by path: cgroup v2 is not mounted here
  $ mkdir part; unshare -m sh -c 'mount --bind /sys/fs/cgroup/t part; pasidctl policy explain --cgroup /t/one' | grep ^rule
  rule        pods

With another bpffs the policy is active but cannot be read; no command reports that there
is none:

  $ elsewhere() { unshare -m sh -c 'umount /sys/fs/bpf; mount -t bpf bpf /sys/fs/bpf; pasidctl "$@"' sh "$@"; echo "[$?]"; }
  $ for command in 'policy show' 'policy diff rules.yaml' 'policy remove' 'policy explain --cgroup /t/one' cgroup 'policy apply rules.yaml' 'policy set-mode audit'; do
  >   elsewhere $command 2>&1 | cut -d';' -f1
  > done
  pasidctl: cannot read the policy: a policy is attached but not pinned in /sys/fs/bpf/pasidctl
  [3]
  pasidctl: cannot read the policy: a policy is attached but not pinned in /sys/fs/bpf/pasidctl
  [3]
  pasidctl: cannot remove the policy: a policy is attached but not pinned in /sys/fs/bpf/pasidctl
  [3]
  pasidctl: cannot read the policy: a policy is attached but not pinned in /sys/fs/bpf/pasidctl
  [3]
  pasidctl: cannot read the policy: a policy is attached but not pinned in /sys/fs/bpf/pasidctl
  [3]
  pasidctl: cannot read the policy: a policy is attached but not pinned in /sys/fs/bpf/pasidctl
  [3]
  pasidctl: cannot read the policy: a policy is attached but not pinned in /sys/fs/bpf/pasidctl
  [3]
  $ elsewhere status | grep -E '^policy|^.1'
  policy     attached but not pinned here
  [1]

A read-only bpffs is sufficient for reading:

  $ read_only() { unshare -m sh -c 'mount -o remount,ro,bind /sys/fs/bpf; pasidctl "$@"' sh "$@"; echo "[$?]"; }
  $ read_only policy show | tail -n 4
    - name: pods
      cgroup: /t/*
      max: 3
  [0]
  $ read_only cgroup | grep /t/one | awk '{ print $5, $4 }'
  1 3
  $ read_only policy explain --cgroup /t/one | grep alloc
  next alloc  ok
  $ read_only policy remove 2>&1 | grep -o 'Read-only file system'
  Read-only file system
  $ dismiss one; clean_up
