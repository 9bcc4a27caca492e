#!/bin/sh
# A load of many records against the practice org: `tests/bench/load.sh [RECORDS ...]` (1,000,000 if none is named).
# Prints, for each size: records/s, the engine's CPU seconds and peak memory, API calls (ours and the org's own count), and
# the time from the end of the check to the first outcome in the journal.
set -eu
build=${BUILD:-build}
work=$(mktemp -d)
org=
trap 'test -z "$org" || kill "$org" 2>/dev/null; rm -rf "$work"' EXIT INT TERM

accounts() { # RECORDS: ten columns, about 150 bytes a record
	awk -v n="$1" 'BEGIN {
		print "Name,Ext__c,Phone,BillingStreet,BillingCity,BillingPostalCode,NumberOfEmployees,Since__c,Active__c,Description"
		for (i = 1; i <= n; i++)
			printf "Company %d of the North,K-%08d,+49 40 %07d,%d Harbour Street,Hamburg,%05d,%d,2024-%02d-%02d,%s,\"Buys rope, tar and sails since %d\"\n", \
				i, i, i % 10000000, i % 900, i % 100000, i % 5000, i % 12 + 1, i % 28 + 1, i % 2 ? "true" : "false", 1900 + i % 120
	}'
}

first_outcome() { # waits until the journal has an outcome; prints the seconds since the check ended
	while :; do
		shown=$("$build/longshore" show --state "$work/state" --json 2>/dev/null) || true
		written=$(printf %s "$shown" | jq -r '.written // 0')
		if [ "$written" -gt 0 ]; then
			printf %s "$shown" | jq -r '.started | fromdate' >"$work/started"
			echo "first outcome $(($(date +%s) - $(cat "$work/started"))) s after the check (whole seconds)"
			return
		fi
		kill -0 "$1" 2>/dev/null || return 0
	done
}

for records in "${@:-1000000}"; do
	"$build/longshore-practice" --port-file "$work/port" >/dev/null &
	org=$!
	until [ -s "$work/port" ]; do kill -0 "$org"; done
	port=$(cat "$work/port")
	printf '{"login_url":"http://127.0.0.1:%s","client_id":"practice","refresh_token":"practice-refresh"}' "$port" >"$work/org.json"
	accounts "$records" >"$work/accounts.csv"
	ls -l "$work/accounts.csv" | awk '{ printf "%d records, %d bytes\n", '"$records"', $5 }'
	"$build/tests/measure" engine "$build/longshore" load "$work/accounts.csv" --state "$work/state" --config "$work/org.json" \
		--object Account --action insert --allow-failures --yes --quiet --json >"$work/result.json" 2>"$work/cost" &
	load=$!
	first_outcome "$load"
	wait "$load"
	grep '^engine ' "$work/cost"
	jq -r '"written \(.written) failed \(.failed), \(.records / .seconds | floor) records/s, \(.api_calls) API calls"' "$work/result.json"
	curl -s "http://127.0.0.1:$port/practice/counters" | jq -c '{org_counts: .}'
	kill "$org"
	wait "$org" 2>/dev/null || true
	org=
	rm -rf "$work/state" "$work/port"
done
