#!/bin/sh
# Every way to sign in, through the program, to a practice org over TLS with a certificate made here: what works, what each
# refusal says, renewal in the middle, and that no secret is ever shown. Prints TAP.
. tests/journeys/headless.sh

openssl req -x509 -newkey rsa:2048 -nodes -keyout "$folder/key" -out "$folder/cert" -days 2 -subj /CN=practice \
	-addext 'subjectAltName=IP:127.0.0.1,DNS:localhost' 2>/dev/null
openssl rsa -aes256 -passout pass:open-sesame -in "$folder/key" -out "$folder/locked" 2>/dev/null
openssl genrsa -out "$folder/other" 2048 2>/dev/null
start_org --tls "$folder/cert" "$folder/key" --certificate "$folder/cert"
url=https://127.0.0.1:$(cat "$folder/port")
get() { curl -s --cacert "$folder/cert" "$url/practice/$1"; }
post() { curl -s --cacert "$folder/cert" --data-binary "$2" "$url/practice/$1" >/dev/null; }
scenario() { post scenario "$1"; }

app='client_id: "practice", client_secret: "practice-secret"'
user='username: "operator@practice.example"'
pass="$user"', password: "practice-password", security_token: "practice-security-token"'
settings() { # MEMBERS: into $folder/in.json, with where to sign in and whom to trust
	jq -n --arg url "$url" --arg folder "$folder" "{login_url: \$url, ca_file: (\$folder + \"/cert\"), $1}" >"$folder/in.json"
}
no_secret() { ! grep -qE 'practice-(secret|password|security|refresh)|open-sesame|AQEAQ|MII[A-Za-z0-9+/]{20}' "$folder/out" "$folder/err"; }
signs_in() { # MEMBERS: to the right org, as the right user
	settings "$1"
	run 0 objects --config "$folder/in.json" --json && no_secret &&
		json '.org_id == "00D5e0000000001EAA" and .user == "operator@practice.example" and (.objects | length > 5)'
}
stays_out() { # STATUS PATTERN MEMBERS
	settings "$3"
	run "$1" objects --config "$folder/in.json" --json && no_secret && json ".exit == $1" && said "$2"
}
announced() { grep -qF "$1" "$folder/err"; }

# What works
check 'a refresh token' signs_in "client_id: \"practice\", refresh_token: \"practice-refresh\""
check 'client credentials' signs_in "$app"
check 'a JWT' signs_in "$app, $user, private_key_file: \"key\""
check 'a JWT with a key that a passphrase protects' signs_in "$app, $user, private_key_file: \"locked\", private_key_passphrase: \"open-sesame\""
scenario "{\"sign_in\": {\"audience\": \"$url\"}}"
check 'a JWT where the org wants its own address as audience' signs_in "$app, $user, private_key_file: \"key\""
scenario '{}'
check 'user and password, through SOAP' signs_in "$pass"
check 'and it is announced that this ends' announced "SOAP login, used here, ends with Summer '27"
check 'user and password of an app' signs_in "$app, $pass"
check 'and it is announced that this ends too' announced "supported until Winter '27 only"
check 'user and password win over a refresh token' signs_in "$app, $pass, refresh_token: \"wrong\""
check 'an access token' signs_in "access_token: \"00D5e0000000001!AQEAQ.practice\", instance_url: \"$url\""
scenario '{"sign_in": {"trusted_network": true}}'
check 'a password without a security token in a trusted network' signs_in "$user"', password: "practice-password"'
scenario '{}'

by_environment() {
	LONGSHORE_LOGIN_URL=$url LONGSHORE_CA_FILE=$folder/cert LONGSHORE_CLIENT_ID=practice \
		LONGSHORE_USERNAME=operator@practice.example LONGSHORE_PRIVATE_KEY=$(cat "$folder/key") \
		run 0 objects --json && no_secret && json '.user == "operator@practice.example"'
}
check 'settings from the environment, a key among them' by_environment

