#!/bin/sh
# A Singer target: messages in awkward orders, a pipe that stops, kill -9 and start again; by what it answers and by the org's
# audit. Prints TAP.
. tests/journeys/headless.sh

start_org
settings() { # MORE: members of the settings, as JSON
	jq --argjson more "$1" '. + $more' "$folder/org.json" >"$folder/config.json"
	chmod 600 "$folder/config.json"
}
singer() { # STATUS: of messages on standard input
	timeout -k 5 120 "$longshore" singer --config "$folder/config.json" >"$folder/out" 2>"$folder/err"
	status=$?
	[ "$status" -eq "$1" ] || echo "exit $status, not $1" >>"$folder/err"
	[ "$status" -eq "$1" ]
}
given() { [ "$(cat "$folder/out")" = "$1" ] || { echo "state: $(cat "$folder/out")" >>"$folder/err"; return 1; }; } # STATES
schema() { # STREAM NAMES...
	stream=$1
	shift
	jq -cn --arg s "$stream" '{type: "SCHEMA", stream: $s, key_properties: [], schema: {properties: ([$ARGS.positional[] | {key: ., value: {}}] | from_entries)}}' --args "$@"
}
record() { jq -cn --arg s "$1" --argjson r "$2" '{type: "RECORD", stream: $s, record: $r}'; } # STREAM RECORD
state() { jq -cn --argjson v "$1" '{type: "STATE", value: $v}'; }                            # VALUE
contacts() { # PREFIX FROM TO
	awk -v p="$1" -v from="$2" -v to="$3" 'BEGIN { for (i = from; i <= to; i++)
		printf "{\"type\":\"RECORD\",\"stream\":\"Contact\",\"record\":{\"Ext__c\":\"%s-%05d\",\"LastName\":\"Person %d\",\"_sdc_sequence\":%d}}\n", p, i, i, i }'
}
upsert='{"action": "upsert", "external_id_name": "Ext__c"}'

# --- two streams, a lookup, values, states ---
settings "$upsert"
{
	state '{"n": 0}'
	schema Account Ext__c Name _sdc_batched_at
	jq -cn '{type: "SCHEMA", stream: "Contact", schema: {properties: {Ext__c: {}, LastName: {}, Title: {}, Birthdate: {}, Account: {properties: {Ext__c: {}}}}}}'
	record Contact '{"Ext__c": "T-1", "LastName": "Ann", "Title": "a, \"b\"", "Birthdate": "1980-02-03", "_sdc_x": 1}'
	record Account '{"Ext__c": "TA-1", "Name": "One"}'
	state '{"n": 1}'
	record Contact '{"Ext__c": "T-2", "LastName": "Bob", "Title": null, "Account": {"Ext__c": "TA-1"}}'
	echo '{"type": "ACTIVATE_VERSION", "stream": "Contact", "version": 7}'
	echo 'INFO a line of the tap'
	record Contact '{"Ext__c": "T-1", "LastName": "Anna"}'
	state '{"n": 2, "bookmarks": {"a": [1.25, null]}}'
} >"$folder/messages"
check "two streams" singer 0 <"$folder/messages"
check "a state goes out when all before it is settled, and the last one of a batch" given '{"n":0}
{"n":2,"bookmarks":{"a":[1.25,null]}}'
check "the records are in the org, the lookup among them" \
	in_org Contact '[.[] | select((.Ext__c // "") | startswith("T-"))] | length == 2 and any(.Ext__c == "T-2" and .AccountId != null) and any(.Ext__c == "T-1" and .LastName == "Anna")'
check "a line that is none is reported" said 'line 9 (byte [0-9]*) is passed over: it is no JSON'
check "so is what an org has not" said 'ACTIVATE_VERSION of Contact: an org has no versions'
check "each stream is a run" eval 'run 0 runs --json && json "length == 2 and all(.state == \"finished\")"'
check "the older of two records with one key is left out, and said to be" eval 'run 0 show "$("$longshore" runs --json 2>/dev/null | jq "[.[] | select(.object == \"Contact\")][0].run")" --json && json ".records == 3 and .written == 2 and .skipped_by == [{\"reason\": \"same_key\", \"count\": 1}]"'
check "the same once more is an upsert of the same" singer 0 <"$folder/messages"
check "the state that was given covers it: nothing is left out" eval '! said "settled before"'

# --- what is refused ---
check "a record before its schema" eval 'record Contact "{}" | singer 1 && said "line 1 (byte 0) of standard input: Contact: a record before the SCHEMA of its stream"'
check "a field that the object has not" eval 'schema Contact Ext__c LastName Nonsense__c | singer 1 && said "stream Contact cannot be sent to Contact: Nonsense__c, "'
check "a field that may not be written" eval 'schema Contact Ext__c LastName CreatedDate | singer 1 && said "stream Contact cannot be sent to Contact: CreatedDate, "'
check "an object that is none" eval 'schema Nonsense Ext__c | singer 2 && said "Nonsense"'
check "a name that the schema has not" eval '{ schema Contact Ext__c LastName; record Contact "{\"Ext__c\": \"U-1\", \"LastName\": \"x\", \"Extra\": 1}"; } | singer 1 && said "line 2 .*its record has a name that its schema has not"'
check "--json is for others" eval 'run 1 singer --config "$folder/config.json" --json && said "leave out --json"'
settings '{"action": "insert"}'
check "an Id on insert" eval 'schema Contact Id LastName | singer 1 && said "an insert makes new ids"'
settings '{"action": "delete"}'
check "more than the Id on delete" eval 'schema Contact Id LastName | singer 1 && said "LastName, only the Id is sent for delete"'
settings '{"action": "insert", "table_name": "Account"}'
check "table_name names the object of a stream" eval '{ schema things Name Ext__c; record things "{\"Name\": \"Thing\", \"Ext__c\": \"TN-1\"}"; state 1; } | singer 0 && given 1 && in_org Account "any(.[]; .Ext__c == \"TN-1\")"'

