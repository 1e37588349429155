owner: who of the same user may use a PASID besides the process that holds it.

  $ . $IOASID_SRC/tests/guest.sh
  $ all() { tell thief 'bind sim0 5'; tell thief 'dma sim0 5 read buf 16'; tell thief 'unbind sim0 5'; tell thief 'free 5'; }

cgroup: processes of the very cgroup, not those below or beside it.

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

user: every process of the user, from whatever cgroup. It is the holder's rule that counts.

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

Another user never may, whatever the policy:

  $ tell owner 'alloc 5 5'
  5
  $ chmod 666 /dev/ioasid
  $ in_cgroup /t/a setpriv --reuid 65534 --clear-groups ioasid-io -c 'free 5'
  free: error EPERM
  [1]
  $ chmod 600 /dev/ioasid; dismiss owner

Audit does not open what is closed without a policy:

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
