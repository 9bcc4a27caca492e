# The scale test's generator and checker.
$(BUILD)/tests/scale_records: $(BUILD)/tests/scale/records.o $(call archives,base)
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

.PHONY: scale
scale: all $(BUILD)/tests/scale_records ## 1,000,000 records with failures and look-alikes: every outcome at the right record number
	@BUILD='$(BUILD)' SCALE_RECORDS=1000000 tests/scale/test_scale.sh