# What does not, and what to do then
check 'a wrong password' stays_out 2 'security_token is wrong' "$user"', password: "PSECRET", security_token: "practice-security-token"'
check 'a security token is needed' stays_out 2 'Reset My Security Token' "$user"', password: "practice-password"'
check 'a wrong password of an app' stays_out 2 'security_token is wrong' "$app, $user, password: \"practice-passwordx\""
check 'a wrong secret' stays_out 2 'client_secret is wrong' 'client_id: "practice", client_secret: "practice-secretx"'
check 'an unknown app' stays_out 2 'no app with this client_id' 'client_id: "practise", refresh_token: "practice-refresh"'
check 'a dead refresh token' stays_out 2 'sign in again' 'client_id: "practice", refresh_token: "practice-refreshx"'
check 'a key of another certificate' stays_out 2 "belongs to the app.s certificate" "$app, $user, private_key_file: \"other\""
check 'a user that is none' stays_out 2 'invalid_grant' "$app, username: \"nobody@practice.example\", private_key_file: \"key\""
check 'a wrong passphrase' stays_out 1 'private_key_passphrase does not open' "$app, $user, private_key_file: \"locked\", private_key_passphrase: \"open-sesamex\""
check 'no passphrase' stays_out 1 'give private_key_passphrase' "$app, $user, private_key_file: \"locked\""
check 'a key file that is not there' stays_out 1 'none: No such file' "$app, $user, private_key_file: \"none\""
check 'a key file that is none' stays_out 1 'no private key in PEM' "$app, $user, private_key_file: \"cert\""
check 'what is missing is named' stays_out 1 'client_id is missing' "$user, private_key_file: \"key\""
refuses() { # NAME WAY-OF-SIGN-IN-SETTINGS PATTERN MEMBERS
	scenario "{\"sign_in\": {$2}}"
	check "$1" stays_out 2 "$3" "$4"
	scenario '{}'
}
refuses 'SOAP login that is switched off' '"blocked": ["soap_login"]' "Winter '26" "$pass"
refuses 'passwords of apps that are switched off' '"blocked": ["password"]' "Summer '23" "$app, $pass"
refuses 'an app that may not sign in as itself' '"blocked": ["client_credentials"]' 'client credentials flow' "$app"
refuses 'a user that is deactivated' '"refuse": "inactive_user"' 'deactivated' "$app"
refuses 'a user that is locked out' '"refuse": "locked_user"' 'lock' "$pass"
refuses 'a network that is not allowed' '"refuse": "restricted_network"' 'login IP ranges' "$pass"
refuses 'an hour that is not allowed' '"refuse": "restricted_hours"' 'login hours' "$pass"
refuses 'an app that nobody approved' '"refuse": "unapproved_app"' 'pre-authorise' "$app, $user, private_key_file: \"key\""
refuses 'an app without a user to run as' '"refuse": "no_run_as_user"' 'run as' "$app"
refuses 'an org that is suspended' '"refuse": "inactive_org"' 'suspended' "$app"
refuses 'an audience that is no one of ours' '"audience": "https://elsewhere.example"' 'the JWT is for another address: set domain' \
	"$app, $user, private_key_file: \"key\""
refuses 'an address that is not the My Domain' '"my_domain_only": true' "set domain (or login_url) to the org.s My Domain" \
	"$app, login_url: \"https://localhost:${url##*:}\""
refuses 'refresh tokens that are switched off' '"blocked": ["refresh_token"]' 'does not allow refresh tokens' \
	'client_id: "practice", refresh_token: "practice-refresh"'
refuses 'JWTs that are switched off' '"blocked": ["jwt_bearer"]' 'add the certificate to the app' "$app, $user, private_key_file: \"key\""
refuses 'a secret that is wanted' '"secret_required": true' 'client_secret is wrong' 'client_id: "practice", refresh_token: "practice-refresh"'
slow_clock() { # the org's is an hour ahead of this machine's
	post clock '{"advance_ms": 3600000}'
	stays_out 2 "set this machine's clock right.*clock is 3[56][0-9][0-9] s behind" "$app, $user, private_key_file: \"key\""
	status=$?
	post reset '{}'
	return $status
}
check 'a JWT that had ended when the org saw it' slow_clock

