#!/bin/sh
# Secrets that are planted (a passphrase, a password, a secret of an app, a refresh token) are nowhere afterwards: not in the
# words and the environment of console and engine, not in a core dump of the running engine, not in the journal, the log, the
# saved orgs or on the screen. Prints TAP.
. tests/journeys/common.sh

start_org
people 2400 T >"$folder/files/people.csv"
planted='Correct-Horse-9|practice-(secret|refresh|password|security)'
scenario() { post scenario "$1"; }
no_secret_in() { # FILES and FOLDERS, which are there
	grep -rqaE "$planted" "$@"
	[ $? -eq 1 ]
}
is_running() { [ -n "$(engine_of "$1")" ] && is "$1" running; }
console_process() { # of this journey
	for words in $(grep -sla -- "$program" /proc/[0-9]*/cmdline); do
		case $(tr '\0' ' ' <"$words") in "$program "*) basename "${words%/cmdline}" ;; esac
	done 2>/dev/null | tail -n 1
}
kept_out() { no_secret_in "/proc/$1/cmdline" && no_secret_in "/proc/$1/environ"; } # PROCESS
sanitized() { grep -qaF __asan_init "$program"; } # its shadow of the memory is terabytes long, and it locks no page
dumped() { # PROCESS FILE [SETTINGS...]: a core dump of it, as gcore makes one
	process=$1 file=$2
	shift 2
	gdb --batch -p "$process" "$@" -ex "generate-core-file $file" >"$folder/gdb" 2>&1
	[ -s "$file" ]
}

# A saved org behind a passphrase, which is typed once
jq '.client_secret = "practice-secret"' "$folder/org.json" >"$folder/with-secret.json"
run 0 org add acme --config "$folder/with-secret.json" --json
LONGSHORE_NEW_PASSPHRASE=Correct-Horse-9 run 0 org passphrase
scenario "{$slow}"
open_terminal 24 80 "cd $folder/files && XDG_CONFIG_HOME=$XDG_CONFIG_HOME LONGSHORE_STATE=$LONGSHORE_STATE $program --org acme"
asked() { sees 'Passphrase of the saved orgs:' && types 'Correct-Horse-9' && keys Enter && sees 'Longshore › Runs' && ! shows Correct; }
check 'the console asks for the passphrase, which is not shown' asked
begins() { to_start people.csv con Contact && keys y && sees 'Run 1 ›' && until_so is_running 1; }
check 'an engine of its own loads with it' begins
engine=$(engine_of 1)
check 'nothing is in the words and the environment of the engine' kept_out "$engine"
check 'nor of the console' kept_out "$(console_process)"
locked() { # a page that is locked (lo), left out of dumps (dd) and not inherited (wf)
	grep '^VmFlags:.* lo ' "/proc/$engine/smaps" | grep ' dd ' | grep -q ' wf '
}
if ! sanitized; then check 'the key lies in locked memory' locked; fi
if ! sanitized && dumped "$engine" "$folder/core"; then
	check 'nothing is in a core dump of the running engine' no_secret_in "$folder/core"
	no_session() { ! grep -qaE '00D5e0000000001![A-Za-z0-9]' "$folder/core"; }
	check 'nor is its session' no_session
	all_of_it() { # what no dump has: its whole memory
		dumped "$engine" "$folder/all" -ex 'set use-coredump-filter off' -ex 'set dump-excluded-mappings on' &&
			grep -qaF practice-refresh "$folder/all"
	}
	check 'though what it signs in with is in its memory' all_of_it
	used_up() { ! grep -aE '(refresh_token|client_secret)=practice|"access_token":"' "$folder/all" >/dev/null; }
	check 'but no more in what was sent with it, and in the answer' used_up
	wiped() { ! grep -qaF Correct-Horse-9 "$folder/all"; }
	check 'where the passphrase never was' wiped
	asker_wiped() {
		dumped "$(console_process)" "$folder/console" -ex 'set use-coredump-filter off' -ex 'set dump-excluded-mappings on' &&
			grep -qaF "$LONGSHORE_STATE" "$folder/console" && ! grep -qaF Correct-Horse-9 "$folder/console"
	}
	check 'and the console, which asked for it, has it no more' asker_wiped
	rm -f "$folder/core" "$folder/all" "$folder/console"
else
	skip 'core dumps of the running engine' 'one process may not look at another here, or the memory is that of a sanitizer'
fi
aborted() { # whatever the system writes of it then
	prlimit --pid "$engine" --core=unlimited:unlimited
	kill -ABRT "$engine"
	until_so eval '[ -z "$(engine_of 1)" ]' && no_secret_in "$folder/files"
}
check 'an engine that is aborted leaves no secret behind' aborted
keys q
gone 'Longshore ›'
scenario '{}'
goes_on() { LONGSHORE_PASSPHRASE=Correct-Horse-9 run 0 resume 1 --json && json '.written == 2400 and .pending == 0' && no_secret_in "$folder/out" "$folder/err"; }
check 'the run goes on, with the passphrase from the environment' goes_on

# Settings from the environment
post reset '{}'
scenario "{$slow}"
open_terminal 24 80 "cd $folder/files && XDG_CONFIG_HOME=$XDG_CONFIG_HOME LONGSHORE_STATE=$LONGSHORE_STATE LONGSHORE_LOGIN_URL=$url \
LONGSHORE_CLIENT_ID=practice LONGSHORE_CLIENT_SECRET=practice-secret LONGSHORE_USERNAME=operator@practice.example \
LONGSHORE_PASSWORD=practice-password LONGSHORE_SECURITY_TOKEN=practice-security-token LONGSHORE_PASSPHRASE=Correct-Horse-9 $program"
people 2400 U >"$folder/files/others.csv"
begins_too() { to_start others.csv con Contact && keys y && sees 'Run 2 ›' && until_so is_running 2; }
check 'an engine of its own loads with settings from the environment' begins_too
engine=$(engine_of 2)
check 'nothing of them is in the words and the environment of that engine' kept_out "$engine"
check 'nor of that console' kept_out "$(console_process)"
scenario '{"faults": [{"path": "*/jobs/ingest/*", "nth": 1, "action": "expire_sessions"}]}'
check 'it renews its session with them, and ends' eval 'until_so is 2 finished && [ "$(show 2 .written)" -eq 2400 ]'
keys q
gone 'Longshore ›'

# What is left
check 'nothing is in the journal, its log and what lies beside it' no_secret_in "$LONGSHORE_STATE"
check 'nothing is in clear among the saved orgs' no_secret_in "$XDG_CONFIG_HOME"
answers() {
	for words in 'runs' 'show 1' 'show 1 --log' 'show 2 --log' 'show 2 --record 17' 'org list' 'export 1 --which all -o -'; do
		run 0 $words && no_secret_in "$folder/out" "$folder/err" || return 1
		case $words in export*) continue ;; esac
		run 0 $words --json && no_secret_in "$folder/out" "$folder/err" || return 1
	done
}
check 'nothing is in what the commands print' answers

echo "1..$n"
