#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Kills a member of a live run, QEMU, the plugin's writer or a filter, by SIGKILL, SIGTERM or SIGINT, at a
# random moment, in ROUNDS rounds (300): half of them under etrace-run, half in a plain pipeline.  Rounds
# in which the victim was not there are not counted.
#
# A report that differs from that of an undisturbed run must say that it is incomplete, and so must a message
# and an exit status.  If QEMU was killed, all that it ran until then is in the report, which is whole: then
# QEMU's own status says it.
# usage: test/kill.sh [ROUNDS [SEED]]
cd "$(dirname "$0")/.." || exit 3
PATH=$PWD/bin:$PATH
rounds=${1:-300}
RANDOM=${2:-$$}
qemu=qemu-$(uname -m)
dir=$(mktemp -d) && trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$dir"' EXIT
cd "$dir" || exit 3
ulimit -c 0
ulimit -f 4000000

cat >prog.c <<'END'
int main(void)
{
	volatile unsigned x = 0;

	for (int i = 0; i < 3000000; i++)
		x = x & 1 ? x * 3 + 1 : x / 2 + i;
	return 0;
}
END
gcc -g -O0 -o prog prog.c || exit 3

# The process named $1 that was started in this round.
member() {
	local p
	for p in /proc/[0-9]*; do
		{ read -r name <"$p/comm" && [ "$name" = "$1" ] && grep -qz "^KILL_ROUND=$KILL_ROUND$" "$p/environ" &&
			echo "${p#/proc/}"; } 2>/dev/null
	done | tail -n 1
}

# Each leaves the report in out.info, messages in err and exit statuses in statuses.
run() { etrace-run -m "$1" -o out.info -- $qemu ./prog; echo $? >statuses; }
pipeline() {
	etrace-cat -c "unix:$dir/s" | etrace-sym ./prog | etrace-cov | etrace-fmt -o out.info lcov &
	$qemu -plugin "$plugin,out=unix:$dir/s,mode=$1" ./prog
	qemu_status=$?
	wait $!
	echo $? $qemu_status >statuses
}
plugin=${ETRACE_PLUGIN:-$OLDPWD/bin/etrace-plugin.so}

for mode in exec count; do
	run $mode 2>err && mv out.info $mode.info || { cat err; exit 3; }
done

started=$EPOCHREALTIME
run exec 2>/dev/null
length=$(awk "BEGIN { printf \"%d\", ($EPOCHREALTIME - $started) * 1000 }")

members=("$qemu" etrace-writer etrace-cat etrace-sym etrace-cov etrace-fmt) signals=(KILL TERM INT)
declare -A hits
bad=0 missed=0 killed=0
for ((round = 0; killed < rounds && round < 20 * rounds; round++)); do
	ways=(run pipeline)
	modes=(exec count)
	way=${ways[RANDOM % 2]} mode=${modes[RANDOM % 2]}
	victim=${members[RANDOM % 6]} signal=${signals[RANDOM % 3]}
	rm -f out.info s statuses
	export KILL_ROUND=$$.$round
	$way $mode >/dev/null 2>err &
	job=$!
	sleep "$(printf '0.%03d' $((RANDOM % (length + 50) % 1000)))"
	pid=$(member "${victim:0:15}")
	if [ -n "$pid" ] && kill -s $signal "$pid" 2>/dev/null; then
		hits[$victim]=$((hits[$victim] + 1)) killed=$((killed + 1))
	else
		missed=$((missed + 1))
	fi
	for ((i = 0; i < 600; i++)); do kill -0 $job 2>/dev/null || break; sleep 0.05; done
	kill -0 $job 2>/dev/null && { echo "round $round: $way $mode, $victim by $signal: hangs"; exit 1; }
	wait $job
	read -r status qemu_status <statuses
	what="round $round: $way $mode, $victim by $signal, status $status $qemu_status"
	said=$((status + ${qemu_status:-0}))
	if [ ! -e out.info ]; then
		[ $said -ne 0 ] && continue
	elif cmp -s out.info $mode.info || { [ "$victim" = "$qemu" ] && [ $said -ne 0 ]; }; then
		continue
	elif [ "$status" -ne 0 ] && grep -qx TN:incomplete out.info && grep -q '^etrace-fmt: the report is incomplete' err; then
		continue
	fi
	echo "$what: less than whole, and nothing says so"
	bad=$((bad + 1))
	[ ! -e out.info ] || head -n 3 out.info
	cat err
done
echo "$killed rounds, seed ${2:-$$}: $bad in which a report is less than whole and nothing says so"
for m in "${!hits[@]}"; do echo "  $m was killed ${hits[$m]} times"; done
echo "  not there any more, or not yet: $missed"
[ $bad -eq 0 ]
