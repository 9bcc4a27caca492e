#!/bin/sh
# Many records, of which the org refuses 1 % in five ways, 5 % are byte-identical to others, and some are locked for a while:
# every outcome is at the right record number, by the org's rows and audit and by what the generator wrote (records.c).
# SCALE_RECORDS=N of them; 20,000 without (`make scale`: 1,000,000).
. tests/journeys/headless.sh
records=${SCALE_RECORDS:-20000}
tool=${BUILD:-build}/tests/scale_records

cat >"$folder/scenario.json" <<'END'
{"validation_rules": [{"object": "Account", "when": [{"field": "Website", "is": "=", "value": "http://refused.example.com"}],
   "message": "This website is not wanted"}],
 "faults": [{"action": "lock", "column": "Phone", "value": "LOCKED*", "tries": 0},
   {"action": "lock", "column": "Phone", "value": "BUSY*", "tries": 2}]}
END
"$tool" make "$records" >"$folder/accounts.csv"
"$tool" taken "$records" >"$folder/taken.csv"

load() { # FILE; pauses are short (tests/crash/strike.c)
	LD_PRELOAD="${BUILD:-build}/strike.so" STRIKE_HASTE=20 ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" "$longshore" load "$1" \
		--config "$folder/org.json" --object Account --action insert --api bulk --allow-failures --yes --quiet --json \
		>"$folder/out" 2>"$folder/err" </dev/null
}
pages() { # WHAT SINCE FILTER: of the org's rows or audit, as CSV
	since=$2
	while :; do
		get "$1?object=Account&since=$since&limit=50000" | jq -r "$3" >"$folder/page"
		since=$((since + 50000))
		[ -s "$folder/page" ] || return 0
		cat "$folder/page" >>"$folder/$1.csv"
	done
}
everything_is_in_its_place() {
	run_id=$(jq .run "$folder/out")
	"$longshore" export "$run_id" --which all -o "$folder/export.csv" 2>>"$folder/err" || return 1
	pages rows 0 '.rows[] | [.Id, .Name, .Phone // "", .Description // ""] | @csv'
	pages audit "$before" '.writes[] | [.id, .verb] | @csv'
	"$tool" check "$records" "$folder/export.csv" "$folder/rows.csv" "$folder/audit.csv" >"$folder/checked"
	status=$?
	cat "$folder/checked"
	return $status
}
counts_add_up() {
	json ".state == \"finished\" and .records == $records and .failed == $((records / 100)) and .written == .records - .failed and
		.skipped == 0 and .in_doubt == 0 and .pending == 0 and ([.errors[].count] | add) == .failed"
}

start_org --scenario "$folder/scenario.json"
check "what is there before is loaded" load "$folder/taken.csv"
before=$(writes)
check "$records records are loaded" load "$folder/accounts.csv"
check "the counts add up" counts_add_up
check "every outcome is at the right record number" everything_is_in_its_place
check "the journal is sound" run 0 journal check
echo "1..$n"
