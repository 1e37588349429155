# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# The guest's kernel: the distribution's packages, unpacked under build/kernel/NAME and
# never installed on the host, or a kernel built there from source (debug-kernel.sh).
# The directory contains:
#
#   vmlinux      the kernel that QEMU starts
#   lib/modules  its modules, with modules.dep
#   headers      headers to build modules against; headers/vmlinux contains the BTF
#   usr/bin      the tools of the kernel's release, if it differs from the host's
#   initramfs    see initramfs.sh
#   release      the kernel's name; written last, so its presence means completeness

kernel_help="A kernel is named like its package: a series (6.12, 7.3) or \"backports\" for the newest,
then optionally +deb13 for the build of another release, then optionally -rt or -cloud.
\"generic\" is this release's own 6.12. \"debug\" is built from its source with the kernel's
checkers enabled. \"arm64\" is its 6.12 for arm64, on an emulated machine."

kernel_version=6.12	# of this release
newer_release=trixie	# its backports have all later kernels
newer_number=13
bpf_flavour=generic	# the BPF programs are built with its BTF and run on every kernel

# newer_apt COMMAND [ARGUMENT]...: run apt-get or apt-cache with separate lists and
# sources, those of the newer release. Its packages are never installed on the host, and
# the host's sources are not changed.
newer_apt() {
	local command=$1 dir=$build/kernel/apt

	shift
	"$command" -o Dir::State::lists="$dir/lists" -o Dir::State::status="$dir/status" -o Dir::Cache="$dir/cache" \
		-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$dir/sources" \
		-o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts="$dir/preferences" \
		-o APT::Sandbox::User=root -o Acquire::Languages=none -q "$@"
}

update_newer_lists() {
	local dir=$build/kernel/apt suite kind

	mkdir -p "$dir"/{sources,preferences,lists/partial,cache/archives/partial}
	: >"$dir/status"	# no installed packages, so that all dependencies are downloaded
	for suite in "$newer_release" "$newer_release-backports"; do
		copied_source "$(os_release VERSION_CODENAME)" "$suite"
		for kind in sources list; do
			[[ ! -s $build/source.$kind ]] || cp "$build/source.$kind" "$dir/sources/$suite.$kind"
		done
		compgen -G "$dir/sources/$suite.*" >/dev/null ||
			die "no package source has this machine's release, so $suite cannot be found"
	done
	step kernel-lists "reading the package lists of $newer_release and its backports" newer_apt apt-get update
}

# kernel_names APT PATTERN: print the image packages that also have headers, newest last
kernel_names() {
	$1 apt-cache pkgnames linux-headers- | sed 's/^linux-headers/linux-image/' | grep -xE "$2" | sort -V
}

# name_kernel NAME: set `flavour` to the canonical form of NAME, which names the directory
name_kernel() {
	local name=$1 newest

	case $name in
	debug | arm64) ;;
	rt | cloud) name=$kernel_version-$name ;;
	backports*)
		[[ -s $build/kernel/apt/status || -d $build/kernel/apt/lists ]] || update_newer_lists
		newest=$(kernel_names newer_apt 'linux-image-[0-9.]+\+deb[0-9]+-amd64' | tail -n 1 |
			sed -E 's/^linux-image-([0-9]+\.[0-9]+).*/\1/')
		[[ -n $newest ]] || die "$newer_release-backports has no kernel"
		name=$newest${name#backports}
		;;
	esac
	name=${name/+deb$(os_release VERSION_ID)/}
	[[ $name != "$kernel_version" ]] || name=generic
	[[ $name =~ ^(generic|debug|arm64|[0-9]+\.[0-9]+(\+deb[0-9]+)?(-rt|-cloud)?)$ ]] ||
		die "no such kernel: $1
$kernel_help"
	flavour=$name
}

is_newer_kernel() {
	[[ $1 != generic && $1 != "$kernel_version"-* ]]
}

