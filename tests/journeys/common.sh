# What the journeys through the console share: an org, files, and the way through New load. To be read with `.` at the top.
. tests/journeys/headless.sh
. tests/journeys/terminal.sh

program=$(realpath "$longshore")
mkdir "$folder/files"

console() { # [ENVIRONMENT...]: the command line of a console in the folder with the files
	echo "cd $folder/files && LONGSHORE_STATE=$LONGSHORE_STATE $* $program --config $folder/org.json"
}

shows_line() { screen && grep -qE -- "$1" "$folder/out"; } # PATTERN: of one line of the screen
sees_line() { until_so shows_line "$1"; }
resize() { $tmux resize-window -x "$1" -y "$2"; } # COLUMNS ROWS

at_file() { # what was left before is forgotten
	shows "begin anew, and forget" && keys 2 && gone "begin anew, and forget"
	shows "step 1 of 6"
}
pick_file() { # NAME: in New load, by typing it
	until_so at_file && types "$1" && sees "/ $1" && sees_line "^ ▸ .*$1" && keys Enter && sees "step 2 of 6"
}
pick_object() { # LETTERS NAME
	sees "objects" && types "$1" && sees_line "^ ▸ $2 " && keys Enter && sees "step 3 of 6"
}
in_focus() { screen && grep "^ ▸ " "$folder/out"; }
pick_action() { # WORDS
	sees_line "^ ▸ " && keys g || return 1
	for _ in $(seq 40); do
		shows_line "^ ▸ $1" && break
		was=$(in_focus)
		keys j
		until_so eval '[ "$(in_focus)" != "$was" ]' || return 1
	done
	sees_line "^ ▸ $1" && keys Enter && sees "step 4 of 6"
}
to_start() { # FILE LETTERS OBJECT: from Runs to the question before the start, upsert by Ext__c
	sees "Longshore › Runs" && keys n && pick_file "$1" && pick_object "$2" "$3" && pick_action "upsert by Ext__c" &&
		keys c && sees "can be written" && keys S && sees "step 6 of 6" && sees "y start"
}
engine_of() { # RUN: the process that holds it
	for words in $(grep -sla -- "$LONGSHORE_STATE" /proc/[0-9]*/cmdline); do
		case $(tr '\0' ' ' <"$words") in longshore\ engine\ "$1"\ *) basename "${words%/cmdline}" ;; esac
	done 2>/dev/null
}
