#!/bin/sh
# What happens around a load that is watched: the terminal is lost, the engine dies, the org goes away, the journal is taken
# away. The load goes on, or says how it can; by the org's audit every record is written once. Prints TAP.
. tests/journeys/common.sh

start_org
people 3000 T >"$folder/files/people.csv"
people 2400 U >"$folder/files/others.csv"
people 2200 V >"$folder/files/third.csv"
slow='{"rate": 100}' # there is time to look, on a busy machine too
fast='{"rate": 3000}'
is_under_way() { shows "Run $1 ›" && [ "$(jobs InProgress)" -gt 0 ]; } # RUN

# The terminal
post scenario "$slow"
open_terminal 24 80 "$(console)"
check "a load begins" eval 'to_start people cont Contact && keys y && until_so is_under_way 1'
engine=$(engine_of 1)
check "in a process of its own" [ -n "$engine" ]
check "its title tells how far it is" until_so eval '$tmux display-message -p "#{pane_title}" | grep -q "[0-9]% people .* Longshore Practice"'
lose_terminal
until_so eval '! $tmux has-session'
check "the terminal is lost, the engine is not" kill -0 "$engine"
open_terminal 24 80 "$(console)"
check "the console finds the run at work" eval 'sees "1 running" && sees_line "1  people.csv .*▶"'
keys Enter
check "and shows it, live" eval 'sees "Run 1 ›" && sees_line "^ in the org +[0-9,]+ +(the jobs have|job [0-9]+ has) done"'
post scenario "$fast"
check "until it is finished" eval 'sees_line "^ written +3,000  3,000 created" && sees "Finished on"'
check "every record is written once" created_once T 3000
check "in one run" eval 'run 0 runs --json && json "length == 1"'
keys q

# The engine
post scenario "$slow"
check "another load begins" eval 'to_start others cont Contact && keys y && until_so is_under_way 2'
kill -KILL "$(engine_of 2)"
check "its engine is killed: the run is interrupted, and says what to do" eval 'sees "Interrupted: nobody works on it" && sees "p goes on"'
check "the sum is the file's" sees_line "^ +2,400 "
keys p
check "p tells first what is known of each part, and what will be done" eval 'sees "Run 2 › Go on" && sees "what happens now" && sees_line "ask job 750.*, collect|abort the job, send again|fetch the results" && sees "The file is the same as then"'
check "and until when the org keeps results" eval 'sees "The org keeps the results until" || sees "abort the job"'
keys p
check "p asks first" eval 'sees "Go on with run 2" && shows "Nothing is sent twice"'
keys Enter
check "no is the default" eval 'gone "Go on with run 2" && [ "$(show 2 .state)" = interrupted ]'
keys p
sees "Go on with run 2" && keys y
sees "Run 2 › others"
post scenario "$fast"
check "with y it goes on and comes to its end" eval 'sees_line "^ written +2,400 " && sees "Finished on"'
check "no record is written twice" created_once U 2400
keys q

# The org
post scenario "$slow"
check "a third load begins" eval 'to_start third cont Contact && keys y && until_so is_under_way 3'
post scenario '{"rate": 100, "faults": [{"path": "*", "action": "drop_before"}]}'
check "the org is out of reach: the run waits, and says why and until when" eval 'sees "Waits, and tries again at" && sees "connection"'
check "it can be told to pause" eval 'keys p && sees "Pause run 3" && keys Escape && gone "Pause run 3"'
post scenario "$fast"
check "the org is back: it goes on by itself and comes to its end" eval 'until_so is 3 finished && sees "Finished on" && sees_line "^ written +2,200 "'
check "every record of it is written once" created_once V 2200
keys q

# The journal
sees "Longshore › Runs"
mkdir "$folder/kept"
mv "$LONGSHORE_STATE"/journal.sqlite* "$folder/kept"
check "a journal that is taken away is missed" sees "was taken away or replaced"
keys j Enter l q q
check "and no key makes it worse" eval 'sees "Longshore › Runs" && sees "was taken away or replaced"'
keys C-c
check "the console can be left" sees "exit status"
check "nothing was made in its place" eval '[ ! -e "$LONGSHORE_STATE/journal.sqlite" ]'
mv "$folder/kept"/* "$LONGSHORE_STATE"
check "put back, everything is there" eval 'run 0 runs --json && json "length == 3 and all(.state == \"finished\")"'

# A terminal that is lost while the background works on a new load: what it works on is let go once
post scenario '{"faults": [{"path": "*/describe*", "times": 1000, "action": "delay", "ms": 5000}]}'
open_terminal 24 80 "(trap : HUP; $(console); echo \$? >$folder/ended)"
sees "Longshore › Runs" && keys n && pick_file people && sees "objects" && types cont && sees_line "^ ▸ Contact " && keys Enter
check "the org is asked about an object, and takes its time" sees "sking what Contact has"
lose_terminal
check "the terminal is lost meanwhile: the console ends well" until_so grep -qxE "0|129" "$folder/ended"

echo "1..$n"
