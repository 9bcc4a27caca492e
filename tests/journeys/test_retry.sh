#!/bin/sh
# A new attempt for what failed: repaired in the org, locked by somebody else, killed half-way, ordered twice and from another
# shell; proved by the org's audit. Prints TAP.
. tests/journeys/headless.sh

start_org
fails_until() { # COLUMN PATTERN: a rule of the org that refuses contacts, until the next scenario
	post scenario "{\"validation_rules\": [{\"object\": \"Contact\", \"when\": [{\"field\": \"$1\", \"is\": \"like\", \"value\": \"$2\"}], \"message\": \"Not this one\", \"field\": \"$1\"}]${3:+, $3}}"
}
load() { # STATUS FILE OPTIONS...
	wanted=$1 file=$2
	shift 2
	run "$wanted" load "$file" --config "$folder/org.json" --object Contact --action insert --json "$@"
}

# --- repaired in the org, then tried again ---
people 50 R >"$folder/r.csv"
fails_until Title 'Buyer, 1*'
check "a load of which eleven fail" load 0 "$folder/r.csv" --allow-failures --chunk-records 20
check "is finished" json '.written == 39 and .failed == 11 and .attempt == 1 and .errors[0].code == "FIELD_CUSTOM_VALIDATION_EXCEPTION"'
check "and says how it goes on" last_line 'run 1 finished: 39 of 50 written, 11 failed .* Go on: longshore retry 1$'
check "with another code nothing is tried again" run 1 retry 1 --code DUPLICATE_VALUE
check "which is said" said "run 1 has no such record that failed or was left out"
check "while the rule stands they fail again" run 0 retry 1 --json
check "in a second attempt, in the same run" json '.run == 1 and .state == "finished" and .written == 39 and .failed == 11 and .pending == 0 and .attempt == 2'
post scenario '{}'
check "one of them by its number" run 0 retry 1 --records 10 --json
check "is written, and no other" json '.written == 40 and .failed == 10 and .attempt == 3'
check "those of a code" run 0 retry --code FIELD_CUSTOM_VALIDATION_EXCEPTION --records 11-15 --json
check "without the run's number, since one run fits" json '.run == 1 and .written == 45 and .failed == 5'
check "and the rest" run 0 retry 1 --json
check "all are written" json '.state == "finished" and .written == 50 and .created == 50 and .failed == 0 and .exit == 0'
check "each once" created_once R 50
check "a record tells which attempt it was" run 0 show 1 --record 16 --json
check "the fourth of the run, its third" json '.record.state == "written" and .record.attempt == 3'
check "and others have one" eval 'run 0 show 1 --record 20 --json && json ".record.attempt == 1"'
check "nothing is left to retry" run 1 retry 1
check "the journal is sound" run 0 journal check
check "the log tells of each" eval 'run 0 show 1 --log && [ "$(grep -c "retry by .*: .* again" "$folder/out")" -eq 4 ]'
check "the calls counted are the org's" eval '[ "$(show 1 .api_calls)" -eq "$(get counters | jq .api_calls)" ]'

# --- failures are not allowed: the run halts, its retry does not go on with the rest ---
people 60 H >"$folder/h.csv"
fails_until Title 'Buyer, [1-3]' '"seed": 4'
fails_until Title 'Buyer, 7'
check "a load that halts" load 4 "$folder/h.csv" --chunk-records 20 --api bulk
halted=$(newest)
check "with most of it unsent" json '.state == "halted" and .written == 19 and .failed == 1 and .pending == 40'
check "its retry fails again, which halts nothing" run 4 retry "$halted" --json
check "and sends nothing else" json '.state == "halted" and .written == 19 and .failed == 1 and .pending == 40 and .next == "longshore resume '"$halted"'"'
post scenario '{}'
check "repaired" run 4 retry "$halted" --json
check "it is halted as before, with no failure" json '.state == "halted" and .written == 20 and .failed == 0 and .pending == 40'
check "which it says" said "the retry has ended; 40 records are still to be sent"
check "resume goes on with the rest" run 0 resume "$halted" --json
check "to its end" json '.state == "finished" and .written == 60'
check "each once" created_once H 60

# --- cancelled: the same ---
people 400 X >"$folder/x.csv"
fails_until Title 'Buyer, 3' '"rate": 60'
begin "$folder/x.csv" --config "$folder/org.json" --object Contact --action insert --allow-failures --chunk-records 100 --parallel 1 --json
one_failed() { [ "$(show "$id" .failed)" -eq 1 ]; }
check "a load is cancelled" eval 'until_so one_failed && run 0 cancel "$id" && ended 5'
cancelled=$id
pending=$(show "$id" .pending)
post scenario '{}'
check "its failed record is tried again" run 5 retry "$cancelled" --json
check "what was cancelled stays unsent" json ".state == \"cancelled\" and .failed == 0 and .pending == $pending"

# --- locked rows: tried again by themselves, and when that is in vain once more by hand ---
people 30 L >"$folder/l.csv"
post scenario '{"faults": [{"action": "lock", "column": "Ext__c", "value": "L-0000*", "tries": 1}, {"action": "lock", "column": "Ext__c", "value": "L-0001*", "tries": 0}]}'
lock_for() { post scenario "{\"faults\": [{\"action\": \"lock\", \"column\": \"Ext__c\", \"value\": \"L-0001*\", \"tries\": $1}]}"; }
fails_until Ext__c 'L-0001*'
check "records that fail" load 0 "$folder/l.csv" --allow-failures
locked=$(newest)
check "ten of them" json '.failed == 10'
lock_for 2
check "locked twice, they are tried again until they are written" run 0 retry "$locked" --json
check "by themselves" json '.written == 30 and .failed == 0 and .attempt == 2'
check "each once" created_once L 30

