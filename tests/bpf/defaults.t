The defaults apply only to cgroups that no rule governs.

  $ . $IOASID_SRC/tests/guest.sh
  $ rule <<'YAML'
  > version: 1
  > defaults:
  >   max: 1
  > rules:
  >   - {name: free, cgroup: /t/free, max: max}
  > YAML
  $ in_cgroup /t/other ioasid-io -k -c 'repeat 2 { alloc 1 9 }'
  alloc: 1
  alloc: error EDQUOT
  [1]
  $ in_cgroup /t/free/below ioasid-io -k -c 'repeat 3 { alloc 1 9 }'
  alloc: 1
  alloc: 2
  alloc: 3
  $ usage /t/other rule max; usage /t/free rule max
  None 1
  free None

Audit mode denies nothing and counts the requests that it would have denied:

  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: watch, cgroup: /t/audit, max: 1, mode: audit}
  > YAML
  $ in_cgroup /t/audit ioasid-io -k -c 'repeat 3 { alloc 1 9 }'
  alloc: 1
  alloc: 2
  alloc: 3
  $ usage /t/audit mode max current peak denied_here would_deny
  audit 1 0 3 0 2

Defaults with `max: 0` deny everything that no rule allows:

  $ rule <<'YAML'
  > version: 1
  > defaults: {max: 0}
  > rules:
  >   - {name: one, cgroup: /t/one, max: 1}
  > YAML
  $ ioasid-io -c 'alloc 1 9'
  alloc: error EDQUOT
  [1]
  $ in_cgroup /t/one ioasid-io -c 'alloc 1 9'
  alloc: 1
  $ clean_up
