#!/bin/sh
# Orgs in the console, in a real terminal: added by client credentials, by a browser that comes back and by one whose address is
# pasted; tested, chosen for a load, locked, renamed, deleted; and a passphrase that is asked for once. curl is the browser. Prints TAP.
. tests/journeys/common.sh

start_org
people 30 T >"$folder/files/people.csv"
people 30 U >"$folder/more.csv"
"$practice" --port-file "$folder/free" >/dev/null 2>&1 &
free=$!
until [ -s "$folder/free" ]; do kill -0 "$free" || exit 1; done
port=$(cat "$folder/free")
kill -KILL "$free"
wait "$free" 2>/dev/null
back=http://localhost:$port/OauthRedirect
open_console() { # [ENVIRONMENT...]
	open_terminal 24 80 "cd $folder/files && XDG_CONFIG_HOME=$XDG_CONFIG_HOME LONGSHORE_STATE=$LONGSHORE_STATE $* $program"
}
fill() { # TEXT...: the lines of the form; "" leaves one as it is
	for text in "$@"; do
		[ -z "$text" ] || types "$text"
		keys Enter
	done
}
# The address on the screen, from its first line to its last.
address() { screen && sed -n '/choose Allow:/,/Waiting at\|Nobody waits/p' "$folder/out" | sed '1d;$d' | tr -d '\n'; }
browse() { # DECISION: where the org sends the browser
	curl -s -o /dev/null -w '%{redirect_url}' -d "$(address | sed 's/^[^?]*?//')&decision=$1" "$url/services/oauth2/authorize"
}
is_saved() { run 0 org list --json && json "$1"; } # FILTER: of the list

open_console
check 'o shows that there is none yet' eval 'sees "nothing yet" && keys o && sees "No org is saved yet: n adds one"'
check 'n asks for the way' eval 'keys n && sees "how does one sign in?" && shows "▸ a browser"'
by_app() {
	keys j j j Enter
	sees 'Add' && sees 'client credentials' || return 1
	fill app "$url" practice practice-secre
	sees 'The client_secret is wrong' && ! shows practice-secre || return 1
	types t
	keys Enter
	sees 'Signed in to app' && sees_line '▸ app .* practice .* ✓ works'
}
check 'by client credentials, with a slip in the secret' by_app
check 'its limits are there' sees_line '▸ app .*[0-9][0-9],[0-9]+$'
by_browser() {
	keys n
	sees 'how does one sign in?' && keys g Enter
	sees 'callback URL' || return 1
	fill acme "$url" practice '' "$back"
	sees "Waiting at $back" && curl -s "$(browse allow)" | grep -q 'You may close this page' && sees 'Signed in to acme' &&
		sees_line '▸ acme .*operator.*✓ works'
}
check 'by a browser that comes back' by_browser
nobody_listens() { ! curl -s "http://localhost:$port/" >/dev/null; }
check 'and nobody listens any more' nobody_listens
denied() {
	keys e
	sees 'Edit acme' && keys 1
	sees 'callback URL' && sees "$back" || return 1
	fill '' '' '' '' ''
	sees "Waiting at $back" && curl -s "$(browse deny)" >/dev/null && sees 'The app was denied in the browser'
}
check 'signing in again finds the form filled; a denial is told' denied
pasted() {
	fill '' '' '' '' ''
	sees "Waiting at $back" || return 1
	types 'http://elsewhere/'
	keys Enter
	sees 'This is not the address that the browser ends on' || return 1
	types "$(browse allow)"
	keys Enter
	sees 'Signed in to acme' && sees_line '▸ acme .*✓ works'
}
check 'the address where it ended is pasted' pasted
left() { # Esc while it waits: the listener is closed
	keys e
	sees 'Edit acme' && keys 1
	sees 'callback URL' && fill '' '' '' '' '' && sees "Waiting at $back" && keys Escape && sees 'how does one sign in?' &&
		until_so nobody_listens && keys Escape && sees '2 saved'
}
check 'Esc ends the waiting' left
tested() { keys t && sees 'Signed in to acme' && is_saved 'map(select(.name == "acme" and .sign_in == "refresh token" and .trouble == null)) | length == 1'; }
check 't signs in to it' tested
check 'Enter chooses it for new loads' eval 'keys Enter && sees "New loads go to acme" && sees "Longshore › Runs"'
loads() {
	keys j j Enter
	pick_file people.csv && pick_object con Contact && pick_action 'upsert by Ext__c' && keys c && sees 'can be written' && keys S &&
		sees 'y start' && keys y && sees 'Run 1 ›' && until_so is 1 finished && [ "$(show 1 .written)" -eq 30 ]
}
check 'and a load goes there' loads
keys q
sees 'Longshore › Runs' && keys o
sees '2 saved'
locked() { keys e && sees 'Edit acme' && keys 2 && sees_line '▸ acme .* locked' && is_saved '.[0].locked'; }
check 'locked' locked
renamed() {
	keys e
	sees 'Edit acme' && keys 3
	sees 'new name:' && types '-uat' && keys Enter && sees_line '▸ acme-uat' && is_saved '.[0].name == "acme-uat"'
}
check 'renamed' renamed
coloured() { $tmux capture-pane -ep | grep -qE "3$1m[^$(printf '\033')]*$2"; } # CODE TEXT: of the terminal's colours
magenta() {
	keys e
	sees 'Edit acme-uat' && keys 4
	sees 'Colour of acme-uat' && keys 6 && until_so coloured 5 acme-uat && is_saved '.[0].colour == "magenta"'
}
check 'its colour is drawn in the list' magenta
follows() { # what is changed elsewhere, too
	keys q
	sees 'Longshore › Runs' && until_so coloured 5 Longs && run 0 org change acme-uat --colour yellow &&
		until_so coloured 3 Longs && keys Enter && sees 'Run 1 ›' && until_so coloured 3 'Longshore Practice'
}
check 'and where a run names its org, as soon as it is changed' follows
keys q
sees 'Longshore › Runs' && keys o
sees '2 saved'
deleted() {
	keys G D
	sees 'Delete the entry app' && keys Enter && gone 'Delete the entry' && is_saved 'length == 2' || return 1
	keys D
	sees 'Delete the entry app' && keys y && sees '1 saved' && is_saved 'length == 1'
}
check 'deleted, where Enter means no' deleted
keys e
sees 'Edit acme-uat' && keys 2
until_so is_saved '.[0].locked | not'

