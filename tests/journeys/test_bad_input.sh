#!/bin/sh
# Bad input: each gives one clear sentence with the place and the right exit code; nothing is half done, and the journal stays
# sound. Prints TAP.
. tests/journeys/headless.sh

start_org
config="--config $folder/org.json"
contacts="$config --object Contact --action insert --json"
bad=$folder/bad.csv

one_sentence() { # PATTERN: it fits, it is the only one of the call, and the object's "error" is the same
	sentence=$(sed -n 's/^longshore: //p' "$folder/err")
	[ "$(printf '%s\n' "$sentence" | wc -l)" -eq 1 ] && printf '%s\n' "$sentence" | grep -qE -- "$1" &&
		! printf '%s\n' "$sentence" | grep -q '\.$' && [ "$(jq -r .error "$folder/out")" = "$sentence" ]
}
untouched() { # nothing was sent, and no run is left
	[ "$(writes) $(get counters | jq '.calls.job_create // 0') $(newest)" = "$written $created $runs" ] ||
		{ echo "something was done" >>"$folder/err"; return 1; }
}
stays_out() { # STATUS PATTERN WORDS...: a load with these words ends so
	wanted=$1 pattern=$2 written=$(writes) created=$(get counters | jq '.calls.job_create // 0') runs=$(newest)
	shift 2
	run "$wanted" load "$@" && one_sentence "$pattern" && untouched
}
loaded() { # RUN COUNT PREFIX: the run has written them, and the org has each of them once
	run 0 show "$1" --json && json ".state == \"finished\" and .created == $2 and .pending == 0 and .in_doubt == 0" &&
		created_once "$3" "$2"
}
sound() { run 0 journal check; }

# The file as a whole
: >"$bad"
check "an empty file" stays_out 1 'bad\.csv is empty: ' "$bad" $contacts
printf 'LastName,Title\n' >"$bad"
check "a header only" stays_out 1 'bad\.csv holds a header and no record: ' "$bad" $contacts
check "no such file" stays_out 1 'cannot open .*none\.csv: No such file' "$folder/none.csv" $contacts
check "a directory" stays_out 1 "$folder is a folder|$folder: Is a directory|$folder is not a file" "$folder" $contacts
printf 'LastName\nMeyer\n' | gzip | head -c 25 >"$bad"
check "gzip that is cut off" stays_out 1 'bad\.csv is cut off: its gzip data does not end at byte 25, ' "$bad" $contacts
printf 'PK\003\004 and more' >"$bad"
check "a workbook that is cut off" stays_out 1 'bad\.csv is cut off or damaged: ' "$bad" $contacts
printf '\320\317\021\340 and more' >"$bad"
check "an older workbook" stays_out 1 'bad\.csv is an older workbook' "$bad" $contacts
awk 'BEGIN { printf "[{\"LastName\": \"Meyer\"}, "; for (i = 0; i < 10000; i++) printf "{\"a\": " }' >"$bad"
check "JSON nested 10,000 deep" stays_out 1 'bad\.csv breaks at byte [0-9,]*, in record 2: it nests deeper than 64; correct it there' "$bad" $contacts
awk 'BEGIN { printf "{\"LastName\": \"Meyer\"}\n"; for (i = 0; i < 10000; i++) printf "{\"a\": "; printf "\n" }' >"$bad"
check "so nested, a line of JSON Lines is a finding" stays_out 3 '1 of 2 records would fail; first record 2 \(byte [0-9]*\), it nests deeper than 64' "$bad" $contacts
check "an empty standard input" eval '"$longshore" load - $contacts </dev/null >"$folder/out" 2>"$folder/err"; [ $? -eq 1 ] && one_sentence "standard input is empty"'

unreadable() { # as a user who may not read it
	mkdir "$folder/away" && cp "$longshore" "$folder/away" && mkdir -m 700 "$folder/away/state"
	printf 'LastName\nMeyer\n' >"$folder/away/secret.csv"
	chmod 000 "$folder/away/secret.csv"
	if [ "$(id -u)" -eq 0 ]; then # root may read everything, so it is somebody else's turn
		cp "$folder/org.json" "$folder/away"
		chown -R 65534 "$folder/away/state" "$folder/away/org.json"
		chmod 711 "$folder" "$folder/away"
		as="setpriv --reuid=65534 --regid=65534 --clear-groups"
	else
		cp "$folder/org.json" "$folder/away"
		as=
	fi
	$as "$folder/away/longshore" load "$folder/away/secret.csv" --config "$folder/away/org.json" --state "$folder/away/state" \
		--object Contact --json >"$folder/out" 2>"$folder/err" </dev/null
	[ $? -eq 1 ] && one_sentence 'secret\.csv: Permission denied'
}
if [ "$(id -u)" -ne 0 ] || setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
	check "a file that may not be read" unreadable
