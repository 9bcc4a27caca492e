#!/bin/sh
# A key that a file uses twice: nothing is sent until somebody chooses, and whoever goes on with the run keeps the choice;
# proved by the org's audit. Prints TAP.
. tests/journeys/headless.sh

start_org
in=$folder/in.csv
contacts="--config $folder/org.json --object Contact --json"
load() { # STATUS OPTIONS...: of $in
	wanted=$1
	shift
	run "$wanted" load "$in" $contacts "$@"
}
titles() { # PREFIX TITLES: of the contacts whose keys begin so
	found=$(get "rows?object=Contact&limit=100000" | jq -r --arg p "$1" '[.rows[] | select((.Ext__c // "") | startswith($p)) | .Title] | sort | join(" ")')
	[ "$found" = "$2" ] || { echo "in the org: $found" >>"$folder/err"; return 1; }
}
twice() { # PREFIX
	printf 'Ext__c,LastName,Title\n%s-1,A,one\n%s-2,B,two\n%s-1,C,three\n%s-3,D,four\n%s-1,E,five\n' "$1" "$1" "$1" "$1" "$1" >"$in"
}

# --- the question ---
twice Q
before=$(get counters | jq .writes)
check "the check finds them" run 3 check "$in" $contacts --action upsert --external-id Ext__c
check "with their numbers and the ways out" json '.failing == 3 and .passed == 2 and .findings == [{"rule": "same_key", "field": "Ext__c", "message": "the same key more than once in this file: records 1, 3, 5", "count": 3, "example_record": 1, "example_byte": 0, "fix": "--same-key first, last or none"}]'
check "nothing is sent" load 3 --action upsert --external-id Ext__c
check "nothing at all" [ "$(get counters | jq .writes)" = "$before" ]
check "what to do next is a command" json '.next | test("longshore load .*--same-key first$")'
check "so it is for an insert of a unique field" load 3 --action insert
check "a word that is no choice" eval 'load 1 --action insert --same-key middle && json ".error == \"--same-key takes first, last or none, not \\\"middle\\\"\""'

# --- the choices ---
twice F
check "the first is kept" load 0 --action upsert --external-id Ext__c --same-key first
check "the others are left out, with the reason" json '.written == 3 and .skipped == 2 and .failed == 0 and .skipped_by == [{"reason": "same_key", "count": 2}]'
check "they are in the org" titles F "four one two"
check "the journal says of whose key" eval 'run 0 show --record 5 --json && json ".record.state == \"skipped\" and .record.code == \"same_key\" and .record.message == \"the same key as record 1, which is kept\" and .record.fields == \"Ext__c\""'
twice L
check "the last is kept" load 0 --action upsert --external-id Ext__c --same-key last --api bulk
check "it is in the org" titles L "five four two"
twice N
check "none is kept" load 0 --action insert --same-key none
check "the others are in the org" titles N "four two"
twice I
check "what cannot be written is left out, and none of them is kept" load 0 --action upsert --external-id Ext__c --skip-invalid
check "as the check said" titles I "four two"
printf 'Ext__c\nF-1\nF-2\nf-1\n' >"$in"
get "rows?object=Contact&limit=100000" | jq -r '"Id,Title", (.rows[] | select((.Ext__c // "") | startswith("F-")) | "\(.Id),new\n\(.Id[0:15]),old")' >"$in"
check "an id twice, once with 15 characters" load 3 --action update
check "three of them" json '.failing == 6 and (.findings[0].message | startswith("3 keys more than once in this file: one of them in records 1, 2"))'
check "the first of each" load 0 --action update --same-key first
check "is what the org has" titles F "new new new"
check "a delete of the same" load 3 --action delete --yes
check "deletes each once" load 0 --action delete --yes --same-key last
check "without a failure" json '.deleted == 3 and .skipped == 3'
printf 'LastName,Title\nTwin,a\nTwin,b\nTwin,a\n' >"$in"
check "the same record twice stops nothing" run 0 check "$in" $contacts --action insert
check "it is told" json '.passed == 3 and .looks == [{"rule": "same_record", "field": "", "message": "the same in all that is sent as a record before", "count": 1, "example_record": 3, "example_byte": 0, "fix": null}]'

# --- whoever goes on keeps the choice ---
post scenario '{"rate": 30}' # a job of 100 takes three seconds and more
{ people 400 G; people 400 G | sed 1d | sed 's/Person/Other/'; } >"$in"
begin "$in" $contacts --action upsert --external-id Ext__c --same-key last --chunk-records 100 --api bulk
check "a load with a key in two halves of its file" until_so is_processed "$id"
kill -KILL "$loader"
wait "$loader" 2>/dev/null
post scenario '{}'
check "is killed, and gone on with" run 0 resume "$id" --json
check "all is accounted for" json '.records == 800 and .written == 400 and .skipped == 400 and .in_doubt == 0'
check "only the second halves were ever written" audit Contact '[.[] | select((.key.Ext__c // "") | startswith("G-"))] | length == 400 and all(.verb == "created")'
check "a retry leaves them out as well" eval 'run 1 retry "$id" --records 1-5 && grep -q "the same key as record 401, which is kept" "$folder/err"'
check "the org still has each once" created_once G 400
run 0 export "$id" --which skipped -o "$folder/edit.csv"
sed -n '1p;2p' "$folder/edit.csv" | sed 's/G-00001/G-90001/' >"$folder/edited.csv"
check "a record that gets a key of its own goes" run 0 retry "$id" --edits "$folder/edited.csv" --json
check "it is written" json '.written == 401 and .skipped == 399'
check "once" audit Contact '[.[] | select(.key.Ext__c == "G-90001")] | length == 1'
check "the journal is sound" run 0 journal check

echo "1..$n"
