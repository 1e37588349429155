The live view in a real terminal.

  $ . "$TESTDIR/terminal.sh"

The first frame, at 80 columns, equals the golden one except for live data:

  $ open 80 24
  $ waits_for 'Enter Open'
  $ screen | head -14
  PASIDs  █░░░░░░░░░░░░░░░░░░░  18 / 1,048,575 live  in 6 sets  every 1s  12:00:00
  Policy  attached  1 in audit  4 rules: vms, vm-a, web, ...  generation 3
  Rates   alloc -  free -  bind -  deny -  120 denied                0 events lost
   1 Cgroups   2 Processes   3 PASIDs   4 Devices   5 Events   6 Spaces
  CGROUP▲                CURRENT MAX USE           PEAK DENIED DENY/s ASKED RULE
  ▾ /                         18   - no limit        25      0      -     0 -
  ├─▾ demo                    15   - no limit        22      0      -     0 -
  │ ├─▾ vm                     6   6 ████████ 100%    6    120      -     0 vms
  │ │ ├── a                    3   4 ██████░░  75%    4      0      -   120 vm-a
  │ │ └── b                    3   - no limit         3      0      -     0 -
  │ └── web                    9  11 ███████░  81%   12      0      -     0 web
  └─▾ user.slice               3   - no limit         3      0      -     0 -
    └── user-1000.slice…       3  64 █░░░░░░░   4%    3      0      -     0 users
    (removed:109)              0   - no limit         2      0      -     0 -

Keys: arrows, a view, a page, and back:

  $ keys Down Down Down Enter
  $ waits_for '> cgroup /demo/vm/a'
  $ keys Enter
  $ waits_for '> PASID 1'
  $ keys Escape
  $ waits_without '> PASID 1'
  $ keys Escape
  $ waits_without '> cgroup'
  $ keys F1
  $ waits_for 'go to the first line'
  $ keys BSpace 3 End
  $ waits_for '18/18'
  $ keys f n g i n x
  $ waits_for 'filter: nginx'
  $ keys Enter
  $ waits_for 'filter: nginx'

The size can change at any time:

  $ tmux_ resize-window -x 40 -y 12
  $ waits_for 'Enter Open  i Details  h Help  q Quit'
  $ tmux_ resize-window -x 200 -y 50
  $ waits_for 'UNUSED'
  $ tmux_ resize-window -x 15 -y 2
  $ waits_for 'too small'
  $ tmux_ resize-window -x 80 -y 24
  $ waits_for 'filter: nginx'

Quitting restores the terminal:

  $ keys q
  $ waits_for 'terminal as before'
  $ screen | head -2
  status 0
  terminal as before
  $ tmux_ display-message -p 'alternate #{alternate_on} cursor #{cursor_flag} keypad #{keypad_cursor_flag}'
  alternate 0 cursor 1 keypad 0
  $ close
