# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Functions that run the live view in a terminal provided by tmux. Sourced.
# `view` is the command to run; the default is $DEMO_FEED, which also simulates
# the system.

command -v tmux >/dev/null || exit 80
[[ -v view ]] || view=("${DEMO_FEED:-}")
[[ ${view[0]} ]] && command -v "${view[0]}" >/dev/null || exit 80

# Every terminal has its own server, because a new session cannot use a server
# that is just exiting.
patience=15 # time limit in seconds; the guest is slow
export TMUX_TMPDIR=$PWD
server=0
tmux_() {
	command tmux -L "pasid-$$-$server" -f /dev/null "$@"
}

# open COLUMNS ROWS [ARGUMENT]...: start the view, with VIEW_ENV added to its
# environment. When it ends, the screen shows its status and whether the terminal
# settings were restored.
open() {
	local columns=$1 rows=$2

	shift 2
	# shellcheck disable=SC2016 # expanded by the shell in the terminal
	tmux_ new-session -d -x "$columns" -y "$rows" \
		env -u NO_COLOR LC_ALL=C.UTF-8 TZ=UTC XDG_CONFIG_HOME="$PWD/config" ${VIEW_ENV:-} \
		/bin/bash -c 'before=$(stty -g); "$@"; echo "status $?";
			[[ $(stty -g) == "$before" ]] && echo "terminal as before" || stty -a; sleep 600' \
		- "${view[@]}" "$@"
}

close() {
	tmux_ kill-server 2>/dev/null || true
	((++server))
}
trap close EXIT

keys() {
	tmux_ send-keys "$@"
}

screen() {
	tmux_ capture-pane -p "$@" 2>/dev/null
}

# waits_for TEXT: wait until it is on the screen; if it does not appear, print the screen
waits_for() {
	local end=$((SECONDS + patience))

	while ((SECONDS < end)); do
		screen | grep -qF -- "$1" && return
		sleep 0.05
	done
	echo "\"$1\" did not come:"
	screen
	return 1
}

# row PATTERN: wait for a line that matches and print it with repeated blanks
# squeezed
row() {
	local end=$((SECONDS + patience)) found

	while ((SECONDS < end)); do
		found=$(screen | grep -E -- "$1" | head -1)
		[[ -z $found ]] || break
		sleep 0.05
	done
	echo "${found:-"no row: $(screen)"}" | tr -s ' '
}

# waits_without TEXT: wait until it is not on the screen
waits_without() {
	local end=$((SECONDS + patience))

	while ((SECONDS < end)); do
		screen | grep -qF -- "$1" || return 0
		sleep 0.05
	done
	echo "\"$1\" is still there:"
	screen
	return 1
}

# mouse ROW COLUMN [CODE]: send a mouse event as a terminal of the type of tmux does. ROW and COLUMN
# are counted from 0, up to 90. CODE 0 (default) is the left button, which is released at once;
# 64 and 65 are the wheel.
mouse() {
	local row=$1 column=$2 code=${3:-0} what

	for what in "$code" 3; do
		keys -l $'\033[M'"$(printf "\\x$(printf %x $((what + 32)))\\x$(printf %x $((column + 33)))\\x$(printf %x $((row + 33)))")"
		((code == 0)) || break
	done
}

# row_of TEXT: print the first row of the screen that contains it, counted from 0
row_of() {
	screen | grep -nF -- "$1" | head -1 | cut -d : -f 1 | awk '{ print $1 - 1 }'
}

view_pid() {
	pgrep -P "$(tmux_ display-message -p '#{pane_pid}')" -x "$(basename "${view[0]}")"
}
