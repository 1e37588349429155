The module cannot be unloaded while pasidctl reads from it, and can be afterwards.

  $ . $IOASID_SRC/tests/guest.sh
  $ view=(pasidctl top)
  $ . $IOASID_SRC/tests/tui/terminal.sh
  $ module=$IOASID_SRC/build/kmod/$IOASID_FLAVOUR/ioasid_shim.ko

The live view and a trace:

  $ open 80 24 -d 0.1
  $ waits_for 'no policy — limits'
  $ rmmod ioasid_shim
  rmmod: ERROR: Module ioasid_shim is in use
  [1]
  $ waits_for 'no policy — limits'
  $ pasidctl trace >trace.txt 2>trace.log & tracer=$!
  $ wait_for '[ -s trace.log ]'
  $ keys q && waits_for 'terminal as before'
  $ close
  $ rmmod ioasid_shim
  rmmod: ERROR: Module ioasid_shim is in use
  [1]
  $ ioasid-io -q -c 'alloc 5 5'
  $ wait_for 'grep -q alloc trace.txt'
  $ kill -INT $tracer; wait $tracer

Many changes of size, during large redraws and while the view exits:

  $ $IOASID_SRC/lab/in-cgroup /t/a ioasid-io -k -c 'repeat 3000 { alloc 1 0xfffff }' -c 'sleep 1000' >/dev/null & holder=$!
  $ open 80 24 -d 0.1 --view pasids
  $ waits_for '/3,000'
  $ for size in 40x12 300x60 1x1 81x25 40x5 41x3 200x2 10x50 120x40 40x24 500x1 79x24; do
  >     tmux_ resize-window -x ${size%x*} -y ${size#*x}
  > done
  $ waits_for '/3,000'
  $ for i in 1 2 3 4 5; do for width in 40 41 300 39 80; do tmux_ resize-window -x $width -y $((width / 3)); keys f 1 Escape; done; done
  $ keys End && waits_for '3,000/3,000'
  $ keys f 'zzz' Enter && waits_for 'nothing matches "zzz"'
  $ tmux_ resize-window -x 40 -y 10 && waits_for 'nothing matches'
  $ kill $holder; wait $holder 2>/dev/null
  [143]
  $ tmux_ resize-window -x 80 -y 24; keys q; tmux_ resize-window -x 81 -y 24
  $ waits_for 'terminal as before' && screen | grep status
  status 0
  $ close

Without the module, each command reports this in one line:

  $ wait_for 'rmmod ioasid_shim 2>/dev/null'
  $ open 80 24
  $ waits_for 'terminal as before' && screen | head -n 3
  pasidctl: cannot read the state: the module ioasid_shim is not loaded; load it:
  modprobe ioasid_shim
  status 3
  $ close
  $ for command in list 'show 1' trace 'top -b -n 1' stats cgroup; do pasidctl $command; echo "$command: $?"; done
  pasidctl: cannot read the state: the module ioasid_shim is not loaded; load it: modprobe ioasid_shim
  list: 3
  pasidctl: cannot read the state: the module ioasid_shim is not loaded; load it: modprobe ioasid_shim
  show 1: 3
  pasidctl: cannot trace: the module ioasid_shim is not loaded; load it: modprobe ioasid_shim
  trace: 3
  pasidctl: cannot read the state: the module ioasid_shim is not loaded; load it: modprobe ioasid_shim
  top -b -n 1: 3
  pasidctl: cannot read the state: the module ioasid_shim is not loaded; load it: modprobe ioasid_shim
  stats: 3
  pasidctl: cannot read the counters: the module ioasid_shim is not loaded; load it: modprobe ioasid_shim
  cgroup: 3
  $ insmod $module
  $ clean_up
