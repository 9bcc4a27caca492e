#!/bin/sh
# Signing in with a browser, to a practice org over TLS: it comes back to the listener, or the operator pastes where it ended,
# whichever is first; a denial, addresses of other sign-ins and of nothing; signing in again. curl is the browser. Prints TAP.
. tests/journeys/headless.sh
. tests/journeys/terminal.sh
saved=$XDG_CONFIG_HOME/longshore

openssl req -x509 -newkey rsa:2048 -nodes -keyout "$folder/key" -out "$folder/cert" -days 2 -subj /CN=practice \
	-addext 'subjectAltName=IP:127.0.0.1' 2>/dev/null
start_org --tls "$folder/cert" "$folder/key"
url=https://127.0.0.1:$(cat "$folder/port")
get() { curl -s --cacert "$folder/cert" "$url/practice/$1"; }
post() { curl -s --cacert "$folder/cert" --data-binary "$2" "$url/practice/$1" >/dev/null; }
scenario() { post scenario "$1"; }
settings() { # MEMBERS: into $folder/in.json
	jq -n --arg url "$url" --arg cert "$folder/cert" "{login_url: \$url, ca_file: \$cert, $1}" >"$folder/in.json"
}
free_port() { # one that nobody listens to
	"$practice" --port-file "$folder/free" >/dev/null 2>&1 &
	free=$!
	until [ -s "$folder/free" ]; do kill -0 "$free" || exit 1; done
	kill -KILL "$free"
	wait "$free" 2>/dev/null
	cat "$folder/free"
}
port=$(free_port)
back=http://localhost:$port/OauthRedirect
settings "client_id: \"practice\", redirect_uri: \"$back\""

# The browser's part
address() { grep -m 1 '^https*://' "$folder/add.err"; } # that the operator is to open
address_is_there() { [ -n "$(address)" ]; }
browse() { # DECISION [SED]: where the org sends the browser; what is asked may be changed before
	curl -s --cacert "$folder/cert" -o "$folder/page" -w '%{redirect_url}' -d "$(address | sed "s/^[^?]*?//;${2:-}")&decision=$1" \
		"$url/services/oauth2/authorize"
}
add() { # WORDS...: `org add` in the background; what is pasted goes into $folder/paste
	rm -f "$folder/paste" "$folder/add.err"
	mkfifo "$folder/paste"
	setsid "$longshore" org add "$@" --json <"$folder/paste" >"$folder/add.out" 2>"$folder/add.err" &
	adder=$!
	started="$started $adder"
	exec 9>"$folder/paste"
	until_so address_is_there
}
added() { # STATUS: of it
	wait "$adder"
	status=$?
	exec 9>&-
	cp "$folder/add.out" "$folder/out"
	cp "$folder/add.err" "$folder/err"
	[ "$status" -eq "$1" ] || echo "exit $status, not $1" >>"$folder/err"
	[ "$status" -eq "$1" ]
}
told() { grep -q -- "$1" "$folder/add.err"; }
is_signed_in() { json '.name == "acme" and .sign_in == "refresh token" and .user == "operator@practice.example" and .kind == "practice"'; }
no_secret() { ! grep -rqE 'code=[^_]|refresh\.|AQEAQ' "$folder/out" "$folder/err" "$saved"; }

