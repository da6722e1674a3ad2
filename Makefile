# Builds libwarden and abide, their tests, their packages. `make help` lists the targets.
# SPDX-License-Identifier: GPL-2.0-or-later

STAGES := inspect judge pack publish pin

# B is where everything built goes; WARDEN is the libwarden source tree (tests/variants builds others).
B      ?= build
WARDEN ?= src/warden

PREFIX        ?= /usr/local
BINDIR        ?= $(PREFIX)/bin
MANDIR        ?= $(PREFIX)/share/man
DOCDIR        ?= $(PREFIX)/share/doc/abide
COMPLETIONDIR ?= $(PREFIX)/share/bash-completion/completions
LIBDIR        ?= $(PREFIX)/lib
INCLUDEDIR    ?= $(PREFIX)/include
PKGCONFIGDIR  ?= $(LIBDIR)/pkgconfig
PERLDIR       ?= $(PREFIX)/share/perl5
RPMCONFIGDIR  ?= $(PREFIX)/lib/rpm
RPMMACRODIR   ?= $(RPMCONFIGDIR)/macros.d

CC         ?= cc
PKG_CONFIG ?= pkg-config
CFLAGS     ?= -O2 -g
WARNINGS   := -Wall -Wextra -Wshadow=local -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
              -Wformat=2 -Wundef -Wvla -Wwrite-strings
STD        := -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64

DEPS := glib-2.0 gio-2.0 json-glib-1.0 libelf libdw libarchive liblzma libzstd zlib rpm gpgme libcrypto libcyaml yaml-0.1 \
        libsolvext libsolv

# V=1 shows the commands themselves.
Q := $(if $(V),,@)
say = $(if $(V),,@echo '  $(1)	$(patsubst $(B)/%,%,$@)')

# ---- version: written once for each product ----
version_of     = $(shell sed -n 's/^\#define $(2)_VERSION_\(MAJOR\|MINOR\|PATCH\) *\([0-9]*\)$$/\2/p' $(1) | paste -sd.)
ABIDE_VERSION := $(call version_of,src/cli/cli.h,ABIDE)
WARDEN_VERSION := $(call version_of,$(WARDEN)/warden.h,WARDEN)
WARDEN_SONAME := libwarden.so.$(firstword $(subst ., ,$(WARDEN_VERSION)))
WARDEN_LIB    := $(B)/libwarden.so.$(WARDEN_VERSION)

