# The torture test: the stages and the judge of the crash test, and a library that makes one call of the program fail.
LINK_test_torture = $(LINK_test_crash)
LIBS_test_torture = $(LIBS_test_crash)
WITH_test_torture = $(WITH_test_crash)

$(BUILD)/fail.so: tests/torture/fail.c $(BUILD)/flags | setup
	@echo "  LINK  $@"
	$(Q)$(CC) -std=c17 -O2 -g -fPIC -shared $(WARN) -D_GNU_SOURCE -o $@ $< -lsqlite3

$(BUILD)/tests/test_torture: | $(BUILD)/longshore $(BUILD)/longshore-practice $(BUILD)/strike.so $(BUILD)/fail.so

.PHONY: torture
torture: all $(BUILD)/tests/test_torture ## each allocation, write, sync and call of SQLite of a load fails once (two hours)
	@BUILD='$(BUILD)' TORTURE_ALL=1 $(BUILD)/tests/test_torture
