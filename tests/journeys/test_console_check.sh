#!/bin/sh
# What an operator does on Check before anything is sent: chooses which of the records with one key is written, sees what else
# deserves a look, asks the org, mends groups, values of picklists and single cells, and takes that back; proved by what the org
# holds afterwards. Prints TAP.
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
check "the org can be asked, and what that costs is told before" sees "in the org: not asked yet. a asks: up to"
keys a
check "it says what it holds" sees "in the org: 0 of these keys, and 12 not"
check "Esc leads back, step by step" until_so eval 'keys Escape; shows "Longshore › Runs"'

# --- mending what the check found ---
cp assets/samples/accounts.csv "$folder/files/accounts.csv"
check "a file with findings of four kinds" eval 'to_check accounts account Account && sees "500 records: 493 can be written, 7 cannot" && sees "not in the picklist: 2 different values"'
keys g f
check "values that a picklist does not have stand in a table" eval 'sees "will be sent as" && sees_line "^ ▸ +Prospekt +1" && sees_line "dormant +1"'
keys "*" Enter
check "its values are found while typing" eval 'sees "step 5 of 6" && types paus && sees "/ paus" && sees_line "^ ▸ Paused"'
keys Enter
check "one is taken for both" eval 'sees_line "Prospekt +1 +Paused +✓" && sees_line "dormant +1 +Paused +✓"'
keys Escape
check "the file is checked anew" sees "495 can be written, 5 cannot"
keys g f
check "what a fix would change is shown first" eval 'sees "cut to 255 characters · record 112: 338 characters → 255"'
keys 1
check "and then it is done" sees "497 can be written, 3 cannot"
keys z
check "z takes it back" sees "495 can be written, 5 cannot"
keys Z
check "Z does it again" sees "497 can be written, 3 cannot"
sees "Since__c" && keys G Enter
check "Enter shows the records, with what stands in the file" eval 'sees "in the file" && sees "1 record" && sees_line "^ ▸ +[0-9]+ +A-"'
since=$(sed -n 's/^ ▸ *\([0-9]*\) .*/\1/p' "$folder/out")
keys e
check "e edits what is sent" eval 'sees "The file stays as it is" && keys C-a C-k && types 2020-02-29 && keys Enter && sees_line "^ ▸ +$since +A-.* 2020-02-29 .*new"'
keys Escape
check "which counts at once" sees "498 can be written, 2 cannot"
keys S
check "the answer that is missing is asked for before the start" eval 'sees "write the first record" && keys 1 && sees "499 can be written"'
keys S
check "Start has what is left" eval 'sees "step 6 of 6" && sees "499 created or updated · 1 left out"'
keys y
check "it is started" sees "Run 2 ›"
check "and comes to its end" until_so is 2 finished
check "the org has what was chosen, cut and edited" in_org Account "(map(select(.Ext__c == \"A-0043\" or .Ext__c == \"A-0268\") | .Status__c) == [\"Paused\", \"Paused\"]) and (map(select(.Ext__c == \"A-0112\") | .Name | length) == [255]) and any(.Since__c == \"2020-02-29\")"
check "the journal says what was edited" eval 'run 0 show 2 --record "$since" --json && json "tostring | test(\"2020-02-29\")"'
check "the file is as it was" cmp -s assets/samples/accounts.csv "$folder/files/accounts.csv"

# --- what deserves a look is mended, too ---
awk 'BEGIN { print "Ext__c,LastName,MailingPostalCode"; for (i = 1; i <= 30; i++) printf "Z-%02d,Person %d,%s\n", i, i, i % 3 ? "20095" : "1067" }' >"$folder/files/zip.csv"
check "on to another file" until_so eval 'keys Escape; shows "Longshore › Runs"'
check "zeros that Excel took away deserve a look" eval 'to_check zip contact Contact && sees "will be written, but look" && sees "leading zero"'
keys g f
check "f offers to put them back" eval 'sees "pad" && keys 1 && sees "can be written" && gone "leading zero"'
keys S
check "the load starts" eval 'sees "y start" && keys y && sees "Run 3 ›" && until_so is 3 finished'
check "and sends them with their zeros" in_org Contact 'map(select((.Ext__c // "") | startswith("Z-")) | .MailingPostalCode) | (map(select(. == "01067")) | length) == 10 and length == 30'
check "it can be left" until_so eval 'keys C-c; shows "exit status 0"'
echo "1..$n"