else
	skip "a file that may not be read" "root may read everything, and setpriv cannot make it somebody else"
fi

# The header
printf 'LastName,Title,LastName\na,b,c\n' >"$bad"
check "a name twice in the header" stays_out 1 'columns 1 and 3 of .*bad\.csv are both named "LastName"' "$bad" $contacts
printf 'LastName,\303\244Ti\377tle\na,b\n' >"$bad"
check "a header that is not UTF-8" stays_out 1 'header of .*bad\.csv is not UTF-8 \(0xFF at byte 13\)' "$bad" $contacts
printf 'LastName,Ti\000tle\na,b\n' >"$bad"
check "a NUL byte in the header" stays_out 1 'header of .*bad\.csv has a NUL byte at byte 11' "$bad" $contacts
printf 'LastName,"Title\na,b\n' >"$bad"
check "an unclosed quote in the header" stays_out 1 'header of .*bad\.csv is broken: an unclosed quote at byte 9' "$bad" $contacts
printf ',,\na,b,c\n' >"$bad"
check "a header without names" stays_out 1 'first line of .*bad\.csv has no names: ' "$bad" $contacts
printf 'LastName,,Title\na,b,c\n' >"$bad"
check "a column without a name is not loaded, and that is said" \
	eval 'run 0 check "$bad" $contacts && json ".columns[1] | .column == \"column 2\" and .field == null and .why != null"'

# Records: byte 15 is where the first one begins, byte 23 the second
broken() { # NAME RECORD BYTE WORDS SECOND-RECORD
	printf "LastName,Title\nMeyer,a\n$5" >"$bad"
	check "$1" stays_out 3 "^nothing was sent: 1 of [23] records would fail; first record $2 \\(byte $3\\), $4\$" "$bad" $contacts
	check "$1: with its place in the findings" \
		json "[.findings[] | select(.rule == \"broken_record\" and .example_record == $2 and .example_byte == $3)] | length == 1"
}
broken "a record that is not UTF-8" 2 28 'byte 0xFF is not UTF-8' 'Schmi\377dt,b\nK\303\274rz,c\n'
broken "a NUL byte" 2 25 'a NUL byte' 'Sc\000hmidt,b\nKurz,c\n'
broken "too many cells" 2 23 '3 cells, the header has 2' 'Schmidt,b,c\nKurz,c\n'
broken "too few cells" 2 23 '1 cell, the header has 2' 'Schmidt\nKurz,c\n'
broken "an unclosed quote at the end" 2 31 'an unclosed quote' 'Schmidt,"b\nKurz,c\n'
printf 'LastName,Title\nMeyer,a\nSchmi\377dt,b\nK\303\274rz,c\n' >"$bad"
check "check tells the same" \
	eval 'run 3 check "$bad" $contacts && json ".exit == 3 and (.error | contains(\"record 2 (byte 28)\")) and (.next | endswith(\"--skip-invalid\"))"'
check "its next step is a call that loads the others" \
	eval 'next=$(jq -r .next "$folder/out"); eval "\"\$longshore\" ${next#longshore } --json" >"$folder/out" 2>"$folder/err" && json ".created == 2 and .skipped == 1"'
check "the one that was left out is told with its reason" \
	eval 'run 0 export --which skipped -o - && grep -a -q "broken_record" "$folder/out"'

# What is asked for
people 20 people >"$folder/people.csv"
check "an object that does not exist" stays_out 2 'there is no object Contakt' "$folder/people.csv" $config --object Contakt --json
check "an object that does not exist, said by check" \
	eval 'run 2 check "$folder/people.csv" $config --object Contakt --json && one_sentence "there is no object Contakt"'
check "an action that is none" \
	stays_out 1 'insert, update, upsert, delete or hard_delete, not "inset"' "$folder/people.csv" $config --object Contact --action inset --json

