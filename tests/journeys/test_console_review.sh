#!/bin/sh
# Records that failed go again from the review: one group when its reason is gone, selected records, a whole record; nothing
# goes without a yes, by the org's audit. Prints TAP.
. tests/journeys/common.sh

start_org
run 0 load assets/samples/accounts.csv --config "$folder/org.json" --object Account --action upsert --external-id Ext__c \
	--skip-invalid --allow-failures
show 1 '.errors[] | select(.code == "INVALID_FIELD")' >"$folder/group"
"$longshore" export 1 --which failed -o "$folder/failed.csv" 2>/dev/null
before=$(writes)

open_terminal 24 80 "$(console)"
sees "need you" && keys Enter && sees "Run 1 ›" && sees "API calls" && keys Enter
check "the failures come in groups" eval 'sees "8 to repair" && sees_line "^ ▸ +5 +Foreign key external ID"'
keys r
check "r asks in numbers" eval 'sees "Send 5 records again" && shows "Foreign key external ID"'
keys Enter
check "Enter means no" eval 'gone "Send 5 records" && [ "$(writes)" -eq "$before" ]'

# Two of the parents come into the org
sed -n 's/.*external ID: \([A-Z0-9-]*\) not found.*/\1/p' "$folder/failed.csv" | sort -u >"$folder/keys"
{ echo "Ext__c,Name" && sed -n '1p;2p' "$folder/keys" | sed 's/$/,Parent/'; } >"$folder/parents.csv"
run 0 load "$folder/parents.csv" --config "$folder/org.json" --object Account --action insert --api bulk
keys r
sees "Send 5 records again" && keys y
check "y gives the order" sees "Run 1 is told: they are tried again within 2 s"
check "what can be written is written, the rest fails again" eval 'until_so eval "[ \"\$(show 1 .failed)\" -eq 6 ]" && sees "6 to repair" && sees_line "^ (▸| ) +3 +Foreign key external ID"'
check "in a second attempt of the same run" eval 'run 0 show 1 --json && json ".attempt == 2 and .written == 487 and .pending == 0"'
check "the org has each of them once" eval 'audit Account "[.[] | select(.verb == \"created\") | .key.Ext__c] | (unique | length) == length"'

# Selected records of a group
{ echo "Ext__c,Name" && sed -n '3,5p' "$folder/keys" | sed 's/$/,Parent/'; } >"$folder/parents.csv"
run 0 load "$folder/parents.csv" --config "$folder/org.json" --object Account --action insert --api bulk
types "/Foreign"
sees "/ Foreign" && keys Enter && sees_line "^ ▸ +3 +Foreign key" && keys Enter
check "a group opens into its records" eval 'sees "what Salesforce said" && sees_line "^ ▸ +[0-9,]+ .*try 2"'
keys Space Space
check "Space selects" until_so eval 'screen; [ "$(grep -c "[0-9]\* " "$folder/out")" -eq 2 ]'
keys r
check "only the selected ones go again" sees "Send 2 records again"
keys y
check "and are written" until_so eval '[ "$(show 1 .failed)" -eq 4 ]'
check "one is left" eval 'sees_line "^ ▸ +[0-9,]+ .*try 2" && until_so eval "screen; [ \$(grep -c \"try 2\" $folder/out) -eq 1 ]"'
keys Enter
sees "in the file" && keys r
check "and goes from its own screen" sees "Send 1 record again"
keys y
check "too" until_so eval '[ "$(show 1 .failed)" -eq 3 ]'
keys a
check "nothing is in doubt, and a says so" sees "No record is in doubt"
keys C-c C-c C-c C-c C-c
sees "exit status 0"

# A group that is mended at once: the org refuses what a rule does not want
people 24 F >"$folder/files/rule.csv"
awk -F, 'NR > 1 { $3 = NR <= 5 ? "Chief" : NR <= 13 ? "Boss" : "Head" } { print $1 "," $2 "," $3 }' "$folder/files/rule.csv" >"$folder/files/mend.csv"
post scenario '{"validation_rules": [{"object": "Contact", "when": [{"field": "Title", "is": "!=", "value": "Head"}], "message": "Title must be Head", "field": "Title"}]}'
run 0 load "$folder/files/mend.csv" --config "$folder/org.json" --object Contact --action insert --allow-failures
mended=$(newest)
open_terminal 24 80 "$(console)"
sees "need you" && keys g Enter && sees "Run $mended ›" && sees "API calls" && keys Enter
check "the refused ones are one group" sees_line "^ ▸ +12 +Title must be Head"
before=$(writes)
keys f
check "f tells which values the group has" eval 'sees "1  4 with \"Chief\"" && shows "2  8 with \"Boss\"" && shows "3  all 12"'
keys 1
sees "in place of \"Chief\"" && keys C-a C-k && types Head && sees "to send Head" && keys Enter
check "those of one value are mended" sees "Edited in 4 records"
keys f
check "and have their new one" eval 'sees "with \"Head\"" && shows "8 with \"Boss\""'
keys Escape
check "nothing is sent by that" eval 'gone "with \"Head\"" && [ "$(writes)" -eq "$before" ]'
keys r
sees "Send 12 records again" && keys y
check "r sends them: what was mended is written" eval 'sees "8 to repair" && [ "$(show "$mended" .failed)" -eq 8 ]'
keys f
check "one value is asked for at once" eval 'sees "8 records send the next time in place of \"Boss\"" && keys C-a C-k && types Head && keys Enter && sees "Edited in 8 records"'
keys r
sees "Send 8 records again" && keys y
check "until none is left" sees "Nothing is left to review"
check "the org has what was mended" in_org Contact '[.[] | select(.Title == "Head")] | length == 24'
until_so is "$mended" finished
keys C-c C-c C-c
check "it ends well" sees "exit status 0"
check "nothing was written twice" eval 'audit Account "[.[] | select(.verb == \"created\") | .key.Ext__c] | (unique | length) == length"'

echo "1..$n"
