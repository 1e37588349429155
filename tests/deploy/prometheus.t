Prometheus accepts the alert rules, and each alert fires when it should:

  $ cd $IOASID_SRC/deploy
  $ prometheus=$IOASID_SRC/build/prometheus/usr/bin
  $ $prometheus/promtool check config prometheus/prometheus.yml | grep -c SUCCESS
  3
  $ $prometheus/promtool test rules prometheus/ioasid.rules.test.yml
  Unit Testing:  prometheus/ioasid.rules.test.yml
    SUCCESS
  

Every alert has a test:

  $ sed -n 's/.*- alert: //p' prometheus/ioasid.rules.yml | while read alert; do grep -q "alertname=\?:\? \?\"\?$alert" prometheus/ioasid.rules.test.yml || echo $alert; done

Metrics recorded by tests/deploy/record follow the conventions of Prometheus, and alerts
and dashboard use only metrics that exist:

  $ endpoints=$IOASID_SRC/tests/deploy/endpoints
  $ for machine in healthy unprotected crowded; do $prometheus/promtool check metrics <$endpoints/$machine.prom; done
  $ { sed -nE "s/^# TYPE ([a-z_]+) .*/\1/p" $endpoints/*.prom; echo up; echo ioasid_up; } | sort -u >$CRAMTMP/known
  $ sed -n '/expr:/,/for:/p' prometheus/ioasid.rules.yml | grep -oE '\bioasid_[a-z_]+' | sort -u | grep -vxFf $CRAMTMP/known
  [1]
  $ grep -oE '\bioasid_[a-z_]+' grafana/ioasid.json | sort -u | grep -vxFf $CRAMTMP/known
  [1]

Prometheus with three machines that answer and one that does not. The healthy one has no
alerts:

  $ /usr/bin/python3 $IOASID_SRC/tests/deploy/fleet.py $prometheus/prometheus prometheus/ioasid.rules.yml $endpoints \
  >   PasidPolicyNotAttached:unprotected PasidCgroupNearQuota:crowded PasidPolicyAudit:crowded PasidMetricsMissing:down
  PasidCgroupNearQuota:crowded
  PasidMetricsMissing:down
  PasidPolicyAudit:crowded
  PasidPolicyNotAttached:unprotected
