#!/bin/sh
# Loads of many records while every session lasts two seconds and a renewal takes its time: they finish, no record is written
# twice by the org's own audit, and never is more than one renewal asked for at a time. Prints TAP.
. tests/journeys/headless.sh

start_org
scenario() { post scenario "$1"; }
short='"session_ms": 2000'
slow_renewal='{"path": "*/oauth2/token", "action": "delay", "ms": 300}'
contacts() { # COUNT PREFIX
	people "$1" "$2" >"$folder/in.csv"
}
loads() { # OPTIONS...: a load in the time that $took tells, in milliseconds
	began=$(date +%s%3N)
	run 0 load "$folder/in.csv" --config "$folder/org.json" --object Contact --action insert --json "$@"
	status=$?
	took=$(($(date +%s%3N) - began))
	return $status
}
logins() { get counters | jq .logins.granted; }
# The command and its engine sign in once each; from then on a session has to be over, two seconds, before the next is asked for.
one_at_a_time() { # LEAST: so many sign-ins there must have been, or nothing was tried
	granted=$(logins)
	most=$((2 + took / 2000 + 1))
	echo "# $granted sign-ins in $took ms, $most at most"
	[ "$granted" -ge "$1" ] && [ "$granted" -le "$most" ]
}
all_once() { # PREFIX COUNT
	json ".created == $2 and .failed == 0 and .in_doubt == 0 and .pending == 0" && created_once "$1" "$2"
}

scenario "{$short, \"rate\": 2000, \"faults\": [$slow_renewal]}"
contacts 20000 B
check 'jobs of Bulk API 2.0, four at once' eval 'loads --chunk-records 2000 --parallel 4 && all_once B 20000'
check 'with one renewal at a time' one_at_a_time 5

post reset '{}'
scenario "{$short, \"faults\": [$slow_renewal, {\"path\": \"*/composite/sobjects\", \"action\": \"delay\", \"ms\": 300}]}"
contacts 6000 C
check 'collections' eval 'loads --api collections --parallel 4 && all_once C 6000'
check 'with one renewal at a time too' one_at_a_time 4

# Nobody else may sign in: a storm would be seen at once
post reset '{}'
scenario "{$short, \"rate\": 2000, \"sign_in\": {\"logins_an_hour\": 5}}"
contacts 20000 D
says_why() { is "$id" waiting && show "$id" .why | grep -q 'takes no more sign-ins of this user'; }
limited() { # the limit is waited for, and the run goes on by itself when it is over
	begin "$folder/in.csv" --config "$folder/org.json" --object Contact --action insert --json --chunk-records 2000 --parallel 4
	until_so says_why || { cp "$folder/load.err" "$folder/err"; return 1; }
	refused=$(get counters | jq .logins.refused)
	scenario '{}'
	ended 0 && all_once D 20000 && [ "$refused" -le 3 ]
}
check 'beyond the limit of sign-ins a run waits' limited

echo "1..$n"
