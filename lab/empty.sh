# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Empty machines: a pristine root file system of a Debian release, made by
# mmdebstrap from the mirrors that this machine uses, with a clone of this
# checkout's last commit, in namespaces of its own. Nothing else of this machine
# is there: no packages, no package sources, no build outputs, no environment.

releases=(bookworm trixie)

empty_usage="usage: ./dev empty [OPTION]... RELEASE -- CMD [ARGUMENT]...

Runs CMD in a clone of this checkout, as it was committed last, on an empty machine
of RELEASE (${releases[*]}). Needs root. What CMD leaves goes with the machine.

  --user NAME   CMD runs as NAME, who may use sudo, instead of as root
  --keep DIR    the machine's root file system is DIR and stays there

The packages of which every machine is made are kept for a week in
\${XDG_CACHE_HOME:-~/.cache}/pasidctl."

empty_cache=${XDG_CACHE_HOME:-$HOME/.cache}/pasidctl

# Sets `base` to the archive of an empty machine of release $1.
need_base() {
	local sources

	base=$empty_cache/$1-$(date +%G-%V).tar
	[[ ! -s $base ]] || return 0
	mkdir -p "$empty_cache"
	rm -f "$empty_cache/$1"-*.tar
	mapfile -t sources < <(debian_sources "$1")
	step "empty-$1" "making an empty $1 machine" mmdebstrap --variant=minbase \
		--skip=cleanup/apt/lists "$1" "$empty_cache/$1.new.tar" "${sources[@]}"
	mv "$empty_cache/$1.new.tar" "$base"
}

# in_root ROOT CMD [ARGUMENT]...: as root there. Of this machine there are /dev's
# harmless nodes, /sys, and how names are resolved and packages fetched.
in_root() {
	local file root=$1

	cp /etc/resolv.conf /etc/hosts "$root/etc/"
	for file in /etc/apt/apt.conf.d/*proxy*; do
		[[ ! -e $file ]] || cp "$file" "$root/etc/apt/apt.conf.d/"
	done
	# shellcheck disable=SC2016 # for the shell inside
	unshare --mount --pid --ipc --uts --fork --kill-child --mount-proc="$root/proc" bash -euc '
		root=$1 dev=$1/dev
		shift
		mount -t tmpfs -o mode=755 dev "$dev"
		for node in null zero full random urandom tty; do
			touch "$dev/$node"
			mount --bind "/dev/$node" "$dev/$node"
		done
		mkdir "$dev/shm" "$dev/pts"
		mount -t tmpfs -o mode=1777 shm "$dev/shm"
		mount -t devpts -o newinstance,ptmxmode=0666 devpts "$dev/pts"
		ln -s pts/ptmx "$dev/ptmx"
		ln -s /proc/self/fd "$dev/fd"
		for node in 0:stdin 1:stdout 2:stderr; do
			ln -s "fd/${node%:*}" "$dev/${node#*:}"
		done
		mount --rbind -o ro /sys "$root/sys"
		# Not in its place: as the first process this shell takes orphans that end.
		chroot "$root" /usr/bin/env -i HOME=/root USER=root LOGNAME=root SHELL=/bin/bash TERM=dumb \
			PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@" || exit
	' empty "$@"
}

add_user() {
	local root=$1 user=$2

	# shellcheck disable=SC2016
	in_root "$root" sh -euc '
		apt-get -q update
		apt-get -q install -y --no-install-recommends sudo
		useradd -m -s /bin/bash "$1"
		echo "$1 ALL=(ALL) NOPASSWD: ALL" >"/etc/sudoers.d/$1"' sh "$user"
}

make_empty_machine() {
	local root=$1 user=$2 home=$3

	mkdir -p "$root" && tar -C "$root" -xpf "$base" &&
		echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/unsafe-io" || return
	[[ $user == root ]] || add_user "$root" "$user" || return
	git clone -q "file://$top" "$root$home/pasidctl" && in_root "$root" chown -R "$user:" "$home/pasidctl"
}

run_empty() {
	local release=$1 user=$2 keep=$3 home=/root root base command

	shift 3
	((EUID == 0)) || die "an empty machine needs root, to make its file systems"
	[[ $user == root ]] || home=/home/$user
	need_packages empty
	need_base "$release"
	root=$keep
	if [[ -z $root ]]; then
		root=$(mktemp -d "$empty_cache/$release.XXXXXX")
		# shellcheck disable=SC2064 # as it is now
		trap "rm -rf --one-file-system '$root'" EXIT
	fi
	step "empty-$release-clone" "cloning into it" make_empty_machine "$root" "$user" "$home"
	# shellcheck disable=SC2016
	command=(sh -c 'cd "$0/pasidctl" && exec "$@"' "$home" "$@")
	[[ $user == root ]] || command=(su - "$user" -c "$(printf '%q ' "${command[@]}")")
	say "empty $release, as $user: $*"
	in_root "$root" "${command[@]}"
}

cmd_empty() {
	local user=root keep= release=

	while (($#)); do
		case $1 in
		--help)
			echo "$empty_usage"
			return
			;;
		--user | --keep)
			(($# > 1)) || die "empty: the argument of $1 is missing"
			if [[ $1 == --user ]]; then user=$2; else keep=$(realpath -m "$2"); fi
			shift
			;;
		--)
			shift
			break
			;;
		-*) die "empty: not an option: $1 (see ./dev empty --help)" ;;
		*) release=$1 ;;
		esac
		shift
	done
	[[ " ${releases[*]} " == *" $release "* && -n $release ]] ||
		die "empty: not a release: ${release:-(none)} (there are: ${releases[*]})"
	(($#)) || die "empty: there is no command (see ./dev empty --help)"
	# In a shell of its own: its trap removes the machine.
	(run_empty "$release" "$user" "$keep" "$@") || exit
}
