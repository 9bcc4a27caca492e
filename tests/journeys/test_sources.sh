#!/bin/sh
# Files as people have them, loaded into a practice org and compared with what the org holds then. Prints TAP.
. tests/journeys/headless.sh

start_org
contacts="--config $folder/org.json --object Contact --action insert --json"
in=$folder/in.csv

names() { # PREFIX: the contacts whose last name begins so, sorted by it, "LastName|Title" in one line
	get "rows?object=Contact&limit=100000" |
		jq -r --arg p "$1" '[.rows[] | select(.LastName | startswith($p)) | "\(.LastName)|\(.Title // "")"] | sort | join(" ")'
}
became() { # STATUS PREFIX EXPECTED WORDS...: $in, loaded with these words, leaves exactly these contacts
	wanted=$1 prefix=$2 expected=$3
	shift 3
	run "$wanted" load "$in" $contacts "$@" || return 1
	found=$(names "$prefix")
	[ "$found" = "$expected" ] || { echo "in the org: $found" >>"$folder/err"; return 1; }
}

# Dialects of CSV
printf 'LastName|Title\nPipe1|a;b,c\nPipe2|"d|e"\n' >"$in"
check "pipes are found" became 0 Pipe "Pipe1|a;b,c Pipe2|d|e"
check "and told by check" eval 'run 0 check "$in" $contacts && json ".delimiter == \"pipe\""'
printf 'LastName^Title\nCaret1^a,b\nCaret2^c,d\n' >"$in"
check "carets are found" became 0 Caret "Caret1|a,b Caret2|c,d"
printf 'LastName~Title\nTilde1~a,b\nTilde2~c,d\n' >"$in"
check "any one character can be given" became 0 Tilde "Tilde1|a,b Tilde2|c,d" --delimiter '~'
check "more than one is refused" eval 'run 1 check "$in" $contacts --delimiter "~~" && json ".error | startswith(\"--delimiter takes comma\")"'
check "so is a quote" run 1 check "$in" $contacts --delimiter '"'
printf 'sep=;\r\nLastName;Title\r\nSep1;a,b\r\n' >"$in"
check "Excel's sep= line is understood" became 0 Sep "Sep1|a,b"
printf 'LastName,Title\rCr1,a\rCr2,"b, c"\r' >"$in"
check "lone CR ends a record" became 0 Cr "Cr1|a Cr2|b, c"
printf 'LastName,Title\r\nMixed1,a\rMixed2,b\nMixed3,c' >"$in"
check "mixed line ends, none behind the last record" became 0 Mixed "Mixed1|a Mixed2|b Mixed3|c"
printf 'LastName,Title,,\nEmpty1,a,,\nEmpty2,b,,\n' >"$in"
check "columns without a name are left out" became 0 Empty "Empty1|a Empty2|b"
printf 'LastName,Title\nRagged1,a\nRagged2\nRagged3,"b\nRagged4,c,d\nRagged5,e\n' >"$in"
check "broken records are findings, each with its place" \
	eval 'run 3 check "$in" $contacts && json "(.records == 5) and (.failing == 3) and ([.findings[] | [.example_record, .example_byte]] | sort == [[2, 25], [3, 41], [4, 44]])"'
check "and the others are loaded without them" became 0 Ragged "Ragged1|a Ragged5|e" --skip-invalid

# Encodings
printf 'LastName,Title\nLatin1,M\374ller \200\nLatin2,caf\351\n' >"$in"
check "Windows-1252 is found" became 0 Latin "Latin1|Müller € Latin2|café"
check "and told with its reason" \
	eval 'run 0 check "$in" $contacts && json ".encoding == \"Windows-1252\" and .encoding_why == \"3 of its first bytes are no UTF-8\"" && run 0 check "$in" --config "$folder/org.json" --object Contact && grep -q "^in.csv: 2 columns · comma .* · Windows-1252 (3 of its first bytes are no UTF-8) · LF" "$folder/out"'
