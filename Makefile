# SPDX-License-Identifier: Apache-2.0
# `make help` says what can be made. One Makefile for the whole tree; objects of each variant apart:
#   build/gcc    the products' objects          build/asan   by clang, with AddressSanitizer and UBSan, for the tests
#   build/gen    generated sources              build/fuzz   instrumented for libFuzzer
#   build/bin    mingced, mingce and mingce-witness; build/lib, build/man, build/completion: what is installed with them
# Another one wants an entry of systemd/debian/changelog, too; `make lint-deb` names what else.
VERSION := 0.1.0
ifeq ($(origin CC),default)
CC := gcc
endif
CLANG ?= clang
PYTHON ?= /usr/bin/python3
CLANG_FORMAT ?= clang-format
CLANG_TIDY ?= clang-tidy
CPPCHECK ?= cppcheck
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
UNITDIR ?= $(PREFIX)/lib/systemd/system
DESTDIR ?=
MINUTES ?= 1
B := build
# `make V=1` shows the commands.
Q := $(if $(V),,@)
say = $(if $(V),,@echo '  $(1) $@')

ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc)
endif
# Recipes marked + are shown as they go, the others when they are done.
MAKEFLAGS += --no-builtin-rules --output-sync=target
.DELETE_ON_ERROR:
.SECONDARY:

all: products

# ---- flags ----

# `make WERROR=`: for who builds and does not change it, with whatever compiler.
WERROR ?= -Werror
WARNINGS := -Wall -Wextra $(WERROR) -Wsign-compare -Wshadow -Wcast-qual -Wstrict-prototypes -Wmissing-prototypes \
	-Wformat=2 -Wvla -Wundef -Wno-missing-braces # protobuf-c's initialisers leave them out
CPPFLAGS_ALL := -I. -I$(B)/gen -I/usr/include/postgresql -D_GNU_SOURCE -DMINGCE_VERSION='"$(VERSION)"' $(CPPFLAGS)
CFLAGS_ALL := -std=gnu17 -g $(WARNINGS) -MMD -MP
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer

CC_gcc := $(CC)
CFLAGS_gcc := -O2 -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE $(CFLAGS)
LDFLAGS_gcc := -pie -Wl,-z,relro,-z,now $(LDFLAGS)
# The second compiler: so the whole tree has the warnings of both.
CC_asan := $(CLANG)
CFLAGS_asan := -O1 -fPIE $(SANITIZE)
LDFLAGS_asan := -pie $(SANITIZE)
CC_fuzz := $(CLANG)
CFLAGS_fuzz := -O1 $(SANITIZE) -fsanitize=fuzzer-no-link -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
LDFLAGS_fuzz := $(SANITIZE) -fsanitize=fuzzer

LIBS_proto := -lprotobuf-c -lutf8proc
LIBS_daemon := -lcsv -levent -lssl -lcrypto -lpq -lsystemd $(LIBS_proto)
LIBS_libmingce := -lssl -lcrypto $(LIBS_proto)
LIBS_cli := -lcsv -lzip -lexpat -lxlsxwriter -lm -ljson-c $(LIBS_libmingce)
LIBS_witness := -levent $(LIBS_cli)
LIBS_tests := -lcmocka -lzip -lexpat -lxlsxwriter -ljson-c $(LIBS_daemon)

# ---- what there is ----

