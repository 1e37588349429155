The metrics follow the conventions of Prometheus, with and without a policy, and are the
ones that the alerts are tested with:

  $ . $IOASID_SRC/tests/guest.sh
  $ promtool=$IOASID_SRC/build/prometheus/usr/bin/promtool
  $ pasidctl metrics >without.prom; $promtool check metrics <without.prom
  $ rule <<'YAML'
  > {version: 1, rules: [{name: all, cgroup: /t/all, max: 2}, {name: later, cgroup: /t/later, max: 2, mode: audit}]}
  > YAML
  $ pasidctl history start >/dev/null 2>&1
  $ "$IOASID_SRC/lab/in-cgroup" /t/all ioasid-io -q -c 'alloc 1 1; bind sim0 1; alloc 2 2' -c 'sleep 100000' & holder=$!
  $ wait_for 'pasidctl show 2 >/dev/null 2>&1'
  $ pasidctl metrics >with.prom; $promtool check metrics <with.prom
  $ names() { sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' "$1" | sort; }
  $ diff <(names with.prom) <(names $IOASID_SRC/tests/deploy/endpoints/healthy.prom)
  $ diff <(names without.prom) <(names $IOASID_SRC/tests/deploy/endpoints/unprotected.prom)
  $ grep -E '^ioasid_(policy_(attached|generation|rules)|cgroup_rule|pasids|bindings|policy_nodes_full|events_lost|history)' with.prom
  ioasid_policy_attached 1
  ioasid_pasids{state="idle"} 1
  ioasid_pasids{state="active"} 1
  ioasid_pasids{state="free_pending"} 0
  ioasid_bindings 1
  ioasid_policy_generation 1
  ioasid_policy_rules{mode="enforce"} 1
  ioasid_policy_rules{mode="audit"} 1
  ioasid_cgroup_rule_info{cgroup="/t/all",rule="all",mode="enforce"} 1
  ioasid_policy_nodes_full_total 0
  ioasid_events_lost_total{by="readers"} 0
  ioasid_events_lost_total{by="history"} 0
  ioasid_history_enabled 1
  $ pasidctl metrics --unused 0s | grep -c unused
  0
  [1]
  $ wait_for 'pasidctl metrics --unused 1ms | grep -qx "ioasid_unused_pasids 1"'
  $ pasidctl metrics --unused 5y 2>&1 | head -n 1
  pasidctl: --unused: y is not a time unit; use ns, us, ms, s, m, h or d; see pasidctl metrics --help

Without privileges, status reports what is unknown instead of reporting nothing:

  $ setpriv --reuid 65534 --regid 65534 --clear-groups pasidctl status | tr -s ' '
  pasidctl * (glob)
  module ioasid_shim *, fail_closed off (glob)
  policy unknown
  history unknown
  programs unknown
  problem cannot read * (glob)

  $ kill $holder; wait $holder 2>/dev/null
  [143]
  $ pasidctl history stop >/dev/null; clean_up

deploy/follow-policy applies a file, keeps the active policy if the file has an error, and
applies it again if it was removed:

  $ printf 'version: 1\nrules: [{name: one, cgroup: /t/x, max: 3}]\n' >f.yaml
  $ $IOASID_SRC/deploy/follow-policy f.yaml 0.2 >follow.log 2>&1 & follow=$!
  $ in_force() { pasidctl policy show 2>/dev/null | grep -q "max: $1"; }
  $ wait_for 'in_force 3'
  $ printf 'version: 1\nrules: [{name: one, cgroup: /t/x, max: nonsense}]\n' >f.yaml
  $ wait_for 'grep -q nonsense follow.log'; in_force 3
  $ printf 'version: 1\nrules: [{name: one, cgroup: /t/x, max: 5}]\n' >f.yaml
  $ wait_for 'in_force 5'
  $ pasidctl policy remove >/dev/null; wait_for 'in_force 5'
  $ kill $follow; wait $follow
  $ clean_up
