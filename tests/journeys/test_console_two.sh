#!/bin/sh
# Two consoles on one run: each sees what the other does, a load that was started headless appears by itself, and of two orders the same
# run obeys one. Prints TAP.
. tests/journeys/common.sh

other="tmux -u -S $folder/tmux2 -f /dev/null"
trap '$tmux kill-server 2>/dev/null; $other kill-server 2>/dev/null; end_all; rm -rf "$folder"' EXIT
second() { # COMMAND...: with the other terminal in place of the first
	(tmux=$other && "$@")
}

start_org
people 2400 T >"$folder/files/people.csv"
post scenario '{"rate": 100, "start_delay_ms": 500}'
open_terminal 24 80 "$(console)"
sees "Longshore › Runs"
$other new-session -d -x 80 -y 24 "LC_ALL=C.UTF-8 TERM=screen-256color sh $folder/terminal.sh" \; set -g status off
check "two consoles are open" second sees "Longshore › Runs"

run 0 load "$folder/files/people.csv" --config "$folder/org.json" --object Contact --action upsert --external-id Ext__c --api bulk --quiet --json &
load=$!
check "a load that was started headless appears in one" eval 'sees "people.csv" && sees "1 running"'
check "and in the other" eval 'second sees "people.csv" && second sees "1 running"'
keys Enter
check "one looks at it" eval 'sees "Run 1 ›" && sees "in the org"'
second keys Enter
check "so does the other" eval 'second sees "Run 1 ›" && second sees "in the org"'

until_so eval '[ "$(jobs InProgress)" -gt 0 ]'
keys p
check "one asks for a pause" sees "stop now"
keys 1
check "the run obeys" until_so is 1 paused
check "the one sees it" eval 'sees "Paused by" && sees "p go on"'
check "and so does the other" eval 'second sees "Paused by" && second sees "p go on"'
wait "$load"
post scenario '{}'
keys p
check "one goes on" eval 'sees "Go on with run 1" && keys y && sees "Run 1 ›"'
check "and both see it to its end" eval 'until_so is 1 finished && sees "2,400 of 2,400" && second sees "2,400 of 2,400"'
check "each record came once" created_once T 2400
second keys C-c
second keys C-c
check "the other leaves, well" second sees "exit status 0"
check "the first one is where it was" eval 'sees "2,400 of 2,400"'
echo "1..$n"
