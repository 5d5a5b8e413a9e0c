# SPDX-License-Identifier: GPL-3.0-or-later
# etrace-sym -a: where code is, as the user or the guest's Linux says.
load lib

setup() {
	cd "$BATS_TEST_TMPDIR"
	cp "$DATA/aa64-O0.elf" fw
}

# ran ADDRESS...: E records without bytes, which are where their addresses are said to be.
ran() { for at; do rec E 0 - - "$at" 4 1 10; done; }

# sym ARGS...: etrace-sym -e; in $where then what its E records are in, and the linked addresses.
sym() {
	run --separate-stderr etrace-sym -e "$@"
	where=$(awk -F'\t' '$1 == "E" { print $4, $5 }' <<<"$output")
}

# is TEXT: all was well, and the blocks are there.
is() {
	[ "$status" -eq 0 ]
	[ -z "$stderr" ] || { echo "$stderr"; false; }
	[ "$where" = "$1" ] || { echo "$where"; false; }
}

# A module: .text of 20 bytes (hex), and .exit.text, aligned to 40; .init.text elsewhere.
build_module() {
	cat >m.c <<-'EOF'
		int v;
		int far(int);
		int work(int x) { return far(x) + v; }
		__attribute__((section(".init.text"))) int start(void) { return work(10) + far(3); }
		__attribute__((section(".exit.text"), aligned(64))) void stop(void) { v = far(7); }
	EOF
	aarch64-linux-gnu-gcc -g -O1 -c -ffreestanding -o "$1" m.c
	[ "$(linked work "$1")" = 0 ]
	start=$(linked start "$1")
	stop=$(linked stop "$1")
}
linked() { etrace-sym -n "$2" | awk -F'\t' -v f="$1" '$1 == "F" && $4 == f { print $6 }'; }

@test "-a: /proc/PID/maps, of a program" {
	cat >maps <<-EOF
		7f0001000000-7f0001010000 r--p 00000000 fe:01 77   /usr/bin/fw
		7f0002000000-7f0002002000 r-xp 00010000 fe:01 77   /usr/bin/fw
		7f0003000000-7f0003001000 r-xp 00000000 fe:01 78   /usr/lib/other.so
		7ffc00000000-7ffc00001000 r-xp 00000000 00:00 0    [vdso]
	EOF
	sym -a maps fw < <(ran 7f0002001a48 40201a48 7f0001000a48)
	is $'fw 40201a48\n- 40201a48\n- 7f0001000a48'
	# Of two files of one name it is the one with the path.
	mkdir other
	cp fw other/fw
	sed -i 's|/usr/bin|other|' maps
	sym -a maps fw other/fw < <(ran 7f0002001a48)
	[ "$where" = 'other/fw 40201a48' ]
}

@test "-a: /proc/PID/maps, of a shared library" {
	printf '%s\n' 'int f(int x)' '{' 'return x + 1;' '}' >lib.c
	gcc -g -shared -fPIC -o libx.so lib.c
	read -r offset addr < <(readelf -lW libx.so | awk '$1 == "LOAD" && / E / { print substr($2, 3), $3 }')
	f=$(nm libx.so | awk '$3 == "f" { print $1 }')
	cat >maps <<-EOF
		555555554000-555555555000 r-xp 00001000 fe:01 77   /usr/bin/prog
		7f0000200000-7f0000201000 r-xp $offset fe:01 79    /usr/lib/libx.so (deleted)
	EOF
	sym -a maps libx.so < <(ran "$(printf %x $((0x7f0000200000 + 0x$f - addr)))")
	is "libx.so $(printf %x $((0x$f)))"
	grep -q "${TAB}f+0${TAB}$PWD/lib.c:2$TAB" <<<"$output"
}

@test "-a: an address and a file, whose first segment is there" {
	echo '0x50000000 fw' >at
	sym -a at fw < <(ran 50001a48 40201a48)
	is $'fw 40201a48\n- 40201a48'
	# Twice, and in two files.
	printf '%s\n' '# relocated' '' '60000000 /boot/fw' >more
	sym -a at -a more fw < <(ran 50001a48 60001a48)
	is $'fw 40201a48\nfw 40201a48'
	# What the command line says is so too.
	sym -a at fw@0 < <(ran 50001a48 40201a48)
	is $'fw 40201a48\nfw 40201a48'
}

@test "-a: a section of a file" {
	echo 'fw .text 90000000' >at
	text=$(readelf -SW fw | awk '$2 == ".text" || $3 == ".text" { sub(/.*PROGBITS */, ""); print $1 }')
	sym -a at fw < <(ran 90000010)
	is "fw $(printf %x $((0x$text + 0x10)))"
	# One without code says nothing of code.
	echo 'fw .data 90000000' >at
	sym -a at fw < <(ran 90000010)
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-sym: at: places none of the ELF files that were named; "* ]]
}

