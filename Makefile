# Longshore: one flat Makefile, everything built goes to build/. `make help` lists the targets.
BUILD ?= build
CC ?= cc
PREFIX ?= /usr/local
WERROR ?=
SANITIZE ?=

CPPFLAGS += -D_GNU_SOURCE -DLONGSHORE_VERSION='"$(shell cat VERSION)"' -Isrc
HARDEN = -fstack-protector-strong -fstack-clash-protection -fPIE \
         $(if $(filter x86_64 i686,$(shell uname -m)),-fcf-protection)
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wvla -Wformat=2 -Wundef -Wwrite-strings -Wmissing-prototypes \
       -Wstrict-prototypes -Wcast-qual -Wimplicit-fallthrough $(WERROR)
OPTIMISE = -O2 -g $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer,-D_FORTIFY_SOURCE=3)
CFLAGS += -std=c17 $(OPTIMISE) $(HARDEN) $(WARN)
LDFLAGS += -pie -Wl,-z,relro,-z,now $(if $(SANITIZE),-fsanitize=$(SANITIZE))
Q = $(if $(V),,@)

# A room is a folder; each becomes one archive. The order is the order of linking: users before what they use.
ROOMS = command console engine plan org source store practice base
DIR_command = src/ui/command
DIR_console = src/ui/console src/ui/console/screens
DIR_engine = src/core/engine
DIR_plan = src/core/plan
DIR_org = src/core/org
DIR_source = src/core/source
DIR_store = src/store
DIR_practice = src/practice
DIR_base = src/base
MAINS = src/ui/command/main.c src/practice/main.c

