What status says of those who read events, and what they lost.

  $ . $IOASID_SRC/tests/guest.sh
  $ pasidctl status | grep readers
  [1]
  $ pasidctl trace --json --buffer 4096 >first.json 2>first.log & first=$!
  $ pasidctl trace >/dev/null 2>second.log & second=$!
  $ wait_for '[ -s first.log ] && [ -s second.log ]'
  $ pasidctl status | grep readers
  readers    2 of events, 0 lost

A reader that is stopped loses what does not fit into its page of memory:

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
