#!/bin/sh
# What a load costs is said before it starts, what it did cost is counted as the org counts it, and calls that are to be kept
# are kept: the run waits. Prints TAP.
. tests/journeys/headless.sh

start_org
load() { # STATUS FILE OPTIONS...
	wanted=$1 file=$2
	shift 2
	run "$wanted" load "$file" --config "$folder/org.json" --object Contact --json "$@"
}
used() { get counters | jq .api_calls; }

# --- before the start ---
people 12000 A >"$folder/a.csv"
check "a check says what the load would cost" run 0 check "$folder/a.csv" --config "$folder/org.json" --object Contact --action insert --json --no-allow-failures
check "in calls and batches, of those left today" json '.calls_needed == 14 and .batches_needed == 2 and .batches_left == 15000 and .calls_left == 99997'
check "for people, too" run 0 check "$folder/a.csv" --config "$folder/org.json" --object Contact --action insert
check "in one line" grep -qE '^costs about 14 of 99,99[0-9] API calls, 2 of 15,000 batches left today$' "$folder/out"
used_before=$(used)
check "the load says it before it starts" load 0 "$folder/a.csv" --action insert
check "in one line" said '^costs about 14 of 99,9[0-9]* API calls, 2 of 15,000 batches left today$'
check "it costs what the org counts" [ "$(jq .api_calls "$folder/out")" -eq $(($(used) - used_before)) ]
check "near to what was said" json '.api_calls <= 14 + 6'
people 450 A | sed 's/Buyer/Boss/' >"$folder/b.csv"
used_before=$(used)
check "through collections" load 0 "$folder/b.csv" --action upsert --external-id Ext__c
check "old values are in what is said" said '^costs about 6 of 99,9[0-9]* API calls left today$'
check "and in what is counted" [ "$(jq .api_calls "$folder/out")" -eq $(($(used) - used_before)) ]
used_before=$(used)
check "an undo" run 0 undo "$(newest)" --yes --json
check "counts its questions as well" [ "$(jq .api_calls "$folder/out")" -eq $(($(used) - used_before)) ]

# --- counted as the org counts, whatever happens on the way ---
people 400 T >"$folder/t.csv"
post scenario '{"faults": [{"method": "GET", "path": "*/jobs/ingest/*", "nth": 1, "action": "drop_after"}, {"path": "*/batches", "nth": 1, "action": "cut_upload", "bytes": 100}, {"method": "GET", "path": "*/jobs/ingest/*", "nth": 3, "action": "expire_sessions"}]}'
used_before=$(used)
check "with lost answers, a broken upload and a session that ends" load 0 "$folder/t.csv" --action insert --allow-failures --chunk-records 100
check "all are written" json '.written == 400'
count=$(jq .api_calls "$folder/out")
echo "# $count calls, from $used_before to $(used) of the org"
post scenario '{}'
check "the count is the org's" [ "$count" -eq $(($(used) - used_before)) ]

# --- a floor ---
people 500 F >"$folder/f.csv"
limit=$(($(used) + 40))
post scenario "{\"daily_limit\": $limit}"
begin "$folder/f.csv" --config "$folder/org.json" --object Contact --action upsert --external-id Ext__c --keep-old no --parallel 1 --chunk-records 10 --keep-calls 20 --json
waits() { [ "$(show "$id" .state)" = waiting ] && show "$id" .why | grep -q "$1"; }
check "a load that is to keep 20 calls waits when fewer are left" until_so waits "API calls left today, and the last 20 are to be kept"
check "it was said that this will happen" grep -q 'that is more than there is: the run will wait for more' "$folder/load.err"
check "those are left" eval '[ $((limit - $(used))) -ge 19 ]'
check "it has written some" eval '[ "$(show "$id" .written)" -gt 0 ] && [ "$(show "$id" .pending)" -gt 0 ]'
check "a pause is taken meanwhile" run 0 pause "$id"
check "and ends it" ended 5
post scenario '{}'
check "when there are more it goes on" run 0 resume "$id" --json
check "to its end" json '.written == 500 and .state == "finished"'
check "another number is refused" run 1 load "$folder/f.csv" --config "$folder/org.json" --object Contact --keep-calls few
echo "1..$n"
