# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Empty machines: a pristine root file system of a Debian release, created by
# mmdebstrap from the host's mirrors, with a clone of the checkout's last commit, in
# separate namespaces. Nothing else of the host is visible there: no packages, package
# sources, build outputs or environment.

releases=(bookworm trixie)

empty_usage="usage: ./dev empty [OPTION]... RELEASE -- CMD [ARGUMENT]...

Run CMD in a clone of the last commit of this checkout, on an empty machine with
RELEASE (${releases[*]}). Needs root. The machine is removed afterwards.

  --user NAME   run CMD as NAME, who may use sudo, instead of as root
  --keep DIR    use DIR for the machine's root file system and keep it

The packages from which machines are made are kept for a week in
\${XDG_CACHE_HOME:-~/.cache}/pasidctl."

empty_cache=${XDG_CACHE_HOME:-$HOME/.cache}/pasidctl

# Set `base` to the archive of an empty machine with release $1.
need_base() {
	local sources

	base=$empty_cache/$1-$(date +%G-%V).tar
	[[ ! -s $base ]] || return 0
	mkdir -p "$empty_cache"
	rm -f "$empty_cache/$1"-*.tar
	mapfile -t sources < <(debian_sources "$1")
	step "empty-$1" "creating an empty $1 machine" mmdebstrap --variant=minbase \
		--skip=cleanup/apt/lists "$1" "$empty_cache/$1.new.tar" "${sources[@]}"
	mv "$empty_cache/$1.new.tar" "$base"
}

# in_root ROOT CMD [ARGUMENT]...: run CMD as root in ROOT. It sees these parts of the
# host: harmless nodes of /dev, /sys, and the configuration of name resolution and of
# package downloads.
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
		# No exec: this shell is process 1 of the namespace and reaps orphans.
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
	((EUID == 0)) || die "empty machines need root privileges to create their file systems"
	[[ $user == root ]] || home=/home/$user
	need_packages empty
	need_base "$release"
	root=$keep
	if [[ -z $root ]]; then
		root=$(mktemp -d "$empty_cache/$release.XXXXXX")
		# shellcheck disable=SC2064 # as it is now
		trap "rm -rf --one-file-system '$root'" EXIT
	fi
	step "empty-$release-clone" "preparing the empty $release machine" make_empty_machine "$root" "$user" "$home"
	# shellcheck disable=SC2016
	command=(sh -c 'cd "$0/pasidctl" && exec "$@"' "$home" "$@")
	[[ $user == root ]] || command=(su - "$user" -c "$(printf '%q ' "${command[@]}")")
	say "running on an empty $release machine as $user: $*"
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
			(($# > 1)) || die "empty: option $1 needs an argument"
			if [[ $1 == --user ]]; then user=$2; else keep=$(realpath -m "$2"); fi
			shift
			;;
		--)
			shift
			break
			;;
		-*) die "empty: unknown option: $1 (see ./dev empty --help)" ;;
		*) release=$1 ;;
		esac
		shift
	done
	[[ " ${releases[*]} " == *" $release "* && -n $release ]] ||
		die "empty: unknown release: ${release:-(none)} (known: ${releases[*]})"
	(($#)) || die "empty: no command given (see ./dev empty --help)"
	# In a subshell, whose trap removes the machine.
	(run_empty "$release" "$user" "$keep" "$@") || exit
}
