#!/bin/sh
# --ask-org: what the org holds is asked before anything is sent: what would fail, what is there already, what would change nothing.
# Prints TAP.
. tests/journeys/headless.sh

start_org
org_of() { # VERB STATUS FILE OBJECT OPTIONS...
	verb=$1 wanted=$2 file=$3 object=$4
	shift 4
	run "$wanted" "$verb" "$file" --config "$folder/org.json" --object "$object" --json "$@"
}
finding() { # RULE FIELD COUNT FIRST
	json "[.findings[] | select(.rule == \"$1\" and .field == \"$2\" and .count == $3 and .example_record == $4)] | length == 1"
}
calls() { get counters | jq .api_calls; }

printf 'Name,Ext__c\nHouse,H-1\nYard,Y-1\n' >"$folder/accounts.csv"
check "two accounts" org_of load 0 "$folder/accounts.csv" Account --action insert
people 450 A >"$folder/a.csv"
check "450 people" org_of load 0 "$folder/a.csv" Contact --action insert

# --- an upsert: what is created, what is updated, what changes nothing ---
people 460 A | awk 'NR > 1 && NR % 9 == 0 { sub(/Buyer/, "Chief") } 1' >"$folder/b.csv"
check "not asked, it says how" run 0 check "$folder/b.csv" --config "$folder/org.json" --object Contact --action upsert --external-id Ext__c
check "and what that costs" grep -q -- '--ask-org does that, with up to 3 API calls' "$folder/out"
used=$(calls)
check "asked" org_of check 0 "$folder/b.csv" Contact --action upsert --external-id Ext__c --ask-org
check "it knows" json '.org_has.there == 450 and .org_has.missing == 10 and .org_has.unchanged == 400 and .org_has.refused == 0'
check "at the price it said" json '.ask_org_calls == 3 and .org_has.calls == 3'
check "which the org counts as well" [ "$(calls)" -ge $((used + 3)) ]
check "what changes nothing is to be looked at" json '[.looks[] | select(.rule == "unchanged" and .count == 400)] | length == 1'
check "for people" run 0 check "$folder/b.csv" --config "$folder/org.json" --object Contact --action upsert --external-id Ext__c --ask-org
check "in words" grep -q 'in the org: 10 would be created, 450 updated; 400 change nothing (--skip-unchanged leaves them out)' "$folder/out"

# --- parents that are not there: findings, left out, and taken up again ---
{ echo 'Ext__c,LastName,Account.Ext__c'
	awk 'BEGIN { for (i = 1; i <= 500; i++) printf "P-%d,Person %d,%s\n", i, i, i % 5 == 0 ? "NO-" i % 3 : i % 2 ? "H-1" : "y-1" }'; } >"$folder/p.csv"
check "a hundred records of 500 have no parent" org_of check 3 "$folder/p.csv" Contact --action insert --ask-org
check "as a finding with its first record" finding not_in_org Account.Ext__c 100 5
check "in a sentence" json '.findings[0].message == "no record of Account with this Ext__c is in the org"'
check "each parent is asked for once" json '.org_has.calls <= 4'
check "a load stops" org_of load 3 "$folder/p.csv" Contact --action insert --ask-org
check "before anything was sent" [ "$(rows Contact)" -eq 450 ]
check "or leaves them out" org_of load 0 "$folder/p.csv" Contact --action insert --ask-org --skip-invalid
check "a hundred" json '.written == 400 and .skipped == 100 and .skipped_by[0].reason == "not_in_org" and .failed == 0'
left=$(newest)
check "each says why" run 0 show "$left" --record 5 --json
check "in words" json '.record.code == "not_in_org" and .record.fields == "Account.Ext__c"'
printf 'Name,Ext__c\nNo 0,NO-0\nNo 1,NO-1\nNo 2,NO-2\n' >"$folder/late.csv"
check "the parents come" org_of load 0 "$folder/late.csv" Account --action insert
check "and the records go again" run 0 retry "$left" --json
check "all of them" json '.written == 500 and .skipped == 0'
check "each once" created_once P 500

