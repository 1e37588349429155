By default only the process that holds a PASID may use it. A denial emits an event that
names the rule, and is counted in the cgroup of the requester and in that of the holder.

  $ . $IOASID_SRC/tests/guest.sh
  $ rule <<'YAML'
  > version: 1
  > rules:
  >   - {name: mine, cgroup: /t/a, max: 3}
  > YAML
  $ pasidctl trace --json -n 4 >trace.json 2>trace.log & tracer=$!
  $ until [ -s trace.log ]; do sleep 0.1; done
  $ actor owner /t/a; actor thief /t/b
  $ tell owner 'alloc 5 5'
  5
  $ tell thief 'free 5'; tell thief 'bind sim0 5'; tell thief 'dma sim0 5 read buf 16'
  error EPERM
  error EPERM
  error EPERM
  $ wait $tracer
  $ python3 -c '
  > import json
  > for line in open("trace.json"):
  >     e = json.loads(line)
  >     print(*(e.get(k) for k in ("event", "pasid", "cgroup", "result", "op", "rule", "limit_cgroup", "mode")))'
  alloc 5 /t/a ok None None None None
  deny 5 /t/b EPERM free mine /t/a enforce
  deny 5 /t/b EPERM bind mine /t/a enforce
  deny 5 /t/b EPERM dma mine /t/a enforce
  $ usage /t/a denied_here; usage /t/b denied_asked
  3
  3

The PASID remains usable for its holder:

  $ tell owner 'bind sim0 5'; tell owner 'dma sim0 5 read buf 16'; tell owner 'free 5'
  0
  16
  0
  $ dismiss owner; dismiss thief; clean_up