printf 'LastName,Title\nEuro1,5 \244\n' >"$in"
check "what was found can be overridden" became 0 Euro "Euro1|5 €" --encoding iso-8859-15
check "an encoding that is none" eval 'run 1 check "$in" $contacts --encoding EBCDIC && json ".error | startswith(\"--encoding takes UTF-8, \")"'
printf '\377\376' >"$in"
printf 'LastName;Title\r\nUtf16;gr\303\274n\r\n' | iconv -f UTF-8 -t UTF-16LE >>"$in"
check "UTF-16 as Excel writes it" became 0 Utf16 "Utf16|grün"
printf 'LastName,Title\nSjis1,\216R\223c\nSjis2,\221\276\230Y\n' >"$in"
check "Shift-JIS is found" became 0 Sjis "Sjis1|山田 Sjis2|太郎"
printf 'LastName,Title\nWrong1,caf\351\nWrong2,\201\nWrong3,x\n' >"$in"
check "what is no text in the encoding is a finding of its record" \
	eval 'run 3 check "$in" $contacts && json ".failing == 1 and .findings[0].message == \"bytes that are no Windows-1252\" and .findings[0].example_record == 2"'

# Packed files
printf 'LastName,Title\nGzip1,a\nGzip2,b\n' | gzip >"$in"
check "gzip is unpacked" became 0 Gzip "Gzip1|a Gzip2|b"
check "and told" eval 'run 0 check "$in" $contacts && json ".packing == \"gzip\""'
check "the result file has its text" eval 'run 0 export "$(newest)" --which written -o - && grep -q "^Gzip2,b,2,written,003" "$folder/out"'
people 20000 Cut | gzip >"$folder/whole.gz"
head -c 30000 "$folder/whole.gz" >"$in"
check "gzip that is cut off is one sentence with the place" \
	eval 'run 1 load "$in" $contacts && json ".error | test(\"is cut off: its gzip data does not end at byte 30,000, where the file does\")"'
check "nothing unpacked is left behind" [ -z "$(find "$folder/state" -name 'unpacked*')" ]

# JSON
cat >"$in" <<'END'
[{"LastName": "Json1", "Title": "a, \"b\"", "Account": {"Ext__c": "S-1"}, "Ext__c": "J-1", "Phone": "1"},
 {"LastName": "Json2", "Ext__c": "J-2", "Account": null, "Title": "Boss", "Phone": 12.50, "Unknown": [1, {"x": null}]}]
END
printf 'Name,Ext__c\nSource & Co,S-1\n' >"$folder/accounts.csv"
run 0 load "$folder/accounts.csv" --config "$folder/org.json" --object Account --action insert
check "a list of objects is loaded" became 0 Json 'Json1|a, "b" Json2|Boss'
check "its lookup finds the account" eval 'account=$(get "rows?object=Account&limit=100000" | jq -r ".rows[] | select(.Ext__c == \"S-1\") | .Id") && in_org Contact "any(.[]; .LastName == \"Json1\" and .AccountId == \"$account\")"'
check "what it was read as is told" eval 'run 0 check "$in" $contacts && json ".format == \"json\" and .format_why == \"begins with [ and {\" and .delimiter == null and ([.columns[].column] == [\"LastName\", \"Title\", \"Account.Ext__c\", \"Ext__c\", \"Phone\", \"Unknown\"])"'
id_of() { get "rows?object=Contact&limit=100000" | jq -r ".rows[] | select(.Ext__c == \"$1\") | .Id"; }
first=$(id_of J-1) second=$(id_of J-2)
update="--config $folder/org.json --object Contact --action update --json"
printf '{"Id": "%s", "Title": null, "Account": null}\n{"Id": "%s", "Title": "", "Account": {"Ext__c": "S-1"}}\n' "$first" "$second" >"$in"
check "what Bulk API cannot clear is refused before anything is sent" eval 'before=$(writes) && run 1 load "$in" $update --api bulk && json ".error | startswith(\"Bulk API cannot clear a lookup\")" && [ "$(writes)" -eq "$before" ]'
printf '{"Id": "%s", "Title": null, "AccountId": null}\n{"Id": "%s", "Title": "", "AccountId": "%s"}\n' "$first" "$second" "$account" >"$in"
check "null clears, blank and absent leave alone: Bulk API" eval 'run 0 load "$in" $update --api bulk && json ".updated == 2" &&
	in_org Contact "any(.[]; .Ext__c == \"J-1\" and .Title == null and .AccountId == null and .Phone == \"1\")" &&
	in_org Contact "any(.[]; .Ext__c == \"J-2\" and .Title == \"Boss\" and .AccountId == \"$account\" and .Phone == \"12.50\")"'