PROTOS := $(sort $(wildcard proto/*.proto))
# The methods and their options are not protoc-c's: it would include a header that Debian has not. gen_methods.py reads them.
MESSAGES := $(filter-out proto/methods.proto proto/options.proto,$(PROTOS))
GEN_SRC := $(MESSAGES:%.proto=$(B)/gen/%.pb-c.c)
GEN_HDR := $(MESSAGES:%.proto=$(B)/gen/%.pb-c.h)
GEN_DEF := $(B)/gen/proto/methods.def $(B)/gen/proto/messages.def
GEN_SQL := $(B)/gen/migrations/api/method.sql $(B)/gen/migrations/api/zz_grants_methods.sql
PAGES := $(sort $(patsubst client/%.in,$(B)/man/%,$(wildcard client/*.1.in)))
MANUALS := $(PAGES) daemon/mingced.8 daemon/mingced.conf.5
API := $(sort $(wildcard migrations/api/*.sql))
MIGRATIONS := $(sort $(wildcard migrations/*.sql)) $(API:%=$(B)/gen/%)
OBJECTS := migrations/catalog/objects.sql

SRC_proto := $(sort $(wildcard proto/*/*.c)) $(GEN_SRC)
SRC_daemon := $(sort $(filter-out daemon/main.c,$(wildcard daemon/*.c daemon/*/*.c)))
ASM_daemon := $(B)/gen/migrations.S
SRC_libmingce := $(sort $(wildcard client/libmingce/*.c))
SRC_cli := $(sort $(wildcard client/cli/*/*.c))
SRC_witness := $(sort $(wildcard client/witness/*.c))
SRC_main := daemon/main.c client/cli/main.c $(SRC_witness)
SRC_tests := $(sort $(wildcard tests/unit/*.c tests/unit/*/*.c tests/unit/*/*/*.c))
SRC_test_mains := $(foreach f,$(SRC_tests),$(if $(filter test_%,$(notdir $(f))),$(f)))
SRC_fuzz := $(sort $(wildcard tests/fuzz/fuzz_*.c))
SRC_bench := $(sort $(wildcard tests/bench/*.c))
SOURCES := $(sort $(filter-out $(B)/%,$(SRC_proto)) $(SRC_daemon) $(SRC_libmingce) $(SRC_cli) $(SRC_main))
HEADERS := $(sort $(wildcard proto/*/*.h daemon/*.h daemon/*/*.h client/*/*.h client/cli/*/*.h tests/unit/*.h tests/unit/*/*.h))
FORMATTED := $(SOURCES) $(HEADERS) $(SRC_tests) $(sort $(wildcard tests/fuzz/*.[ch] tests/bench/*.[ch] tests/fault/*.[ch]))

objs = $(patsubst %,$(B)/$(1)/obj/%.o,$(basename $(patsubst $(B)/gen/%,gen/%,$(2))))

# ---- first use: the Debian packages, generated sources ----

# Building needs one list; the private stack that of running too; whatever else is asked for, all three. Only the commands
# of first use install what is missing, when root runs them; the others name it. `make PACKAGES=` looks for none.
PACKAGES := $(if $(filter-out all products install clean help down demo run up deb proto/METHODS.md $(B)/bin/% $(B)/lib/%,$(MAKECMDGOALS)),build run test,\
    build $(if $(filter demo run up,$(MAKECMDGOALS)),run))$(if $(filter deb deb-check,$(MAKECMDGOALS)), deb)
export PACKAGES_ONLY_NAMED := $(if $(filter demo check packages,$(MAKECMDGOALS)),,yes)
packages:
	$(if $(strip $(PACKAGES)),+@tests/stack/packages $(PACKAGES))

$(B)/gen/proto/%.pb-c.c $(B)/gen/proto/%.pb-c.h: proto/%.proto $(MESSAGES) | packages
	@mkdir -p $(B)/gen/proto
	$(call say,GEN )
	$(Q)protoc-c --proto_path=proto --c_out=$(B)/gen/proto $<

$(B)/gen/proto/codes_data.inc: proto/gen_codes.awk $(wildcard migrations/*_codes.sql migrations/*_catalogues.sql) | packages
	@mkdir -p $(@D)
	$(call say,GEN )
	$(Q)awk -f proto/gen_codes.awk $(filter %.sql,$^) >$@

$(B)/gen/proto/divisions_data.inc: proto/gen_divisions.awk proto/divisions.csv migrations/0002_load_codes.sql | packages
	@mkdir -p $(@D)
	$(call say,GEN )
	$(Q)awk -f proto/gen_divisions.awk $(filter %.csv %.sql,$^) >$@

$(B)/gen/proto/occupations_data.inc: proto/gen_occupations.awk $(wildcard migrations/*_codes.sql migrations/*_catalogues.sql) | packages
	@mkdir -p $(@D)
	$(call say,GEN )
	$(Q)awk -f proto/gen_occupations.awk $(filter %.sql,$^) >$@

$(B)/gen/proto/changes_data.inc: proto/gen_changes.awk migrations/api/command.sql $(filter %/method.sql,$(GEN_SQL)) | packages
	@mkdir -p $(@D)
	$(call say,GEN )
	$(Q)awk -f proto/gen_changes.awk $(filter %.sql,$^) >$@

# METHODS.md is in the tree, for who reads it there; lint-methods says when it is not up to date.
$(GEN_DEF) $(GEN_SQL) proto/METHODS.md: proto/gen_methods.py $(B)/gen/python/.made
	@mkdir -p $(@D)
	$(call say,GEN )
	$(Q)$(PYTHON) $< $(B)/gen/python $(@F) >$@

# Each file of commands has a table of them; again when a file has gone.
$(B)/gen/client/cli/commands.def: $(SRC_cli) client/cli $(patsubst %/,%,$(sort $(dir $(SRC_cli))))
	$(Q)mkdir -p $(@D)
	$(Q)sed -n 's/^const struct commands \([a-z_]*\) =.*/COMMANDS(\1)/p' $(SRC_cli) >$@
	$(Q)echo '#undef COMMANDS' >>$@

GENERATED := $(GEN_HDR) $(GEN_DEF) $(B)/gen/client/cli/commands.def \
	$(addprefix $(B)/gen/proto/,codes_data.inc divisions_data.inc occupations_data.inc changes_data.inc)

# Functions of the database: names of enums become numbers.
ENUMS := $(PROTOS) daemon/registry/part.h
$(B)/gen/migrations/api/%.sql: migrations/api/%.sql migrations/gen_api.awk $(ENUMS) | packages
	@mkdir -p $(@D)
	$(call say,GEN )
	$(Q)awk -f migrations/gen_api.awk $(ENUMS) $< >$@

# The migrations, inside mingced; again when one is renamed.
$(B)/gen/migrations.S: migrations/embed.sh $(OBJECTS) $(MIGRATIONS) $(GEN_SQL) migrations migrations/api | packages
	@mkdir -p $(@D)
	$(call say,GEN )
	$(Q)$< $@ $(OBJECTS) $(MIGRATIONS) $(GEN_SQL)

$(B)/gen/python/.made: $(PROTOS) | packages
	@mkdir -p $(@D)
	$(call say,GEN )
	$(Q)protoc --proto_path=proto --python_out=$(@D) --descriptor_set_out=$(@D)/descriptors --include_source_info $(PROTOS)
	@touch $@

# ---- objects and libraries of a variant ----

define variant
$(B)/$(1)/obj/%.o: %.c | packages $(GENERATED)
	@mkdir -p $$(@D)
	$$(call say,CC  )
	$$(Q)$$(CC_$(1)) $$(CPPFLAGS_ALL) $$(CFLAGS_ALL) $$(CFLAGS_$(1)) $$(CFLAGS_room) -c -o $$@ $$<

$(B)/$(1)/obj/gen/%.o: $(B)/gen/%.c | packages $(GENERATED)
	@mkdir -p $$(@D)
	$$(call say,CC  )
	$$(Q)$$(CC_$(1)) $$(CPPFLAGS_ALL) $$(CFLAGS_ALL) $$(CFLAGS_$(1)) $$(CFLAGS_room) -c -o $$@ $$<

$(B)/$(1)/obj/gen/migrations.o: $(B)/gen/migrations.S | packages
	@mkdir -p $$(@D)
	$$(call say,AS  )
	$$(Q)$$(CC_$(1)) -I. -c -o $$@ $$<

# What the shared library is made of must be position-independent and keep to itself.
$(B)/$(1)/obj/proto/%.o $(B)/$(1)/obj/gen/proto/%.o $(B)/$(1)/obj/client/libmingce/%.o: CFLAGS_room := -fPIC

$(B)/$(1)/libproto.a: $(call objs,$(1),$(SRC_proto))
$(B)/$(1)/libdaemon.a: $(call objs,$(1),$(SRC_daemon) $(ASM_daemon))
$(B)/$(1)/libmingce.a: $(call objs,$(1),$(SRC_libmingce))
$(B)/$(1)/libcli.a: $(call objs,$(1),$(SRC_cli))
$(B)/$(1)/lib%.a:
	@rm -f $$@
	$$(Q)ar rcs $$@ $$^
LIBRARIES_$(1) := $(B)/$(1)/libcli.a $(B)/$(1)/libmingce.a $(B)/$(1)/libdaemon.a $(B)/$(1)/libproto.a

$(B)/$(1)/tests/%: $(B)/$(1)/obj/tests/%.o $$(LIBRARIES_$(1))
	@mkdir -p $$(@D)
	$$(call say,LINK)
	$$(Q)$$(CC_$(1)) $$(LDFLAGS_$(1)) -o $$@ $$^ $$(LIBS_tests)

-include $(patsubst %.o,%.d,$(call objs,$(1),$(SRC_proto) $(SRC_daemon) $(SRC_libmingce) $(SRC_cli) $(SRC_main) \
	$(SRC_tests) $(SRC_fuzz) $(SRC_bench)))
endef
$(foreach v,gcc asan fuzz,$(eval $(call variant,$(v))))

# ---- products ----

SYMBOLS := client/libmingce/libmingce.map
PRODUCTS := $(B)/bin/mingced $(B)/bin/mingce $(B)/bin/mingce-witness $(B)/lib/libmingce.so $(B)/lib/libmingce.a
COMPLETIONS := $(foreach program,mingce mingce-witness,$(B)/completion/$(program) $(B)/completion/_$(program) $(B)/completion/$(program).fish)
products: $(PRODUCTS) $(PAGES) $(COMPLETIONS)

$(B)/bin/mingced: $(call objs,gcc,daemon/main.c) $(B)/gcc/libdaemon.a $(B)/gcc/libproto.a
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS_gcc) -o $@ $^ $(LIBS_daemon)

$(B)/bin/mingce: $(call objs,gcc,client/cli/main.c) $(B)/gcc/libcli.a $(B)/gcc/libmingce.a $(B)/gcc/libproto.a
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS_gcc) -o $@ $^ $(LIBS_cli)

