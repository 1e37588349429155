time-limit: 900

A process with very many PASIDs and bindings is killed: the kernel stays responsive (its
log shows no warnings), and its exit delays no other process, including those that exit
with a binding.

  $ . "$IOASID_SRC/tests/guest.sh"
  $ export PYTHONPATH=$IOASID_SRC/tests
  $ pasids=60000 bound=30000; [ -z "$IOASID_LONG" ] || { pasids=1048000; bound=100000; }
  $ live() { pasidctl status --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["system"]["live"])'; }
  $ mkfifo go
  $ ioasid-io -q -k -c "repeat $bound { alloc 1 0xfffff; bind sim0 \$; bind sim1 \$ }" \
  >   -c "repeat $((pasids - bound)) { alloc 1 0xfffff }" -c 'wait' <go >many.log 2>&1 & many=$!; disown
  $ exec {go}>go
  $ while kill -0 $many && [ "$(live)" -lt $pasids ]; do sleep 0.5; done; live | sed "s/^$pasids$/all of them/"
  all of them
  $ cat >other.py <<'PY'
  > import os, time
  > from ioasid import *
  > fd, rounds, longest = open_device(), 0, [0, 0]
  > while rounds < 30:
  >     begin = time.monotonic()
  >     if os.fork() == 0:
  >         mine = open_device()
  >         os._exit(bind(mine, alloc(mine)) != 0)
  >     assert os.wait()[1] == 0
  >     pasid = alloc(fd)
  >     assert isinstance(pasid, int) and bind(fd, pasid) == 0 and free(fd, pasid) == 0, pasid
  >     killed = os.path.exists("killed")
  >     longest[killed], rounds = max(longest[killed], time.monotonic() - begin), rounds + killed
  >     open("begun", "w")
  > open("measured", "w")
  > print("nobody waited" if longest[1] < 3 + 5 * longest[0] else longest)
  > PY
  $ for i in 1 2; do sh -c 'while [ ! -e measured ]; do :; done' & done
  $ python3 other.py & other=$!
  $ wait_for '[ -e begun ]'; sleep 3

The process gets hardly any CPU time once it is killed, so that its exit takes long.

  $ kill -9 $many; chrt -i -p 0 $many; touch killed; wait $other
  nobody waited
  $ wait_for '[ "$(live)" = 0 ]'; clean_up