printf '{"Id": "%s", "Title": "#N/A", "Account": {"Ext__c": "S-1"}}\n' "$first" >"$in"
check "the text #N/A is no null" eval 'run 3 check "$in" $update && json ".findings[0].rule == \"null_mark\""'
printf '{"Id": "%s", "Title": "", "Account": {"Ext__c": "S-1"}}\n{"Id": "%s", "Title": null, "Account": null}\n' "$first" "$second" >"$in"
check "and through collections the same" eval 'run 0 load "$in" $update --api collections && json ".updated == 2" &&
	in_org Contact "any(.[]; .Ext__c == \"J-1\" and .Title == null and .AccountId == \"$account\" and .Phone == \"1\")" &&
	in_org Contact "any(.[]; .Ext__c == \"J-2\" and .Title == null and .AccountId == null and .Phone == \"12.50\")"'
printf '{"Id": "%s", "LastName": null}\n{"Id": null, "LastName": "x"}\n' "$first" >"$in"
check "what cannot be cleared is a finding" eval 'run 3 check "$in" $update &&
	json "[.findings[] | [.field, .message]] | sort == [[\"Id\", \"the key is null\"], [\"LastName\", \"null, but it cannot be cleared\"]]"'
printf '{"LastName": "Lines1"}\n{"LastName": "Lines2", "Title"}\n{"LastName": "Lines3", "Title": "c"}\n' | gzip >"$in"
check "a line that is no JSON is a finding with its byte" \
	eval 'run 3 check "$in" $contacts && json ".format == \"jsonl\" and .findings[0].example_record == 2 and .findings[0].example_byte == 54"'
check "the others are loaded" became 0 Lines "Lines1| Lines3|c" --skip-invalid
check "the result file is CSV with all columns" eval 'run 0 export "$(newest)" --which all -o - && head -n 1 "$folder/out" | grep -q "^LastName,Title,longshore_record" && grep -q "^Lines1,,1,written,003" "$folder/out" && grep -q "^,,2,skipped," "$folder/out" && grep -q "^Lines3,c,3,written,003" "$folder/out"'
printf '[{"LastName": "Cut1"}, {"LastName": "Cut2"' >"$in"
check "a list that is cut off is one sentence with the place" eval 'run 1 load "$in" $contacts && json ".error | test(\"is cut off: it ends at byte 42, in record 2\")"'
printf '{"LastName": "{x}"}\n' >"$in"
check "a format can be given" eval 'run 0 check "$in" $contacts --format jsonl && run 1 check "$in" $contacts --format yaml && json ".error | startswith(\"--format takes csv, json\")"'

