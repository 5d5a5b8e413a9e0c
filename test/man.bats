#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The man pages are well-formed, and say what the programs say of themselves.

bats_require_minimum_version 1.5.0

setup() {
	bin=${ETRACE_BIN:-$BATS_TEST_DIRNAME/../bin}
	man=$BATS_TEST_DIRNAME/../man
	programs=$(cd "$bin" && ls -d etrace-* | grep -v '\.')
}

# Fails with a message that names the program.
wrong() {
	echo "$*" >&2
	return 1
}

# The synopsis that -h prints: its first line, without "usage: ".
synopsis_of_help() {
	"$bin/$1" -h | sed -n '1s/^usage: //p'
}

# The synopsis as a reader of the page sees it, on one line.
synopsis_of_page() {
	mandoc -Tascii "$man/$1.1" | col -bx | sed -n '/^SYNOPSIS$/,/^DESCRIPTION$/p' | sed '1d;$d' |
		tr -s ' \n' ' ' | sed 's/^ //; s/ $//'
}

# The letters of options, one a line, sorted: in the synopsis of -h, in the list below it, in the page.
letters_of_synopsis() {
	synopsis_of_help "$1" | grep -o '\[-[A-Za-z]*' | tr -d '[-' | fold -w 1 | sort
}

letters_of_help() {
	"$bin/$1" -h | sed -n '2,$s/^  \(-[A-Za-z].*\)/\1/p' | sed 's/  .*//' | grep -o -e '-[A-Za-z]\b' | tr -d - | sort
}

letters_of_page() {
	sed -n 's/^\.It Fl \([A-Za-z]\)\b.*/\1/p' "$man/$1.1" | sort
}

@test "mandoc has nothing to say about any page" {
	for page in "$man"/*.[157]; do
		run --separate-stderr mandoc -Tlint -Wall "$page"
		[ -z "$output" ] || wrong "$output"
		[ -z "$stderr" ] || wrong "$stderr"
		[ "$status" -eq 0 ] || wrong "$page: status $status"
	done
}

@test "a page renders without messages, and its title is the name of its file" {
	for page in "$man"/*.[157]; do
		run --separate-stderr mandoc -Tascii "$page"
		[ "$status" -eq 0 ] || wrong "$page: status $status"
		[ -z "$stderr" ] || wrong "$stderr"
		[ -n "$output" ] || wrong "$page: is empty"
		name=$(basename "$page" | tr '[:lower:]' '[:upper:]')
		grep -qx "\.Dt ${name%.*} ${name##*.}" "$page" || wrong "$page: has another title"
	done
}

@test "every reference to a page of ours has its page" {
	for page in "$man"/*.[157]; do
		mandoc -Tascii -Owidth=1000 "$page" | col -bx | grep -oE 'etrace[a-z-]*\([0-9]\)' | sort -u |
			while IFS='()' read -r name section _; do
				[ -f "$man/$name.$section" ] || wrong "$page: refers to $name($section), which is not there"
			done
	done
}

@test "every program has a page" {
	[ -n "$programs" ]
	for p in $programs; do
		[ -f "$man/$p.1" ] || wrong "$p: has no page"
	done
}

@test "the synopsis of -h is that of the page" {
	for p in $programs; do
		said=$(synopsis_of_help "$p")
		[ -n "$said" ] || wrong "$p: -h does not begin with 'usage: '"
		written=$(synopsis_of_page "$p")
		[ "$said" = "$written" ] || wrong "$p: -h says '$said', the page '$written'"
	done
}

@test "the options of the synopsis, of -h and of the page are the same" {
	for p in $programs; do
		said=$(letters_of_help "$p")
		[ -n "$said" ] || wrong "$p: -h lists no options"
		short=$(letters_of_synopsis "$p")
		written=$(letters_of_page "$p")
		[ "$said" = "$short" ] || wrong "$p: -h lists" $said "and its synopsis has" $short
		[ "$said" = "$written" ] || wrong "$p: -h lists" $said "and the page" $written
	done
}

@test "-h exits with 0, says nothing on stderr, and fits a screen" {
	for p in $programs; do
		run --separate-stderr "$bin/$p" -h
		[ "$status" -eq 0 ] || wrong "$p: status $status"
		[ -z "$stderr" ] || wrong "$p: $stderr"
		[ "$(wc -l <<<"$output")" -le 24 ] || wrong "$p: -h is longer than 24 lines"
		long=$(grep -E '.{101}' <<<"$output") && wrong "$p: longer than 100 columns: $long"
		[ "${lines[0]#usage: "$p" }" != "${lines[0]}" ] || wrong "$p: -h begins with '${lines[0]}'"
	done
}

@test "-V prints the name and the version of the Makefile" {
	version=$(sed -n 's/^VERSION *= *//p' "$BATS_TEST_DIRNAME/../Makefile")
	[ -n "$version" ]
	for p in $programs; do
		run --separate-stderr "$bin/$p" -V
		[ "$status" -eq 0 ] || wrong "$p: status $status"
		[ -z "$stderr" ] || wrong "$p: $stderr"
		[ "$output" = "$p $version" ] || wrong "$p: -V prints '$output'"
	done
}

@test "--help and --version are -h and -V, and the page lists them beside these" {
	for p in $programs; do
		for o in h:help V:version; do
			run --separate-stderr "$bin/$p" "--${o#*:}"
			[ "$status" -eq 0 ] || wrong "$p --${o#*:}: status $status"
			[ -z "$stderr" ] || wrong "$p: $stderr"
			[ "$output" = "$("$bin/$p" "-${o%:*}")" ] || wrong "$p: --${o#*:} prints '$output'"
			grep -qx "\.It Fl ${o%:*} , Fl -${o#*:}" "$man/$p.1" || wrong "$p: the page has no --${o#*:}"
		done
		"$bin/$p" -h | grep -q -e '--help and --version' || wrong "$p: -h lists no --help"
	done
}

@test "what comes after -- is no option of ours" {
	run --separate-stderr "$bin/etrace-cat" -- --help
	[ "$status" -eq 1 ]
	[[ $stderr == "etrace-cat: --help: "* ]]
}

@test "an option that there is not exits with 2, says so, and points to the page" {
	for p in $programs; do
		for o in -Z --nonsense --version=1; do
			run --separate-stderr "$bin/$p" "$o"
			[ "$status" -eq 2 ] || wrong "$p $o: status $status"
			[ -z "$output" ] || wrong "$p $o: $output"
			[[ $stderr == "$p: "*"man $p"* ]] || wrong "$p $o: $stderr"
		done
	done
}
