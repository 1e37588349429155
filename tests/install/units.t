The version is defined in one place; all copies agree with it:

  $ cd $IOASID_SRC
  $ version=$(sed -nE 's/^#define IOASID_MODULE_VERSION[^"]*"(.*)"/\1/p' include/ioasid/version.h)
  $ [ "$(build/bin/pasidctl --version)" = "pasidctl $version" ]
  $ modinfo=$(PATH=$PATH:/sbin:/usr/sbin modinfo -F version build/kmod/generic/ioasid_shim.ko); [ "$modinfo" = "$version" ] || echo "$modinfo"
  $ sed -nE "1s/^pasidctl \(($version)[^0-9.]*.*\) .*/the same/p" debian/changelog
  the same
  $ grep -rnF "\"$version\"" CMakeLists.txt Makefile.bpf kmod-shim include src | grep -v '^include/ioasid/version.h:'
  [1]

DKMS skips kernels older than the oldest supported one, and no others:

  $ . kmod-shim/supported-kernels; older=${KERNEL_OLDEST%.*}.$((${KERNEL_OLDEST#*.} - 1))
  $ pattern=$(sed -n 's/^BUILD_EXCLUSIVE_KERNEL="\(.*\)"/\1/p' kmod-shim/dkms.conf)
  $ for release in $older.9+deb12-amd64 6.1.0-40-amd64 5.10.0 $KERNEL_OLDEST.0 $KERNEL_OLDEST.118+deb13-amd64 $KERNEL_NEWEST.4-1 10.0.1; do
  >   [[ $release =~ $pattern ]] && echo $release
  > done
  6.12.0
  6.12.118+deb13-amd64
  7.3.4-1
  10.0.1

The units are installed where systemd looks for them, use the installed program, and have
few privileges (exposure levels range from 0, the best, to 100):

  $ DESTDIR=$CRAMTMP/root cmake --install build/user >/dev/null
  $ cd $CRAMTMP/root/usr/local; find bin sbin lib include share/man -type f | LC_ALL=C sort
  bin/ioasid-io
  include/ioasid.h
  include/ioasid/filter.h
  include/ioasid/history.h
  include/ioasid/latency.h
  include/ioasid/match.h
  include/ioasid/node.h
  include/ioasid/policy.h
  include/ioasid/policy_ops.h
  include/ioasid/types.h
  include/ioasid/version.h
  lib/modules-load.d/ioasid_shim.conf
  lib/systemd/system/pasidctl-history.service
  lib/systemd/system/pasidctl-metrics.service
  lib/systemd/system/pasidctl-policy.service
  lib/sysusers.d/ioasid.conf
  lib/udev/rules.d/60-ioasid.rules
  sbin/pasidctl
  share/man/man1/ioasid-io.1
  share/man/man8/pasidctl.8
  $ cd lib/systemd/system; for unit in policy:20 history:20 metrics:26; do
  >   systemd-analyze security --no-pager --offline=true --threshold=${unit#*:} ./pasidctl-${unit%:*}.service >score || grep Overall score
  > done; rm score
  $ grep -h ^Exec *.service | cut -d' ' -f1 | sort -u
  ExecReload=/usr/local/sbin/pasidctl
  ExecStart=/usr/local/sbin/pasidctl
  ExecStop=/usr/local/sbin/pasidctl
  $ sed -i "s|/usr/local/sbin/pasidctl|/bin/true|" *.service; systemd-analyze verify --man=no ./*.service
  $ rm *.service

The header compiles on its own, as C and as C++:

  $ echo '#include <ioasid.h>' | gcc -Wall -Werror -I$CRAMTMP/root/usr/local/include -x c -c -o $CRAMTMP/a.o -
  $ echo '#include <ioasid.h>' | g++ -Wall -Werror -I$CRAMTMP/root/usr/local/include -x c++ -c -o $CRAMTMP/a.o -
