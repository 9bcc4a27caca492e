#!/bin/sh
# The pictures of README.md, made anew in docs/pictures: the console on the practice org and the samples in a real terminal, whose
# cells become SVG. tools/pictures.sh; BUILD says where the programs are. Needs tmux, curl, jq and python3.
. tests/journeys/common.sh

rows=26 columns=92
picture() { # NAME TITLE
	$tmux capture-pane -p -e -N | python3 tools/cells_to_svg.py "$columns" "$2" >"docs/pictures/$1.svg" && echo "docs/pictures/$1.svg"
}
must() { "$@" || { cat "$folder/out" && echo "pictures.sh: in vain: $*" >&2 && exit 1; }; }

cp assets/samples/accounts.csv "$folder/files"
start_org --scenario assets/samples/scenario.json
open_terminal "$rows" "$columns" "$(console)"
must sees "Longshore › Runs"
keys n
must pick_file accounts
must pick_object account Account
must pick_action "upsert by Ext__c"
must sees "columns mapped"
picture mapping "New load: what each column sends"
keys c
must sees "can be written"
keys j f
must sees "cut to 255 characters"
picture check "Check: what would fail, and what mends it"
keys 1
must sees "495 can be written"
keys S
must sees "write the first record"
keys 1
must sees "496 can be written"
keys S
must sees "y start"
keys y
must sees "to review"
picture run "A run, and its summary when it is over"
keys Enter
must sees "what helps"
picture review "Review: what Salesforce said, in groups"
