#!/bin/sh
# A mapping made by hand, in a real terminal: columns that no name gives away get their fields, one of them a lookup by the parent's
# external id; a constant is found by the list of keys, and typed; the org has then what was shown for a record. Prints TAP.
. tests/journeys/common.sh

start_org
printf 'Ext__c,Name\nF-1,Plant One\nF-2,Plant Two\n' >"$folder/firms.csv"
printf 'k1,k2,k3 of account\nH-00001,Miller,F-1\nH-00002,Huber,F-2\nH-00003,Ng,F-1\n' >"$folder/files/odd.csv"
check "the parents are in the org" run 0 load "$folder/firms.csv" --config "$folder/org.json" --object Account --action upsert --external-id Ext__c

column_to() { # COLUMN LETTERS FIELD: the column under the cursor goes to the field
	sees_line "^ ▸ [^ ]+ $1 " && keys Enter && sees "field for $1" && types "$2" && sees_line "^ ▸ $3 " && keys Enter && sees_line "^ ▸ [^ ]+ $1 .* $3"
}
open_terminal 24 100 "$(console)"
sees "Longshore › Runs" && keys n && pick_file odd && pick_object cont Contact && pick_action "insert"
check "no name gives these columns away" eval 'sees_line "· k1 +H-00001 +not loaded" && sees_line "· k2 +Miller +not loaded"'
check "a column gets its field" column_to k1 ext__c Ext__c
keys j
check "and the next one" column_to k2 lastname LastName
keys j
check "a lookup is offered by the parent's external id" column_to "k3 of account" account.ext Account.Ext__c
check "and says what is sent for the record" sees_line "k3 of account +F-1 +Account F-1 +Account.Ext__c"
keys Right
check "and for the next one" sees_line "k3 of account +F-2 +Account F-2 +Account.Ext__c"
keys '?'
sees "Mapping › Keys" && types const && sees_line "^ ▸ = +constant"
keys Enter
check "the list of keys runs what it finds: a constant is asked for" sees "The same value in every record"
types "LeadSource=Web" && keys Enter
check "and stands among the columns" sees_line "= +Web +LeadSource"
keys c
check "every record can be written" sees "3 records: all can be written"
keys S
sees "y start" && keys y
check "they are" eval 'sees "Run 2 ›" && until_so is 2 finished && sees_line "^ written +3 "'
account() { get "rows?object=Account" | jq -r ".rows[] | select(.Ext__c == \"$1\") | .Id"; }
first=$(account F-1) second=$(account F-2)
check "with their parents and the constant" in_org Contact \
	"length == 3 and all(.LeadSource == \"Web\") and ([.[] | [.Ext__c, .LastName, .AccountId]] | sort) == [[\"H-00001\", \"Miller\", \"$first\"], [\"H-00002\", \"Huber\", \"$second\"], [\"H-00003\", \"Ng\", \"$first\"]]"

echo "1..$n"
