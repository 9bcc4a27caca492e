#!/bin/sh
# --skip-unchanged: records of which the org has everything already are left out, the others are written. Prints TAP.
. tests/journeys/headless.sh

start_org
load() { # STATUS FILE OPTIONS...
	wanted=$1 file=$2
	shift 2
	run "$wanted" load "$file" --config "$folder/org.json" --object Contact --json "$@"
}
left_out() { # COUNT: by that reason, and by no other
	json ".skipped == $1 and ([.skipped_by[] | select(.reason == \"unchanged\") | .count] | add) == $1"
}

people 450 A >"$folder/a.csv"
check "450 people" load 0 "$folder/a.csv" --action insert

# --- all the same; some changed; some new ---
check "once more, and nothing would change" load 0 "$folder/a.csv" --action upsert --external-id Ext__c --skip-unchanged
check "all are left out, none is written" eval 'left_out 450 && json ".written == 0 and .state == \"finished\""'
check "the org saw one write of each" eval '[ "$(writes)" -eq 450 ]'
people 460 A | awk 'NR > 1 && NR % 9 == 0 { sub(/Buyer/, "Chief") } 1' >"$folder/b.csv"
check "50 changed and 10 new among 460" load 0 "$folder/b.csv" --action upsert --external-id Ext__c --skip-unchanged --keep-old yes
check "those are written, the others left out" eval 'left_out 400 && json ".updated == 50 and .created == 10"'
check "old values are kept of what was changed" json '.undoable == 60'
check "what was left out has its id" run 0 show 2 --record 1 --json
check "and its reason" json '.record.state == "skipped" and .record.code == "unchanged" and (.record.id | startswith("003"))'
check "the calls counted are the org's" eval '[ "$(sqlite3 "$LONGSHORE_STATE/journal.sqlite" "SELECT sum(api_calls) FROM runs")" -eq "$(get counters | jq .api_calls)" ]'

# --- the same value in another spelling is the same; blank leaves alone; null clears ---
cat >"$folder/types.csv" <<'EOF'
Ext__c,LastName,Email,Birthdate,DoNotCall,Description
T-1,Same,one@example.com,1987-04-03,true,"two
lines"
T-2,Blank,two@example.com,1987-04-03,false,here
T-3,Null,three@example.com,1987-04-03,false,here
EOF
check "three with several types" load 0 "$folder/types.csv" --action insert
cat >"$folder/again.csv" <<'EOF'
Ext__c,LastName,Email,Birthdate,DoNotCall,Description
T-1, Same ,ONE@example.com,1987-04-03,1,"two
lines"
T-2,Blank,two@example.com,,false,
T-3,Null,three@example.com,1987-04-03,false,NULL
EOF
check "in other words" load 0 "$folder/again.csv" --action upsert --external-id Ext__c --skip-unchanged --null-mark NULL
check "only the one that clears a field is written" eval 'left_out 2 && json ".updated == 1"'
check "once more" load 0 "$folder/again.csv" --action upsert --external-id Ext__c --skip-unchanged --null-mark NULL --again
check "and that, too, has nothing left to change" eval 'left_out 3 && json ".written == 0"'

# --- by Id through Bulk API; a parent by its key; records without a key are inserts ---
printf 'Name,Ext__c\nHouse,H-1\nYard,Y-1\n' >"$folder/accounts.csv"
check "two accounts" run 0 load "$folder/accounts.csv" --config "$folder/org.json" --object Account --action insert --json
printf 'Ext__c,LastName,Account.Ext__c\nP-1,Housed,H-1\nP-2,Yarded,Y-1\n' >"$folder/placed.csv"
check "two people in them" load 0 "$folder/placed.csv" --action insert
ids() { get 'rows?object=Contact&limit=1000' | jq -r '[.rows[] | select((.Ext__c // "") | startswith("P-"))] | sort_by(.Ext__c) | .[].Id'; }
{ echo 'Id,LastName,Account.Ext__c' && ids | paste -d, - - | awk -F, '{ print $1 ",Housed,H-1"; print $2 ",Yarded,H-1" }' && echo ',New,H-1'; } >"$folder/moved.csv"
check "one stays, one moves, one is new" load 0 "$folder/moved.csv" --action upsert --external-id Id --api bulk --skip-unchanged
check "so it is" eval 'left_out 1 && json ".updated == 1 and .created == 1"'

# --- killed between the question and the answer ---
post scenario '{"faults": [{"method": "GET", "path": "*/query", "action": "delay", "ms": 500}]}'
people 460 A | awk 'NR > 1 && NR % 4 == 0 { sub(/Buyer/, "Last") } 1' >"$folder/c.csv"
writes_before=$(writes)
begin "$folder/c.csv" --config "$folder/org.json" --object Contact --action upsert --external-id Ext__c --skip-unchanged --json
killed=$id
some_out() { [ "$(show "$killed" .skipped)" -gt 0 ]; }
check "some are left out" until_so some_out
kill -KILL "$loader"
wait "$loader" 2>/dev/null
post scenario '{}'
check "resumed" run 0 resume "$killed" --json
check "each record has one outcome" json '.records == 460 and .written + .skipped == 460 and .failed == 0 and .pending == 0'
check "and only what had changed was written" eval '[ $(($(writes) - writes_before)) -eq "$(jq .written "$folder/out")" ]'
check "the journal is sound" run 0 journal check

# --- where it means nothing ---
check "an insert has nothing to compare with" load 1 "$folder/a.csv" --action insert --skip-unchanged --again
check "and says so" said 'skip-unchanged is for update and upsert'
check "check counts its calls" run 0 check "$folder/b.csv" --config "$folder/org.json" --object Contact --action upsert --external-id Ext__c --skip-unchanged --keep-old no --json
check "as those that read old values" json '.calls_needed == 6'
echo "1..$n"
