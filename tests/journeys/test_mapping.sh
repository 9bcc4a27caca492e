#!/bin/sh
# What the words of a load say about columns and cells, through a practice org: kept with the run, the same when it goes on. TAP.
. tests/journeys/headless.sh

start_org
contacts="--config $folder/org.json --object Contact --action insert --json"
in=$folder/in.csv
held() { # KEY FILTER: the contact with this key
	in_org Contact "[.[] | select(.Ext__c == \"$1\")] | length == 1 and (.[0] | $2)"
}

# Options
printf 'Ext__c,LastName,Title,Birthdate,Seen__c,Phone\nO-1,Ann,-,13/02/1990,25/10/2026 02:30,1\nO-2,Bob,Boss,01/03/1991,29/03/2026 12:00,\n' >"$in"
rules="--ignore Phone --null-mark - --blank leave --date-order dmy --time-zone Europe/Berlin"
check "what was said is told by check" eval 'run 0 check "$in" $contacts $rules --set "Department=Sales" --set "Description={file} {record}" &&
	json ".rules == {null_mark: \"-\", blank: \"leave\", date_order: \"dmy\", time_zone: \"Europe/Berlin\"} and .local_times_twice == 1" &&
	json ".constants == [{field: \"Department\", value: \"Sales\"}, {field: \"Description\", value: \"{file} {record}\"}] and .columns[5].why == \"left out by --ignore\""'
check "and to people" eval 'run 0 check "$in" --config "$folder/org.json" --object Contact $rules --set "Department=Sales" &&
	grep -q "null mark \"-\" · blank cells leave their fields alone · dates: the day first · date-times without a zone are those of Europe/Berlin" "$folder/out" &&
	grep -q "Department is \"Sales\" in every record" "$folder/out" && grep -q " 1  have a time that the clocks show twice" "$folder/out"'
check "without them the file would not be loaded" run 3 check "$in" $contacts
check "it is loaded so" eval 'run 0 load "$in" $contacts $rules --set "Department=Sales" --set "Description=run {run} record {record} of {file} by {user}"'
check "as it was said" eval 'held O-1 ".Title == null and .Birthdate == \"1990-02-13\" and (.Seen__c | startswith(\"2026-10-25T00:30:00\")) and .Phone == null and .Department == \"Sales\" and .Description == \"run 1 record 1 of in.csv by operator@practice.example\"" &&
	held O-2 ".Title == \"Boss\" and (.Seen__c | startswith(\"2026-03-29T10:00:00\")) and (.Description | startswith(\"run 1 record 2 \"))"'
check "the next step has every one of the words" eval 'run 3 check "$in" $contacts --set "Department=a b" --set "Title=x" --ignore Phone --ignore Seen__c &&
	json ".next | endswith(\"--set '"'Department=a b'"' --set Title=x --ignore Phone --ignore Seen__c --skip-invalid\")"'

# Headers that are no names
printf 'EXT.,LAST_NAME,Surname 2,Date of birth,Mail\nG-1,Ann,x,1990-02-13,a@b.example\nG-2,Bob,y,1991-03-01,b@b.example\nG-3,Eve,z,1992-04-02,e@b.example\n' >"$folder/likely.csv"
check "names written otherwise are sure, others are only told" eval 'run 0 check "$folder/likely.csv" $contacts &&
	json "[.columns[] | .field] == [\"Ext__c\", \"LastName\", null, null, null] and [.columns[] | .sure] == [\"sure\", \"sure\", \"no\", \"no\", \"no\"]" &&
	json "[.columns[] | .guess] == [null, null, null, \"Birthdate\", \"Email\"] and (.columns[3].why | startswith(\"perhaps Birthdate (like its label \"))"'
check "to people too" eval 'run 0 check "$folder/likely.csv" --config "$folder/org.json" --object Contact && grep -q "column Mail is not loaded: perhaps Email (.*its cells are e-mail addresses): a mapping can say so" "$folder/out"'
check "nothing that was guessed is sent" eval 'run 0 load "$folder/likely.csv" $contacts && held G-1 ".LastName == \"Ann\" and .Birthdate == null and .Email == null"'

# Words that cannot be followed
refused() { # SENTENCE WORDS...
	sentence=$1
	shift
	run 1 check "$in" $contacts "$@" && json ".error | contains(\"$sentence\")"
}
check "a zone that is none" refused 'there is no time zone \"PDT\"' --time-zone PDT
check "an order that is none" refused "--date-order takes ymd, mdy or dmy" --date-order us
check "blank cells that are something else" refused "--blank takes leave or null" --blank zero
check "a constant for no field" refused "Nome of Contact: no field of this name" --set Nome=1
check "a constant that knows too much" refused "a constant knows {run}, {file}, {record}, {date} and {user}" --set "Title={time}"
check "a column that is not there" refused '--ignore names column \"Fax\"' --ignore Fax

