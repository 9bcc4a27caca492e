#!/bin/sh
# The console by the clock: its first frame, the processor time it takes when nothing happens and while it watches a load, a key's answer
# meanwhile, and Review of a large run: `tests/bench/console.sh [RECORDS]` (10,000,000). Exit 1 if a target is missed.
set -eu
build=${BUILD:-build}
work=$(mktemp -d)
org= load=
trap 'for process in $load $org; do kill "$process" 2>/dev/null; done; rm -rf "$work"' EXIT INT TERM
program=$(realpath "$build/longshore")
missed=0

"$build/longshore-practice" --port-file "$work/port" >/dev/null &
org=$!
until [ -s "$work/port" ]; do kill -0 "$org"; done
printf '{"login_url":"http://127.0.0.1:%s","client_id":"practice","refresh_token":"practice-refresh"}' "$(cat "$work/port")" >"$work/org.json"
chmod 600 "$work/org.json"
awk 'BEGIN {
	print "LastName,Ext__c,Phone"
	for (i = 1; i <= 3000000; i++)
		printf "Person %d,P-%08d,+49 40 %07d\n", i, i, i % 10000000
}' >"$work/people.csv"
echo "load of the machine: $(cut -d ' ' -f 1 /proc/loadavg) on $(nproc) processors"
head -n 20 "$work/people.csv" >"$work/few.csv"
"$program" load "$work/few.csv" --state "$work/state" --config "$work/org.json" --object Contact --action insert --yes --quiet 2>/dev/null
"$build/tests/console_pty" first "$program" --state "$work/state" --config "$work/org.json" || missed=1
"$build/tests/console_pty" idle "$program" --state "$work/state" --config "$work/org.json" || missed=1
"$program" load "$work/people.csv" --state "$work/state" --config "$work/org.json" --object Contact --action insert --allow-failures --yes --quiet 2>/dev/null &
load=$!
until [ "$("$program" show 2 --state "$work/state" --json 2>/dev/null | jq '.written // 0')" -gt 0 ] 2>/dev/null; do
	kill -0 "$load"
	sleep 0.2
done
"$build/tests/console_pty" watch 2 "$program" --state "$work/state" --config "$work/org.json" || missed=1
kill -0 "$load" || { echo "the load ended before it was watched" && missed=1; }
kill "$load" && wait "$load" 2>/dev/null || :
load=
"$build/tests/console_review" "$@" || missed=1
exit "$missed"
