#!/bin/sh
# Loads through sObject Collections: few calls, lost answers, kills, whole-request refusals, locks; proved by the org's audit.
# Prints TAP.
. tests/journeys/headless.sh

start_org
scores() { # COUNT VALUE: contacts with a key and a score
	awk -v n="$1" -v v="$2" 'BEGIN { print "Ext__c,Last Name,Score__c,Active__c,Since__c"
		for (i = 1; i <= n; i++) printf "S-%05d,\"Per\"\"son\", %s, yes,2024-02-29\n", i, v }'
}
load() { # STATUS FILE OPTIONS...
	wanted=$1 file=$2
	shift 2
	run "$wanted" load "$file" --config "$folder/org.json" --object Contact --json "$@"
}
calls() { get counters | jq -r ".calls.$1 // 0"; }

# --- few records by a unique key go through collections, on their own ---
scores 450 1.5 >"$folder/a.csv"
check "450 records upserted by a unique key" load 0 "$folder/a.csv" --action upsert --external-id Ext__c
check "went through collections" json '.api == "collections" and .created == 450 and .jobs == []'
check "in three requests" [ "$(calls collection_upsert)" -eq 3 ]
check "and no job" [ "$(calls job_create)" -eq 0 ]
check "with values as typed" in_org Contact '[.[] | select(.Score__c == "1.5" and .Active__c == "true" and .Since__c == "2024-02-29" and .LastName == "Per\"son")] | length == 450'
check "the count of calls is the org's" [ "$(jq -r .api_calls "$folder/out")" -eq "$(get counters | jq .api_calls)" ]
scores 450 2.5 >"$folder/b.csv"
check "the same again is updates" load 0 "$folder/b.csv" --action upsert --external-id Ext__c
check "said as such" json '.updated == 450 and .created == 0'
people 20 INS >"$folder/ins.csv"
check "inserts go through Bulk" load 0 "$folder/ins.csv" --action insert
check "whatever their number" json '.api == "bulk"'
check "unless asked for" load 4 "$folder/ins.csv" --action insert --api collections --again --allow-failures
check "a duplicate key fails with the org's words" json '.api == "collections" and .failed == 20 and .errors[0].code == "DUPLICATE_VALUE"' 

# --- a lost answer: sent again where that changes nothing, counted on the record ---
post scenario '{"faults": [{"path": "*/composite/sobjects/*", "nth": 2, "action": "drop_after"}, {"path": "*/composite/sobjects/*", "nth": 4, "action": "drop_before"}]}'
scores 450 3.5 >"$folder/c.csv"
check "an upsert whose answers are lost ends all the same" load 0 "$folder/c.csv" --action upsert --external-id Ext__c
check "nothing is in doubt" json '.written == 450 and .in_doubt == 0 and .pending == 0'
check "and every record has its value" in_org Contact '[.[] | select(.Score__c == "3.5")] | length == 450'
lossy=$(newest)
again=$(get 'audit?object=Contact&limit=100000' | jq '[.writes[] | select((.key.Ext__c // "") | startswith("S-"))] | group_by(.key.Ext__c) | map(length) | map(select(. == 4)) | length')
check "one request was applied twice" [ "$again" -eq 200 ]
twice=$(get 'audit?object=Contact&limit=100000' | jq '[.writes[].key.Ext__c // "" | select(startswith("S-"))] | group_by(.) | map(select(length == 4)) | .[7][0][2:] | tonumber')
check "and a record of it says so" run 0 show "$lossy" --record "$twice" --json
check "as a second attempt" json '.record.attempt == 2'

post scenario '{"faults": [{"path": "*/composite/sobjects", "nth": 1, "action": "drop_after"}]}'
people 150 LOST >"$folder/lost.csv"
check "an insert whose answer is lost is settled by its key" load 0 "$folder/lost.csv" --action insert --api collections --allow-failures
check "every record was found" json '.created == 150 and .in_doubt == 0'
check "and none went twice" created_once LOST 150
post scenario '{}'


