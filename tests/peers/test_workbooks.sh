#!/bin/sh
# Workbooks that libraries others wrote (exceljs, its streaming writer, SheetJS) make on the spot are loaded into the practice org. Prints TAP.
set -u
subject='workbooks of other programs are loaded'
. tests/peers/peer.sh
longshore=$BUILD/longshore
export LONGSHORE_STATE="$folder/state" XDG_CONFIG_HOME="$folder/config"
printf '{"login_url": "%s", "client_id": "practice", "refresh_token": "practice-refresh"}' "$url" >"$folder/org.json"
chmod 600 "$folder/org.json"

case_of() { # NAME COMMAND...
	name=$1
	shift
	n=$((n + 1))
	if "$@" >"$folder/said" 2>&1; then echo "ok $n - $name"; else echo "not ok $n - $name" && sed 's/^/# /' "$folder/said"; fi
}
in_org() { # what the org has, as a line of JSON
	curl -s "$url/practice/rows?object=Contact&limit=100" | "$node" -e 'const rows = JSON.parse(require("fs").readFileSync(0)).rows
		.sort((a, b) => a.Ext__c < b.Ext__c ? -1 : 1).map((r) => [r.Ext__c, r.LastName, r.Birthdate, r.Title]);
		const wanted = [["W-1", "Müller & Söhne <1>", "1961-02-28", "Dr. med."], ["W-2", "two\nlines", "1900-03-01", "Dr. med."],
			["W-3", " 日本 \"x\" ", "1999-12-31", "Dr. med."], ["W-4", "Last", null, null]];
		console.log(JSON.stringify(rows)); process.exit(JSON.stringify(rows) === JSON.stringify(wanted) ? 0 : 1)'
}
load() { # WRITER
	"$node" "$here/workbooks.mjs" "$1" "$home" "$folder/$1.xlsx" &&
		curl -s -X POST "$url/practice/reset" >/dev/null &&
		"$longshore" load "$folder/$1.xlsx" --config "$folder/org.json" --object Contact --action insert --again --json && in_org
}

n=0
for writer in exceljs stream sheetjs; do
	case_of "$writer" load "$writer"
done
echo "1..$n"
