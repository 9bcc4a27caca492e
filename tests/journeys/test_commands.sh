#!/bin/sh
# The headless commands from outside: exit codes, --json, the last line, against a practice org. Prints TAP.
. tests/journeys/headless.sh

start_org
accounts=assets/samples/accounts.csv
config="--config $folder/org.json"
upsert="$config --object Account --action upsert --external-id Ext__c"

# Words
check "help lists every command and exits 0" run 0 help
commands() { "$longshore" help | sed -n 's/^  longshore \([a-z]*\) .*/\1/p'; }
helps() { commands | while read -r name; do "$longshore" help "$name" | grep "^  -"; done | sort -u; }
"$longshore" help man | sed 's/\\-/-/g' >"$folder/man"
check "the manual page has every command" [ "$(grep -c "^.SS longshore" "$folder/man")" -eq "$(commands | wc -l)" ]
check "and every line on an option that help has" [ "$(helps | grep -vxFf "$folder/man")" = "" ]
check "which are many" [ "$(helps | wc -l)" -gt 50 ]
check "and no line of it is a request by mistake" eval '! grep -vE "^\.(TH|SH|SS|PP|B|RI|nf|fi)( |$)" "$folder/man" | grep "^[.]"'
check "an unknown option exits 1 and names the nearest" eval 'run 1 load x.csv --objct Account && said "nearest is --object"'
check "an unknown command exits 1 and names the nearest" eval 'run 1 laod && said "nearest is load"'
check "with --json a slip is an object, too" eval 'run 1 load --json && json ".exit == 1 and (.error | length > 0)"'
check "an empty journal is no error" eval 'run 0 runs --json && json ". == []"'
begun="$folder/begun" # as a load leaves it for a moment
mkdir -m 700 "$begun" && (umask 077 && : >"$begun/journal.sqlite")
check "nor is one that is just being made" eval 'run 0 runs --json --state "$begun" && json ". == []"'
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
check "check finds the eleven records and exits 3" \
	eval 'run 3 check $accounts $upsert --json && json ".exit == 3 and .records == 500 and .failing == 7 and ([.findings[].count] | add) == 7"'
check "check tells which column is not loaded" \
	eval 'json ".columns[] | select(.column == \"Sales Region\") | .field == null and (.why | length > 0)"'
check "load stops before the first byte for the same reason" eval 'run 3 load $accounts $upsert --json && json ".exit == 3 and .failing == 7"'
check "and nothing was sent" [ "$(writes)" -eq 0 ]
check "and no run is left behind" eval 'run 0 runs --json && json ". == []"'

has_keys() { # KEYS...: each of them is in the object
	for key in "$@"; do
		json "has(\"$key\")" || { echo "no key $key" >>"$folder/err"; return 1; }
	done
}
run_keys="run file file_hash org org_id user production object action api state records written created updated deleted failed skipped
	in_doubt pending to_try_again skipped_by jobs api_calls attempt started ended seconds errors"

# A load that halts, goes on, and ends with failures
check "failures not allowed: halted after the chunk, exit 4" \
	eval 'run 4 load $accounts $upsert --skip-invalid --api bulk --chunk-records 100 --json && json ".exit == 4 and .state == \"halted\" and .failed > 0 and .pending > 0 and .next == \"longshore resume 1\""'
check "the object has the contract's keys" has_keys $run_keys exit error next
check "and their types" \
	json '([.records, .written, .pending, .api_calls, .attempt, .seconds, .run] | all(type == "number")) and .production == false and .api == "bulk" and (.started | fromdate) > 0 and (.jobs[0] | .id != null and .state == "JobComplete" and .records == 100) and (.errors[0] | .code != "" and .message != "" and .count > 0 and .example_record > 0)'
check "later records were not touched" \
	eval 'last=$(jq ".written + .failed + .skipped" "$folder/out"); audit Account "all((.key.Ext__c | ltrimstr(\"A-\") | tonumber) <= $last)" && audit Account "length == $(jq .written "$folder/out")"'