# --- what the org refuses as a whole goes in halves, down to the record it is ---
refuse() { echo "{\"path\": \"*/composite/sobjects/*\", \"nth\": $1, \"action\": \"answer\", \"status\": 400, \"body\": \"[{\\\"message\\\": \\\"Cannot deserialize instance of date\\\", \\\"errorCode\\\": \\\"JSON_PARSER_ERROR\\\"}]\"}"; }
post scenario "{\"faults\": [$(refuse 1), $(refuse 2), $(refuse 4), $(refuse 6)]}"
scores 8 9.5 >"$folder/h.csv"
check "a request refused as a whole" load 0 "$folder/h.csv" --action upsert --external-id Ext__c --allow-failures --parallel 1
check "costs one record, not all" json '.written == 7 and .failed == 1 and .errors[0].code == "JSON_PARSER_ERROR" and .errors[0].example_record == 1'
check "the others are in the org" in_org Contact '[.[] | select(.Score__c == "9.5") | .Ext__c] | length == 7 and all(. != "S-00001")'

# --- locks heal ---
post scenario '{"faults": [{"action": "lock", "column": "Ext__c", "value": "S-0000*", "tries": 1}]}'
scores 20 4.5 >"$folder/d.csv"
check "locked records are tried again" load 0 "$folder/d.csv" --action upsert --external-id Ext__c
check "and written" json '.written == 20 and .failed == 0'
post scenario '{}'

# --- update, delete by id; a delete whose answer is lost ---
get 'rows?object=Contact&limit=100000' | jq -r '"Id", (.rows[] | select((.Ext__c // "") | startswith("S-")) | .Id)' >"$folder/ids.csv"
post scenario '{"faults": [{"method": "DELETE", "nth": 1, "action": "drop_after"}]}'
check "a delete whose answer is lost" load 0 "$folder/ids.csv" --action delete --yes
check "counts what was deleted before as deleted" json '.deleted == 450 and .failed == 0 and .api == "collections"'
check "and names each of them" eval 'run 0 export "$(newest)" --which all -o - && [ "$(grep -c ",written,003[^,]*," "$folder/out")" -eq 450 ]'
check "nothing is left" in_org Contact '[.[] | select((.Ext__c // "") | startswith("S-"))] | length == 0'
post scenario '{}'

# --- a lost answer, then an org that takes nothing more: a cancelled load waits until it knows what it has written ---
limit='"action": "answer", "status": 403, "body": "[{\"message\": \"TotalRequests Limit exceeded.\", \"errorCode\": \"REQUEST_LIMIT_EXCEEDED\"}]"'
upserts='"path": "*/composite/sobjects/*"'
post scenario "{\"faults\": [{$upserts, \"nth\": 1, \"action\": \"drop_after\"}, {$upserts, $limit}]}"
scores 450 7.5 >"$folder/w.csv"
begin "$folder/w.csv" --config "$folder/org.json" --object Contact --action upsert --external-id Ext__c --parallel 1 --json
waiting() { [ "$(show "$id" .state)" = waiting ]; }
check "a load whose answer is lost waits for the org" until_so waiting
check "an order to cancel it is taken" run 0 cancel "$id" --json
post scenario '{}'
check "and carried out" ended 5
check "no record is told to be unsent that was written" json '.state == "cancelled" and .written == 200 and .pending == 250'
check "as the org has it" in_org Contact '[.[] | select(.Score__c == "7.5")] | length == 200'

# --- what collections cannot do ---
check "hard delete through collections is refused" load 1 "$folder/ids.csv" --action hard_delete --api collections --again
check "duplicate rules and Bulk: refused with why" load 1 "$folder/ins.csv" --action insert --api bulk --allow-duplicates --again
check "in one sentence" said "Bulk API cannot pass over duplicate rules"

