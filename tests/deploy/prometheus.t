The alert rules are what Prometheus reads, and each fires when it should:

  $ cd $IOASID_SRC/deploy
  $ prometheus=$IOASID_SRC/build/prometheus/usr/bin
  $ $prometheus/promtool check config prometheus/prometheus.yml | grep -c SUCCESS
  3
  $ $prometheus/promtool test rules prometheus/ioasid.rules.test.yml
  Unit Testing:  prometheus/ioasid.rules.test.yml
    SUCCESS
  

No alert without a test:

  $ sed -n 's/.*- alert: //p' prometheus/ioasid.rules.yml | while read alert; do grep -q "alertname=\?:\? \?\"\?$alert" prometheus/ioasid.rules.test.yml || echo $alert; done

What machines told, recorded by tests/deploy/record, follows Prometheus' rules, and
alerts and dashboard ask for nothing that is not there:

  $ endpoints=$IOASID_SRC/tests/deploy/endpoints
  $ for machine in healthy unprotected crowded; do $prometheus/promtool check metrics <$endpoints/$machine.prom; done
  $ { sed -nE "s/^# TYPE ([a-z_]+) .*/\1/p" $endpoints/*.prom; echo up; echo ioasid_up; } | sort -u >$CRAMTMP/known
  $ sed -n '/expr:/,/for:/p' prometheus/ioasid.rules.yml | grep -oE '\bioasid_[a-z_]+' | sort -u | grep -vxFf $CRAMTMP/known
  [1]
  $ grep -oE '\bioasid_[a-z_]+' grafana/ioasid.json | sort -u | grep -vxFf $CRAMTMP/known
  [1]

Prometheus, with three machines that answer and one that does not. The healthy one is quiet:

  $ /usr/bin/python3 $IOASID_SRC/tests/deploy/fleet.py $prometheus/prometheus prometheus/ioasid.rules.yml $endpoints \
  >   PasidPolicyNotAttached:unprotected PasidCgroupNearQuota:crowded PasidPolicyAudit:crowded PasidMetricsMissing:down
  PasidCgroupNearQuota:crowded
  PasidMetricsMissing:down
  PasidPolicyAudit:crowded
  PasidPolicyNotAttached:unprotected
