time-limit: 600

After `make install`, modprobe finds the module, and no warning is printed:

  $ root=$CRAMTMP/root headers=$IOASID_SRC/build/kernel/generic/headers release=$(cat $IOASID_SRC/build/kernel/generic/release)
  $ mkdir -p $root/lib/modules/$release
  $ cp $IOASID_SRC/build/kernel/generic/lib/modules/$release/modules.* $root/lib/modules/$release
  $ make -s -C $IOASID_SRC/kmod-shim install KDIR=$headers OUT=$CRAMTMP/out INSTALL_MOD_PATH=$root 2>&1 | grep -iE 'warning|error|sign|system.map'
  [1]
  $ PATH=$PATH:/sbin:/usr/sbin modprobe -d $root -S $release -n -v ioasid_shim | sed 's|.*/updates/|insmod |'
  insmod ioasid_shim.ko.xz 
  $ PATH=$PATH:/sbin:/usr/sbin modprobe -d $root -S $release -n -v ioasid_selftest
  modprobe: FATAL: Module ioasid_selftest not found in directory .* (re)
  [1]

For a package the module is only copied:

  $ make -s -C $IOASID_SRC/kmod-shim install KDIR=$headers OUT=$CRAMTMP/out DESTDIR=$CRAMTMP/dest >/dev/null 2>&1
  $ find $CRAMTMP/dest -type f | sed 's|.*/||'
  ioasid_shim.ko.xz