check "an API that there is not is refused before anything is asked" eval 'before=$(get counters | jq .api_calls) && load 1 "$folder/ins.csv" --action insert --api soap && said "auto, bulk or collections" && [ "$(get counters | jq .api_calls)" -eq "$before" ]'
check "an assignment rule is an id" eval 'load 1 "$folder/ins.csv" --action insert --assignment-rule "Web: yes" && said "takes the id of a rule"'

# --- what only collections can do ---
post scenario '{"duplicate_rules": [{"object": "Contact", "fields": ["LastName", "Title"], "message": "Use one of these records?", "allow": true}]}'
people 3 DUP >"$folder/dup.csv"
check "a duplicate rule refuses" load 4 "$folder/dup.csv" --action insert --api collections --allow-failures
check "with its words" json '.failed == 3 and .errors[0].code == "DUPLICATES_DETECTED"'
check "--allow-duplicates saves all the same" load 0 "$folder/dup.csv" --action insert --allow-duplicates --again
check "through collections" json '.created == 3 and .api == "collections"'
post scenario '{}'
{ people 3 ALL; echo 'INS-00001,Taken,"Buyer"'; } >"$folder/all.csv"
check "--all-or-none writes none of a request of which one fails" load 4 "$folder/all.csv" --action insert --all-or-none --allow-failures
check "and says of each why" json '.written == 0 and .failed == 4 and ([.errors[].code] | sort == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "DUPLICATE_VALUE"])'
check "none is in the org" in_org Contact '[.[] | select((.Ext__c // "") | startswith("ALL-"))] | length == 0'
check "what inserts through collections give up is told" said "stay in doubt"

# --- kill -9 with a request on its way ---
post scenario '{"faults": [{"path": "*/composite/sobjects/*", "nth": 1, "action": "delay", "ms": 1500}]}'
scores 300 5.5 >"$folder/k.csv"
begin "$folder/k.csv" --config "$folder/org.json" --object Contact --action upsert --external-id Ext__c --json
until_so [ "$(calls collection_upsert)" -gt 0 ]
sending() { [ "$("$longshore" show "$id" --json 2>/dev/null | jq -r .state)" = running ]; }
until_so sending
kill -KILL "$loader"
wait "$loader" 2>/dev/null
check "a killed load is interrupted" is "$id" interrupted
check "and resumes" run 0 resume "$id" --json
check "to its end" json '.written == 300 and .in_doubt == 0'
check "with each record in the org once" in_org Contact '[.[] | select(.Score__c == "5.5") | .Ext__c] | length == 300 and (unique | length) == 300'

# --- a record may point at another of the same file, which has to be there first ---
post reset '{}'
{
	echo "Ext__c,Name,Parent.Ext__c"
	seq 200 | sed 's/.*/M-&,Mother &,/'
	seq 200 | sed 's/.*/D-&,Daughter &,M-&/'
} >"$folder/families.csv"
post scenario '{"faults": [{"path": "*/composite/sobjects/*", "nth": 1, "action": "delay", "ms": 700}]}'
check "children wait for their parents" \
	run 0 load "$folder/families.csv" --config "$folder/org.json" --object Account --action upsert --external-id Ext__c --allow-failures --json
check "and all are written" json '.written == 400 and .failed == 0'
{
	sed 1q "$folder/families.csv"
	sed 1d "$folder/families.csv" | sed 's/^\(.\)-/\1x/; s/M-/Mx/'
} >"$folder/more.csv"
post scenario '{"start_delay_ms": 700}'
check "in jobs, too" \
	run 0 load "$folder/more.csv" --config "$folder/org.json" --object Account --action upsert --external-id Ext__c --allow-failures --api bulk --chunk-records 200 --json
check "which go one after the other" json '.written == 400 and .failed == 0 and (.jobs | length) == 2'
post scenario '{}'

echo "1..$n"