check "the last line is the contract's" \
	last_line '^run 1 halted: [0-9,]+ of 500 written, [0-9]+ failed \([A-Z_]+( [A-Za-z_,.]+)?\)(, .*)?\. Look: longshore show 1\. Go on: longshore resume 1$'
check "a second load of the same content is refused with its number" \
	eval 'run 1 load $accounts $upsert --skip-invalid && said "run 1 has loaded this file" && said "1 failed, .* to go" && said "longshore resume 1"'
check "runs --needs-me exits 4 and lists it" eval 'run 4 runs --needs-me --json && json "length == 1 and .[0].run == 1"'
check "resume without a number takes the run that fits, and says which" eval 'run 4 resume && said "run 1"'
check "resume until it is through" eval 'for again in 1 2 3 4 5 6; do run 4 resume 1 || break; done; run 4 show 1 --json; run 0 show 1 --json && json ".pending == 0 and .written == 485 and .failed == 8 and .skipped == 7"'
check "the sum is the source's" json '.records == .written + .failed + .skipped + .in_doubt + .pending'
check "the org has what the journal says" [ "$(rows Account)" -eq 485 ]
check "four kinds of findings and two of failures" json '([.skipped_by[].count] | add) == 7 and ([.errors[].code] | unique | length) == 2'
check "there is no run 57" eval 'run 1 show 57 --json && json ".exit == 1 and (.error | contains(\"57\"))"'
check "one record" eval 'run 0 show 1 --record 1 --json && json ".record.state == \"written\" and (.record.id | length) == 18"'
check "a failed record has its reason" eval 'run 0 show 1 --record 310 --json && json ".record.state == \"failed\" and .record.code == \"INVALID_FIELD\""'
check "a record beyond the end" run 1 show 1 --record 501
check "the log" eval 'run 0 show 1 --log --json && json "(.log | length) > 1"'

# Allowed failures, and what was loaded before
check "failures allowed: exit 0" eval 'run 0 load $accounts $upsert --skip-invalid --allow-failures --again --json && json ".exit == 0 and .state == \"finished\" and .updated == 485 and .failed == 8"'
check "its last line says how its failures go again" last_line '^run 2 finished: 485 of 500 written, 8 failed .*Look: longshore show 2\. Go on: longshore retry 2$'
check "several runs fit: one has to be named" eval 'run 1 show && said "1"'
check "runs, newest first" eval 'run 0 runs --json && json "[.[].run] == [2, 1]"'

# Export
check "failed records with the source's columns and the reason" \
	eval 'run 0 export 2 --which failed -o "$folder/failed.csv" --json && json ".rows == 8"'
check "the header is the source's and six more" \
	eval 'head -n 1 "$folder/failed.csv" | grep -q "^Ext__c,Account Name.*Sales Region,longshore_record,longshore_state,longshore_id,longshore_error_code,longshore_error_message,longshore_attempt"'
check "all records to standard output, source order" \
	eval 'run 0 export 2 --which all -o - && [ "$(grep -c "^\"\{0,1\}A-[0-9]" "$folder/out")" -eq 500 ]'
check "never over the source" eval 'cp $accounts "$folder/own.csv"; run 1 export 2 --which all -o "$folder/own.csv" --file "$folder/own.csv" && cmp -s $accounts "$folder/own.csv"'
check "another file under that name is refused" eval 'people 3 X >"$folder/other.csv"; run 1 export 2 --which all -o "$folder/x.csv" --file "$folder/other.csv" && [ ! -e "$folder/x.csv" ] && [ ! -e "$folder/x.csv.part" ]'
check "export without --which" run 1 export 2 -o -

