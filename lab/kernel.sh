# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# The guest's kernel: the distribution's packages, unpacked under build/kernel/NAME
# and never installed on the host; or built there from its source, see
# debug-kernel.sh. There are then, in that folder:
#
#   vmlinux      the kernel that QEMU starts
#   lib/modules  its modules, with modules.dep
#   headers      to build modules against; headers/vmlinux has its types (BTF)
#   usr/bin      the tools of its release, when that is not the host's
#   initramfs    see initramfs.sh
#   release      its name; written last, so the folder is whole when it is there

kernel_help="Kernels, by the names of their packages: a series (6.12, 7.3) or \"backports\" for the
newest, then +deb13 for another release's build of it, then -rt or -cloud. \"generic\" is
this release's own 6.12; \"debug\" is built from its source with the kernel's checkers on; \"arm64\"
is its 6.12 for that architecture, on an emulated machine."

kernel_version=6.12	# this release's own
newer_release=trixie	# its backports have all later ones
newer_number=13
bpf_flavour=generic	# the BPF programs are built with its types, and run on every kernel

# newer_apt COMMAND [ARGUMENT]...: apt-get or apt-cache with lists and sources of their
# own, those of the newer release: nothing of it is ever installed here, and the
# machine's own sources stay as they are.
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
	: >"$dir/status"	# as if nothing was installed: what is wanted comes with all it needs
	for suite in "$newer_release" "$newer_release-backports"; do
		copied_source "$(os_release VERSION_CODENAME)" "$suite"
		for kind in sources list; do
			[[ ! -s $build/source.$kind ]] || cp "$build/source.$kind" "$dir/sources/$suite.$kind"
		done
		compgen -G "$dir/sources/$suite.*" >/dev/null ||
			die "no package source has this machine's release, so $suite cannot be looked up"
	done
	step kernel-lists "reading the lists of packages of $newer_release and its backports" newer_apt apt-get update
}

# kernel_names APT PATTERN: the image packages that have headers, too; the newest is the last
kernel_names() {
	$1 apt-cache pkgnames linux-headers- | sed 's/^linux-headers/linux-image/' | grep -xE "$2" | sort -V
}

# name_kernel NAME: sets `flavour`, which is NAME in the one form that the folder has
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

