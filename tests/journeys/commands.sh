#!/bin/sh
# The headless commands from outside: exit codes, --json, the last line, against a practice org. Prints TAP.
set -u
longshore=${BUILD:-build}/longshore
practice=${BUILD:-build}/longshore-practice
folder=$(mktemp -d)
org=
n=0
trap '[ -z "$org" ] || kill "$org" 2>/dev/null; rm -rf "$folder"' EXIT INT TERM
export LONGSHORE_STATE="$folder/state"

check() { # NAME COMMAND...: one case
	name=$1
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		sed 's/^/# out: /' "$folder/out" | head -n 30
		sed 's/^/# err: /' "$folder/err" | head -n 30
	fi
}

run() { # STATUS WORDS...: longshore without a terminal; its output in $folder/out and $folder/err
	wanted=$1
	shift
	timeout -k 5 120 setsid -w "$longshore" "$@" >"$folder/out" 2>"$folder/err" </dev/null
	status=$?
	[ "$status" -eq "$wanted" ] || echo "exit $status, not $wanted: longshore $*" >>"$folder/err"
	[ "$status" -eq "$wanted" ]
}

json() { jq -e "$1" "$folder/out" >/dev/null 2>>"$folder/err"; } # FILTER: of what the last call printed
said() { grep -q -- "$1" "$folder/err"; }
last_line() { tail -n 1 "$folder/err" | grep -qE -- "$1"; }
get() { curl -s "$url/practice/$1"; }
post() { curl -s --data-binary "$2" "$url/practice/$1" >/dev/null; }
rows() { get counters | jq -r ".rows.$1 // 0"; }
writes() { get counters | jq -r '.writes'; }

start_org() {
	rm -f "$folder/port"
	"$practice" --port-file "$folder/port" >"$folder/practice.out" 2>&1 &
	org=$!
	until [ -s "$folder/port" ]; do kill -0 "$org" || exit 1; done
	url=http://127.0.0.1:$(cat "$folder/port")
	jq -n --arg url "$url" '{login_url: $url, client_id: "practice", refresh_token: "practice-refresh"}' >"$folder/org.json"
	chmod 600 "$folder/org.json"
}

# people COUNT PREFIX: contacts with a key, last name and title
people() {
	awk -v n="$1" -v p="$2" 'BEGIN { print "Ext__c,Last Name,Title"; for (i = 1; i <= n; i++) printf p "-%05d,Person %d,\"Buyer, %d\"\n", i, i, i }'
}

start_org
accounts=assets/samples/accounts.csv
config="--config $folder/org.json"
upsert="$config --object Account --action upsert --external-id Ext__c"

# Words
check "help lists every command and exits 0" run 0 help
check "an unknown option exits 1 and names the nearest" eval 'run 1 load x.csv --objct Account && said "nearest is --object"'
check "an unknown command exits 1 and names the nearest" eval 'run 1 laod && said "nearest is load"'
check "with --json a slip is an object, too" eval 'run 1 load --json && json ".exit == 1 and (.error | length > 0)"'
check "an empty journal is no error" eval 'run 0 runs --json && json ". == []"'
check "there is no journal to show a run of" eval 'run 1 show 57 --json && json ".exit == 1 and (.error | contains(\"journal\"))"'

# Asking the org
check "objects" eval 'run 0 objects $config --json && json "[.objects[].name] | index(\"Account\") != null"'
check "describe" eval 'run 0 describe Account $config --json && json ".fields[] | select(.name == \"Ext__c\") | .unique"'
check "describe --save writes what the org said" \
	eval 'run 0 describe Contact $config --save "$folder/c.json" && jq -e ".name == \"Contact\"" "$folder/c.json" >/dev/null'
check "an object that does not exist" eval 'run 2 describe Accnt $config --json && json ".exit == 2"'
check "--expect-org refuses any other org" eval 'run 1 check $accounts $upsert --expect-org Acme && said Acme'
check "--expect-org takes the org's name and its id" \
	eval 'run 3 check $accounts $upsert --expect-org "Longshore Practice" && run 3 check $accounts $upsert --expect-org 00D5e0000000001EAA'

