#!/bin/sh
# What the org held before an update is read and kept before anything is sent; where that costs too much it is left, and said.
# Prints TAP.
. tests/journeys/headless.sh

start_org
journal() { sqlite3 "$LONGSHORE_STATE/journal.sqlite" "$1"; }
kept() { # RUN RECORD OLD WROTE: do they stand in what is kept of it?
	[ "$(journal "SELECT instr(cells, '$3') > 0 AND instr(cells, '$4') > 0 FROM old_values WHERE id = ($1 << 40) + $2")" = 1 ]
}
load() { # STATUS FILE OPTIONS...
	wanted=$1 file=$2
	shift 2
	run "$wanted" load "$file" --config "$folder/org.json" --object Contact --json "$@"
}

people 450 A >"$folder/a.csv"
check "450 people" load 0 "$folder/a.csv" --action insert
check "an insert changes nothing that could be kept" json '.keep_old == false and .undoable == 450'

# --- by a key, through collections ---
people 460 A | sed 's/Buyer/Seller/' >"$folder/b.csv"
check "460 upserts" load 0 "$folder/b.csv" --action upsert --external-id Ext__c
check "are updates and inserts" json '.updated == 450 and .created == 10 and .keep_old and .undoable == 460 and .api == "collections"'
check "it was said what that costs" said 'old values are kept: 3 calls to read them; what is updated can be undone'
check "what was there is kept" eval '[ "$(journal "SELECT count(*) FROM old_values")" -eq 450 ] && kept 2 17 "Buyer, 17" "Seller, 17"'
check "of what was not there nothing is" eval '[ -z "$(journal "SELECT 1 FROM old_values WHERE id = (2 << 40) + 451")" ]'
check "the calls counted are the org's" eval '[ $(($(show 1 .api_calls) + $(show 2 .api_calls))) -eq "$(get counters | jq .api_calls)" ]'

# --- by Id, through Bulk API, with a cell that is blank and one that clears ---
get 'rows?object=Contact&limit=1000' | jq -c '.rows[] | {Id, Title: (if .Ext__c == "A-00001" then null else "Chief" end), Department: "Sales"}' >"$folder/c.jsonl"
check "460 updates by Id, some clear a field" load 0 "$folder/c.jsonl" --action update --api bulk --chunk-records 230
check "all are kept" json '.updated == 460 and .undoable == 460'
check "each before its job began" eval '[ "$(journal "SELECT count(*) FROM old_values WHERE id > 3 << 40")" -eq 460 ]'
check "the one that is cleared, too" kept 3 1 "Seller, 1" ""
check "and the run tells what it clears" json '.cleared == [{field: "Title", count: 1}]'
check "the journal is sound" run 0 journal check

# --- yes, no, auto ---
people 450 A | sed 's/Buyer/Chief/' >"$folder/d.csv"
check "not kept where it is not wanted" load 0 "$folder/d.csv" --action upsert --external-id Ext__c --keep-old no
check "and said" said 'old values are not kept, as was asked: what is updated cannot be undone'
check "nothing of it can be undone" json '.keep_old == false and .undoable == 0'
people 450 A | sed 's/Buyer/Boss/' >"$folder/e.csv"
used=$(get counters | jq .api_calls)
post scenario "{\"daily_limit\": $((used + 50))}"
check "auto leaves it where it costs more than 5 % of what is left" load 0 "$folder/e.csv" --action upsert --external-id Ext__c
check "and says so" said 'old values are not kept: reading them takes 3 of the 4[0-9] calls left today, more than 5 %; --keep-old yes keeps them'
check "nothing is kept" json '.keep_old == false and .undoable == 0 and .updated == 450'
people 450 A | sed 's/Buyer/Head/' >"$folder/f.csv"
check "yes keeps it all the same" load 0 "$folder/f.csv" --action upsert --external-id Ext__c --keep-old yes
check "all of it" json '.keep_old and .undoable == 450'
check "another word is refused" load 1 "$folder/f.csv" --action upsert --external-id Ext__c --keep-old maybe
check "with the words there are" said 'keep-old takes auto, yes or no, not "maybe"'
check "check tells the cost" run 0 check "$folder/f.csv" --config "$folder/org.json" --object Contact --action upsert --external-id Ext__c --keep-old yes --json
check "in numbers" json '.keep_old and .keep_old_calls == 3'

# --- killed between reading and sending; read again, sent once ---
post scenario '{"faults": [{"method": "GET", "path": "*/query", "action": "delay", "ms": 700}]}'
people 450 A | sed 's/Buyer/Last/' >"$folder/g.csv"
begin "$folder/g.csv" --config "$folder/org.json" --object Contact --action upsert --external-id Ext__c --keep-old yes --json
killed=$id
some_kept() { [ "$(journal "SELECT count(*) FROM old_values WHERE id > $killed << 40")" -gt 0 ]; }
check "some are read" until_so some_kept
kill -KILL "$loader"
wait "$loader" 2>/dev/null
check "killed" is "$killed" interrupted
post scenario '{}'
check "resumed" run 0 resume "$killed" --json
check "all are written and kept" json '.written == 450 and .undoable == 450'
check "with what was there before" kept "$killed" 17 "Head, 17" "Last, 17"
check "the journal is sound" run 0 journal check

# --- the org does not answer the question: the run waits, and goes on ---
down() { echo "{\"path\": \"*/query\", \"nth\": $1, \"action\": \"answer\", \"status\": 503}"; }
post scenario "{\"faults\": [$(down 4), $(down 5)]}" # after those of two sign-ins and a first one
people 450 A | sed 's/Buyer/Very last/' >"$folder/h.csv"
check "queries that fail for a while hold nothing up for good" load 0 "$folder/h.csv" --action upsert --external-id Ext__c --keep-old yes
check "all are written and kept" json '.updated == 450 and .undoable == 450'
echo "1..$n"
