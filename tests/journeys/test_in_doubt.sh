#!/bin/sh
# Inserts whose answer is lost and that nothing tells apart: in doubt, asked for again by each resume, and sent again only when
# somebody says so. Prints TAP.
. tests/journeys/headless.sh
. tests/journeys/terminal.sh

start_org
nameless() { # COUNT NAME: contacts without any key
	awk -v n="$1" -v p="$2" 'BEGIN { print "Last Name,Title"; for (i = 1; i <= n; i++) printf "%s %d,\"Buyer, %d\"\n", p, i, i }'
}
load() { # STATUS FILE OPTIONS...
	wanted=$1 file=$2
	shift 2
	run "$wanted" load "$file" --config "$folder/org.json" --object Contact --action insert --api collections --allow-failures --json "$@"
}
lose() { post scenario "{\"faults\": [{\"method\": \"POST\", \"path\": \"*/composite/sobjects\", \"nth\": 1, \"action\": \"$1\"}]}"; }
named() { in_org Contact "[.[] | select(.LastName | startswith(\"$1 \"))] | length == $2"; } # NAME COUNT

nameless 20 Lost >"$folder/lost.csv"
lose drop_before
check "a request that is lost before it arrives" load 6 "$folder/lost.csv"
check "leaves its records in doubt" json '.in_doubt == 20 and .written == 0 and .exit == 6'
check "none is in the org" named Lost 0
check "a retry does not take them" run 1 retry 1
check "whatever it names" run 1 retry 1 --records 1-20 --code IN_DOUBT
check "nor an edit" eval 'run 0 export 1 --which in-doubt -o "$folder/doubt.csv" && sed "s/Buyer/Chief/" "$folder/doubt.csv" >"$folder/edited.csv" && run 1 retry 1 --edits "$folder/edited.csv"'
check "which is said" said "no such record\|it is in doubt"
check "--in-doubt alone is not enough without a terminal" run 1 retry 1 --in-doubt
check "and says what it means" said "20 records may be in Longshore Practice already, and there is no terminal to ask at: say --yes"
check "nothing was sent" named Lost 0
check "resume asks again" run 6 resume 1 --json
check "and leaves them where they are" json '.in_doubt == 20'
check "some of them, on somebody's word" run 6 retry 1 --in-doubt --records 1-5 --yes --json
check "are sent again" json '.written == 5 and .in_doubt == 15 and .attempt == 2'
check "and no others" named Lost 5
check "and the rest, without the number of the run" run 0 retry --in-doubt --yes --json
check "all are written" json '.written == 20 and .in_doubt == 0'
check "each once" named Lost 20
check "nothing is in doubt any more" run 1 retry 1 --in-doubt --yes
check "a record tells of both" eval 'run 0 show 1 --record 3 --json && json ".record.attempt == 2 and .record.attempts[0].state == \"in_doubt\""'

# --- the word was wrong: the org has them twice, as was said ---
nameless 3 Twice >"$folder/twice.csv"
lose drop_after
check "a request whose answer is lost" load 6 "$folder/twice.csv"
check "is in the org" named Twice 3
check "sent again" run 0 retry --in-doubt --yes
check "it is there twice" named Twice 6

# --- lost again, killed: each resume asks, none sends ---
nameless 4 Again >"$folder/again.csv"
lose drop_before
check "in doubt" load 6 "$folder/again.csv"
again=$(newest)
lose drop_before
check "lost once more" run 6 retry "$again" --in-doubt --yes --json
check "they are in doubt again" json '.in_doubt == 4 and .attempt == 2'
check "resume sends nothing" eval 'run 6 resume "$again" && named Again 0'

# --- a quarter of an hour later: where nobody has created anything since, nothing was written, and it goes again ---
later() { post clock '{"advance_ms": 901000}'; }
create() { # NAME: another writer, as the same user
	curl -s -H "Authorization: Bearer 00D5e0000000001!AQEAQ.practice" -H "Content-Type: application/json" \
		--data-binary "{\"LastName\": \"$1\"}" "$url/services/data/v62.0/sobjects/Contact" | jq -r .id
}
later
nameless 20 Proof >"$folder/proof.csv"
lose drop_before
check "a lost request" load 6 "$folder/proof.csv"
proof=$(newest)
post scenario '{}'
check "is not known to be lost at once" eval 'run 6 resume "$proof" --json && json ".in_doubt == 20" && named Proof 0'
later
check "but a quarter of an hour later" run 0 resume "$proof" --json
check "its records have gone again" json '.state == "finished" and .written == 20 and .in_doubt == 0'
check "once" named Proof 20
check "which its log tells" eval '"$longshore" show "$proof" --log | grep -q "20 records in doubt are not in the org: sent again"'
check "and a record" eval 'run 0 show "$proof" --record 7 --json && json ".record.attempt == 2"'

later
nameless 5 Other >"$folder/other.csv"
lose drop_before
check "a lost request, and another writer" load 6 "$folder/other.csv"
other=$(newest)
id=$(create Somebody)
later
check "nobody knows whose that is: in doubt" run 6 resume "$other" --json
check "and nothing is sent" eval 'json ".in_doubt == 5" && named Other 0'
curl -s -X DELETE -H "Authorization: Bearer 00D5e0000000001!AQEAQ.practice" "$url/services/data/v62.0/sobjects/Contact/$id"
check "also when it was deleted since" eval 'run 6 resume "$other" --json && named Other 0'

later
nameless 6 There >"$folder/there.csv"
lose drop_after
check "a lost answer" load 6 "$folder/there.csv"
there=$(newest)
later
check "what may be there stays in doubt" eval 'run 6 resume "$there" --json && json ".in_doubt == 6"'
check "and is there once" named There 6

# --- keys that are told apart by their ends only, too long for one question ---
post scenario '{}'
long() { awk -v n="$1" 'BEGIN { l = sprintf("%34s", ""); gsub(/ /, "\303\244", l); print "Last Name,Ext__c"; for (i = 1; i <= n; i++) printf "Long %d,%s%d\n", i, l, i }'; }
long 100 >"$folder/long.csv"
lose drop_after
check "long keys, and a lost answer: the org is asked for them" load 0 "$folder/long.csv"
check "it has them all, once" eval 'json ".written == 100 and .in_doubt == 0" && named Long 100'

# --- at a terminal their number is typed ---
post scenario '{}'
open_terminal 24 200 "LONGSHORE_STATE=$LONGSHORE_STATE $(realpath "$longshore") retry $again --in-doubt"
check "at a terminal it asks" sees "Type their number, 4:"
check "another number is no yes" eval 'types 5 && keys Enter && sees "exit status 1" && named Again 0'
open_terminal 24 200 "LONGSHORE_STATE=$LONGSHORE_STATE $(realpath "$longshore") retry $again --in-doubt"
check "the number is" eval 'sees "Type their number, 4:" && types 4 && keys Enter && sees "exit status 0"'
check "they are sent" named Again 4
check "the journal is sound" run 0 journal check
echo "1..$n"
