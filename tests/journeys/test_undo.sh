#!/bin/sh
# A run is taken back by a run of its own: created records are deleted, updated ones get their old values back, and what was
# changed since is left alone and listed; proved by the org's rows and its audit. Prints TAP.
. tests/journeys/headless.sh

start_org
load() { # STATUS FILE OPTIONS...
	wanted=$1 file=$2
	shift 2
	run "$wanted" load "$file" --config "$folder/org.json" --object Contact --json "$@"
}
api() { # METHOD PATH BODY: somebody else writes
	curl -s -X "$1" -H 'Authorization: Bearer 00D5e0000000001!AQEAQ.practice' -H 'Content-Type: application/json' -d "$3" "$url/services/data/v62.0/$2" >/dev/null
}
id_of() { get "rows?object=Contact&limit=100000" | jq -r ".rows[] | select(.Ext__c == \"$1\") | .Id"; }                 # KEY
field_of() { get "rows?object=Contact&limit=100000" | jq -r ".rows[] | select(.Ext__c == \"$1\") | .$2 // \"none\""; } # KEY FIELD
contacts() { get "rows?object=Contact&limit=100000" | jq -cS '[.rows[] | {Id, Ext__c, LastName, Title, AccountId}] | sort_by(.Id)'; }

# --- an insert: everything is deleted, and may be loaded again ---
people 40 I >"$folder/i.csv"
check "40 people" load 0 "$folder/i.csv" --action insert
check "a second load of them is refused" load 1 "$folder/i.csv" --action insert
calls=$(get counters | jq .writes)
check "what an undo would do is counted" run 0 undo 1 --check --json
check "in numbers" json '.undo_of == 1 and .undoable == 40 and .created == 40 and .deletable == 40 and .updated == 0 and .exit == 0'
check "and nothing is written" eval '[ "$(get counters | jq .writes)" -eq "$calls" ] && [ "$(newest)" -eq 1 ] && [ -z "$(find "$LONGSHORE_STATE" -name "undo*")" ]'
check "without a terminal it wants a yes" run 1 undo 1
check "and says so" said 'this changes 40 records, and there is no terminal to ask at: say --yes'
check "nothing is begun" eval '[ "$(newest)" -eq 1 ]'
check "with it all are deleted" run 0 undo 1 --yes --json
check "by a run of its own" json '.run == 2 and .undo_of == 1 and .state == "finished" and .action == "delete" and .deleted == 40 and .records == 40 and .pending == 0'
check "the org has none of them" in_org Contact 'length == 0'
check "each was deleted once" audit Contact '[.[] | select(.verb == "deleted")] | length == 40 and ([.[].id] | unique | length) == 40'
check "the run knows that nothing is left to undo" eval '[ "$(show 1 .undoable)" -eq 0 ]'
check "its log names the undo" eval 'run 0 show 1 --log && grep -q "undone by run 2" "$folder/out"'
check "and so do both pages" eval 'run 0 show 1 && grep -qx "undone by run 2" "$folder/out" && run 0 show 2 && grep -qx "undoes run 1" "$folder/out"'
check "the calls counted are the org's" eval '[ $(($(show 1 .api_calls) + $(show 2 .api_calls))) -le "$(get counters | jq .api_calls)" ]'
check "a second undo finds nothing as it was left" run 1 undo 1 --yes
check "which it says" said 'nothing of run 1 is as it left it'
check "what was undone can be loaded again" load 0 "$folder/i.csv" --action insert
check "once" eval '[ "$(rows Contact)" -eq 40 ]'

