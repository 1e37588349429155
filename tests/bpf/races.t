time-limit: 3600

Concurrent allocations in cgroups of several depths, at limits that are reached all the
time: no level ever exceeds its limit, nothing stays charged, and every attempt is either
granted or denied and counted. This takes some seconds; the long tests make ten million
attempts.

  $ . $IOASID_SRC/tests/guest.sh
  $ attempts=30000; [ -z "$IOASID_LONG" ] || attempts=5000000
  $ mkdir -p /sys/fs/cgroup/t/a/b/c /sys/fs/cgroup/t/d/e/f

race MADE CGROUP...: run the race; print what went wrong, whether everything the race has to cover
did happen, and whether the counters of the policy agree

  $ denials() { pasidctl status --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["system"]["denials"])'; }
  $ race() {
  >   before=$(denials)
  >   $IOASID_BUILT/lab/charges $attempts "$@" >charges.log
  >   [ $? = 0 ] || echo "failed: $(cat charges.log)"
  >   python3 - $(($(denials) - before)) <<'PY'
  > import json, re, subprocess, sys
  > log = open("charges.log").read()
  > count = {name: int(number) for name, number in re.findall(r"(\w+) (\d+)", log.splitlines()[-1])}
  > rows = json.loads(subprocess.check_output(["pasidctl", "cgroup", "--json"]))
  > print("accounted for:", count["granted"] + count["refused"] == count["attempts"],
  >       "granted some:", count["granted"] > count["attempts"] / 20, "looks:", count["looks"] > 100)
  > print("refusals, as the module counted them:", int(sys.argv[1]) == count["refused"])
  > print("limits that were reached and refused, of several:",
  >       sum(row["peak"] == row["max"] and row["denied_here"] > 0 for row in rows) > 1)
  > print("charged:", sorted((row["cgroup"], row["current"]) for row in rows if row["current"]))
  > engine = json.loads(subprocess.check_output(["bpftool", "--json", "map", "dump", "pinned",
  >                                              "/sys/fs/bpf/pasidctl/engine"]))
  > values = engine[0]["formatted"]["value"]
  > print("underflows:", values["underflows"], "above a limit:", values["exceeded"])
  > PY
  >   pasidctl policy remove >/dev/null
  > }

distribution: limit

  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: all, cgroup: /t, max: 14}
  >   - {name: a, cgroup: /t/a, max: 12}
  >   - {name: b, cgroup: /t/a/b, max: 7}
  >   - {name: c, cgroup: /t/a/b/c, max: 5}
  >   - {name: d, cgroup: /t/d, max: 9}
  > YAML
  $ race "" /t/a /t/a/b /t/a/b/c /t/d /t/d/e /t/d/e/f
  accounted for: True granted some: True looks: True
  refusals, as the module counted them: True
  limits that were reached and refused, of several: True
  charged: []
  underflows: 0 above a limit: 0

distribution: reserve. Cgroups that are created and removed take their grants from the
PASIDs that the others compete for, and return them. A cgroup that did not get its grant
at first gets it later, while it allocates. In the end only grants are charged: 14 for /t
and 6 for /t/a/b.

  $ rule <<'YAML'
  > version: 1
  > defaults: {distribution: reserve}
  > rules:
  >   - {name: all, cgroup: /t, max: 14}
  >   - {name: vm, cgroup: /t/vm*, max: 4}
  >   - {name: b, cgroup: /t/a/b, max: 6}
  > YAML
  $ race /t/vm /t/a /t/a/b /t/a/b/c /t/d/e "*" "*"
  accounted for: True granted some: True looks: True
  refusals, as the module counted them: True
  limits that were reached and refused, of several: True
  charged: [('/', 14), ('/t', 6), ('/t/a', 6)]
  underflows: 0 above a limit: 0
  $ clean_up