# --- killed before the first byte: the same ones are left out ---
{ echo 'Ext__c,LastName,Account.Ext__c'
	awk 'BEGIN { for (i = 1; i <= 50; i++) printf "K-%d,Person %d,%s\n", i, i, i % 5 == 0 ? "NEVER" : "H-1" }'; } >"$folder/k.csv"
post scenario '{"faults": [{"method": "POST", "path": "*/jobs/ingest", "action": "answer", "status": 503}]}'
begin "$folder/k.csv" --config "$folder/org.json" --object Contact --action insert --ask-org --skip-invalid --json
killed=$id
check "a chunk is planned" until_so is "$killed" waiting
kill -KILL "$loader"
wait "$loader" 2>/dev/null
post scenario '{}'
check "resumed" run 0 resume "$killed" --json
check "with the same outcome" json '.written == 40 and .skipped == 10 and .failed == 0'
check "each once" created_once K 40

# --- killed while the run was made: it is a draft, which nobody can begin ---
sqlite3 "$LONGSHORE_STATE/journal.sqlite" "UPDATE runs SET state = 'draft' WHERE id = $killed"
check "a draft is not resumed" run 1 resume "$killed" --json
check "and says what to do" json '.error | test("nothing of it was sent: load its file once more")'
sqlite3 "$LONGSHORE_STATE/journal.sqlite" "UPDATE runs SET state = 'finished' WHERE id = $killed"

# --- ids that are not there, or of something that was deleted ---
ids() { get "rows?object=Contact&limit=5" | jq -r '.rows[].Id'; }
{ echo 'Id,Title'; ids | sed 's/$/,New/'; echo '0035e0000099999AAA,Gone'; } >"$folder/u.csv"
sed -i 's/0035e0000099999AAA/003000000000001AAA/' "$folder/u.csv"
check "an update of an id that is not there" org_of check 3 "$folder/u.csv" Contact --action update --ask-org
check "is found" finding not_in_org Id 1 6
cut -d, -f1 "$folder/u.csv" >"$folder/d.csv"
check "so is a delete" org_of check 3 "$folder/d.csv" Contact --action delete --ask-org
check "by its number" finding not_in_org Id 1 6
check "and the parent's id" eval 'printf "LastName,AccountId\nOne,001000000000001AAA\n" >"$folder/pid.csv" && org_of check 3 "$folder/pid.csv" Contact --action insert --ask-org'
check "of the lookup" finding not_in_org AccountId 1 1

# --- a delete takes others along ---
get 'rows?object=Account&limit=100' | jq -r '"Id", (.rows[] | select(.Ext__c == "H-1" or .Ext__c == "NO-1") | .Id)' >"$folder/del.csv"
below() { # of those accounts: how many people
	get 'rows?object=Contact&limit=100000' | jq --rawfile ids "$folder/del.csv" '[.rows[] | select(.AccountId != null and (.AccountId as $a | $ids | contains($a)))] | length'
}
check "two accounts with people, asked about" org_of check 0 "$folder/del.csv" Account --action delete --ask-org
check "the people are told" json "[.looks[] | [.rule, .field, .count]] == [[\"cascades\", \"Contacts\", $(below)]]"
check "in three calls" json '.org_has.calls == 3 and .ask_org_calls == 3'

# --- an insert of what is there already ---
check "keys that are there, in an insert" org_of check 3 "$folder/b.csv" Contact --action insert --ask-org
check "would be refused" finding in_org Ext__c 450 1
check "and say what may be meant" json '.findings[0].fix | test("upsert")'

# --- the org says no, or there is too little left ---
used=$(calls)
post scenario "{\"daily_limit\": $((used + 12))}"
check "not more calls than may be used" org_of check 2 "$folder/b.csv" Contact --action upsert --external-id Ext__c --ask-org --keep-calls 10
check "with the numbers" json '.error | test("takes up to 3 API calls")'
post scenario '{}'
check "nothing to ask about is no fault" eval 'printf "LastName\nOnly\n" >"$folder/o.csv" && org_of check 0 "$folder/o.csv" Contact --action insert --ask-org'
check "the journal is sound" run 0 journal check
echo "1..$n"