# --- an upsert: created and updated; a lookup by the parent's key; a field that was empty; one that was cleared ---
printf 'Ext__c,Name\nP-1,Old parent\nP-2,New parent\n' >"$folder/p.csv"
check "two accounts" run 0 load "$folder/p.csv" --config "$folder/org.json" --object Account --action insert
printf 'Ext__c,LastName,Title,Account.Ext__c\nU-1,One,Buyer,P-1\nU-2,Two,,\nU-3,Three,Seller,P-1\nU-4,Four,Chief,\nU-5,Five,Chief,\n' >"$folder/u0.csv"
check "five contacts" load 0 "$folder/u0.csv" --action insert
before=$(contacts)
printf '{"Ext__c":"U-1","LastName":"Uno","Title":null,"Account":{"Ext__c":"P-2"}}
{"Ext__c":"U-2","LastName":"Due","Title":"Boss","Account":{"Ext__c":"P-2"}}
{"Ext__c":"U-3","LastName":"Tre","Title":"Head","Account":{"Ext__c":"P-2"}}
{"Ext__c":"U-4","LastName":"Quattro","Title":"Head"}
{"Ext__c":"U-5","LastName":"Five","Title":"It said \\"no\\",\\nand \\u00fc"}
{"Ext__c":"U-6","LastName":"Six","Title":"New"}
{"Ext__c":"U-7","LastName":"Seven","Title":"New"}\n' >"$folder/u1.jsonl"
check "five are changed, two are new" load 0 "$folder/u1.jsonl" --action upsert --external-id Ext__c
upsert=$(newest)
check "all can be undone" json '.created == 2 and .updated == 5 and .undoable == 7'
after=$(contacts)
check "they are undone" run 0 undo "$upsert" --yes --json
undo=$(newest)
check "in one run" json ".run == $undo and .undo_of == $upsert and .updated == 5 and .deleted == 2 and .records == 7 and .skipped == 0 and .undoable == 5"
check "the org is as it was before" eval '[ "$(contacts)" = "$before" ]'
check "an undo can be undone: what it put back is changed again" run 0 undo "$undo" --yes --json
check "what it deleted stays deleted" json '.updated == 5 and .deleted == 0 and .records == 5'
check "which was said first" eval 'head -n 1 "$folder/err" | grep -q "2 deleted: cannot be undone; the org.s recycle bin keeps them for 15 days"'
check "the org is as the run had left it, but for those" eval '[ "$(contacts)" = "$(printf "%s" "$after" | jq -cS "[.[] | select(.Ext__c != \"U-6\" and .Ext__c != \"U-7\")]")" ]'
check "and that can be undone, too" run 0 undo "$(newest)" --yes --json
check "the org is as it was before" eval '[ "$(contacts)" = "$before" ]'
check "the journal is sound" run 0 journal check

# --- what was changed since is left alone, and listed ---
people 12 C >"$folder/c0.csv"
check "twelve contacts" load 0 "$folder/c0.csv" --action insert
people 14 C | sed 's/Buyer/Boss/' >"$folder/c1.csv"
check "are changed, and two are new" load 0 "$folder/c1.csv" --action upsert --external-id Ext__c
run12=$(newest)
api PATCH "sobjects/Contact/$(id_of C-00003)" '{"Title": "Somebody else said so"}'
api DELETE "sobjects/Contact/$(id_of C-00004)" '{}'
post clock '{"advance_ms": 600000}'
api PATCH "sobjects/Contact/$(id_of C-00014)" '{"Department": "Sales"}'
check "what an undo would leave alone is counted" run 0 undo "$run12" --check --json
check "by kind" json '.undoable == 11 and .updated == 12 and .restorable == 10 and .updated_changed == 1 and .updated_gone == 1 and .created == 2 and .deletable == 1 and .created_changed == 1'
check "and said" run 0 undo "$run12" --check
check "in a line each" eval 'grep -q "^2 created: 1 deleted; 1 has changed since: left alone$" "$folder/out" && grep -q "^12 updated: 10 get their old values back in 2 fields; 1 has changed since: left alone; 1 is not there any more$" "$folder/out"'
check "the undo does the rest" run 0 undo "$run12" --yes --json
left=$(newest)
check "and lists what it left" json '.written == 11 and .skipped == 3 and ([.skipped_by[] | {(.reason): .count}] | add) == {"changed": 2, "gone": 1}'
check "what somebody else wrote is as it was" eval '[ "$(field_of C-00003 Title)" = "Somebody else said so" ] && [ "$(field_of C-00014 Department)" = Sales ]'
check "what nobody touched is back" eval '[ "$(field_of C-00005 Title)" = "Buyer, 5" ] && [ "$(field_of C-00013 Title)" = "" ]'
check "the list is a file" run 0 export "$left" --which skipped -o "$folder/left.csv"
check "with the field" eval 'grep -q "has been changed since: left alone (Title)" "$folder/left.csv" && [ "$(wc -l <"$folder/left.csv")" -eq 4 ]'

