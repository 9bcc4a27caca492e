# What the tests of the practice org as a program share. To be read with `.` at the top; the org ends with the test.
set -u
program=${BUILD:-build}/longshore-practice
folder=$(mktemp -d)
org=
n=0
trap '[ -z "$org" ] || kill "$org" 2>/dev/null; rm -rf "$folder"' EXIT INT TERM

check() { # NAME COMMAND...: one case
	name=$1
	shift
	n=$((n + 1))
	if "$@"; then echo "ok $n - $name"; else echo "not ok $n - $name"; fi
}

start() { # OPTIONS...: an org of our own; its address in $url
	rm -f "$folder/port"
	"$program" --port-file "$folder/port" "$@" > "$folder/out" 2> "$folder/err" &
	org=$!
	until [ -s "$folder/port" ]; do kill -0 "$org" 2>/dev/null || return 1; sleep 0.05; done
	port=$(cat "$folder/port")
	url=http://127.0.0.1:$port
}

end() { # SIGNAL: its exit status
	kill -s "$1" "$org"
	wait "$org"
	status=$?
	org=
	return $status
}

has() { case $1 in *"$2"*) return 0 ;; *) return 1 ;; esac; }
fails_with() { # STATUS WORDS OPTIONS...
	wanted=$1
	words=$2
	shift 2
	timeout 20 "$program" "$@" > "$folder/out" 2> "$folder/err"
	[ $? -eq "$wanted" ] && grep -q "$words" "$folder/err"
}