# Find
check "a record is found by a cell, without case" eval 'run 0 show 2 --find "a-0310" --json && json ".found | any(.number == 310 and .state == \"failed\")"'
check "by what Salesforce said" eval 'run 0 show 2 --find "cross reference id" --json && json "(.found | length == 3 and all(.code == \"INVALID_CROSS_REFERENCE_KEY\")) and .more == false"'
written=$(get 'rows?object=Account&limit=1' | jq -r '.rows[0].Id')
check "by its id" eval 'run 0 show 2 --find "$written" --json && json ".found | length == 1 and .[0].id == \"$written\""'
check "many: the first hundred" eval 'run 0 show 2 --find A-0 --json && json "(.found | length == 100) and .more" && run 0 show 2 --find A-0 && grep -q "there are more" "$folder/out"'
check "none: it says so" eval 'run 0 show 2 --find nowhere && grep -q "No record of run 2 has that text" "$folder/out"'

# Insert, from standard input, and not twice
people 300 P >"$folder/people.csv"
insert="$config --object Contact --action insert"
check "standard input is a file, too" \
	eval 'setsid -w "$longshore" load - $insert --json <"$folder/people.csv" >"$folder/out" 2>"$folder/err" && json ".written == 300 and .created == 300"'
check "a finished insert is not loaded again" eval 'run 1 load "$folder/people.csv" $insert && said "run 3"'
check "nothing was inserted twice" [ "$(rows Contact)" -eq 300 ]

# Update and upsert
get 'rows?object=Contact&limit=1000' | jq -r '"Id,Title,Ext__c", (.rows[] | [.Id, "Director", .Ext__c] | join(","))' | head -n 101 >"$folder/update.csv"
check "update" eval 'run 0 load "$folder/update.csv" $config --object Contact --action update --json && json ".updated == 100 and .created == 0"'
check "update: the org says the same" \
	eval 'in_org Contact "map(select(.Title == \"Director\")) | length == 100" && audit Contact "map(select(.verb == \"updated\")) | length == 100"'
check "an update may be loaded again" run 0 load "$folder/update.csv" $config --object Contact --action update
people 310 P | sed 's/Buyer/Seller/' >"$folder/upsert.csv"
check "upsert by a unique external id" \
	eval 'run 0 load "$folder/upsert.csv" $config --object Contact --action upsert --external-id Ext__c --json && json ".updated == 300 and .created == 10 and .written == 310"'
check "upsert: the org says the same" \
	eval 'in_org Contact "length == 310 and all(.Title | startswith(\"Seller\"))" && [ "$(rows Contact)" -eq 310 ]'

# Consent
get 'rows?object=Contact&limit=50' | jq -r '"Id", .rows[].Id' >"$folder/ids.csv"
delete="$config --object Contact --action delete"
check "a delete without a terminal needs --yes" eval 'run 1 load "$folder/ids.csv" $delete && said "say --yes"'
check "and nothing was deleted" [ "$(rows Contact)" -eq 310 ]
check "with --yes it is done" eval 'run 0 load "$folder/ids.csv" $delete --yes --json && json ".deleted == 50"'
check "in the org, too" eval '[ "$(rows Contact)" -eq 260 ] && audit Contact "map(select(.verb == \"deleted\")) | length == 50"'

# A slow org: orders to a load under way
begin_slow() { # PREFIX COUNT: until the org works on it
	post scenario "{$slow}"
	people "$2" "$1" >"$folder/$1.csv"
	begin "$folder/$1.csv" $insert --json
	until_so is_processed "$id"
}
sums_up='.records == .written + .failed + .skipped + .in_doubt + .pending'

begin_slow paused 4000
check "pause is taken" eval 'run 0 pause "$id" --json && json ".exit == 0"'
post scenario '{}'
check "the job in the org finishes, then the load ends with 5" \
	eval 'ended 5 && json ".exit == 5 and .state == \"paused\" and .created == 2000 and .pending == 2000 and .next == \"longshore resume $id\""'
check "who paused it is told" eval 'run 0 show "$id" --json && json ".why | startswith(\"paused by \")"'
check "to pause it again changes nothing" run 0 pause "$id"
check "it waits for somebody" eval 'run 4 runs --needs-me --json && json "any(.[]; .run == $id)"'
check "resume goes on to the end" eval 'run 0 resume "$id" --json && json ".state == \"finished\" and .created == 4000 and (.jobs | length) == 2"'
check "each record was created once" created_once paused 4000

