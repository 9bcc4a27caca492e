#!/bin/sh
# The write engine beside an org that works on so many records a second and refuses each twentieth, failures allowed: its share of the org's rate, API
# calls, memory, the time to the first outcome, and whether the targets are met: `tests/bench/engine.sh [RECORDS [RATE]]`
# (1,000,000 and 20,000). Exit 1 if one is missed, or if the engine's count of calls is not the org's own.
set -eu
build=${BUILD:-build}
records=${1:-1000000}
rate=${2:-20000}
work=$(mktemp -d)
org=
trap 'test -z "$org" || kill "$org" 2>/dev/null; rm -rf "$work"' EXIT INT TERM

awk -v n="$records" 'BEGIN {
	print "Name,Ext__c,Phone,BillingStreet,BillingCity,BillingPostalCode,NumberOfEmployees,Since__c,Active__c,Description,OwnerId"
	for (i = 1; i <= n; i++)
		printf "Company %d of the North,K-%08d,+49 40 %07d,%d Harbour Street,Hamburg,%05d,%d,2024-%02d-%02d,%s,\"Buys rope, tar and sails since %d\",%s\n", \
			i, i, i % 10000000, i % 900, i % 100000, i % 5000, i % 12 + 1, i % 28 + 1, i % 2 ? "true" : "false", 1900 + i % 120, i % 20 ? "" : "0055e000000009zAAA"
}' >"$work/accounts.csv"

printf '{"rate":%s}' "$rate" >"$work/scenario.json"
"$build/longshore-practice" --port-file "$work/port" --scenario "$work/scenario.json" >/dev/null &
org=$!
until [ -s "$work/port" ]; do kill -0 "$org"; done
url=http://127.0.0.1:$(cat "$work/port")
printf '{"login_url":"%s","client_id":"practice","refresh_token":"practice-refresh"}' "$url" >"$work/org.json"

"$build/tests/measure" engine "$build/longshore" load "$work/accounts.csv" --state "$work/state" --config "$work/org.json" \
	--object Account --action insert --allow-failures --yes --quiet --json >"$work/result.json" 2>"$work/cost"

missed=0
echo "load of the machine: $(cut -d ' ' -f 1 /proc/loadavg) on $(nproc) processors"
peak=$(sed -n 's/^engine .*peak_kb=\([0-9]*\).*/\1/p' "$work/cost")
"$build/tests/engine_figures" "$work/state" "$rate" "$peak" || missed=1
ours=$(jq .api_calls "$work/result.json")
theirs=$(curl -s "$url/practice/counters" | jq .api_calls)
if [ "$ours" -eq "$theirs" ]; then verdict=met; else verdict=MISSED missed=1; fi
echo "API calls: $ours by the engine's count, $theirs by the org's (target: the same): $verdict"
exit "$missed"