# ---- what is built from what ----
ROOM_SRC    := $(wildcard $(addprefix src/,$(addsuffix /*.c,core $(STAGES))))
CLI_SRC     := $(wildcard src/cli/*.c)
WARDEN_SRC  := $(wildcard $(WARDEN)/*.c)
UNIT_SRC    := $(wildcard tests/unit/test_*.c)
FUZZ_SRC    := $(wildcard tests/fuzz/fuzz_*.c)
MAN_SRC     := $(wildcard docs/man/*.scd)

BASES       := $(wildcard src/pack/bases/*.base)
ROOM_OBJ    := $(ROOM_SRC:%.c=$(B)/%.o) $(B)/gen/bases.o
CLI_OBJ     := $(CLI_SRC:%.c=$(B)/%.o)
WARDEN_OBJ  := $(WARDEN_SRC:$(WARDEN)/%.c=$(B)/warden/%.o)
UNIT        := $(UNIT_SRC:tests/unit/%.c=$(B)/unit/%)
REPLAY      := $(FUZZ_SRC:tests/fuzz/fuzz_%.c=$(B)/replay/%)
FUZZ        := $(FUZZ_SRC:tests/fuzz/fuzz_%.c=$(B)/fuzz/%)
MAN         := $(MAN_SRC:docs/man/%.scd=$(B)/man/%)

# What src/publish/createrepo.c loads when it is needed: the library that the installed headers belong to.
CREATEREPO  = $(shell objdump -p $$($(CC) -print-file-name=libcreaterepo_c.so) | awk '$$1 == "SONAME" {print $$2}')
DEP_CFLAGS  = $(shell $(PKG_CONFIG) --cflags $(DEPS) createrepo_c) -DCREATEREPO_SONAME='"$(CREATEREPO)"'
DEP_LIBS    = $(shell $(PKG_CONFIG) --libs $(DEPS)) -lrpmsign
ALL_CFLAGS  = $(STD) $(WARNINGS) $(CFLAGS) $(CPPFLAGS)
FLAGS      := $(CC) $(CFLAGS) $(CPPFLAGS) $(LDFLAGS)

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: help all libwarden variants services check check-unit check-cases check-e2e check-static asan bench fuzz demo deb rpm \
        install install-abide install-libwarden install-debhelper install-rpm-macros dist clean e2e-base

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  variables: B=$(B) V=1 (show commands) CC CFLAGS LDFLAGS DESTDIR PREFIX=$(PREFIX)"

all: $(B)/abide libwarden $(MAN) $(B)/abide.bash ## build abide, libwarden and the man pages

# ---- objects: rebuilt when a source, a header or a flag changes ----
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS)' | cmp -s - $@ || echo '$(FLAGS)' > $@
FORCE:

$(B)/src/%.o: src/%.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) $(DEP_CFLAGS) -Isrc -I$(B)/gen -MMD -MP -c -o $@ $<

# The prefix map keeps the paths of the build machine out of the library and its DWARF.
$(B)/warden/%.o: $(WARDEN)/%.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -fPIC -fvisibility=hidden -pthread $(addprefix -ffile-prefix-map=,$(CURDIR)=. \
	      $(abspath $(WARDEN))=src/warden $(WARDEN)=src/warden) -I$(WARDEN) -MMD -MP -c -o $@ $<

# The bases that come with abide are in the program: it finds them wherever it is. Not compressed: every pack reads one.
$(B)/gen/bases.xml: $(BASES) $(B)/flags
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q){ echo '<gresources><gresource prefix="/abide/bases">'; \
	      printf '<file>%s</file>\n' $(notdir $(BASES)); echo '</gresource></gresources>'; } > $@
$(B)/gen/bases.c $(B)/gen/bases.h: $(B)/gen/bases.xml
	$(call say,GEN)
	$(Q)glib-compile-resources --generate --internal --manual-register --c-name bases --sourcedir src/pack/bases --target $@ $<
$(B)/gen/bases.o: $(B)/gen/bases.c
	$(call say,CC)
	$(Q)$(CC) $(STD) $(CFLAGS) $(CPPFLAGS) $(DEP_CFLAGS) -c -o $@ $<
$(ROOM_SRC:%.c=$(B)/%.o): | $(B)/gen/bases.h

# ---- products ----
$(B)/libabide.a: $(ROOM_OBJ)
	$(call say,AR)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(B)/abide: $(CLI_OBJ) $(B)/libabide.a
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(DEP_LIBS)

$(B)/abide.bash: $(B)/abide
	$(call say,GEN)
	$(Q)$(B)/abide --completion bash > $@

libwarden: $(WARDEN_LIB) $(B)/$(WARDEN_SONAME) $(B)/libwarden.so $(B)/libwarden.pc ## build the shared library

$(WARDEN_LIB): $(WARDEN_OBJ) $(WARDEN)/libwarden.map
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -pthread -shared -Wl,-soname,$(WARDEN_SONAME) -Wl,--version-script=$(WARDEN)/libwarden.map \
	      -Wl,-z,defs -Wl,-z,relro -Wl,-z,now -Wl,--build-id=sha1 -o $@ $(WARDEN_OBJ)

$(B)/$(WARDEN_SONAME): $(WARDEN_LIB)
	$(Q)ln -sf $(notdir $<) $@
$(B)/libwarden.so: $(B)/$(WARDEN_SONAME)
	$(Q)ln -sf $(notdir $<) $@
$(B)/libwarden.pc: $(WARDEN)/libwarden.pc.in $(WARDEN)/warden.h $(B)/flags
	$(Q)sed 's|@VERSION@|$(WARDEN_VERSION)|' $< > $@

$(B)/man/%: docs/man/%.scd
	@mkdir -p $(@D)
	$(call say,MAN)
	$(Q)scdoc < $< > $@

# ---- fixtures: the services, built once, and the releases of libwarden that will run under them ----
# Plain flags whatever CFLAGS is: these stand for programs and libraries that are in the field. `base` is the tree as it is.
VARIANTS := base $(patsubst tests/variants/%.patch,%,$(wildcard tests/variants/*.patch))
SERVICES := $(addprefix $(B)/services/,ask-c ask-go ask-py ask-new)
FIELD     = $(CC) -std=gnu11 -O2 -g -ffile-prefix-map=$(CURDIR)=. -I$(1)/src -o $@ $< -L$(1) -lwarden
.PRECIOUS: $(B)/variants/%/src/warden.h

variants: $(VARIANTS:%=$(B)/variants/%/libwarden.so) ## build the libwarden releases of tests/variants
services: $(SERVICES) ## build the services of tests/services

$(B)/variants/%/src/warden.h: $(wildcard src/warden/* tests/variants/*.patch)
	rm -rf $(@D)
	mkdir -p $(@D)
	cp src/warden/* $(@D)
	if [ -f tests/variants/$*.patch ]; then patch -s -d $(@D) -p1 < tests/variants/$*.patch; fi
	touch $@
$(B)/variants/%/libwarden.so: $(B)/variants/%/src/warden.h
	$(MAKE) --no-print-directory WARDEN=$(<D) B=$(@D) CC='$(CC)' CFLAGS='-O2 -g' CPPFLAGS= LDFLAGS= libwarden

# The library is order-only: a service in the field is not rebuilt when the library changes.
$(B)/services/ask-c: tests/services/c/ask.c src/warden/warden.h | $(B)/variants/base/libwarden.so
	@mkdir -p $(@D)
	$(call FIELD,$(B)/variants/base)
$(B)/services/ask-new: tests/services/c/ask_new.c tests/services/c/ask.c src/warden/warden.h | $(B)/variants/1.1.0/libwarden.so
	@mkdir -p $(@D)
	$(call FIELD,$(B)/variants/1.1.0)
$(B)/services/ask-go: $(wildcard tests/services/go/*) src/warden/warden.h | $(B)/variants/base/libwarden.so
	@mkdir -p $(@D)
	cd tests/services/go && export GOCACHE="$${GOCACHE:-$${XDG_CACHE_HOME:-$${HOME:-$(abspath $(B))}/.cache}/go-build}" && \
	      CC='$(CC)' CGO_ENABLED=1 CGO_CFLAGS='-O2 -g -I$(abspath $(B)/variants/base/src)' \
	      CGO_LDFLAGS='-L$(abspath $(B)/variants/base)' go build -trimpath -buildvcs=false -o $(abspath $@) .
$(B)/services/ask-py: tests/services/python/ask.py
	install -D -m 755 $< $@

# ---- tests ----
# The test that makes each allocation fail stands between the library and the allocator.
$(B)/unit/test_warden_memory: WRAP := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free

$(B)/unit/test_warden%: tests/unit/test_warden%.c $(WARDEN_OBJ) $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -I$(WARDEN) -Itests/unit -MMD -MP -o $@ $< $(WARDEN_OBJ) $(LDFLAGS) $(WRAP) \
	      $(shell $(PKG_CONFIG) --cflags --libs check) -lpthread

$(B)/unit/%: tests/unit/%.c $(B)/libabide.a $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) $(DEP_CFLAGS) -Isrc -Itests/unit -MMD -MP -o $@ $< $(B)/libabide.a $(LDFLAGS) \
	      $(shell $(PKG_CONFIG) --cflags --libs check) $(DEP_LIBS)

# A harness linked with replay.c runs its corpus once; with -fsanitize=fuzzer it searches.
fuzz_inputs = $(if $(filter warden%,$(1)),-I$(WARDEN) $(WARDEN_SRC),$(DEP_CFLAGS) -Isrc -I$(B)/gen $(ROOM_SRC) $(B)/gen/bases.c)
$(B)/replay/%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(WARDEN_OBJ) $(B)/libabide.a
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) $(DEP_CFLAGS) -Isrc -I$(WARDEN) -o $@ tests/fuzz/fuzz_$*.c tests/fuzz/replay.c \
	      $(if $(filter warden%,$*),$(WARDEN_OBJ),$(B)/libabide.a $(DEP_LIBS)) $(LDFLAGS) -lpthread

$(B)/fuzz/%: tests/fuzz/fuzz_%.c $(ROOM_SRC) $(WARDEN_SRC) $(B)/gen/bases.c $(B)/gen/bases.h
	@mkdir -p $(@D)
	$(call say,FUZZ)
	$(Q)clang -O1 -g -fsanitize=fuzzer,address,undefined $(STD) -o $@ $< $(call fuzz_inputs,$*) \
	      $(if $(filter warden%,$*),-lpthread,$(DEP_LIBS))

# What the throwaway roots of the dnf family believe to be installed: made again when this machine's C library changes.
E2E_BASE := $(B)/e2e/base/rpmdb/rpmdb.sqlite
e2e-base: $(E2E_BASE)
$(E2E_BASE): tests/e2e/testbase.spec tests/e2e/make-base $(wildcard /usr/lib/*-linux-gnu/libc.so.6)
	tests/e2e/make-base $(B)/e2e/base
	@touch $@

$(B)/bench/warden: tests/bench/bench_warden.c $(WARDEN_LIB) $(B)/libwarden.so
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -I$(WARDEN) -o $@ $< -L$(B) -lwarden -Wl,-rpath,'$$ORIGIN/..' $(LDFLAGS)

$(B)/bench/walk: tests/bench/walk.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(shell $(PKG_CONFIG) --cflags libdw) -o $@ $< $(shell $(PKG_CONFIG) --libs libdw) $(LDFLAGS)

# A test that takes a minute hangs; check's own 4 seconds are too few for a busy machine under AddressSanitizer.
TEST_ENV = B='$(abspath $(B))' ABIDE='$(abspath $(B))/abide' CK_DEFAULT_TIMEOUT=60

check: all variants services $(UNIT) $(REPLAY) e2e-base ## run every test; last line "N passed, N failed"
	@$(TEST_ENV) tests/run static unit replay cases e2e
check-static: all ## layers, symbols, shellcheck, man pages against the option tables
	@$(TEST_ENV) tests/run static
check-unit: all $(UNIT) $(REPLAY) ## unit tests and the fuzz corpora, replayed
	@$(TEST_ENV) tests/run unit replay
check-cases: all variants services ## the text cases in tests/cases
	@$(TEST_ENV) tests/run cases
check-e2e: all variants services e2e-base ## the real apt and dnf in throwaway roots (needs root)
	@$(TEST_ENV) tests/run e2e
asan: ## unit tests and cases under AddressSanitizer and UBSan
	$(MAKE) B=$(B)/asan CFLAGS="-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined" \
	        LDFLAGS="-fsanitize=address,undefined" check-unit check-cases
fuzz: $(FUZZ) ## search for crashes, FUZZ_SECONDS (60) for each harness
	@for f in $(FUZZ); do echo "== $$f"; \
	   mkdir -p $(B)/fuzz-corpus/$$(basename $$f); \
	   $$f -max_total_time=$${FUZZ_SECONDS:-60} -timeout=10 -rss_limit_mb=2048 -artifact_prefix=$(B)/fuzz/ \
	       $(B)/fuzz-corpus/$$(basename $$f) tests/fuzz/corpus/fuzz_$$(basename $$f) || exit 1; done
bench: all variants $(B)/bench/warden $(B)/bench/walk ## measure beside the tools a user would otherwise run
	@$(TEST_ENV) scripts/bench
demo: all variants services e2e-base ## the main job, from a built library to upgraded services
	@$(TEST_ENV) tests/e2e/demo

# ---- packaging and installation ----
deb: ## build this project's own .deb packages into dist/
	scripts/release deb
rpm: ## build this project's own .rpm packages into dist/
	scripts/release rpm
dist: ## make the source archive dist/abide-VERSION.tar.xz
	scripts/release source

install: install-abide install-libwarden ## install under DESTDIR and PREFIX
install-abide: $(B)/abide $(MAN) $(B)/abide.bash
	install -D -m 755 $(B)/abide $(DESTDIR)$(BINDIR)/abide
	install -D -m 644 src/inspect/abide.h $(DESTDIR)$(INCLUDEDIR)/abide.h
	for m in $(filter-out %.3 %/dh_abide.1 %/abide-rpm.5,$(MAN)); do install -D -m 644 $$m $(DESTDIR)$(MANDIR)/man$${m##*.}/$${m##*/}; done
	install -D -m 644 $(B)/abide.bash $(DESTDIR)$(COMPLETIONDIR)/abide
	install -D -m 644 README.md $(DESTDIR)$(DOCDIR)/README.md
	install -D -m 644 docs/judge.schema.json $(DESTDIR)$(DOCDIR)/judge.schema.json
install-libwarden: libwarden $(MAN)
	install -D -m 644 $(WARDEN_LIB) $(DESTDIR)$(LIBDIR)/$(notdir $(WARDEN_LIB))
	ln -sf $(notdir $(WARDEN_LIB)) $(DESTDIR)$(LIBDIR)/$(WARDEN_SONAME)
	ln -sf $(WARDEN_SONAME) $(DESTDIR)$(LIBDIR)/libwarden.so
	install -D -m 644 $(WARDEN)/warden.h $(DESTDIR)$(INCLUDEDIR)/warden.h
	mkdir -p $(DESTDIR)$(PKGCONFIGDIR)
	sed 's|@PREFIX@|$(PREFIX)|;s|@LIBDIR@|$(LIBDIR)|;s|@INCLUDEDIR@|$(INCLUDEDIR)|' $(B)/libwarden.pc \
	    > $(DESTDIR)$(PKGCONFIGDIR)/libwarden.pc
	for m in $(filter %.3,$(MAN)); do install -D -m 644 $$m $(DESTDIR)$(MANDIR)/man3/$${m##*/}; done

install-debhelper: $(MAN) ## the debhelper sequence: dh --with abide
	install -D -m 755 -t $(DESTDIR)$(BINDIR) packaging/debhelper/dh_abide packaging/debhelper/dh_abide_shlibs
	install -D -m 644 -t $(DESTDIR)$(PERLDIR)/Debian/Debhelper packaging/debhelper/perl5/Debian/Debhelper/Abide.pm
	install -D -m 644 -t $(DESTDIR)$(PERLDIR)/Debian/Debhelper/Sequence packaging/debhelper/perl5/Debian/Debhelper/Sequence/abide.pm
	install -D -m 644 -t $(DESTDIR)$(MANDIR)/man1 $(B)/man/dh_abide.1
	ln -sf dh_abide.1 $(DESTDIR)$(MANDIR)/man1/dh_abide_shlibs.1
install-rpm-macros: $(MAN) ## macros for spec files
	install -D -m 644 -t $(DESTDIR)$(RPMMACRODIR) packaging/rpm/macros.abide
	install -D -m 755 -t $(DESTDIR)$(RPMCONFIGDIR) packaging/rpm/abide-elfdeps
	install -D -m 644 -t $(DESTDIR)$(MANDIR)/man5 $(B)/man/abide-rpm.5

clean: ## remove everything built
	rm -rf $(B) dist

-include $(wildcard $(B)/src/*/*.d $(B)/warden/*.d $(B)/unit/*.d)
