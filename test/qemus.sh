#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fetches the QEMUs of Debian releases, and prints their versions and paths.
# in:  test/qemus.sh trixie
# out: trixie	10.0.13	/.../build/qemu/trixie/bin/qemu-system-aarch64
#
# Each is kept under build/qemu, with the libraries that it needs.  Needs no root, and nothing is
# installed.  For this system's own release it names the installed QEMU, if there is one.
# To fetch a newer one, remove build/qemu/RELEASE.
set -e
umask 022
dir=$(cd "$(dirname "$0")/.." && pwd)/build/qemu
keys=/usr/share/keyrings/debian-archive-keyring.gpg
programs="qemu-system-aarch64 qemu-system-arm qemu-system-x86_64 qemu-system-i386
	qemu-system-riscv32 qemu-system-riscv64 qemu-$(uname -m) qemu-aarch64 qemu-riscv64"
packages="qemu-system-arm qemu-system-x86 qemu-system-riscv qemu-user"

die() {
	echo "qemus.sh: $*" >&2
	exit 1
}

# Where this system gets Debian's packages from; DEBIAN_MIRROR overrides it.
mirror() {
	uri=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' |
		grep -v security | head -n 1)}
	[ "$uri" ] || die "apt has no source of Debian's packages; DEBIAN_MIRROR=URI says one"
	[ -r $keys ] || die "$keys: not there; apt-get install debian-archive-keyring"
}

# apt for one release, with sources, lists, cache and an empty status of its own.
apt_of() {
	tool=$1
	shift
	"$tool" -qq -oAPT::Sandbox::User= -oAPT::Update::Error-Mode=any \
		-oAPT::Install-Recommends=false -oAPT::Default-Release="$release" \
		-oDir::State="$at/apt" -oDir::State::status="$at/apt/status" -oDir::Cache="$at/apt" \
		-oDir::Etc::SourceList="$at/apt/sources" -oDir::Etc::SourceParts=/dev/null \
		-oDir::Etc::PreferencesParts=/dev/null "$@"
}

sources() {
	mkdir -p "$at/apt/lists/partial" "$at/apt/archives/partial"
	: >"$at/apt/status"
	for suite in "${release%-backports}" "$release"; do
		echo "deb [signed-by=$keys] $uri $suite main"
	done | sort -u >"$at/apt/sources"
}

# Downloads the packages that the release has, and all that they depend on.
fetch() {
	mirror
	sources
	apt_of apt-get update
	known=$(apt_of apt-cache pkgnames qemu- | grep -Fx "$(printf '%s\n' $packages)") || :
	[ "$known" ] || die "$release: has none of $packages"
	echo "qemus.sh: fetching" $known "of $release" >&2
	apt_of apt-get install --yes --download-only $known
}

unpack() {
	mkdir -p "$at/root"
	# Older releases have files in /lib; in newer ones it is a link.
	for d in bin lib lib64 sbin; do
		mkdir -p "$at/root/usr/$d"
		ln -sfn "usr/$d" "$at/root/$d"
	done
	for deb in "$at"/apt/archives/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink --no-same-owner -C "$at/root" \
			--exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale' \
			--exclude='./etc' --exclude='./var'
	done
	rm -rf "$at/apt"
}

# Makes a script for each program, which runs it with the C library and all others of its release; one that is
# linked statically needs none.
wrappers() {
	loader=$(find "$at/root/usr/lib64/" -name 'ld-linux*' | head -n 1)
	libs=$(dirname "$(find "$at/root/usr/lib" -name libc.so.6 | head -n 1)")
	[ "$loader" ] && [ -d "$libs" ] || die "$release: no C library among what was fetched"
	mkdir "$at/bin.part"
	for p in $programs; do
		[ -e "$at/root/usr/bin/$p" ] || continue
		if ! "$loader" --verify "$at/root/usr/bin/$p"; then
			ln -s "../root/usr/bin/$p" "$at/bin.part"
			continue
		fi
		cat >"$at/bin.part/$p" <<-END
			#!/bin/sh
			export QEMU_MODULE_DIR='$libs/qemu'
			exec '$loader' --argv0 "\$0" --library-path '$libs' '$at/root/usr/bin/$p' \\
				-L '$at/root/usr/share/qemu' -L '$at/root/usr/share/seabios' -L '$at/root/usr/lib/ipxe/qemu' "\$@"
		END
		chmod +x "$at/bin.part/$p"
	done
	mv "$at/bin.part" "$at/bin"
}

installed() {
	[ "$(. /etc/os-release && echo "$VERSION_CODENAME")" = "$release" ] && [ -x /usr/bin/qemu-system-aarch64 ] || return
	mkdir -p "$at/bin"
	for p in $programs; do
		[ ! -x "/usr/bin/$p" ] || ln -sf "/usr/bin/$p" "$at/bin"
	done
}

for release in ${*:-bookworm trixie trixie-backports}; do
	at=$dir/$release
	if [ ! -d "$at/bin" ] && ! installed; then
		rm -rf "$at"
		fetch
		unpack
		wrappers
	fi
	for p in "$at"/bin/*; do
		version=$("$p" --version | sed -n '1s/.*version \([0-9.]*\).*/\1/p')
		[ "$version" ] || die "$p: does not run"
		printf '%s\t%s\t%s\n' "$release" "$version" "$p"
	done
done
