# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Actors: processes in cgroups of their own that run one command at a time and
# report the result. Sourced by the demo and by tests in the guest.
#
#   actor NAME CGROUP      start an actor: an ioasid-io that reads commands
#   tell NAME COMMAND      run COMMAND; prints the VALUE of its answer
#   actor_pid NAME         print its process ID
#   dismiss NAME           stop it by closing its input; it closes its descriptor
#   kill_actor NAME        stop it with SIGKILL

declare -A actor_in actor_out actor_of
actors_dir=$(mktemp -d)
actors_in_cgroup=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/in-cgroup

actor() {
	local name=$1 cgroup=$2 in out fd

	mkfifo "$actors_dir/$name.in" "$actors_dir/$name.out"
	(
		# This process must not hold the input of another actor open.
		for fd in "${actor_in[@]}" "${actor_out[@]}"; do
			exec {fd}>&-
		done
		exec "$actors_in_cgroup" "$cgroup" ioasid-io -k
	) <"$actors_dir/$name.in" >"$actors_dir/$name.out" 2>&1 &
	actor_of[$name]=$!
	exec {in}>"$actors_dir/$name.in" {out}<"$actors_dir/$name.out"
	actor_in[$name]=$in
	actor_out[$name]=$out
	rm "$actors_dir/$name.in" "$actors_dir/$name.out"
}

actor_pid() {
	echo "${actor_of[$1]}"
}

tell() {
	local answer

	echo "$2" >&"${actor_in[$1]}"
	if read -r -t 30 -u "${actor_out[$1]}" answer; then
		echo "${answer#*: }"
	else
		echo "no answer"
	fi
}

forget_actor() {
	local in=${actor_in[$1]} out=${actor_out[$1]}

	exec {in}>&- {out}<&-
	wait "${actor_of[$1]}" 2>/dev/null
	unset "actor_in[$1]" "actor_out[$1]" "actor_of[$1]"
}

dismiss() {
	local in=${actor_in[$1]}

	exec {in}>&-
	forget_actor "$1"
}

kill_actor() {
	kill -9 "${actor_of[$1]}"
	forget_actor "$1"
}
