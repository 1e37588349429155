A command started at a terminal has a terminal in the guest; tmux provides the terminal
here.

  $ session=lab-$$
  $ tmux() { command tmux -f /dev/null -L "$session" "$@"; }
  $ screen() { tmux capture-pane -p | grep -v '^$'; }
  $ wait_for() { for i in $(seq 200); do screen | grep -q "$1" && return; sleep 0.1; done; screen; return 1; }
  $ type_line() { tmux send-keys "$1" Enter; }

Its size, its controlling terminal, and a change of size while it runs:

  $ tmux new-session -d -x 72 -y 20 "env -u TMUX TERM=screen PS1='here: ' bash --norc --noprofile"
  $ type_line "$IOASID_SRC/dev lab --no-build -- bash --norc --noprofile -i"
  $ wait_for bash-
  $ type_line 'clear; stty size; tty; test -t 0 -a -t 1 -a -t 2 && echo TERM=$TERM'
  $ wait_for ^TERM=
  $ screen | grep -v bash
  20 72
  /dev/pts/0
  TERM=screen
  $ tmux resize-window -x 90 -y 25
  $ type_line 'clear; stty size; echo sized'
  $ wait_for ^sized
  $ screen | grep -v bash
  25 90
  sized

Ctrl-C reaches the command in the guest, and the exit status is returned:

  $ type_line 'clear; sleep 1000 || echo interrupted=$?'
  $ sleep 0.5; tmux send-keys C-c; sleep 0.5
  $ type_line 'echo status=$?'
  $ wait_for ^status=130
  $ type_line 'exit 5'
  $ wait_for '^here:$'
  $ type_line 'echo ended=$?'
  $ wait_for ^ended=5

The terminal is restored, even if a process of the lab is killed (the first one guards the
second, whose child is QEMU):

  $ plain() { type_line 'clear; stty -a | grep -ow -e -echo -e -icanon -e echo -e icanon; echo shown'; \
  >   wait_for ^shown; screen | grep -v here; }
  $ plain
  icanon
  echo
  shown
  $ shell=$(tmux display-message -p '#{pane_pid}')
  $ child() { ps -o pid= --ppid "$1" | tr -d ' '; }
  $ for generation in 1 2 3; do
  >   type_line "clear; $IOASID_SRC/dev lab --no-build -- sh -c 'stty -echo; echo runs; sleep 100'"
  >   wait_for ^runs
  >   victim=$shell
  >   for i in $(seq $generation); do victim=$(child $victim); done
  >   kill -KILL $victim
  >   wait_for '^here:$'
  >   sleep 0.5
  >   plain
  > done
  icanon
  echo
  shown
  icanon
  echo
  shown
  icanon
  echo
  shown
  $ tmux kill-server
