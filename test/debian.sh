# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced: takes packages of Debian for the architecture $arch into the current directory, with lists and an empty
# status of its own.  Needs no root, and nothing is installed.

say() { echo "${0##*/}: $*" >&2; }

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
		{ say "apt knows no linux-image-6.1.*-cloud-$arch with its -dbg package"; return 1; }
}

# package NAME: fetches it.
package() {
	say "fetching $1"
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

# source_package NAME DIRECTORY: fetches its source and applies Debian's patches.  The lists of packages are gone then.
source_package() {
	say "fetching the source of $1"
	apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 'Component: main' | grep . |
		sed "s|^|deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] |; s|\$| main|" >sources
	set -- "$1" "$2" -oDir::Etc::SourceList="$PWD/sources" -oDir::Etc::SourceParts=/dev/null
	name=$1 to=$2
	shift 2
	apt_arch apt-get "$@" update
	apt_arch apt-get "$@" source --download-only "$name"
	rm -rf "$to"
	dpkg-source --no-check -x "$name"_*.dsc "$to" >/dev/null
	rm "$name"_*
}