$(B)/bin/mingce-witness: $(call objs,gcc,$(SRC_witness)) $(B)/gcc/libcli.a $(B)/gcc/libmingce.a $(B)/gcc/libproto.a
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS_gcc) -o $@ $^ $(LIBS_witness)

$(B)/lib/libmingce.so: $(B)/lib/libmingce.so.0
	@ln -sf libmingce.so.0 $@

# Every message, used by the library itself or not.
$(B)/lib/libmingce.so.0: $(call objs,gcc,$(SRC_libmingce) $(SRC_proto)) $(SYMBOLS)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) -shared -Wl,-soname,libmingce.so.0 -Wl,-z,relro,-z,now -Wl,--no-undefined \
		-Wl,--version-script=$(SYMBOLS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LIBS_libmingce)

# The static one carries proto's objects, as the shared one does.
$(B)/lib/libmingce.a: $(call objs,gcc,$(SRC_libmingce) $(SRC_proto))
	@mkdir -p $(@D)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(B)/asan/bin/mingced: $(call objs,asan,daemon/main.c) $(B)/asan/libdaemon.a $(B)/asan/libproto.a
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC_asan) $(LDFLAGS_asan) -o $@ $^ $(LIBS_daemon)

$(B)/asan/bin/mingce: $(call objs,asan,client/cli/main.c) $(B)/asan/libcli.a $(B)/asan/libmingce.a $(B)/asan/libproto.a
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC_asan) $(LDFLAGS_asan) -o $@ $^ $(LIBS_cli)

