Normal and abnormal sequences of calls, and the tracepoints they emit. One line for each
event: name, PASID, SPID, device.

  $ events=/sys/kernel/tracing/events/ioasid
  $ traced() {
  >     echo >/sys/kernel/tracing/trace; echo 1 >$events/enable
  >     ioasid-io -k "$@"
  >     lines=; until [ "$lines" = "$(wc -l </sys/kernel/tracing/trace)" ]; do lines=$(wc -l </sys/kernel/tracing/trace); sleep 0.5; done
  >     echo 0 >$events/enable
  >     sed -nE 's/.*: ioasid_(\w+): pasid=(\S+) spid=(\S+) .* device=([0-9]+) .*/\1 \2 \3 \4/p' /sys/kernel/tracing/trace
  > }

  $ traced -c 'alloc 5 5' -c 'bind sim0 5' -c 'dma sim0 5 write buf 100' -c 'unbind sim0 5' -c 'free 5'
  alloc: 5
  bind: 0
  dma: 100
  unbind: 0
  free: 0
  alloc 5 -1 0
  bind 5 -1 1
  unbind 5 -1 1
  free 5 -1 0

Freed while bound: the device is unbound, and the PASID can be allocated again.

  $ traced -c 'alloc 5 5' -c 'bind sim0 5' -c 'bind sim1 5' -c 'free 5' -c 'free 5' -c 'alloc 5 5'
  alloc: 5
  bind: 0
  bind: 0
  free: 0
  free: error ENOENT
  alloc: 5
  alloc 5 -1 0
  bind 5 -1 1
  bind 5 -1 2
  free_pending 5 -1 0
  unbind 5 -1 1
  unbind 5 -1 2
  reclaim 5 -1 0
  alloc 5 -1 0
  free 5 -1 0

An SPID is unique in its process, and the events for detaching and freeing report it:

  $ traced -c 'alloc 5 6' -c 'alloc 5 6' -c 'spid attach 5 77' -c 'spid attach 6 77' \
  >     -c 'spid attach 5 78' -c 'spid detach 5' -c 'spid detach 5' -c 'spid attach 6 77'
  alloc: 5
  alloc: 6
  spid: 0
  spid: error EEXIST
  spid: error EBUSY
  spid: 0
  spid: error ENOENT
  spid: 0
  alloc 5 -1 0
  alloc 6 -1 0
  spid_attach 5 77 0
  spid_detach 5 77 0
  spid_attach 6 77 0
  free 5 -1 0
  free 6 77 0

Killed with bound PASIDs: everything is released, and the PASIDs can be allocated again.

  $ : >log; ioasid-io -c "alloc 5 6" -c "alloc 5 6" -c "bind sim0 5" -c "bind sim1 6" -c "sleep 60" >log &
  $ until [ "$(wc -l <log)" = 4 ]; do sleep 0.1; done
  $ disown; pkill -9 ioasid-io; while pgrep ioasid-io; do sleep 0.1; done >/dev/null
  $ ioasid-io -c 'alloc 5 6' -c 'alloc 5 6' -c 'bind sim0 5' -c 'bind sim1 6'
  alloc: 5
  alloc: 6
  bind: 0
  bind: 0

A process that keeps its descriptors across exec has one set for each; their number is
limited:

  $ cat >chain.py <<'EOF'
  > import os, sys
  > n = int(sys.argv[1])
  > try:
  >     os.set_inheritable(os.open("/dev/ioasid", os.O_RDWR), True)
  > except OSError as error:
  >     print(n, os.strerror(error.errno))
  >     sys.exit()
  > os.execv("/usr/bin/python3", ["python3", "chain.py", str(n + 1)])
  > EOF
  $ python3 chain.py 0
  16 Too many open files
