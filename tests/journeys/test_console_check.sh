#!/bin/sh
# What an operator does on Check before anything is sent: chooses which of the records with one key is written, sees what else
# deserves a look, and what all of it costs; proved by the org's audit. Prints TAP.
. tests/journeys/common.sh

start_org
titles() { # PREFIX TITLES: of the contacts whose keys begin so
	found=$(get "rows?object=Contact&limit=100000" | jq -r --arg p "$1" '[.rows[] | select((.Ext__c // "") | startswith($p)) | .Title] | sort | join(" ")')
	[ "$found" = "$2" ] || { echo "in the org: $found" >>"$folder/err"; return 1; }
}
to_check() { # FILE LETTERS OBJECT: from Runs to the end of the check, upsert by Ext__c
	sees "Longshore › Runs" && keys n && pick_file "$1" && pick_object "$2" "$3" && pick_action "upsert by Ext__c" &&
		keys c && sees "step 5 of 6" && sees "can be written"
}

printf 'Ext__c,LastName,Title\nQ-1,A,one\nQ-2,B,two\nQ-1,C,three\nQ-3,D,four\nQ-1,E,five\n' >"$folder/files/twice.csv"
open_terminal 24 80 "$(console)"

# --- one key in several records ---
check "the check finds records that share a key" eval 'to_check twice contact Contact && sees "same key" && sees "2 can be written"'
keys S
check "nothing starts before it is chosen which one is written" eval 'sees "write the first record" && sees "leave all of them out" && ! shows "step 6 of 6"'
keys Escape
check "Esc leaves it open" eval 'gone "write the first record" && keys f && sees "write the first record"'
keys 2
check "the file is checked anew: the last one is written" eval 'sees "3 can be written, 2 are left out" && sees "will be written, but look" && sees "f chooses anew"'
keys S
check "Start says so in numbers" eval 'sees "3 created or updated · 2 left out" && sees "keep old values" && sees "costs"'
keys y
check "it is started" sees "Run 1 ›"
check "and comes to its end" until_so is 1 finished
check "the org has the last one" titles Q "five four two"
check "and the journal says of whose key the others are" eval 'run 0 show 1 --record 1 --json && json ".record.code == \"same_key\" and .record.message == \"the same key as record 5, which is kept\""'
keys q

# --- what the next file of its kind is compared with ---
people 12 Q2 >"$folder/files/next.csv"
check "a file is compared with the last run of its kind" eval 'to_check next contact Contact && sees "compared with run 1, " && sees "5 records, this file 12 (2.4 x)"'
check "it can be left" until_so eval 'keys C-c; shows "exit status 0"'
echo "1..$n"