# Signing in
token() {
	curl -s -d grant_type=refresh_token -d client_id=practice -d refresh_token=practice-refresh "$url/services/oauth2/token" |
		jq -r .access_token
}
with_token() { # TOKEN: settings with nothing to renew it from
	jq -n --arg url "$url" --arg token "$1" '{instance_url: $url, access_token: $token}' >"$folder/token.json"
}
revoked='{"error":"invalid_grant","error_description":"expired access/refresh token"}'
revoke() { # from now on the refresh token is refused, and no session lives
	post scenario "$(jq -nc --arg body "$revoked" --argjson rate "$1" \
		'{rate: $rate, faults: [{action: "answer", path: "*/oauth2/token", status: 400, body: $body}]}')"
	post expire-sessions '{}'
}
with_token "$(token)"
run 0 objects --config "$folder/token.json"
post expire-sessions '{}'
check "an access token that has expired" stays_out 2 'the session has ended and there is nothing to renew it with: ' "$folder/people.csv" --config "$folder/token.json" --object Contact --json
jq '.refresh_token = "stale"' "$folder/org.json" >"$folder/stale.json"
check "a refresh token that was never one" stays_out 2 'refresh token' "$folder/people.csv" --config "$folder/stale.json" --object Contact --json
revoke 0
check "a refresh token that was revoked" stays_out 2 'the refresh token was revoked or has expired: ' "$folder/people.csv" $contacts
check "no secret is shown" eval '! grep -q practice-refresh "$folder/out" "$folder/err"'
printf '{"client_id": "practice", ' >"$folder/half.json"
check "settings that are no JSON" stays_out 1 'half\.json' "$folder/people.csv" --config "$folder/half.json" --object Contact --json
check "no settings at all" stays_out 1 'instance_url|login_url|refresh_token' "$folder/people.csv" --object Contact --json

post scenario "{$slow}"
people 2000 token >"$folder/token.csv"
with_token "$(token)"
begin "$folder/token.csv" --config "$folder/token.json" --object Contact --action insert --json
until_so is_processed "$id"
post expire-sessions '{}'
check "an access token that expires in the middle: exit 2" eval 'ended 2 && one_sentence "the session has ended and there is nothing to renew it with"'
check "the last line says how it stands" last_line "^run $id [a-z]*: 0 of 2,000 written\. Look: longshore show $id\. Go on: longshore resume $id\$"
check "the journal is sound" sound
post scenario '{}'
check "resume with settings that work collects the job" run 0 resume "$id" $config
check "each record was created once" loaded "$id" 2000 token

post scenario "{$slow}"
people 2000 revoked >"$folder/revoked.csv"
begin "$folder/revoked.csv" $contacts
until_so is_processed "$id"
revoke 150
check "a refresh token that is revoked in the middle: exit 2" eval 'ended 2 && one_sentence "the refresh token was revoked or has expired: "'
check "the journal is sound then, too" sound
post scenario '{}'
check "resume collects the job, too" run 0 resume "$id"
check "each record was created once, too" loaded "$id" 2000 revoked

# Reaching the org
jq '.login_url = "http://127.0.0.1:9"' "$folder/org.json" >"$folder/nobody.json"
check "an org that cannot be reached" stays_out 5 '127\.0\.0\.1' "$folder/people.csv" --config "$folder/nobody.json" --object Contact --json
jq '.login_url = "http://example.com"' "$folder/org.json" >"$folder/plain.json"
check "plain http to anywhere else" stays_out 1 'example\.com' "$folder/people.csv" --config "$folder/plain.json" --object Contact --json
post scenario "{$slow}"
people 2000 away >"$folder/away.csv"
begin "$folder/away.csv" $contacts
until_so is_processed "$id"
post scenario '{"faults": [{"action": "drop_before", "path": "/services/*"}]}'
check "an org that goes away in the middle is waited for" until_so is "$id" waiting
check "and the run says why" eval 'run 0 show "$id" --json && json ".why | contains(\"Longshore Practice\")"'
post scenario '{}'
check "it goes on by itself when the org is back" ended 0
check "each record was created once in spite of it" loaded "$id" 2000 away

# The journal
printf '\000\000\000\007' >"$folder/seven"
cp -R "$folder/state" "$folder/newer"
dd if="$folder/seven" of="$folder/newer/journal.sqlite" bs=1 seek=60 conv=notrunc 2>/dev/null # SQLite's user_version
cp "$folder/newer/journal.sqlite" "$folder/newer.sqlite"
newer='newer/journal\.sqlite was written by a newer Longshore \(journal 7, this one knows 4\)'
check "a journal of a newer version: load" stays_out 1 "$newer" "$folder/people.csv" $contacts --state "$folder/newer"
for words in runs show "resume 1" "cancel 1" "export 1 --which all -o $folder/none.csv" "journal check"; do
	check "a journal of a newer version: $words" eval 'run 1 $words --json --state "$folder/newer" && one_sentence "$newer"'
