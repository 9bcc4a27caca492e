#!/bin/sh
# Failed records are repaired in an exported file and tried again: only changed cells count, what cannot be meant is refused by
# name, and what was sent stays known. Prints TAP.
. tests/journeys/headless.sh

start_org
fails_until() { # COLUMN PATTERN: a rule of the org that refuses contacts, until the next scenario
	post scenario "{\"validation_rules\": [{\"object\": \"Contact\", \"when\": [{\"field\": \"$1\", \"is\": \"like\", \"value\": \"$2\"}], \"message\": \"Not this one\", \"field\": \"$1\"}]}"
}
load() { # STATUS FILE OPTIONS...
	wanted=$1 file=$2
	shift 2
	run "$wanted" load "$file" --config "$folder/org.json" --object Contact --action insert --allow-failures --json "$@"
}
export_to() { run 0 export "$1" --which "$2" -o "$3"; } # RUN STATE FILE
titles() { in_org Contact "[.[] | select((.Ext__c // \"\") | startswith(\"$1\")) | .Title] | $2"; }

# --- an export of what failed, edited, and back ---
people 50 E >"$folder/e.csv"
fails_until Title 'Buyer, 1*'
check "a load of which eleven fail" load 0 "$folder/e.csv" --chunk-records 20
check "they are exported" export_to 1 failed "$folder/failed.csv"
sed '2,$s/"Buyer, \([0-9]*\)"/"Chief, \1"/' "$folder/failed.csv" >"$folder/edited.csv"
check "and sent again as edited" run 0 retry 1 --edits "$folder/edited.csv" --json
check "all of them" json '.written == 50 and .failed == 0 and .attempt == 2'
check "told how much was changed" said "run 1: 11 cells changed in 11 records"
check "each once" created_once E 50
check "with what was edited, and nothing else" titles E 'map(select(startswith("Chief, 1"))) | length == 11'
check "the others as they were" titles E 'map(select(startswith("Buyer, "))) | length == 39'
check "a record tells what the file has, and what was sent" run 0 show 1 --record 10 --json
check "cell by cell" json '[.record.cells[] | select(.column == "Title")][0] | .source == "Buyer, 10" and .sent == "Chief, 10" and .edit == null'
check "and its attempts" json '.record.state == "written" and .record.attempt == 2 and (.record.attempts | length == 1) and .record.attempts[0].code == "FIELD_CUSTOM_VALIDATION_EXCEPTION"'
check "for people too" eval 'run 0 show 1 --record 10 && grep -q "sent  *Chief, 10" "$folder/out" && grep -q "file  *Buyer, 10" "$folder/out"'
check "an export of what was written has it as it was sent" eval 'export_to 1 written "$folder/written.csv" && [ "$(grep -c "Chief, 1" "$folder/written.csv")" -eq 11 ]'

# --- in vain the first time: the next file has what was edited, and edits add up ---
people 3 V >"$folder/v.csv"
fails_until Title 'Buyer, *'
check "a load of which all fail" load 4 "$folder/v.csv"
vain=$(newest)
export_to "$vain" failed "$folder/failed.csv"
sed 's/Person 2/Renamed/' "$folder/failed.csv" >"$folder/edited.csv"
check "an edit that does not help" run 4 retry "$vain" --edits "$folder/edited.csv"
check "is told as one cell" said "1 cell changed in 3 records"
export_to "$vain" failed "$folder/failed.csv"
check "the next export has it" grep -q "Renamed" "$folder/failed.csv"
sed 's/Buyer, /Chief, /' "$folder/failed.csv" >"$folder/edited.csv"
check "another one does" run 0 retry "$vain" --edits "$folder/edited.csv" --json
check "and all are written" json '.written == 3'
check "with both" in_org Contact '[.[] | select(.Ext__c == "V-00002")][0] | .LastName == "Renamed" and .Title == "Chief, 2"'

# --- in the order and with the columns that somebody left ---
people 12 S >"$folder/s.csv"
check "a load of which all fail" load 4 "$folder/s.csv"
some=$(newest)
export_to "$some" failed "$folder/failed.csv"
{ echo 'Title;longshore_record'; echo 'Chief;7'; echo 'Boss;3'; } >"$folder/edited.csv"
check "two of them, in another dialect" run 0 retry "$some" --edits "$folder/edited.csv" --json
check "are written, the others are not tried" json '.written == 2 and .failed == 10 and .attempt == 2'
check "on the right records" in_org Contact '([.[] | select(.Ext__c == "S-00007")][0].Title == "Chief") and ([.[] | select(.Ext__c == "S-00003")][0].Title == "Boss")'

