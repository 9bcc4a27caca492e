#!/bin/sh
# Random keys, from a seed, into the console on a practice org: it neither crashes nor hangs, and nothing is written to the org,
# as no random key types the number of records or the org's name that the start of this load wants. KEYS (2,000) and SEED (1)
# from the environment; the same script presses more: KEYS=100000. Prints TAP.
. tests/journeys/common.sh
: "${KEYS:=2000}" "${SEED:=1}"
batch=200

start_org
# A run with failures to look at; from here on every write of the org is one too many
people 60 K >"$folder/files/people.csv"
run 0 load assets/samples/accounts.csv --config "$folder/org.json" --object Account --action upsert --external-id Ext__c --skip-invalid --allow-failures
before=$(writes)
[ "$before" -gt 0 ] || echo "Bail out! nothing was loaded"

# Names of keys as tmux takes them, one a line. y answers every question with yes: it stays out, as typed consent needs no y.
random_keys() { # FROM COUNT
	awk -v seed="$SEED" -v from="$1" -v count="$2" 'BEGIN {
		n = split("Up Down Left Right Enter Escape Tab BTab Space Home End PageUp PageDown BSpace DC F1 C-a C-d C-e C-k C-l C-u C-w C-b", named, " ")
		letters = "abcdefghijklmnopqrstuvwxzABCDEFGHIJKLMNOPQRSTUVWXZ0123456789/?:*.,-_=+%#@!()"
		srand(seed * 1000003 + from)
		for (i = 0; i < count; i++)
			print rand() < 0.55 ? named[1 + int(rand() * n)] : substr(letters, 1 + int(rand() * length(letters)), 1)
	}'
}
# q has left it; what is behind it may have been ended by keys, too
is_gone() { ! $tmux has-session 2>/dev/null || shows "exit status"; }
ended_well() { ! grep -qvx 0 "$folder/statuses"; }
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

command="($(console "EDITOR=true" "ASAN_OPTIONS=exitcode=99"); status=\$?; echo \$status >>$folder/statuses; exit \$status)"
open_terminal 24 80 "$command"
sees "Longshore › Runs" || echo "Bail out! no console"
pressed=0
: >"$folder/statuses"
while [ "$pressed" -lt "$KEYS" ]; do
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
check "$KEYS random keys from seed $SEED do not end it badly" eval 'ended_well && [ "$pressed" -ge "$KEYS" ]'
check "it still answers, and finds its way back" at_home
check "not one record was written" [ "$(writes)" -eq "$before" ]
check "and the run has all its records" eval 'run 0 show 1 --json && json ".records == .written + .failed + .skipped + .in_doubt + .pending"'
keys C-c
check "it can be left, and leaves well" eval 'sees "exit status 0" && ended_well'
echo "1..$n"
