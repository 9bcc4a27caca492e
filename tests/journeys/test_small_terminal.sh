#!/bin/sh
# Terminals that are small, change their size all the time, have no colours, no UTF-8, or cannot show the console. Prints TAP.
. tests/journeys/common.sh

start_org
people 50 S >"$folder/files/people.csv"
run 0 load "$folder/files/people.csv" --config "$folder/org.json" --object Contact --action insert

has_rows() { screen && [ "$(wc -l <"$folder/out")" -eq "$1" ]; }
fits() { # ROWS TEXT: the terminal has so many, and the text is on it
	until_so has_rows "$1" && sees "$2"
}
open_step() { # to the mapping
	keys n && pick_file people && pick_object cont Contact && pick_action insert
}

open_terminal 24 80 "$(console)"
sees "Longshore › Runs"
resize 60 16
check "60 x 16 is enough for the list" fits 16 "people.csv"
check "what does not fit is left away, the org and the keys are not" eval 'shows_line "Longs…tice +50" && shows "? keys" && ! shows "Contact insert"'
keys Enter
check "for a run" eval 'fits 16 "Run 1 ›" && shows_line "^ written +50  50 created" && shows_line "^ +50 "'
keys q
check "for the steps of a new load" eval 'open_step && fits 16 "step 4 of 6" && shows "LastName" && shows "? keys"'
keys c
check "for the check" eval 'fits 16 "can be written"'
keys S
check "for the question before the start" eval 'fits 16 "y start" && shows "50 created · 0 left out"'
resize 59 16
check "one column less: it says what it needs" fits 16 "Longshore needs 60 x 16, this is 59 x 16"
resize 60 15
check "one row less, too" fits 15 "Longshore needs 60 x 16, this is 60 x 15"
resize 3 2
check "the smallest one does it no harm" eval 'until_so has_rows 2 && $tmux has-session'
resize 80 24
check "and it comes back to where it was" fits 24 "y start"
keys Enter
check "with the keys it had" eval 'gone "y start" && sees "can be written"'

# Ctrl-Z where no shell is there to bring it back
keys C-z
check "Ctrl-Z without a shell does not freeze it" eval 'keys Down Up && keys "?" && sees "run it" && keys Escape && gone "run it"'

# A storm
keys q
sees "step 4 of 6"
for size in "200 50" "60 16" "61 17" "10 3" "132 43" "80 24" "59 15" "199 49" "1 1" "90 30" "60 40" "200 16" "33 33" "120 20"; do
	# shellcheck disable=SC2086
	resize $size
	keys Down Up
done
resize 80 24
check "a storm of sizes ends with the last one" eval 'fits 24 "step 4 of 6" && shows "m saved"'
resize 200 50
check "a large terminal is used" eval 'fits 50 "step 4 of 6" && keys C-c C-c C-c C-c && sees_line "begun" && shows "Contact insert"'
keys q
check "it ends well" sees "exit status 0"

# Looks
open_terminal 24 80 "$(console)"
sees "people.csv"
check "there are colours" eval '$tmux capture-pane -p -e | grep -qE "\[[0-9;]*3[1-7]m"'
for how in NO_COLOR=1 --mono TERM=vt100; do
	case $how in
	--*) open_terminal 24 80 "$(console) $how" ;;
	*) open_terminal 24 80 "$(console "$how")" ;;
	esac
	sees "people.csv"
	check "there are none with $how" eval '! $tmux capture-pane -p -e | grep -qE "\[[0-9;]*[34][0-7]m"'
	check "the row under the cursor is told without them" eval 'shows_line "^ (▸|>) +1  people.csv"'
done
open_terminal 24 80 "$(console LC_ALL=C)"
check "a locale without UTF-8 gets ASCII" eval 'sees "Longshore > Runs" && ! LC_ALL=C grep -q "[^ -~]" "$folder/out" && shows_line "^ > +1  people.csv"'
open_terminal 24 80 "$(console TERM=dumb)"
check "a terminal without cursor addressing: exit 2" sees "exit status 2"
check "and one line that names the headless command" eval '[ "$(grep -c . "$folder/out")" -le 3 ] && shows "longshore load FILE"'
# ncurses does not give back what it made for a terminal it does not know
open_terminal 24 120 "$(console TERM=no-such-terminal ASAN_OPTIONS=detect_leaks=0)"
check "an unknown terminal likewise" eval 'sees "exit status 2" && shows "longshore load FILE"'

echo "1..$n"
