#!/bin/sh
# What an order of its own, old values and an undo cost beside many records: `tests/bench/undo.sh [RECORDS]` (1,000,000). Prints for
# each step records/s, seconds of processor time and peak memory of the engine, and API calls; exit 1 if one takes 64 MB.
set -eu
build=${BUILD:-build}
records=${1:-1000000}
work=$(mktemp -d)
org=
trap 'test -z "$org" || kill "$org" 2>/dev/null; rm -rf "$work"' EXIT INT TERM

accounts() { # WORD: the same keys each time, other values
	awk -v n="$records" -v w="$1" 'BEGIN {
		print "Name,Ext__c,Phone,BillingStreet,BillingCity,NumberOfEmployees,Description"
		for (i = 1; i <= n; i++)
			printf "%s %d of the North,K-%08d,+49 40 %07d,%d Harbour Street,%s,%d,\"%s rope, tar and sails since %d\"\n", \
				w, i, i, (i * 7919) % 10000000, i % 900, w, i % 5000, w, 1900 + i % 120
	}'
}
step() { # NAME WORDS...: of longshore
	name=$1
	shift
	status=0
	"$build/tests/measure" engine "$build/longshore" "$@" --state "$work/state" --config "$work/org.json" --yes --quiet --json \
		>"$work/result.json" 2>"$work/cost" || status=$?
	peak=$(sed -n 's/^engine .*peak_kb=\([0-9]*\).*/\1/p' "$work/cost")
	if [ "$status" -eq 0 ] && [ "$peak" -lt 65536 ]; then verdict=met; else verdict=MISSED missed=1; fi
	jq -r --arg name "$name" --arg peak "$peak" --arg verdict "$verdict" \
		'"\($name): \(.records) records, \(.written) written, \(.records / .seconds | floor) records/s, \(.api_calls) API calls, peak \(($peak | tonumber) / 1024 | floor) MB (target below 64): \($verdict)"' "$work/result.json"
	sed -n 's/^engine /  /p' "$work/cost"
}

missed=0
"$build/longshore-practice" --port-file "$work/port" >/dev/null &
org=$!
until [ -s "$work/port" ]; do kill -0 "$org"; done
printf '{"login_url":"http://127.0.0.1:%s","client_id":"practice","refresh_token":"practice-refresh"}' "$(cat "$work/port")" >"$work/org.json"
curl -s --data-binary '{"daily_limit": 1000000}' "http://127.0.0.1:$(cat "$work/port")/practice/scenario" >/dev/null

accounts Company >"$work/a.csv"
step "insert, ordered by Phone" load "$work/a.csv" --object Account --action insert --order-by Phone --allow-failures
step "its undo" undo 1
step "insert, as the file has it" load "$work/a.csv" --object Account --action insert --allow-failures
accounts Firm >"$work/b.csv"
step "upsert, old values kept" load "$work/b.csv" --object Account --action upsert --external-id Ext__c --keep-old yes --allow-failures
step "its undo, old values kept" undo 4
"$build/longshore" journal check --state "$work/state" --quiet || missed=1
ls -l "$work/state" | awk '{ print "  " $5 " bytes " $9 }'
exit "$missed"