# --- failures ---
settings "$upsert"
{
	schema Contact Ext__c LastName
	contacts F 1 3
	state 1
	record Contact '{"Ext__c": "F-4", "LastName": null}'
	state 2
} >"$folder/messages"
check "a record that must fail stops it, and nothing of its batch is sent" singer 3 <"$folder/messages"
check "no state is given" given ''
check "nothing was sent" in_org Contact 'all(.[]; (.Ext__c // "") | startswith("F-") | not)'
settings '{"action": "upsert", "external_id_name": "Ext__c", "allow_failures": true}'
check "failures allowed, it is left out" singer 0 <"$folder/messages"
check "the state is given" given 2
check "the others are in the org" created_once F 3

# --- batches, a pipe that stops, kill -9 ---
settings "$upsert"
contacts B 1 5 | jq -c .record | gzip >"$folder/batch.gz"
check "a BATCH of gzip" eval '{ schema Contact Ext__c LastName; jq -cn --arg f "file://$folder/batch.gz" "{type: \"BATCH\", stream: \"Contact\", encoding: {format: \"jsonl\", compression: \"gzip\"}, manifest: [\$f]}"; state 3; } | singer 0 && given 3 && created_once B 5'
check "one that cannot be read" eval '{ schema Contact Ext__c LastName; echo "{\"type\": \"BATCH\", \"stream\": \"Contact\", \"encoding\": {\"format\": \"parquet\"}, \"manifest\": []}"; } | singer 1 && said "only batches of JSON Lines"'
check "a pipe that stops in a line" eval '{ schema Contact Ext__c LastName; contacts P 1 4; state 4; contacts P 5 5 | head -c 40; } | singer 5'
check "what came before is settled, and its state given" eval 'given 4 && created_once P 4'
check "which it says, with the place" said 'standard input ends in the middle of line 7 (byte [0-9]*)'

{ schema Contact Ext__c LastName; contacts G 1 12000; state '{"at": 12000}'; } >"$folder/messages"
check "more than a batch" singer 0 <"$folder/messages"
check "is one run" eval 'run 0 show "$(newest)" --json && json ".records == 12000 and .written == 12000 and .created == 12000"'
check "each once" created_once G 12000

post scenario '{"rate": 300}'
{ schema Contact Ext__c LastName; contacts K 1 2500; state '{"at": 2500}'; } >"$folder/messages"
before=$(newest)
"$longshore" singer --config "$folder/config.json" >"$folder/out" 2>"$folder/err" <"$folder/messages" &
target=$!
started="$started $target"
check "a target at work" until_so is_processed $((before + 1))
kill -KILL "$target"
wait "$target" 2>/dev/null
check "is killed before it gave a state" given ''
post scenario '{}'
check "started again" singer 0 <"$folder/messages"
check "it finishes what it had begun" said "run $((before + 1)) of the same settings is not finished"
check "leaves out what is settled, and says how many" said '2500 records were settled before, after the last state'
check "gives the state" given '{"at":2500}'
check "each was written once, in all" audit Contact '[.[] | select((.key.Ext__c // "") | startswith("K-"))] | length == 2500 and all(.verb == "created")'
# --- dates and date-times, each for the other ---
settings '{"action": "insert"}'
{
	schema Contact LastName Birthdate
	record Contact '{"LastName": "Day1", "Birthdate": "1980-02-03T23:30:00-05:00"}'
	record Contact '{"LastName": "Day2", "Birthdate": "1980-02-03 00:00:00"}'
	record Contact '{"LastName": "Day3", "Birthdate": "1980-02-03"}'
	schema Event Subject ActivityDateTime DurationInMinutes
	record Event '{"Subject": "Day1", "ActivityDateTime": "2026-01-31", "DurationInMinutes": 30}'
	record Event '{"Subject": "Day2", "ActivityDateTime": "2026-01-31T13:45:07", "DurationInMinutes": 30}'
	record Event '{"Subject": "Day3", "ActivityDateTime": "2026-01-31T13:45:07+02:00", "DurationInMinutes": 30}'
	state 1
} >"$folder/messages"
check "days as date-times and date-times as days are taken" singer 0 <"$folder/messages"
check "a field of dates gets the day as it is written" in_org Contact '[.[] | select(.LastName | startswith("Day")) | .Birthdate] == ["1980-02-03", "1980-02-03", "1980-02-03"]'
check "a field of date-times gets midnight, and UTC where no zone is named" in_org Event '[.[] | .ActivityDateTime[0:23]] | sort == ["2026-01-31T00:00:00.000", "2026-01-31T11:45:07.000", "2026-01-31T13:45:07.000"]'

check "the journal is sound" run 0 journal check

echo "1..$n"
