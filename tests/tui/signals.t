The terminal is restored however the live view ends.

  $ . "$TESTDIR/terminal.sh"
  $ ends() {
  >   waits_for 'terminal as before' && screen | grep '^status'
  >   tmux_ display-message -p 'alternate #{alternate_on} cursor #{cursor_flag} keypad #{keypad_cursor_flag}'
  >   close
  > }
  $ gone() { for _ in {1..100}; do [[ $(ps -o stat= "$1") == [^Z]* ]] || return 0; sleep 0.1; done; return 1; }

Signals that end it:

  $ for signal in TERM INT HUP QUIT; do
  >   open 80 24 && waits_for 'Enter Open'
  >   kill -$signal $(view_pid)
  >   ends
  > done
  status 0
  alternate 0 cursor 1 keypad 0
  status 0
  alternate 0 cursor 1 keypad 0
  status 0
  alternate 0 cursor 1 keypad 0
  status 0
  alternate 0 cursor 1 keypad 0

Ctrl-C, also while a filter is being typed:

  $ open 80 24 && waits_for 'Enter Open'
  $ keys / x C-c
  $ ends
  status 0
  alternate 0 cursor 1 keypad 0

A crash; the status is that of the signal (1 with a sanitizer):

  $ for signal in SEGV ABRT; do
  >   open 80 24 && waits_for 'Enter Open'
  >   kill -$signal $(view_pid)
  >   ends >out
  >   sed -E 's/status (1|139|134)$/status of a crash/' out
  > done
  status of a crash
  alternate 0 cursor 1 keypad 0
  status of a crash
  alternate 0 cursor 1 keypad 0

The view ends even if the output is stopped (Ctrl-S).

  $ for signal in TERM SEGV; do
  >   open 80 24 --moving -d 0.1 && waits_for 'Enter Open'
  >   pid=$(view_pid)
  >   keys C-s
  >   sleep 0.5
  >   kill -$signal $pid
  >   gone $pid || echo "$signal: still there"
  >   ends >out
  >   sed -E 's/status (1|139)$/status of a crash/' out
  > done
  status 0
  alternate 0 cursor 1 keypad 0
  status of a crash
  alternate 0 cursor 1 keypad 0

SIGKILL cannot be handled; a child process restores the terminal. The shell may print a
message on the restored screen.

  $ for signal in KILL; do
  >   open 80 24 && waits_for 'Enter Open'
  >   kill -$signal $(view_pid)
  >   waits_for_flags() { for _ in {1..100}; do [[ $(tmux_ display-message -p '#{alternate_on} #{cursor_flag} #{mouse_any_flag}') == "$1" ]] && return; sleep 0.1; done; return 1; }
  >   waits_for_flags '0 1 0'
  >   keys -l echoed
  >   waits_for echoed
  >   close
  > done

The view ends if the terminal is closed.

  $ open 80 24 && waits_for 'Enter Open'
  $ pid=$(view_pid)
  $ close
  $ gone $pid

The same without a signal, for a terminal that is not the controlling terminal:

  $ cat >orphan.py <<'EOF'
  > import os, pty, subprocess, sys, time
  > master, slave = pty.openpty()
  > view = subprocess.Popen([sys.argv[1]], stdin=slave, stdout=slave, start_new_session=True,
  >                         env={**os.environ, "TERM": "xterm"})
  > os.close(slave)
  > os.read(master, 100)
  > time.sleep(0.5)
  > os.close(master)
  > try:
  >     print("status", view.wait(10))
  > except subprocess.TimeoutExpired:
  >     view.kill()
  >     print("still there")
  > EOF
  $ /usr/bin/python3 orphan.py "$DEMO_FEED"
  status 0

Ctrl-Z returns the terminal to the shell, fg takes it back:

  $ tmux_ new-session -d -x 80 -y 24 env LC_ALL=C.UTF-8 PS1='shell> ' /bin/bash --norc --noprofile
  $ keys "$DEMO_FEED" Enter
  $ waits_for 'Enter Open'
  $ keys C-z
  $ waits_for 'Stopped'
  $ keys 'stty -a | grep -o "[ -]icanon"' Enter
  $ waits_for ' icanon'
  $ keys fg Enter
  $ waits_for 'Enter Open'
  $ keys q
  $ waits_without 'Enter Open'
  $ close
