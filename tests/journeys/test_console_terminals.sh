#!/bin/sh
# The console on the terminals people have: TERM=xterm, screen, tmux, linux, vt100, in UTF-8 and C locales; Ctrl-Z under a
# shell and back. Prints TAP.
. tests/journeys/common.sh

start_org
printf 'Last Name,Title\nMüller\033[31m,日本語の名前\n' >"$folder/people.csv"
run 0 load "$folder/people.csv" --config "$folder/org.json" --object Contact --action insert
is_utf8() { locale -a 2>/dev/null | grep -qix "$1"; }

for term in xterm xterm-256color screen tmux tmux-256color linux vt100; do
	open_terminal 24 80 "$(console)" "$term"
	check "$term: the runs are listed" eval 'sees "Longshore › Runs" && sees_line "^ ▸ +1  people.csv .*✓"'
	keys Enter
	check "$term: Enter opens one" eval 'sees "Run 1 › people.csv" && sees_line "^ written +1  1 created"'
	keys Tab Tab Down Up Enter
	sees "Records written" && keys Enter
	check "$term: hostile text and wide letters stay what they are" eval 'sees "Müller" && sees "日本語の名前" && ! $tmux capture-pane -p -e | grep -q "31mM"'
	keys Left
	check "$term: arrows are keys" sees "This is the first record"
	keys Escape
	gone "in the file" && keys "?"
	check "$term: ? lists the keys" sees "run it"
	keys C-l C-c C-c C-c C-c
	check "$term: it ends well" sees "exit status 0"
	check "$term: and leaves the terminal as it was" sees_line '^echo$'
done

for locale in C POSIX C.UTF-8 en_US.UTF-8; do
	case $locale in
	*UTF-8) ;;
	*)
		open_terminal 24 80 "export LC_ALL=$locale; $(console)"
		check "$locale: only ASCII is drawn" eval 'sees "Longshore > Runs" && keys Enter && sees_line "^ written +1  1 created" && ! LC_ALL=C grep -q "[^ -~]" "$folder/out"'
		keys q q
		sees "exit status 0"
		continue
		;;
	esac
	is_utf8 "$(echo "$locale" | sed 's/UTF-8/utf8/')" || { skip "$locale: signs are drawn" "this locale is not here" && continue; }
	open_terminal 24 80 "export LC_ALL=$locale; $(console)"
	check "$locale: signs are drawn" eval 'sees "Longshore › Runs" && sees_line "^ ▸ +1  people.csv .*✓"'
	keys q
	sees "exit status 0"
done

# Under a shell that knows jobs
open_terminal 24 80 "cd $folder/files && exec env PS1='prompt> ' LONGSHORE_STATE=$LONGSHORE_STATE sh -i"
sees "prompt>"
types "$program --config $folder/org.json"
keys Enter
check "from a shell" eval 'sees "Longshore › Runs"'
keys Enter
sees "Run 1 ›" && keys C-z
check "Ctrl-Z gives the shell back" eval 'sees "Stopped" && sees "prompt>"'
types "stty -a | grep -o ' echo '; fg"
keys Enter
check "and fg the console where it was" eval 'sees "Run 1 › people.csv" && sees "API calls" && gone "Stopped"'
keys q
check "with its keys" sees "Longshore › Runs"
resize 100 30
check "and its size" eval 'sees "begun" || sees_line "^ ▸ +1  people.csv"'
keys q
check "it ends in the shell" sees "prompt>"

echo "1..$n"
