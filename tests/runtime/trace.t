pasidctl trace: filters in the kernel, recordings, stacks, and how it ends.

  $ . $IOASID_SRC/tests/guest.sh
  $ start() {	# NAME OPTION...: returns when it is attached
  >   pasidctl trace "${@:2}" >$1.out 2>$1.log & tracers+=($!)
  >   until grep -qs tracing $1.log; do sleep 0.05; done
  > }
  $ stop() {
  >   kill -INT ${tracers[@]}
  >   wait ${tracers[@]}
  >   tracers=()
  > }
  $ events() {
  >   python3 -c '
  > import json, sys
  > print(*(e["event"] + ":" + (e["cgroup"] or "-") for e in map(json.loads, open(sys.argv[1]))))' $1
  > }

One workload, traced by many readers at once, each with its own filter:

  $ mkdir -p /sys/fs/cgroup/t/a
  $ start all --json
  $ start text
  $ start mono --time mono
  $ start record -o all.trace
  $ start cgroup --json --cgroup /t/a
  $ start later --json --cgroup /t/b
  $ start device --json --device sim0
  $ start types --json -e alloc,unbind
  $ start pasid --json --pasid 6
  $ start comm --json --comm ioasid-io --cgroup /t/b
  $ start nobody --json --comm somebody
  $ start failed --json --failed
  $ start long --json --min-duration 300ms
  $ start stack --stack
  $ start stacks --stack -o stack.trace
  $ in_cgroup /t/a/new ioasid-io -q -k -c 'alloc 5 5; bind sim0 5; dma sim0 5 read 4096 1; sleep 1; unbind sim0 5; free 5' >/dev/null
  [1]
  $ in_cgroup /t/b ioasid-io -q -c 'alloc 6 6; free 6'
  $ stop
  $ for name in all cgroup later device types pasid comm nobody failed long; do echo "$name: $(events $name.out)"; done
  all: alloc:/t/a/new bind:/t/a/new fault:/t/a/new unbind:/t/a/new free:/t/a/new alloc:/t/b free:/t/b
  cgroup: alloc:/t/a/new bind:/t/a/new fault:/t/a/new unbind:/t/a/new free:/t/a/new
  later: alloc:/t/b free:/t/b
  device: bind:/t/a/new fault:/t/a/new unbind:/t/a/new
  types: alloc:/t/a/new unbind:/t/a/new alloc:/t/b
  pasid: alloc:/t/b free:/t/b
  comm: alloc:/t/b free:/t/b
  nobody: 
  failed: fault:/t/a/new
  long: unbind:/t/a/new free:/t/a/new

Replaying a recording gives the same output with the same filters:

  $ again() {	# NAME OPTION...
  >   pasidctl trace --replay all.trace "${@:2}" | cmp - $1.out && echo $1
  > }
  $ again all --json; again text; again mono --time mono; again cgroup --json --cgroup /t/a
  all
  text
  mono
  cgroup
  $ again device --json --device sim0; again types --json -e alloc,unbind; again pasid --json --pasid 6
  device
  types
  pasid
  $ again comm --json --comm ioasid-io --cgroup /t/b; again failed --json --failed; again long --json --min-duration 300ms
  comm
  failed
  long
  $ pasidctl trace --replay all.trace --json -n 2 | cmp - <(head -n 2 all.out)

The filter by process includes its threads; it is available only for running processes:

  $ actor x /t/a
  $ start pid --json --pid $(actor_pid x)
  $ ioasid-io -q -c 'alloc 7 7'
  $ tell x 'alloc 8 8'
  8
  $ stop
  $ events pid.out
  alloc:/t/a

Stacks with symbols:

  $ grep -A 6 ' bind ' stack.out | grep -oE '^ +(ioasid_attach|ioasid_cdev_ioctl)\+.*' | sed 's/0x[0-9a-f]*/N/'
          ioasid_attach+N [ioasid_shim]
          ioasid_cdev_ioctl+N [ioasid_shim]
  $ grep -A 20 ' bind ' stack.out | grep -m 1 -oE 'libc.so.6\+'
  libc.so.6+

The recording has the same stacks, except for symbols that could not be read because the
process had ended:

  $ frames() { sed -E 's/^( +)(0x[0-9a-f]+|[^ ]+\+0x[0-9a-f]+)$/\1FRAME/'; }
  $ diff <(pasidctl trace --replay stack.trace | frames) <(frames <stack.out)

A truncated recording replays up to the cut:

  $ head -c 810 all.trace >cut.trace
  $ pasidctl trace --replay cut.trace --json | cmp - <(head -n 2 all.out)
  cut.trace has no end marker: the recording was cut off
  $ pasidctl trace --replay all.out
  pasidctl: cannot replay all.out: not a pasidctl trace recording
  [2]

A full disk, and a reader that stops early:

  $ pasidctl trace -q -o /dev/full
  pasidctl: cannot write /dev/full: No space left on device; the part already written can still be replayed
  [2]
  $ mkdir small; mount -t tmpfs -o size=16k none small
  $ pasidctl trace -q --json >small/out 2>small.log & tracer=$!
  $ while kill -0 $tracer 2>/dev/null; do ioasid-io -q -c 'repeat 20 { alloc 1 4; free $ }'; done
  $ wait $tracer
  [2]
  $ cat small.log
  pasidctl: cannot write: No space left on device
  $ python3 -c 'import json; print(len([json.loads(line) for line in open("small/out")]) > 0)'
  True
  $ umount small
  $ pasidctl trace -q --json | head -n 1 >first & reader=$!
  $ until [ -s first ]; do ioasid-io -q -c 'alloc 9 9; free 9'; done
  $ until ! kill -0 $reader 2>/dev/null; do ioasid-io -q -c 'alloc 9 9; free 9'; done
  $ python3 -m json.tool first >/dev/null
  $ dismiss x
  $ clean_up
