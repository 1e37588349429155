Standard tools list the tracepoints and decode them.

  $ . $IOASID_SRC/tests/guest.sh
  $ trace-cmd list -e ioasid: | sort | head -n 3
  ioasid:ioasid_alloc
  ioasid:ioasid_attach
  ioasid:ioasid_bind
  $ trace-cmd record -q -o trace.dat -e ioasid ioasid-io -q -c 'alloc 5 5; bind sim0 5; free 5' >/dev/null 2>&1
  $ trace-cmd report trace.dat 2>/dev/null | grep -oE 'ioasid_(alloc|bind): .* comm=[a-z-]+' | sed -E 's/p?t?id=[0-9]+ tid=[0-9]+/pid=N tid=N/; s/: +/: /'
  ioasid_alloc: pasid=5 spid=-1 pid=N tid=N comm=ioasid-io
  ioasid_bind: pasid=5 spid=-1 pid=N tid=N comm=ioasid-io

  $ bpftrace -l 'tracepoint:ioasid:*' | wc -l
  20
  $ bpftrace -o seen -e 'tracepoint:ioasid:ioasid_alloc { printf("%d %s\n", args->pasid, args->comm); exit(); }' >/dev/null 2>&1 & tool=$!
  $ while kill -0 $tool 2>/dev/null; do ioasid-io -q -c 'alloc 7 7; free 7'; done
  $ grep -m 1 ioasid seen
  7 ioasid-io

They can also load the programs of pasidctl:

  $ bpftool prog loadall $IOASID_SRC/build/bpf/events.bpf.o /sys/fs/bpf/events autoattach
  $ ls /sys/fs/bpf/events | wc -l
  20
  $ rm -r /sys/fs/bpf/events
  $ bpftool prog loadall $IOASID_SRC/build/bpf/snapshot.bpf.o /sys/fs/bpf/snapshot
  $ ls /sys/fs/bpf/snapshot | tr '\n' ' '; rm -r /sys/fs/bpf/snapshot
  snapshot_bindings snapshot_devices snapshot_ioasids snapshot_sets snapshot_spaces snapshot_system  (no-eol)