# What the practice org would not say by itself: each answer of Salesforce's that is left
answered() { # PATH STATUS BODY
	scenario "$(jq -n --arg path "$1" --argjson status "$2" --arg body "$3" \
		'{faults: [{path: $path, action: "answer", status: $status, body: $body}]}')"
}
oauth_says() { # ERROR DESCRIPTION PATTERN MEMBERS
	answered '*/oauth2/token' 400 "$(jq -n --arg e "$1" --arg d "$2" '{error: $e, error_description: $d}')"
	check "OAuth: $1, $2" stays_out 2 "$3" "$4"
	scenario '{}'
}
soap_says() { # CODE PATTERN [STATUS]
	answered '*/services/Soap/u/*' 500 "<?xml version=\"1.0\"?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\">\
<soapenv:Body><soapenv:Fault><faultcode>sf:$1</faultcode><faultstring>$1: words</faultstring><detail><sf:LoginFault><sf:exceptionCode>$1\
</sf:exceptionCode><sf:exceptionMessage>words</sf:exceptionMessage></sf:LoginFault></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>"
	check "SOAP: $1" stays_out "${3:-2}" "$2" "$pass"
	scenario '{}'
}
by_token='client_id: "practice", refresh_token: "practice-refresh"'
oauth_says invalid_grant 'authentication failure - Invalid Password' 'login history' "$app, $pass"
oauth_says invalid_grant 'inactive user' 'deactivated' "$by_token"
oauth_says invalid_grant "user hasn't approved this consumer" 'sign in once in a browser' "$by_token"
oauth_says invalid_request 'missing required parameter: grant_type' 'client_id and refresh_token are whole' "$by_token"
oauth_says invalid_request 'HTTPS required' 'set login_url to its https address' "$by_token"
oauth_says never_heard_of 'what nobody knows yet' 'never_heard_of: what nobody knows yet' "$by_token"
soap_says LOGIN_CHALLENGE_ISSUED 'follow its e-mail, then try again'
soap_says LOGIN_CHALLENGE_PENDING 'waits for this machine to be verified: follow its e-mail'
soap_says PASSWORD_LOCKOUT 'let the administrator unlock it'
soap_says INVALID_OPERATION_WITH_EXPIRED_PASSWORD 'set a new one in the browser'
soap_says API_DISABLED_FOR_ORG 'the permission API Enabled'
soap_says ORG_NOT_OWNED_BY_INSTANCE 'set domain to its My Domain'
soap_says UNSUPPORTED_API_VERSION 'does not offer SOAP login any more: use a refresh_token'
soap_says REQUEST_LIMIT_EXCEEDED 'for some minutes' 5

scenario '{"sign_in": {"logins_an_hour": 0}}'
check 'too many sign-ins' stays_out 5 'for some minutes' "$app"
scenario '{}'

scenario '{"faults": [{"path": "*/oauth2/token", "action": "answer", "status": 307, "body": ""}]}'
check 'a redirect is not followed' stays_out 2 'points elsewhere' "$app"
scenario '{}'

# Whom to trust
check 'a certificate that nobody vouches for' stays_out 5 'certificate' "$app, ca_file: null"
check 'a CA file that is not there' stays_out 1 'ca_file cannot be read: .*/none: No such' "$app, ca_file: \"none\""
check 'a CA file that is none' stays_out 1 'ca_file holds no certificate in PEM' "$app, ca_file: \"key\""
check 'a key that is not the client certificate'"'"'s' stays_out 1 'client_key_file is not the key' \
	"$app, client_certificate_file: \"cert\", client_key_file: \"other\""
check 'a client key whose passphrase is missing' stays_out 1 'needs client_key_passphrase' \
	"$app, client_certificate_file: \"cert\", client_key_file: \"locked\""
check 'a client certificate that nobody asks for does no harm' signs_in \
	"$app, client_certificate_file: \"cert\", client_key_file: \"locked\", client_key_passphrase: \"open-sesame\""

