#!/bin/sh
# A guided import from an empty state folder: file, object, action, mapping, check, start, the finished run, its review, and
# back at Runs. By the journal and the org's audit every record is where the screen says. Prints TAP.
. tests/journeys/common.sh

start_org
mkdir "$folder/files/may"
cp assets/samples/contacts.csv "$folder/files/may/contacts.csv"
printf 'Name\n' >"$folder/files/header.csv"
run 0 load assets/samples/accounts.csv --config "$folder/org.json" --object Account --action upsert --external-id Ext__c \
	--skip-invalid --allow-failures --state "$folder/other"
before=$(writes)

# File
open_terminal 24 80 "$(console)"
check "an empty journal says how to begin" eval 'sees "nothing yet" && sees_line "^ ▸ Practise"'
keys j j
sees_line "^ ▸ Open a file" && keys Enter
check "the browser opens where one is" eval 'sees "step 1 of 6" && sees "$folder/files"'
types "may"
sees_line "^ ▸ may/" && keys Enter
check "a folder opens, and its file is shown as a table" eval 'sees_line "^ ▸ contacts.csv" && sees "semicolon" && sees "C-000001"'
keys Tab
check "Tab reads it as if it had commas" eval 'sees "1 column" && keys Tab Tab Tab Tab Tab Tab && sees "20 columns"'
keys Enter

# Object, action
check "the objects of the org are listed under its name" eval 'sees "objects" && sees "Longshore Practice"'
types "cont"
check "letters narrow the list" sees_line "^ ▸ Contact "
keys Enter
check "a key that is in the file is offered first" eval 'sees "step 3 of 6" && sees_line "upsert by Ext__c .*in this file"'
check "and it is chosen" pick_action "upsert by Ext__c"

# Mapping
check "the mapping shows what is sent for a record" eval 'sees "record 1" && sees_line "✓ Last Name +Vogel +Vogel +LastName" && sees_line "✓ Account.Ext__c +A-0428 .*Account.Ext__c"'
keys Right
check "and for the next one" eval 'sees "record 2" && sees "Kowalski"'
types "/Title"
keys Enter
sees_line "^ ▸ ✓ Title" && keys x
check "x leaves a column out" sees_line "· Title +Plant Manager +not loaded"
keys Enter
check "Enter offers the fields for it" eval 'sees "field for Title"'
types "departm"
sees_line "^ ▸ Department " && keys Enter
check "a field that another column goes to is refused" eval 'sees "already: leave that out first" && sees_line "· Title +Plant"'
keys Enter
sees "field for Title" && types "title"
sees_line "^ ▸ Title " && keys Enter
check "and it goes back to its own" sees_line "✓ Title +Plant Manager +Plant Manager +Title"
keys Escape
check "Esc clears the filter, and a key right behind it counts" eval 'sees "✓ Last Name" && types "/Phone" && sees_line "^ ▸ ✓ .*Phone" && $tmux send-keys Enter && $tmux send-keys -H 1b 63'

# Check, start
check "the check finds the records that would fail" sees "800 records: 796 can be written, 4 cannot"
types "Sy"
check "keys typed ahead do not start anything" eval 'sees "y start" && run 0 runs --json && json "length == 0" && [ "$(writes)" -eq "$before" ]'
$tmux set-buffer "y"
$tmux paste-buffer -p
check "nor does pasted text" eval 'keys Space && sees "go on to the end" && run 0 runs --json && json "length == 0"'
keys y

# Run
check "the run is shown" sees "Run 1 › contacts.csv → Contact upsert"
check "with its failures" sees "6 failed records to review"
check "every record is in one of its rows" eval 'sees_line "^ written +790  790 created" && shows_line "^ failed +6 " && shows_line "^ left out +4  by the check: " && shows_line "^ +800 "'
check "the journal says the same" eval 'run 0 show 1 --json && json ".state == \"finished\" and .written == 790 and .failed == 6 and .skipped == 4 and .in_doubt == 0 and .pending == 0"'
check "the org has each of them once" eval 'audit Contact "length == 790 and all(.verb == \"created\") and ([.[].id] | unique | length) == 790"'
check "with the values of the file" eval 'in_org Contact ".[] | select(.Ext__c == \"C-000002\") | .LastName == \"Kowalski\" and .Title == \"Plant Manager\" and .Department == \"Production\""'
check "nothing on the screen is called a chunk" eval '! shows chunk'
check "what several records have in common is told without one's value" eval '! shows_line "^ (▸| ) +[2-9] .*ID: [A-Z]-"'
check "a finished run has nothing to cancel" eval '! shows "X cancel"'

# Review
keys Enter
check "Enter reviews the failures" eval 'sees "Run 1 › Review   6 to repair" && sees "Longshore Practice"'
keys Enter
check "a group opens into its records" eval 'sees "what Salesforce said" && sees_line "^ ▸ +[0-9,]+ .*try 1"'
keys Enter
check "a record shows what was in the file" eval 'sees "in the file" && sees "Ext__c" && sees "failed · attempt 1"'
keys q
sees "what Salesforce said" && keys q
sees "to repair" && keys l
check "the log tells what happened" eval 'sees "Run 1 › Log" && sees "started by"'
keys q
sees "to repair" && keys q
sees "API calls" && keys q
check "and back at Runs it needs somebody" eval 'sees "Longshore › Runs" && sees "1 need you" && shows_line "^ ▸ +1  contacts.csv .* 800 +6 +!"'
keys q
check "q leaves the console" sees "exit status 0"

# A file without a record
open_terminal 24 80 "$(console)"
sees "need you" && keys n
check "a file with a header and no record is told before anything is sent" \
	eval 'pick_file header.csv && pick_object accou Account && pick_action insert && sees "The file has a header and no record"'
keys c
check "and cannot be loaded" eval 'sees_line "0 records|no record" && keys S && sees "No record can be written"'
keys C-c C-c C-c C-c C-c C-c
check "Ctrl-C leaves step by step" sees "exit status 0"

echo "1..$n"