# Behind a passphrase
keys q
sees 'Longshore › Runs' && keys q
gone 'Longshore ›'
LONGSHORE_NEW_PASSPHRASE='correct horse' run 0 org passphrase
open_console
asked() {
	sees 'Longshore › Runs' && keys o && sees '1 saved' && keys t && sees 'Passphrase of the saved orgs' && types 'wrong horse' && keys Enter &&
		sees 'This is not the passphrase' || return 1
	types 'correct horse'
	! shows horse && keys Enter && sees 'Signed in to acme-uat'
}
check 'a passphrase is asked for, until it is the right one' asked
once() { keys k && gone 'Signed in to' && keys t && sees 'Signed in to acme-uat'; }
check 'and only once' once
keys q
sees 'Longshore › Runs' && keys q
gone 'Longshore ›'
post scenario '{"faults": [{"path": "*/jobs/ingest*", "action": "answer", "status": 503, "body": ""}]}'
interrupted() { # a run that the passphrase is wanted for
	LONGSHORE_PASSPHRASE='correct horse'
	export LONGSHORE_PASSPHRASE
	begin "$folder/more.csv" --org acme-uat --object Contact --action insert --json --again --api bulk
	until_so is "$id" waiting
	kill -TERM "$loader"
	ended 5
	unset LONGSHORE_PASSPHRASE
	post scenario '{}'
	is "$id" interrupted || is "$id" waiting || is "$id" paused
}
check 'a run that was broken off' interrupted
open_console
goes_on() {
	sees_line '▸ +2 ' && keys p && sees 'Run 2 › Go on' && keys p && sees 'y yes' && keys y &&
		sees 'Passphrase of the saved orgs' && types 'correct horse' && keys Enter && until_so is 2 finished
}
check 'goes on once the passphrase was given' goes_on
keys q
no_secret() { ! grep -rqaE 'practice-secret|horse' "$LONGSHORE_STATE" "$XDG_CONFIG_HOME"; }
check 'no secret is in the state folder, none in clear among the saved orgs' no_secret

echo "1..$n"