# --- of a record that somebody has changed in part, the other fields are put back ---
printf 'Ext__c,LastName,Title,Department\nQ-1,One,Buyer,Old\nQ-2,Two,Buyer,Old\nQ-3,Three,Buyer,Old\n' >"$folder/q0.csv"
check "three contacts" load 0 "$folder/q0.csv" --action insert
printf 'Ext__c,LastName,Title,Department\nQ-1,Uno,Boss,New\nQ-2,Due,Boss,New\nQ-3,Tre,Boss,New\nQ-4,New,Boss,New\n' >"$folder/q1.csv"
check "are changed in three fields, and one is new" load 0 "$folder/q1.csv" --action upsert --external-id Ext__c
partly=$(newest)
api PATCH "sobjects/Contact/$(id_of Q-2)" '{"Title": "Somebody else said so", "Department": "Sales"}'
api PATCH "sobjects/Contact/$(id_of Q-3)" '{"LastName": "Else", "Title": "Else", "Department": "Else"}'
check "what goes in part is counted" run 0 undo "$partly" --check --json
check "and what does not" json '.updated == 3 and .restorable == 2 and .restorable_in_part == 1 and .updated_changed == 1 and .deletable == 1 and .undoable == 3'
check "and said" run 0 undo "$partly" --check
check "in a line" grep -q '^3 updated: 2 get their old values back in 3 fields; 1 of them in part, without the fields that have changed since; 1 has changed since: left alone$' "$folder/out"
check "a look leaves no file behind" eval '[ -z "$(find "$LONGSHORE_STATE" -name "undo-$partly-*" -o -name "undo-??????")" ]'
check "it is undone" run 0 undo "$partly" --yes --json
check "in part" json '.updated == 2 and .deleted == 1 and .skipped == 1 and .pending == 0'
check "somebody else's fields stay" eval '[ "$(field_of Q-2 Title)" = "Somebody else said so" ] && [ "$(field_of Q-2 Department)" = Sales ] && [ "$(field_of Q-3 LastName)" = Else ]'
check "the others are as before" eval '[ "$(field_of Q-2 LastName)" = Two ] && [ "$(field_of Q-1 LastName)" = One ] && [ "$(field_of Q-1 Department)" = Old ]'
check "the list" run 0 export "$(newest)" --which written -o "$folder/partly.csv"
check "names the fields that were left" grep -q 'Title, Department' "$folder/partly.csv"
check "that can be undone as well" run 0 undo "$(newest)" --yes --json
check "the org is as the run had left it" eval '[ "$(field_of Q-2 LastName)" = Due ] && [ "$(field_of Q-1 Title)" = Boss ] && [ "$(field_of Q-2 Title)" = "Somebody else said so" ]'

# --- what was created and has new children since would take them along, or be refused ---
printf 'Ext__c,Name\nPA-1,With a contact\nPA-2,With a case\nPA-3,Alone\nPA-4,With an old contact\n' >"$folder/pa.csv"
check "four accounts" run 0 load "$folder/pa.csv" --config "$folder/org.json" --object Account --action insert
parents=$(newest)
account() { get 'rows?object=Account&limit=100000' | jq -r --arg e "$1" '.rows[] | select(.Ext__c == $e) | .Id'; }
api POST sobjects/Contact "{\"LastName\": \"Made by a flow\", \"AccountId\": \"$(account PA-4)\"}"
post clock '{"advance_ms": 600000}'
api POST sobjects/Contact "{\"LastName\": \"New child\", \"AccountId\": \"$(account PA-1)\"}"
api POST sobjects/Case "{\"Subject\": \"New child\", \"AccountId\": \"$(account PA-2)\"}"
used_before=$(get counters | jq .api_calls)
check "what would go along is counted" run 0 undo "$parents" --check --json
check "by records" json '.undoable == 2 and .created == 4 and .deletable == 2 and .created_children == 2 and .created_changed == 0'
check "with no more calls than before: sign-in, describe, objects, one question" eval '[ $(($(get counters | jq .api_calls) - used_before)) -eq 4 ]'
check "and said" run 0 undo "$parents" --check
check "in a line" grep -q '^4 created: 2 deleted; 2 have new children: left alone$' "$folder/out"
check "the undo leaves them" run 0 undo "$parents" --yes --json
check "and lists them" json '.deleted == 2 and .failed == 0 and .skipped == 2 and .skipped_by == [{"reason": "children", "count": 2}]'
check "the children are there" in_org Contact '[.[] | select(.LastName == "New child")] | length == 1'
check "and so are their parents" eval '[ -n "$(account PA-1)" ] && [ -n "$(account PA-2)" ] && [ -z "$(account PA-3)" ] && [ -z "$(account PA-4)" ]'
run 0 export "$(newest)" --which skipped -o "$folder/children.csv"
check "the list names the kinds" eval 'grep -q "has been given records of its own since: left alone (Contacts)" "$folder/children.csv" && grep -q "left alone (Cases)" "$folder/children.csv"'

# --- old values that were not kept ---
people 6 N >"$folder/n0.csv"
check "six contacts" load 0 "$folder/n0.csv" --action insert
people 8 N | sed 's/Buyer/Boss/' >"$folder/n1.csv"
check "changed without keeping their old values" load 0 "$folder/n1.csv" --action upsert --external-id Ext__c --keep-old no
notkept=$(newest)
check "only what was created can be undone" json '.undoable == 2'
check "what cannot is said first" run 0 undo "$notkept" --yes --json
check "in numbers" eval 'head -n 1 "$folder/err" | grep -q "^6 updated: cannot be undone, their old values were not kept$"'
check "and listed" json '.deleted == 2 and .skipped == 6 and .skipped_by[0].reason == "not_kept"'
people 6 N | sed 's/Buyer/Head/' >"$folder/n2.csv"
check "where nothing was kept at all" load 0 "$folder/n2.csv" --action upsert --external-id Ext__c --keep-old no
check "an undo is refused" run 1 undo "$(newest)" --yes
check "with why" said 'has updated records without keeping their old values'

