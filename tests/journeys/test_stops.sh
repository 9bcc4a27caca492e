#!/bin/sh
# Loads that stop by themselves before their end: behind the first records, at a number of failures, at a time. Prints TAP.
. tests/journeys/headless.sh

start_org
insert="--config $folder/org.json --object Contact --action insert --json"

# --- the first N records ---
people 500 FIRST >"$folder/first.csv"
for api in bulk collections; do
	rm -rf "$LONGSHORE_STATE"
	post reset ''
	check "$api: --first 30 pauses with 5" run 5 load "$folder/first.csv" $insert --api $api --first 30
	id=$(newest)
	check "$api: behind 30 records" json '.state == "paused" and .written == 30 and .pending == 470 and .exit == 5'
	check "$api: which are the first of the file" created_once FIRST 30
	check "$api: next is the command that goes on" \
		json ".next == \"longshore resume $id\" and .error == \"run $id paused: the first 30 records are done, as was asked\""
	check "$api: so does the last line" last_line "Go on: longshore resume $id. Undo: longshore undo $id\$"
	check "$api: resume goes on to the end" run 0 resume "$id" --json
	check "$api: telling only what is new" eval 'said "resumed by" && ! said "started by"'
	check "$api: and writes the others" json '.state == "finished" and .created == 500 and .pending == 0'
	check "$api: each once" created_once FIRST 500
	check "$api: journal" run 0 journal check
done

people 40 FEW >"$folder/few.csv"
check "--first of more than there are" run 0 load "$folder/few.csv" $insert --first 41
check "loads them all" json '.state == "finished" and .created == 40'
check "--first 0 is refused" run 1 load "$folder/few.csv" $insert --first 0
check "and so is a word" run 1 load "$folder/few.csv" $insert --first some

# a kill in the first records: the next engine stops there, too
post scenario '{"rate": 10}'
people 300 KILL >"$folder/kill.csv"
begin "$folder/kill.csv" $insert --first 150 --chunk-records 50
until_so is_processed "$id"
kill -KILL "$loader"
wait "$loader" 2>/dev/null
post scenario '{}'
check "resumed in their middle, it pauses behind them all the same" run 5 resume "$id" --json
check "none is missing" json '.written == 150 and .pending == 150 and .state == "paused"'
check "and the next resume goes on" run 0 resume "$id" --json
check "each of all records was created once" created_once KILL 300

# --- a number of failures ---
broken() { # COUNT PREFIX: every fourth record is refused by the org
	awk -v n="$1" -v p="$2" 'BEGIN { print "Ext__c,Last Name,Department"
		for (i = 1; i <= n; i++) printf "%s-%05d,Person %d,%s\n", p, i, i, i % 4 ? "Sales" : "Closed" }'
}
post scenario '{"validation_rules": [{"object": "Contact", "when": [{"field": "Department", "is": "=", "value": "Closed"}], "message": "This department is closed", "field": "Department"}]}'
broken 400 STOP >"$folder/stop.csv"
check "--stop-at 20 halts with 4" run 4 load "$folder/stop.csv" $insert --stop-at 20 --chunk-records 40 --parallel 1
check "after the chunk that made them so many" json '.state == "halted" and .failed == 20 and .written == 60 and .pending == 320'
check "and says why" json '.error | endswith("halted: 20 records failed, and the load was to stop at 20")'
id=$(newest)
check "resume goes on and halts at the next failure" run 4 resume "$id" --json
check "one chunk later" json '.failed == 30 and .written == 90'
broken 100 PART >"$folder/part.csv"
check "--stop-at 30% of 100 lets 25 fail" run 0 load "$folder/part.csv" $insert --stop-at 30%
check "and loads the others" json '.state == "finished" and .failed == 25 and .written == 75'
check "--stop-at 25% of the same halts" run 4 load "$folder/part.csv" $insert --stop-at 25% --again
check "although nothing is left" json '.state == "halted" and .pending == 0 and .failed == 100'
for wrong in 0 0% 101% -1 half; do
	check "--stop-at $wrong is refused" run 1 load "$folder/part.csv" $insert --stop-at "$wrong" --again
done
check "and so are two words on failures" run 1 load "$folder/part.csv" $insert --stop-at 5 --no-allow-failures --again
check "in one sentence" said "give one of them"

# --- a time: on a clock on the wall that shows 05:59:54 now ---
zone() { # SECONDS: of the day that it is
	awk -v now="$(date +%s)" -v want="$1" 'BEGIN { west = now % 86400 - want
		s = west < 0 ? -west : west
		printf "TST%s%02d:%02d:%02d", west < 0 ? "-" : "", s / 3600, s / 60 % 60, s % 60 }'
}
post scenario '{"rate": 100}'
people 1000 LATE >"$folder/late.csv"
TZ=$(zone 21594)
export TZ
begin "$folder/late.csv" $insert --until 06:00 --chunk-records 100 --parallel 2
check "--until 06:00 pauses with 5" ended 5
check "when it is six" json '.state == "paused" and (.error | endswith("paused: it is 06:00: nothing new was to be started then"))'
check "what was begun was seen to its end" json '.written > 0 and .written % 100 == 0 and .pending == 1000 - .written'
post scenario '{}'
check "resume goes on" run 0 resume "$id" --json
check "to the end" json '.state == "finished" and .created == 1000'
check "each record was created once" created_once LATE 1000
check "what is no time is refused" run 1 load "$folder/late.csv" $insert --until 25:00 --again
check "in one sentence" said "takes a time of day"
echo "1..$n"