# --- an order to a living engine, given twice at once; and refused with why ---
people 300 O >"$folder/o.csv"
fails_until Title 'Buyer, [1-9]' "$slow"
fails_until Title 'Buyer, 5*' "$slow"
begin "$folder/o.csv" --config "$folder/org.json" --object Contact --action insert --allow-failures --chunk-records 60 --parallel 2 --json
some_failed() { [ "$(show "$id" .failed)" -ge 10 ]; }
check "while a load is at work some fail" until_so some_failed
post scenario "{$slow}"
"$longshore" retry "$id" --json >"$folder/one.out" 2>"$folder/one.err" &
one=$!
"$longshore" retry "$id" --json >"$folder/two.out" 2>"$folder/two.err" &
two=$!
wait $one
first=$?
wait $two
second=$?
check "two orders at once: one is carried out" [ $((first + second)) -eq 1 ]
check "the other is refused with why" eval 'cat "$folder/one.err" "$folder/two.err" | grep -q "no record that is meant is failed or skipped at this moment\|has no such record"'
check "the load goes on to its end" ended 0
check "with all of them" json '.state == "finished" and .written == 300 and .failed == 0 and .attempt == 2'
check "each once" created_once O 300

# --- kill -9 in the middle, then resume: nothing twice ---
for through in bulk collections; do
	prefix=K$(echo $through | cut -c 1)
	people 120 "$prefix" >"$folder/k.csv"
	fails_until Ext__c "$prefix-000[2-5]*"
	fails_until Title 'Buyer, *'
	check "$through: all fail" load 4 "$folder/k.csv" --allow-failures --api $through --chunk-records 60
	killed=$(newest)
	check "$through: with nothing written" json '.failed == 120 and .written == 0'
	post scenario "{$slow, \"faults\": [{\"method\": \"POST\", \"path\": \"*/composite/sobjects\", \"action\": \"slow_answer\", \"bytes\": 20, \"ms\": 300}]}"
	before=$(rows Contact)
	setsid "$longshore" retry "$killed" --json >"$folder/out" 2>"$folder/err" </dev/null &
	loader=$!
	started="$started $loader"
	if [ $through = bulk ]; then
		check "bulk: the org works on the retry" until_so eval '[ "$(jobs InProgress)" -gt 0 ]'
	else
		check "collections: the org has written what the retry has no answer to" until_so eval '[ "$(rows Contact)" -gt "$before" ]'
	fi
	kill -KILL "$loader"
	wait "$loader" 2>/dev/null
	check "$through: killed half-way" is "$killed" interrupted
	post scenario '{}'
	check "$through: resume ends the retry" run 0 resume "$killed" --json
	check "$through: with every record" json '.state == "finished" and .written == 120 and .failed == 0 and .in_doubt == 0 and .attempt == 2'
	check "$through: each once" created_once "$prefix" 120
done

# --- the source has moved; has changed; has not begun ---
people 9 M >"$folder/m.csv"
fails_until Title 'Buyer, *'
check "a load that fails" load 4 "$folder/m.csv" --allow-failures
moved=$(newest)
post scenario '{}'
mv "$folder/m.csv" "$folder/moved.csv"
{ cat "$folder/moved.csv"; echo "M-00010,More,"; } >"$folder/m.csv"
check "another content is refused" run 1 retry "$moved"
check "with why" said "content has changed"
check "and is not sent later" eval 'run 0 show "$moved" --json && json ".failed == 9"'
check "the moved one is taken" run 0 retry "$moved" --file "$folder/moved.csv" --json
check "and remembered" json '.written == 9 and (.file | endswith("moved.csv"))'
check "each once" created_once M 9

# --- the file is gone: its failed records go again from what was kept of them ---
{ people 40 G; printf 'G-00041,,\n'; } >"$folder/g.csv"
fails_until Title 'Buyer, [12]*'
check "a load of which some fail" load 0 "$folder/g.csv" --allow-failures --skip-invalid --chunk-records 15
gone=$(newest)
failed=$(show "$gone" .failed)
post scenario '{}'
rm "$folder/g.csv"
check "its file gone, they are tried again all the same" run 0 retry "$gone" --json
check "and written" json ".failed == 0 and .written == 40 and .skipped == 1 and $failed > 10"
check "each once" created_once G 40
check "with their own values" in_org Contact '[.[] | select((.Ext__c // "") == "G-00021" and .Title == "Buyer, 21" and .LastName == "Person 21")] | length == 1'
people 30 H2 >"$folder/h2.csv"
fails_until Title 'Buyer, *'
check "a load that halts" load 4 "$folder/h2.csv" --chunk-records 10
half=$(newest)
post scenario '{}'
rm "$folder/h2.csv"
check "without its file, what failed can go again" run 4 retry "$half" --json
check "and only that" json '.written == 10 and .pending == 20'
check "what was never sent cannot" run 1 resume "$half"
check "which is said" said "say where with --file"

# --- what the check refuses is not sent in a retry either ---
{ people 5 C; printf 'C-00006,,\n'; } >"$folder/c.csv"
check "a record is left out by the check" load 0 "$folder/c.csv" --skip-invalid --allow-failures
checked=$(newest)
check "its retry is refused" run 1 retry "$checked"
check "with what the check says" said "1 cannot be written as it is: record 6, LastName: required, but empty"
check "nothing changes" eval 'run 0 show "$checked" --json && json ".skipped == 1 and .written == 5 and .state == \"finished\" and .attempt == 1"'
echo "1..$n"
