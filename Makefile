# Longshore: one flat Makefile, everything built goes to build/. `make help` lists the targets.
BUILD ?= build
CC ?= cc
WERROR ?=
SANITIZE ?=

CPPFLAGS += -D_GNU_SOURCE -DLONGSHORE_VERSION='"$(shell cat VERSION)"' -Isrc
HARDEN = -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE
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
CORE_LIBS = -lcurl -ljansson -lsqlite3 -lcrypto -lm
PRACTICE_LIBS = -lmicrohttpd -lsqlite3 -ljansson -lcrypto -lz -lm -lpthread
CONSOLE_LIBS = -lncursesw -ltinfo -lpthread

PROGRAMS = $(BUILD)/longshore $(BUILD)/longshore-practice

.PHONY: all
all: $(PROGRAMS) ## build both programs

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

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# Unit tests: tests/unit/test_NAME.c becomes one program. What it links beyond base is listed here.
UNIT = $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))
include tests/unit/links.mk
define unit_program
$(BUILD)/tests/$(1): $(BUILD)/tests/unit/$(1).o $$(call archives,$$(LINK_$(1)) base)
	@mkdir -p $$(@D)
	@echo "  LINK  $$@"
	$$(Q)$$(CC) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$^ -lcmocka $$(LIBS_$(1))
endef
$(foreach test,$(notdir $(UNIT)),$(eval $(call unit_program,$(test))))

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
