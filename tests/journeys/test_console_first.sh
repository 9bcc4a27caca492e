#!/bin/sh
# Beginning with the first 200: the run waits there, shows them with their Ids, and goes on only when it is told to. Prints TAP.
. tests/journeys/common.sh

start_org
people 1200 F >"$folder/files/people.csv"
open_terminal 24 80 "$(console)"
sees "Longshore › Runs" && keys n && pick_file people.csv && pick_object contact Contact && pick_action insert && keys c
sees "can be written" && keys S
check "the start says what it costs" eval 'sees "y start" && sees_line "costs +[0-9]+ of [0-9,]+ API calls(, [0-9]+ of [0-9,]+ batches)? left today"'
check "on a practice org it goes to the end by itself" sees "[ all of them ]"
keys Up
check "arrows go to what is to be chosen" sees_line "all of them .*Space changes"
keys Space
check "Space chooses the first 200" sees "[ the first 200, then wait for me ]"
keys y
check "the run waits there" eval 'sees "Run 1 ›" && until_so is 1 paused && sees "p goes on"'
check "with 200 written and the rest to go" eval 'sees_line "^ written +200  200 created" && sees_line "^ to go +1,000"'
check "the org has no more" eval '[ "$(rows Contact)" -eq 200 ]'
keys Enter
check "Enter on what is written shows them with their Ids" eval 'sees "Run 1 › Records written" && sees_line "^ ▸ +1  created .* 003[0-9A-Za-z]{15}"'
keys Enter
check "and one with its text" eval 'sees "F-00001" && sees_line "written · attempt 1 · 003"'
keys y
check "its Id or link can be copied" eval 'sees "link" && shows "$url/003"'
keys Escape
gone "link" && keys q
sees "Records written" && keys q
sees "API calls" && keys w
check "what is to go can be written" sees "3  the 1,000 records to go"
keys 3
sees "people_run1_to_go.csv" && keys Enter
check "to a file of its own" eval 'sees "1,000 records written to people_run1_to_go.csv" && [ "$(grep -c ",pending,$\|,pending," "$folder/files/people_run1_to_go.csv")" -eq 1000 ]'
keys p
check "p asks first" eval 'sees "Go on with run 1" && shows "1,000 to go"'
keys y
check "and goes on to the end" eval 'until_so is 1 finished && sees "1,200 of 1,200"'
check "each record once" created_once F 1200

echo "1..$n"
