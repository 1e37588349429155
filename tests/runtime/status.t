status shows the programs attached to the module, the readers of events, and the events
they lost.

  $ . $IOASID_SRC/tests/guest.sh
  $ pasidctl status | grep -E 'programs|readers'
  [1]
  $ pasidctl trace --json --buffer 4096 >first.json 2>first.log & first=$!
  $ pasidctl trace >/dev/null 2>second.log & second=$!
  $ wait_for '[ -s first.log ] && [ -s second.log ]'
  $ pasidctl status | grep readers
  readers    2 reading events, 0 lost

All attached programs are shown, of any tool, pinned or held by a process:

  $ rule <<'YAML'
  > {version: 1, rules: [{name: all, cgroup: /t/all, max: 4}]}
  > YAML
  $ bpftrace -e 'tracepoint:ioasid:ioasid_free { @ = count(); } kfunc:ioasid_shim:ioasid_unbind { @ = count(); }' >other.log 2>&1 & other=$!
  $ wait_for '[ "$(pasidctl status | grep -c bpftrace)" = 2 ]'
  $ pasidctl status | grep -E 'programs|readers' | sed "s/($first)/(FIRST)/; s/($second)/(SECOND)/; s/($other)/(OTHER)/" | sort
  programs   1 tracepoint on ioasid_free, held by bpftrace (OTHER)
  programs   1 tracing on ioasid_unbind, held by bpftrace (OTHER)
  programs   10 struct_ops on ioasid_policy_ops, pinned: /sys/fs/bpf/pasidctl/link
  programs   20 tracing on ioasid_alloc and 19 more, held by pasidctl (FIRST)
  programs   20 tracing on ioasid_alloc and 19 more, held by pasidctl (SECOND)
  readers    2 reading events, 0 lost
  $ cat >programs.py <<'PYTHON'
  > import json, subprocess, sys
  > status = json.loads(subprocess.run(["pasidctl", "status", "--json"], capture_output=True).stdout)
  > known = {row["id"]: row for row in json.loads(subprocess.run(["bpftool", "prog", "list", "-j"], capture_output=True).stdout)}
  > rows = status["programs"]
  > print(len(rows), len({row["id"] for row in rows}), all(known[row["id"]]["name"][:15] == row["name"] for row in rows))
  > print(*sorted(row["name"] for row in rows if row["type"] == "struct_ops"))
  > print(sorted(row["pid"] for row in status["readers"]) == sorted(map(int, sys.argv[1:])))
  > PYTHON
  $ python3 programs.py $first $second
  52 52 True
  adopt bind cgroup_gone cgroup_idle cgroup_new charge move unbind uncharge use_foreign
  True
  $ kill -INT $other; wait $other; pasidctl policy remove
  removed
  $ pasidctl status | grep -cE 'bpftrace|struct_ops'
  0
  [1]

A stopped reader loses the events that do not fit into its buffer of one page:

  $ kill -STOP $first
  $ ioasid-io -q -c 'repeat 1000 { alloc 5 5; free 5 }'
  $ kill -CONT $first; kill -INT $second; wait $second
  $ lost() { pasidctl status --json | python3 -c 'import json, sys; print(*(row["lost"] for row in json.load(sys.stdin)["readers"]))'; }
  $ wait_for '[ "$(lost | wc -w)" = 1 ]'
  $ seen=$(lost); kill -INT $first; wait $first
  $ python3 - "$seen" <<'PYTHON'
  > import json, sys
  > events = [json.loads(line) for line in open("first.json")]
  > told = sum(event["count"] for event in events if event["event"] == "lost" and event["where"] != "total")
  > print(told == int(sys.argv[1]) or (told, sys.argv[1]), told > 0)
  > PYTHON
  True True
  $ clean_up