# The check
check "check finds the seven records and exits 3" \
	eval 'run 3 check $accounts $upsert --json && json ".exit == 3 and .records == 500 and .failing == 7 and ([.findings[].count] | add) == 7"'
check "check tells which column is not loaded" \
	eval 'json ".columns[] | select(.column == \"Sales Region\") | .field == null and (.why | length > 0)"'
check "load stops before the first byte for the same reason" eval 'run 3 load $accounts $upsert --json && json ".exit == 3 and .failing == 7"'
check "and nothing was sent" [ "$(writes)" -eq 0 ]
check "and no run is left behind" eval 'run 0 runs --json && json ". == []"'

# A load that halts, goes on, and ends with failures
check "failures not allowed: halted after the chunk, exit 4" \
	eval 'run 4 load $accounts $upsert --skip-invalid --chunk-records 100 --json && json ".exit == 4 and .state == \"halted\" and .failed > 0 and .pending > 0 and .next == \"longshore resume 1\""'
check "the last line is the contract's" \
	last_line '^run 1 halted: [0-9,]+ of 500 written, [0-9]+ failed \([A-Z_]+( [A-Za-z_,.]+)?\)(, .*)?\. Look: longshore show 1\. Go on: longshore resume 1$'
check "a second load of the same content is refused with its number" \
	eval 'run 1 load $accounts $upsert --skip-invalid && said "run 1" && said "longshore show 1"'
check "runs --needs-me exits 4 and lists it" eval 'run 4 runs --needs-me --json && json "length == 1 and .[0].run == 1"'
check "resume without a number takes the run that fits, and says which" eval 'run 4 resume && said "run 1"'
check "resume until it is through" eval 'for again in 1 2 3 4 5 6; do run 4 resume 1 || break; done; run 4 show 1 --json; run 0 show 1 --json && json ".pending == 0 and .written == 481 and .failed == 12 and .skipped == 7"'
check "the sum is the source's" json '.records == .written + .failed + .skipped + .in_doubt + .pending'
check "the org has what the journal says" [ "$(rows Account)" -eq 481 ]
check "four kinds of findings and three of failures" json '([.skipped_by[].count] | add) == 7 and ([.errors[].code] | unique | length) == 3'
check "there is no run 57" eval 'run 1 show 57 --json && json ".exit == 1 and (.error | contains(\"57\"))"'
check "one record" eval 'run 0 show 1 --record 1 --json && json ".record.state == \"written\" and (.record.id | length) == 18"'
check "a failed record has its reason" eval 'run 0 show 1 --record 310 --json && json ".record.state == \"failed\" and .record.code == \"INVALID_FIELD\""'
check "a record beyond the end" run 1 show 1 --record 501
check "the log" eval 'run 0 show 1 --log --json && json "(.log | length) > 1"'

# Allowed failures, and what was loaded before
check "failures allowed: exit 0" eval 'run 0 load $accounts $upsert --skip-invalid --allow-failures --again --json && json ".exit == 0 and .state == \"finished\" and .updated == 481 and .failed == 12"'
check "its last line has no way to go on" last_line '^run 2 finished: 481 of 500 written, 12 failed .*Look: longshore show 2$'
check "several runs fit: one has to be named" eval 'run 1 show && said "1"'
check "runs, newest first" eval 'run 0 runs --json && json "[.[].run] == [2, 1]"'

# Export
check "failed records with the source's columns and the reason" \
	eval 'run 0 export 2 --which failed -o "$folder/failed.csv" --json && json ".rows == 12"'
check "the header is the source's and six more" \
	eval 'head -n 1 "$folder/failed.csv" | grep -q "^Ext__c,Account Name.*Sales Region,longshore_record,longshore_state,longshore_id,longshore_error_code,longshore_error_message,longshore_attempt"'
