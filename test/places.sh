#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs guests of Debian's, and holds the places that etrace-sym finds against what each guest says of itself:
#     test/places.sh [RELEASE...]
# for each architecture of ARCHES (arm64 amd64), with the QEMU of each of Debian's releases (as for test/qemus.sh), the
# kinds of guests that GUESTS names (kernel modules programs uboot).  What each does and prints is in
# test/places/kind-KIND.sh.
#
# Fails if a place is wrong, if what must be found is not, or if a filter says that something is not what ran.  What was
# wrong is in build/places/out/*.judged, beside what the filters said.
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 3
bin=${ETRACE_BIN:-bin} here=test/places out=build/places/out
export ETRACE_CACHE=build/places/cache
mkdir -p $out $ETRACE_CACHE
status=0

die() { echo "places.sh: $*" >&2; exit 1; }
complain() { echo "places.sh: $*" >&2; status=1; }
percent() { awk -v part="$1" -v all="$2" 'BEGIN { printf "%.4f", all ? 100 * part / all : 0 }'; }

# filters NAME ELF...: traces NAME.etrace through the filters, into NAME.cov, NAME.placed and NAME.trace.
filters() {
	local name=$1
	shift
	(
		set -o pipefail
		"$bin/etrace-cat" -c "$name.etrace" | sed "/^[ET]\t/w $name.trace" | "$bin/etrace-sym" "$@" |
			sed "/^[AEP]\t/w $name.placed" | "$bin/etrace-cov" >"$name.cov"
	) 2>"$name.filters" || complain "$name: a filter failed: $(head -n 3 "$name.filters")"
}

# How many executions etrace-cov could not explain.
unexplained() { awk -F '\t' '$1 == "U" { n += $(NF - 1) } END { printf "%.0f", n }' "$1.cov"; }

# Calls check for each architecture and QEMU of it: with arch, dir, machine, version, qemu (a directory), and base, that
# names of its files begin with.
each() {
	local release program
	for arch in ${ARCHES:-arm64 amd64}; do
		dir=build/places/$arch
		case $arch in arm64) machine=aarch64 ;; *) machine=x86_64 ;; esac
		while IFS=$'\t' read -r release version program; do
			[ "${program##*/}" = qemu-system-$machine ] || continue
			qemu=${program%/*} base=$out/$kind-$arch-$version
			rm -f "$base"[-.]*
			check
		done <<<"$qemus"
	done
}

qemus=$(test/qemus.sh "$@") || exit 3
for arch in ${ARCHES:-arm64 amd64}; do
	$here/guest.sh "$arch" || exit 3
done
for kind in ${GUESTS:-kernel modules programs uboot}; do
	. $here/kind-"$kind".sh || exit 2
	heading
	each
done
exit $status
