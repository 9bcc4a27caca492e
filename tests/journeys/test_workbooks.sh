#!/bin/sh
# Workbooks (.xlsx) that other programs wrote: loaded into a practice org, gone on with, retried, chosen in the console. Prints TAP.
. tests/journeys/common.sh

start_org
contacts="--config $folder/org.json --object Contact --action insert --json"
here=tests/data/xlsx
in=$folder/files/people.xlsx
cp "$here/exceljs.xlsx" "$in"
refused() { # EXIT SENTENCE FILE WORDS...: nothing is sent, and one sentence says why
	wanted=$1 sentence=$2 before=$(writes)
	shift 2
	run "$wanted" load "$@" && json ".error | test(\"$sentence\")" && [ "$(writes)" -eq "$before" ]
}

check "what was found is told, and its reason" eval 'run 0 check "$in" $contacts && json ".format == \"xlsx\" and .sheet == \"Contacts\" and .sheet_why == \"the first not hidden of 2\" and .records == 4 and .delimiter == null"'
check "to people too" eval 'run 0 check "$in" --config "$folder/org.json" --object Contact && grep -q "^people.xlsx: 11 columns · xlsx (begins as one) · sheet \"Contacts\" (the first not hidden of 2) · 1 merged range" "$folder/out"'
check "a sheet that is not there lists those that are" refused 1 'has no sheet \"Kontakte\": it has \"Notes\", \"Contacts\"' "$in" $contacts --sheet Kontakte
check "a name, not the content, makes no workbook" eval 'printf "LastName,Title\nName1,a\n" >"$folder/no.xlsx" && run 0 check "$folder/no.xlsx" $contacts && json ".format == \"csv\" and .sheet == null"'
check "and has no sheets" refused 1 'is no workbook, and has no sheet or stream \"One\": leave --sheet and --stream out' "$folder/no.xlsx" $contacts --sheet One
head -c 4000 "$in" >"$folder/cut.xlsx"
check "a workbook that is cut off is one sentence" refused 1 'is cut off or damaged: the list of its parts, at its end, cannot be read' "$folder/cut.xlsx" $contacts
printf '\320\317\021\340 and more' >"$folder/old.xlsx"
check "so is an old one, or one with a password" refused 1 'is an older workbook \\(.xls\\), or one with a password: save it as .xlsx' "$folder/old.xlsx" $contacts
check "another format does not fit" refused 1 'is a workbook or an archive, and no csv: leave --format out' "$in" $contacts --format csv

# Go on with it, though it has another name and the operator names no sheet
check "the first two records go, then it pauses" eval 'run 5 load "$in" $contacts --first 2 --sheet contacts && json ".created == 2 and .pending == 2"'
id=$(newest)
mv "$in" "$folder/files/moved.xlsx"
check "resume reads the same sheet of the moved file" eval 'run 0 resume "$id" --file "$folder/files/moved.xlsx" --json && json ".created == 4 and .pending == 0"'
check "the org has what the sheet shows" in_org Contact '[.[] | select((.Ext__c // "") | startswith("W-"))] | sort_by(.Ext__c) | map([.LastName, .Birthdate, .Title]) ==
	[["Müller & Söhne <1>", "1961-02-28", "Dr. med."], ["two\nlines", "1900-03-01", "Dr. med."], [" 日本 \"x\" ", "1999-12-31", "Dr. med."], ["Last", null, null]]'
check "the same workbook is not loaded twice" eval 'run 1 load "$folder/files/moved.xlsx" $contacts && json ".error | test(\"run $id\")"'
check "the result file is CSV with all columns" eval 'run 0 export "$id" --which all -o - && head -n 1 "$folder/out" | grep -q "^LastName,Ext__c,Birthdate,When,Amount,Zip,Share,Active,Title,Sum,Error,longshore_record" &&
	grep -q "^Last,W-4,,,,,,,,,,4,written,003" "$folder/out" && grep -q "^Müller & Söhne <1>,W-1,1961-02-28,2026-01-31T13:45:00,1234.5,00501,50%,true,Dr. med.,2469,\"#N/A\",1,written,003" "$folder/out"'

# By a pipe, packed, and with a record that fails
update="--config $folder/org.json --object Contact --action upsert --external-id Ext__c --json"
check "a workbook by a pipe" eval '"$longshore" load - $update --again <"$here/sheetjs.xlsx" >"$folder/out" 2>"$folder/err" && json ".updated == 4"'
gzip -c "$here/stream.xlsx" >"$folder/packed"
check "a packed one" eval 'run 0 load "$folder/packed" $update && json ".updated == 4" && run 0 check "$folder/packed" $update && json ".packing == \"gzip\" and .sheet_why == \"the only one\""'
post scenario '{"validation_rules": [{"object": "Contact", "when": [{"field": "LastName", "is": "like", "value": "Früh*"}], "message": "Not today", "field": "LastName"}]}'
check "days count from 1904 where the workbook says so, and one record fails" eval 'run 0 load "$here/openpyxl_1904.xlsx" $contacts --allow-failures && json ".created == 2 and .failed == 1" &&
	in_org Contact "any(.[]; .LastName == \"Spät\" and .Birthdate == \"2026-02-28\")"'
post scenario '{}'
check "it is retried from the workbook" eval 'run 0 retry "$(newest)" --json && json ".created == 3 and .failed == 0" && in_org Contact "any(.[]; .LastName == \"Früh\" and .Birthdate == \"1904-01-01\")"'

open_terminal 24 80 "$(console)"
sees "Longshore › Runs" && keys n && sees "step 1 of 6" && types moved.xlsx
check "the console shows what the sheet holds" eval 'sees "sheet \"Contacts\"" && sees "Tab: next sheet" && sees "Müller & Söhne" && shows "LastName"'
keys Tab
check "Tab takes the next sheet" eval 'sees "sheet \"Notes\" (as given)" && sees "nothing to load"'
keys Tab
check "and the first one again" eval 'sees "sheet \"Contacts\" (as given)" && sees "Müller & Söhne"'
keys Enter
check "the load goes on with it" eval 'sees "step 2 of 6" && pick_object contact Contact && pick_action "upsert by Ext__c" && sees "Birthdate" && keys c && sees "4 records: "'
keys C-c

# Streams of Singer messages are chosen in the same way
for stream in people things; do printf '{"type":"SCHEMA","stream":"%s","schema":{"properties":{"LastName":{}}}}\n{"type":"RECORD","stream":"%s","record":{"LastName":"One of %s"}}\n' $stream $stream $stream; done >"$folder/files/tap.out"
open_terminal 24 80 "$(console)"
sees "Longshore › Runs" && keys n && sees "begin anew" && keys 2 && sees "step 1 of 6" && types tap.out
check "the console shows the first stream" eval 'sees "stream \"people\"" && sees "Tab: next stream" && sees "One of people"'
keys Enter
check "which is the one that the load goes on with" eval 'sees "step 2 of 6" && pick_object contact Contact && pick_action "insert" && sees "One of people" && keys c && sees "1 record"'
keys C-c
open_terminal 24 80 "$(console)"
sees "Longshore › Runs" && keys n && sees "begin anew" && keys 2 && sees "step 1 of 6" && types tap.out && sees "One of people"
keys Tab
check "Tab takes the next stream" eval 'sees "stream \"things\" (as" && sees "One of things"'
keys C-c

echo "1..$n"