sources = $(filter-out $(MAINS),$(wildcard $(addsuffix /*.c,$(DIR_$(1)))))
objects = $(patsubst %.c,$(BUILD)/%.o,$(call sources,$(1)))
archives = $(foreach room,$(1),$(BUILD)/lib$(room).a)

CORE = engine plan org source store base
SOURCE_LIBS = -lzstd -lminizip -lz -lyajl -lexpat
CORE_LIBS = $(SOURCE_LIBS) -lcurl -ljansson -lsqlite3 -lcrypto -lz -lm
PRACTICE_LIBS = -lmicrohttpd -lsqlite3 -ljansson -lexpat -lcrypto -lz -lm -lpthread
CONSOLE_LIBS = -lncursesw -ltinfo -lpthread

PROGRAMS = $(BUILD)/longshore $(BUILD)/longshore-practice

.DEFAULT_GOAL = all
.PHONY: all demo test test-peers lint asan fuzz bench format install help clean setup FORCE

all: $(PROGRAMS) ## build both programs

demo: all ## try it: a practice org with sample files, and the console on it
	$(Q)$(BUILD)/longshore demo

$(BUILD)/longshore: $(BUILD)/src/ui/command/main.o $(call archives,command console $(CORE))
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CORE_LIBS) $(CONSOLE_LIBS)

$(BUILD)/longshore-practice: $(BUILD)/src/practice/main.o $(call archives,practice base)
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PRACTICE_LIBS)

define room_archive
$(BUILD)/lib$(1).a: $(call objects,$(1))
	@rm -f $$@
	$$(Q)ar rcs $$@ $$^
endef
$(foreach room,$(ROOMS),$(eval $(call room_archive,$(room))))

$(BUILD)/%.o: %.c $(BUILD)/flags | setup
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# One file for newer processors of x86-64: src/base/csv_index.c asks before it is used.
$(BUILD)/src/base/csv_index_v3.o: CFLAGS += $(if $(filter x86_64,$(shell uname -m)),-mavx2 -mbmi -mpopcnt)

# What was compiled with other flags is compiled again.
FLAGS = $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS)
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(FLAGS))' | cmp -s - $@ || printf '%s\n' '$(subst ','\'',$(FLAGS))' > $@

# Installs what is missing for the goals at hand; says what it does, does nothing when all is there.
KINDS = build $(if $(filter test asan,$(MAKECMDGOALS)),test) $(if $(filter lint format,$(MAKECMDGOALS)),lint) \
        $(if $(filter fuzz,$(MAKECMDGOALS)),fuzz) $(if $(filter bench-scan bench-check bench-large,$(MAKECMDGOALS)),bench) $(if $(filter test-peers,$(MAKECMDGOALS)),peers)
setup:
	@CC='$(CC)' tools/setup.sh $(KINDS)

# Tests: tests/SUITE/test_NAME.c becomes the program build/tests/test_NAME; what it links beyond base is listed in
# links.mk. tests/SUITE/test_NAME.sh is run as it is. What a test has to print: tools/run_tests.sh.
TEST_SOURCES = $(sort $(wildcard tests/*/test_*.c))
TEST_PROGRAMS = $(addprefix $(BUILD)/tests/,$(notdir $(basename $(TEST_SOURCES))))
PEER_SCRIPTS = $(sort $(wildcard tests/peers/test_*.sh))
TEST_SCRIPTS = $(filter-out $(PEER_SCRIPTS),$(sort $(wildcard tests/*/test_*.sh)))
include tests/unit/links.mk
include tests/crash/crash.mk
include tests/torture/torture.mk
include tests/scale/scale.mk
define test_program
$(BUILD)/tests/$(notdir $(basename $(1))): $(BUILD)/$(basename $(1)).o \
		$$(addprefix $(BUILD)/,$$(WITH_$(notdir $(basename $(1))))) \
		$$(call archives,$$(LINK_$(notdir $(basename $(1)))) base)
	@mkdir -p $$(@D)
	@echo "  LINK  $$@"
	$$(Q)$$(CC) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$^ -lcmocka $$(LIBS_$(notdir $(basename $(1)))) \
		$$(if $$(filter source,$$(LINK_$(notdir $(basename $(1))))),$$(SOURCE_LIBS)) \
		$$(if $$(filter practice,$$(LINK_$(notdir $(basename $(1))))),$$(PRACTICE_LIBS))
endef
$(foreach test,$(TEST_SOURCES),$(eval $(call test_program,$(test))))

test: all $(TEST_PROGRAMS) $(BUILD)/strike.so $(BUILD)/fail.so $(BUILD)/tests/scale_records ## everything a change must pass: units, screens, journeys, crashes
	@BUILD='$(BUILD)' tools/run_tests.sh $(TEST_SCRIPTS) $(TEST_PROGRAMS)

test-peers: all ## clients that others wrote (jsforce, Salesforce CLI; from the npm registry; a browser) against the practice org
	@BUILD='$(BUILD)' tools/run_tests.sh $(PEER_SCRIPTS)

asan: ## the same tests with address and undefined-behaviour sanitizers
	+$(Q)tools/setup.sh build test
	+$(Q)$(MAKE) BUILD=$(BUILD)/asan SANITIZE=address,undefined test

.PHONY: pictures
pictures: all ## the pictures of README.md, made anew from the console's cells on the practice org
	@BUILD='$(BUILD)' tools/pictures.sh

.PHONY: keys
keys: ## KEYS (100,000) random keys from SEED (1) into the console, under the sanitizers
	+$(Q)tools/setup.sh build test
	+$(Q)$(MAKE) BUILD=$(BUILD)/asan SANITIZE=address,undefined all
	@BUILD='$(BUILD)/asan' KEYS=$${KEYS:-100000} tests/journeys/test_console_keys.sh

lint: setup ## format, clang-tidy, cppcheck, headers, include directions, lengths
	@BUILD='$(BUILD)' CPPFLAGS='$(subst ','\'',$(CPPFLAGS))' tools/lint.sh

# clang-tidy on one file, again when the file or what it includes has changed. The analyzer gives a function 30,000 states, not
# 225,000: that takes a third of the time, and whatever it has found here it still finds.
TIDY = $(patsubst %.c,$(BUILD)/tidy/%.ok,$(shell find src -name '*.c'))
TIDY_FLAGS = -std=c17 $(CPPFLAGS)
$(BUILD)/tidy/%.ok: %.c .clang-tidy
	@mkdir -p $(@D)
	$(Q)clang-tidy --quiet $< -- $(TIDY_FLAGS) -Xclang -analyzer-config -Xclang max-nodes=30000 2>/dev/null
	$(Q)$(CC) $(TIDY_FLAGS) -MM -MP -MT $@ -MF $(@:.ok=.d) $<
	@touch $@
.PHONY: tidy
tidy: $(TIDY)
-include $(wildcard $(TIDY:.ok=.d))

# Fuzzers: tests/fuzz/fuzz_NAME.c becomes build/fuzz/tests/fuzz_NAME; what it links beyond base is listed in links.mk.
FUZZERS = $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_PROGRAMS = $(addprefix $(BUILD)/tests/,$(FUZZERS))
FUZZ_SECONDS ?= 60
include tests/fuzz/links.mk
define fuzz_program
$(BUILD)/tests/$(1): $(BUILD)/tests/fuzz/$(1).o $$(call archives,$$(LINK_$(1)) base)
	@mkdir -p $$(@D)
	@echo "  LINK  $$@"
	$$(Q)$$(CC) $$(CFLAGS) $$(LDFLAGS) -fsanitize=fuzzer -o $$@ $$^ $$(LIBS_$(1))
endef
$(foreach fuzzer,$(FUZZERS),$(eval $(call fuzz_program,$(fuzzer))))

.PHONY: fuzzers
fuzzers: $(FUZZ_PROGRAMS)

fuzz: setup ## libFuzzer on what reads foreign bytes, FUZZ_SECONDS (60) each; ONLY=NAME for some
	+$(Q)$(MAKE) -o setup BUILD=$(BUILD)/fuzz CC=clang SANITIZE=fuzzer-no-link,address,undefined fuzzers
	@BUILD='$(BUILD)/fuzz' SECONDS_EACH=$(FUZZ_SECONDS) tools/fuzz.sh $(FUZZERS)

# tests/bench/NAME.c becomes build/tests/NAME.
BENCH_PROGRAMS = $(patsubst tests/bench/%.c,$(BUILD)/tests/%,$(filter-out %/libcsv.c,$(wildcard tests/bench/*.c)))
BENCH_CONSOLE = $(BUILD)/tests/console_review
$(filter-out $(BENCH_CONSOLE),$(BENCH_PROGRAMS)): $(BUILD)/tests/%: $(BUILD)/tests/bench/%.o $(call archives,$(CORE))
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CORE_LIBS) -lpthread

# Stands alone, as its names are those of ours.
$(BUILD)/tests/libcsv: $(BUILD)/tests/bench/libcsv.o
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcsv

$(BENCH_CONSOLE): $(BUILD)/tests/%: $(BUILD)/tests/bench/%.o $(call archives,console $(CORE))
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CORE_LIBS) $(CONSOLE_LIBS)

bench: all $(BENCH_PROGRAMS) ## 1,000,000 records into the practice org and through Longshore; prints rates, memory, calls
	@tests/bench/practice.sh '$(BUILD)/longshore-practice'
	@BUILD='$(BUILD)' tests/bench/load.sh

.PHONY: bench-undo
bench-undo: all $(BENCH_PROGRAMS) ## the same number in an order of their own, with old values kept, and undone; memory below 64 MB
	@BUILD='$(BUILD)' tests/bench/undo.sh

.PHONY: bench-scan bench-check bench-large bench-engine
bench-scan: setup $(BUILD)/tests/scan $(BUILD)/tests/libcsv ## the record scanner beside wc -l and libcsv
	@'$(BUILD)/tests/scan'

bench-large: setup $(BUILD)/tests/check ## 10,000,000 records, then 10 GB of them, through the whole check: its memory
	@'$(BUILD)/tests/check' 10000000
	@'$(BUILD)/tests/check' 71000000

bench-check: setup $(BUILD)/tests/check ## a file mapped, converted and checked, beside wc -l and Python's csv module
	@'$(BUILD)/tests/check'

bench-engine: all $(BENCH_PROGRAMS) ## the write engine's targets: pace beside a limited org, calls, memory, matching
	@status=0; '$(BUILD)/tests/matching' || status=1; BUILD='$(BUILD)' tests/bench/engine.sh || status=1; exit $$status

.PHONY: bench-automap
bench-automap: $(BUILD)/tests/automap ## 200 columns to an object of 800 fields: the share of a frame of the console (16 ms)
	@'$(BUILD)/tests/automap'

.PHONY: bench-console
bench-console: all $(BENCH_PROGRAMS) ## the console's targets: first frame, keys, processor time, Review of 10,000,000 records
	@BUILD='$(BUILD)' tests/bench/console.sh

format: setup ## clang-format on every source file
	$(Q)find src tests -name '*.[ch]' | xargs clang-format -i

install: all ## into PREFIX (/usr/local), below DESTDIR
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/longshore $(DESTDIR)$(PREFIX)/share/man/man1
	install $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	cp -R assets/samples assets/describes assets/setup $(DESTDIR)$(PREFIX)/share/longshore
	$(BUILD)/longshore help man >$(DESTDIR)$(PREFIX)/share/man/man1/longshore.1

clean: ## removes what was built
	rm -rf $(BUILD)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

-include $(patsubst %.c,$(BUILD)/%.d,$(foreach room,$(ROOMS),$(call sources,$(room))) $(MAINS) \
           $(wildcard tests/*/*.c))
