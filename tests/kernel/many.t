time-limit: 900

One process holds very many PASIDs and bindings, and is killed: the kernel stays responsive
(its log is quiet), and nobody waits for the end of it, not even who ends with a binding, too.

  $ . "$IOASID_SRC/tests/guest.sh"
  $ export PYTHONPATH=$IOASID_SRC/tests
  $ pasids=60000 bound=5000; [ -z "$IOASID_LONG" ] || { pasids=1048000; bound=100000; }
  $ live() { pasidctl status --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["system"]["live"])'; }
  $ mkfifo go
  $ ioasid-io -q -k -c "repeat $bound { alloc 1 0xfffff; bind sim0 \$; bind sim1 \$ }" \
  >   -c "repeat $((pasids - bound)) { alloc 1 0xfffff }" -c 'wait' <go >many.log 2>&1 & many=$!
  $ exec {go}>go
  $ while kill -0 $many && [ "$(live)" -lt $pasids ]; do sleep 0.5; done; live | sed "s/^$pasids$/all of them/"
  all of them
  $ cat >other.py <<'PY'
  > import os, time
  > from ioasid import *
  > fd, longest, count = open_device(), 0, 0
  > while not os.path.exists("ended"):
  >     begin = time.monotonic()
  >     if os.fork() == 0:
  >         mine = open_device()
  >         os._exit(bind(mine, alloc(mine)) != 0)
  >     assert os.wait()[1] == 0
  >     pasid = alloc(fd)
  >     assert isinstance(pasid, int) and bind(fd, pasid) == 0 and free(fd, pasid) == 0, pasid
  >     longest, count = max(longest, time.monotonic() - begin), count + 1
  >     if count == 1:
  >         open("begun", "w")
  > print("nobody waited", longest < 5)
  > PY
  $ python3 other.py & other=$!
  $ wait_for '[ -e begun ]'; kill -9 $many; wait $many 2>/dev/null
  [137]
  $ while [ "$(live)" -gt 1 ]; do sleep 0.5; done; touch ended; wait $other
  nobody waited True
  $ wait_for '[ "$(live)" = 0 ]'; clean_up
