# SPDX-License-Identifier: GPL-3.0-or-later
# Runs programs in a system guest: some linked statically at the same address, one in two processes at a time, one that
# never runs.  Each line of their source must have run as often as when user-mode QEMU runs the same programs.

heading() { row arch QEMU lines hit differ; }
row() { printf '%-6s %-8s %6s %6s %6s\n' "$@"; }

# The same commands, one by one, by the user-mode QEMU that is installed, since those of some releases take no plugins:
# L records into FILE.
alone() {
	grep -v wait $here/programs/commands | while read -r program argument _; do
		"qemu-$machine" -L $dir/programs -plugin "$bin/etrace-plugin.so,out=$base-alone.etrace" \
			"$dir/programs/$program" "$argument" </dev/null >&3 || exit
		"$bin/etrace-cat" -c "$base-alone.etrace" | "$bin/etrace-sym" "$dir/programs/$program" |
			"$bin/etrace-cov" | grep '^L'
	done 3>"$base-alone.serial" >"$1" 2>"$base-alone.err" || die "see $base-alone.err"
}

check() {
	# exact: what a page fault cuts short is not counted as a whole.
	$here/boot.sh "$qemu" "$arch" programs "$base" exec,exact=on || exit
	filters "$base" $dir/vmlinux $dir/busybox $dir/programs/{one,two,never,pie,static-pie}
	alone "$base.alone"
	diff <(sort "$base-alone.serial") <(grep '^[a-z-]* [0-9]*$' "$base.serial" | sort) >"$base.diff" ||
		die "the programs do not say what they say in user mode; see $base.diff"
	awk -F '\t' '
		FNR == 1 { part++ }
		$1 == "L" && $5 ~ /^(one|two|never|pie|static-pie)$/ && $2 ~ "/" $5 "\\.c$" {
			seen[$5 FS $3]
			n[part, $5 FS $3] += $7
		}
		END {
			for (key in seen)
				print n[1, key] == n[2, key] ? "same" : "differs", key, n[1, key] + 0, n[2, key] + 0
		}' "$base.alone" "$base.cov" >"$base.judged"
	row "$arch" "$version" "$(wc -l <"$base.judged")" "$(grep -vc ' 0 0$' "$base.judged")" \
		"$(grep -c ^differs "$base.judged")"
	grep -q "^same.* [1-9][0-9]* [1-9]" "$base.judged" && ! grep -q ^differs "$base.judged" || status=1
}
