#!/bin/sh
# The practice org as a program: its command line, its end, what is left after a restart. Prints TAP; needs curl.
. tests/practice/program.sh
token='Authorization: Bearer 00D5e0000000001!AQEAQ.practice'

call() { curl -sS -H "$token" "$@"; }
ids() { sed 's/.*"id":"\([^"]*\)".*/\1/'; }

load() { # CSV: inserts contacts, leaves the job in $job
	job=$(call -d '{"object":"Contact","operation":"insert"}' "$url/services/data/v62.0/jobs/ingest" | ids)
	printf "$1" | call -X PUT -H 'Content-Type: text/csv' --data-binary @- \
		"$url/services/data/v62.0/jobs/ingest/$job/batches"
	call -X PATCH -d '{"state":"UploadComplete"}' "$url/services/data/v62.0/jobs/ingest/$job" > /dev/null
	until call "$url/services/data/v62.0/jobs/ingest/$job" | grep -q JobComplete; do :; done
}

listening() { grep -qx "listening $port" "$folder/out"; }
rows() { curl -s "$url/practice/rows?object=Contact"; }
audit() { curl -s "$url/practice/audit"; }
successes() { call "$url/services/data/v62.0/jobs/ingest/$job/successfulResults/"; }
only_loopback() { # the kernel's table of listening sockets: 0100007F is 127.0.0.1
	grep -i ":$(printf '%04X' "$port") " /proc/net/tcp | grep -q ' *[0-9]*: 0100007F:' &&
		! grep -i "$(printf ':%04X' "$port") .* 0A " /proc/net/tcp6 > /dev/null
}
packed_is_the_same() {
	call --compressed "$url/services/data/v62.0/sobjects/Account/describe" > "$folder/a" &&
		call "$url/services/data/v62.0/sobjects/Account/describe" | cmp -s - "$folder/a" &&
		call -D - -o /dev/null -H 'Accept-Encoding: gzip' "$url/services/data/v62.0/sobjects/Account/describe" |
		grep -qi '^content-encoding: gzip'
}
same() { [ "$1" = "$2" ]; }

start
check 'it says where it listens and writes the port file' listening
check 'it listens on 127.0.0.1 only' only_loopback
check 'answers are compressed for those who accept it' packed_is_the_same
check 'a port that is taken is an error' fails_with 1 "cannot listen on 127.0.0.1:$port" --port "$port"
check 'it ends cleanly on SIGTERM' end TERM
start --seed 7
check 'it ends cleanly on SIGINT' end INT

check 'an unknown option is an error' fails_with 1 'not known' --frobnicate
check 'a word that is no option is an error' fails_with 1 'extra is not an option' extra
check 'a port that is no number is an error' fails_with 1 'whole number from 0 to 65535' --port 70000
check 'a folder without describes is an error' fails_with 1 'no describes' --describes "$folder"
check 'a scenario that is not there is an error' fails_with 1 'cannot read the scenario' --scenario "$folder/none"
echo '{"rats":1}' > "$folder/scenario"
check 'a scenario with a slip is an error' fails_with 1 'key rats is not known' --scenario "$folder/scenario"
echo 'not a database, but long enough to be taken for one if nobody looks at its first bytes' > "$folder/text"
check 'a data file that is none is an error, and stays' fails_with 1 'cannot use the data file' --data "$folder/text"

echo '{"daily_limit":0}' > "$folder/scenario"
start --scenario "$folder/scenario"
check 'a scenario from a file holds from the start' has "$(call "$url/services/data/v62.0/limits")" REQUEST_LIMIT_EXCEEDED
end TERM

start --data "$folder/data"
load 'LastName,Ext__c,Email\nJones,A-1,j@example.com\n,A-2,\n"Line\none",A-3,\n'
call -H 'Content-Type: application/json' -d '{"LastName":"Single","Ext__c":"S-1"}' "$url/services/data/v62.0/sobjects/Contact" > /dev/null
before_rows=$(rows)
before_audit=$(audit)
before_results=$(successes)
end TERM
start --data "$folder/data"
check 'rows survive a restart' same "$(rows)" "$before_rows"
check 'a row that came alone is among them' has "$before_rows" '"S-1"'
check 'the audit survives a restart' same "$(audit)" "$before_audit"
check 'results survive a restart, in their order' same "$(successes)" "$before_results"
check 'failures survive a restart' has "$(call "$url/services/data/v62.0/jobs/ingest/$job/failedResults/")" \
	'REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --'
