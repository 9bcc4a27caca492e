#!/bin/sh
# Failures are repaired in the console: a value in place with its reach, a group in $EDITOR, undo and redo, records left out for a
# reason, and retried until none is left; each record is in the org once, as it was repaired. Prints TAP.
. tests/journeys/common.sh

start_org
{ # 1: fine. 2-6: no such parent (5 records, two different keys); 7-9: no such user
	echo "Ext__c,Account Name,Parent.Ext__c,Owner ID"
	echo "R-1,Root,,"
	for i in 2 3 4; do echo "R-$i,Child $i,X-1,"; done
	for i in 5 6; do echo "R-$i,Child $i,X-$i,"; done
	for i in 7 8 9; do echo "R-$i,Owned $i,,005000000000000AAA"; done
} >"$folder/files/repair.csv"
run 0 load "$folder/files/repair.csv" --config "$folder/org.json" --object Account --action upsert --external-id Ext__c --allow-failures
before=$(writes)
cat >"$folder/edit.sh" <<'EDITOR'
#!/bin/sh
cp "$1" "$SEEN" && sed -i 's/005000000000000AAA//' "$1"
EDITOR
chmod +x "$folder/edit.sh"

open_terminal 24 80 "$(console "EDITOR=$folder/edit.sh SEEN=$folder/seen.csv")"
sees "need you" && keys Enter && sees "Run 1 ›" && sees "API calls" && keys Enter
check "the failures come in groups" eval 'sees "8 to repair" && sees_line "^ ▸ +5 +Foreign key external ID"'

# In place
keys Enter
sees "what Salesforce said" && keys Enter
check "a record stands beside what was sent and what will be" sees_line "column +in the file +sent +to send"
check "the cursor is on what Salesforce named" sees_line "^ ▸✗ Parent.Ext__c +X-1 +X-1 +X-1"
keys e
check "e asks for the value" eval 'sees "Record 2: Parent.Ext__c" && shows "to send X-1"'
keys C-a C-k
types "R-1"
sees "to send R-1" && keys Enter
check "then how far it goes, in numbers" eval 'sees "Use this change for" && shows "the 3 of this group with Parent.Ext__c \"X-1\"" && shows "all 5: set to \"R-1\""'
check "with examples" sees "→ R-5"
keys 2
check "it is kept" sees "Edited in 3 records"
check "and shown beside the old value" sees_line "Parent.Ext__c +X-1 +X-1 +R-1 +new"
keys z
check "z takes it back" eval 'sees "Taken back in 3 records" && sees_line "Parent.Ext__c +X-1 +X-1 +X-1"'
keys Z
check "Z does it again" eval 'sees "Edited in 3 records" && sees_line "Parent.Ext__c +X-1 +X-1 +R-1 +new"'
check "nothing is sent by all this" [ "$(writes)" -eq "$before" ]

keys q
sees "what Salesforce said" && keys q
sees "8 to repair" && keys r
sees "Send 5 records again" && keys y
check "the group is tried again: what was repaired is written" eval 'sees "5 to repair" && sees_line "^ [▸ ] +2 +Foreign key external ID"'
check "as it was repaired" in_org Account '[.[] | select(.Name | test("Child")) | .Ext__c] | sort == ["R-2", "R-3", "R-4"]'

# The rest of it is set at once
keys g
sees_line "^ ▸ +3 " && keys G
sees_line "^ ▸ +2 +Foreign key" && keys Enter
sees "what Salesforce said" && keys Enter
sees_line "^ ▸✗ Parent.Ext__c +X-5" && keys e
sees "to send X-5" && keys C-a C-k
types "R-1"
sees "to send R-1" && keys Enter
sees "2  all 2: set to" && keys 2
check "all of the group are set" sees "Edited in 2 records"
keys r
check "r sends the record that is shown" sees "Send 1 record again"
keys y
check "it is written" until_so eval '[ "$(show 1 .failed)" -eq 4 ]'
keys q q
sees "4 to repair" && keys G && sees_line "^ ▸ +1 +Foreign key" && keys r
sees "Send 1 record again" && keys y
check "and the other one" eval 'sees "3 to repair" && [ "$(show 1 .failed)" -eq 3 ]'

# In the editor
keys E
check "E opens a group in the editor, and tells what came back" eval 'sees "Take what was edited" && shows "3 cells changed in 3 records"'
check "the table had the record, its columns and the reason" eval 'head -n 1 "$folder/seen.csv" | grep -qx "longshore_record,Ext__c,Account Name,Parent.Ext__c,Owner ID,longshore_error" && grep -q "^7,R-7,Owned 7,,005000000000000AAA,invalid cross reference id" "$folder/seen.csv"'
keys Enter
check "Enter means no" eval 'gone "Take what was edited" && [ "$(sqlite3 "$LONGSHORE_STATE/journal.sqlite" "SELECT count(*) FROM edits WHERE field LIKE '\''Owner%'\'' AND value IS NOT NULL")" -eq 0 ]'
keys E
sees "Take what was edited" && keys y
check "y takes them" sees "Edited in 3 records"
check "no file is left behind" eval '! ls "$LONGSHORE_STATE"/edit-* >/dev/null 2>&1'

# One is left out
keys Enter
sees "what Salesforce said" && keys G && sees_line "^ ▸ +9 " && keys x
check "x asks why" sees "They are not tried again"
types "sold last year"
sees "because sold last year" && keys Enter
check "and it counts as left out" eval 'sees "1 record left out" && [ "$(show 1 .skipped)" -eq 1 ]'
keys q
sees "2 to repair" && keys r
sees "Send 2 records again" && keys y
check "the rest is tried again until none is left" sees "Nothing is left to review"
check "every record is accounted for" eval 'run 0 show 1 --json && json ".written == 8 and .skipped == 1 and .failed == 0 and .pending == 0"'
keys l
check "the log has the reason" sees "1 record left out: sold last year"
keys C-c C-c C-c C-c
check "it ends well" sees "exit status 0"
check "the org has each of them once" audit Account '[.[] | select(.verb == "created") | .key.Ext__c] | length == 8 and (unique | length) == 8'

echo "1..$n"
