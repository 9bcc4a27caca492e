#!/bin/sh
# Loads while an org is in trouble: locks, limits, maintenance, no connection. What passes is waited for, data errors are not,
# and no record is written twice. The clock that pauses are measured by runs 50 times as fast. Prints TAP.
. tests/journeys/headless.sh

strike=$(realpath "${BUILD:-build}/strike.so")
hasten() { # STATUS WORDS...: run, fast
	export LD_PRELOAD="$strike" STRIKE_HASTE=50 ASAN_OPTIONS=verify_asan_link_order=0
	run "$@"
	status=$?
	unset LD_PRELOAD STRIKE_HASTE ASAN_OPTIONS
	return $status
}
begin_fast() { # FILE OPTIONS...: begin, fast
	export LD_PRELOAD="$strike" STRIKE_HASTE=50 ASAN_OPTIONS=verify_asan_link_order=0
	begin "$@"
	unset LD_PRELOAD STRIKE_HASTE ASAN_OPTIONS
}
on_a_machine() { # SETTINGS WORDS...: the words, with what strike.c makes of the clocks
	settings=$1
	shift
	for setting in $settings; do export "STRIKE_$setting"; done
	"$@"
	status=$?
	for setting in $settings; do unset "STRIKE_${setting%%=*}"; done
	return $status
}
start_org
options="--config $folder/org.json --object Contact --json"
insert="$options --action insert"
upsert="$options --action upsert --external-id Ext__c"
calls() { get counters | jq -r ".calls.$1 // 0"; }
job_sizes() { jq -c '[.jobs[].records]' "$folder/out"; }
waits() { [ "$(show "$id" .state)" = waiting ] && show "$id" .why | grep -q "$1"; } # WORDS

# --- locks: those records only, in ever smaller jobs, until their tries are used up ---
post scenario '{"faults": [{"action": "lock", "column": "Ext__c", "value": "LOCK-001*", "tries": 3}]}'
people 500 LOCK >"$folder/lock.csv"
check "locked records are tried again" hasten 0 load "$folder/lock.csv" $insert
check "until they are written" json '.created == 500 and .failed == 0'
check "and no others with them" [ "$(job_sizes)" = "[500,100,100,100]" ]
check "each once" created_once LOCK 500
post scenario '{"faults": [{"action": "lock", "column": "Ext__c", "value": "STUCK-0001*"}]}'
people 30 STUCK >"$folder/stuck.csv"
check "a lock that stays" hasten 0 load "$folder/stuck.csv" $insert --allow-failures
check "is an outcome when five tries are used up" json '.created == 20 and .failed == 10 and .errors[0].code == "UNABLE_TO_LOCK_ROW"'
check "in five jobs" [ "$(job_sizes)" = "[30,10,10,10,10]" ]

# through collections: 50, then 10, then few at a time
post scenario '{"faults": [{"action": "lock", "column": "Ext__c", "value": "FEW-*", "tries": 2}]}'
people 100 FEW >"$folder/few.csv"
before=$(calls collection_upsert)
check "locked records of requests" hasten 0 load "$folder/few.csv" $upsert
check "are written in the end" json '.created == 100'
check "in requests of 100, 50 and 10" [ $(($(calls collection_upsert) - before)) -eq 13 ]

# --- a record that means another of the same file waits for it while that is locked ---
families() { # PREFIX: three mothers, and a daughter of each in the same chunk of four and in the next
	echo "Ext__c,Name,Parent.Ext__c"
	printf "$1-M1,Mother,\n$1-M2,Mother,\n$1-M3,Mother,\n$1-A1,Daughter,$1-M1\n"
	printf "$1-A2,Daughter,$1-M2\n$1-A3,Daughter,$1-M3\n$1-B1,Granddaughter,$1-A1\n$1-B9,Orphan,$1-M9\n"
}
accounts="--config $folder/org.json --object Account --json --chunk-records 4 --allow-failures"
for way in bulk collections; do
	post scenario "{\"faults\": [{\"action\": \"lock\", \"column\": \"Ext__c\", \"value\": \"$way-M*\", \"tries\": 2}]}"
	families "$way" >"$folder/families.csv"
	check "mothers that are locked, through $way" hasten 0 load "$folder/families.csv" $accounts --action upsert --external-id Ext__c --api "$way"
	check "are written before their daughters are given up" json '.created == 7 and .failed == 1'
	check "one whose mother is not there is none of them" json '.errors[0].code == "INVALID_FIELD" and .errors[0].example_record == 8'
	check "each once" audit Account "[.[] | select((.key.Ext__c // \"\") | startswith(\"$way-\"))] | length == 7 and all(.verb == \"created\")"
	check "each under its mother" in_org Account "[.[] | select((.Ext__c // \"\") | startswith(\"$way-\")) | select((.Ext__c | test(\"-[AB]\")) and (.ParentId == \"\" or .ParentId == null))] | length == 0"