# A mapping of Data Loader
printf 'Key,Last Name,Größe,Email,Boss\nS-1,Ann,12,a@b.example,\nS-2,Bob,13,b@b.example,S-1\n' >"$in"
cat >"$folder/people.sdl" <<'SDL'
#Mapping values
Key=Ext__c
Last\ Name=LastName, \
  Department
Gr\u00f6\u00dfe=Title
Boss=
"Data\ Loader"=LeadSource
SDL
check "a mapping of Data Loader is followed, and nothing beside it" eval 'run 0 check "$in" $contacts --map "$folder/people.sdl" --save-map "$folder/saved.sdl" &&
	json "[.columns[].field] == [\"Ext__c\", \"LastName\", \"Title\", null, null] and .constants == [{field: \"LeadSource\", value: \"Data Loader\"}]"'
jq ".columns, .constants" "$folder/out" >"$folder/before"
same() { jq ".columns, .constants" "$folder/out" | cmp - "$folder/before"; }
check "written as one and read again it is the same" eval 'run 0 check "$in" $contacts --map "$folder/saved.sdl" --save-map "$folder/saved.json" && same &&
	grep -q "^Gr\\\\u00F6\\\\u00DFe=Title$" "$folder/saved.sdl"'
check "and as JSON, too" eval 'run 0 check "$in" $contacts --map "$folder/saved.json" && same'
check "it is loaded so, and the run keeps it" eval 'run 0 load "$in" $contacts --map "$folder/people.sdl" &&
	held S-1 ".LastName == \"Ann\" and .Department == \"Ann\" and .Title == \"12\" and .Email == null and .LeadSource == \"Data Loader\""'
check "what it cannot say is refused" eval 'refused "an .sdl cannot say how cells are read" --map "$folder/people.sdl" --null-mark - --save-map "$folder/none.sdl" && ! [ -e "$folder/none.sdl" ]'
echo 'Fax=Fax' >>"$folder/people.sdl"
check "a column that is not there is told with its line" refused 'line 8 names column \"Fax\", which the file does not have' --map "$folder/people.sdl"

# Clearing
printf 'Ext__c,Title,Department\nO-1,,\nO-2,,x\n' >"$folder/clear.csv"
check "blank cells clear where that was said" eval 'run 0 load "$folder/clear.csv" --config "$folder/org.json" --object Contact --action upsert --external-id Ext__c --set LastName=Same --blank null --json &&
	held O-2 ".Title == null and .Department == \"x\" and .LastName == \"Same\"" && held O-1 ".Department == null"'

# A parent of one of several objects, by its external id: each API has a way of its own to say which
printf 'Ext__c,LastName,Email\nW-1,Ann,w1@b.example\nW-2,Bob,w2@b.example\n' >"$folder/guests.csv"
run 0 load "$folder/guests.csv" $contacts
printf 'Subject,Who:Contact-Email,DurationInMinutes,ActivityDateTime\nE-1,w1@b.example,10,2026-01-02T03:04:05Z\nE-2,w2@b.example,10,2026-01-02T03:04:05Z\nE-3,nobody@b.example,10,2026-01-02T03:04:05Z\n' >"$folder/events.csv"
event_of() { # SUBJECT EXT: leads to this contact
	who=$(get "rows?object=Contact&limit=100000" | jq -r ".rows[] | select(.Ext__c == \"$2\") | .Id")
	in_org Event "[.[] | select(.Subject == \"$1\") | .WhoId] == [\"$who\"]"
}
check "by Bulk API" eval 'run 0 load "$folder/events.csv" --config "$folder/org.json" --object Event --action insert --api bulk --allow-failures --json &&
	json ".created == 2 and .failed == 1 and .errors[0].code == \"INVALID_FIELD\"" && event_of E-1 W-1 && event_of E-2 W-2'
get "rows?object=Event&limit=10" | jq -r '"Id,Contact:Who.Email", (.rows[] | select(.Subject == "E-1") | .Id + ",w2@b.example"), (.rows[] | select(.Subject == "E-2") | .Id + ",w1@b.example")' >"$folder/swap.csv"
check "by collections" eval 'run 0 load "$folder/swap.csv" --config "$folder/org.json" --object Event --action update --api collections --json &&
	json ".updated == 2" && event_of E-1 W-2 && event_of E-2 W-1'