$(B)/asan/bin/mingce-witness: $(call objs,asan,$(SRC_witness)) $(B)/asan/libcli.a $(B)/asan/libmingce.a $(B)/asan/libproto.a
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC_asan) $(LDFLAGS_asan) -o $@ $^ $(LIBS_witness)

# ---- manual pages and completion, from the table of commands that a program prints ----

$(B)/gen/client/%.json: $(B)/bin/%
	@mkdir -p $(@D)
	$(call say,GEN )
	$(Q)$< --describe >$@
$(B)/man/%.1: client/%.1.in client/gen_pages.py $(B)/gen/client/%.json
	@mkdir -p $(@D)
	$(call say,GEN )
	$(Q)$(PYTHON) client/gen_pages.py $(B)/gen/client/$*.json $< >$@
$(B)/man/%.zh_CN.1: client/%.zh_CN.1.in client/gen_pages.py $(B)/gen/client/%.json
	@mkdir -p $(@D)
	$(call say,GEN )
	$(Q)$(PYTHON) client/gen_pages.py $(B)/gen/client/$*.json $< >$@
$(B)/completion/%: $(B)/gen/client/%.json client/gen_pages.py
	@mkdir -p $(@D)
	$(call say,GEN )
	$(Q)$(PYTHON) client/gen_pages.py $< bash >$@
