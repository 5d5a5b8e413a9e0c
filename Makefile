# SPDX-License-Identifier: GPL-3.0-or-later
#
# make            build the programs into bin/; V=1 shows the commands
# make demo       trace a firmware and its unit tests live, and show their coverage
# make check      run all tests; check-valgrind and check-sanitize run them so
# make check-qemus  run the plugin's with the QEMUs of several Debian releases; check-host: with a host of ours
# make fuzz       feed the parsers any bytes, FUZZ_SECONDS=600 each; make check-exec-log: logs beside the plugin
# make roundtrip  hold traces of boots of Linux against QEMU's log; make check-places: where code is found, with the guest
# make truth      hold our counts against gcov's, and calls against callgrind's and gcc's hooks; make bench: measure how fast it is
# make install    PREFIX=/usr/local, DESTDIR=
#
# demo, and what tests or measures, install what they need of packages.txt if it is missing; nothing else here does.

VERSION = 0.1
PREFIX  = /usr/local
BINDIR  = $(PREFIX)/bin
MANDIR  = $(PREFIX)/share/man

CC       = cc
CFLAGS   = -O2 -g
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings
CPPFLAGS =
LDFLAGS  =

# Hardening: what the compiler takes without a warning together with the flags above, which follow it and
# so have the last word.  FORTIFY= and the like switch it off.
takes   = $(if $(shell echo 'int main(void) { return 0; }' | $(CC) -Werror $(1) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) \
	-include stdio.h -x c - -o /dev/null 2>&1 || echo no),,$(1))
once    = $(eval $(1) := $(2))$($(1))
FORTIFY = $(call once,FORTIFY,$(or $(call takes,-D_FORTIFY_SOURCE=3),$(call takes,-D_FORTIFY_SOURCE=2)))
STACK   = $(call once,STACK,$(call takes,-fstack-protector-strong) $(call takes,-fstack-clash-protection))
PIE     = $(call once,PIE,$(call takes,-fPIE -pie))
RELRO   = $(call once,RELRO,$(call takes,-z relro -z now))

BIN      = bin
OBJ      = build

all: programs plugin

# ---- the programs, and what each is made of -------------------------------------------------

COMMON = count die esc fact fds follow input intern memory num out out-copy path record record-flow record-put sort stream unix

# Files that are a row of a table each: of program $(1) those that begin with $(2).
rows = $(patsubst src/$(1)/%.c,%,$(wildcard src/$(1)/$(2)-*.c))

FILTERS    = etrace-cat etrace-sym etrace-cov etrace-fmt
etrace-cat = main in $(call rows,etrace-cat,in) exec-line exec-blocks simple-blocks serve decoders spool emit blocks walk \
             walkcount walks fold foldout pkt $(call rows,etrace-cat,pkt)
etrace-sym = main filter annotate label known walked tb blocks \
             place choose match said placefile mapped binary mismatch unused \
             find votes windows layout candidate evidence patched \
             object elf code reloc refer patchsite debug fault symtab lines stmts dietree scopes dropped \
             names begins maps mapout mapkey kept sum condbr ends tail flow target landing cursor isa disas opcodes unsized blockend
etrace-cov = main counter facts clock trace recent walks tally blocks ran branches \
             spots funcs code moves stack calltree calls callsteps returns exceptions waiting callsum guess ranges unexplained
etrace-fmt = main render coverage unexplained order objects paths times profile calls functions costs \
             stacks tree callrow callsof excludes source outfile part lcov grind fmt $(call rows,etrace-fmt,fmt)

# QEMU loads this one.  What it takes of common is GPL-2.0-or-later too, as QEMU asks.
PLUGIN = main say release options guests buildid extent procmaps mappings blocks translate instrument moved switches discon \
         execute link writer entries runs counts packet common/unix

# Debian's libopcodes for every guest, or the plain one, which knows the host alone.
MULTI         = $(shell echo 'int main(void){}' | $(CC) -x c - -o /dev/null -lopcodes-multiarch 2>/dev/null && echo -multiarch)
LIBS_etrace-sym = -ldw -lelf -lopcodes$(MULTI) -lbfd$(MULTI)

# ----------------------------------------------------------------------------------------------

FLAGS = -std=gnu11 -D_GNU_SOURCE $(WARNINGS) -Isrc/common -DETRACE_VERSION='"$(VERSION)"' $(FORTIFY) $(CPPFLAGS) \
	$(STACK) $(CFLAGS)

# What stands for a command where V is not set.
CC_ = $(if $(V),,@echo "  CC  $<";)$(CC)
LD_ = $(if $(V),,@echo "  LD  $@";)$(CC)
QUIET = --no-print-directory $(if $(V),,-s)

programs: $(FILTERS:%=$(BIN)/%)

$(OBJ)/%.o: src/%.c Makefile | $(OBJ)/have
	@mkdir -p $(@D)
	$(CC_) $(filter -f%,$(PIE)) $(FLAGS) -MMD -MP -c -o $@ $<

