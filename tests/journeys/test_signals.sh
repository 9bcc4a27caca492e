#!/bin/sh
# A foreground load that is told to stop, or loses its terminal: it ends as docs/cli.md says, and resume goes on. Prints TAP.
. tests/journeys/headless.sh

start_org
config="--config $folder/org.json"
insert="$config --object Contact --action insert --json"

halt_requests() { # PATH METHOD MS: the org answers so late
	post scenario "$(jq -nc --arg path "$1" --arg method "$2" --argjson ms "$3" \
		'{faults: [{action: "delay", path: $path, method: $method, ms: $ms}]}')"
}
load_of() { # COUNT PREFIX: begun in the background
	people "$1" "$2" >"$folder/$2.csv"
	begin "$folder/$2.csv" $insert
}
seconds() { awk '{ print int($1) }' /proc/uptime; }
within() { # SECONDS STATUS: the load in the background ends
	from=$(seconds)
	ended "$2" || return 1
	took=$(($(seconds) - from))
	[ "$took" -le "$1" ] || echo "took $took s" >>"$folder/err"
	[ "$took" -le "$1" ]
}
has_uploaded() { [ "$(get counters | jq '.calls.job_upload // 0')" -gt "$1" ]; }
listens_to_signals() { grep -q '^SigCgt.*6[0-9a-f][0-9a-f]3$' "/proc/$loader/status"; } # HUP, INT, ALRM and TERM
has_a_job() { [ "$(show "$1" '.jobs | length' 2>/dev/null)" = 1 ]; }

# While the org works
for signal in TERM INT; do
	post scenario "{$slow}"
	load_of 2000 $signal
	until_so is_processed "$id"
	known=$(get counters | jq '[.jobs[]] | add')
	kill -s $signal "$loader"
	check "SIG$signal: the load ends with 5 within 10 s" within 10 5
	check "SIG$signal: it says so in one sentence and the last line" \
		eval 'said "^longshore: stopped by a signal$" && last_line "^run $id interrupted: 0 of 2,000 written\. Look: longshore show $id\. Go on: longshore resume $id$"'
	check "SIG$signal: and as an object" json ".exit == 5 and .state == \"interrupted\" and .pending == 2000 and .next == \"longshore resume $id\""
	check "SIG$signal: its job is left running, and no other was begun" \
		[ "$(jobs InProgress) $(get counters | jq '[.jobs[]] | add')" = "1 $known" ]
	check "SIG$signal: the journal is sound" run 0 journal check
	post scenario '{}'
	check "SIG$signal: resume collects that job" \
		eval 'run 0 resume "$id" --json && json ".state == \"finished\" and .created == 2000 and (.jobs | length) == 1"'
	check "SIG$signal: every record was created once" created_once $signal 2000
done

# While a request is on its way
halt_requests '*/batches' PUT 3000
load_of 100 upload
until_so has_a_job "$id"
kill -s INT "$loader"
check "a signal in an upload: the load ends within 10 s" within 10 5
post scenario '{}'
check "resume begins that chunk anew" eval 'run 0 resume "$id" --json && json ".created == 100"'
check "and each of its records was created once" created_once upload 100

uploads=$(get counters | jq '.calls.job_upload')
halt_requests '*/jobs/ingest/*' PATCH 60000
load_of 100 close
until_so has_uploaded "$uploads"
kill -s TERM "$loader"
check "an answer that does not come is not waited for longer than 10 s" within 13 5
post scenario '{}'
check "resume settles a close that may have arrived" eval 'run 0 resume "$id" --json && json ".created == 100"'
check "and each of its records was created once, too" created_once close 100

# Twice
halt_requests '*/batches' PUT 60000
load_of 100 twice
until_so has_a_job "$id"
kill -s TERM "$loader"
kill -s INT "$loader" # another one: two of the same kind could become one on their way
check "the second signal ends it at once" within 3 5
check "the run is interrupted" is "$id" interrupted
check "the journal is sound after it" run 0 journal check
post scenario '{}'
check "resume goes on after it" eval 'run 0 resume "$id" --json && json ".created == 100"'
check "and each of its records was created once in spite of it" created_once twice 100

# Before there is a run
halt_requests '*/token' POST 2000
load_of 100 early
until_so listens_to_signals
kill -s INT "$loader"
check "a signal in the sign-in: nothing was sent, exit 5" \
	eval 'within 10 5 && json ".exit == 5 and (has(\"run\") | not)" && said "stopped before anything was sent"'
check "and no run is left behind" [ "$(newest)" -lt "$id" ]
halt_requests '*/token' POST 60000
load_of 100 early
until_so listens_to_signals
kill -s INT "$loader"
kill -s TERM "$loader"
check "two signals in a sign-in that hangs end it at once" within 3 5

# The terminal has gone
post scenario "{$slow}"
load_of 2000 hangup
until_so is_processed "$id"
until_so eval '[ -s "$folder/load.err" ]'
kill -s HUP "$loader"
lines=$(wc -l <"$folder/load.err")
post scenario '{}'
check "SIGHUP: the load goes on to its end" ended 0
check "SIGHUP: it has stopped talking" [ "$(wc -l <"$folder/err")" -eq "$lines" ]
check "SIGHUP: all is written" [ "$(show "$id" '"\(.state) \(.created)"')" = "finished 2000" ]

echo "1..$n"