# Singer messages
schema='"schema":{"properties":{"LastName":{"type":"string"},"Title":{"type":"string"}}},"key_properties":[]'
cat >"$in" <<END
{"type":"SCHEMA","stream":"people",$schema}
{"type":"SCHEMA","stream":"things",$schema}
{"type":"RECORD","stream":"people","record":{"LastName":"Singer1","Title":"a, b","_sdc_sequence":1}}
{"type":"RECORD","stream":"things","record":{"LastName":"Thing1"}}
{"type":"STATE","value":{"people":1}}
{"title":"x","record":{"Title":"c","LastName":"Singer2"},"stream":"people","type":"RECORD"}
END
check "of several streams one must be chosen" eval 'run 1 check "$in" $contacts && json ".error | test(\"has records of 2 streams, .people., .things.: choose one with --stream\")"'
check "one that is there" eval 'run 1 check "$in" $contacts --stream animals && json ".error | test(\"has no record of a stream .animals.: it has .people., .things.\")"'
check "what it was read as is told" eval 'run 0 check "$in" $contacts --stream people && json ".format == \"singer\" and .format_why == \"its first line is a SCHEMA of Singer\" and .stream == \"people\" and .stream_why == \"as given, of 2\" and .sheet == null and .records == 2 and ([.columns[].column] == [\"LastName\", \"Title\"])"'
check "the records of the stream are loaded" became 0 Singer "Singer1|a, b Singer2|c" --stream people
check "and none of the other" [ -z "$(names Thing)" ]
check "other files have no streams" eval 'printf "LastName\nx\n" >"$folder/none.csv" && run 1 check "$folder/none.csv" $contacts --stream people && json ".error | test(\"has no sheet or stream\")"'
{
	printf '{"type":"SCHEMA","stream":"people",%s}\nINFO reading on\n' "$schema"
	printf '{"type":"RECORD","stream":"people","record":{"LastName":"Broken1"}}\n{"type":"RECORD","stream":"people","rec'
} >"$in"
check "lines that are no message are findings with their byte" \
	eval 'run 3 check "$in" $contacts && json "(.records == 3) and (.failing == 2) and ([.findings[] | [.message, .count, .example_record, .example_byte]] == [[\"it is no JSON\", 2, 1, 137]])"'
check "the others are loaded, the result file has all" eval 'became 0 Broken "Broken1|" --skip-invalid && run 0 export "$(newest)" --which all -o - && grep -q "^Broken1,2,written,003" "$folder/out" && grep -q "^,3,skipped," "$folder/out"'
people_of_singer() { # COUNT PREFIX
	printf '{"type":"SCHEMA","stream":"people",%s}\n' "$schema"
	people "$1" "$2" | awk -F, 'NR > 1 { printf "{\"type\":\"RECORD\",\"stream\":\"people\",\"record\":{\"Ext__c\":\"%s\",\"LastName\":\"%s\"}}\n", $1, $2 }'
}
people_of_singer 3000 Tap | gzip >"$in"
post scenario "{$slow}"
begin "$in" $contacts --format singer --api bulk --chunk-records 1000
until_so is_processed "$id"
kill -KILL "$loader"
wait "$loader" 2>>"$folder/err"
post scenario '{}'
check "a killed load of packed messages goes on with the same stream" eval 'run 0 resume "$id" --json && json ".created == 3000 and .pending == 0"'
check "every record is in the org once" created_once Tap 3000

# Reading on where a load was left: the text has the same places, unpacked and decoded once more
people 3000 Later | sed 's/Person/Persön/' | iconv -f UTF-8 -t ISO-8859-15 | gzip >"$in"
post scenario "{$slow}"
begin "$in" $contacts --encoding latin9 --api bulk --chunk-records 1000
until_so is_processed "$id"
kill -TERM "$loader"
check "a load of packed Latin text is stopped" eval 'ended 5 && json ".pending > 0"'
post scenario '{}'
check "resume goes on where it was left" eval 'run 0 resume "$id" --json && json ".created == 3000 and .pending == 0"'
check "every record is in the org once" created_once Later 3000
check "as it stands in the file" \
	in_org Contact '[.[] | select((.Ext__c // "") | startswith("Later-")) | .LastName] | sort | .[0] == "Persön 1" and .[-1] == "Persön 999"'

echo "1..$n"