# Set `image` to the newest image package of kernel $2. The package that depends on the
# current image is not used, because not every suite that has images has it.
find_image() {
	local series=${2%%-*} variant= own=

	[[ $2 != generic ]] || series=$kernel_version
	[[ $2 != *-* ]] || variant=-${2#*-}
	[[ $series != *+* ]] || own="\\+${series#*+}"
	series=${series%+*}
	image=$(kernel_names "$1" "linux-image-${series/./\\.}\.[^-]+$own$variant-amd64" | tail -n 1) || true
}

# depends_on APT PACKAGE PATTERN: print the dependencies of PACKAGE that match PATTERN
depends_on() {
	LC_ALL=C $1 apt-cache depends "$2" 2>/dev/null | sed -nE 's/^ [ |]Depends: //p' | grep -xE "$3" || true
}

# download FOLDER APT PACKAGE...
download() (
	cd "$1" && $2 apt-get -q download "${@:3}"
)

# The tools with which the newer release builds modules, and their dependencies
download_tools() {
	local dir=$1 headers=$2

	mkdir -p "$dir/partial" &&
		newer_apt apt-get -o Dir::Cache::archives="$dir" -t "$newer_release$(backports_of "$headers")" \
			-y --no-install-recommends --download-only install '?essential' mawk make binutils pahole "$headers"
}

# Print -backports if the headers package $1 is from backports
backports_of() {
	[[ $1 == *"-$kernel_version."* ]] || echo -backports
}

unpack() {
	local deb

	for deb in "$1"/*.deb; do
		dpkg-deb -x "$deb" "$1" && rm "$deb" || return
	done
}

# The headers refer to each other, and newer ones to themselves, by absolute path; make
# these paths relative to the file.
relocate_headers() {
	local dir=$1 release=$2 headers=usr/src/linux-headers-$2

	# shellcheck disable=SC2016
	sed -i -e 's|^include /usr/src/|include $(dir $(lastword $(MAKEFILE_LIST)))../|' \
		-e 's|^KBUILD_OUTPUT=/usr/src/.*|KBUILD_OUTPUT := $(abspath $(dir $(lastword $(MAKEFILE_LIST))))|' \
		"$dir/$headers/Makefile" &&
		ln -sfn "$headers" "$dir/headers" &&
		rm -f "$dir/lib/modules/$release/build" "$dir/lib/modules/$release/source"
}

# The header of vmlinuz gives the position of the kernel proper (boot protocol: setup_sects,
# payload_offset, payload_length). Starting it without the decompressor saves half a second.
extract_vmlinux() {
	local vmlinuz=$1 setup offset length unpacker size=4

	# The arm64 image is not compressed.
	if [[ $(od -An -j 56 -N 4 -c "$vmlinuz" | tr -d ' ') == ARMd ]]; then
		cp "$vmlinuz" "$2"
		return
	fi
	setup=$(od -An -j 497 -N 1 -t u1 "$vmlinuz") &&
		offset=$(od -An -j 584 -N 4 -t u4 "$vmlinuz") &&
		length=$(od -An -j 588 -N 4 -t u4 "$vmlinuz") || return
	offset=$(((setup + 1) * 512 + offset))
	case $(od -An -j "$offset" -N 4 -t x1 "$vmlinuz") in
	" 28 b5 2f fd") unpacker=zstd ;;
	" fd 37 7a 58") unpacker=xz ;;
	" 1f 8b "*) unpacker=gzip size=0 ;;
	*)
		echo "$vmlinuz: not compressed with zstd, xz or gzip"
		return 1
		;;
	esac
	# The last four bytes are the uncompressed size, unless the format includes it.
	dd if="$vmlinuz" status=none bs=1M iflag=skip_bytes,count_bytes \
		skip="$offset" count=$((length - size)) | "$unpacker" -dcq >"$2"
}

make_kernel() {
	local dir=$1 image=$2 release=${2#linux-image-} vmlinuz

	unpack "$dir" || return
	# In newer releases /lib is only a link.
	[[ -e $dir/lib ]] || ln -s usr/lib "$dir/lib"
	# Normally done by the package's own script
	[[ ! -e $dir/usr/bin/mawk ]] || ln -sf mawk "$dir/usr/bin/awk"
	vmlinuz=$(find "$dir/boot" "$dir/lib/modules/$release" -name 'vmlinuz*' -type f 2>/dev/null | head -n 1)
	relocate_headers "$dir" "$release" &&
		extract_vmlinux "$vmlinuz" "$dir/vmlinux" &&
		depmod -b "$dir" "$release" &&
		rm -rf "${dir:?}/boot" "${dir:?}/usr/share" "$vmlinuz" &&
		echo "$release" >"$dir/release"
}

# with_tools COMMAND...: if the kernel is from another release, run COMMAND with that
# release's compiler, make and pahole instead of the host's
with_tools() {
	local usr=$build/kernel/$flavour/usr rootless=()

	if [[ ! -e $usr/bin/make ]]; then
		"$@"
		return
	fi
	((EUID == 0)) || rootless=(-r)
	# shellcheck disable=SC2016 # for the inner shell
	unshare "${rootless[@]}" -m /bin/sh -c 'mount --bind "$0" /usr && exec "$@"' "$usr" "$@"
}

# Install the compiler that the kernel was built with, which its headers name
need_compiler() {
	local compiler

	compiler=$(depends_on "" "$1" 'gcc-[0-9]+(-for-host)?' | head -n 1)
	[[ -z $compiler ]] || command -v "${compiler%-for-host}" >/dev/null || install_packages "${compiler%-for-host}"
}

# need_source: set `source` to the package of the kernel source, which is downloaded
# the first time
need_source() {
	local dir=$build/source

	source=$(find "$dir" -name "linux-source-$kernel_version*.deb" 2>/dev/null | sort -V | tail -n 1) || true
	[[ -z $source ]] || return 0
	rm -rf "$dir" "$dir.new"
	mkdir -p "$dir.new"
	step source-download "downloading the kernel source" download "$dir.new" "" "linux-source-$kernel_version"
	mv "$dir.new" "$dir"
	source=$(echo "$dir"/*.deb)
}

# unpack_source FOLDER [NAME]...: unpack the package's tree, or only the named files
unpack_source() {
	local folder=linux-source-$kernel_version target=$1

	shift
	dpkg-deb --fsys-tarfile "$source" | tar -xO "./usr/src/$folder.tar.xz" | xz -dc -T 0 |
		tar -x -C "$target" --strip-components=1 "${@/#/$folder/}"
}

# need_checkpatch: the kernel's style checker, which no smaller package contains
need_checkpatch() {
	local dir=$build/checkpatch source

	[[ ! -e $dir/scripts/checkpatch.pl ]] || return 0
	need_source
	rm -rf "$dir"
	mkdir -p "$dir"
	step checkpatch-unpack "unpacking checkpatch from the kernel source" \
		unpack_source "$dir" scripts/{checkpatch.pl,spelling.txt,const_structs.checkpatch}
}

# need_packaged_kernel NAME: download the kernel the first time
need_packaged_kernel() {
	local name=$1 dir=$build/kernel/$1 apt= image headers parts

	[[ ! -e $dir/release ]] || return 0
	if is_newer_kernel "$name"; then
		apt=newer_apt
		update_newer_lists
	fi
	find_image "$apt" "$name"
	if [[ -z $image && -z $apt ]]; then
		update_lists
		find_image "$apt" "$name"
	fi
	[[ -n $image ]] || die "no package source has a kernel $name with headers"
	headers=linux-headers-${image#linux-image-}
	mapfile -t parts < <(depends_on "$apt" "$headers" 'linux-(headers-.*-common.*|kbuild-.*)'
		depends_on "$apt" "$image" 'linux-(binary|modules)-.*')
	rm -rf "$dir"
	mkdir -p "$dir"
	step kernel-download "downloading the guest's kernel, $image" \
		download "$dir" "$apt" "$image" "$headers" "${parts[@]}"
	if [[ -n $apt && $(os_release VERSION_CODENAME) != "$newer_release" ]]; then
		step kernel-tools "downloading the tools with which $newer_release builds modules" download_tools "$dir" "$headers"
	else
		need_compiler "$headers"
	fi
	step kernel-unpack "unpacking the guest's kernel (not installed on the host)" make_kernel "$dir" "$image"
}

# need_kernel: the kernel of $flavour, and the one whose BTF the BPF programs are built with
need_kernel() {
	need_packaged_kernel "$bpf_flavour"
	case $flavour in
	"$bpf_flavour") ;;
	debug) need_debug_kernel ;;
	arm64) need_arm64_kernel ;;
	*) need_packaged_kernel "$flavour" ;;
	esac
}
