# SPDX-License-Identifier: GPL-3.0-or-later
# One name a thing, and the same one everywhere: in the tree, the Makefile, tables, -h, the pages and etrace-run.
load lib

SRC=$TOP/src
MAN=$TOP/man

# agree WHAT A B: two lists, one word a line in any order, are the same and not empty.
agree() {
	local a b
	a=$(LC_ALL=C sort -u <<<"$2") b=$(LC_ALL=C sort -u <<<"$3")
	[ -n "$a" ] || { echo "$1: the first list is empty"; return 1; } >&2
	[ "$a" = "$b" ] || { echo "$1:"; diff <(echo "$a") <(echo "$b"); return 1; } >&2
}

# What a variable of the Makefile holds, a word a line.
make_words() { make -s -C "$TOP" -f - words <<<"include Makefile
words: ; @printf '%s\\n' \$($1)"; }

# The words that a page's description lists: a name a line, without what an option takes.
items() { sed -n '/^\.Sh DESC/,/^\.Sh [^D]/s/^\.It Cm \([a-z0-9-]*\).*/\1/p' "$MAN/$1" | grep .; }

@test "the objects of the Makefile are the files of the tree" {
	for p in etrace-cat etrace-sym etrace-cov etrace-fmt; do
		agree "$p" "$(make_words $p)" "$(cd "$SRC/$p" && printf '%s\n' *.c | sed 's/\.c$//')"
	done
	agree common "$(make_words COMMON)" "$(cd "$SRC/common" && printf '%s\n' *.c | sed 's/\.c$//')"
	agree plugin "$(make_words PLUGIN | grep -v /)" "$(cd "$SRC/etrace-plugin" && printf '%s\n' *.c | sed 's/\.c$//')"
}

@test "each header has a guard of its own, named for its file" {
	cd "$SRC"
	for h in */*.h; do
		guard=$(sed -n 's/^#ifndef //p' "$h" | head -n 1)
		[[ $guard == ETRACE_*$(basename "$h" .h | tr 'a-z-' 'A-Z_')_H ]] || { echo "$h: $guard" >&2; return 1; }
	done
	[ -z "$(sed -n 's/^#ifndef \(ETRACE_.*_H\)$/\1/p' */*.h | sort | uniq -d)" ]
}

@test "formats: etrace-fmt's table, its page, and what etrace-run takes" {
	table=$(etrace-fmt -h | sed '1,/^formats:/d' | awk '{ print $1 }')
	agree "etrace-fmt(1)" "$table" "$(items etrace-fmt.1)"
	for f in $table; do
		run --separate-stderr "$TOP/bin/etrace-run" -f "$f" -O out=x -- qemu
		[[ $stderr == "etrace-run: -O out="* ]] || { echo "$stderr" >&2; return 1; }
	done
	run --separate-stderr "$TOP/bin/etrace-run" -f nonsense -- qemu
	for f in $table; do
		[[ $stderr == *"$f"* ]]
	done
}

@test "inputs: etrace-cat's table, its page" {
	agree "etrace-cat(1)" "$(etrace-cat -h | sed '1,/^inputs:/d' | awk '{ print $1 }')" "$(items etrace-cat.1)"
}

@test "packets: their numbers, their decoders, their page" {
	numbers=$(sed -n 's/^\tWIRE_\([A-Z_]*\) = \(0x[0-9a-f]*\|[0-9]*\),.*/\2 \1/p' "$SRC/common/wire.h" |
		grep -v '_SIZE\|ENTR\|HEADER\|CHAINED\|ENDS' | sed 's/OLD_EVENT/old EVENT/')
	agree "etrace-stream(5)" "$numbers" "$(sed -n '/^\.Sh BINARY/,$s/^\.It \(0x[0-9a-f]* [A-Z]*\|[0-9]* [A-Za-z ]*\)$/\1/p' "$MAN/etrace-stream.5")"
	agree decoders "$(sed 's/.* //' <<<"$numbers")" \
		"$(sed -n 's/^const struct pkt_kind .* = { WIRE_\([A-Z_]*\),.*/\1/p' "$SRC"/etrace-cat/pkt-*.c | sed 's/OLD_EVENT/EVENT/')"
	agree pkt.c "$(sed -n 's/^const struct pkt_kind pkt_\([a-z_]*\) .*/\1/p' "$SRC"/etrace-cat/pkt-*.c)" \
		"$(sed -n '/^#define KINDS/,/^$/p' "$SRC/etrace-cat/pkt.c" | grep -o 'X([a-z_]*)' | sed 's/X(//; s/)//' | grep .)"
}

@test "records: what a malformed one is told of its columns, and the page" {
	shapes=$(sed -n 's/.*return "an\{0,1\} . record is: \(.*\)";/\1/p' "$SRC/common/record.c" | sed 's/ \[\(.*\)\]$/ \1/; s/addr+len\S*/addrs/')
	agree "etrace-stream(5)" "$shapes" "$(sed -n '/^\.Sh KINDS/,/^\.Sh BINARY/s/^\.It Sy \([A-Z]\) Ar /\1 /p' "$MAN/etrace-stream.5" |
		sed 's/ Op Ar / /' | grep -Ff <(cut -c 1-2 <<<"$shapes"))"
}

@test "records of one run, which etrace-cov drops: record.c, and the page" {
	agree "etrace-stream(5)" "$(sed -n '/^bool record_is_of_one_run/,/return true/p' "$SRC/common/record.c" | grep -o "'.'" | tr -d "'")" \
		"$(grep -B 2 '^dropped: what happened once' "$MAN/etrace-stream.5" | sed -n 's/^\.It //p' | tr ' ' '\n')"
}

@test "facts: the keys that programs act on, and those of the plugin, are in the page" {
	page=$(sed -n '/^Keys:/,/^\.El/s/^\.It Cm //p' "$MAN/etrace-stream.5")
	for key in $(sed -n 's/^\t\[FACT_.*\] = "\(.*\)",/\1/p' "$SRC/common/fact.c") \
		$(sed -n 's/.*put_fact(\w*, "\([a-z-]*\)".*/\1/p' "$SRC"/etrace-plugin/*.c); do
		grep -qx -e "$key" <<<"$page" || { echo "$key is not in etrace-stream(5)" >&2; return 1; }
	done
}

@test "options of the plugin: its table, its message, its page" {
	table=$(sed -n 's/.*KEY("\([a-z]*\)").*/\1/p' "$SRC/etrace-plugin/options.c")
	agree "etrace-plugin(1)" "$table" "$(items etrace-plugin.1)"
	agree message "$table" "$(sed -n 's/.*there is no option .* there are \(.*\)",.*/\1/p' "$SRC/etrace-plugin/options.c" |
		sed 's/ and /, /; s/, /\n/g')"
}
