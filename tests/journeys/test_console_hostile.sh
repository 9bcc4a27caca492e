#!/bin/sh
# What happens under an open console, in a real terminal: the journal is locked by another program, or changed by a newer version;
# it may not be written; the org takes a minute for a describe. Each is said in one sentence, and no key waits for it. Prints TAP.
. tests/journeys/common.sh

start_org
people 3000 T >"$folder/files/people.csv"
people 5 U >"$folder/files/few.csv"
journal=$LONGSHORE_STATE/journal.sqlite
mkfifo "$folder/words"
hold() { # another program writes to the journal, and takes its time
	sqlite3 "$journal" <"$folder/words" >"$folder/held" &
	started="$started $!"
	exec 5>"$folder/words"
	printf 'BEGIN IMMEDIATE;\nSELECT 1;\n' >&5
	until_so [ -s "$folder/held" ]
}
let_go() { exec 5>&-; }
within() { # SECONDS COMMAND...
	limit=$1 since=$(date +%s)
	shift
	"$@" && [ $(($(date +%s) - since)) -le "$limit" ]
}

# The journal is locked
post scenario '{"rate": 100}'
open_terminal 24 80 "$(console)"
to_start people cont Contact && keys y
sees "Run 1 ›" && sees_line "^ in the org +[0-9,]+ +(the jobs have|job [0-9]+ has) done"
hold
keys p && sees "Pause run 1" && keys 1
check "another program writes to the journal: an order waits, and says so" sees "Another program writes to the journal"
check "and no key does" within 5 eval 'keys l && sees "Run 1 › Log" && keys q && gone "Run 1 › Log" && keys ? && sees "All keys" && keys Escape && gone "All keys"'
let_go
check "it is given when the other one ends" sees "Run 1 is told"
check "and obeyed" eval 'until_so is 1 paused && sees "Paused by"'
hold
keys q
sees "Longshore › Runs"
check "what only reads goes on" within 5 eval 'keys Enter && sees "Run 1 ›" && keys q && sees "Longshore › Runs"'
let_go

# A newer version
version=$(sqlite3 "$journal" "PRAGMA user_version")
sqlite3 "$journal" "PRAGMA user_version = 99"
check "a newer version changed the journal: it is said" sees "was written by a newer Longshore"
keys p
check "nothing is begun there any more" eval 'sees "written by a newer Longshore" && [ -z "$(engine_of 1)" ]'
keys Escape
sqlite3 "$journal" "PRAGMA user_version = $version"
check "and it is gone with it" eval 'keys j && gone "written by a newer Longshore"'

# A slow org
post scenario '{"faults": [{"path": "*/describe*", "times": 1000, "action": "delay", "ms": 60000}]}'
keys n
pick_file few
sees "objects" && types cont && sees_line "^ ▸ Contact " && keys Enter
check "an org that takes a minute for a describe: what is asked and for how long" sees_line "Asking what Contact has … [0-9]+ s +Esc leaves it"
check "keys are answered meanwhile" within 5 eval 'keys F1 && sees "All keys" && keys Escape && gone "All keys"'
check "and it can be left" within 5 eval 'keys Escape Escape && gone "sking what Contact has"'
until_so eval 'keys Escape && shows "Longshore › Runs"' && keys q
check "so can the console" within 20 sees "exit status 0"

# A journal that may not be written
as_reader() { # a console of somebody who may not write what was taken the right from
	if [ "$(id -u)" -eq 0 ]; then # root may write everything, so it is somebody else's turn
		chmod 0755 "$folder" && chown -R 65534:65534 "$LONGSHORE_STATE"
		open_terminal 24 120 "LONGSHORE_STATE=$LONGSHORE_STATE setpriv --reuid=65534 --regid=65534 --clear-groups $program"
	else
		open_terminal 24 120 "LONGSHORE_STATE=$LONGSHORE_STATE $program"
	fi
}
if [ "$(id -u)" -ne 0 ] || setpriv --reuid=65534 --regid=65534 --clear-groups "$program" version >/dev/null 2>&1; then
	chmod 0400 "$journal"*
	as_reader
	check "a journal that may not be written: one sentence, nothing is drawn" \
		eval 'sees "exit status 1" && shows "make its file and folder writable" && ! shows "Longshore ›"'
	chmod 0600 "$journal"*
	chmod 0500 "$LONGSHORE_STATE"
	as_reader
	check "nor its folder: the same" \
		eval 'sees "exit status 1" && shows "cannot write to the folder $LONGSHORE_STATE" && ! shows "Longshore ›"'
	chmod 0700 "$LONGSHORE_STATE"
else
	skip "a journal that may not be written" "root may write everything, and setpriv cannot make it somebody else"
fi

echo "1..$n"