$(B)/completion/_%: $(B)/gen/client/%.json client/gen_pages.py
	@mkdir -p $(@D)
	$(call say,GEN )
	$(Q)$(PYTHON) client/gen_pages.py $< zsh >$@
$(B)/completion/%.fish: $(B)/gen/client/%.json client/gen_pages.py
	@mkdir -p $(@D)
	$(call say,GEN )
	$(Q)$(PYTHON) client/gen_pages.py $< fish >$@

# ---- the load tool ----

$(B)/bench/load: $(call objs,gcc,$(SRC_bench)) $(B)/gcc/libmingce.a $(B)/gcc/libproto.a
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS_gcc) -o $@ $^ $(LIBS_libmingce)

bench-tool: $(B)/bench/load

# `make bench BENCH='--only one --rounds 3'`; tests/bench/bench.py --help.
BENCH ?=
bench: packages products bench-tool $(B)/gen/python/.made
	+@$(PYTHON) tests/bench/bench.py $(BENCH)

# ---- tests ----

TESTS_gcc := $(SRC_test_mains:%.c=$(B)/gcc/%)
TESTS_asan := $(SRC_test_mains:%.c=$(B)/asan/%)
FUZZERS := $(SRC_fuzz:%.c=$(B)/fuzz/%)
unit-tests: $(TESTS_gcc) $(TESTS_asan)
asan: $(PRODUCTS:$(B)/bin/%=$(B)/asan/bin/%) $(call objs,asan,$(SRC_bench))

# A target that looks at proto/ only is not held up by the rest of the tree.
$(FUZZERS): $(B)/fuzz/%: $(B)/fuzz/obj/%.o $(B)/fuzz/libproto.a
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CLANG) $(LDFLAGS_fuzz) -o $@ $(filter %.o,$^) $(filter-out %libproto.a,$(filter %.a,$^)) \
		$(filter %libproto.a,$^) $(LIBS_cli) $(LIBS_daemon)
$(patsubst %.c,$(B)/fuzz/%,$(shell grep -l '"client/' $(SRC_fuzz))): $(B)/fuzz/libcli.a $(B)/fuzz/libmingce.a
$(patsubst %.c,$(B)/fuzz/%,$(shell grep -l '"daemon/' $(SRC_fuzz))): $(B)/fuzz/libdaemon.a
fuzzers: $(FUZZERS)

# `make check ONLY=integration TEST=test_claims.py::test_name`; ORDER=random or a number shuffles the Python tests.
check: packages
	+@$(PYTHON) tests/check.py --make $(MAKE) --build $(B) $(if $(ONLY),--only '$(ONLY)') $(if $(TEST),--test '$(TEST)') \
		$(if $(ORDER),--order '$(ORDER)')
list-unit-tests-gcc:
	@echo $(TESTS_gcc)
list-unit-tests-asan:
	@echo $(TESTS_asan)
list-fuzzers:
	@echo $(FUZZERS)

# MINGCE_FAULT_SEED=n replays its choices, MINGCE_FAULT_ROUNDS=n is another number of kills than a thousand.
soak: packages products asan
	+@MINGCE_TEST_S=14400 $(PYTHON) tests/check.py --make $(MAKE) --build $(B) --only soak

fuzz: packages fuzzers
	+@$(PYTHON) tests/check.py --make $(MAKE) --build $(B) --only fuzz --fuzz-seconds $$(( $(MINUTES) * 60 ))

# ---- lint ----

LINTS := format floors lengths banned spdx manual methods rules pages sql shell deb cppcheck tidy
lint: $(LINTS:%=lint-%)
list-lints:
	@echo $(LINTS)
