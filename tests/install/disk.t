time-limit: 7200

Debian 13 on a disk, with its own kernel and systemd: the packages are installed, a
policy is put in force, and it is in force after a reboot and during an upgrade.

  $ [ -n "$IOASID_LONG" ] && [ $(id -u) = 0 ] || exit 80
  $ disk=$IOASID_SRC/tests/install/disk
  $ $disk packages $CRAMTMP/debs
  $ ls $CRAMTMP/debs | sed 's/_.*//' | sort
  ioasid-shim-dkms
  libioasid-dev
  next
  pasidctl
  pasidctl-dbgsym
  $ $disk make $CRAMTMP/debs $CRAMTMP/disk.img