done
post scenario '{"faults": [{"action": "lock", "column": "Ext__c", "value": "gone-M1"}]}'
families gone >"$folder/families.csv"
check "where a mother stays locked" hasten 0 load "$folder/families.csv" $accounts --action insert
check "she and her line fail" json '.created == 4 and .failed == 4'
check "each for its own reason" json '[.errors[] | {(.code): .count}] | add == {"UNABLE_TO_LOCK_ROW": 1, "INVALID_FIELD": 3} or ([.errors[] | .code] | unique) == ["INVALID_FIELD", "UNABLE_TO_LOCK_ROW"]'

# --- data errors are never tried again ---
post scenario '{"validation_rules": [{"object": "Contact", "when": [{"field": "Title", "is": "=", "value": "Buyer, 7"}], "message": "No", "field": "Title"}]}'
people 50 DATA >"$folder/data.csv"
check "a data error" hasten 0 load "$folder/data.csv" $insert --allow-failures
check "is an outcome at once" json '.created == 49 and .failed == 1 and (.jobs | length) == 1'

# --- an all-or-none request goes again as a whole ---
post scenario '{"faults": [{"action": "lock", "column": "Ext__c", "value": "ALL-00003", "tries": 2}]}'
people 10 ALL >"$folder/all.csv"
before=$(calls collection_create)
check "one locked record of an all-or-none request" hasten 0 load "$folder/all.csv" $insert --all-or-none
check "makes it go again as a whole" json '.created == 10 and .failed == 0'
check "three times in all" [ $(($(calls collection_create) - before)) -eq 3 ]