check "all records to standard output, source order" \
	eval 'run 0 export 2 --which all -o - && [ "$(grep -c "^\"\{0,1\}A-[0-9]" "$folder/out")" -eq 500 ]'
check "never over the source" eval 'cp $accounts "$folder/own.csv"; run 1 export 2 --which all -o "$folder/own.csv" --file "$folder/own.csv" && cmp -s $accounts "$folder/own.csv"'
check "another file under that name is refused" eval 'people 3 X >"$folder/other.csv"; run 1 export 2 --which all -o "$folder/x.csv" --file "$folder/other.csv" && [ ! -e "$folder/x.csv" ] && [ ! -e "$folder/x.csv.part" ]'
check "export without --which" run 1 export 2 -o -

# Insert, from standard input, and not twice
people 300 P >"$folder/people.csv"
insert="$config --object Contact --action insert"
check "standard input is a file, too" \
	eval 'setsid -w "$longshore" load - $insert --json <"$folder/people.csv" >"$folder/out" 2>"$folder/err" && json ".written == 300 and .created == 300"'
check "a finished insert is not loaded again" eval 'run 1 load "$folder/people.csv" $insert && said "run 3"'
check "nothing was inserted twice" [ "$(rows Contact)" -eq 300 ]

# Consent
get 'rows?object=Contact&limit=50' | jq -r '"Id", .rows[].Id' >"$folder/ids.csv"
delete="$config --object Contact --action delete"
check "a delete without a terminal needs --yes" eval 'run 1 load "$folder/ids.csv" $delete && said "say --yes"'
check "and nothing was deleted" [ "$(rows Contact)" -eq 300 ]
check "with --yes it is done" eval 'run 0 load "$folder/ids.csv" $delete --yes --json && json ".deleted == 50"'
check "in the org, too" [ "$(rows Contact)" -eq 250 ]

# Files that cannot be loaded
bad() { run 1 load "$folder/bad.csv" $insert --json && json '.exit == 1 and (.error | length > 20)'; }
: >"$folder/bad.csv"
check "an empty file" bad
echo "LastName" >"$folder/bad.csv"
check "a header and no record" bad
printf 'LastName,LastName\na,b\n' >"$folder/bad.csv"
check "a header twice" bad
check "no such file" eval 'run 1 load "$folder/none.csv" $insert && said none.csv'
check "a directory" run 1 load "$folder" $insert
printf 'LastName,Title\nMeyer,a\nSchmi\377dt,b\n"Open,c\n' >"$folder/bad.csv"
check "broken records are findings with record and byte" \
	eval 'run 3 load "$folder/bad.csv" $insert --json && json "[.findings[] | select(.rule == \"broken_record\")] | length > 0" && said "record 2, byte"'
check "nothing to sign in with" run 1 load "$folder/people.csv" --object Contact
jq '.refresh_token = "stale"' "$folder/org.json" >"$folder/stale.json"
check "a refused sign-in exits 2" run 2 load "$folder/people.csv" --object Contact --config "$folder/stale.json"
jq '.login_url = "http://127.0.0.1:9"' "$folder/org.json" >"$folder/away.json"
check "an org that cannot be reached exits 5" run 5 load "$folder/people.csv" --object Contact --config "$folder/away.json" --again
jq '.login_url = "http://example.com"' "$folder/org.json" >"$folder/plain.json"
check "plain http elsewhere is refused" run 1 load "$folder/people.csv" --object Contact --config "$folder/plain.json"