printf 'Subject,Who.Email,DurationInMinutes,ActivityDateTime\nE-4,w1@b.example,10,2026-01-02T03:04:05Z\n' >"$folder/whose.csv"
check "where the object is not said the column stays out, and says what to write" eval 'run 0 check "$folder/whose.csv" --config "$folder/org.json" --object Event --action insert --json &&
	json ".columns[1].field == null and .columns[1].why == \"WhoId points to several objects: name one, as in Contact:Who.Email\""'
check "the org is asked for such parents" eval 'run 3 check "$folder/events.csv" --config "$folder/org.json" --object Event --action insert --ask-org --json &&
	json "[.findings[] | {rule, field, count}] == [{rule: \"not_in_org\", field: \"Contact:Who.Email\", count: 1}]"'

# Owners by their user name, record types by their names
printf 'Ext__c,LastName,Owner Username\nY-1,Ann,operator@practice.example\nY-2,Bob,nobody@practice.example\n' >"$folder/owned.csv"
check "an owner that is nobody is found before anything is sent" eval 'run 3 load "$folder/owned.csv" $contacts --ask-org &&
	json ".columns[2].field == \"Owner.Username\" and ([.findings[] | {rule, field, count, example_record}] == [{rule: \"not_in_org\", field: \"Owner.Username\", count: 1, example_record: 2}])"'
check "the others get theirs" eval 'run 0 load "$folder/owned.csv" $contacts --ask-org --skip-invalid && json ".created == 1 and .skipped == 1" &&
	owner=$(get "rows?object=User&limit=10" | jq -r ".rows[] | select(.Username == \"operator@practice.example\") | .Id") && held Y-1 ".OwnerId == \"$owner\""'
kind=$(get "rows?object=RecordType&limit=10" | jq -r '.rows[] | select(.SobjectType == "Account") | .Id')
printf 'Name,Record Type Name\nOne,Household\nTwo,Castle\n' >"$folder/kinds.csv"
check "a record type goes by its name, and one that is none is found without asking the org" eval 'run 3 check "$folder/kinds.csv" --config "$folder/org.json" --object Account --action insert --json &&
	json ".columns[1].field == \"RecordType.Name\" and ([.findings[] | {rule, field, example_record}] == [{rule: \"record_type\", field: \"RecordType.Name\", example_record: 2}])" &&
	run 0 load "$folder/kinds.csv" --config "$folder/org.json" --object Account --action insert --ask-org --skip-invalid --json && in_org Account "[.[] | select(.Name == \"One\") | .RecordTypeId] == [\"$kind\"]"'
sed 's/Record Type Name/RecordType.DeveloperName/; /Castle/d; s/One/Three/' "$folder/kinds.csv" >"$folder/developers.csv"
check "and by its developer name" eval 'run 0 load "$folder/developers.csv" --config "$folder/org.json" --object Account --action insert --json && in_org Account "[.[] | select(.Name == \"Three\") | .RecordTypeId] == [\"$kind\"]"'

printf 'Name,Record Type\nFive,household\nSix,%s\nSeven,Castle\n' "$kind" >"$folder/bare.csv"
check "a column Record Type takes names and ids" eval 'run 3 check "$folder/bare.csv" --config "$folder/org.json" --object Account --action insert --json &&
	json ".columns[1].field == \"RecordTypeId\" and ([.findings[] | {rule, message, example_record}] == [{rule: \"record_type\", message: \"no record type of this name; there are Household\", example_record: 3}])" &&
	run 0 load "$folder/bare.csv" --config "$folder/org.json" --object Account --action insert --skip-invalid --json && in_org Account "[.[] | select(.Name == \"Five\" or .Name == \"Six\") | .RecordTypeId] == [\"$kind\", \"$kind\"]"'
printf 'Ext__c,LastName,Owner\nY-3,Ann,operator@practice.example\n' >"$folder/bare_owner.csv"
check "a column Owner takes user names" eval 'run 0 load "$folder/bare_owner.csv" $contacts && json ".created == 1" && held Y-3 ".OwnerId == \"$owner\""'
printf 'Ext__c,LastName,Owner\nY-4,Ann,%s\n' "$owner" >"$folder/bare_owner.csv"
check "and ids" eval 'run 0 load "$folder/bare_owner.csv" $contacts && json ".created == 1" && held Y-4 ".OwnerId == \"$owner\""'

# A run that goes on sends what it began with
people 3000 Kept >"$folder/kept.csv"
post scenario "{$slow}"
begin "$folder/kept.csv" $contacts --api bulk --chunk-records 1000 --ignore Title --set 'Title={run}/{record} {file} {date}' --null-mark 'Person 2900' --skip-invalid
until_so is_processed "$id"
kill -TERM "$loader"
check "a load is stopped" eval 'ended 5 && json ".pending > 0"'
post scenario '{}'
mv "$folder/kept.csv" "$folder/moved.csv"
check "resume goes on, from the file where it lies now" eval 'run 0 resume "$id" --file "$folder/moved.csv" --json && json ".pending == 0 and .created == 2999 and .skipped == 1"'
today=$(date +%Y-%m-%d)
check "with the same constants" in_org Contact "[.[] | select((.Ext__c // \"\") | startswith(\"Kept-\")) | .Title == \"$id/\" + (.Ext__c[5:] | tonumber | tostring) + \" kept.csv $today\"] | length == 2999 and all"

