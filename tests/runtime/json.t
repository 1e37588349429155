The output of every command with --json conforms to docs/json.schema.json.

  $ . $IOASID_SRC/tests/guest.sh
  $ mkdir kept
  $ number=100
  $ keep() {	# COMMAND: its output, on standard input, is looked at in the end
  >   ((++number))
  >   cat >"kept/$number $1"
  > }
  $ kept() {	# COMMAND OPTION...
  >   pasidctl $1 --json "${@:2}" >last.json 2>>messages
  >   keep "$1" <last.json
  > }

Without any PASIDs, policy or history:

  $ kept list; kept status; kept doctor; kept top -n 1; kept stats --duration 0
  $ kept 'history stop'; kept 'history start'

With data of every kind; the events are traced with and without stacks:

  $ pasidctl trace --json >events 2>tracer.log & tracers=$!
  $ pasidctl trace --json --stack >stacks 2>stacks.log & tracers+=" $!"
  $ pasidctl trace -o recording 2>recorder.log & tracers+=" $!"
  $ wait_for 'grep -q tracing tracer.log && grep -q tracing stacks.log && grep -q tracing recorder.log'
  $ cat >policy.yaml <<'YAML'
  > version: 1
  > rules:
  >   - {name: web, cgroup: /t/web, max: 4, max_bindings: 1, warn: 50%}
  >   - {name: try, cgroup: /t/try, max: 0, mode: audit}
  >   - {name: all, cgroup: /t/all/*, max: 9, rate: 1000/s, range: 0x100-0xfff, devices: [sim0], owner: user}
  > YAML
  $ kept 'policy check' policy.yaml
  $ kept 'policy apply' --dry-run policy.yaml
  $ kept 'policy diff' policy.yaml
  $ kept 'policy apply' policy.yaml
  $ actor web /t/web; actor try /t/try; actor all /t/all/a
  $ tell web 'alloc 1 9'; tell web 'alloc 1 9'; tell web 'bind sim0 1'; tell web 'bind sim1 2'; tell web 'spid attach 2 7'
  1
  2
  0
  error EDQUOT
  0
  $ tell web 'dma sim0 1 read 4096 1'; tell web 'free 1'; tell web 'spid detach 2'
  error EFAULT
  0
  0
  $ tell try 'alloc 10 19'; tell all 'alloc 1 0xfffff'
  10
  256
  $ kept list; kept show 2; kept cgroup; kept status
  $ wait_for 'pasidctl show 2 --events recording | grep -q spid_detach'
  $ kept show 2 --events recording
  $ python3 -c 'import json; print(*(e["event"] for e in json.load(open("last.json"))["events"]))'
  alloc deny spid_attach spid_detach
  $ pasidctl show 2 --events recording | grep -E '^(age|unused|cgroup) ' | sed -E 's/ +[0-9.]+[a-z0-9]+$/ TIME/'
  cgroup     /t/web
  age TIME
  unused TIME
  $ kept show 2; python3 -c 'import json; print(*(e["event"] for e in json.load(open("last.json"))["events"]))'
  alloc deny spid_attach spid_detach
  $ kept 'history show'; kept 'history stop'
  $ kept stats --duration 0 --unused 1ns
  $ python3 -c 'import json; print({row["reason"] for row in json.load(open("last.json"))["suspects"]})'
  {'unused'}
  $ for view in cgroups processes pasids devices spaces; do kept top -n 1 --view $view; done
  $ kept 'policy show'
  $ for path in /t/web /t/try /t/all/a /; do kept 'policy explain' --cgroup $path; done

What a policy would deny, and errors in a policy file:

  $ sed 's/max: 4/max: 1/; /try/d' policy.yaml >less.yaml
  $ kept 'policy apply' --dry-run less.yaml
  $ kept 'policy diff' less.yaml
  $ sed 's/max: 0/min: 0/' policy.yaml >wrong.yaml
  $ kept 'policy check' wrong.yaml
  $ kept 'policy set-mode' audit
  $ kept 'policy remove'
  $ echo $(actor_pid try) >/sys/fs/cgroup/t/web/cgroup.procs
  $ dismiss web; dismiss try; dismiss all
  $ wait_for '[ $(grep -c ":.free.," events) = 3 ] && [ $(grep -c ":.free.," stacks) = 3 ]'
  $ kill -INT $tracers; wait $tracers
  $ keep trace <events; keep trace <stacks
  $ python3 -c 'import json; print(*sorted({json.loads(line)["event"] for line in open("events")}))'
  alloc bind deny fault free free_pending move policy reclaim spid_attach spid_detach unbind warn

An undocumented or missing key is detected:

  $ head -n 1 events | sed 's/"seq"/"sequence"/' | keep trace

All outputs:

  $ /usr/bin/python3 $IOASID_SRC/tests/schema.py kept/*
  list: as documented
  status: as documented
  doctor: as documented
  top: as documented
  stats: as documented
  history stop: as documented
  history start: as documented
  policy check: as documented
  policy apply: as documented
  policy diff: as documented
  policy apply: as documented
  list: as documented
  show: as documented
  cgroup: as documented
  status: as documented
  show: as documented
  show: as documented
  history show: as documented
  history stop: as documented
  stats: as documented
  top: as documented
  top: as documented
  top: as documented
  top: as documented
  top: as documented
  policy show: as documented
  policy explain: as documented
  policy explain: as documented
  policy explain: as documented
  policy explain: as documented
  policy apply: as documented
  policy diff: as documented
  policy check: as documented
  policy set-mode: as documented
  policy remove: as documented
  trace: as documented
  trace: as documented
  trace: $: 'seq' is a required property; $: Additional properties are not allowed ('sequence' was unexpected)
  $ clean_up
