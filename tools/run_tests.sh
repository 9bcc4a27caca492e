#!/bin/sh
# Runs test programs and scripts, two at a time, and sums up: tools/run_tests.sh TEST...
#
# A test prints one line a case, as cmocka does with CMOCKA_MESSAGE_OUTPUT=TAP: "ok 1 - name", "not ok 2 - name", with
# "# SKIP" for one that could not run here. A test that dies, exits with failure or tells of no case has one failed case more.
# Scripts find the programs in $BUILD and run from the root of the tree. The last line is "N passed, N failed".
# ONLY=PATTERN runs those whose name has it; JOBS=1 runs one after the other.
set -eu

: "${BUILD:=build}" "${JOBS:=2}" "${ONLY:=}" "${TEST_SECONDS:=900}"
logs=$BUILD/test-logs

# One test: its output goes to a log, "NAME PASSED FAILED SKIPPED" into a file beside it.
if [ "${1:-}" = --one ]; then
	test=$2
	name=$(basename "$test" .sh)
	log=$logs/$name.log
	begin=$(date +%s)
	status=0
	CMOCKA_MESSAGE_OUTPUT=TAP BUILD=$BUILD timeout -k 5 "$TEST_SECONDS" "$test" >"$log" 2>&1 </dev/null || status=$?
	skipped=$(grep -c '^\(not \)\{0,1\}ok .*# SKIP' "$log" || true)
	passed=$(grep '^ok ' "$log" | grep -vc '# SKIP' || true)
	failed=$(grep '^not ok ' "$log" | grep -vc '# SKIP' || true)
	if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
		failed=1
		echo "# $name: exit status $status" >>"$log"
	elif [ $((passed + failed + skipped)) -eq 0 ]; then
		failed=1
		echo "# $name: told of no case" >>"$log"
	fi
	if [ "$failed" -ne 0 ]; then
		printf 'FAILED  %s: %s passed, %s failed, %ss\n%s\n' "$name" "$passed" "$failed" $(($(date +%s) - begin)) \
			"$(grep -v '^ok ' "$log" | tail -n 60 | sed 's/^/        /')"
	else
		printf 'ok      %s: %s passed%s, %ss\n' "$name" "$passed" \
			"$([ "$skipped" -eq 0 ] || echo ", $skipped skipped")" $(($(date +%s) - begin))
	fi
	echo "$name $passed $failed $skipped" >"$logs/$name.sum"
	exit 0
fi

rm -rf "$logs"
mkdir -p "$logs"
for test in "$@"; do
	case $test in *"$ONLY"*) printf '%s\0' "$test" ;; esac
done | BUILD=$BUILD TEST_SECONDS=$TEST_SECONDS xargs -0 -r -n 1 -P "$JOBS" "$0" --one

cat "$logs"/*.sum /dev/null | awk '{ passed += $2; failed += $3 }
	END { printf "%d passed, %d failed\n", passed, failed; exit failed > 0 || passed == 0 }'