begin_slow now 2000
check "pause --now aborts the job" eval 'run 0 pause "$id" --now --json && ended 5 && json ".state == \"paused\" and .pending > 0 and $sums_up"'
wrote=$(show "$id" .written)
check "what it wrote is counted" created_once now "$wrote"
post scenario '{}'
check "resume writes the rest" eval 'run 0 resume "$id" --json && json ".created == 2000"'
check "each record was created once in spite of that" created_once now 2000

begin_slow cancelled 4000
check "cancel is taken" eval 'run 0 cancel "$id" --json && json ".exit == 0"'
check "the load ends with 5" eval 'ended 5 && json ".exit == 5 and .state == \"cancelled\" and $sums_up"'
wrote=$(show "$id" .written)
check "what was written is counted" created_once cancelled "$wrote"
check "nothing of it still runs in the org" [ "$(jobs InProgress) $(jobs UploadComplete) $(jobs Open)" = "0 0 0" ]
check "it can be gone on with, if somebody says so" eval 'post scenario "{}"; run 0 resume "$id" --json && json ".created == 4000"'
check "each record was created once even then" created_once cancelled 4000
check "a finished run cannot be cancelled" eval 'run 1 cancel "$id" --json && json ".error | contains(\"finished\")"'

begin_slow killed 2000
kill -KILL "$loader"
wait "$loader" 2>/dev/null
check "a killed load is interrupted" is "$id" interrupted
check "cancel without an engine has its job aborted and counted by a new one" \
	eval 'run 0 cancel "$id" $config && until_so is "$id" cancelled && run 0 show "$id" --json && json "$sums_up"'
wrote=$(show "$id" .written)
check "what it wrote is counted, too" created_once killed "$wrote"
check "nothing of it still runs in the org, either" [ "$(jobs InProgress) $(jobs UploadComplete) $(jobs Open)" = "0 0 0" ]

# A job that the org has lost: what became of its records cannot be known
post scenario '{"faults": [{"action": "lose_job", "object": "Contact", "state": "JobComplete"}]}'
printf 'LastName,Title\nLost,one\nLost,two\n' >"$folder/lost.csv"
check "records in doubt: exit 6" \
	eval 'run 6 load "$folder/lost.csv" $insert --allow-failures --json && json ".exit == 6 and .in_doubt > 0 and $sums_up"'
lost=$(newest)
check "the last line counts them" last_line "^run $lost finished: .*, 2 in doubt\. Look: longshore show $lost\. Go on: longshore resume $lost\$"
check "they are exported with the reason" eval 'run 0 export "$lost" --which in-doubt -o - && [ "$(grep -c ",in_doubt," "$folder/out")" -eq 2 ]'
check "they are not loaded again" eval 'run 1 load "$folder/lost.csv" $insert --allow-failures && said "run $lost"'
post scenario '{}'

# Pruning
check "prune asks how old" eval 'run 1 journal prune && said "older-than"'
check "what is younger stays" eval 'run 0 journal prune --older-than 1 --json && json ".pruned == 0"'
check "finished runs become their summary" eval 'run 0 journal prune --older-than 0 --json && json ".pruned > 0 and .bytes < .bytes_before"'
check "the counters are left, the records are not" eval 'run 0 show 2 --json && json ".failed == 8 and .pruned and .errors == []" && run 1 show 2 --record 310 && said "pruned"'
check "nor can they be exported, retried or undone" eval 'run 1 export 2 --which failed -o - && said "pruned" && run 1 retry 2 $config && said "pruned" && run 1 undo 2 --check && said "pruned"'
check "a pruned insert is still not loaded twice" eval 'run 1 load "$folder/people.csv" $insert && said "run 3"'
check "records in doubt are not touched" eval 'run 0 export "$lost" --which in-doubt -o - && [ "$(grep -c ",in_doubt," "$folder/out")" -eq 2 ]'

check "the journal is sound" eval 'run 0 journal check --json && json .sound'
echo "1..$n"