mutual() { # MEMBERS: against a server that wants a client certificate; what it said about the handshake
	: >"$folder/server" # the one before has written its own address there
	openssl s_server -accept 127.0.0.1:0 -cert "$folder/cert" -key "$folder/key" -CAfile "$folder/cert" -Verify 1 -verify_return_error \
		-www >>"$folder/server" 2>&1 &
	server=$!
	started="$started $server"
	until grep -q '^ACCEPT .*:[0-9]' "$folder/server" && [ -z "$(tail -c 1 "$folder/server")" ]; do sleep 0.05; done # the whole line
	at=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$folder/server")
	settings "$1"
	jq --arg url "https://127.0.0.1:$at" '.login_url = $url' "$folder/in.json" >"$folder/mutual.json"
	timeout 60 "$longshore" objects --config "$folder/mutual.json" >"$folder/out" 2>"$folder/err" </dev/null
	kill "$server"
	wait "$server" 2>/dev/null
	cat "$folder/server" >>"$folder/out"
}
with_certificate() {
	mutual "$app, client_certificate_file: \"cert\", client_key_file: \"locked\", client_key_passphrase: \"open-sesame\"" &&
		! grep -q 'peer did not return a certificate' "$folder/server"
	[ $? -eq 0 ] && grep -q 'verify return:1' "$folder/server"
}
without_certificate() {
	mutual "$app"
	grep -q 'peer did not return a certificate' "$folder/server"
}
check 'a server that wants a client certificate gets it' with_certificate
check 'and none where none is set' without_certificate

# TLS 1.1, by a server and a machine that both allow it: what refuses it is Longshore alone
cat >"$folder/openssl.cnf" <<'END'
openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = old
[old]
MinProtocol = TLSv1
CipherString = DEFAULT:@SECLEVEL=0
END
old_tls() {
	OPENSSL_CONF=$folder/openssl.cnf openssl s_server -accept 127.0.0.1:0 -cert "$folder/cert" -key "$folder/key" -tls1_1 -www \
		>"$folder/server" 2>&1 &
	server=$!
	started="$started $server"
	until grep -q '^ACCEPT' "$folder/server"; do kill -0 "$server" || return 1; sleep 0.05; done
	old_url=https://127.0.0.1:$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$folder/server")
	settings "$app"
	jq --arg url "$old_url" '.login_url = $url' "$folder/in.json" >"$folder/old.json"
	OPENSSL_CONF=$folder/openssl.cnf curl -s --tlsv1.1 --tls-max 1.1 --cacert "$folder/cert" "$old_url/" | grep -q 'TLSv1.1' &&
		OPENSSL_CONF=$folder/openssl.cnf run 5 objects --config "$folder/old.json" --json && no_secret &&
		said 'takes no TLS 1.2 or newer.*switch TLS 1.2 on'
	status=$?
	kill "$server"
	return $status
}
check 'TLS 1.1 is refused' old_tls

# Renewal under way, by each way
printf 'LastName,Ext__c\n' >"$folder/in.csv"
seq 1 50 | sed 's/.*/Name &,R-&/' >>"$folder/in.csv"
renewed() { # MEMBERS
	settings "$1"
	post reset '{}'
	scenario '{"faults": [{"path": "*/jobs/ingest", "nth": 1, "action": "expire_sessions"}, {"path": "*/successfulResults", "nth": 1, "action": "expire_sessions"}]}'
	run 0 load "$folder/in.csv" --config "$folder/in.json" --object Contact --action insert --again --json && no_secret &&
		json '.created == 50 and .pending == 0 and .in_doubt == 0' && created_once R 50 &&
		[ "$(get counters | jq .logins.granted)" -eq 4 ] # the command, its engine, two renewals
	status=$?
	scenario '{}'
	return $status
}
check 'renewed with a refresh token' renewed "client_id: \"practice\", refresh_token: \"practice-refresh\""
check 'renewed with client credentials' renewed "$app"
check 'renewed with a JWT' renewed "$app, $user, private_key_file: \"key\""
check 'renewed through SOAP' renewed "$pass"
check 'renewed with a password of an app' renewed "$app, $pass"
in_log() { run 0 show "$(newest)" --log --json && json '.log | map(.text) | any(test("ends with Summer|until Winter"))'; }
check 'the run says that this way ends' in_log
nothing_kept() { ! grep -rqE 'practice-(secret|password|security|refresh)|open-sesame|AQEAQ|MII[A-Za-z0-9+/]{20}' "$LONGSHORE_STATE"; }
check 'no secret is in the state folder' nothing_kept

echo "1..$n"