# A slow org: signals and orders
run_id() { run 0 runs --json; jq -r '.[0].run' "$folder/out"; }
state() { "$longshore" show "$1" --json 2>/dev/null | jq -r .state; }
until_state() { # RUN STATE: within 30 s
	for _ in $(seq 300); do
		[ "$(state "$1")" = "$2" ] && return 0
		sleep 0.1
	done
	echo "run $1 is $(state "$1"), not $2" >>"$folder/err"
	return 1
}
begin() { # PREFIX: a load of 4,000 new contacts in the background, running; its number in $id, its process in $loader
	before=$(run_id)
	people 4000 "$1" >"$folder/many-$1.csv"
	setsid "$longshore" load "$folder/many-$1.csv" $insert --json >"$folder/load.out" 2>"$folder/load.err" </dev/null &
	loader=$!
	for _ in $(seq 300); do
		id=$(run_id)
		[ "$id" -gt "$before" ] && [ "$(get counters | jq -r '.jobs.InProgress // 0')" -gt 0 ] && return 0
		sleep 0.1
	done
	return 1
}
ended() { # STATUS: of the load in the background
	wait "$loader"
	[ $? -eq "$1" ]
}
post scenario '{"rate": 400}'
begin Q
check "two engines on one run: the second is refused" eval 'run 1 resume "$id" && said "another engine"'
kill -TERM "$loader"
check "SIGTERM leaves the job in the org and exits 5" eval 'ended 5 && jq -e ".exit == 5 and .pending > 0 and (.next | contains(\"resume\"))" "$folder/load.out" >/dev/null'
check "the run is interrupted" [ "$(state "$id")" = interrupted ]
post scenario '{}'
check "resume collects it" eval 'run 0 resume "$id" --json && json ".written == 4000 and .created == 4000"'

post scenario '{"rate": 400}'
begin R
kill -HUP "$loader"
check "pause is taken after a SIGHUP, and the job may finish" eval 'run 0 pause "$id" --json && json ".exit == 0"'
post scenario '{}'
check "the load ends paused, exit 5" ended 5
check "the run is paused" until_state "$id" paused
check "resume goes on to the end" eval 'run 0 resume "$id" --json && json ".written == 4000"'

post scenario '{"rate": 400}'
begin S
check "cancel is taken" eval 'run 0 cancel "$id" --json && json ".exit == 0"'
post scenario '{}'
check "the load ends cancelled, exit 5" ended 5
check "what was written is counted" eval 'until_state "$id" cancelled && run 0 show "$id" --json && json ".records == .written + .failed + .skipped + .in_doubt + .pending"'
post scenario '{"rate": 400}'
begin T
kill -KILL "$loader"
wait "$loader" 2>/dev/null
check "a killed load is interrupted" [ "$(state "$id")" = interrupted ]
check "cancel without an engine has its job aborted and counted by a new one" \
	eval 'run 0 cancel "$id" $config && until_state "$id" cancelled'
post scenario '{}'
check "nothing of it is still running in the org" \
	[ "$(get counters | jq '(.jobs.InProgress // 0) + (.jobs.UploadComplete // 0) + (.jobs.Open // 0)')" = 0 ]
check "every contact was created once" \
	[ "$(get 'audit?object=Contact&limit=100000' | jq '[.writes[] | select(.verb == "created") | .id] | length - (unique | length)')" = 0 ]
check "the journal's count is the org's" \
	eval '[ "$(get "audit?object=Contact&limit=100000" | jq "[.writes[] | select(.verb == \"created\")] | length")" -eq "$("$longshore" runs --json | jq "[.[] | .created] | add - 481")" ]'

# The demo
check "demo without a terminal loads the samples" \
	eval 'run 0 demo --json && json ".exit == 0 and [.loads[].state] == [\"finished\", \"finished\"] and .loads[1].records == 800"'
check "demo's org is gone with its last load" eval '[ ! -e "$LONGSHORE_STATE/demo/practice.pid" ]'
check "settings of the demo are nobody else's" [ "$(stat -c %a "$folder/state/demo/practice.json")" = 600 ]
check "demo again, on the same port" \
	eval 'port=$(cat "$LONGSHORE_STATE/demo/port"); run 0 demo && [ "$(cat "$LONGSHORE_STATE/demo/port")" = "$port" ]'

echo "1..$n"
