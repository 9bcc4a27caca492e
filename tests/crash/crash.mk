# The crash test: a driver (test_crash), and a library that kills the program it is loaded into at a chosen moment.
CRASH_PARTS = stage play judge judge_undo scene scenes players
LINK_test_crash = engine plan store
LIBS_test_crash = -lcurl -ljansson -lsqlite3 -lpthread
WITH_test_crash = $(CRASH_PARTS:%=tests/crash/%.o)

$(BUILD)/strike.so: tests/crash/strike.c $(BUILD)/flags | setup
	@echo "  LINK  $@"
	$(Q)$(CC) -std=c17 -O2 -g -fPIC -shared $(WARN) -D_GNU_SOURCE -o $@ $<

$(BUILD)/tests/test_crash: | $(BUILD)/longshore $(BUILD)/longshore-practice $(BUILD)/strike.so

-include $(CRASH_PARTS:%=$(BUILD)/tests/crash/%.d)
