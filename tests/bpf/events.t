Events arrive completely and in order, and lost events are counted.

  $ . $IOASID_SRC/tests/guest.sh
  $ pasidctl trace --json >trace.json 2>trace.log & tracer=$!
  $ until [ -s trace.log ]; do sleep 0.1; done
  $ in_cgroup /t/a ioasid-io -k -c 'alloc 5 5' -c 'spid attach 5 77' -c 'bind sim0 5' -c 'dma sim0 5 read 4096 1' -c 'free 5' >/dev/null
  [1]
  $ sleep 0.5; kill -INT $tracer; wait $tracer
  $ python3 - <<'PY'
  > import json
  > last = 0
  > for line in open("trace.json"):
  >     e = json.loads(line)
  >     assert e["seq"] > last and e["ts_ns"] > 0, e
  >     last = e["seq"]
  >     assert e["comm"] == "ioasid-io" and e["cgroup"] == "/t/a", e
  >     assert e["tid"] == e["pid"], e
  >     print(e["event"], e["pasid"], e["device"], e["result"], e["errno"])
  > PY
  alloc 5 None ok 0
  spid_attach 5 None ok 0
  bind 5 sim0 ok 0
  fault 5 sim0 EFAULT 14
  free_pending 5 None ok 0
  unbind 5 sim0 ok 0
  reclaim 5 None ok 0

A reader that does not read its buffer delays nothing; the lost events are counted.

  $ pasidctl trace --json --buffer 4096 >flood.json 2>flood.log & tracer=$!
  $ until [ -s flood.log ]; do sleep 0.1; done
  $ kill -STOP $tracer
  $ ioasid-io -q -c 'repeat 200 { alloc 1 9; free $ }'
  $ kill -CONT $tracer; sleep 1; kill -INT $tracer; wait $tracer
  $ python3 - <<'PY'
  > import json
  > lines = [json.loads(line) for line in open("flood.json")]
  > arrived = [e for e in lines if e["event"] != "lost"]
  > lost = [e for e in lines if e["event"] == "lost"]
  > *where, total = lost
  > assert total["where"] == "total" and total["count"] == sum(e["count"] for e in where), lost
  > print("lost some", 0 < len(arrived) < 400, "all accounted for", len(arrived) + total["count"])
  > PY
  lost some True all accounted for 400

Events and denials are counted even without a reader:

  $ before=$(pasidctl status --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["system"]["events"])')
  $ ioasid-io -q -c 'repeat 50 { alloc 1 9; free $ }'
  $ echo 'version: 1
  > rules: [{name: none, cgroup: /t/none, max: 0}]' | rule
  $ in_cgroup /t/none ioasid-io -q -c 'alloc 1 9'
  alloc: error EDQUOT
  [1]
  $ pasidctl status --json | python3 -c "import json,sys; print(json.load(sys.stdin)['system']['events'] - $before)"
  102
  $ clean_up