SHELLS := $(sort $(shell grep -lsE '^\#!/bin/(ba)?sh' $(wildcard .ci/* tests/*/* migrations/* systemd/* systemd/debian/* systemd/debian/tests/*)))

lint-format: | packages
	$(Q)$(CLANG_FORMAT) --dry-run -Werror $(FORMATTED)
lint-floors: | packages
	$(Q)$(PYTHON) tests/lint/floors.py $(SOURCES) $(filter-out tests/%,$(HEADERS))
lint-lengths: | packages
	$(Q)$(PYTHON) tests/lint/lengths.py $(SOURCES) $(filter-out tests/%,$(HEADERS))
lint-banned: | packages
	$(Q)$(PYTHON) tests/lint/banned.py $(FORMATTED)
lint-spdx: | packages
	$(Q)$(PYTHON) tests/lint/spdx.py
lint-manual: $(PAGES) $(COMPLETIONS) | packages
	$(Q)$(PYTHON) tests/lint/manual.py $(MANUALS)
lint-methods: proto/gen_methods.py $(B)/gen/python/.made
	$(Q)$(PYTHON) $< $(B)/gen/python METHODS.md | diff -u proto/METHODS.md - || { echo 'make proto/METHODS.md writes it anew'; exit 1; }
lint-rules: | packages
	$(Q)$(PYTHON) tests/lint/rules.py
lint-pages: | packages
	$(Q)$(PYTHON) tests/lint/pages.py
lint-sql: | packages
	$(Q)$(PYTHON) tests/lint/sql.py $(API)
lint-shell: | packages
	$(Q)shellcheck $(SHELLS)
# Where debian/rules has it installed.
lint-deb: products
	$(Q)rm -rf $(B)/lint/deb
	$(Q)$(MAKE) -s install PACKAGES= DESTDIR=$(B)/lint/deb PREFIX=/usr LIBDIR=/usr/lib/any UNITDIR=/lib/systemd/system
	$(Q)$(PYTHON) tests/lint/deb.py $(VERSION) $(B)/lint/deb
lint-cppcheck: $(GENERATED) | packages
	@mkdir -p $(B)/lint/cppcheck
	$(Q)$(CPPCHECK) -q -j2 --cppcheck-build-dir=$(B)/lint/cppcheck --std=c11 --enable=warning,performance,portability \
		--inline-suppr --error-exitcode=1 --suppressions-list=tests/lint/cppcheck.txt -I. -I$(B)/gen \
		$(addprefix --include=,$(firstword $(wildcard /usr/include/*/sys/queue.h))) \
		-DMINGCE_VERSION='""' $(SOURCES)
TIDIED := $(SOURCES:%.c=$(B)/lint/%.tidy)
lint-tidy: $(TIDIED)
$(B)/lint/%.tidy: %.c .clang-tidy $(B)/asan/obj/%.o
	@mkdir -p $(@D)
	@$(CLANG_TIDY) --quiet --warnings-as-errors='*' $< -- -std=gnu17 $(CPPFLAGS_ALL) 2>$@.err \
		|| { cat $@.err >&2; exit 1; }
	@touch $@

format: | packages
	$(CLANG_FORMAT) -i $(FORMATTED)

# ---- the private stack ----

STACK := $(PYTHON) tests/stack/stack.py
demo: packages products
	+@$(PYTHON) tests/demo/demo.py
run: packages products
	+@$(STACK) run
up: packages products
	+@$(STACK) up
down:
	+@$(STACK) down

# ---- Debian packages ----

# Of the last commit, in build/deb. systemd/README.md, "Installing from packages".
deb: packages
	+@env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL systemd/make_deb.sh $(VERSION) $(B)/deb
# On a Debian of their own, as root. Not of `make check`: it wants the network for that Debian, and `make deb` before it.
deb-check: packages
	+@MINGCE_BUILD=$(B) $(PYTHON) -m pytest -q -p no:cacheprovider tests/deb

# ---- install, clean, help ----

