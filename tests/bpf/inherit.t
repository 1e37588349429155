The rules of all ancestors apply together: a rule for a single tenant can only restrict
further.

  $ . $IOASID_SRC/tests/guest.sh
  $ rule 2>warnings <<'YAML'
  > version: 1
  > rules:
  >   - {name: tenants, cgroup: /t/**, devices: [sim1], rate: 6/h, range: 1-100, max: 10}
  >   - {name: big, cgroup: /t/big, max: 5}
  >   - {name: low, cgroup: /t/low, range: 90-200, devices: [sim0, sim1], rate: 2/h}
  >   - {name: free, cgroup: /t/free, max: 5, inherit: false}
  >   - {name: apart, cgroup: /t/apart, range: 200-300, devices: [sim0]}
  > YAML
  $ grep -c warning: warnings
  3
  $ watch_denials
  $ in_cgroup /t/big ioasid-io -k -c 'alloc 101 200; alloc 1 200; bind sim0 $; bind sim1 $'
  alloc: error EPERM
  alloc: 1
  bind: error EPERM
  bind: 0
  [1]
  $ in_cgroup /t/low ioasid-io -k -c 'alloc 1 89; alloc 1 200; bind sim0 $; bind sim1 $; alloc 101 200'
  alloc: error EPERM
  alloc: 90
  bind: error EPERM
  bind: 0
  alloc: error EPERM
  [1]
  $ in_cgroup /t/apart ioasid-io -k -c 'alloc 1 1000'
  alloc: error EPERM
  [1]
  $ in_cgroup /t/free ioasid-io -k -c 'alloc 500 500; bind sim0 $; repeat 5 { alloc 500 600 }'
  alloc: 500
  bind: 0
  alloc: 501
  alloc: 502
  alloc: 503
  alloc: 504
  alloc: error EDQUOT
  [1]
  $ deny_trace
  alloc EPERM rule=tenants limit=/t mode=enforce from=/t/big
  bind EPERM rule=tenants limit=/t mode=enforce from=/t/big
  alloc EPERM rule=low limit=/t/low mode=enforce from=/t/low
  bind EPERM rule=tenants limit=/t mode=enforce from=/t/low
  alloc EPERM rule=tenants limit=/t mode=enforce from=/t/low
  alloc EPERM rule=tenants limit=/t mode=enforce from=/t/apart
  alloc EDQUOT rule=free limit=/t/free mode=enforce from=/t/free

A request takes a token from every bucket or from none. The bucket of /t has 6 tokens, of
which 2 are used; /t/low has one left, and requests denied there take none from /t.

  $ in_cgroup /t/low ioasid-io -k -c 'repeat 4 { alloc 90 100 }'
  alloc: 90
  alloc: error EAGAIN
  alloc: error EAGAIN
  alloc: error EAGAIN
  [1]
  $ in_cgroup /t/big ioasid-io -k -c 'repeat 4 { alloc 1 100 }'
  alloc: 1
  alloc: 2
  alloc: 3
  alloc: error EAGAIN
  [1]
  $ in_cgroup /t/low ioasid-io -k -c 'alloc 90 100'
  alloc: error EAGAIN
  [1]

`policy explain` shows these rules and their combined effect:

  $ pasidctl policy explain --cgroup /t/low
  cgroup      /t/low
  rule        low
  mode        enforce
  rate        2/h
  range       0x5a-0xc8
  devices     sim0 sim1
  rule        tenants, of /t
  mode        enforce
  rate        6/h
  range       0x1-0x64
  devices     sim1
  owner       process
  next alloc  EAGAIN
  next bind   ok
  LEVEL  RULE    MAX CURRENT MAX BINDINGS BINDINGS
  /t/low low       -       0            -        0
  /t     tenants  10       0            -        0
  /      -         -       0            -        0
  $ explain() { pasidctl policy explain --cgroup "$1" --json | python3 -c 'import json, sys; e = json.load(sys.stdin); print(e["exists"], e["range"], e["devices"], e["owner"], e["next_alloc"], e["next_bind"], *(g["keys"]["name"] for g in e["governors"]))'; }
  $ explain /t/low; explain /t/apart; explain /t/free; explain /t/none; explain /other
  True 0x5a-0x64 ['sim1'] process EAGAIN ok low tenants
  True none [] process EPERM EPERM apart tenants
  True None None process ok ok free
  False 0x1-0x64 ['sim1'] process EAGAIN ok tenants tenants
  False None None process ok ok
  $ pasidctl policy explain --cgroup /t/../x
  pasidctl: --cgroup: a cgroup path must not contain `..`; see pasidctl policy explain --help
  [2]

The strictest `owner` of all rules applies; a rule without `owner` does not change it:

  $ pasidctl policy remove
  removed
  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: shared, cgroup: /t/**, owner: user}
  >   - {name: five, cgroup: /t/five, max: 5}
  >   - {name: mine, cgroup: /t/mine, owner: process}
  > YAML
  $ for name in five mine; do actor $name /t/$name; tell $name 'alloc 1 99'; done
  1
  2
  $ in_cgroup /t/other ioasid-io -k -c 'bind sim0 1; bind sim0 2'
  bind: 0
  bind: error EPERM
  [1]
  $ dismiss five; dismiss mine

A raised rate takes effect at once, even if the old bucket was empty:

  $ rule <<'YAML'
  > {version: 1, rules: [{name: a, cgroup: /t/a, rate: 1/h}]}
  > YAML
  $ in_cgroup /t/a ioasid-io -k -c 'repeat 2 { alloc 1 9 }'
  alloc: 1
  alloc: error EAGAIN
  [1]
  $ rule <<'YAML'
  > {version: 1, rules: [{name: a, cgroup: /t/a, rate: 1000/s}]}
  > YAML
  $ pasidctl policy explain --cgroup /t/a | grep alloc
  next alloc  ok
  $ in_cgroup /t/a ioasid-io -k -c 'repeat 2 { alloc 1 9 }'
  alloc: 1
  alloc: 2
  $ clean_up
