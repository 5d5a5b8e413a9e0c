#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Holds our counts of calls against those of valgrind's callgrind, on the same programs: a table, and each difference
# by its cause.
#
# Programs are built from Debian's sources.  Both sides get the same environment, and a processor of the same features,
# so that libc chooses the same functions.
#
#   PROGRAMS="lua dash" BUILDS="-O0.static -O2.pie" JOBS=2 test/truth/calls.sh
set -o pipefail
cd "$(dirname "$0")/../.." || exit 3
top=$PWD
here=$top/test/truth/calls
work=${WORK:-$top/build/truth}/calls
PATH=${ETRACE_BIN:-$top/bin}:$PATH
plugin=${ETRACE_PLUGIN:-$top/bin/etrace-plugin.so}
export LC_ALL=C

PROGRAMS=${PROGRAMS:-plain exceptions signals json fmt dash lua bzip2 pbzip2}
BUILDS=${BUILDS:--O0.static -O2.static -O0.lazy -O2.lazy -O2.now -O2.pie}
JOBS=${JOBS:-$(nproc)}

# What the guest's processor has beside what x86-64 must have is not used.
features=AVX2,AVX,AVX_Fast_Unaligned_Load,BMI2,ERMS,Fast_Unaligned_Load,FSRM,LZCNT,MOVBE,POPCNT,SSE4_1,SSE4_2
features+=,SSSE3,XSAVE,XSAVEC
tunables=GLIBC_TUNABLES=glibc.cpu.hwcaps=-${features//,/,-}

die() {
	echo "calls: $*" >&2
	exit 1
}

# program NAME: its sources, flags, arguments, standard input, and the functions from which down it is compared.
program() {
	local src=$work/src
	sources=$top/test/data/calls/$1.c flags= args=() input=/dev/null roots=main
	case $1 in
	plain) ;;
	exceptions) sources=$top/test/data/calls/$1.cc ;;
	signals) roots='main nested on_stack leave' ;;
	json) sources=$top/test/truth/json.cc flags=-std=c++17 ;;
	fmt) sources="$top/test/truth/fmt.cc $top/test/truth/fmt-b.cc" flags='-std=c++17 -DFMT_HEADER_ONLY' ;;
	dash)
		sources=$(echo "$src"/dash/src/*.c "$src"/dash/src/bltin/*.c) roots='main onsig'
		for s in init nodes mksignames mksyntax mknodes mkinit signames syntax builtins; do
			sources=${sources/ $src\/dash\/src\/$s.c/}
		done
		sources+=" $(echo "$work"/include/dash/src/{builtins,init,nodes,signames,syntax}.c)"
		flags="-include $work/include/dash/config.h -DBSD=1 -DSHELL -I$work/include/dash/src -I$src/dash/src"
		args=("$here/dash.script")
		;;
	lua)	# Strings are hashed the same way in each run.
		sources=$(echo "$src"/lua5.4/src/l*.c) args=("$here/lua.script")
		sources=${sources/ $src\/lua5.4\/src\/luac.c/}
		flags="-I$work/include/lua -Dluai_makeseed(L)=1 -DSTRCACHE_N=1 -DSTRCACHE_M=1 -lm"
		;;
	bzip2) sources=$(bz2 bzip2) args=(-c) input=$here/lua.script ;;
	pbzip2)
		sources="$(echo "$src"/pbzip2/*.cpp) $(bz2)" args=(-c -p2 -b1) input=$work/text
		roots='main start_thread'
		flags="-DUSE_STACKSIZE_CUSTOMIZATION -I$src/bzip2 -pthread"
		;;
	*) die "there is no program $1" ;;
	esac
}

# The sources of libbz2, and the others that are named.
bz2() {
	local s
	for s in blocksort compress crctable decompress huffman randtable bzlib "$@"; do
		echo "$work/src/bzip2/$s.c"
	done
}

# fetch PACKAGE: its source into $work/src, unless it is there.
fetch() {
	local p=$1
	mkdir -p "$work/src" && cd "$work/src" || exit 3
	[ -d "$p" ] || (
		set -e
		arch=$(dpkg --print-architecture)
		. "$top/test/debian.sh"
		mkdir -p state/lists/partial cache/archives/partial
		: >status
		source_package "$p" "$work/src/$p"
	) >"$work/fetch.log" 2>&1 || die "cannot fetch the source of $p: see $work/fetch.log"
}

# What is not there yet of the sources of a program, with what its own build generates.
prepare() {
	case $1 in
	dash) fetch dash && configure_dash ;;
	lua)
		fetch lua5.4 && mkdir -p "$work/include/lua" || exit 3
		echo '#define DEB_HOST_MULTIARCH ""' >"$work/include/lua/lua5.4-deb-multiarch.h"
		;;
	bzip2) fetch bzip2 ;;
	pbzip2)	# and some blocks of the least size to compress
		fetch bzip2 && fetch pbzip2
		[ -s "$work/text" ] || cat "$work"/src/bzip2/*.c >"$work/text"
		;;
	esac
}

configure_dash() {
	local to=$work/include/dash
	[ ! -e "$to/src/builtins.c" ] || return 0
	mkdir -p "$to" && cd "$to" || exit 3
	{ ../../src/dash/configure && make -C src AUTOCONF=: AUTOMAKE=: ACLOCAL=: AUTOHEADER=: \
		builtins.c builtins.h init.c nodes.c signames.c syntax.c token.h token_vars.h; } >log 2>&1 ||
		die "cannot configure dash: see $to/log"
}

# compile LEVEL FLAGS OBJECTS: each source that is newer than its object.
compile() {
	local s o
	for s in $sources; do
		o=$3/$(basename "$s").o
		[ "$o" -nt "$s" ] && [ "$o" -nt "$top/test/truth/calls.sh" ] && continue
		"$(compiler "$s")" -w -g "$1" $2 ${flags// -lm/} -c -o "$o" "$s" || return
	done
}

# The compiler of these sources.
compiler() {
	case " $*" in
	*.cc | *.cc\ * | *.cpp | *.cpp\ *) echo g++ ;;
	*) echo gcc ;;
	esac
}

# build DIR LEVEL LINKAGE: DIR/prog.  Objects are those of all linkages of the program.
build() {
	local dir=$1 objects=$1/../objects$2 pic=-fno-pie link
	case $3 in
	static) link=-static ;;
	lazy) link='-no-pie -Wl,-z,lazy' ;;
	now) link='-no-pie -Wl,-z,now' ;;
	pie) pic=-fPIE link='-pie -Wl,-z,lazy' objects+=.pie ;;
	*) die "there is no linkage $3" ;;
	esac
	mkdir -p "$dir" "$objects" || exit 3
	compile "$2" $pic "$objects" >"$dir/log" 2>&1 || die "cannot compile: see $dir/log"
	$(compiler $sources) $link -o "$dir/prog" "$objects"/*.o -lm -pthread >>"$dir/log" 2>&1 ||
		die "cannot link: see $dir/log"
}

# symbols FILE...: what nm says of each, after its name.
symbols() {
	local f id debug
	for f; do
		id=$(readelf -n "$f" | awk '/Build ID:/ { print substr($3, 1, 2) "/" substr($3, 3) ".debug" }')
		debug=/usr/lib/debug/.build-id/$id
		[ -f "$debug" ] || debug=
		{ nm "$f"; nm -D "$f"; [ -z "$debug" ] || nm "$debug"; } 2>/dev/null |
			awk -v f="$(basename "$f")" '{ print f "\t" $0 }'
	done
}

# theirs: what callgrind says of ./prog, in ./theirs; what is in ./symbols and ./names is of all objects that ran.
theirs() {
	timeout 300 env -i "$tunables" valgrind -q --tool=callgrind --callgrind-out-file=callgrind \
		--compress-strings=no --compress-pos=no --demangle=no --separate-recs=1 \
		./prog "${args[@]}" <"$input" >out 2>err ||
		die "$PWD/prog failed: see $PWD/err"
	symbols $(sed -n 's/^c\?ob=\(\/.*\)/\1/p' callgrind | sort -u) >symbols
	awk -f "$here/names.awk" symbols >names
	awk -f "$here/callgrind.awk" names symbols callgrind | sort >theirs
}

# ours: the same of etrace, in ./ours.
ours() {
	# What valgrind gives its programs, in the order in which they get it: QEMU turns it round.
	local environment=(LD_PRELOAD=/usr/libexec/valgrind/vgpreload_core-amd64-linux.so GLIBCXX_FORCE_NEW=1 "PWD=$PWD"
		GLIBCPP_FORCE_NEW=1 "$tunables" LD_LIBRARY_PATH=/usr/lib/debug) slashes
	printf -v slashes %18s ''		# so that arguments are at the same places of a page
	timeout 300 env -i "${environment[@]}" qemu-x86_64 -plugin "$plugin,out=trace" -0 ./prog \
		".${slashes// //}prog" "${args[@]}" <"$input" >out.qemu 2>err || die "$PWD/prog failed: see $PWD/err"
	cmp -s out out.qemu || die "$PWD/prog wrote different things to out and out.qemu"
	{ etrace-cat -W trace | etrace-sym -uC -D /usr/lib/debug prog | etrace-cov -Cq | sed -n '/^C/p' >cov; } 2>log ||
		die "see $PWD/log"
	awk -f "$here/records.awk" names symbols cov | sort >ours
}

# pair PROGRAM BUILD
pair() {
	local dir=$work/$1/$2
	rm -f "$dir/result"
	program "$1"
	build "$dir" "${2%.*}" "${2#*.}"
	cd "$dir" || exit
	theirs
	ours
	awk -v what="$1 $2" -v roots="$roots" -f "$here/compare.awk" "$here/causes" theirs ours >result
}

if [ "$1" = pair ]; then
	pair "$2" "$3"
	exit
fi

[ "$(uname -m)" = x86_64 ] || { echo "calls: only on x86-64 do callgrind and we run the same program"; exit 0; }
for p in $PROGRAMS; do
	prepare "$p" || exit
done
export PROGRAMS BUILDS WORK
for p in $PROGRAMS; do for b in $BUILDS; do echo "$p $b"; done; done |
	xargs -P "$JOBS" -L 1 "$top/test/truth/calls.sh" pair
status=$?
for p in $PROGRAMS; do for b in $BUILDS; do
	[ ! -f "$work/$p/$b/result" ] || cat "$work/$p/$b/result"
done; done >"$work/results"
awk -f "$here/table.awk" "$work/results"
[ "$status" -eq 0 ]
