Limits of a cgroup and of its parent, and the counters after a denial.

  $ . $IOASID_SRC/tests/guest.sh
  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: all, cgroup: /t, max: 5}
  >   - {name: each, cgroup: /t/*, max: 3}
  > YAML

  $ in_cgroup /t/a ioasid-io -k -c 'repeat 4 { alloc 1 99 }'
  alloc: 1
  alloc: 2
  alloc: 3
  alloc: error EDQUOT
  [1]
  $ usage /t/a rule mode max current peak denied_here denied_asked would_deny
  each enforce 3 0 3 1 1 0
  $ usage /t rule max current peak denied_here denied_asked
  all 5 0 3 0 0

Two processes, a and b, reach the limit of their parent; the charge of b's own cgroup for
the denied request is undone.

  $ actor a /t/a; actor b /t/b
  $ for i in 1 2 3; do tell a 'alloc 1 99'; done
  1
  2
  3
  $ tell b 'alloc 1 99'; tell b 'alloc 1 99'; tell b 'alloc 1 99'
  4
  5
  error EDQUOT
  $ usage /t/b current denied_here denied_asked; usage /t current denied_here denied_asked
  2 0 1
  5 1 0
  $ tell a 'free 2'; tell b 'alloc 1 99'; tell b 'alloc 1 99'
  0
  2
  error EDQUOT
  $ usage /t/b current denied_here denied_asked
  3 1 2

A process in a nested cgroup without a rule is limited by the ancestors:

  $ actor c /t/b/deep/er
  $ tell c 'alloc 1 99'
  error EDQUOT
  $ usage /t/b/deep/er rule max current peak denied_here denied_asked
  None None 0 0 0 1
  $ usage /t/b denied_here
  2

After all processes have ended, nothing is charged. An allocation that fails after it was
charged, because no number is free, is uncharged.

  $ dismiss a; dismiss b; dismiss c
  $ usage /t current; usage /t/a current; usage /t/b current
  0
  0
  0
  $ in_cgroup /t/a ioasid-io -k -c 'repeat 3 { alloc 7 7 }'
  alloc: 7
  alloc: error ENOSPC
  alloc: error ENOSPC
  [1]
  $ usage /t/a current denied_here
  0 1
  $ in_cgroup /t/a ioasid-io -k -c 'alloc 7 7' -c 'alloc 7 7' -c 'alloc 1 99' -c 'alloc 1 99' | sort
  alloc: 1
  alloc: 2
  alloc: 7
  alloc: error ENOSPC
  $ clean_up
