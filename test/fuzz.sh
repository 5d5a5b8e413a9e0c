#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs harnesses of test/fuzz, which make fuzz has built, from the files in test/data on.
# in:  test/fuzz.sh 600 exec-log
# out: exec-log	12345678 runs	0 findings
#
# What was found lies in build/fuzz, as NAME-crash-... and the like, with the log, NAME.log; so does the corpus, which
# the next time goes on from.
cd "$(dirname "$0")/.." || exit 3
seconds=$1 status=0
shift

# Files that a harness begins with, small enough to be changed a lot.
seeds() {
	case $1 in
	exec-log) find test/data/exec-log -type f ;;
	etrace) find test/data -name '*.etrace' -size -200k ;;
	esac
}

for name; do
	corpus=build/fuzz/$name.corpus
	mkdir -p "$corpus"
	seeds "$name" | while read -r f; do head -c 65536 "$f" >"$corpus/seed-$(basename "$f")"; done
	build/fuzz/fuzz-"$name" -max_total_time="$seconds" -max_len=65536 -timeout=20 -rss_limit_mb=4096 \
		-close_fd_mask=2 -print_final_stats=1 -artifact_prefix="build/fuzz/$name-" "$corpus" \
		>"build/fuzz/$name.log" 2>&1 </dev/null || status=1
	printf '%s\t%s runs\t%s findings\n' "$name" \
		"$(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$name.log")" \
		"$(find build/fuzz -maxdepth 1 -name "$name-*-*" | wc -l)"
done
exit $status
