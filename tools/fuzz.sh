#!/bin/sh
# Runs each fuzzer (libFuzzer, sanitizers) for a while: tools/fuzz.sh FUZZER... The corpus it grows lies in
# $BUILD/corpus/FUZZER, begins with the inputs in tests/fuzz/corpus/FUZZER and is taken up again; what broke it is left there
# as crash-*. ONLY=PATTERN runs those whose name has it.
set -eu

: "${BUILD:=build/fuzz}" "${SECONDS_EACH:=60}" "${ONLY:=}"
# Leaks are for `make asan`: a fuzzer whose org remembers would be searched for them after every input.
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
status=0
for fuzzer in "$@"; do
	case $fuzzer in *"$ONLY"*) ;; *) continue ;; esac
	corpus=$BUILD/corpus/$fuzzer
	mkdir -p "$corpus"
	seeds=tests/fuzz/corpus/$fuzzer
	[ -d "$seeds" ] || seeds=
	if "$BUILD/tests/$fuzzer" -max_total_time="$SECONDS_EACH" -max_len=65536 -timeout=10 -detect_leaks=0 -print_final_stats=1 \
		-artifact_prefix="$corpus/crash-" "$corpus" $seeds >"$BUILD/$fuzzer.log" 2>&1; then
		echo "ok      $fuzzer: $(sed -n 's/^stat::number_of_executed_units: *//p' "$BUILD/$fuzzer.log") inputs"
	else
		tail -n 40 "$BUILD/$fuzzer.log"
		echo "FAILED  $fuzzer"
		status=1
	fi
done
exit $status
