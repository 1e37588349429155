time-limit: 900

All packages that ./dev installs can be installed on an empty machine of each release: apt
resolves them against an empty list of installed packages.

  $ cat >resolve <<'END'
  > set -Eeuo pipefail
  > top=$IOASID_SRC build=$PWD/build
  > . "$top/lab/steps.sh"; . "$top/lab/packages.sh"; . "$top/lab/apt.sh"; . "$top/lab/empty.sh"
  > say_on=0
  > as_root() { "$@" -s; }
  > add_suite() { use_release "$PWD/apt" "$1" "$2" >>apt.log; }
  > update_lists() { :; }
  > use_release "$PWD/apt" "$1" >apt.log
  > install_packages ${packages[*]}
  > for name in ${packages[*]}; do
  >   grep -hqE "^Inst ${name//+/\\+} " build/log/apt-install* || echo "$1: $name is not installed"
  > done
  > END
  $ for release in bookworm trixie; do rm -rf build; bash resolve $release || echo "$release: failed"; done