define program
$(BIN)/$(1): $(COMMON:%=$(OBJ)/common/%.o) $($(1):%=$(OBJ)/$(1)/%.o)
	@mkdir -p $$(@D)
	$$(LD_) $$(PIE) $$(FLAGS) $$(RELRO) $$(LDFLAGS) -o $$@ $$^ $$(LIBS_$(1))
-include $(COMMON:%=$(OBJ)/common/%.d) $($(1):%=$(OBJ)/$(1)/%.d)
endef
$(foreach p,$(FILTERS),$(eval $(call program,$(p))))

plugin: $(BIN)/etrace-plugin.so

PLUGIN_OBJ = $(patsubst %,$(OBJ)/plugin/%.o,$(PLUGIN))
$(OBJ)/plugin/common/%.o: src/common/%.c Makefile | $(OBJ)/have
	@mkdir -p $(@D)
	$(CC_) $(FLAGS) -fPIC -fvisibility=hidden -MMD -MP -c -o $@ $<
$(OBJ)/plugin/%.o: src/etrace-plugin/%.c Makefile | $(OBJ)/have
	@mkdir -p $(@D)
	$(CC_) $(FLAGS) -fPIC -fvisibility=hidden -MMD -MP -c -o $@ $<
$(BIN)/etrace-plugin.so: $(PLUGIN_OBJ)
	@mkdir -p $(@D)
	$(LD_) $(FLAGS) -shared -fPIC $(RELRO) $(LDFLAGS) -o $@ $^ -lpthread
-include $(PLUGIN_OBJ:.o=.d)

# Says which packages are missing, before a compiler says it at length.
HEADERS = stdio.h:libc6-dev elfutils/libdwfl.h:libdw-dev gelf.h:libelf-dev dis-asm.h:binutils-multiarch-dev \
	libiberty/demangle.h:libiberty-dev

$(OBJ)/have: Makefile
	@command -v $(firstword $(CC)) >/dev/null || { \
		echo "make: no C compiler; apt-get install gcc $(foreach h,$(HEADERS),$(lastword $(subst :, ,$(h))))" >&2; \
		exit 1; }
	@missing=; for h in $(HEADERS); do \
		echo "#include <$${h%:*}>" | $(CC) $(CPPFLAGS) -DPACKAGE -DPACKAGE_VERSION -E -x c - >/dev/null 2>&1 && continue; \
		echo "make: $${h%:*} cannot be included" >&2; missing="$$missing $${h#*:}"; \
	done; \
	[ -z "$$missing" ] || { echo "make: apt-get install$$missing" >&2; exit 1; }
	@mkdir -p $(@D)
	@touch $@

# ---- tests ------------------------------------------------------------------------------------

# Install what is missing of packages.txt, for the demo or for the tests; touch nothing if nothing is.
packages-demo:
	@test/packages.sh demo
packages-check:
	@test/packages.sh check
packages-exec-log:
	@test/packages.sh check test/exec-log/packages.txt
packages-places:
	@test/packages.sh check test/places/packages.txt
packages-fuzz:
	@test/packages.sh check test/fuzz/packages.txt
packages-truth:
	@test/packages.sh check test/truth/packages.txt

# A make of its own: what it builds may depend on what was just installed.
demo: packages-demo
	@$(MAKE) $(QUIET) all
	@test/demo.sh

check: packages-check
	@$(MAKE) $(QUIET) all
	@test/run.sh $(TESTS)

# Our counts beside gcov's, of programs x ISAs x levels (see test/truth/truth.sh); calls beside callgrind's (calls.sh) and
# the hooks' of gcc (hooks.sh).  TRUTH=truth ISAS="aarch64 mips" LEVELS="-O0 lto" PROGRAMS=json JOBS=1 say that a part
# will do.
truth: packages-truth
	@$(MAKE) $(QUIET) all
	@for t in $(or $(TRUTH),truth calls hooks); do test/truth/$$t.sh || exit; done

