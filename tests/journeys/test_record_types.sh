#!/bin/sh
# Picklists by record type: with --ask-org each record type of the file is asked once what it offers, and what it does not offer is
# found before the org refuses it. Prints TAP.
. tests/journeys/headless.sh

start_org
values='"record_type_values": [{"object": "Account", "record_type": "Household", "field": "Status__c", "values": ["New", "Active"]}]'
post scenario "{$values}"
account() { # VERB STATUS FILE OPTIONS...
	verb=$1 wanted=$2 file=$3
	shift 3
	run "$wanted" "$verb" "$folder/$file" --config "$folder/org.json" --object Account --json "$@"
}
asked() { get counters | jq -r '.calls.picklist_values'; }
found() { # COUNT FIRST
	json "[.findings[] | {rule, field, message, count, example_record}] == [{rule: \"not_offered\", field: \"Status__c\", message: \"a value that the record's type does not offer\", count: $1, example_record: $2}]"
}

printf 'Ext__c,Name,Record Type,Status__c\nT-1,One,Household,New\nT-2,Two,Household,Paused\nT-3,Three,Household,\nT-4,Four,,Closed\nT-5,Five,household,Active\n' >"$folder/named.csv"
check "not asked, the describe has nothing against them" account check 0 named.csv --action insert
check "what asking takes is told" json '.ask_org_calls >= 1'
check "and nobody was asked" [ "$(asked)" -eq 0 ]
check "asked, what the record type does not offer is found, of the user's default one too" eval 'account check 3 named.csv --action insert --ask-org && found 2 2'
check "with one call for the record type" [ "$(asked)" -eq 1 ]
check "in words" eval 'run 3 check "$folder/named.csv" --config "$folder/org.json" --object Account --action insert --ask-org && grep -q "does not offer" "$folder/out"'
check "a load stops before anything is sent" eval 'account load 3 named.csv --action insert --ask-org && [ "$(rows Account)" -eq 0 ]'
check "or leaves them out" eval 'account load 0 named.csv --action insert --ask-org --skip-invalid && json ".written == 3 and .failed == 0 and .skipped == 2 and .skipped_by[0].reason == \"not_offered\""'
check "each says why" eval 'run 0 show "$(newest)" --record 2 --json && json ".record.code == \"not_offered\" and .record.fields == \"Status__c\""'
post scenario '{}'
check "what is offered later goes with a retry" eval 'run 0 retry "$(newest)" --json && json ".written == 5"'
post scenario "{$values}"

sed 's/T-/U-/; s/One/Uno/' "$folder/named.csv" >"$folder/unasked.csv"
check "the org would have refused them" eval 'account load 0 unasked.csv --action insert --allow-failures && json ".written == 3 and .failed == 2 and .errors[0].code == \"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST\""'

cut -d, -f1,2,4 "$folder/named.csv" | sed 's/T-/V-/' >"$folder/plain.csv"
check "an insert without a record type has the user's default one" eval 'account check 3 plain.csv --action insert --ask-org && found 2 2'
before=$(asked)
check "records that are there keep theirs, which nobody knows here" eval 'account check 0 plain.csv --action upsert --external-id Ext__c --ask-org && [ "$(asked)" -eq "$before" ]'
check "a constant counts for all" eval 'account check 3 plain.csv --action upsert --external-id Ext__c --set RecordTypeId=Household --ask-org && found 2 2'
sed 's/Record Type/RecordType.Name/; s/T-/W-/' "$folder/named.csv" >"$folder/lookup.csv"
check "a lookup by name as well" eval 'account check 3 lookup.csv --action insert --ask-org && found 2 2'

post scenario '{"faults": [{"path": "*/ui-api/*", "action": "answer", "status": 403, "body": "[{\"errorCode\":\"INSUFFICIENT_ACCESS\",\"message\":\"no\"}]"}]}'
sed 's/T-/X-/' "$folder/named.csv" >"$folder/untold.csv"
check "where the org does not tell it is said, and nothing is left out" eval 'account check 0 untold.csv --action insert --ask-org &&
	json "[.looks[] | select(.rule == \"not_offered\") | {field, count, message}] == [{field: \"RecordTypeId\", count: 5, message: \"the org does not tell which values of picklists Household offers: not looked at\"}]"'

echo "1..$n"
