#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs Debian packages that are missing: of packages.txt up to and with a section, and of other such lists.
# Touches nothing if none is.
# in:  test/packages.sh demo
# out: Installing Debian packages: libdw-dev qemu-user ...
#      With what they need: 81 packages, 130 MB to download, 520 MB on disk
cd "$(dirname "$0")/.." || exit 3
section=$1
shift
log=build/apt.log

say() { echo "make: $*" >&2; }

wanted() {
	awk -v last="$section:" '
		/^# [a-z]+:/ { if (found) exit; found = $2 == last }
		{ sub(/#.*/, "") } NF { print $1 }' packages.txt
	[ $# -eq 0 ] || sed 's/#.*//' "$@"
}

is_installed() { dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed; }

# How many packages that is with what they depend on, and how large, as apt-get says where it only plans.
plan() {
	LC_ALL=C apt-get install -y --no-install-recommends --print-uris $missing 2>/dev/null | sed -n '
		s/.* \([0-9]*\) newly installed.*/With what they need: \1 packages/p
		s/^Need to get \([^/]*\).* of archives\.$/, \1 to download/p
		s/^After this operation, \(.*\) of additional disk space.*/, \1 on disk/p' | paste -s -d '\0' - | grep .
}

# What goes before a command that only root may run; fails where nothing does.
find_root() {
	as_root=
	[ "$(id -u)" != 0 ] || return 0
	as_root=sudo
	command -v sudo >/dev/null && sudo true
}

missing=
for p in $(wanted "$@"); do
	is_installed "$p" || missing="$missing $p"
done
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null; then
	say "this is not Debian, so nothing is installed; what its packages hold must be there:$missing"
	exit 0
fi
if ! find_root; then
	say "Debian packages are missing, and installing them takes root or sudo:$missing"
	say "ask an administrator for: apt-get install --no-install-recommends$missing"
	exit 3
fi
mkdir -p build
echo "Installing Debian packages:$missing"
# Where the lists of packages cannot be updated, those that are there may do.
{
	$as_root apt-get update
	plan >&3
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
} 3>&1 >"$log" 2>&1 </dev/null && exit
tail -n 20 "$log" >&2
say "apt-get failed, see above and $log; missing were:$missing"
exit 3
