# What each fuzzer links beside base: its rooms, in the order of linking, and libraries.
PRACTICE_FUZZERS = fuzz_practice_request fuzz_practice_upload fuzz_practice_query fuzz_practice_text \
                   fuzz_practice_soap fuzz_practice_jwt
$(foreach fuzzer,$(PRACTICE_FUZZERS),$(eval LINK_$(fuzzer) = practice) $(eval LIBS_$(fuzzer) = $(PRACTICE_LIBS)))
LINK_fuzz_sdl = plan org source
LIBS_fuzz_sdl = -ljansson -lcurl -lcrypto $(SOURCE_LIBS)
SOURCE_FUZZERS = fuzz_json fuzz_xlsx fuzz_dates fuzz_singer
$(foreach fuzzer,$(SOURCE_FUZZERS),$(eval LINK_$(fuzzer) = source) $(eval LIBS_$(fuzzer) = $(SOURCE_LIBS)))
