# What the headless journeys share: a folder, practice orgs, calls of longshore without a terminal, TAP. To be read with `.`
# at the top of a test; everything it starts ends with the test.
set -u
longshore=${BUILD:-build}/longshore
practice=${BUILD:-build}/longshore-practice
folder=$(mktemp -d)
started=
n=0
trap 'end_all; rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
export LONGSHORE_STATE="$folder/state" XDG_CONFIG_HOME="$folder/config"

end_all() {
	for process in $started; do
		kill -KILL "$process" 2>/dev/null
	done
	wait 2>/dev/null
}

check() { # NAME COMMAND...: one case
	name=$1
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		sed 's/^/# out: /' "$folder/out" | head -n 30
		sed 's/^/# err: /' "$folder/err" | head -n 30
	fi
}

skip() { # NAME WHY: a case that cannot run here
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

run() { # STATUS WORDS...: longshore without a terminal; its output in $folder/out and $folder/err
	wanted=$1
	shift
	timeout -k 5 120 setsid -w "$longshore" "$@" >"$folder/out" 2>"$folder/err" </dev/null
	status=$?
	[ "$status" -eq "$wanted" ] || echo "exit $status, not $wanted: longshore $*" >>"$folder/err"
	[ "$status" -eq "$wanted" ]
}

json() { jq -e "$1" "$folder/out" >/dev/null 2>>"$folder/err"; } # FILTER: of what the last call printed
said() { grep -q -- "$1" "$folder/err"; }
last_line() { tail -n 1 "$folder/err" | grep -qE -- "$1"; }
get() { curl -s "$url/practice/$1"; }
post() { curl -s --data-binary "$2" "$url/practice/$1" >/dev/null; }
rows() { get counters | jq -r ".rows.$1 // 0"; }
writes() { get counters | jq -r '.writes'; }
in_org() { # OBJECT FILTER: of its rows
	get "rows?object=$1&limit=100000" | jq -e ".rows | $2" >/dev/null
}
audit() { # OBJECT FILTER: of every write it ever had, in order
	get "audit?object=$1&limit=100000" | jq -e ".writes | $2" >/dev/null
}

created_once() { # PREFIX COUNT: contacts whose keys begin so, by all that was ever done to them
	audit Contact "[.[] | select((.key.Ext__c // \"\") | startswith(\"$1-\"))] | length == $2 and all(.verb == \"created\")" &&
		in_org Contact "[.[] | select((.Ext__c // \"\") | startswith(\"$1-\")) | .Ext__c] | length == $2 and (unique | length) == $2"
}

start_org() { # [OPTIONS]: its address in $url, its process in $org, settings to sign in with in $folder/org.json
	rm -f "$folder/port"
	"$practice" --port-file "$folder/port" "$@" >"$folder/practice.out" 2>&1 &
	org=$!
	started="$started $org"
	until [ -s "$folder/port" ]; do kill -0 "$org" || exit 1; done
	url=http://127.0.0.1:$(cat "$folder/port")
	jq -n --arg url "$url" '{login_url: $url, client_id: "practice", refresh_token: "practice-refresh"}' >"$folder/org.json"
	chmod 600 "$folder/org.json"
}

people() { # COUNT PREFIX: contacts with a key, last name and title
	awk -v n="$1" -v p="$2" 'BEGIN {
		print "Ext__c,Last Name,Title"
		for (i = 1; i <= n; i++)
			printf p "-%05d,Person %d,\"Buyer, %d\"\n", i, i, i
	}'
}

# Waiting looks again and again for what is to come, for 60 s at most.
until_so() { # COMMAND...
	give_up=$(($(date +%s) + 60))
	until "$@" 2>/dev/null; do
		[ "$(date +%s)" -le "$give_up" ] || { echo "in vain: $*" >>"$folder/err"; return 1; }
		sleep 0.1
	done
}
show() { "$longshore" show "$1" --json 2>/dev/null | jq -r "$2"; } # RUN FILTER
is() { [ "$(show "$1" .state)" = "$2" ]; }                         # RUN STATE
newest() { "$longshore" runs --json 2>/dev/null | jq -r 'if type == "array" then .[0].run // 0 else 0 end'; }
jobs() { get counters | jq -r ".jobs.$1 // 0"; } # STATE: how many the org has
slow='"rate": 150' # records a second: of a scenario in which there is time to look, on a busy machine too
is_processed() { [ "$(newest)" -eq "$1" ] && [ "$(jobs InProgress)" -gt 0 ]; } # RUN: the org works on its job

begin() { # FILE OPTIONS...: a load in the background; its run in $id, its process in $loader
	before=$(newest)
	id=$((before + 1))
	setsid "$longshore" load "$@" >"$folder/load.out" 2>"$folder/load.err" </dev/null &
	loader=$!
	started="$started $loader"
}
ended() { # STATUS: of the load in the background
	wait "$loader"
	status=$?
	cp "$folder/load.out" "$folder/out"
	cp "$folder/load.err" "$folder/err"
	[ "$status" -eq "$1" ] || echo "exit $status, not $1" >>"$folder/err"
	[ "$status" -eq "$1" ]
}
left_behind() { # processes of ours that have this state folder in their environment, the org of start_org apart
	for process in /proc/[0-9]*; do
		[ "$process" != "/proc/$$" ] && [ "$process" != "/proc/${org:-$$}" ] || continue
		case $(readlink "$process/exe") in */longshore | */longshore-practice) ;; *) continue ;; esac
		tr '\0' '\n' <"$process/environ" | grep -qxF "LONGSHORE_STATE=$LONGSHORE_STATE" && return 0
	done 2>/dev/null
	return 1
}
