#!/bin/sh
# `make demo` without a terminal, as somebody does who has just cloned the repository. Prints TAP.
. tests/journeys/headless.sh
. tests/journeys/terminal.sh

demo() { # STATUS: what `make demo` prints, in $folder/out
	setsid -w make --no-print-directory demo BUILD="${BUILD:-build}" >"$folder/out" 2>"$folder/err" </dev/null
	status=$?
	[ "$status" -eq "$1" ] || echo "exit $status, not $1" >>"$folder/err"
	[ "$status" -eq "$1" ]
}
summary() { # NUMBERS: written, failed, left out, records of one of the two pages
	awk '/^  (written|failed|left out|records) +[0-9]/ { sub(/left out/, "left"); line = line " " $2 } /^  records +[0-9]/ { print line; line = "" }' \
		"$folder/out" | grep -qx " $1"
}
both_summaries() {
	grep -q 'accounts.csv -> Account upsert by Ext__c, org Longshore Practice (practice)' "$folder/out" &&
		grep -q 'contacts.csv -> Contact upsert by Ext__c, org Longshore Practice (practice)' "$folder/out" &&
		summary '481 12 7 500' && summary '790 6 4 800'
}

check "make demo exits 0" demo 0
check "it prints the summaries of both loads" both_summaries
printed() { grep -q -- "$1" "$folder/out"; }
check "with seven findings of four kinds" printed 'left out  *7  2 picklist, 2 same_key, 2 too_long, 1 type'
check "with failures of three kinds" eval 'printed "5  Foreign key external ID" && printed "4  A closed account cannot be active" && printed "3  invalid cross reference id"'
check "and a lock that heals itself" said 'records 240 to [0-9]*: 1 written'
check "it says which command anybody could type" said '^\$ longshore load accounts.csv --object Account'
check "it says what it is in a terminal" said 'In a terminal, longshore demo opens the console'
check "no process is left" eval '! left_behind'
check "its settings are nobody else's" [ "$(stat -c %a "$folder/state/demo/practice.json")" = 600 ]
check "its files are there to be edited" cmp -s assets/samples/accounts.csv "$folder/state/demo/files/accounts.csv"
port=$(cat "$folder/state/demo/port")

check "a second time works as well" demo 0
check "with the same summaries" both_summaries
check "on the same port" [ "$(cat "$folder/state/demo/port")" = "$port" ]
check "and no process is left either" eval '! left_behind'

open_terminal 24 80 "LONGSHORE_STATE=$LONGSHORE_STATE sh -c 'echo \$\$ >$folder/demo.pid; exec $(realpath "$longshore") demo'"
check "in a terminal it opens the console" sees "Longshore › Runs"
kill -KILL "$(cat "$folder/demo.pid")"
check "even killed it leaves no org behind" until_so eval '! left_behind'

start_org --port 0
mine=$(cat "$folder/port")
echo "$mine" >"$folder/state/demo/port"
check "a port that somebody else has taken is no obstacle" demo 0
check "another one is taken then" eval '[ "$(cat "$folder/state/demo/port")" != "$mine" ] && both_summaries'
check "and that somebody's org was left alone" [ "$(writes)" -eq 0 ]
check "with --json it is one object" \
	eval 'run 0 demo --json && json ".exit == 0 and ([.loads[] | .object, .state]) == [\"Account\", \"finished\", \"Contact\", \"finished\"]"'
check "with --quiet there is nothing to read beside it" eval 'run 0 demo --json --quiet && [ ! -s "$folder/err" ]'

echo "1..$n"