by_listener() {
	add acme --browser --config "$folder/in.json" && told "waiting at $back" || return 1
	[ "$(curl -s -o /dev/null -w '%{http_code}' "http://localhost:$port/favicon.ico")" = 404 ] || return 1
	curl -s "$(browse allow)" >"$folder/page" && grep -q 'You may close this page' "$folder/page" &&
		added 0 && is_signed_in && no_secret
}
check 'the browser comes back to the listener' by_listener
nobody_listens() { ! curl -s "http://localhost:$port/" >/dev/null; }
check 'and the listener is gone' nobody_listens
printf 'LastName,Ext__c\n' >"$folder/in.csv"
seq 1 30 | sed 's/.*/Name &,B-&/' >>"$folder/in.csv"
loads() {
	scenario '{"faults": [{"path": "*/jobs/ingest", "nth": 1, "action": "expire_sessions"}]}'
	run 0 load "$folder/in.csv" --org acme --object Contact --action insert --again --json && json '.created == 30' && created_once B 30
	status=$?
	scenario '{}'
	return $status
}
check 'a load with it, whose session ends on the way' loads

pasted() {
	add acme --browser --client-id practice --redirect-uri "$back" --config "$folder/in.json" || return 1
	browse allow >&9
	echo >&9
	added 0 && is_signed_in && no_secret
}
check 'the address where it ended, from standard input' pasted
slips() { # each is told, and the waiting goes on
	add acme --browser --config "$folder/in.json" || return 1
	echo 'what is wanted?' >&9
	until_so told 'this is not the address that the browser ends on' || return 1
	echo "$back?code=of-another&state=x" >&9
	until_so told 'this address is of another sign-in' || return 1
	curl -s "$back?code=of-another&state=x" | grep -q 'another sign-in' || return 1
	curl -s "$(browse allow)" >"$folder/page"
	added 0 && is_signed_in
}
check 'what is no such address, and one of another sign-in' slips
denied() {
	add acme --browser --config "$folder/in.json" || return 1
	curl -s "$(browse deny)" | grep -q 'choose Allow' || return 1
	added 2 && json '.exit == 2 and (.error | test("denied in the browser: begin anew"))'
}
check 'a denial, at the listener' denied
denied_far_away() {
	add acme --browser --config "$folder/in.json" || return 1
	browse deny >&9
	echo >&9
	added 2 && said 'denied in the browser: begin anew'
}
check 'a denial, pasted' denied_far_away
used_up() { # a code is good once: somebody else was faster
	add acme --browser --config "$folder/in.json" || return 1
	scenario '{"faults": [{"path": "*/oauth2/token", "action": "answer", "status": 400,
		"body": "{\"error\":\"invalid_grant\",\"error_description\":\"expired authorization code\"}"}]}'
	curl -s "$(browse allow)" >"$folder/page"
	added 2 && said 'used already, or is older than 15 minutes'
	status=$?
	scenario '{}'
	return $status
}
check 'a code that is too old' used_up
# What the org has against it, told by where the browser ends
comes_back() { # ERROR PATTERN SIGN-IN-RULES [SED]: for the address that is opened
	scenario "{\"sign_in\": {$3}}"
	add acme --browser --config "$folder/in.json" || return 1
	back_at=$(browse allow "${4:-}")
	case $back_at in "$back?error=$1&"*) ;; *) echo "back at $back_at" >>"$folder/err" && return 1 ;; esac
	curl -s "$back_at" >"$folder/page"
	added 2 && json '.exit == 2' && said "$2" && no_secret
	status=$?
	scenario '{}'
	return $status
}
check 'invalid_scope' comes_back invalid_scope 'give it the scopes api and refresh_token' '"scopes": ["api"]'
check 'unsupported_response_type' comes_back unsupported_response_type 'enable the authorization code flow' '"blocked": ["authorization_code"]'
check 'immediate_unsuccessful' comes_back immediate_unsuccessful 'begin anew, and choose Allow in the browser' '' 's/$/\&immediate=true/'
check 'invalid_request' comes_back invalid_request 'begin anew, and open the new address' '' 's/method=S256/method=plain/'
no_app_of_that_address() { # an org sends nobody to an address that it does not know, and shows why
	scenario '{"sign_in": {"redirect_uris": ["https://acme.example/back"]}}'
	add acme --browser --config "$folder/in.json" || return 1
	[ -z "$(browse allow)" ] && grep -q 'redirect_uri_mismatch' "$folder/page" && kill -0 "$adder"
	status=$?
	exec 9>&-
	kill -TERM "$adder" # it waits for a browser that will not come
	wait "$adder"
	scenario '{}'
	return $status
}
check 'redirect_uri_mismatch, on the page' no_app_of_that_address
token_says() { # ERROR DESCRIPTION PATTERN: when the code is exchanged
	scenario "{\"faults\": [{\"path\": \"*/oauth2/token\", \"action\": \"answer\", \"status\": 400,
		\"body\": \"{\\\"error\\\":\\\"$1\\\",\\\"error_description\\\":\\\"$2\\\"}\"}]}"
	add acme --browser --config "$folder/in.json" || return 1
	curl -s "$(browse allow)" >"$folder/page"
	added 2 && json '.exit == 2' && said "$3" && no_secret
	status=$?
	scenario '{}'
	return $status
}
check 'redirect_uri_mismatch, for the code' token_says redirect_uri_mismatch 'redirect_uri must match configuration' "none of the app's callback URLs"
check 'redirect_uri_missing' token_says redirect_uri_missing 'redirect_uri must match configuration' 'let its administrator add redirect_uri'
check 'a verifier that is wanted' token_says invalid_grant 'missing code verifier' 'PKCE'
check 'a verifier that does not fit' token_says invalid_request 'invalid code verifier' 'begin anew, and open the new address'
wants_a_secret() { # by the org's own rule
	scenario '{"sign_in": {"secret_required": true}}'
	add acme --browser --config "$folder/in.json" || return 1
	curl -s "$(browse allow)" >"$folder/page"
	added 2 && said 'client_secret is wrong'
	status=$?
	scenario '{}'
	return $status
}
check 'an app that wants its secret' wants_a_secret
taken() { # somebody listens there: then it has to be pasted
	"$practice" --port "$port" >/dev/null 2>&1 &
	other=$!
	started="$started $other"
	until_so eval 'curl -s "http://127.0.0.1:$port/practice/counters" >/dev/null'
	add acme --browser --config "$folder/in.json" && told "nobody waits for the browser here: port $port" || return 1
	browse allow >&9
	echo >&9
	added 0 && is_signed_in
	status=$?
	kill -KILL "$other"
	return $status
}
check 'a port that is taken' taken
elsewhere() { # the app's callback URL is on another machine
	settings 'client_id: "practice", redirect_uri: "https://acme.example/back"'
	scenario '{"sign_in": {"redirect_uris": ["https://acme.example/back"]}}'
	add acme --browser --config "$folder/in.json" || return 1
	browse allow >&9
	echo >&9
	added 0 && is_signed_in
	status=$?
	scenario '{}'
	return $status
}
check 'an app whose callback URL is elsewhere' elsewhere
nobody() {
	run 1 org add other --browser --config "$folder/in.json" --json && said 'nobody can wait for the browser here' || return 1
	echo 'hello' | timeout 60 setsid -w "$longshore" org add other --browser --config "$folder/in.json" >"$folder/out" 2>"$folder/err"
	[ $? -eq 1 ] && said 'this is not the address'
}
check 'and nobody to paste its address' nobody
check 'an app is wanted' eval 'run 1 org add other --browser && said "which app does the browser sign in to"'
check 'one way at a time' eval 'run 1 org add other --browser --token --url acme && said "give one of them"'
check 'a callback URL that is none' eval 'run 1 org add other --browser --client-id practice --redirect-uri http://acme.example/ && said "callback URL"'

# At a terminal
settings "client_id: \"practice\", redirect_uri: \"$back\""
at_terminal() {
	open_terminal 30 200 "XDG_CONFIG_HOME=$XDG_CONFIG_HOME LONGSHORE_STATE=$LONGSHORE_STATE $longshore org add acme --browser --config $folder/in.json 2>&1 | tee $folder/add.err"
	until_so address_is_there && sees 'paste here the whole address' || return 1
	types "$(browse allow)"
	keys Enter
	sees 'signed in' && sees 'by refresh token'
}
check 'pasted at a terminal' at_terminal

# Again: what is saved says how
again() {
	add acme || return 1
	curl -s "$(browse allow)" >"$folder/page"
	added 0 && is_signed_in && run 0 org test acme --json
}
check 'signed in again, by its name alone' again

echo "1..$n"