# Harnesses, test/fuzz/PROGRAM/NAME.c, each linked with the objects of that program but its main; FUZZ="exec-log cov"
# runs some.
FUZZ         = $(basename $(notdir $(wildcard test/fuzz/*/*.c)))
FUZZ_SECONDS = 600

fuzz: packages-fuzz
	@$(MAKE) $(QUIET) programs
	@$(MAKE) $(QUIET) harnesses CC=clang OBJ=build/fuzz FORTIFY= STACK= PIE= FUZZ='$(FUZZ)' \
		CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined'
	@test/fuzz.sh $(FUZZ_SECONDS) $(FUZZ)

harnesses: $(FUZZ:%=$(OBJ)/fuzz-%)

# Of the harness $(1) of the program $(2).
define harness
$(OBJ)/fuzz-$(1): test/fuzz/$(2)/$(1).c $(wildcard test/fuzz/*.h test/fuzz/$(2)/*.h) $(COMMON:%=$(OBJ)/common/%.o) \
		$(patsubst %,$(OBJ)/$(2)/%.o,$(filter-out main,$($(2))))
	$$(LD_) $$(FLAGS) -iquote test/fuzz -iquote src/$(2) -fsanitize=fuzzer -o $$@ $$(filter %.c %.o,$$^) $$(LIBS_$(2))
endef
$(foreach p,$(FILTERS),$(foreach h,$(basename $(notdir $(wildcard test/fuzz/$(p)/*.c))),$(eval $(call harness,$(h),$(p)))))

# How fast it all is (see test/bench.sh); BENCH=linux does it on a boot of Linux, writes the table in
# README and then measures what tracing costs the guest (test/bench-linux.sh); and what etrace-run costs a program
# (test/bench-run.sh).  RUNS=5
bench: packages-check
	@$(MAKE) $(QUIET) all
	@BENCH=$(BENCH) test/bench.sh $(RUNS)
	@[ "$(BENCH)" = linux ] || test/bench-run.sh $(RUNS)
	@[ "$(BENCH)" != linux ] || test/bench-run.sh $(or $(RUNS),3) build/linux/vmlinux
	@[ "$(BENCH)" != linux ] || test/bench-linux.sh $(RUNS)

# The whole suite under valgrind, and with the compiler's checks of addresses and undefined behaviour.
# Fortified functions would keep the latter from seeing what they are given.
check-valgrind: packages-check
	@$(MAKE) $(QUIET) all
	@test/wrap-valgrind.sh $(FILTERS)
	@ETRACE_BIN=$(CURDIR)/build/valgrind/bin ETRACE_STEP=43 ETRACE_PAUSE=4 BATS_TEST_TIMEOUT=900 test/run.sh $(TESTS)

check-sanitize: packages-check
	@$(MAKE) $(QUIET) all
	@$(MAKE) $(QUIET) programs BIN=build/sanitize/bin OBJ=build/sanitize FORTIFY= \
		CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined'
	@ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99 ETRACE_BIN=$(CURDIR)/build/sanitize/bin test/run.sh $(TESTS)

# The plugin's tests with real QEMUs of other releases (see test/qemus.sh); RELEASES="bookworm trixie".
check-qemus: packages-check
	@$(MAKE) $(QUIET) all
	@test/check-qemus.sh $(RELEASES)

# Programs for several machines, by the plugin and by the log of each QEMU: the same counts (see test/exec-log/check.sh).
check-exec-log: packages-exec-log
	@$(MAKE) $(QUIET) all
	@test/exec-log/check.sh $(RELEASES)

# RUN packets, EXEC packets and QEMU's log of the same boots of Linux, block by block (see test/roundtrip.sh).
roundtrip: packages-check
	@$(MAKE) $(QUIET) all
	@test/roundtrip.sh

# Where etrace-sym finds kernels under KASLR, modules, programs in a system guest and U-Boot, against what the guests say
# (see test/places.sh); BOOTS=50 RELEASES="bookworm trixie" ARCHES=arm64 GUESTS=modules
check-places: packages-places
	@$(MAKE) $(QUIET) all
	@test/places.sh $(RELEASES)

# And with a host that has each release's plugin interface, and is no QEMU (see test/host).
check-host: packages-check
	@$(MAKE) $(QUIET) all
	@test/run.sh test/host.bats

# ---- install ----------------------------------------------------------------------------------

PAGES = $(wildcard man/*.[157])

# The pages name the plugin by its whole path, which QEMU needs.
install: programs plugin
	install -d $(DESTDIR)$(BINDIR)
	install $(FILTERS:%=$(BIN)/%) bin/etrace-run $(DESTDIR)$(BINDIR)
	install -D -m 644 $(BIN)/etrace-plugin.so $(DESTDIR)$(PREFIX)/lib/etrace/etrace-plugin.so
	for p in $(PAGES); do \
		to=$(DESTDIR)$(MANDIR)/man$${p##*.}/$${p##*/}; \
		install -D -m 644 $$p $$to && sed 's|/usr/local/lib/etrace|$(PREFIX)/lib/etrace|g' $$p >$$to || exit; \
	done

uninstall:
	rm -f $(FILTERS:%=$(DESTDIR)$(BINDIR)/%) $(DESTDIR)$(BINDIR)/etrace-run
	rm -f $(DESTDIR)$(PREFIX)/lib/etrace/etrace-plugin.so
	-rmdir $(DESTDIR)$(PREFIX)/lib/etrace 2>/dev/null
	for p in $(PAGES); do rm -f $(DESTDIR)$(MANDIR)/man$${p##*.}/$${p##*/}; done

clean:
	rm -rf build $(FILTERS:%=bin/%) bin/etrace-plugin.so

.PHONY: all programs plugin packages-demo packages-check packages-truth demo check truth bench check-valgrind \
	check-sanitize check-qemus check-host check-exec-log roundtrip fuzz harnesses packages-fuzz packages-exec-log packages-places check-places install uninstall clean