old=$job
load 'LastName,Ext__c\nSmith,a-1\nNew,A-4\n'
check 'a key from before the restart is still unique' has "$(call "$url/services/data/v62.0/jobs/ingest/$job/failedResults/")" \
	'DUPLICATE_VALUE:duplicate value found: Ext__c duplicates value on record with id'
check 'a job has an id of its own after a restart' has "$(call "$url/services/data/v62.0/jobs/ingest")" "$old"
call -X DELETE "$url/services/data/v62.0/jobs/ingest/$old"
end TERM
start --data "$folder/data"
check 'a job that was deleted stays deleted' has "$(call "$url/services/data/v62.0/jobs/ingest/$old")" NOT_FOUND
check 'what was written after the restart is there too' has "$(rows)" '"A-4"'
end TERM

# kill -9: what a client was told is there again, and jobs go on
rest() { # METHOD PATH [JSON]
	call -X "$1" -H 'Content-Type: application/json' ${3:+-d "$3"} "$url/services/data/v62.0/$2"
}
state() { rest GET "jobs/ingest/$1" | sed 's/.*"state":"\([^"]*\)".*/\1/'; }
processed() { rest GET "jobs/ingest/$1" | sed 's/.*"numberRecordsProcessed":\([0-9]*\).*/\1/'; }
await() { until [ "$(state "$1")" = "$2" ]; do kill -0 "$org" || return 1; done; }
killed() { kill -9 "$org"; wait "$org" 2> /dev/null; org=; }
each_once() { # every one of the 3000 records, once in the audit and once in the results
	curl -s "$url/practice/audit?object=Contact" | grep -o '"Ext__c":"B-[0-9]*"' | sort > "$folder/audited"
	rest GET "jobs/ingest/$1/successfulResults/" | grep -o '"B-[0-9]*"' | sort > "$folder/told"
	[ "$(sort -u "$folder/audited" | wc -l)" -eq 3000 ] && [ "$(wc -l < "$folder/audited")" -eq 3000 ] &&
		[ "$(sort -u "$folder/told" | wc -l)" -eq 3000 ] && [ "$(wc -l < "$folder/told")" -eq 3000 ]
}

rm -f "$folder"/data*
echo '{"rate":1}' > "$folder/scenario" # 200 records each 200 s, of a clock that is moved by hand
start --data "$folder/data" --scenario "$folder/scenario"
row=$(rest POST sobjects/Contact '{"LastName":"Told","Ext__c":"K-1"}' | ids)
killed
start --data "$folder/data" --scenario "$folder/scenario"
check 'a row whose answer came survives kill -9' has "$(rest GET "sobjects/Contact/$row")" '"K-1"'
waiting=$(rest POST jobs/ingest '{"object":"Contact","operation":"insert"}' | ids)
printf 'LastName,Ext__c\nWaits,W-1\n' | call -X PUT -H 'Content-Type: text/csv' --data-binary @- \
	"$url/services/data/v62.0/jobs/ingest/$waiting/batches"
killed
start --data "$folder/data" --scenario "$folder/scenario"
check 'an open job survives kill -9' same "$(state "$waiting")" Open
job=$(rest POST jobs/ingest '{"object":"Contact","operation":"insert"}' | ids)
{ echo 'LastName,Ext__c'; seq 3000 | sed 's/.*/Person &,B-&/'; } | call -X PUT -H 'Content-Type: text/csv' --data-binary @- \
	"$url/services/data/v62.0/jobs/ingest/$job/batches"
rest PATCH "jobs/ingest/$job" '{"state":"UploadComplete"}' > /dev/null
advance() { curl -s -X POST -d "{\"advance_ms\":$1}" "$url/practice/clock" > /dev/null; }
for share in 400 1400; do
	advance 1000000
	until [ "$(processed "$job")" -ge $share ]; do kill -0 "$org" || break; done
	before=$(processed "$job")
	killed
	start --data "$folder/data" --scenario "$folder/scenario"
	check "a job killed behind record $share is still in progress" same "$(state "$job")" InProgress
	check "... and what it had written was not lost behind record $share" test "$(processed "$job")" -ge "$before"
