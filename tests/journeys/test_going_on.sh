#!/bin/sh
# What the actions want of a file, and a run that somebody else goes on with, elsewhere, in another org, or from another file; an order is
# taken within 2 s whatever the engine waits for. Prints TAP.
. tests/journeys/headless.sh

start_org
contacts="--config $folder/org.json --object Contact --json"
journal() { sqlite3 "$LONGSHORE_STATE/journal.sqlite" "$1"; }

# --- what the actions want of a file ---
people 20 ACT >"$folder/act.csv"
check "twenty contacts" run 0 load "$folder/act.csv" $contacts --action insert
get 'rows?object=Contact&limit=1000' | jq -r '"Id,LastName,Nonsense", (.rows[:6][] | "\(.Id),Somebody else,x")' >"$folder/ids.csv"
check "an insert refuses a column Id" run 1 load "$folder/ids.csv" $contacts --action insert --ignore Nonsense
check "with why" eval 'said "Id" && said "insert"'
sed 's/^Id,/Number,/' "$folder/ids.csv" >"$folder/no_id.csv"
check "an update wants one" run 1 load "$folder/no_id.csv" $contacts --action update --ignore Nonsense
check "and so does a delete" run 1 load "$folder/no_id.csv" $contacts --action delete --yes
check "that takes nothing else from the file" run 0 load "$folder/ids.csv" $contacts --action delete --yes
check "deletes those six" json '.deleted == 6 and .api == "collections"'
check "and says what it does not look at" eval 'said "LastName" && said "Nonsense"'
check "their names were not touched" eval 'in_org Contact "[.[] | select(.LastName == \"Somebody else\")] | length == 0"'
get 'rows?object=Contact&limit=1000' | jq -r '"Id", (.rows[:4][].Id)' >"$folder/hard.csv"
check "a hard delete goes by Bulk API" run 0 load "$folder/hard.csv" $contacts --action hard_delete --yes
check "and leaves ten" eval 'json ".deleted == 4 and .api == \"bulk\"" && [ "$(rows Contact)" -eq 10 ]'
{ printf 'Id,LastName\n'; get 'rows?object=Contact&limit=1000' | jq -r '.rows[:3][] | "\(.Id),Known"'; printf ',New one\n,New two\n'; } >"$folder/upsert.csv"
check "an upsert by Id" run 0 load "$folder/upsert.csv" $contacts --action upsert --external-id Id
check "inserts where there is none" json '.updated == 3 and .created == 2'
printf 'Ext__c,LastName\nKEY-1,One\n,Two\n' >"$folder/keyless.csv"
check "by another key that is a finding" run 3 load "$folder/keyless.csv" $contacts --action upsert --external-id Ext__c
check "of the record" json '.findings[0].rule == "key_missing" and .findings[0].example_record == 2'

# --- all or none is nothing that Bulk API can do ---
people 30 AON >"$folder/aon.csv"
check "all or none through Bulk is refused" run 1 load "$folder/aon.csv" $contacts --action insert --api bulk --all-or-none
check "with that explanation" said "Bulk API cannot write all or none: leave out --api bulk, and the records go through collections"

# --- an assignment rule is named to the org ---
printf 'Subject\nOne\nTwo\n' >"$folder/cases.csv"
check "cases with an assignment rule" run 0 load "$folder/cases.csv" --config "$folder/org.json" --object Case --json --action insert --assignment-rule 01Q5e0000000001
job=$(jq -r '.jobs[0].id' "$folder/out")
check "the job has it" eval '[ "$(curl -s -H "Authorization: Bearer 00D5e0000000001!AQEAQ.practice" "$url/services/data/v62.0/jobs/ingest/$job" | jq -r .assignmentRuleId | cut -c 1-15)" = 01Q5e0000000001 ]'

# --- failures that are not allowed halt it; those that are do not, unless nothing is written ---
people 100 RULE >"$folder/rule.csv"
post scenario '{"validation_rules": [{"object": "Contact", "when": [{"field": "Ext__c", "is": "=", "value": "RULE-00015"}], "message": "No"}, {"object": "Contact", "when": [{"field": "Ext__c", "is": "=", "value": "RULE-00055"}], "message": "No"}]}'
check "a record fails in the second chunk" run 4 load "$folder/rule.csv" $contacts --action insert --api bulk --no-allow-failures --chunk-records 10
halts=$(newest)
check "the run halts behind it" json '.state == "halted" and .failed == 1 and .written == 19 and .pending == 80'
check "resume leaves it alone, and halts at the next one" run 4 resume "$halts" --json
check "behind its chunk" json '.state == "halted" and .failed == 2 and .written == 58 and .pending == 40'
check "then there are no more" run 4 resume "$halts" --json
check "failed ones remain" json '.pending == 0 and .failed == 2 and .written == 98 and .state == "halted"'
post scenario '{"validation_rules": [{"object": "Contact", "when": [{"field": "Ext__c", "is": "like", "value": "NONE-*"}], "message": "No"}]}'
people 50 NONE >"$folder/none.csv"
check "where failures are allowed and nothing is written it halts, too" run 4 load "$folder/none.csv" $contacts --action insert --allow-failures
check "and says so" json '.state == "halted" and .written == 0 and (.error | contains("none was written"))'
post scenario '{}'

