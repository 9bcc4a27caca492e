#!/bin/sh
# A run is taken back from the console: U asks the org and tells it in numbers, only the number typed begins it, and it is a run
# of its own; proved by the org's rows and its audit. Prints TAP.
. tests/journeys/common.sh

start_org
contacts() { get "rows?object=Contact&limit=100000" | jq -cS '[.rows[] | {Ext__c, LastName, Title}] | sort_by(.Ext__c)'; }
load() { # FILE OPTIONS...
	file=$1
	shift
	run 0 load "$file" --config "$folder/org.json" --object Contact --json "$@"
}
asks_for() { sees "Type the number of records, $1:"; } # NUMBER

printf 'Ext__c,LastName,Title\nU-1,One,Buyer\nU-2,Two,\nU-3,Three,Seller\n' >"$folder/first.csv"
printf 'Ext__c,LastName,Title\nU-1,Uno,Boss\nU-2,Due,Boss\nU-3,Tre,Boss\nU-4,Four,New\nU-5,Five,New\n' >"$folder/then.csv"
check "three contacts" load "$folder/first.csv" --action insert
was=$(contacts)
check "three are changed, two are new" load "$folder/then.csv" --action upsert --external-id Ext__c
became=$(contacts) before=$(writes)

open_terminal 24 80 "$(console)"
sees "Longshore › Runs" && sees "then.csv" && keys Enter && sees "Run 2 ›"
check "a finished run can be undone" sees "U undo"
keys U
check "what that does is told in numbers" eval 'sees "Undo run 2" && sees "2 created: 2 deleted" && sees "3 updated: 3 get their old values back" && sees "Not undone: e-mails"'
check "the number is asked for" asks_for 5
types 4
keys Enter
check "another one does nothing" sees "That is not it"
keys Escape
check "Esc goes back" gone "Type the number of records"
check "nothing was written, and no file of it is left" eval '[ "$(writes)" -eq "$before" ] && [ "$(newest)" -eq 2 ] && [ -z "$(find "$LONGSHORE_STATE" -name "undo*")" ]'
keys U
asks_for 5 && rm "$LONGSHORE_STATE"/undo-2-* && types 5 && keys Enter
check "a look whose file is gone, as another console's Esc takes it along, begins nothing and says so" eval 'sees "look at run 2 again" && [ "$(newest)" -eq 2 ] && [ "$(writes)" -eq "$before" ]'
keys U
asks_for 5 && types 5 && keys Enter
check "the right one begins a run of its own, which is shown" sees "Run 3 ›"
check "it ends" until_so eval '[ "$(show 3 .state)" = finished ]'
check "its records are accounted for" eval 'run 0 show 3 --json && json ".undo_of == 2 and .records == 5 and .updated == 3 and .deleted == 2 and .pending == 0"'
check "the org is as it was" eval '[ "$(contacts)" = "$was" ] && [ "$was" != "$became" ]'
check "each was touched once" eval 'audit Contact "[.[] | select(.verb == \"deleted\")] | length == 2" && audit Contact "[.[] | select(.verb == \"updated\")] | length == 6"'

# From the list; a run of which nothing is as it left it
keys q
check "on Runs it is called what it is" eval 'sees "Longshore › Runs" && sees_line "^ +3 +undo of run 2"'
sees_line "^ ▸ +2 " && keys U
check "a second undo is only told" sees "Nothing to undo in run 2"
keys Enter
check "and closed" gone "Nothing to undo in run 2"

# Refused where undo_open refuses: a run that deleted
printf 'Id\n%s\n' "$(get "rows?object=Contact" | jq -r '.rows[0].Id')" >"$folder/ids.csv"
check "one is deleted by a run" load "$folder/ids.csv" --action delete --yes
sees_line "^ +4 " && keys g && sees_line "^ ▸ +4 " && keys U
check "what cannot be undone says what can be done instead" sees "bin keeps them for 15 days"
check "still no more runs" eval '[ "$(newest)" -eq 4 ]'
keys q
check "it ends well" sees "exit status 0"
check "the undo that was begun keeps its file, and is the only one with one" eval '[ "$(find "$LONGSHORE_STATE" -name "undo*" | wc -l)" -eq 1 ] && find "$LONGSHORE_STATE" -name "undo-2-*" | grep -q .'

echo "1..$n"
