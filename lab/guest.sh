# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# The guest: QEMU's command line, and the options of `./dev lab`.

lab_usage="usage: ./dev lab [OPTION]... -- CMD [ARGUMENT]...

Boot the guest with the module loaded and run CMD there as root. Input, output,
terminal and exit status are those of CMD; the status is 128+N if signal N ended it.
The guest sees the host's files at the same paths; its changes stay in the guest.

  --add HOSTPATH    copy HOSTPATH to /host/NAME in the guest
  --out HOSTDIR     mount HOSTDIR writable at /out
  --env NAME=VALUE  set an environment variable for CMD
  --append ARG      add ARG to the kernel command line
  --kernel NAME     generic (default), 6.12-rt, 7.3, backports, debug, arm64, ...
  --cpus N          number of CPUs (default: 2)
  --mem MB          memory (default: 1024; 2048 with the debug kernel)
  --icount          derive guest time from executed instructions; one CPU
  --qemu ARG        add ARG to QEMU's command line
  --timeout SECONDS stop after this time with status 124
  --no-module       do not load the module
  --no-build        use existing build outputs without checking if they are current

--add, --env, --append and --qemu may be given more than once. If the guest hangs,
panics or is switched off, the status is 125 and its last messages are printed to
stderr. The guest hangs if a CPU does not respond for IOASID_LAB_HEARTBEAT seconds
(default: 60; 180 with the debug kernel; ten times as long while it boots)."

# Filled in by read_lab_options
lab_build=1
lab_module=1
lab_cpus=2
lab_memory=
lab_heartbeat=
lab_icount=0
lab_append=()
lab_qemu=()
lab_config=()	# for the agent, see wire.h
lab_host=()	# for host.c
lab_command=()

add_path() {
	[[ -e $1 ]] || die "--add: no such file: $1"
	lab_config+=("add=$(realpath -s "$1")")
}

share_out() {
	[[ -d $1 ]] || die "--out: not a directory: $1"
	lab_config+=(out=1)
	# shellcheck disable=SC2054 # the commas are QEMU's
	lab_qemu+=(-fsdev "local,id=out,path=$(realpath "$1"),security_model=none,multidevs=remap"
		-device virtio-9p-pci,fsdev=out,mount_tag=out)
}

lab_option() {
	case $1 in
	--add) add_path "$2" ;;
	--out) share_out "$2" ;;
	--env) lab_config+=("env=$2") ;;
	--append) lab_append+=("$2") ;;
	--kernel) name_kernel "$2" ;;
	--cpus) lab_cpus=$2 ;;
	--mem) lab_memory=$2 ;;
	--qemu) lab_qemu+=("$2") ;;
	--timeout) lab_host+=(-t "$2") ;;
	*) die "lab: unknown option: $1 (see ./dev lab --help)" ;;
	esac
}

