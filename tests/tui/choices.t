Choices of the user, in a real terminal.

  $ . "$TESTDIR/terminal.sh"

The mouse: a row, a column heading, a tab, the wheel:

  $ open 100 24 --view pasids && waits_for 'Enter Open'
  $ mouse "$(row_of 1m54s)" 10
  $ waits_for '4/18'
  $ mouse "$(row_of 'PASID▲')" 25
  $ waits_for 'PID▲'
  $ mouse "$(row_of 'PID▲')" 25
  $ waits_for 'PID▼'
  $ keys Home && waits_for '1/18'
  $ mouse 10 10 65 && mouse 10 10 65
  $ waits_for '7/18'
  $ mouse 3 2
  $ waits_for '▾ demo'
  $ mouse "$(row_of '── web')" 10 && waits_for '6/9'
  $ mouse "$(row_of '── web')" 10 && waits_for '> cgroup /demo/web'
  $ keys Escape && waits_without '> cgroup'

Search:

  $ keys Home / u s e r && waits_for '/user'
  $ keys Enter && waits_for '7/9'
  $ keys n && waits_for '8/9'
  $ keys N && waits_for '7/9'

Columns, a theme and a refresh interval are saved:

  $ keys c && waits_for '> [x] CGROUP'
  $ keys Down Space && waits_for '> [ ] CURRENT'
  $ keys Escape && waits_without '[x]'
  $ row 'CGROUP' | cut -d ' ' -f 1-3
  CGROUP▲ MAX USE
  $ keys C && waits_for 'theme mono'
  $ keys - && waits_for 'every 2s'
  $ keys W && waits_for 'saved: '
  $ keys q && waits_for 'terminal as before'
  $ close
  $ /usr/bin/python3 -m json.tool config/pasidctl/toprc >/dev/null && ls config/pasidctl
  toprc

They are restored:

  $ open 100 24 && waits_for 'every 2s'
  $ row 'CGROUP' | cut -d ' ' -f 1-3
  CGROUP▲ MAX USE
  $ screen -e | grep -cE $'\033''\[[0-9;]*(3|4)[0-7]m'
  0
  [1]
  $ keys q && waits_for 'terminal as before'
  $ close

A broken file is reported:

  $ echo '{"theme": ' >config/pasidctl/toprc
  $ open 250 24 && waits_for 'toprc: not JSON at byte'
  $ waits_for 'Enter Open'
  $ keys q && waits_for 'terminal as before'
  $ close
  $ rm config/pasidctl/toprc

Every theme looks different:

  $ for theme in default mono high-contrast light; do
  >   open 80 24 --theme $theme && waits_for 'Enter Open'
  >   screen -e | md5sum
  >   close
  > done | sort -u | wc -l
  4

The page of a cgroup with its graphs, in ASCII, and back:

  $ VIEW_ENV=LC_ALL=C open 80 40 --moving -d 0.1 && waits_for 'Enter Open'
  $ keys Down Down i && waits_for '> cgroup /demo/vm'
  $ waits_for 'Denied by its limit'
  $ waits_for ':::'
  $ keys Escape && waits_without 'Denied by its limit'
  $ close

From 40 to 300 columns, resized at any time, while everything moves:

  $ open 300 60 --moving --events 200 -d 0.1 && waits_for 'Enter Open'
  $ for columns in 40 300 41 120 20 19 1 299 80 40 200; do
  >   tmux_ resize-window -x $columns -y $((columns / 10 + 3))
  >   keys Tab
  > done
  $ tmux_ resize-window -x 80 -y 24
  $ keys 1 && waits_for '▾ demo'
  $ keys q && waits_for 'terminal as before'
  $ close
