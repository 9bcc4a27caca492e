#!/bin/sh
# The console as an operator drives it, in a real terminal: a guided import from picking the file to the finished run, a
# terminal that is lost in the middle, pause and go on, sizes, and a terminal left as it was. Prints TAP.
. tests/journeys/headless.sh
. tests/journeys/terminal.sh

start_org
mkdir "$folder/files"
cp assets/samples/accounts.csv "$folder/files"
people 4000 T >"$folder/files/people.csv"
people 2400 U >"$folder/files/short.csv"
console="cd $folder/files && LONGSHORE_STATE=$LONGSHORE_STATE $(realpath "$longshore") --config $folder/org.json"

plain_run() { # FILE-KEYS OBJECT: from Runs to the question before the start, upsert by Ext__c
	keys n
	sees "step 1 of 6" || return 1
	types "$1"
	sees "$1" && keys Enter
	sees "step 2 of 6" && sees "objects" || return 1
	types "$2"
	sees "$3" && keys Enter
	sees "step 3 of 6" && sees "upsert by Ext__c" || return 1
	until_so eval 'keys j; shows "▸ upsert by Ext__c"' && keys Enter
	sees "step 4 of 6" && keys c
	sees "can be written" && keys S
	if [ "$1" = accounts ]; then # two of its records share a key: the start waits for an answer
		sees "leave all of them out" && keys 3 && sees "2 more are" && keys S
	fi
	sees "step 6 of 6" && sees "y start"
}

# No terminal
check "without a terminal it exits 2 and names the headless command" eval 'run 2 && said "longshore load FILE"'
check "in one line" [ "$(wc -l <"$folder/err")" -eq 1 ]

# From nothing to a finished run
open_terminal 24 80 "$console"
check "an empty journal offers three ways to begin" eval 'sees "nothing yet" && shows "Practise" && shows "Sign in" && shows "Open a file"'
check "a guided import comes to its question" plain_run accounts acc "▸ Account"
check "which is asked in numbers" eval 'shows "500 records" && shows "493 created or updated · 7 left out"'
keys Enter
check "Enter means no: nothing was started" eval 'gone "y start" && run 0 runs --json && json "length == 0" && [ "$(writes)" -eq 0 ]'
keys S
sees "y start" && keys Space
check "Space changes what happens when records fail" sees "go on to the end"
keys y
check "y starts it, and the run is shown" sees "Run 1 ›"
check "it ends in front of the operator" sees "8 failed records to review"
check "with every record in one of its rows" eval 'shows "485 created" && grep -qE "failed +8 " "$folder/out" && grep -qE "left out +7 " "$folder/out" && grep -qE "^ +500 " "$folder/out"'
check "the journal says the same" eval 'run 0 show 1 --json && json ".state == \"finished\" and .written == 485 and .failed == 8 and .skipped == 7 and .pending == 0"'
check "and the org has each of them once" eval 'audit Account "length == 485 and all(.verb == \"created\")"'

# The failed records, down to what stood in the file
keys Enter
check "Enter reviews the failures in groups" sees "Run 1 › Review"
keys Enter
check "Enter again shows a group's records" sees "what Salesforce said"
sees "▸" && keys Enter
check "and again one of them with its text in the file" eval 'sees "in the file" && sees "attempt 1" && sees "characters, not required"'
keys Escape
gone "in the file"
keys Escape
sees "to repair" && keys Escape
sees "API calls" && keys q
check "q leaves step by step, down to the list" sees "Longshore › Runs"
keys Enter
sees "API calls" && keys C-c
check "Ctrl-C leaves a screen as q does" sees "Longshore › Runs"
keys C-c
check "and at the root the console" sees "exit status 0"
check "and the terminal is as it was" eval 'screen && grep -qx "echo" "$folder/out"'

# A terminal that is lost
post scenario '{"rate": 800}'
open_terminal 24 80 "$console"
sees "Longshore › Runs"
plain_run people contact "▸ Contact" && keys y
check "a second run is under way" eval 'sees "Run 2 ›" && until_so eval "[ \"\$(jobs InProgress)\" -gt 0 ]"'
lose_terminal
check "the terminal is lost, the load goes on and finishes" until_so is 2 finished
check "nothing was lost, nothing came twice" created_once T 4000
post scenario '{}'
open_terminal 24 80 "$console"
check "the console finds it finished" eval 'sees "people.csv" && sees "4,000" && grep -qE "2 +people.csv .*✓" "$folder/out"'

# Pause and go on
post scenario '{"rate": 100, "start_delay_ms": 500}'
plain_run short contact "▸ Contact" && keys y
sees "Run 3 ›" && until_so eval '[ "$(jobs InProgress)" -gt 0 ]'
keys p
check "p offers to stop now or to let the jobs finish" eval 'sees "Pause run 3" && shows "stop now"'
keys 1
check "stopped now, it is paused" until_so is 3 paused
check "and says how to go on" sees "p goes on"
keys q
sees "Longshore › Runs" && plain_run short contact "▸ Contact" && keys y
check "a second load of the same content is not begun, but asked about" sees "Loaded already"
keys Enter
check "Enter does nothing there" eval 'shows "Loaded already" && run 0 runs --json && json "length == 3"'
keys 1
check "one can go on with the run that has it" eval 'sees "Run 3 ›" && sees "p goes on"'
post scenario '{}'
keys p
check "going on is asked first" sees "Go on with run 3"
keys y
check "and it comes to its end" eval 'until_so is 3 finished && sees "2,400 of 2,400"'
check "each record once" created_once U 2400

# Sizes
$tmux resize-window -x 60 -y 16
check "60 x 16 is enough" eval 'sees "Run 3 ›" && until_so eval "screen; [ \$(wc -l <$folder/out) -eq 16 ]" && sees "? keys"'
$tmux resize-window -x 50 -y 12
check "less is told in one line" sees "Longshore needs 60 x 16, this is 50 x 12"
$tmux resize-window -x 200 -y 50
check "and it comes back" eval 'sees "2,400 of 2,400" && sees "? keys"'
check "? lists the keys" eval 'keys "?" && sees "run it" && keys Escape && gone "run it"'
check "a sequence nobody knows is no key" eval '$tmux send-keys -H 1b 5b 39 39 3b 35 71 && keys l && sees "› Log"'
keys q q q
check "it ends well" sees "exit status 0"

# Looks
open_terminal 24 80 "export NO_COLOR=1; $console"
sees "need you"
check "NO_COLOR means no colours" eval '! $tmux capture-pane -p -e | grep -qE "\[[0-9;]*3[1-7]m"'
open_terminal 24 80 "$console"
sees "need you"
check "without it there are some" eval '$tmux capture-pane -p -e | grep -qE "\[[0-9;]*3[1-7]m"'
open_terminal 24 80 "export LC_ALL=C; $console"
check "a locale without UTF-8 gets ASCII" eval 'sees "Longshore > Runs" && ! LC_ALL=C grep -q "[^ -~]" "$folder/out"'
open_terminal 24 120 "export TERM=dumb; $console"
check "a terminal that cannot show it: exit 2, one line" eval 'sees "exit status 2" && shows "longshore load FILE"'

echo "1..$n"
