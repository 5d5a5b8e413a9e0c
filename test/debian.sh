# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced: takes packages of Debian for the architecture $arch into the current directory, with lists and an empty
# status of its own.  Needs no root, and nothing is installed.

apt_arch() {
	tool=$1
	shift
	"$tool" -qq -oAPT::Architecture="$arch" -oAPT::Architectures::="$arch" -oAPT::Sandbox::User= \
		-oDir::State="$PWD/state" -oDir::Cache="$PWD/cache" -oDir::State::status="$PWD/status" "$@"
}

update() {
	mkdir -p state/lists/partial cache/archives/partial
	: >status
	rm -f ./*.deb
	apt_arch apt-get update
}

# The newest cloud kernel that is there with its -dbg package.
newest_kernel() {
	apt_arch apt-cache search --names-only "^linux-image-6\\.1\\.[0-9]*-[0-9]*-cloud-$arch(-dbg)?\$" |
		sed 's/ .*//; s/-dbg$//' | sort -V | uniq -d | tail -n 1 | grep . ||
		{ echo "${0##*/}: apt knows no linux-image-6.1.*-cloud-$arch with its -dbg package" >&2; return 1; }
}

# package NAME: fetches it.
package() {
	echo "${0##*/}: fetching $1" >&2
	apt_arch apt-get download "$1"
}

# unpack NAME PATTERN FILE: takes the one file out of it.
unpack() {
	dpkg-deb --fsys-tarfile "$1"_*.deb | tar -xO --wildcards "./$2" >"$3.part"
	[ -s "$3.part" ]
	mv "$3.part" "$3"
}

# forget NAME: the package itself is needed no more.
forget() { rm "$1"_*.deb; }
