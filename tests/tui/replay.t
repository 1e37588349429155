A recording, in a real terminal.

  $ . "$TESTDIR/terminal.sh"

Recorded by the live view:

  $ open 100 24 --moving --events 20 -d 0.1 --record seen.rec && waits_for 'REC '
  $ for _ in {1..200}; do (($(stat -c %s seen.rec) > 20000)) && break; sleep 0.1; done
  $ keys q && waits_for 'terminal as before'
  $ close
  $ head -c 8 seen.rec
  PASIDTOP (no-eol)

Stepped through, forwards and backwards:

  $ open 100 24 --replay seen.rec && waits_for ' REPLAY '
  $ waits_for '1/'
  $ waits_for '12:00:00'
  $ keys t && waits_for '12:00:01'
  $ keys Right && waits_for '12:00:02'
  $ keys T && waits_for '12:00:01'
  $ keys Left && waits_for '12:00:00'
  $ keys J '+4' Enter && waits_for '12:00:04'
  $ keys J '#2' Enter && waits_for '12:00:01'
  $ keys J '12:00:03' Enter && waits_for '12:00:03'
  $ keys J nonsense Enter && waits_for 'invalid time "nonsense"'
  $ keys 5 && waits_for 'deny'
  $ keys 3 && waits_for '/demo/vm/a'
  $ keys Space && waits_for '12:00:05'
  $ keys q && waits_for 'terminal as before'
  $ close

A truncated recording shows its complete part:

  $ head -c $(($(stat -c %s seen.rec) - 5)) seen.rec >cut.rec
  $ open 100 24 --replay cut.rec && waits_for ', cut off'
  $ close

A file that is not a recording:

  $ echo hello >no.rec
  $ "$DEMO_FEED" --replay no.rec
  cannot replay no.rec: not a pasidctl top recording; create one: pasidctl top --record FILE
  [2]
