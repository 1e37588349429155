The environment of the live view: terminal, locale, colours, and changes of the system.

  $ . "$TESTDIR/terminal.sh"

Terminals that it cannot use:

  $ "$DEMO_FEED" </dev/null
  top: cannot start the live view: standard input and output are not a terminal; run it in a terminal, or use top -b for a pipe or file
  [2]
  $ for term in dumb no-such-type ''; do
  >   VIEW_ENV="TERM=$term" open 100 10
  >   waits_for 'terminal as before' && screen | grep -v '^$' | sed 's/ *$//'
  >   close
  > done
  top: cannot start the live view: a terminal of type "dumb" can only print lines; set TERM (on a seri
  al console: TERM=vt220), or use top -b
  status 2
  terminal as before
  top: cannot start the live view: terminal type "no-such-type" is not known on this system; set TERM
  to a known type such as xterm or vt220, or use top -b
  status 2
  terminal as before
  top: cannot start the live view: TERM is not set; set TERM (on a serial console: TERM=vt220), or use
   top -b
  status 2
  terminal as before

ASCII in a locale without UTF-8:

  $ VIEW_ENV=LC_ALL=C open 80 24 --view processes
  $ waits_for 'b?cher'
  $ screen | LC_ALL=C grep -c '[^ -~]'
  0
  [1]
  $ close

NO_COLOR disables colours; without it there are some:

  $ colours() { screen -e | grep -cE $'\033''\[[0-9;]*(3|4)[0-7]m'; }
  $ VIEW_ENV=NO_COLOR=1 open 80 24 && waits_for 'Enter Open'
  $ colours
  0
  [1]
  $ screen -e | grep -qE $'\033''\[[0-9;]*7m' && echo reverse
  reverse
  $ close
  $ open 80 24 && waits_for 'Enter Open'
  $ (($(colours) > 5)) && echo coloured
  coloured
  $ close

A serial console without colours:

  $ VIEW_ENV=TERM=vt220 open 80 24 && waits_for 'Enter Open'
  $ keys Down Down
  $ waits_for '3/9'
  $ keys q && waits_for 'terminal as before'
  $ close

A denial appears within one refresh, with its reason, and stays in the list of events:

  $ open 80 24 --denial-after 2 -d 0.2
  $ waits_for 'alloc denied EDQUOT: rule vms of /demo/vm'
  $ keys 5
  $ waits_for 'EDQUOT alloc by vms at /demo/vm'
  $ close

No PASIDs and no policy:

  $ open 80 24 --idle && waits_for 'no cgroup holds PASIDs or has a rule'
  $ waits_for 'no policy — limits are not enforced'
  $ keys 3 && waits_for 'no PASIDs held'
  $ keys f x Enter && waits_for 'nothing matches "x"; Esc clears the filter'
  $ close

The policy is removed; the module is unloaded, or was never loaded:

  $ open 80 24 --policy-gone-after 2 -d 0.2 && waits_for 'policy removed — limits are not enforced'
  $ close
  $ open 80 24 --fail-after 2 -d 0.2
  $ waits_for 'cannot read the state: the module is not loaded; modprobe ioasid_shim'
  $ waits_for '── web'
  $ close
  $ open 80 24 --fail-after 0
  $ waits_for 'cannot read the state: the module is not loaded; modprobe ioasid_shim'
  $ close

100,000 rows: to the end and back, sorted, filtered:

  $ open 80 24 --rows 100000 --view pasids
  $ waits_for '1/100,000'
  $ keys End && waits_for '100,000/100,000'
  $ keys '>' r Home && waits_for '1/100,000'
  $ keys f n g i n x 1 3 1 1 && waits_for 'filter: nginx1311'
  $ waits_for 'nothing matches'
  $ keys BSpace BSpace BSpace BSpace Enter && waits_for '1/33,334'
  $ keys q && waits_for 'terminal as before'
  $ close