# --- what cannot be meant is refused by name, and nothing is kept of it ---
refused() { # WORDS: the file edited.csv is refused
	run 1 retry "$some" --edits "$folder/edited.csv" && said "$1" && run 0 show "$some" --json && json '.attempt == 2 and .failed == 10'
}
printf 'Title,longshore_record\nChief,1\nChief,13\n' >"$folder/edited.csv"
check "a record that the run has not" refused 'row 2 of edited.csv is for record "13", which run 3 has not'
printf 'Title,longshore_record\nChief,1\nChief,x\n' >"$folder/edited.csv"
check "what is no record" refused 'is for record "x"'
printf 'Title,longshore_record\nChief,1\nBoss,1\n' >"$folder/edited.csv"
check "one that comes twice" refused 'edited.csv has two rows for record 1'
printf 'Title,Titel,longshore_record\nChief,Chief,1\n' >"$folder/edited.csv"
check "a column that the source has not" refused 'edited.csv has a column "Titel" that the source of run 3 has not'
printf 'Title\nChief\n' >"$folder/edited.csv"
check "a file without record numbers" refused 'edited.csv has no column longshore_record'
printf 'Title,longshore_record\nChief,1\nBoss,3\nKing,7\n' >"$folder/edited.csv"
check "a record that is written" refused 'record 7 of run 3 cannot be edited: it is written'
printf 'Last Name,longshore_record\n,1\n' >"$folder/edited.csv"
check "what the check refuses is not sent" refused 'cannot be written as it is: record 1, LastName: required, but empty'
printf 'Last Name,longshore_record\nPerson 1,1\n' >"$folder/edited.csv"
post scenario '{}'
check "what is as the file has it again is no edit" run 0 retry "$some" --edits "$folder/edited.csv" --json
check "and goes" json '.written == 3'

# --- what the check left out can be repaired as well; the file may be gone ---
{ people 5 L; printf 'L-00006,,Six\nL-00007,,Seven\n'; } >"$folder/l.csv"
check "two records are left out" load 0 "$folder/l.csv" --skip-invalid
left=$(newest)
rm "$folder/l.csv"
check "they are exported, though the file is gone" export_to "$left" skipped "$folder/skipped.csv"
sed 's/^\(L-0000[67]\),,/\1,Repaired,/' "$folder/skipped.csv" >"$folder/edited.csv"
check "and sent as edited" run 0 retry "$left" --edits "$folder/edited.csv" --json
check "both" json '.written == 7 and .skipped == 0'
check "each once" created_once L 7
check "with their values" in_org Contact '[.[] | select(.LastName == "Repaired") | .Title] | sort == ["Seven", "Six"]'

# --- edited while the chunk beside it waits: that chunk stays what it was planned to be ---
people 10 W | sed 's/^W-00005,Person 5/W-00005,/' >"$folder/w.csv"
post scenario '{"faults": [{"method": "POST", "path": "*/jobs/ingest", "action": "answer", "status": 503}]}'
begin "$folder/w.csv" --config "$folder/org.json" --object Contact --action insert --api bulk --skip-invalid --json
waits=$id
check "a chunk is planned, and the org does not take it" until_so is "$waits" waiting
kill -KILL "$loader"
wait "$loader" 2>/dev/null
post scenario '{}'
check "what the check left out is exported" export_to "$waits" skipped "$folder/skipped.csv"
sed 's/^\(W-00005\),,/\1,Repaired,/' "$folder/skipped.csv" >"$folder/edited.csv"
run 5 retry "$waits" --edits "$folder/edited.csv" --json
check "edited, and the run goes on" run 0 resume "$waits" --json
check "with all of them" json '.written == 10 and .skipped == 0'
check "each once" created_once W 10

# --- the same through collections, and killed: what goes again is what was edited ---
people 30 K >"$folder/k.csv"
fails_until Title 'Buyer, *'
check "through collections" load 4 "$folder/k.csv" --api collections
killed=$(newest)
export_to "$killed" failed "$folder/failed.csv"
sed '2,$s/"Buyer, \([0-9]*\)"/"Chief, \1"/' "$folder/failed.csv" >"$folder/edited.csv"
post scenario '{"faults": [{"method": "POST", "path": "*/composite/sobjects", "action": "slow_answer", "bytes": 20, "ms": 300}]}'
before=$(rows Contact)
setsid "$longshore" retry "$killed" --edits "$folder/edited.csv" >"$folder/out" 2>"$folder/err" </dev/null &
loader=$!
started="$started $loader"
check "the org has written what has no answer" until_so eval '[ "$(rows Contact)" -gt "$before" ]'
kill -KILL "$loader"
wait "$loader" 2>/dev/null
post scenario '{}'
check "killed, resume ends it" run 0 resume "$killed" --json
check "with every record" json '.written == 30 and .in_doubt == 0'
check "each once" created_once K 30
check "as edited" titles K 'map(select(startswith("Chief, "))) | length == 30'
check "the journal is sound" run 0 journal check
echo "1..$n"
