The files of the guest.

  $ lab() { "$IOASID_SRC/dev" lab --no-build "$@" </dev/null; }
  $ mkdir folder results
  $ echo one >folder/file; ln -s file folder/link; echo two >single

Files and directories are copied, and the copies belong to the guest; files written to
/out go to the host. Temporary files of the host are not visible.

  $ touch seen
  $ lab --add folder --add single --out results -- sh -c '
  >   cat /host/folder/link /host/single
  >   echo changed >/host/folder/file
  >   echo new >/usr/bin/new
  >   echo result >/out/result
  >   test ! -e "$0" || echo "$0 is visible"' "$PWD/seen"
  one
  two
  $ cat folder/file results/result
  one
  result
  $ test -e /usr/bin/new
  [1]

A directory without write permission is copied, and nothing else changes:

  $ mkdir -p closed/inner; echo three >closed/inner/file; chmod -w closed/inner
  $ lab --add closed -- sh -c 'stat -c "%A %n" / /host/closed/inner; cat /host/closed/inner/file'
  drwxr-xr-x /
  dr-xr-xr-x /host/closed/inner
  three
  $ chmod +w closed/inner

The environment of a command:

  $ lab --append ioasid.test=yes --env COLOUR=green --cpus 1 -- sh -c '
  >   grep -o ioasid.test=yes /proc/cmdline
  >   echo $COLOUR $HOME $(pwd) $(hostname) $(nproc) $(id -u)
  >   test "$IOASID_SRC" = "$0" && ls -d "$IOASID_SRC"/dev >/dev/null && echo source
  >   stat -f -c %T /sys/fs/cgroup /sys/fs/bpf /sys/kernel/tracing /sys/kernel/debug
  >   cat /sys/class/net/lo/operstate
  >   ls /dev/stdin /dev/fd/1
  >   modinfo -F name loop' "$IOASID_SRC"
  ioasid.test=yes
  green /root /root lab 1 0
  source
  cgroup2fs
  bpf_fs
  tracefs
  debugfs
  unknown
  /dev/fd/1
  /dev/stdin
  loop
