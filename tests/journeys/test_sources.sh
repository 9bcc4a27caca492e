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

echo "1..$n"
