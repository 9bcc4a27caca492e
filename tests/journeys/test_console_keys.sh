#!/bin/sh
# Random keys, from a seed, into the console on a practice org: it neither crashes nor hangs, and what wants a typed confirmation
# is not done. Every key is pressed but 0 and 9: each number that would have to be typed has one of them, so none is ever typed, and a
# record that is deleted or put back was so without consent. y is pressed, so loads that ask for a y may start; behind that, the
# same keys go to a locked org, where nothing at all may be written. KEYS (2,000) and SEED (1) from the environment; `make keys`
# presses 100,000 under the sanitizers. Prints TAP.
. tests/journeys/common.sh
: "${KEYS:=2000}" "${SEED:=1}"
batch=200

start_org
# A run with failures to look at, and files that may be loaded: of 60, 90 and 109 records
people 60 K >"$folder/files/people.csv"
people 90 L >"$folder/files/more.csv"
run 0 load assets/samples/accounts.csv --config "$folder/org.json" --object Account --action upsert --external-id Ext__c --skip-invalid --allow-failures
[ "$(writes)" -gt 0 ] || echo "Bail out! nothing was loaded"
{
	echo Id
	get "rows?object=Account&limit=109" | jq -r '.rows[].Id'
} >"$folder/files/doomed.csv"
run 0 org add locked --config "$folder/org.json" && run 0 org lock locked || echo "Bail out! no locked org"

# Names of keys as tmux takes them, one a line.
random_keys() { # FROM COUNT
	awk -v seed="$SEED" -v from="$1" -v count="$2" 'BEGIN {
		n = split("Up Down Left Right Enter Escape Tab BTab Space Home End PageUp PageDown BSpace DC F1 C-a C-d C-e C-k C-l C-u C-w C-b", named, " ")
		letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ12345678/?:*.,-_=+%#@!()"
		srand(seed * 1000003 + from)
		for (i = 0; i < count; i++)
			print rand() < 0.55 ? named[1 + int(rand() * n)] : substr(letters, 1 + int(rand() * length(letters)), 1)
	}'
}
# q has left it; what is behind it may have been ended by keys, too
is_gone() { ! $tmux has-session 2>/dev/null || shows "exit status"; }
ended_well() { # what the sanitizers say, if they are there, is told
	! grep -qvx 0 "$folder/statuses" || {
		sort "$folder/statuses" | uniq -c >>"$folder/err"
		cat "$folder"/asan.* 2>/dev/null | head -n 40 >>"$folder/err"
		return 1
	}
}
alive() { # the console paints: its title line is there
	shows "Longshore" || shows "Run " || shows "New load" || shows "Orgs" || shows "keys" || shows "Esc"
}
at_home() { # all the way back; a console that q has left is opened anew
	for _ in $(seq 40); do
		shows "Longshore › Runs" && shows "q quit" && return 0
		is_gone && open_terminal 24 80 "$command" && sees "Longshore › Runs" && return 0
		keys Escape Escape
		$tmux send-keys q
		until_so eval 'alive || is_gone' || return 1
	done
	return 1
}

watched() { # COMMAND-LINE: its exit status is kept
	echo "($1; status=\$?; echo \$status >>$folder/statuses; exit \$status)"
}
press() { # COUNT: keys into the console of $command, in windows of any size
	pressed=0
	while [ "$pressed" -lt "$1" ]; do
		case $((pressed / batch % 4)) in
		1) resize 60 16 ;;
		2) resize 200 50 ;;
		3) resize 40 10 ;;
		0) resize 80 24 ;;
		esac
		random_keys "$pressed" "$batch" | sed 's/^;$/\\;/' | xargs -r $tmux send-keys 2>>"$folder/err"
		pressed=$((pressed + batch))
		if is_gone; then
			ended_well || break
			open_terminal 24 80 "$command"
		fi
	done
	resize 80 24
	[ "$pressed" -ge "$1" ] && ended_well
}
deletes() { get "audit?object=$1&limit=1000000" | jq '[.writes[] | select(.verb == "deleted")] | length'; }
settled() { run 0 runs --json && json 'all(.state != "running" and .state != "waiting")'; }
accounted() { run 0 runs --json && json 'all(.records == .written + .failed + .skipped + .in_doubt + .pending)'; }

: >"$folder/statuses"
command=$(watched "$(console "EDITOR=true" "ASAN_OPTIONS=exitcode=99:log_path=$folder/asan")")
open_terminal 24 80 "$command"
sees "Longshore › Runs" || echo "Bail out! no console"
check "$KEYS random keys from seed $SEED do not end it badly" press "$KEYS"
check "it still answers, and finds its way back" at_home
check "what it started comes to its end" until_so settled
check "not one record was deleted without the typed confirmation" eval '[ "$(deletes Account)" -eq 0 ] && [ "$(deletes Contact)" -eq 0 ]'
check "nor was a run undone" eval 'run 0 runs --json && json "all(.undo_of == null or .undo_of == 0)"'
check "every run has all its records" accounted
keys C-c
check "it can be left, and leaves well" eval 'sees "exit status 0" && ended_well'

before=$(writes)
command=$(watched "cd $folder/files && LONGSHORE_STATE=$LONGSHORE_STATE EDITOR=true ASAN_OPTIONS=exitcode=99:log_path=$folder/asan $program --org locked")
open_terminal 24 80 "$command"
sees "Longshore › Runs" || echo "Bail out! no console"
check "as many keys into a locked org" press "$((KEYS / 4))"
check "write not one record" [ "$(writes)" -eq "$before" ]
echo "1..$n"