# --- too many calls at one time: waits for as long as the org says ---
answer() { # STATUS CODE MESSAGE: the keys of a fault
	jq -nc --argjson status "$1" --arg body "[{\"message\":\"$3\",\"errorCode\":\"$2\"}]" '{action: "answer", status: $status, body: $body}'
}
at_once=$(answer 403 REQUEST_LIMIT_EXCEEDED "ConcurrentRequests (Concurrent API Requests) Limit exceeded.")
post reset ''
post scenario "{\"faults\": [$(echo "$at_once" | jq -c '. + {path: "*/composite/sobjects/*", times: 3, retry_after: 20}')]}"
people 150 ONCE >"$folder/once.csv"
check "too many calls at one time" hasten 0 load "$folder/once.csv" $upsert
check "are made later" json '.created == 150'
check "and what was turned away is no call, as the org counts" [ "$(jq .api_calls "$folder/out")" -eq "$(get counters | jq .api_calls)" ]

# --- the day's calls are used up: waiting, with the time of the next try, and it goes on by itself ---
post reset ''
post scenario '{"daily_limit": 6}'
people 900 DAY >"$folder/day.csv"
begin_fast "$folder/day.csv" $upsert --parallel 1
check "without calls for the day it waits" until_so waits "TotalRequests"
check "and says until when" eval 'show "$id" .next_try | grep -qE "^20..-..-..T..:..:..Z$"'
written=$(show "$id" .written)
check "nothing is counted that is not there" eval '[ "$(rows Contact)" -eq "$written" ]'
post scenario '{"daily_limit": 100000}'
check "when the org allows more it goes on" ended 0
check "to the end" json '.created == 900 and .in_doubt == 0 and .state == "finished"'
check "each record was created once" created_once DAY 900
check "and its count of calls is the org's" [ "$(jq .api_calls "$folder/out")" -eq "$(get counters | jq .api_calls)" ]

# --- more requests at one time than the org takes ---
post reset ''
post scenario '{"concurrent_limit": 1, "faults": [{"path": "*/composite/sobjects/*", "times": 40, "action": "delay", "ms": 20}]}'
people 900 CROWD >"$folder/crowd.csv"
check "requests beyond those at one time that the org takes" hasten 0 load "$folder/crowd.csv" $upsert --parallel 4 --chunk-records 50
check "wait, and no record is lost or fails for it" json '.created == 900 and .failed == 0 and .in_doubt == 0'
check "none of those that were turned away is a call" [ "$(jq .api_calls "$folder/out")" -eq "$(get counters | jq .api_calls)" ]
check "each once" created_once CROWD 900

# --- a pause that is ordered meanwhile is taken ---
post reset ''
post scenario '{"daily_limit": 6}'
people 900 HALT >"$folder/halt.csv"
begin_fast "$folder/halt.csv" $upsert --parallel 1
until_so waits "TotalRequests"
check "an order to pause is taken while it waits" run 0 pause "$id" --json
check "and ends it" ended 5
post scenario '{}'
check "resume goes on" hasten 0 resume "$id" --json
check "to the end, each once" created_once HALT 900

# --- the day's batches are used up ---
post scenario '{"faults": [{"action": "fail_job", "object": "Contact", "after": 200, "nth": 1, "message": "ExceededQuota : ApiBatchItems Limit exceeded"}]}'
people 600 QUOTA >"$folder/quota.csv"
check "without batches for the day it waits" hasten 0 load "$folder/quota.csv" $insert
check "until there are some, and sends what was not processed" json '.created == 600 and (.jobs | length) == 2'
check "says so" said "allows no more batches of Bulk API"
check "each once" created_once QUOTA 600

# --- maintenance: nothing new is sent, no tries are used up ---
busy=$(answer 503 SERVER_UNAVAILABLE "The server is down for maintenance")
post scenario "{\"faults\": [$(echo "$busy" | jq -c '. + {path: "*/composite/sobjects/*", times: 8}')]}"
people 400 BUSY >"$folder/busy.csv"
before=$(calls collection_upsert)
check "a server that is unavailable" hasten 0 load "$folder/busy.csv" $upsert
check "is waited for" json '.created == 400'
check "one request at a time" [ $(($(calls collection_upsert) - before)) -le 14 ]
check "is told" said "does not answer as it should"

# --- no connection: it waits, and gives up after the time that was given ---
post scenario '{"faults": [{"path": "*/composite/sobjects/*", "action": "drop_before"}]}'
people 300 GONE >"$folder/gone.csv"
begin_fast "$folder/gone.csv" $upsert --give-up-after 3m
check "without a connection it waits" until_so waits "does not answer"
check "and gives up after the time that was given" ended 5
check "paused, with everything pending" json '.state == "paused" and .pending == 300 and .failed == 0 and .in_doubt == 0 and .exit == 5'
check "and says why" json '.error | contains("could not be reached for 3m")'
post scenario '{}'
check "resume goes on" hasten 0 resume "$id" --json
check "to the end, each record created once" created_once GONE 300
check "the journal is sound" run 0 journal check

# without a word about it that is 24 hours: eight have passed at each try
people 30 DAYS >"$folder/days.csv"
post scenario '{"faults": [{"path": "*/composite/sobjects/*", "action": "drop_before"}]}'
before=$(calls collection_upsert)
on_a_machine "LEAP=28800 FROM=/composite/sobjects" begin_fast "$folder/days.csv" $upsert
check "for 24 hours it tries" ended 5
check "then it pauses and says so" json '.state == "paused" and .pending == 30 and (.error | contains("could not be reached for 24h"))'
post scenario '{}'
check "and goes on on another day" hasten 0 resume "$id" --json
check "each record once" created_once DAYS 30

# --- a machine that sleeps: over the org's work, over an upload, over a request; and longer than one waits for an org ---
people 300 NIGHT >"$folder/night.csv"
for over in /batches UploadComplete jobs/ingest/ successfulResults; do
	sed "s/NIGHT/NIGHT$(echo $over | tr -cd a-zA-Z)/" "$folder/night.csv" >"$folder/sleep.csv"
	check "a laptop that is closed over $over" on_a_machine "LEAP=90000 LEAPS=1 FROM=$over" hasten 0 load "$folder/sleep.csv" $insert --chunk-records 100
	check "goes on when it is opened" json '.written == 300 and .in_doubt == 0 and .state == "finished"'
	check "each once" created_once "NIGHT$(echo $over | tr -cd a-zA-Z)" 300
done
people 300 NAP >"$folder/nap.csv"
check "over a request" on_a_machine "LEAP=90000 LEAPS=1 FROM=/composite/sobjects" hasten 0 load "$folder/nap.csv" $upsert
check "which goes again" json '.written == 300 and .in_doubt == 0'
check "each is in the org once" in_org Contact '[.[] | select((.Ext__c // "") | startswith("NAP-"))] | length == 300'
people 300 NIGHTOFF >"$folder/off.csv"
post scenario '{"faults": [{"path": "*/composite/sobjects/*", "times": 2, "action": "drop_before"}]}'
check "one that sleeps for a day without a connection asks before it gives up" on_a_machine "LEAP=90000 LEAPS=2 FROM=/composite/sobjects" hasten 0 load "$folder/off.csv" $upsert
check "and goes on" json '.written == 300'
post scenario '{}'

# --- a clock that somebody sets, in the middle of it ---
for jump in -90000 90000; do
	post scenario "{\"faults\": [{\"action\": \"lock\", \"column\": \"Ext__c\", \"value\": \"CLOCK$jump-0000*\", \"tries\": 2}]}"
	people 200 "CLOCK$jump" >"$folder/clock.csv"
	check "a clock that jumps by $jump s" on_a_machine "JUMP=$jump FROM=/batches" hasten 0 load "$folder/clock.csv" $insert --chunk-records 50
	check "changes nothing" json '.written == 200 and .failed == 0 and .seconds >= 0'
	check "each once" created_once "CLOCK$jump" 200
done
post scenario '{}'
for wrong in 24 0h -1h soon; do
	check "--give-up-after $wrong is refused" run 1 load "$folder/gone.csv" $upsert --give-up-after "$wrong" --again
done
echo "1..$n"
