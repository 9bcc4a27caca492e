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
check "near to what was said" json '.api_calls <= .calls_needed + 6'
check "which its JSON has as well" json '.calls_needed == 14 and .batches_needed == 2 and .batches_left == 15000 and .calls_left > 99900'
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

# --- an engine that is killed has told of every call: it counts them before they leave ---
people 600 K >"$folder/k.csv"
post scenario '{"faults": [{"path": "/services/data/*", "times": 1000, "action": "delay", "ms": 50}]}'
used_before=$(used)
has_called() { [ $(($(used) - used_before)) -ge "$1" ]; }
counts_alike() { [ "$(show "$id" .api_calls)" -eq $(($(used) - used_before)) ]; } # what is on its way is counted by the org a moment later
begin "$folder/k.csv" --config "$folder/org.json" --object Contact --action insert --chunk-records 150 --no-allow-failures --json
kills=0
for calls in 6 9 12 15 18 21 24; do
	until_so has_called "$calls" || break
	kill -KILL "$loader" 2>/dev/null && kills=$((kills + 1))
	wait "$loader" 2>/dev/null
	until_so counts_alike || echo "# killed at $calls calls: $(show "$id" .api_calls) told of, $(($(used) - used_before)) counted" >>"$folder/miscounted"
	setsid "$longshore" resume "$id" --json >"$folder/load.out" 2>"$folder/load.err" </dev/null &
	loader=$!
	started="$started $loader"
done
check "a load that is killed seven times comes to its end" eval 'ended 0 && [ "$kills" -eq 7 ]'
post scenario '{}'
check "each time it had told of all its calls" [ ! -e "$folder/miscounted" ]
check "and so it has in the end" [ "$(jq .api_calls "$folder/out")" -eq $(($(used) - used_before)) ]
check "of twenty and more" json '.api_calls > 20 and .written == 600'
check "nothing is left but the count in the journal" eval '[ -z "$(find "$LONGSHORE_STATE/runs" -name "*.calls")" ]'

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
