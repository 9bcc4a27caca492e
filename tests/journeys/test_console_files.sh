#!/bin/sh
# What leaves the console besides its screen: files that w writes, what y copies, the window's title, the bell. Prints TAP.
. tests/journeys/common.sh

start_org
people 2400 T >"$folder/files/people.csv"
run 0 load assets/samples/accounts.csv --config "$folder/org.json" --object Account --action upsert --external-id Ext__c \
	--skip-invalid --allow-failures
offered() { # CHOICE NAME: of w, and the file's name that is offered then
	keys w && sees "its summary in ten lines" && keys "$1" && gone "its summary in ten lines" && sees "$2"
}
listen() { # the terminal keeps what is copied, and tells of bells
	$tmux set -s set-clipboard on \; set -g bell-action any \; set-hook -g alert-bell "run-shell 'echo >>$folder/bells'"
}
title() { $tmux display-message -p '#{pane_title}'; }
title_is() { [ "$(title)" = "$1" ]; }
title_has() { title | grep -q -- "$1"; }
copied() { [ "$($tmux show-buffer)" = "$1" ]; }

open_terminal 24 80 "$(console)"
listen
sees "need you" && keys Enter
sees "Run 1 ›" && sees "API calls" && keys w
check "w offers what can be written" eval 'sees "its summary in ten lines" && shows "the 8 failed records" && shows "the 7 records left out"'
keys 1
check "and asks for the file's name" sees "accounts_run1.txt"
keys Enter
check "the summary is told to be written" sees "Written to accounts_run1.txt"
check "it has ten lines" [ "$(wc -l <"$folder/files/accounts_run1.txt")" -eq 10 ]
check "with the counts" eval 'grep -qE "^written +485  485 created" "$folder/files/accounts_run1.txt" && grep -qE "^failed +8$" "$folder/files/accounts_run1.txt"'
check "nobody else may read it" [ "$(stat -c %a "$folder/files/accounts_run1.txt")" = 600 ]
offered 2 accounts_run1_failed.csv && keys Enter
check "records are written by the same command as scripts use" sees "8 records written to accounts_run1_failed.csv"
run 0 export 1 --which failed -o "$folder/again.csv"
check "so both are the same" cmp "$folder/again.csv" "$folder/files/accounts_run1_failed.csv"
offered 2 accounts_run1_failed.csv && keys Enter
check "what is there already is not replaced without asking" sees "Replace it?"
echo mine >"$folder/files/accounts_run1_failed.csv"
keys Enter
check "and no is the default" eval 'gone "Replace it?" && grep -qx mine "$folder/files/accounts_run1_failed.csv"'
offered 2 accounts_run1_failed.csv && keys Enter && sees "Replace it?" && keys y
check "yes replaces it" eval 'sees "8 records written" && cmp "$folder/again.csv" "$folder/files/accounts_run1_failed.csv"'
offered 1 accounts_run1.txt && keys C-a
types "no/such/folder/"
keys Enter
check "a folder that is not there is told" sees "Cannot write no/such/folder/accounts_run1.txt"

keys y
check "y offers what can be copied" eval 'sees "the command" && shows "longshore show 1"'
keys 1
check "and it comes to the clipboard" eval 'sees "Copied: longshore show 1" && until_so copied "longshore show 1"'
keys i
check "i tells all that is known of the run" eval 'sees "Run 1 › Details" && shows "operator@practice.example" && shows "REST, 200 records a call"'
keys q
sees "API calls" && keys q
sees "need you"

# A run on its way and its end
post scenario "{$slow}"
check "without a load the window has the program's name" until_so title_is "Longshore"
begin "$folder/files/people.csv" --config "$folder/org.json" --object Contact --action upsert --external-id Ext__c --api bulk
check "with one, its share done, its file and its org, on any screen" until_so title_has "▶ [0-9]*% people → Longshore Practice"
keys n
sees "step 1 of 6"
rm -f "$folder/bells"
post scenario '{}'
check "when it ends the bell is rung" until_so [ -s "$folder/bells" ]
check "once" [ "$(wc -l <"$folder/bells")" -eq 1 ]
check "and the title is as before" until_so title_is "Longshore"
ended 0
keys C-c
sees "Longshore › Runs" && keys q
sees "exit status 0"

open_terminal 24 80 "$(console) --quiet"
listen
sees "need you"
people 2000 Q >"$folder/files/quiet.csv"
rm -f "$folder/bells"
begin "$folder/files/quiet.csv" --config "$folder/org.json" --object Contact --action upsert --external-id Ext__c --api bulk
check "--quiet keeps the bell still" eval 'ended 0 && sees "quiet.csv" && sees_line "3  quiet.csv .*✓" && [ ! -e "$folder/bells" ]'
keys q
sees "exit status 0"

echo "1..$n"
