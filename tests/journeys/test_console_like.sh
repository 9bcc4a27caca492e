#!/bin/sh
# New loads that are like something, in a real terminal: `load ... --console` opens the steps filled in, as far as its options say;
# N begins one like an earlier run, which asks for the file and goes straight to Check. Prints TAP.
. tests/journeys/common.sh

start_org
printf 'Key,Surname,Job\n' >"$folder/files/may.csv"
seq 1 40 | sed 's/.*/M-&,Person &,Buyer/' >>"$folder/files/may.csv"
printf 'Key,Surname,Job\n' >"$folder/files/june.csv"
seq 1 60 | sed 's/.*/J-&,Person &,Seller/' >>"$folder/files/june.csv"
printf 'Name\nAcme\n' >"$folder/files/accounts.csv"
jq -n '{longshore_mapping: 1, object: "Contact", columns: {Key: "Ext__c", Surname: "LastName", Job: "Title"}}' >"$folder/files/map.json"
begin_console() { # OPTIONS...: of load, in the folder with the files
	open_terminal 24 80 "cd $folder/files && LONGSHORE_STATE=$LONGSHORE_STATE XDG_CONFIG_HOME=$XDG_CONFIG_HOME $program load $* --console --config $folder/org.json"
}

whole() {
	begin_console may.csv --object Contact --action upsert --external-id Ext__c --map map.json --set LeadSource=Web --chunk-records 17 --api bulk
	sees 'step 4 of 6' && sees 'Contact upsert by Ext__c' && sees_line 'Surname .*LastName' && sees_line 'Job .*Title' && sees_line '= .*LeadSource'
}
check 'load --console opens the mapping, filled in' whole
back() { # each step is there, with what was chosen under the cursor
	keys Escape
	sees 'step 3 of 6' && sees_line '▸ upsert by Ext__c' && keys Escape && sees 'step 2 of 6' && sees_line '▸ Contact ' && keys Escape &&
		sees 'step 1 of 6' && sees_line '▸ .*may.csv'
}
check 'and Esc goes back through the steps' back
forth() {
	keys Enter
	sees 'step 4 of 6' && sees_line 'Surname .*LastName' && keys c && sees '40 records: all can be written' && keys S && sees 'y start' && keys y &&
		sees 'Run 1 ›' && until_so is 1 finished && [ "$(show 1 .written)" -eq 40 ] && [ "$(rows Contact)" -eq 40 ] &&
		in_org Contact 'all(.LeadSource == "Web" and .Title == "Buyer")'
}
check 'forth again, it starts' forth

june() {
	keys N
	sees 'A load like run 1: choose its file, then comes Check' && sees 'step 1 of 6' && sees_line '▸ .*may.csv' || return 1
	pick june.csv && sees 'step 5 of 6' && sees '60 records: all can be written'
}
pick() { # NAME: among the files
	types "${1%.csv}"
	sees_line "^ ▸ .*$1" && keys Enter
}
check 'N on the run asks for the file, and goes straight to Check' june
alike() {
	keys Escape
	sees 'step 4 of 6' && sees_line 'Surname .*LastName' && sees_line '= .*LeadSource' && keys c && sees '60 records: all can be written' && keys S &&
		sees 'y start' && keys y && sees 'Run 2 ›' && until_so is 2 finished && [ "$(show 2 .written)" -eq 60 ] &&
		in_org Contact 'map(select(.Title == "Seller" and .LeadSource == "Web")) | length == 60'
}
check 'with the mapping, the constants and the key of that run' alike
options_too() { [ "$(show 1 '.jobs | length')" -eq 3 ] && [ "$(show 2 '.jobs | length')" -eq 4 ]; } # 17 records a job
check 'and its options' options_too
from_list() {
	keys q
	sees 'Longshore › Runs' && sees_line '▸ +1 ' && keys k && sees_line '▸ +2 ' && keys N && sees 'A load like run 2' && sees_line '▸ .*june.csv'
}
check 'N in the list of runs means the run under the cursor' from_list
unlike() { # columns that are none of it are matched as in any new load; what is left is asked for
	pick accounts.csv && sees 'step 4 of 6' && sees 'Contact upsert by Ext__c'
}
check 'a file that does not fit stops at the mapping' unlike
anew() {
	keys Escape
	sees 'step 3 of 6' && keys Escape && sees 'step 2 of 6' && keys Escape && sees 'step 1 of 6' && keys Escape &&
		gone '/ accounts' && keys Escape && sees 'Longshore › Runs' && keys n && sees 'begin anew' && keys 2 && sees 'step 1 of 6' && pick accounts.csv && sees 'step 2 of 6' && sees objects
}
check 'n forgets it' anew

asks_file() {
	begin_console may.csv
	sees 'step 2 of 6' && sees objects
}
check 'without an object it opens on the objects' asks_file
asks_action() {
	begin_console may.csv --object Contact --action upsert --external-id Nothing__c
	sees 'step 3 of 6' && sees 'Contact has no upsert of this kind'
}
check 'with a key that is none it opens on the actions' asks_action
like() {
	begin_console june.csv --like 1
	sees 'step 4 of 6' && sees_line 'Surname .*LastName'
}
check 'with --like' like
asks_object() {
	begin_console may.csv --object Nobody__c
	sees 'no object Nobody__c' && sees 'step 2 of 6'
}
check 'an object that the org has not' asks_object
gone_file() {
	begin_console nowhere.csv --object Contact
	sees 'step 1 of 6' && sees 'nowhere.csv'
}
check 'a file that is not there' gone_file
check 'standard input is refused' eval 'run 1 load - --console --config "$folder/org.json" && said "standard input is the console"'
check 'what Start asks is refused' eval 'run 1 load may.csv --console --first 10 && said "asks on Start"'
check 'and without a terminal' eval 'run 2 load "$folder/files/may.csv" --console --config "$folder/org.json" && said "needs a terminal"'

echo "1..$n"
