#!/bin/sh
# Builds each fuzzer with libFuzzer and the sanitizers and runs it for a while: tools/fuzz.sh FUZZER... The corpus it grows
# lies in $BUILD/corpus/FUZZER and is taken up again; what broke it is left there as crash-*.
set -eu

: "${BUILD:=build/fuzz}" "${SECONDS_EACH:=60}" "${CPPFLAGS:=-D_GNU_SOURCE -DLONGSHORE_VERSION=\"fuzz\" -Isrc}"
flags=$(printf '%s' "$CPPFLAGS" | tr -d "'")
status=0
for fuzzer in "$@"; do
	corpus=$BUILD/corpus/$fuzzer
	mkdir -p "$corpus"
	# shellcheck disable=SC2086 # several flags
	clang -std=c17 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined $flags \
		-o "$BUILD/$fuzzer" "tests/fuzz/$fuzzer.c" src/base/*.c
	if "$BUILD/$fuzzer" -max_total_time="$SECONDS_EACH" -max_len=65536 -timeout=10 -print_final_stats=1 \
		-artifact_prefix="$corpus/crash-" "$corpus" >"$BUILD/$fuzzer.log" 2>&1; then
		echo "ok      $fuzzer: $(sed -n 's/^stat::number_of_executed_units: *//p' "$BUILD/$fuzzer.log") inputs"
	else
		tail -n 40 "$BUILD/$fuzzer.log"
		echo "FAILED  $fuzzer"
		status=1
	fi
done
exit $status
