#!/bin/sh
# Results that cannot be used, although the connection is well: asked for again with growing pauses, told in the log, and
# collected when they are whole; nothing is sent twice. Prints TAP.
. tests/journeys/headless.sh

start_org
{
	echo "Ext__c,Last Name,Account.Ext__c"
	for i in 1 2 3 4 5 6 7 8 9; do echo "R-$i,Person $i,"; done
	echo "R-10,Person 10,NOBODY"
} >"$folder/people.csv"
post scenario '{"faults": [{"path": "*/failedResults*", "action": "cut_answer", "bytes": 20}]}'
begin "$folder/people.csv" --config "$folder/org.json" --object Contact --action insert --allow-failures --json

told() { "$longshore" show "$id" --log | grep -q "are asked for again and again"; }
check "the log tells that results are asked for again and again" until_so told
asked=$(get counters | jq '.calls.job_failed')
check "and that was after few calls" [ "$asked" -ge 2 -a "$asked" -le 3 ]
check "the good answers between them hide nothing" [ "$(get counters | jq '.calls.job_successful')" -eq "$asked" ]
check "what the org wrote, it wrote once" created_once R 9
check "and no record has an outcome yet" [ "$(show "$id" '.pending')" -eq 10 ]

post scenario '{}'
check "when the results are whole the load ends" ended 0
check "with every record accounted for" [ "$(show "$id" '[.written, .failed, .in_doubt, .pending] | join(" ")')" = "9 1 0 0" ]
check "and none was sent again" created_once R 9
echo "1..$n"
