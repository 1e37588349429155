# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel "arm64": QEMU emulates the machine; cross compilers build the module and
# the tools. The guest cannot use the host's root file system, so its root is made of
# unpacked arm64 packages, none of whose programs run on the host. In addition to the
# files described in kernel.sh, there are
#
#   build/kernel/arm64/root   the guest's root, with headers and libraries for the tools
#   build/arm64               files built for the guest, as in build: bin, lab, user

arm64_compiler=aarch64-linux-gnu-

is_foreign() {
	[[ $1 == arm64 ]]
}

# own_apt COMMAND [ARGUMENT]...: run apt-get or apt-cache with the lists set by use_release
own_apt() {
	"$1" "${apt_options[@]}" "${@:2}"
}

# The packages in the guest's root: programs that the guest tests run, and libraries that
# the tools are built against
root_packages() {
	local name

	echo '?and(?essential,?architecture(arm64))'
	for name in ${packages[lab]} ${packages[build]}; do
		case $name in
		qemu-* | libclang-* | libgtest-* | libgmock-* | libbenchmark-*) continue ;;
		*-dev | libbpf1 | bpftool | gcc | clang) ;;	# tests also compile
		*) [[ " ${packages[lab]} " == *[[:space:]]"$name"[[:space:]]* ]] || continue ;;
		esac
		! too_old_here "$name" || name+=/$codename-backports
		echo "$name"
	done
	echo binutils
}

download_root() {
	local wanted

	mapfile -t wanted < <(root_packages)
	mkdir -p "$1/partial" &&
		own_apt apt-get -q -o Dir::Cache::archives="$1" -y --no-install-recommends --download-only install "${wanted[@]}"
}

# Do the necessary steps of the packages' own scripts, and create the links that every
# installation has.
make_root() {
	local root=$1 name deb

	for name in bin lib sbin; do
		mkdir -p "$root/usr/$name" && ln -s "usr/$name" "$root/$name" || return
	done
	for deb in "$root"/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$root" && rm "$deb" || return
	done
	mkdir -p "$root/usr/local/bin" && ln -s mawk "$root/usr/bin/awk" &&
		cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd" &&
		cp "$root/usr/share/base-passwd/group.master" "$root/etc/group" &&
		echo "127.0.0.1 localhost" >"$root/etc/hosts"
}

make_arm64() {
	local dir=$build/kernel/arm64 here image headers parts

	here=$(dpkg --print-architecture)
	rm -rf "$dir"
	mkdir -p "$dir/root"
	apt_architectures=(-o APT::Architecture=arm64 -o "APT::Architectures=arm64,$here")
	step kernel-lists "reading the arm64 package lists" \
		use_release "$dir/apt" "$codename" "$codename-backports"
	image=$(kernel_names own_apt "linux-image-${kernel_version/./\\.}\.[^-]+-arm64" | tail -n 1)
	[[ -n $image ]] || die "no package source has an arm64 kernel $kernel_version with headers"
	headers=linux-headers-${image#linux-image-}
	# The programs that build modules run on the host.
	mapfile -t parts < <(depends_on own_apt "$headers" 'linux-headers-.*-common.*'
		depends_on own_apt "$image" 'linux-(binary|modules)-.*'
		depends_on own_apt "$headers" 'linux-kbuild-[^:]*' | sed "s/\$/:$here/")
	step arm64-root "downloading packages for the arm64 guest" download_root "$dir/root"
	step arm64-root-unpack "unpacking the packages for the arm64 guest" make_root "$dir/root"
	step kernel-download "downloading the guest's kernel, $image" \
		download "$dir" own_apt "$image" "$headers" "${parts[@]}"
	step kernel-unpack "unpacking the guest's kernel (not installed on the host)" make_kernel "$dir" "$image"
}

need_arm64_kernel() {
	need_packages arm64
	# In a subshell, because it uses different package lists.
	[[ -e $build/kernel/arm64/release ]] || (make_arm64) || exit
}