# --- a delete ---
get 'rows?object=Contact&limit=100000' | jq -r '"Id", (.rows[] | select((.Ext__c // "") | startswith("N-")) | .Id)' >"$folder/d.csv"
check "six are deleted" load 0 "$folder/d.csv" --action delete --yes
check "which cannot be undone" run 1 undo "$(newest)" --yes
check "but it is said what can be done" said 'recycle bin keeps them for 15 days'

# --- the first ones, then undone: the run is over, and its file may be loaded again ---
people 30 F >"$folder/f.csv"
check "the first ten" load 5 "$folder/f.csv" --action insert --first 10
first=$(newest)
check "it says how they are undone" last_line "Undo: longshore undo $first$"
check "they are undone" run 0 undo "$first" --yes --json
check "those ten" json '.deleted == 10'
check "the run is not gone on with" is "$first" cancelled
check "the file may be loaded again" load 0 "$folder/f.csv" --action insert
check "all of it" json '.written == 30'

# --- in doubt ---
people 20 D | sed 's/D-[0-9]*//' >"$folder/doubt.csv"
post scenario '{"faults": [{"method": "POST", "path": "*/composite/sobjects", "nth": 2, "action": "drop_after"}]}'
check "a load of which some are in doubt" load 6 "$folder/doubt.csv" --action insert --api collections --chunk-records 10 --parallel 1 --allow-failures
doubt=$(newest)
check "ten of them" json '.in_doubt == 10 and .created == 10'
check "its undo says so first" run 0 undo "$doubt" --yes --json
check "and deletes the others" eval 'json ".deleted == 10" && head -n 1 "$folder/err" | grep -q "^10 in doubt: cannot be undone as long as they are"'
check "the file is not loaded again by mistake" load 1 "$folder/doubt.csv" --action insert

# --- through Bulk API, killed half-way, resumed ---
people 2300 B >"$folder/b0.csv"
check "2,300 contacts" load 0 "$folder/b0.csv" --action insert
people 2400 B | sed 's/Buyer/Boss/' >"$folder/b1.csv"
check "are changed, and a hundred are new" load 0 "$folder/b1.csv" --action upsert --external-id Ext__c --api bulk
many=$(newest)
post scenario '{"rate": 400}'
setsid "$longshore" undo "$many" --yes --json >"$folder/load.out" 2>"$folder/load.err" </dev/null &
loader=$!
started="$started $loader"
check "the org works on the undo" until_so eval '[ "$(newest)" -gt "$many" ] && [ "$(jobs InProgress)" -gt 0 ]'
kill -KILL "$loader"
wait "$loader" 2>/dev/null
killed=$(newest)
check "killed half-way" is "$killed" interrupted
check "another undo of the same run is refused" run 1 undo "$many" --yes
check "and names the one that is to be gone on with" said "run $killed undoes run $many already: .longshore resume $killed. goes on with it"
post scenario '{}'
check "resumed" run 0 resume "$killed" --json
check "to its end" json ".undo_of == $many and .state == \"finished\" and .updated == 2300 and .deleted == 100 and .failed == 0 and .in_doubt == 0 and .api == \"bulk\""
check "the org has the old values" in_org Contact '[.[] | select((.Ext__c // "") | startswith("B-"))] | length == 2300 and all(.Title | startswith("Buyer"))'
check "nothing was changed twice" audit Contact '[.[] | select((.key.Ext__c // "") | startswith("B-")) | .id] | group_by(.) | all(length <= 3)'
check "nothing is left to undo" eval '[ "$(show "$many" .undoable)" -eq 0 ]'

# --- a run at work ---
people 1500 W >"$folder/w.csv"
post scenario "{$slow}"
begin "$folder/w.csv" --config "$folder/org.json" --object Contact --action insert --json
check "a load at work" until_so is_processed "$id"
check "is not undone" run 1 undo "$id" --yes
check "but cancelled first" said "run $id is at work: cancel it"
check "cancelled" eval 'run 0 cancel "$id" && ended 5'
post scenario '{}'
written=$(show "$id" .written)
check "what it had written is undone" eval '[ "$written" -eq 0 ] || { run 0 undo "$id" --yes --json && json ".deleted == $written"; }'
check "nothing of it is left" in_org Contact '[.[] | select((.Ext__c // "") | startswith("W-"))] | length == 0'
check "the journal is sound" run 0 journal check
echo "1..$n"