@test "-a: a module, by /proc/modules, by its address and by its sections" {
	build_module nls-x.ko
	at=ffffffffc0a4e000
	blocks=(ffffffffc0a4e004 ffffffffc0a4e020 ffffffffc0a4e044 ffffffffc0a60000)
	core="nls-x.ko 4
- ffffffffc0a4e020
nls-x.ko $(printf %x $((0x$stop + 4)))
- ffffffffc0a60000"
	echo "other 4096 0 - Live 0xffffffffc0800000
nls_x 16384 1 other, Live 0x$at (OE)" >modules
	sym -a modules nls-x.ko < <(ran "${blocks[@]}")
	is "$core"
	# A module with a name like a range of addresses.
	ln nls-x.ko ab-cd.ko
	echo "ab_cd 8192 0 - Live 0x$at" >modules
	sym -a modules ab-cd.ko < <(ran "${blocks[@]}")
	is "${core//nls-x/ab-cd}"
	echo "ab-cd 8192 0 - Live 0x$at" >modules
	sym -a modules ab-cd.ko < <(ran "${blocks[@]}")
	is "${core//nls-x/ab-cd}"
	echo "$at nls-x.ko" >loaded
	sym -a loaded nls-x.ko < <(ran "${blocks[@]}")
	is "$core"
	sym nls-x.ko@$at < <(ran "${blocks[@]}")
	is "$core"
	cat >sections <<-EOF
		nls_x .text 0x$at
		nls_x .data 0xffffffffc0a50000
		nls-x.ko .init.text 0xffffffffc0a60000
	EOF
	sym -a sections nls-x.ko < <(ran "${blocks[@]}")
	is "nls-x.ko 4
- ffffffffc0a4e020
- ffffffffc0a4e044
nls-x.ko $start"
	# A module whose addresses Linux hides.
	echo 'nls_x 16384 1 - Live 0x0000000000000000' >modules
	sym -a modules nls-x.ko < <(ran "${blocks[@]}")
	[ "$status" -eq 1 ]
	[[ "$stderr" = 'etrace-sym: modules: the addresses of modules are 0: Linux tells them to root alone'* ]]
}

@test "-a: of an object file only code that has the bytes is there" {
	build_module m.ko
	aarch64-linux-gnu-objcopy -O binary -j .exit.text m.ko code
	code=$(od -An -v -tx1 code | tr -d ' \n')
	other=$(tr 0-9a-f 1-9a-f0 <<<"$code")
	echo 'm 16384 1 - Live 0x7000' >modules
	for is in "$code" "$other"; do
		sym -a modules m.ko < <(rec T 0 - 7040 0 "$is" -; rec E 0 - "$(token "$is")" 7040 $((${#is} / 2)) 1 10)
		echo "$where"
	done >got
	diff - <(sed 's/ :.* / : /; s/^:[^ ]*/:/' got) <<-EOF
		m.ko $stop
		: 7040
	EOF
}

@test "-a -u: files that it lists are used without being named" {
	printf '%s\n' "50000000 $PWD/fw" "60000000 $PWD/none" "70000000 $BATS_TEST_FILENAME" >at
	run --separate-stderr etrace-sym -u -a at < <(ran 50001a48 60001a48)
	[ "$status" -eq 0 ]
	[ -z "$stderr" ] || { echo "$stderr"; false; }
	grep -q "^E${TAB}0${TAB}-${TAB}fw${TAB}40201a48$TAB.*${TAB}work.c:" <<<"$output"
	grep -q "^E${TAB}0${TAB}-${TAB}-${TAB}60001a48$TAB" <<<"$output"
	[ "$(grep ^O <<<"$output" | cut -f 2,3)" = "fw$TAB$PWD/fw" ]
	# Of those that the guest did not run nothing is said.
	cp "$DATA/aa64-smp-O2.elf" smp
	echo "80000000 $PWD/smp" >>at
	sym -u -a at < <(ran 50001a48)
	is 'fw 40201a48'
}

@test "-a: what cannot be used is said" {
	sym -a none fw < <(ran 40201a48)
	[ "$status" -eq 1 ]
	[ "$stderr" = 'etrace-sym: none: No such file or directory' ]
	[ "$where" = 'fw 40201a48' ]
	printf '%s\n' '# where' '50000000 fw' 'no idea' 'fw .text' >at
	sym -a at fw < <(ran 50001a48)
	[ "$status" -eq 1 ]
	[ "${stderr_lines[0]}" = "etrace-sym: at:3: it is no line of /proc/PID/maps or /proc/modules, no 'address path' and no 'path section address'" ]
	[ "${stderr_lines[1]}" = 'etrace-sym: at: 2 lines like that were left out' ]
	[ "${#stderr_lines[@]}" -eq 2 ]
	[ "$where" = 'fw 40201a48' ]
	echo '50000000 smp' >at
	sym -a at fw < <(ran 40201a48)
	[ "$status" -eq 1 ]
	[ "$stderr" = 'etrace-sym: at: places none of the ELF files that were named; name the files that it lists, or let -u use them' ]
	[ "$where" = 'fw 40201a48' ]
	run --separate-stderr etrace-sym -a at
	[ "$status" -eq 2 ]
}
