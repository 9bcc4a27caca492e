#!/bin/sh
# What a million records cost the practice org: CPU seconds of its own and peak memory, from upload to the last byte of
# the results. usage: practice.sh [PROGRAM] [RECORDS]; exit 1 beyond 12 s or 1 GB for a million. DATA=1: kept in a file,
# which has no bound.
set -eu
program=${1:-build/longshore-practice}
records=${2:-1000000}
folder=$(mktemp -d)
org=
trap '[ -z "$org" ] || kill "$org"; rm -rf "$folder"' EXIT INT TERM

awk -v n="$records" 'BEGIN {
	print "LastName,FirstName,Email,Phone,Ext__c,Title,MailingCity,Score__c,Active__c,Since__c"
	for (i = 1; i <= n; i++)
		printf "Last%d,First%d,p%d@example.com,+49 30 %07d,EXT-%08d,Engineer,Berlin,%d.25,true,2024-02-%02d\n", \
			i, i, i, i, i, i % 1000, i % 28 + 1
}' > "$folder/data.csv"

"$program" --port-file "$folder/port" ${DATA:+--data "$folder/data"} > "$folder/out" &
org=$!
while [ ! -s "$folder/port" ]; do kill -0 "$org"; sleep 0.1; done
url=http://127.0.0.1:$(cat "$folder/port")/services/data/v62.0
call() { curl -sSf -H 'Authorization: Bearer 00D5e0000000001!AQEAQ.practice' "$@"; }

job=$(call -H 'Content-Type: application/json' -d '{"object":"Contact","operation":"insert"}' "$url/jobs/ingest" |
	sed 's/.*"id":"\([^"]*\)".*/\1/')
call -T "$folder/data.csv" -H 'Content-Type: text/csv' "$url/jobs/ingest/$job/batches"
call -X PATCH -d '{"state":"UploadComplete"}' "$url/jobs/ingest/$job" > "$folder/out"
while ! call "$url/jobs/ingest/$job" | grep -q JobComplete; do sleep 0.2; done
good=$(call "$url/jobs/ingest/$job/successfulResults/" | wc -l)
bad=$(call "$url/jobs/ingest/$job/failedResults/" | wc -l)

ticks=$(awk '{ print $14 + $15 }' "/proc/$org/stat")
peak=$(awk '/^VmHWM/ { print int($2 / 1024) }' "/proc/$org/status")
echo "$ticks" | awk -v hz="$(getconf CLK_TCK)" -v peak="$peak" -v n="$records" -v good="$((good - 1))" -v bad="$((bad - 1))" '{
	cpu = $1 / hz
	printf "%d records: %d written, %d failed, %.2f s CPU, %d MB peak\n", n, good, bad, cpu, peak
	exit good != n || cpu > 12 * n / 1000000 + (n < 1000000) || peak > 1024
}'
