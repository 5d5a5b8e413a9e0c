#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Soak: a program of several threads under qemu-user, traced in full through a socket to a reader that
# is stopped and continued at random, for SECONDS (600).  A second copy of the plugin counts in the
# same run; both must have each block of each CPU as often.
# usage: test/soak.sh [SECONDS]
cd "$(dirname "$0")/.." || exit 3
PATH=$PWD/bin:$PATH
seconds=${1:-600}
dir=$(mktemp -d) && trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$dir"' EXIT
cp bin/etrace-plugin.so "$dir/exec.so"
cp bin/etrace-plugin.so "$dir/count.so"

cat >"$dir/prog.c" <<'EOF'
#include <pthread.h>
#include <stdlib.h>
static long n;
static void *work(void *seed)
{
	unsigned x = (unsigned)(long)seed * 2654435761u;

	for (long i = 0; i < n; i++)
		x = x & 1 ? x * 3 + 1 : x / 2 + (unsigned)i;
	return (void *)(long)x;
}
int main(int argc, char **argv)
{
	pthread_t t[4];

	n = argc > 1 ? atol(argv[1]) : 1000000;
	for (long i = 0; i < 4; i++)
		pthread_create(t + i, 0, work, (void *)(i + 1));
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], 0);
	return 0;
}
EOF
gcc -O0 -pthread -o "$dir/prog" "$dir/prog.c" || exit 3

# "cpu start size count" of a stream, sums, sorted.
sums() { awk -F'\t' '$1 == "E" { n[$2 "\t" $5 "\t" $6] += $7 } END { for (b in n) print b "\t" n[b] }' | sort; }

rounds=0 blocks=0 stops=0
while [ $SECONDS -lt "$seconds" ]; do
	mkfifo "$dir/f"
	sums <"$dir/f" >"$dir/exec.sums" &
	sums=$!
	etrace-cat "unix:$dir/s" >"$dir/f" &
	reader=$!
	qemu-"$(uname -m)" -plugin "$dir/exec.so,out=unix:$dir/s" -plugin "$dir/count.so,out=$dir/count,mode=count" \
		"$dir/prog" $((RANDOM * 100)) &
	qemu=$!
	while kill -0 $qemu 2>/dev/null; do
		kill -STOP $reader 2>/dev/null && stops=$((stops + 1))
		sleep 0.$((RANDOM % 8))
		kill -CONT $reader 2>/dev/null
		sleep 0.$((RANDOM % 5))
	done
	wait $qemu || { echo "qemu: $?"; exit 1; }
	wait $reader || { echo "etrace-cat: $?"; exit 1; }
	wait $sums
	etrace-cat "$dir/count" | sums >"$dir/count.sums"
	cmp "$dir/exec.sums" "$dir/count.sums" || { echo "round $rounds: the two differ"; exit 1; }
	blocks=$((blocks + $(awk '{ n += $4 } END { printf "%d", n }' "$dir/count.sums")))
	rounds=$((rounds + 1))
	rm -f "$dir/f" "$dir/s" "$dir/count"
done
echo "$rounds rounds, $blocks blocks, reader stopped $stops times: nothing lost"