done
check "and it is as it was" cmp -s "$folder/newer.sqlite" "$folder/newer/journal.sqlite"
mkdir -m 700 "$folder/other"
echo "these are somebody's notes, and no database at all" >"$folder/other/journal.sqlite"
chmod 600 "$folder/other/journal.sqlite"
check "a file that is no journal" stays_out 1 'other/journal\.sqlite is not a journal' "$folder/people.csv" $contacts --state "$folder/other"
mkdir -m 755 "$folder/open"
check "a state folder that others may enter" stays_out 1 'others may enter the folder .*open' "$folder/people.csv" $contacts --state "$folder/open"

# A full disk
people 3000 limit >"$folder/limit.csv"
mkdir -m 700 "$folder/room"
limited() { # WORDS...: with room for 4 KB a file
	(ulimit -f 8 && exec "$longshore" "$@" --state "$folder/room") >"$folder/out" 2>"$folder/err"
	[ $? -eq 1 ]
}
check "no room for standard input" \
	eval 'limited check - $contacts <"$folder/limit.csv" && one_sentence "cannot keep standard input in .*: File too large"'
check "nothing of it is left" [ -z "$(ls "$folder/room")" ]
check "no room for a journal" \
	eval 'limited load "$folder/limit.csv" $contacts && one_sentence "the disk is full: the journal .*room/journal\.sqlite"'
check "when there is room it is as good as new" \
	eval 'run 0 load "$folder/limit.csv" $contacts --state "$folder/room" && json ".created == 3000" && run 0 journal check --state "$folder/room"'

# In a disk of 8 MB: a load with a slow org is under way when somebody else fills it up.
disk='mount -t tmpfs -o size=8m,mode=700 none "$1"'
mkdir "$folder/disk"
full_disk() {
	people 4000 full >"$folder/full.csv"
	(
		export LONGSHORE_STATE="$folder/disk" org_url="$url"
		unshare -rm sh -c "$disk"' || exit 99
			shift
			"$0" load "$@" >"$1.out" 2>"$1.err" </dev/null &
			until [ -s "$1.out" ] || "$0" show --json 2>/dev/null | jq -e ".jobs[0]" >/dev/null; do sleep 0.1; done
			cat /dev/zero >"$LONGSHORE_STATE/somebody" 2>/dev/null
			wait $!
			echo $? >"$1.status"
			rm "$LONGSHORE_STATE/somebody"
			"$0" journal check --json >"$1.check" 2>/dev/null
			curl -s --data-binary "{}" "$org_url/practice/scenario" >/dev/null
			"$0" resume --json >"$1.resumed" 2>&1
			"$0" show --json >"$1.shown" 2>/dev/null' \
			"$longshore" "$folder/disk" "$folder/full.csv" $contacts
	)
}
if unshare -rm sh -c "$disk" sh "$folder/disk" 2>/dev/null; then
	post scenario "{$slow}"
	full_disk
	cp "$folder/full.csv.out" "$folder/out"
	cp "$folder/full.csv.err" "$folder/err"
	check "a disk that becomes full in the middle: exit 5" eval '[ "$(cat "$folder/full.csv.status")" = 5 ] && one_sentence "the disk is full: the journal .*disk/journal\.sqlite"'
	check "the journal is sound once there is room" eval 'jq -e .sound "$folder/full.csv.check" >/dev/null'
	cp "$folder/full.csv.resumed" "$folder/out"
	check "resume goes on to the end" eval 'jq -e ".state == \"finished\" and .created == 4000 and .pending == 0" "$folder/full.csv.shown" >/dev/null'
	check "each record was created once in spite of the disk" \
		created_once full 4000
else
	skip "a disk that becomes full in the middle" "this user may not mount a file system"
fi

# Two engines
post scenario "{$slow}"
people 2000 two >"$folder/two.csv"
begin "$folder/two.csv" $contacts
until_so is_processed "$id"
check "two engines on one run: the second is refused" eval 'run 1 resume "$id" --json && one_sentence "another engine works on run $id"'
check "a second load of what is being loaded is refused" \
	eval 'run 1 load "$folder/two.csv" $contacts && one_sentence "run $id has loaded this file|run $id .*load"'
check "so is an engine of its own" eval 'run 1 engine "$id" && said "another engine works on run $id"'
post scenario '{}'
check "the first one goes on undisturbed" ended 0
check "each record was created once by it" loaded "$id" 2000 two

check "after all of this the journal is sound" sound
echo "1..$n"