install: packages products
	install -d $(DESTDIR)$(PREFIX)/sbin $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(LIBDIR)/pkgconfig \
		$(DESTDIR)$(PREFIX)/include/mingce/proto $(DESTDIR)$(UNITDIR) \
		$(DESTDIR)$(PREFIX)/lib/sysusers.d $(DESTDIR)$(PREFIX)/lib/tmpfiles.d $(DESTDIR)$(PREFIX)/share/doc/mingce \
		$(DESTDIR)$(PREFIX)/share/mingce/proto $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
		$(DESTDIR)$(PREFIX)/share/zsh/vendor-completions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d \
		$(addprefix $(DESTDIR)$(PREFIX)/share/man/,man1 man5 man8 zh_CN/man1)
	install -m 755 $(B)/bin/mingced $(DESTDIR)$(PREFIX)/sbin/mingced
	install -m 755 $(B)/bin/mingce $(B)/bin/mingce-witness $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(B)/lib/libmingce.so.0 $(B)/lib/libmingce.a $(DESTDIR)$(LIBDIR)
	ln -sf libmingce.so.0 $(DESTDIR)$(LIBDIR)/libmingce.so
	install -m 644 client/libmingce/mingce.h $(DESTDIR)$(PREFIX)/include/mingce/mingce.h
	install -m 644 $(PROTOS) $(DESTDIR)$(PREFIX)/share/mingce/proto
	install -m 644 $(GEN_HDR) $(DESTDIR)$(PREFIX)/include/mingce/proto
	sed 's,@PREFIX@,$(PREFIX),g; s,@LIBDIR@,$(LIBDIR),g; s,@VERSION@,$(VERSION),g' client/libmingce/libmingce.pc.in \
		>$(DESTDIR)$(LIBDIR)/pkgconfig/libmingce.pc
	for f in mingced.service mingced.socket mingced-metrics.socket mingced-notary.service \
		mingced-notary-metrics.socket mingce-witness.service; do \
		sed 's,@PREFIX@,$(PREFIX),g' systemd/$$f >$(DESTDIR)$(UNITDIR)/$$f; done
	for f in mingced mingce-witness; do \
		install -m 644 systemd/$$f.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/$$f.conf; \
		install -m 644 systemd/$$f.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/$$f.conf; done
	install -m 644 README.md proto/METHODS.md proto/RULES.md proto/LOG.md LICENSE $(addprefix systemd/,mingced.conf local.conf cluster.conf mingced.rules.yml) \
		$(DESTDIR)$(PREFIX)/share/doc/mingce
	install -m 644 systemd/README.md $(DESTDIR)$(PREFIX)/share/doc/mingce/RUNNING.md
	for f in $(filter-out %.zh_CN.1,$(PAGES)); do install -m 644 $$f $(DESTDIR)$(PREFIX)/share/man/man1; done
	install -m 644 daemon/mingced.conf.5 $(DESTDIR)$(PREFIX)/share/man/man5
	install -m 644 daemon/mingced.8 $(DESTDIR)$(PREFIX)/share/man/man8
	for f in $(filter %.zh_CN.1,$(PAGES)); do \
		install -m 644 $$f $(DESTDIR)$(PREFIX)/share/man/zh_CN/man1/$$(basename $$f .zh_CN.1).1; done
	install -m 644 $(filter-out $(B)/completion/_% %.fish,$(COMPLETIONS)) $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install -m 644 $(filter $(B)/completion/_%,$(COMPLETIONS)) $(DESTDIR)$(PREFIX)/share/zsh/vendor-completions
	install -m 644 $(filter %.fish,$(COMPLETIONS)) $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(if $(DESTDIR),,[ "$$(id -u)" != 0 ] || /sbin/ldconfig)

clean:
	@if [ -f $(B)/stack/state.json ]; then $(STACK) down; fi
	rm -rf $(B)

help:
	@echo 'make            build with gcc (build/bin, build/lib); warnings are errors; clang makes the sanitized build of the tests'
	@echo 'make demo       the main job from nothing: stack up, rosters in, what it did and how fast, stack down'
	@echo 'make run        the same stack in the foreground; Ctrl-C stops it'
	@echo 'make up, down   the same stack in the background; build/env tells your shell how to reach it'
	@echo 'make check      every test; the last line is `N passed, N failed`; ONLY=suite TEST=name for one, ORDER=random'
	@echo 'make lint       formatting, floors, lengths, static analysis; `make format` formats'
	@echo 'make bench      throughput, latency, growth against PostgreSQL alone; build/bench.json'
	@echo 'make soak       the long forms of tests/fault: a thousand kills, valgrind, latency beside rude clients'
	@echo 'make fuzz       MINUTES=1 of each fuzz target'
	@echo 'make install    DESTDIR= PREFIX=/usr/local'
	@echo 'make deb        Debian packages of the last commit, in build/deb; then, as root, `make deb-check` installs, upgrades and purges them'
	@echo 'make packages   installs every Debian package that is missing; tests/stack/packages --list build|run|test|deb'
	@echo 'make clean      stops the stack and removes build/'

.PHONY: list-lints list-unit-tests-gcc list-unit-tests-asan list-fuzzers all products asan unit-tests fuzzers packages bench bench-tool check soak fuzz lint $(LINTS:%=lint-%) format demo run up down \
	deb deb-check install clean help
