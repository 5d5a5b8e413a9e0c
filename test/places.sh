#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Boots Linux of Debian with KASLR, and holds the places that etrace-sym finds against what the guest says:
#     BOOTS=50 test/places.sh [RELEASE...]
# boots BOOTS times (3) for each architecture of ARCHES (arm64 amd64) and the QEMU of each of Debian's releases (as for
# test/qemus.sh; the system's own), and NOKASLR times (3) without KASLR; then a guest that loads and unloads modules,
# for which etrace-sym is given all of that kernel.  GUESTS="kernel modules" says that one of both will do.
#
# lost and new are source lines that ran in each boot without KASLR and in none with it, or the other way round (those
# with it have a word on their command line that means nothing, so that it is as long); unplaced are executions of blocks in no ELF file, in percent of all, first those before the kernel ran.  Of modules, sections are
# found of those that ran, by how many blocks of them did.
#
# Fails if a place is wrong, or the kernel's is not found.  What was wrong is in build/places/out/*.judged.
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 3
bin=${ETRACE_BIN:-bin} here=test/places out=build/places/out
export ETRACE_CACHE=build/places/cache
mkdir -p $out $ETRACE_CACHE
status=0

die() { echo "places.sh: $*" >&2; exit 1; }
complain() { echo "places.sh: $*" >&2; status=1; }

# filters NAME ELF...: traces NAME.etrace through the filters, into NAME.cov, NAME.placed and NAME.trace.
filters() {
	local name=$1
	shift
	(
		set -o pipefail
		"$bin/etrace-cat" -c "$name.etrace" | tee >(grep '^[ET]' >"$name.trace") | "$bin/etrace-sym" "$@" |
			tee >(grep '^[AEP]' >"$name.placed") | "$bin/etrace-cov" >"$name.cov"
	) 2>"$name.filters" || complain "$name: a filter failed: $(head -n 3 "$name.filters")"
	wait
}

lines_hit() { awk -F '\t' '$1 == "L" && $7 > 0 { print $2 ":" $3 }' "$1.cov" | sort -u; }

# boot NAME APPEND: makes NAME.lines, and sets unexplained, early, after, all.
boot() {
	$here/boot.sh "$qemu" "$arch" boot "$1" count "$2" || exit
	filters "$1" $dir/vmlinux $dir/busybox
	lines_hit "$1" >"$1.lines"
	read -r all early after < <(awk -f $here/unplaced.awk "$1.placed" "$1.trace")
	unexplained=$(awk -F '\t' '$1 == "U" { n += $(NF - 1) } END { printf "%d", n }' "$1.cov")
	rm "$1.cov" "$1.trace"
}

symbol() { nm $dir/vmlinux | awk -v name="$1" '$3 == name { print $1 }'; }

# The page of the trampoline of arm64, from the DWARF.
tramp_page() {
	[ "$arch" = arm64 ] || return
	readelf --debug-dump=info $dir/vmlinux 2>/dev/null | awk '/: FIX_ENTRY_TRAMP_TEXT1$/ { getline; print $NF; exit }'
}

row_kernel() { printf '%-6s %-8s %5s %8s %9s %6s %7s %5s %5s %12s %9s %9s\n' "$@"; }
row_modules() { printf '%-6s %-8s %8s %6s %8s %8s %8s %8s %8s %7s %6s %6s %6s %10s\n' "$@"; }

# What kind of boots each line ran in: "lost" and "new", into NAME.lines.
compare_lines() {
	awk -v ref="$1" -v slid="$2" '
		{ FILENAME ~ /-nokaslr-/ ? r[$0]++ : k[$0]++ }
		END {
			for (l in r) if (r[l] == ref && !(l in k)) print "lost", l
			for (l in k) if (k[l] == slid && !(l in r)) print "new", l
		}' $base-nokaslr-*.lines $base-kaslr-*.lines | sort
}

