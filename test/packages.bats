# SPDX-License-Identifier: GPL-3.0-or-later
# make demo and make check: which Debian packages they install, as whom, and what they say of it.  Nothing is
# installed here: id, dpkg-query, apt-get and sudo are scripts.
load lib

# The only programs that there are: a copy of the tree in $PWD, and ./bin.
setup() {
	unset MAKEFLAGS MFLAGS MAKELEVEL	# of make check
	cd "$BATS_TEST_TMPDIR"
	mkdir -p bin test/truth
	cp "$TOP/Makefile" "$TOP/packages.txt" .
	cp "$TOP/test/packages.sh" test
	cp "$TOP/test/truth/packages.txt" test/truth
	touch test/demo.sh
	for p in sh awk sed grep tail paste cat mkdir dirname env true; do ln -s "$(type -P $p)" bin; done
	fake id 'echo 0'
	fake dpkg-query 'case " $INSTALLED " in *" ${4} "*) echo installed ;; *) exit 1 ;; esac'
	fake apt-get '
		echo "$(env | grep -c AS_ROOT) $*" >>calls
		echo noise
		echo more noise >&2
		case $* in *--print-uris*)
			echo "0 upgraded, 81 newly installed, 0 to remove and 3 not upgraded."
			echo "Need to get 12.5 MB/130 MB of archives."
			echo "After this operation, 520 MB of additional disk space will be used."
		esac'
	export INSTALLED=''
}

# fake NAME SCRIPT
fake() {
	printf '#!/bin/sh\n%s\n' "$2" >"bin/$1"
	chmod +x "bin/$1"
}

packages() { run --separate-stderr env PATH="$PWD/bin" test/packages.sh "$@"; }

# all_but PACKAGE...: the others of packages.txt are installed.
all_but() {
	local p
	INSTALLED=$(sed 's/[ #].*//' packages.txt)
	for p; do INSTALLED=$(grep -vx "$p" <<<"$INSTALLED"); done
	INSTALLED=$(tr '\n' ' ' <<<"$INSTALLED")
}

@test "nothing is missing: nothing is said or done" {
	all_but
	packages check
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ -z "$stderr" ]
	[ ! -e calls ]
}

@test "the demo needs its packages and those of building; the tests need all" {
	packages demo
	[ "$status" -eq 0 ]
	for p in gcc libdw-dev lcov qemu-user qemu-system-arm; do [[ ${lines[0]} == *" $p "* ]]; done
	for p in bats mandoc valgrind socat g++; do [[ ${lines[0]} != *" $p"* ]]; done
	packages check
	for p in $(sed 's/#.*//' "$TOP/packages.txt"); do [[ "${lines[0]} " == *" $p "* ]]; done
	echo 'libfoo-dev   # a program' >more.txt
	packages check more.txt
	[[ "${lines[0]}" == *" gcc "*" libfoo-dev" ]]
}

@test "root: what is missing, how much that is, and no noise" {
	all_but lcov qemu-user
	packages demo
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "${lines[0]}" = "Installing Debian packages: lcov qemu-user" ]
	[ "${lines[1]}" = "With what they need: 81 packages, 12.5 MB to download, 520 MB on disk" ]
	[ "${#lines[@]}" -eq 2 ]
	grep -qx noise build/apt.log
	grep -qx 'more noise' build/apt.log
	[ "$(tail -n 1 calls)" = "0 install -y --no-install-recommends lcov qemu-user" ]
}

@test "a user with sudo: apt-get runs by it" {
	fake id 'echo 1000'
	fake sudo 'AS_ROOT=1 exec "$@"'
	all_but lcov
	packages demo
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(head -n 1 calls)" = "1 update" ]
	[ "$(tail -n 1 calls)" = "1 install -y --no-install-recommends lcov" ]
}

@test "a user without sudo, or whom it refuses: what to ask an administrator for" {
	fake id 'echo 1000'
	for sudo in none refuses; do
		[ $sudo = none ] || fake sudo 'exit 1'
		all_but lcov qemu-user
		packages demo
		[ "$status" -eq 3 ]
		[ -z "$output" ]
		[[ ${stderr_lines[0]} == "make: Debian packages are missing, and "*" takes root or sudo: lcov qemu-user" ]]
		[[ ${stderr_lines[1]} == "make: ask an administrator for: apt-get install "*" lcov qemu-user" ]]
		[ ! -e calls ]
	done
}

@test "apt-get fails: the end of its log, and where the rest is" {
	fake apt-get '
		case $* in install\ -y\ --no-install-recommends\ lcov)
			seq 100
			echo "E: no such package" >&2
			exit 100
		esac'
	ln -s "$(type -P seq)" bin
	all_but lcov
	packages demo
	[ "$status" -eq 3 ]
	[ "$output" = "Installing Debian packages: lcov" ]
	[ "${#stderr_lines[@]}" -eq 21 ]
	[ "${stderr_lines[19]}" = "E: no such package" ]
	[ "${stderr_lines[20]}" = "make: apt-get failed, see above and build/apt.log; missing were: lcov" ]
	grep -qx 50 build/apt.log
}

@test "no list can be updated: those that are there may do" {
	fake apt-get 'case $1 in update) exit 100 ;; esac'
	packages demo
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
	[ -z "$stderr" ]
}

@test "not Debian: said, and tried" {
	rm bin/apt-get bin/dpkg-query
	packages demo
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[[ $stderr == "make: this is not Debian, so nothing is installed; "*": gcc libc6-dev "* ]]
}

@test "make demo and make check end where packages cannot be installed" {
	fake id 'echo 1000'
	for goal in demo check truth bench check-valgrind check-sanitize; do
		run --separate-stderr env PATH="$PWD/bin" "$(type -P make)" $goal
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[[ "$stderr" == "make: Debian packages are missing, "*"make: *** "* ]]
	done
}
