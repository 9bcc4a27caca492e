#!/bin/sh
# A mapping is saved under a name on Mapping, taken again for the next file of its kind, and by --like; guesses are shown before anything
# is sent. Proved by what the org holds. Prints TAP.
. tests/journeys/common.sh

start_org
to_mapping() { # FILE ACTION: from Runs
	sees "Longshore › Runs" && keys n && pick_file "$1" && pick_object contact Contact && pick_action "$2" && sees "step 4 of 6"
}
last_names() { # PREFIX NAMES
	found=$(get "rows?object=Contact&limit=100000" | jq -r --arg p "$1" '[.rows[] | select((.Ext__c // "") | startswith($p)) | .LastName + "/" + (.Title // "-")] | sort | join(" ")')
	[ "$found" = "$2" ] || { echo "in the org: $found" >>"$folder/err"; return 1; }
}

printf 'Ext__c,Surname,Rank\nV-1,Ann,Boss\nV-2,Bob,Buyer\n' >"$folder/files/monday.csv"
open_terminal 24 80 "$(console)"
check "what is guessed has a sign of its own, and says why" eval 'to_mapping monday "upsert by Ext__c" && keys j && sees_line "^ ▸ ~ Surname .* LastName" && sees "guessed: like its label" && sees "2 of 3 columns mapped, 1 of them guessed"'
keys j Enter
check "a column gets a field by hand" eval 'sees "field for Rank" && types Title && sees_line "^ ▸ Title" && keys Enter && sees "3 of 3 columns mapped"'
keys m
check "nothing was saved yet" eval 'sees "None was saved for this object yet" && sees "save this one under a name"'
keys 1
check "the file's name is offered" eval 'sees "Save this mapping" && sees "monday"'
keys C-a C-k
types 12
keys Enter
check "a number is a run's" sees "A number is a run's: take a name"
keys m
sees "save this one" && keys 1
sees "Save this mapping" && keys C-a C-k && types weekly
keys Enter
check "it is saved" sees "The mapping is saved as weekly"
keys Escape
check "Esc leads back" until_so eval 'keys Escape; shows "Longshore › Runs"'

printf 'Rank,Ext__c,Surname\nBoss,V-3,Cem\n' >"$folder/files/tuesday.csv"
check "for the next file it is not there by itself" eval 'to_mapping tuesday "upsert by Ext__c" && sees "2 of 3 columns mapped"'
keys m
check "but offered" eval 'sees_line "take weekly: upsert, [0-9]+ [A-Z][a-z][a-z] 20[0-9][0-9]" && ! shows "of other columns"'
keys 2
check "and taken" eval 'sees "The saved mapping is in use" && keys j && sees "3 of 3 columns mapped · no required field" && sees_line "✓ Surname .* LastName"'
keys c
check "the file is checked by it" eval 'sees "step 5 of 6" && sees "all can be written" && keys S && sees "step 6 of 6" && keys y && sees "Run 1 ›" && until_so is 1 finished'
check "and sent" last_names V "Cem/Boss"
check "by its name it is taken headless, too" eval 'run 0 load "$folder/files/monday.csv" --config "$folder/org.json" --like weekly --json && json ".object == \"Contact\" and .action == \"upsert\" and .created == 2" && last_names V "Ann/Boss Bob/Buyer Cem/Boss"'
printf 'Ext__c,Surname,Birth\nV-4,Dee,1990-02-13\n' >"$folder/files/other.csv"
check "another kind of file is told" eval 'run 3 load "$folder/files/other.csv" --config "$folder/org.json" --like weekly --json && json ".error | startswith(\"this file is not like that of weekly, and nothing was sent: its columns are others\")"'
check "a name that is none is told with those that are" eval 'run 1 check "$folder/files/other.csv" --config "$folder/org.json" --like monthly --json && json ".error == \"there is no saved mapping \\\"monthly\\\": there are weekly\""'

# --- how cells are read, said on Mapping ---
until_so eval 'keys Escape; shows "Longshore › Runs"'
printf 'Ext__c,LastName,Birthdate,Title\nD-1,Ann,03/04/1990,\n' >"$folder/files/dates.csv"
check "a date that can be read in two ways is none yet" eval 'to_mapping dates "upsert by Ext__c" && keys j j && sees_line "^ ▸ ! Birthdate +03/04/1990"'
keys d
check "d says that the day comes first" eval 'sees_line "^ ▸ ✓ Birthdate +03/04/1990 +1990-04-03" && sees "dates: the day first"'
keys d
check "once more: the month" sees_line "^ ▸ ✓ Birthdate +03/04/1990 +1990-03-04"
keys k d
check "a text has no such order" sees "Only dates have an order of day and month"
keys j j b
check "b says that a blank clears" eval 'sees_line "^ ▸ ✓ Title +#N/A" && sees "blank cells clear"'
keys =
check "= asks for a constant" sees "FIELD=VALUE"
types 'LeadSource=run {run}'
keys Enter
check "it is the same in every record" sees_line "= +run 999999 +LeadSource"
keys c
check "all of it is sent" eval 'sees "all can be written" && keys S && sees "step 6 of 6" && keys y && sees "Run 3 ›" && until_so is 3 finished && in_org Contact "[.[] | select(.Ext__c == \"D-1\") | [.Birthdate, .Title, .LeadSource]] == [[\"1990-03-04\", null, \"run 3\"]]"'

echo "1..$n"
