Rules do not apply to a threaded cgroup but to its domain, and pasidctl reports this.

  $ . $IOASID_SRC/tests/guest.sh
  $ mkdir -p /sys/fs/cgroup/t/one/crew/deep
  $ for cgroup in crew crew/deep; do echo threaded >/sys/fs/cgroup/t/one/$cgroup/cgroup.type; done
  $ cat >rules.yaml <<'YAML'
  > version: 1
  > defaults: {max: 9}
  > rules:
  >   - {name: one, cgroup: /t/one, max: 3}
  >   - {name: crew, cgroup: /t/one/crew, max: 1}
  >   - {name: any, cgroup: "/t/one/*/deep", max: 1}
  > YAML
  $ pasidctl policy apply rules.yaml
  warning: rule `crew` has no effect: /t/one/crew is now threaded; PASIDs of its threads are charged to /t/one
  applied rules.yaml: 3 rules, generation 1

Requests from a threaded cgroup are counted in the domain, and `policy explain` shows this
for a path and for a process:

  $ actor worker /t/one; tell worker 'alloc 1 9'
  1
  $ echo "$(actor_pid worker)" >/sys/fs/cgroup/t/one/crew/deep/cgroup.threads
  $ tell worker 'alloc 1 9'
  2
  $ tell worker 'alloc 1 9'
  3
  $ tell worker 'alloc 1 9'
  error EDQUOT
  $ explain() { pasidctl policy explain "$@" --json | python3 -c 'import json, sys; e = json.load(sys.stdin); print(e["threaded"], e["cgroup"], e["rule"], e["next_alloc"], e["levels"][0]["current"])'; }
  $ explain --cgroup /t/one/crew/deep
  /t/one/crew/deep /t/one one EDQUOT 3
  $ explain --pid "$(actor_pid worker)"
  /t/one/crew/deep /t/one one EDQUOT 3
  $ explain --cgroup /t/one
  None /t/one one EDQUOT 3
  $ pasidctl policy explain --cgroup /t/one/crew | head -3
  threaded    /t/one/crew: threaded; rules apply to its domain:
  cgroup      /t/one
  rule        one
  $ pasidctl list --json | python3 -c 'import json, sys; print(*{row["cgroup"] for row in json.load(sys.stdin)})'
  /t/one

  $ dismiss worker
  $ clean_up
