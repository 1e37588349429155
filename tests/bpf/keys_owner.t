owner: which processes of the same user may use a PASID besides its holder.

  $ . $IOASID_SRC/tests/guest.sh
  $ all() { tell thief 'bind sim0 5'; tell thief 'dma sim0 5 read buf 16'; tell thief 'unbind sim0 5'; tell thief 'free 5'; }

cgroup: processes in the same cgroup, but not in its descendants or siblings.

  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: shared, cgroup: /t/a, owner: cgroup}
  > YAML
  $ actor owner /t/a; actor thief /t/a
  $ tell owner 'alloc 5 5'; all; tell owner 'free 5'
  5
  0
  16
  0
  0
  error E* (glob)
  $ dismiss thief; actor thief /t/a/below
  $ watch_denials
  $ tell owner 'alloc 5 5'; all
  5
  error EPERM
  error EPERM
  error EPERM
  error EPERM
  $ deny_trace
  bind EPERM rule=shared limit=/t/a mode=enforce from=/t/a/below
  dma EPERM rule=shared limit=/t/a mode=enforce from=/t/a/below
  unbind EPERM rule=shared limit=/t/a mode=enforce from=/t/a/below
  free EPERM rule=shared limit=/t/a mode=enforce from=/t/a/below
  $ usage /t/a denied_here; usage /t/a/below denied_asked
  4
  4

user: all processes of the same user, in any cgroup. The rule of the holder's cgroup
applies.

  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: open, cgroup: /t/a, owner: user}
  > YAML
  $ dismiss thief; actor thief /t/b
  $ all
  0
  16
  0
  0
  $ tell thief 'alloc 6 6'; tell owner 'free 6'
  6
  error EPERM
  $ dismiss thief

A process of the same user has no access if it may not trace the holder: if the holder is
not dumpable, is set-user-ID, or has another group. (A permitted DMA fails with EFAULT,
because its address is not mapped in the memory of the holder.)

  $ chmod 666 /dev/ioasid
  $ as_user() { setpriv --reuid 1000 --regid 1000 --clear-groups "$@"; }
  $ ask() { as_user ioasid-io -k -c 'dma sim0 7 read buf 16' -c 'free 7'; }
  $ hold() {
  >   : >hold.log; "$IOASID_SRC/lab/in-cgroup" /t/a setpriv --reuid 1000 --regid 1000 --clear-groups "$@" >hold.log & holder=$!
  >   wait_for '[ "$(wc -l <hold.log)" = 2 ]'
  > }
  $ hold_commands=(-k -c 'alloc 7 7' -c 'bind sim0 7' -c 'sleep 600')
  $ hold ioasid-io "${hold_commands[@]}"; ask; kill $holder; wait $holder 2>/dev/null
  dma: error EFAULT
  free: 0
  [143]
  $ install -m 4755 "$(command -v ioasid-io)" /usr/local/bin/suid-io
  $ hold suid-io "${hold_commands[@]}"; ask; kill $holder; wait $holder 2>/dev/null
  dma: error EPERM
  free: error EPERM
  [143]
  $ hold env PYTHONPATH=$IOASID_SRC/tests python3 -uc '
  > from ioasid import *; import time
  > libc.prctl(4, 0, 0, 0, 0); fd = open_device(); print(alloc(fd, 7, 7)); print(bind(fd, 7)); time.sleep(600)'
  $ ask; kill $holder; wait $holder 2>/dev/null
  dma: error EPERM
  free: error EPERM
  [143]
  $ hold ioasid-io "${hold_commands[@]}"
  $ as_user suid-io -k -c 'dma sim0 7 read buf 16'
  dma: error EFAULT
  [1]
  $ setpriv --reuid 1000 --regid 1001 --clear-groups ioasid-io -k -c 'dma sim0 7 read buf 16'
  dma: error EPERM
  [1]
  $ kill $holder; wait $holder 2>/dev/null; chmod 600 /dev/ioasid; rm /usr/local/bin/suid-io

Other users never have access, whatever the policy:

  $ tell owner 'alloc 5 5'
  5
  $ chmod 666 /dev/ioasid
  $ in_cgroup /t/a setpriv --reuid 65534 --clear-groups ioasid-io -c 'free 5'
  free: error EPERM
  [1]
  $ chmod 600 /dev/ioasid; dismiss owner

Audit mode does not permit what is denied without a policy:

  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: mine, cgroup: /t/a, max: 5, mode: audit}
  > YAML
  $ actor owner /t/a; actor thief /t/a
  $ tell owner 'alloc 5 5'; tell thief 'free 5'
  5
  error EPERM
  $ dismiss owner; dismiss thief; clean_up
