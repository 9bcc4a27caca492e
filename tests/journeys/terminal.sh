# A terminal of its own for a journey: tmux on a socket in the test's folder. To be read behind headless.sh.
tmux="tmux -u -S $folder/tmux -f /dev/null"
trap '$tmux kill-server 2>/dev/null; end_all; rm -rf "$folder"' EXIT

open_terminal() { # ROWS COLUMNS COMMAND: it runs under a shell, which tells its exit status afterwards
	$tmux kill-server 2>/dev/null
	until_so eval '! $tmux has-session 2>/dev/null'
	# a key that comes when the command has ended must not end the shell that tells of it
	printf '%s\n' 'trap : INT' "$3" 'echo "exit status $?"; trap "" INT; stty -a | grep -o -- "[-]*echo " ; exec cat' >"$folder/terminal.sh"
	$tmux new-session -d -x "$2" -y "$1" "LC_ALL=C.UTF-8 TERM=${4:-screen-256color} sh $folder/terminal.sh" \; set -g status off
	$tmux resize-window -x "$2" -y "$1"
}
lose_terminal() { $tmux kill-server; }
screen() { $tmux capture-pane -p >"$folder/out"; }
shows() { screen 2>/dev/null && grep -qF -- "$1" "$folder/out"; }
sees() { until_so shows "$1"; } # TEXT: it appears
gone() { until_so eval '! shows "$1"'; }
keys() { # NAMES...: as tmux calls them
	for key in "$@"; do
		$tmux send-keys "$key"
	done
}
types() { $tmux send-keys -l -- "$1"; }
