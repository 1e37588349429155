Latencies, PASIDs that appear unused, and metrics.

  $ . $IOASID_SRC/tests/guest.sh
  $ actor a /t/a
  $ tell a 'alloc 1 9'
  1
  $ tell a 'alloc 2 2'; tell a 'bind sim0 2'
  2
  0
  $ tell a 'alloc 3 3'; tell a 'spid attach 3 33'
  3
  0

The histograms contain only what happened during the measurement:

  $ pasidctl stats --json --duration 60 --unused 1ms >stats.json 2>stats.log & stats=$!
  $ until grep -qs measuring stats.log; do sleep 0.05; done
  $ in_cgroup /t/b ioasid-io -q -c 'repeat 20 { alloc 20 29; bind sim0 $; unbind sim0 $; free $ }'
  $ kill -INT $stats; wait $stats
  $ python3 - <<'PY'
  > import json
  > stats = json.load(open("stats.json"))
  > for row in stats["latencies"]:
  >     assert sum(slot["count"] for slot in row["buckets"]) == row["count"], row
  >     assert row["total_ns"] > 0 or not row["count"], row
  >     print(row["op"], row["count"])
  > for row in stats["suspects"]:
  >     print(row["pasid"], row["cgroup"], row["reason"])
  > PY
  alloc 20
  free 20
  bind 20
  unbind 20
  dma 0
  fault 0
  1 /t/a unused
  3 /t/a unused
  3 /t/a spid_without_bind

A device requests each page that is not present once. It also requests a page that it may
not access, and the DMA then fails:

  $ pasidctl stats --json --duration 60 >stats.json 2>stats.log & stats=$!
  $ until grep -qs measuring stats.log; do sleep 0.05; done
  $ device() { in_cgroup /t/b ioasid-io -c 'alloc 20 29' -c 'bind sim0 $' "$@" | grep dma; }
  $ device -c 'dma sim0 $ write buf 0x3000' -c 'dma sim0 $ write buf 0x3000' -c 'dma sim0 $ read buf 0x3000'
  dma: 12288
  dma: 12288
  dma: 12288
  $ device -c 'dma sim0 $ read 0x1000 16'
  dma: error EFAULT
  $ kill -INT $stats; wait $stats
  $ python3 -c 'import json; print(*((row["op"], row["count"]) for row in json.load(open("stats.json"))["latencies"][4:]))'
  ('dma', 4) ('fault', 4)

Prometheus:

  $ pasidctl metrics | grep -E '^ioasid_(live|device_bindings)'
  ioasid_live 3
  ioasid_device_bindings{device="sim0"} 1
  ioasid_device_bindings{device="sim1"} 0
  ioasid_device_bindings{device="sim2"} 0
  ioasid_device_bindings{device="sim3"} 0
  $ pasidctl metrics --textfile state.prom && grep -c '^# TYPE' state.prom && ls *.prom*
  28
  state.prom
  $ pasidctl metrics --listen 127.0.0.1:9471 2>listen.log & server=$!
  $ until grep -qs listening listen.log; do sleep 0.05; done
  $ python3 -c 'import urllib.request; print(urllib.request.urlopen("http://127.0.0.1:9471/metrics").read().decode())' | grep -E '^ioasid_(up|live)'
  ioasid_up 1
  ioasid_live 3
  $ pasidctl metrics --listen 127.0.0.1:9471
  pasidctl: cannot listen on 127.0.0.1:9471: the address is invalid or already in use; use a form like 127.0.0.1:9471 or [::1]:9471
  [2]
  $ kill -INT $server; wait $server
  $ dismiss a
  $ clean_up
