If the guest crashes or hangs, the status is 125 and the last messages of the kernel are
shown.

  $ lab() { "$IOASID_SRC/dev" lab --no-build "$@" </dev/null; }

A panic:

  $ lab -- sh -c 'echo before; sleep 1; echo c >/proc/sysrq-trigger; sleep 100' 2>err
  before
  [125]
  $ head -n 1 err
  lab: the guest ended before its command did; last messages:
  $ grep -o 'Kernel panic - not syncing: sysrq triggered crash' err
  Kernel panic - not syncing: sysrq triggered crash

Power-off from inside:

  $ lab -- sh -c 'echo o >/proc/sysrq-trigger; sleep 100' 2>err
  [125]
  $ grep -o 'reboot: Power down' err
  reboot: Power down

One of two CPUs hangs in a real-time loop, with the safeguards of the kernel switched off,
while the command runs on the other:

  $ cat >hang <<'EOF'
  > echo -1 >/proc/sys/kernel/sched_rt_runtime_us
  > echo 0 >/sys/kernel/debug/sched/fair_server/cpu1/runtime
  > taskset -c 1 chrt -f 99 sh -c 'while :; do :; done' &
  > sleep 100
  > EOF
  $ IOASID_LAB_HEARTBEAT=8 lab --add hang -- sh /host/hang 2>err
  [125]
  $ head -n 1 err
  lab: the guest hangs: a CPU is not responding; last messages:

A guest that does not boot; the time limit for booting is ten times that for later signs
of life:

  $ for heartbeat in 0.1 0.3; do
  >   begin=$(date +%s%N)
  >   "$IOASID_SRC/build/lab/host" -p $heartbeat -- sleep 100 </dev/null 2>err
  >   echo "status $?, $((($(date +%s%N) - begin) / 1000000000)) s"
  > done
  status 125, 1 s
  status 125, 3 s
  $ head -n 1 err
  lab: the guest did not boot (raise IOASID_LAB_HEARTBEAT to wait longer); last messages:

QEMU crashes before the command runs: it is started once more.

  $ "$IOASID_SRC/build/lab/host" -- sh -c 'kill -ABRT $$' </dev/null
  lab: QEMU was killed by signal 6 before the command ran; restarting it
  lab: the guest ended before its command did; last messages:
  [125]

The time limit is exceeded:

  $ lab --timeout 5 -- sleep 100 2>err
  [124]
  $ head -n 1 err
  lab: timed out

The lab is killed: neither processes nor files remain.

  $ parent() { ps -o ppid= -p "$1" | tr -d ' '; }
  $ family() { for pid in $(ps -o pid= --ppid "$1"); do echo "$pid"; family "$pid"; done; }
  $ mkdir temporary
  $ for signal in TERM INT HUP KILL; do
  >   TMPDIR=$PWD/temporary lab --env MARK=$$ -- sleep 100 &
  >   until qemu=$(family $! | xargs ps -o pid=,comm= -p | awk '/qemu/ { print $1 }'); [ "$qemu" ]; do sleep 0.2; done
  >   worker=$(parent $qemu)
  >   guard=$(parent $worker)
  >   kill -$signal $guard
  >   wait $! 2>/dev/null
  >   echo "$signal $?"
  >   for i in $(seq 100); do ps -p $guard,$worker,$qemu -o stat= | grep -qv Z || break; sleep 0.1; done
  >   ps -p $guard,$worker,$qemu -o pid=,stat=,comm= | grep -v ' Z' || true
  > done 2>/dev/null
  TERM 143
  INT 130
  HUP 129
  KILL 137
  $ ls temporary
