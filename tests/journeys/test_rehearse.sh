#!/bin/sh
# A load is rehearsed: on a practice org with the real one's describes, with nothing written to the real one, and nothing left
# in the state folder. The real org is a practice org too. Prints TAP.
. tests/journeys/headless.sh

mkdir "$folder/describes"
cp assets/describes/*.json "$folder/describes"
# what only this org has: a value of a restricted picklist
jq '(.. | objects | select(.name? == "Status__c").picklistValues) |= map(if .value == "Paused" then .value = "Zebra" else . end)' \
	assets/describes/custom_fields.json >"$folder/describes/custom_fields.json"
start_org --describes "$folder/describes"
insert="--object Contact --action insert --config $folder/org.json"
upsert="--object Contact --action upsert --external-id Ext__c --config $folder/org.json"

untouched() { # by the real org's audit and counters: nothing was written, no job was made, nothing but questions was asked
	get counters | jq -e '.writes == 0 and ([.jobs[]] | add) == 0 and
		([.calls | to_entries[] | select(.value > 0) | .key] - ["token", "userinfo", "versions", "describe", "limits", "query"]) == []' >/dev/null
}
nothing_left() { [ -z "$(ls -A "$LONGSHORE_STATE")" ] && ! left_behind; }

people 3000 P >"$folder/people.csv"
check "a rehearsal of a good load exits 0" run 0 load "$folder/people.csv" $insert --rehearse --json
check "and tells it as a load, but for the run" eval 'json ".rehearsal and .run == null and .state == \"finished\" and .object == \"Contact\"
	and .records == 3000 and .written == 3000 and .created == 3000 and .failed == 0 and .exit == 0 and (has(\"error\") | not)"'
check "and what it cannot know" json '.not_known | any(test("other records have the same value of Ext__c")) and any(test("triggers"))'
check "the last line says that it was one" \
	last_line '^rehearsal finished: 3,000 of 3,000 written, all in a practice org: nothing was written to Longshore Practice$'
check "nothing was written to the org" untouched
check "nothing is left of it" nothing_left

by_id="--object Contact --action upsert --external-id Id --config $folder/org.json" # all have none: they are inserted
printf 'Id,Ext__c,Last Name,Status__c,Account.Ext__c\n,A-1,One,Zebra,X-1\n,a-1,Two,New,\n,A-3,Three,New,\n' >"$folder/some.csv"
check "what the org would refuse fails" run 0 load "$folder/some.csv" $by_id --allow-failures --rehearse --json
check "by its code, with an example" json '.written == 1 and .failed == 2 and ([.errors[] | .code, .count, .example_record]) == ["DUPLICATE_VALUE", 2, 1]'
check "lookups by key are taken as found, and that is said" \
	json '.not_known | any(test("a record for each value of Account.Ext__c$"))'
check "without --json it is a page" eval 'run 0 load "$folder/some.csv" $by_id --allow-failures --rehearse && grep -q "^  written  *1 " "$folder/out" &&
	grep -q "what Salesforce said" "$folder/out" && grep -q "what a rehearsal cannot know" "$folder/out" && ! grep -q "run [0-9]" "$folder/out"'
check "with failures not allowed it exits as the load would" run 4 load "$folder/some.csv" $by_id --rehearse --json
check "and says so" json '.state == "halted" and .exit == 4 and (.error | test("^rehearsal halted")) and .next == null'
printf 'Ext__c,Last Name,Status__c\nA-1,One,Paused\n' >"$folder/bad.csv"
check "findings stop it as they stop a load" eval 'run 3 load "$folder/bad.csv" $insert --rehearse --json &&
	json ".rehearsal and .failing == 1 and .exit == 3 and (.next | test(\"--rehearse\") and test(\"--skip-invalid\"))"'
check "an upsert leaves open what was there" eval 'run 0 load "$folder/people.csv" $upsert --rehearse --json --api bulk &&
	json ".written == 3000 and .created == null and .updated == null and (.not_known | any(test(\"created or updated\")))"'
check "a few go through collections as they would" eval 'people 300 Q >"$folder/few.csv" && run 0 load "$folder/few.csv" $upsert --rehearse --json &&
	json ".written == 300 and .api == \"collections\""'
check "standard input too" eval 'run_in() { "$longshore" load - $insert --rehearse --json <"$folder/few.csv" >"$folder/out" 2>"$folder/err"; } &&
	run_in && json ".written == 300 and .file == \"-\""'
check "in all this nothing was written to the org" untouched
check "and nothing is left" nothing_left

# Ids of records that the practice org does not have
run 0 load "$folder/few.csv" $insert
get "rows?object=Contact&limit=1000" | jq -r '"Id,Title", (.rows[] | .Id + ",Boss")' >"$folder/update.csv"
(head -n 2 "$folder/update.csv"; echo 0015g00000AbCdEAAV,Boss; echo 0035g00000AbCdEAAV,Boss) >"$folder/strange.csv"
cut -d , -f 1 "$folder/update.csv" >"$folder/delete.csv"
before=$(writes)
check "updates find every id" eval 'run 0 load "$folder/update.csv" --object Contact --action update --config "$folder/org.json" --rehearse --json &&
	json ".written == 300 and .updated == 300 and (.not_known | any(test(\"each Id\")))"'
check "through Bulk API as well" eval 'run 0 load "$folder/update.csv" --object Contact --action update --config "$folder/org.json" --api bulk --rehearse --json &&
	json ".written == 300 and .api == \"bulk\""'
check "deletes ask nobody" eval 'run 0 load "$folder/delete.csv" --object Contact --action delete --config "$folder/org.json" --rehearse --json && json ".deleted == 300"'
check "hard deletes neither" eval 'run 0 load "$folder/delete.csv" --object Contact --action hard_delete --config "$folder/org.json" --rehearse --json &&
	json ".deleted == 300 and (.not_known | any(test(\"delete for good\")))"'
check "the real load of the same records has not begun by that" [ "$(writes)" = "$before" ]

# What has been loaded already
check "what the journal has loaded already is refused as by the load" eval 'run 1 load "$folder/few.csv" $insert --rehearse --json && said "run 1 has loaded this" &&
	json ".next == \"longshore show 1\""'
check "unless that is meant" run 0 load "$folder/few.csv" $insert --rehearse --again
check "another journal is looked into where one is named" run 0 load "$folder/few.csv" $insert --rehearse --journal "$folder/no.sqlite"
check "and not made" [ ! -e "$folder/no.sqlite" ]
check "a rehearsal does not forbid the load" eval 'run 0 load "$folder/people.csv" $insert --rehearse && run 0 load "$folder/people.csv" $insert --json &&
	json ".run == 2 and .written == 3000"'
check "it is no run of the journal" eval 'run 0 runs --json && json "length == 2"'
check "another org than expected is refused" eval 'run 1 load "$folder/few.csv" $insert --again --rehearse --expect-org Acme && said "not Acme"'
check "check takes no such option" run 1 check "$folder/few.csv" $insert --rehearse

# Killed
people 100000 K >"$folder/many.csv"
scratch() { ls -d "$LONGSHORE_STATE"/rehearsal-*/${1:-} >/dev/null 2>&1; } # [FILE]: is there a folder of a rehearsal
begin "$folder/many.csv" $insert --rehearse
until_so scratch practice.pid
kill -KILL "$loader"
check "killed in the middle it leaves no practice org behind" until_so eval '! left_behind'
check "and no folder" until_so eval '! scratch'
post scenario '{"faults":[{"path":"*/describe","action":"delay","ms":20000}]}'
begin "$folder/many.csv" $insert --rehearse
until_so scratch lock
kill -KILL "$loader"
wait "$loader"
post scenario '{}'
check "killed before that, the next rehearsal removes its folder" \
	eval 'run 0 load "$folder/few.csv" $insert --again --rehearse && ! scratch'
post scenario '{"faults":[{"path":"*/describe","action":"delay","ms":3000}]}'
begin "$folder/many.csv" $insert --rehearse
until_so scratch lock
kill -TERM "$loader"
check "told to stop it stops" ended 5
check "and nothing is left then either" eval '! left_behind && ! scratch'

echo "1..$n"