# Sets `image` to the newest image package of kernel $2. Not by way of the package that
# depends on the current one: not every suite that has the images has that.
find_image() {
	local series=${2%%-*} variant= own=

	[[ $2 != generic ]] || series=$kernel_version
	[[ $2 != *-* ]] || variant=-${2#*-}
	[[ $series != *+* ]] || own="\\+${series#*+}"
	series=${series%+*}
	image=$(kernel_names "$1" "linux-image-${series/./\\.}\.[^-]+$own$variant-amd64" | tail -n 1) || true
}

# depends_on APT PACKAGE PATTERN: the names that it depends on and that match
depends_on() {
	LC_ALL=C $1 apt-cache depends "$2" 2>/dev/null | sed -nE 's/^ [ |]Depends: //p' | grep -xE "$3" || true
}

# download FOLDER APT PACKAGE...
download() (
	cd "$1" && $2 apt-get -q download "${@:3}"
)

# The tools that the newer release builds modules with, and all that they need
download_tools() {
	local dir=$1 headers=$2

	mkdir -p "$dir/partial" &&
		newer_apt apt-get -o Dir::Cache::archives="$dir" -t "$newer_release$(backports_of "$headers")" \
			-y --no-install-recommends --download-only install '?essential' mawk make binutils pahole "$headers"
}

# From where the kernel comes, a part of its release's name
backports_of() {
	[[ $1 == *"-$kernel_version."* ]] || echo -backports
}

unpack() {
	local deb

	for deb in "$1"/*.deb; do
		dpkg-deb -x "$deb" "$1" && rm "$deb" || return
	done
}

# The headers name each other, and later ones themselves, by absolute path; make that
# relative to the file.
relocate_headers() {
	local dir=$1 release=$2 headers=usr/src/linux-headers-$2

	# shellcheck disable=SC2016
	sed -i -e 's|^include /usr/src/|include $(dir $(lastword $(MAKEFILE_LIST)))../|' \
		-e 's|^KBUILD_OUTPUT=/usr/src/.*|KBUILD_OUTPUT := $(abspath $(dir $(lastword $(MAKEFILE_LIST))))|' \
		"$dir/$headers/Makefile" &&
		ln -sfn "$headers" "$dir/headers" &&
		rm -f "$dir/lib/modules/$release/build" "$dir/lib/modules/$release/source"
}

# The kernel proper stands in vmlinuz where its header says (boot protocol: setup_sects,
# payload_offset, payload_length). QEMU starts it without a decompressor: half a second less.
extract_vmlinux() {
	local vmlinuz=$1 setup offset length unpacker size=4

	# arm64's is not compressed.
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
	# The last four bytes are the size that it will have, unless the format has that itself.
	dd if="$vmlinuz" status=none bs=1M iflag=skip_bytes,count_bytes \
		skip="$offset" count=$((length - size)) | "$unpacker" -dcq >"$2"
}

make_kernel() {
	local dir=$1 image=$2 release=${2#linux-image-} vmlinuz

	unpack "$dir" || return
	# Newer releases have no /lib but a link.
	[[ -e $dir/lib ]] || ln -s usr/lib "$dir/lib"
	# What the package's own script would have set up
	[[ ! -e $dir/usr/bin/mawk ]] || ln -sf mawk "$dir/usr/bin/awk"
	vmlinuz=$(find "$dir/boot" "$dir/lib/modules/$release" -name 'vmlinuz*' -type f 2>/dev/null | head -n 1)
	relocate_headers "$dir" "$release" &&
		extract_vmlinux "$vmlinuz" "$dir/vmlinux" &&
		depmod -b "$dir" "$release" &&
		rm -rf "${dir:?}/boot" "${dir:?}/usr/share" "$vmlinuz" &&
		echo "$release" >"$dir/release"
}

# with_tools COMMAND...: where the kernel is another release's, with that release's
# compiler, make and pahole in place of the host's
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

# The compiler that the kernel was built with, as its headers name it
need_compiler() {
	local compiler

	compiler=$(depends_on "" "$1" 'gcc-[0-9]+(-for-host)?' | head -n 1)
	[[ -z $compiler ]] || command -v "${compiler%-for-host}" >/dev/null || install_packages "${compiler%-for-host}"
}

# need_source: sets `source` to the package of the kernel's source, downloaded at
# the first time
need_source() {
	local dir=$build/source

	source=$(find "$dir" -name "linux-source-$kernel_version*.deb" 2>/dev/null | sort -V | tail -n 1) || true
	[[ -z $source ]] || return 0
	rm -rf "$dir" "$dir.new"
	mkdir -p "$dir.new"
	step source-download "downloading the kernel's source" download "$dir.new" "" "linux-source-$kernel_version"
	mv "$dir.new" "$dir"
	source=$(echo "$dir"/*.deb)
}

# unpack_source FOLDER [NAME]...: the package's tree, or these files of it
unpack_source() {
	local folder=linux-source-$kernel_version target=$1

	shift
	dpkg-deb --fsys-tarfile "$source" | tar -xO "./usr/src/$folder.tar.xz" | xz -dc -T 0 |
		tar -x -C "$target" --strip-components=1 "${@/#/$folder/}"
}

# need_checkpatch: the kernel's checker of its style, which no smaller package has
need_checkpatch() {
	local dir=$build/checkpatch source

	[[ ! -e $dir/scripts/checkpatch.pl ]] || return 0
	need_source
	rm -rf "$dir"
	mkdir -p "$dir"
	step checkpatch-unpack "unpacking checkpatch from the kernel's source" \
		unpack_source "$dir" scripts/{checkpatch.pl,spelling.txt,const_structs.checkpatch}
}

# need_packaged_kernel NAME: downloaded at the first time
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
	[[ -n $image ]] || die "no package source has a kernel $name with its headers"
	headers=linux-headers-${image#linux-image-}
	mapfile -t parts < <(depends_on "$apt" "$headers" 'linux-(headers-.*-common.*|kbuild-.*)'
		depends_on "$apt" "$image" 'linux-(binary|modules)-.*')
	rm -rf "$dir"
	mkdir -p "$dir"
	step kernel-download "downloading the guest's kernel, $image" \
		download "$dir" "$apt" "$image" "$headers" "${parts[@]}"
	if [[ -n $apt && $(os_release VERSION_CODENAME) != "$newer_release" ]]; then
		step kernel-tools "downloading what $newer_release builds modules with" download_tools "$dir" "$headers"
	else
		need_compiler "$headers"
	fi
	step kernel-unpack "unpacking it (it is not installed)" make_kernel "$dir" "$image"
}

# need_kernel: that of $flavour, and the one whose types the BPF programs are built with
need_kernel() {
	need_packaged_kernel "$bpf_flavour"
	case $flavour in
	"$bpf_flavour") ;;
	debug) need_debug_kernel ;;
	arm64) need_arm64_kernel ;;
	*) need_packaged_kernel "$flavour" ;;
	esac
}