# A load like one before
printf 'Key,Nachname,Kind,When\nL-1,Ann,K,13/02/1990\nL-2,Bob,K,14/02/1990\n' >"$folder/week1.csv"
cat >"$folder/week.json" <<'JSON'
{ "longshore_mapping": 1, "date_order": "dmy",
  "columns": { "Key": "Ext__c", "Nachname": "LastName", "When": "Birthdate", "Kind": { "to": "Title", "values": { "K": "Buyer" } } },
  "constants": { "Department": "of {file}" } }
JSON
run 0 load "$folder/week1.csv" --config "$folder/org.json" --object Contact --action upsert --external-id Ext__c --map "$folder/week.json" --json
first=$(newest)
printf 'When,Key,Kind,NACHNAME\n15/02/1990,L-2,K,Bea\n16/02/1990,L-3,x,Eve\n' >"$folder/week2.csv"
check "takes object, action, key, mapping, constants and org of that run" eval 'run 0 load "$folder/week2.csv" --like "$first" --json &&
	json ".object == \"Contact\" and .action == \"upsert\" and .created == 1 and .updated == 1" &&
	held L-2 ".LastName == \"Bea\" and .Birthdate == \"1990-02-15\" and .Title == \"Buyer\" and .Department == \"of week2.csv\"" && held L-3 ".Title == \"x\""'
check "what else is said goes before it" eval 'run 0 check "$folder/week2.csv" --like "$first" --action insert --set "Department=Sales" --json &&
	json ".action == \"insert\" and .constants == [{field: \"Department\", value: \"Sales\"}]"'
check "in a rehearsal too" eval 'run 0 load "$folder/week2.csv" --like "$first" --rehearse --json && json ".action == \"upsert\" and .written == 2"'
printf 'Key,Nachname,More\nL-4,Joe,1\nL-5,Jim,2\n' >"$folder/week3.csv"
check "a file of other columns stops" eval 'run 3 load "$folder/week3.csv" --like "$first" --json && json ".error | startswith(\"this file is not like that of $first, and nothing was sent: its columns are others\")" && [ "$(newest)" -eq $((first + 1)) ]'
check "and goes with --yes, by what still fits" eval 'run 0 load "$folder/week3.csv" --like "$first" --yes --json && json ".created == 2" && held L-4 ".LastName == \"Joe\" and .Title == null"'
{ head -n 1 "$folder/week1.csv"; for i in 1 2 3 4 5; do echo "M-$i,Max,K,13/02/1990"; done; } >"$folder/week4.csv"
check "so does one of many more records" eval 'run 3 check "$folder/week4.csv" --like "$first" --json && json ".error | contains(\"it has 5 records, that one had 2\")"'
check "what is not there is told" eval 'run 1 check "$in" --like weekly --json && json ".error | startswith(\"there is no saved mapping \")" && run 1 check "$in" --like 4711 --json && json ".error == \"there is no run 4711\""'

# A result file is loaded again
printf 'LastName,Ext__c,Email\nAgain1,R-1,\nAgain2,R-2,none\nAgain3,R-3,\n' >"$in"
run 0 load "$in" $contacts --skip-invalid --allow-failures
id=$(newest)
run 0 export "$id" --which all -o "$folder/all.csv"
sed -i 's/,none,/,a@b.example,/' "$folder/all.csv"
check "what the file says of its records is told" eval 'run 0 check "$folder/all.csv" $contacts && json ".records == 3 and .passed == 1 and .result_file == {written: 2, in_doubt: 0, pending: 0} and ([.columns[] | select(.field) | .column] == [\"LastName\", \"Ext__c\", \"Email\"])" &&
	run 0 check "$folder/all.csv" --config "$folder/org.json" --object Contact && grep -q " 2  are left out: the result file says that they are written" "$folder/out"'
check "only what was not written goes" eval 'run 0 load "$folder/all.csv" $contacts && json ".created == 1 and .skipped == 2 and .skipped_by == [{reason: \"already_written\", count: 2}]" &&
	held R-2 ".Email == \"a@b.example\"" && created_once R 3'
check "a retry leaves it at that" eval 'run 0 retry "$(newest)" --json || run 1 retry "$(newest)" --json; created_once R 3'

echo "1..$n"
