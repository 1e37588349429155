time-limit: 1200

A command that changes the policy can be killed before any of its system calls that change
something: either the old or the new policy is active, completely, and the next command
works. The long tests also kill it before all other calls.

  $ . $IOASID_SRC/tests/guest.sh
  $ for name in one two; do
  >   echo "{version: 1, rules: [{name: $name, cgroup: /t, max: $([ $name = one ] && echo 1 || echo 2)}]}" >$name.yaml
  > done

in_force: print the name of the active policy and the number of PASIDs it allows

  $ in_force() {
  >   pasidctl policy show 2>/dev/null | sed -n 's/.*name: *//p'
  >   in_cgroup /t ioasid-io -k -c 'repeat 3 { alloc 1 9 }' | grep -vc error
  > }
  $ kinds="bpf mkdir unlink rmdir"; [ "$(uname -m)" != aarch64 ] || kinds="bpf mkdirat unlinkat"  # all that it has
  $ changes='BPF_(MAP_UPDATE_ELEM|OBJ_PIN|LINK_CREATE|LINK_UPDATE|LINK_DETACH)|(mkdir|unlink|rmdir)(at)?\('; [ -z "$IOASID_LONG" ] || changes=.
  $ killed() { # KIND N COMMAND...: before its N-th call of that kind
  >   strace -f -qq -o calls -e trace=$1 -e inject=$1:signal=KILL:when="$2" pasidctl policy "${@:3}" >/dev/null
  > }

kill_each MOST "BEFORE|AFTER" COMMAND...: kill the command at each of its calls, at most the
last MOST of each kind, and print which policy is active afterwards

  $ kill_each() {
  >   restore; strace -f -qq -o calls -e trace=${kinds// /,} pasidctl policy "${@:3}" >/dev/null
  >   for kind in $kinds; do
  >     grep " $kind(" calls | grep -nE "$changes" | sed "s/:.*//; s/^/$kind /" | tail -n "$1"
  >   done >steps
  >   while read -r kind n; do
  >     restore; killed "$kind" "$n" "${@:3}"; [ $? = 137 ] || echo "not killed at $kind $n"
  >     wait_for "in_force | tr '\n' ' ' | grep -qxE '$2'" || echo "$kind $n: $(in_force)"
  >     in_force | tr '\n' ' '; echo
  >   done 2>/dev/null <steps | sort -u
  >   [ "$(wc -l <steps)" -gt 2 ] || echo "only $(wc -l <steps) steps"
  > }

The first policy: the calls that pin the last maps and attach it; in the long tests all
calls:

  $ most=2; [ -z "$IOASID_LONG" ] || most=1000
  $ restore() { pasidctl policy remove >/dev/null; }
  $ kill_each $most '3 |one 1 ' apply one.yaml
  3 

The remains of an interrupted attempt do not prevent the next one:

  $ restore; last=$(grep '^bpf' steps | tail -n 1 | cut -d' ' -f 2)
  $ killed bpf $((last - 3)) apply one.yaml 2>/dev/null; killed bpf "$last" apply one.yaml 2>/dev/null; pasidctl policy apply one.yaml >/dev/null; in_force
  one
  1

Replacing a policy:

  $ restore() { pasidctl policy apply one.yaml >/dev/null; }
  $ kill_each 100 'one 1 |two 2 ' apply two.yaml
  one 1 
  $ pasidctl policy apply two.yaml >/dev/null; in_force
  two
  2

The same with grants, which the kernel makes in the same call:

  $ mkdir -p /sys/fs/cgroup/t/vm
  $ cat >three.yaml <<'YAML'
  > version: 1
  > defaults: {distribution: reserve}
  > rules:
  >   - {name: three, cgroup: /t, max: 3}
  >   - {name: vm, cgroup: /t/vm, max: 2}
  > YAML
  $ allowed=$(declare -f in_force)
  $ in_force() { pasidctl policy show | sed -n 's/.*name: *//p' | head -n 1; usage /t current; }
  $ kill_each $((most + 1)) 'one 0 |three 2 ' apply three.yaml
  one 0 
  $ pasidctl policy apply three.yaml >/dev/null; in_force
  three
  2
  $ eval "$allowed"; rmdir /sys/fs/cgroup/t/vm

Removing it:

  $ kill_each 100 'one 1 |3 ' remove
  3 
  one 1 
  $ pasidctl policy remove >/dev/null; ls /sys/fs/bpf/pasidctl
  ls: cannot access '/sys/fs/bpf/pasidctl': No such file or directory
  [2]

Two concurrent commands: one succeeds, the other reports the conflict.

  $ pasidctl policy apply one.yaml >log.one 2>&1 & first=$!
  $ pasidctl policy apply two.yaml >log.two 2>&1; second=$?; wait $first; echo "$? $second" | tr ' ' '\n' | sort
  0
  3
  $ cat log.one log.two | sed 's/^applied .*/applied/' | sort
  applied
  pasidctl: cannot change the policy: another pasidctl is changing it; try again later
  $ in_force | tr '\n' ' ' | grep -xE 'one 1 |two 2 ' | wc -l
  1
  $ clean_up