kernel() {
	local base=$out/$arch-$version virtual=0 physical=0 wrong=0 n=$boots refs=${NOKASLR:-3} sum=0 e=0 a=0 u=0 i
	rm -f $base-*kaslr-*
	for ((i = 1; i <= refs; i++)); do
		boot $base-nokaslr-$i nokaslr
		rm $base-nokaslr-$i.etrace $base-nokaslr-$i.placed
	done
	for ((i = 1; i <= n; i++)); do
		boot $base-kaslr-$i nokaslR
		awk -f $here/hex.awk -f $here/kernel.awk -v stext="$stext" -v tramp="$tramp" -v tramp_page="$tramp_page" \
			$base-kaslr-$i.serial $base-kaslr-$i.placed >$base-kaslr-$i.judged
		virtual=$((virtual + $(grep -c '^virtual.yes' $base-kaslr-$i.judged)))
		physical=$((physical + $(grep -c '^physical.yes' $base-kaslr-$i.judged)))
		wrong=$((wrong + $(grep -c '^wrong' $base-kaslr-$i.judged)))
		sum=$((sum + all)) e=$((e + early)) a=$((a + after)) u=$((u + unexplained))
		! grep -q -e '^wrong' -e 'no$' $base-kaslr-$i.judged || continue
		rm $base-kaslr-$i.etrace $base-kaslr-$i.placed
	done
	compare_lines "$refs" "$n" >$base.lines
	row_kernel "$arch" "$version" "$n" $virtual $physical $wrong "$(wc -l <$base-kaslr-1.lines)" \
		"$(grep -c ^lost $base.lines)" "$(grep -c ^new $base.lines)" "$(percent $u $sum)" "$(percent $e $sum)" "$(percent $a $sum)"
	[ $virtual = "$n" ] && [ $physical = "$n" ] && [ $wrong = 0 ] || status=1
}

percent() { awk -v part="$1" -v all="$2" 'BEGIN { printf "%.4f", all ? 100 * part / all : 0 }'; }

modules() {
	local name=$out/$arch-$version-modules
	$here/boot.sh "$qemu" "$arch" modules "$name" count || exit
	filters "$name" $dir/vmlinux $dir/busybox $dir/ko/*.ko
	awk -f $here/truth.awk "$name.serial" >"$name.truth" || die "$name: see above"
	awk -f $here/hex.awk -f $here/modules.awk $dir/layout "$name.truth" "$name.placed" "$name.trace" >"$name.judged"
	row_modules "$arch" "$version" $(awk -F '\t' '
		$1 == "record" { wrong++ }
		$1 == "section" {
			c = $6 >= 50 ? 1 : $6 >= 20 ? 2 : $6 >= 10 ? 3 : $6 >= 3 ? 4 : 5
			ran[c]++
			found[c] += $7 > 0
			blocks += $6; right += $7; later += $8; bad += $9; none += $10; x += $11; y += $12
		}
		END {
			printf "%d %d", blocks, wrong
			for (c = 1; c <= 5; c++)
				printf " %d/%d", found[c], ran[c]
			printf " %d %d %d %d %.4f\n", right, later, bad, none, 100 * y / x
		}' "$name.judged")
	! grep -q '^record' "$name.judged" || status=1
}

machine() { if [ "$arch" = arm64 ]; then echo aarch64; else echo x86_64; fi; }

# each ACTION: for each architecture and QEMU.
each() {
	for arch in ${ARCHES:-arm64 amd64}; do
		dir=build/places/$arch
		stext=$(symbol _stext) tramp=$(symbol __entry_tramp_text_start) tramp_page=$(tramp_page)
		while IFS=$'\t' read -r _ version program; do
			[ "${program##*/}" = "qemu-system-$(machine)" ] || continue
			qemu=${program%/*}
			"$1"
		done <<<"$qemus"
	done
}

boots=${BOOTS:-3}
[[ $boots =~ ^[1-9][0-9]*$ ]] || { echo "usage: [BOOTS=N] places.sh [RELEASE...]" >&2; exit 2; }
qemus=$(test/qemus.sh "$@") || exit 3
for arch in ${ARCHES:-arm64 amd64}; do
	$here/guest.sh "$arch" || exit 3
	readelf -SW build/places/$arch/ko/*.ko | awk -f $here/layout.awk >build/places/$arch/layout
done
guests=${GUESTS:-kernel modules}
if [[ $guests == *kernel* ]]; then
	row_kernel arch QEMU boots virtual physical wrong lines lost new unexplained before% unplaced%
	each kernel
fi
if [[ $guests == *modules* ]]; then
	row_modules arch QEMU blocks wrong 50+ 20-49 10-19 3-9 1-2 right later bad none executed%
	each modules
fi
exit $status