# --- a job that was told to begin is collected whatever became of its file, its mapping and Longshore ---
people 300 GONE >"$folder/gone.csv"
post scenario "{$slow}"
begin "$folder/gone.csv" $contacts --action insert --allow-failures --chunk-records 300
check "a load whose one job is at work" until_so is_processed "$id"
kill -KILL "$loader"
wait "$loader" 2>/dev/null
rm "$folder/gone.csv"
journal "UPDATE plans SET plan = '{\"longshore_mapping\":1,\"object\":\"Lead\",\"columns\":{}}' WHERE run = $id; UPDATE runs SET version = '99.0.0', describe_hash = 'another' WHERE id = $id"
post scenario '{}'
check "is collected" run 0 resume "$id" --json
check "all of it" json '.written == 300 and .created == 300 and .in_doubt == 0 and .state == "finished"'
check "each once" created_once GONE 300

# --- an order is taken within 2 s, also while an answer is waited for ---
now_ms() { date +%s%3N; }
held() { # ORDER...: how long it takes until the engine has taken it, into $took; what a command takes that orders nothing is not counted
	began=$(now_ms)
	run 0 show "$id" --json
	between=$(now_ms)
	run 0 "$@"
	status=$?
	took=$(($(now_ms) - between - (between - began)))
	return $status
}
people 3000 LATE >"$folder/late.csv"
post scenario '{"faults": [{"path": "*/composite/sobjects/*", "times": 100, "action": "delay", "ms": 8000}]}'
begin "$folder/late.csv" $contacts --action upsert --external-id Ext__c --api collections --keep-old no
busy() { [ "$(journal "SELECT count(*) FROM chunks WHERE run = $id AND state = 'sending'")" -gt 0 ]; }
check "an engine that waits for an answer" until_so busy
check "takes a pause" held pause "$id" --json
echo "# after $took ms"
check "within 2 s" [ "$took" -lt 2000 ]
check "and ends when the answers are there" ended 5
post scenario '{}'

# --- somebody else of this machine goes on with it ---
journal "UPDATE runs SET started_by = 'ana' WHERE id = $id"
check "what another has started wants a yes" run 1 resume "$id"
check "with a question that names both" said "run $id was started by ana: go on with it as $(id -un)? There is no terminal to ask at: say --yes if that is meant"
check "nothing has moved" is "$id" paused
check "with a yes" run 0 resume "$id" --yes --json
check "it goes on to the end" json '.written == 3000 and .in_doubt == 0'
check "and the log names who it was" eval 'run 0 show "$id" --log && grep -q "resumed by $(id -un)\$" "$folder/out" && grep -q "paused by $(id -un)" "$folder/out"'

# --- from elsewhere, but from nothing else ---
people 400 MOVE >"$folder/move.csv"
check "the first hundred" run 5 load "$folder/move.csv" $contacts --action insert --first 100
moved=$(newest)
sed 's/MOVE-00300/MOVE-99999/' "$folder/move.csv" >"$folder/other.csv"
mv "$folder/move.csv" "$folder/elsewhere.csv"
check "a source that has moved is asked for" run 1 resume "$moved"
check "by its name" eval 'said "move.csv" && said "say where with --file"'
check "another content is refused" run 1 resume "$moved" --file "$folder/other.csv"
check "with why" eval 'said "other.csv" && [ "$(show "$moved" .written)" -eq 100 ]'
check "where it lies now it is taken" run 0 resume "$moved" --file "$folder/elsewhere.csv" --json
check "each record once" eval 'json ".written == 400" && created_once MOVE 400'

# --- in the same org only ---
people 400 ORG >"$folder/org.csv"
check "the first hundred" run 5 load "$folder/org.csv" $contacts --action insert --first 100
mine=$(newest)
journal "UPDATE runs SET org_id = '00D5e0000000099EAA', org_name = 'Acme' WHERE id = $mine"
check "another org is refused" run 2 resume "$mine" --config "$folder/org.json"
check "with both names" said "run $mine belongs to the org Acme (00D5e0000000099EAA), but this sign-in is to Longshore Practice"
check "nothing more was written" eval '[ "$(show "$mine" .written)" -eq 100 ]'
echo "1..$n"
