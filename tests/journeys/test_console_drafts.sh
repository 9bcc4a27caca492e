#!/bin/sh
# A new load that is left is kept, in a real terminal: it is offered on Runs, in the same console, in another one after this one was
# killed, and goes on with what was chosen; once it runs, or was forgotten, nothing is kept. Prints TAP.
. tests/journeys/common.sh

start_org
printf 'Key,Surname,Job\n' >"$folder/files/may.csv"
seq 1 40 | sed 's/.*/M-&,Person &,Buyer/' >>"$folder/files/may.csv"
kept=$LONGSHORE_STATE/new_load
open_console() { open_terminal 24 80 "$(console "XDG_CONFIG_HOME=$XDG_CONFIG_HOME")"; }
shown() { screen && cksum <"$folder/out"; }
to_runs() { # up the steps, and out; what narrows a list is cleared first
	for _ in $(seq 12); do
		shows 'Longshore › Runs' && return
		was=$(shown)
		keys Escape
		until_so eval '[ "$(shown)" != "$was" ]' || return 1
	done
	return 1
}

open_console
mapped() { # by hand: a key, a name, and a column that is not loaded
	sees 'Longshore › Runs' && keys n && pick_file may.csv && pick_object con Contact && pick_action 'upsert by Ext__c' || return 1
	sees_line '▸ [^ ]+ Key' && keys Enter && sees 'field for Key' && types ext__c && sees_line '▸ Ext__c' && keys Enter && sees_line 'Key .*Ext__c' || return 1
	keys j
	sees_line '▸ [^ ]+ Surname' && keys Enter && sees 'field for Surname' && types lastname && sees_line '▸ LastName' && keys Enter &&
		sees_line 'Surname .*LastName' && keys c && sees '40 records: all can be written'
}
check 'a new load, mapped by hand and checked' mapped
check 'left, it is offered on Runs' eval 'to_runs && sees "1 draft: n"'
private() { [ "$(stat -c %a "$kept")" = 600 ] && ! grep -qE 'practice-refresh|AQEAQ' "$kept"; }
check 'its file is private and holds no secret' private
offered() { keys n && sees 'A new load was begun, and left' && sees 'go on with it: may.csv → Contact upsert by Ext__c'; }
check 'n asks' offered
goes_on() { keys 1 && sees 'step 4 of 6' && sees_line 'Key .*Ext__c' && sees_line 'Surname .*LastName' && sees_line 'Job .*not loaded'; }
check 'and it goes on with its mapping' goes_on

killed() {
	for words in $(grep -sla -- "$program" /proc/[0-9]*/cmdline); do
		case $(tr '\0' ' ' <"$words") in "$program "*) kill -KILL "$(basename "${words%/cmdline}")" ;; esac
	done 2>/dev/null
	sees 'exit status'
}
check 'the console is killed' killed
open_console
again() { sees '1 draft: n' && offered && goes_on; }
check 'another one offers it' again
runs() {
	keys c && sees '40 records: all can be written' && keys S && sees 'y start' && keys y && sees 'Run 1 ›' && until_so is 1 finished &&
		[ "$(show 1 .written)" -eq 40 ] && in_org Contact 'all(.Title == null)' && [ ! -e "$kept" ]
}
check 'it is started, and no more kept' runs
quiet() { keys q && sees 'Longshore › Runs' && sees '0 need you' && ! shows '1 draft' && keys n && sees 'step 1 of 6'; }
check 'nor offered' quiet

forgotten() {
	sees 'step 1 of 6' && types may && sees_line '^ ▸ .*may.csv' && keys Enter && sees 'step 2 of 6' && sees objects && to_runs &&
		sees '1 draft: n' && keys n && sees 'go on with it: may.csv' && [ -s "$kept" ] && keys 2 && sees 'step 1 of 6' && [ ! -e "$kept" ]
}
check 'one that is forgotten' forgotten
broken() {
	echo nonsense >"$kept"
	open_console
	sees 'Longshore › Runs' && ! shows '1 draft' && keys n && sees 'step 1 of 6'
}
check 'a file that is none of ours is not offered' broken

echo "1..$n"
