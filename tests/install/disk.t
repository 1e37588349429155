time-limit: 7200

Debian 13 on a disk, with its own kernel and systemd: the packages are installed, a policy
is applied, and it is active after a reboot and during an upgrade.

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

After installation the module is loaded at boot, members of the group can use the device,
and `modprobe && pasidctl doctor` succeeds; a policy is applied, replaced, and kept if its
file is broken:

  $ $disk boot $CRAMTMP/disk.img first
  doctor: 0
  root ioasid 660
  alloc: 7
  alloc: error EACCES
  policy unknown
  history unknown
  programs unknown
  enabled
  disabled
  disabled
  generation 1, 2 of 5 refused
  generation 2, 1 of 5 refused
  a broken file is refused
  and its place is told
  generation 2, 1 of 5 refused, active

After a reboot it is active again, before any service starts, and stays active during an
upgrade:

  $ $disk boot $CRAMTMP/disk.img second
  generation 1, 1 of 5 refused
  Y
  active
  active
  active
  in force before sysinit.target
  ioasid_up 1
  ioasid_policy_attached 1
  ioasid_history_enabled 1
  1
  upgraded
  generation 1, 3 of 5 refused, held: 100 101
  active
  active
  active
  1

The new version runs after the next reboot; removal leaves nothing behind:

  $ $disk boot $CRAMTMP/disk.img third
  the new module
  generation 1, 1 of 5 refused
  left in bpffs: nothing