done
advance 4000000
await "$job" JobComplete
check 'a job that was killed twice has written each record once' each_once "$job"
killed
start --data "$folder/data"
check 'its results survive kill -9' each_once "$job"
rest PATCH "jobs/ingest/$waiting" '{"state":"UploadComplete"}' > /dev/null
await "$waiting" JobComplete
check 'the job that was open works on its data of before' has "$(rest GET "jobs/ingest/$waiting/successfulResults/")" '"W-1"'
rest DELETE "jobs/ingest/$waiting"
killed
start --data "$folder/data"
check 'a job whose deletion was answered stays deleted' has "$(rest GET "jobs/ingest/$waiting")" NOT_FOUND
async() { curl -sS -H 'X-SFDC-Session: 00D5e0000000001!AQEAQ.practice' -H "Content-Type: $1" ${3:+-d "$3"} "$url/services/async/62.0/$2"; }
classic=$(async application/json job '{"object":"Contact","operation":"insert","contentType":"CSV"}' | sed 's/.*"id" : "\(750[^"]*\)".*/\1/' | grep -o '750[A-Za-z0-9]*' | head -1)
batch=$(printf 'LastName,Ext__c\nClassic,C-1\n' | async text/csv "job/$classic/batch" "$(cat)" | grep -o '751[A-Za-z0-9]*' | head -1)
until async application/json "job/$classic/batch/$batch" | grep -q Completed; do kill -0 "$org" || break; done
asking=$(async application/json job '{"object":"Contact","operation":"query","contentType":"CSV"}' | grep -o '750[A-Za-z0-9]*' | head -1)
asked=$(async text/csv "job/$asking/batch" "SELECT LastName FROM Contact WHERE Ext__c = 'C-1'" | grep -o '751[A-Za-z0-9]*' | head -1)
killed
start --data "$folder/data"
check 'jobs of Bulk API 1.0 survive kill -9' has "$(async text/csv "job/$classic/batch/$batch/result")" '"true","true"'
result=$(async text/csv "job/$asking/batch/$asked/result" | grep -o '752[A-Za-z0-9]*' | head -1)
check 'what its batches asked too' has "$(async text/csv "job/$asking/batch/$asked/result/$result")" '"Classic"'

# Refresh tokens and query jobs
refresh() { curl -s -d "grant_type=refresh_token&client_id=practice&refresh_token=$1" "$url/services/oauth2/token"; }
query() { rest "$1" "jobs/query${2:+/$2}" ${3:+"$3"}; }
found() { query GET "$1/results" | grep -c '^"003'; }
completes() { until query GET "$1" | grep -q '"state":"JobComplete"'; do kill -0 "$org" || return 1; done; }
curl -s -d '{"sign_in":{"rotate_refresh_token":true}}' "$url/practice/scenario" > /dev/null
rotated=$(refresh practice-refresh | sed 's/.*"refresh_token":"\([^"]*\)".*/\1/')
finished=$(query POST '' '{"operation":"query","query":"SELECT Id FROM Contact WHERE Ext__c LIKE '"'B-%'"' LIMIT 2500"}' | ids)
completes "$finished"
curl -s -d '{"start_delay_ms":1000000}' "$url/practice/scenario" > /dev/null
queued=$(query POST '' '{"operation":"queryAll","query":"SELECT Id FROM Contact LIMIT 10"}' | ids)
killed
start --data "$folder/data"
check 'a refresh token that was handed out survives kill -9' has "$(refresh "$rotated")" access_token
check 'the one that it took the place of stays dead' has "$(refresh practice-refresh)" 'expired access/refresh token'
check 'results of a query job survive kill -9' same "$(found "$finished")" 2500
completes "$queued"
check 'a query job that waited goes on' same "$(found "$queued")" 10
check 'both are in the list' same "$(query GET '' | grep -o '"id":"750' | wc -l)" 2
query DELETE "$finished"
curl -s -d "token=$rotated" "$url/services/oauth2/revoke" > /dev/null
killed
start --data "$folder/data"
check 'a query job whose deletion was answered stays deleted' has "$(query GET "$finished")" NOT_FOUND
check 'and the other is there' same "$(found "$queued")" 10
check 'a refresh token that was revoked stays dead' has "$(refresh "$rotated")" 'expired access/refresh token'
check 'jobs of both kinds have ids of their own' test "$(query POST '' '{"operation":"query","query":"SELECT Id FROM Contact"}' | ids)" != "$queued"

curl -s -X POST "$url/practice/reset" > /dev/null
killed
start --data "$folder/data"
check 'a reset empties the file too' has "$(rows)" '"total":0'
check 'of query jobs as well' has "$(query GET "$queued")" NOT_FOUND
check 'and the first refresh token is good again' has "$(refresh practice-refresh)" access_token
end TERM
echo "1..$n"