read_lab_options() {
	while (($#)); do
		case $1 in
		--icount) lab_icount=1 lab_cpus=1 ;;
		--no-module) lab_module=0 ;;
		--no-build) lab_build=0 ;;
		--help)
			echo "$lab_usage"
			exit 0
			;;
		--)
			shift
			break
			;;
		*)
			(($# > 1)) || die "lab: unknown option, or option without its argument: $1"
			lab_option "$1" "$2"
			shift
			;;
		esac
		shift
	done
	(($#)) || die "lab: no command given (see ./dev lab --help)"
	lab_command=("$@")
}

# Defaults of options that were not given: the debug kernel is slow and needs more memory.
flavour_defaults() {
	local memory=1024 heartbeat=60

	[[ $flavour != debug ]] || memory=2048 heartbeat=180
	lab_memory=${lab_memory:-$memory}
	lab_heartbeat=${IOASID_LAB_HEARTBEAT:-$heartbeat}
}

qemu_arguments() {
	local port number=10 machine=(qemu-system-x86_64 -machine q35 -cpu max)
	local console=ttyS0 clocks=(no_timer_check tsc=reliable) append

	if is_foreign "$flavour"; then
		# A fast pointer authentication; the architecture's own takes most of the CPU time.
		# shellcheck disable=SC2054 # the commas are QEMU's
		machine=(qemu-system-aarch64 -machine virt,gic-version=3 -cpu max,pauth-impdef=on)
		console=ttyAMA0 clocks=()
	fi
	append=("console=$console" loglevel=4 panic=-1 oops=panic
		# Less work at boot, as the guest runs for seconds only
		mitigations=off cryptomgr.notests random.trust_cpu=on "${clocks[@]}"
		"${lab_append[@]}")

	# shellcheck disable=SC2054 # the commas are QEMU's
	qemu=("${machine[@]}" -m "$lab_memory" -smp "$lab_cpus"
		-nodefaults -no-user-config -display none -no-reboot
		-kernel "$build/kernel/$flavour/vmlinux" -initrd "$build/kernel/$flavour/initramfs"
		-append "${append[*]}" -device virtio-serial-pci
		-fsdev "local,id=root,path=/,security_model=none,readonly=on,multidevs=remap"
		-device virtio-9p-pci,fsdev=root,mount_tag=root)
	# The ports of wire.h, at the file descriptors that host.c uses
	for port in console ctl stdin pulse; do
		qemu+=(-chardev "socket,id=$port,fd=$number")
		if [[ $port == console ]]; then
			qemu+=(-serial "chardev:$port")
		else
			qemu+=(-device "virtserialport,nr=$((number - 10)),chardev=$port")
		fi
		((++number))
	done
	if ((lab_icount)); then
		qemu+=(-accel tcg -icount "shift=0,sleep=off")
	else
		qemu+=(-accel "$1")
	fi
	qemu+=("${lab_qemu[@]}")
}

agent_config() {
	local word built

	built=$(built)
	config=("source=$top" "modules=$build/kernel/$flavour/lib/modules/$(<"$build/kernel/$flavour/release")"
		"env=PATH=$built/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
		env=HOME=/root env=USER=root env=LOGNAME=root env=SHELL=/bin/bash env=LANG=C.UTF-8
		"env=TERM=${TERM:-dumb}" "env=IOASID_SRC=$top" "env=IOASID_FLAVOUR=$flavour"
		"env=IOASID_BUILT=$built")
	! is_foreign "$flavour" || config+=("root=$build/kernel/$flavour/root")
	((lab_module == 0)) || config+=("insert=$build/kmod/$flavour/ioasid_shim.ko")
	config+=("${lab_config[@]}")
	for word in "${lab_command[@]}"; do
		config+=("arg=$word")
	done
}

# Set `guest` to the command that runs the guest with accelerator $1.
guest_command() {
	local qemu config line

	flavour_defaults
	qemu_arguments "$1"
	agent_config
	guest=("$build/lab/host" -p "$lab_heartbeat" "${lab_host[@]}")
	for line in "${config[@]}"; do
		guest+=(-c "$line")
	done
	guest+=(-- "${qemu[@]}")
}

# Print the accelerator to use. A device node does not guarantee that a guest runs, so try
# KVM once, and store the result for this host kernel and QEMU. A hung guest is killed.
accelerator() {
	local cache=$build/lab/accelerator key guest

	if is_foreign "$flavour"; then
		echo tcg
		return
	fi
	key="$(uname -r) $(stat -L -c %Y "$(command -v qemu-system-x86_64)")"
	if [[ ! -e $cache || $(head -n 1 "$cache") != "$key" ]]; then
		local lab_host=(-t 6) lab_config=() lab_qemu=() lab_command=(/bin/true) lab_module=0 found=tcg

		if [[ -w /dev/kvm ]]; then
			say "checking whether KVM is usable"
			guest_command kvm
			! "${guest[@]}" </dev/null >/dev/null 2>&1 || found=kvm
		fi
		printf '%s\n%s\n' "$key" "$found" >"$cache.$$"
		mv "$cache.$$" "$cache"
	fi
	tail -n 1 "$cache"
}

# Replace this process by the guest.
start_guest() {
	local guest

	[[ -e $build/kernel/$flavour/initramfs ]] || die "the $flavour guest is not built; run once without --no-build"
	guest_command "$(accelerator)"
	say "booting the guest"
	exec "${guest[@]}"
}

# run_lab [OPTION]... -- CMD: run the lab from another subcommand; ends together with it
run_lab() {
	(
		read_lab_options "$@"
		lab_host+=(-d)
		start_guest
	)
}
