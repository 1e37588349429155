# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# The guest's kernel: the distribution's packages, unpacked under build/kernel/FLAVOUR
# and never installed on the host; or built there from its source, see
# debug-kernel.sh. There are then, in that folder:
#
#   vmlinux      the kernel that QEMU starts
#   lib/modules  its modules, with modules.dep
#   headers      to build modules against; headers/vmlinux has its types (BTF)
#   initramfs    see initramfs.sh
#   release      its name; written last, so the folder is whole when it is there

kernel_version=6.12
bpf_flavour=generic	# the BPF programs are built with its types, and run on every flavour

# Sets `image` to the newest image package of flavour $1. Not by way of the
# package that depends on the current one: not every suite that has the images
# has that.
find_image() {
	local pattern

	case $1 in
	generic) pattern="linux-image-$kernel_version\.[^-]+-amd64" ;;
	cloud) die "the cloud kernel has no 9p file system, which the lab's root folder needs" ;;
	*) die "no such kernel flavour: $1 (there are: generic, cloud, debug)" ;;
	esac
	image=$(apt-cache pkgnames "linux-image-$kernel_version" | grep -xE "$pattern" | sort -V | tail -n 1) || true
}

# The names that package $1 depends on and that match the pattern $2
depends_on() {
	LC_ALL=C apt-cache depends "$1" 2>/dev/null | sed -nE 's/^ [ |]Depends: //p' | grep -xE "$2"
}

download() (
	cd "$1" && shift && apt-get -q download "$@"
)

unpack() {
	local deb

	for deb in "$1"/*.deb; do
		dpkg-deb -x "$deb" "$1" && rm "$deb" || return
	done
}

# The headers name each other by absolute path; make that relative to the file.
relocate_headers() {
	local dir=$1 release=$2 headers=usr/src/linux-headers-$2

	# shellcheck disable=SC2016
	sed -i 's|^include /usr/src/|include $(dir $(lastword $(MAKEFILE_LIST)))../|' "$dir/$headers/Makefile" &&
		ln -sfn "$headers" "$dir/headers" &&
		rm -f "$dir/lib/modules/$release/build" "$dir/lib/modules/$release/source"
}

# The kernel proper stands in vmlinuz where its header says (boot protocol: setup_sects,
# payload_offset, payload_length). QEMU starts it without a decompressor: half a second less.
extract_vmlinux() {
	local vmlinuz=$1 setup offset length

	setup=$(od -An -j 497 -N 1 -t u1 "$vmlinuz") &&
		offset=$(od -An -j 584 -N 4 -t u4 "$vmlinuz") &&
		length=$(od -An -j 588 -N 4 -t u4 "$vmlinuz") || return
	# The last four bytes are the size that it will have.
	dd if="$vmlinuz" status=none bs=1M iflag=skip_bytes,count_bytes \
		skip=$(((setup + 1) * 512 + offset)) count=$((length - 4)) | zstd -dcq >"$2"
}

# Debian 13 keeps under /usr what was in / before.
merge_usr() {
	[[ -d $1/usr/lib/modules ]] || return 0
	mkdir -p "$1/lib" && mv "$1/usr/lib/modules" "$1/lib/"
}

make_kernel() {
	local dir=$1 image=$2 release=${2#linux-image-}

	unpack "$dir" &&
		merge_usr "$dir" &&
		relocate_headers "$dir" "$release" &&
		extract_vmlinux "$dir/boot/vmlinuz-$release" "$dir/vmlinux" &&
		depmod -b "$dir" "$release" &&
		rm -rf "${dir:?}/boot" "${dir:?}/usr/share" &&
		echo "$release" >"$dir/release"
}

# The compiler that the kernel was built with, as its headers name it
need_compiler() {
	local compiler

	compiler=$(depends_on "$1" 'gcc-[0-9]+(-for-host)?' | head -n 1)
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
	step source-download "downloading the kernel's source" download "$dir.new" "linux-source-$kernel_version"
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

# need_packaged_kernel: downloaded at the first time
need_packaged_kernel() {
	local flavour=$1 dir=$build/kernel/$1 image headers parts

	[[ ! -e $dir/release ]] || return 0
	find_image "$flavour"
	if [[ -z $image ]]; then
		update_lists
		find_image "$flavour"
	fi
	[[ -n $image ]] || die "no package source has a kernel $kernel_version"
	headers=linux-headers-${image#linux-image-}
	mapfile -t parts < <(depends_on "$headers" 'linux-(headers-.*-common|kbuild-.*)')
	need_compiler "$headers"
	rm -rf "$dir"
	mkdir -p "$dir"
	step kernel-download "downloading the guest's kernel, $image" \
		download "$dir" "$image" "$headers" "${parts[@]}"
	step kernel-unpack "unpacking it (it is not installed)" make_kernel "$dir" "$image"
}

# need_kernel: that of $flavour, and the one whose types the BPF programs are built with
need_kernel() {
	need_packaged_kernel "$bpf_flavour"
	case $flavour in
	"$bpf_flavour") ;;
	debug) need_debug_kernel ;;
	*) need_packaged_kernel "$flavour" ;;
	esac
}
