#!/bin/sh
# An org is added in the console by each of the ways that its form offers, to an org over TLS with a certificate made here;
# what each slip says; and none of the secrets that were typed is left in the console's memory. curl is the browser. Prints TAP.
. tests/journeys/common.sh

openssl req -x509 -newkey rsa:2048 -nodes -keyout "$folder/key" -out "$folder/cert" -days 2 -subj /CN=practice \
	-addext 'subjectAltName=IP:127.0.0.1' 2>/dev/null
openssl rsa -aes256 -passout pass:open-sesame -in "$folder/key" -out "$folder/locked" 2>/dev/null
start_org --tls "$folder/cert" "$folder/key" --certificate "$folder/cert"
url=https://127.0.0.1:$(cat "$folder/port")
export CURL_CA_BUNDLE="$folder/cert" # whom curl and Longshore trust
scenario() { post scenario "$1"; }
mkdir "$folder/bin"
cat >"$folder/bin/sf" <<END
#!/bin/sh
[ "\$*" = "org display --target-org mine --json" ] || {
	echo '{"status": 1, "name": "NamedOrgNotFoundError", "message": "No authorization information found for '"\$4"'."}'
	exit 1
}
token=\$(curl -s -d 'grant_type=refresh_token&client_id=practice&refresh_token=practice-refresh' $url/services/oauth2/token | jq -r .access_token)
jq -n --arg token "\$token" '{status: 0, result: {accessToken: \$token, instanceUrl: "$url", username: "operator@practice.example"}}'
END
chmod 755 "$folder/bin/sf"
user=operator@practice.example
open_terminal 24 80 "cd $folder/files && XDG_CONFIG_HOME=$XDG_CONFIG_HOME LONGSHORE_STATE=$LONGSHORE_STATE CURL_CA_BUNDLE=$CURL_CA_BUNDLE \
PATH=$folder/bin:$PATH $program"
sees 'Longshore › Runs' && keys o
sees 'No org is saved yet'

at_list() { # from a form that was not finished, too
	shows '› Add' && keys Escape
	shows_line 'Orgs .* saved *$|No org is saved yet'
}
opens() { # WAY: its form, from the list of orgs
	until_so at_list && keys n && sees 'how does one sign in?' && keys g || return 1
	for _ in $(seq 8); do
		shows_line "^ ▸ $1" && break
		was=$(in_focus)
		keys j
		until_so eval '[ "$(in_focus)" != "$was" ]' || return 1
	done
	sees_line "^ ▸ $1" && keys Enter && sees_line "Orgs › Add .* $1"
}
fill() { # TEXT...: the lines of the form; "" leaves one as it is
	for text in "$@"; do
		[ -z "$text" ] || types "$text"
		keys Enter
	done
}
no_secret() { screen && ! grep -qE 'practice-(secret|password|security|refresh)|open-sesame|AQEAQ' "$folder/out"; }
signed_in() { # NAME WAY: as the program calls it
	sees_line "▸ $1 .*practice .*✓ works" || return 1
	no_secret && run 0 org list --json && json "map(select(.name == \"$1\")) | .[0] | .sign_in == \"$2\" and .trouble == null and
		.user == \"$user\" and .kind == \"practice\" and .instance_url == \"$url\""
}

by_cli() {
	opens 'the Salesforce CLI' && fill sf yours && sees 'has no session for yours' && keys BSpace BSpace BSpace BSpace BSpace &&
		fill mine && signed_in sf 'Salesforce CLI'
}
check 'from the Salesforce CLI, after an alias that it does not know' by_cli
by_refresh() {
	opens 'a refresh token' && fill refresh "$url" practice '' practice-refres && sees 'The refresh token' && no_secret || return 1
	fill h
	signed_in refresh 'refresh token'
}
check 'a refresh token, after a slip in it' by_refresh
by_client() {
	opens 'client credentials' && fill client "$url" practice practice-secre && sees 'The client_secret is wrong' && no_secret || return 1
	fill t
	signed_in client 'client credentials'
}
check 'client credentials, after a slip in the secret' by_client
by_jwt() {
	opens 'a JWT' && fill jwt "$url" practice "$user" "$folder/locked" open-sesam && sees 'Private_key_passphrase does not open' && no_secret || return 1
	fill e
	signed_in jwt JWT
}
check 'a JWT whose key has a passphrase, after a slip in it' by_jwt
by_password() {
	opens 'user and password' && fill soap "$url" "$user" practice-password && fill practice-security-toke &&
		sees 'security_token is wrong' && no_secret || return 1
	fill n
	sees 'SOAP login, used here, ends with' && signed_in soap 'user and password'
}
check 'user and password, after a slip in the security token; that it ends is told' by_password
by_grant() {
	opens 'password of an app' && fill grant "$url" practice practice-secret "$user" practice-password practice-security-toke &&
		sees 'security_token is wrong' && no_secret || return 1
	fill n
	sees 'Signing in to an app with a password, used here' && signed_in grant 'user and password of an app'
}
check 'a password that an app passes on; that it ends is told' by_grant
by_token() {
	opens 'an access token' && fill token "$url" '00D5e0000000001!AQEAQ.practicf' && sees 'The session has ended' && no_secret || return 1
	keys BSpace
	fill e
	signed_in token 'access token'
}
check 'an access token, after a slip in it' by_token
address() { screen && sed -n '/choose Allow:/,/Waiting at\|Nobody waits/p' "$folder/out" | sed '1d;$d' | tr -d '\n'; }
browse() { # DECISION: where the org sends the browser
	curl -s -o /dev/null -w '%{redirect_url}' -d "$(address | sed 's/^[^?]*?//')&decision=$1" "$url/services/oauth2/authorize"
}
pasted() { # the app's callback URL is on another machine: nobody can wait for it here
	scenario '{"sign_in": {"redirect_uris": ["https://acme.example/back"]}}'
	opens 'a browser' && fill browser "$url" practice '' https://acme.example/back && sees 'Nobody waits for the browser here' || return 1
	types "$(browse allow)"
	keys Enter
	signed_in browser 'refresh token'
	status=$?
	scenario '{}'
	return $status
}
check 'a browser on another machine, whose address is pasted' pasted

# What was typed and what the org gave for it is gone
console_process() {
	for words in $(grep -sla -- "$program" /proc/[0-9]*/cmdline); do
		case $(tr '\0' ' ' <"$words") in "$program "*) basename "${words%/cmdline}" ;; esac
	done 2>/dev/null | tail -n 1
}
sees 'Longshore › Orgs' && keys t
sees 'Signed in to browser'
sanitized() { grep -qaF __asan_init "$program"; } # its shadow of the memory is terabytes long
sanitized || gdb --batch -p "$(console_process)" -ex 'set use-coredump-filter off' -ex 'set dump-excluded-mappings on' \
	-ex "generate-core-file $folder/all" >"$folder/gdb" 2>&1
if [ -s "$folder/all" ]; then
	wiped() { # what it is to hold is there, so that it was looked at
		grep -qaF "$LONGSHORE_STATE" "$folder/all" && ! grep -aoE "$1" "$folder/all" >"$folder/out"
	}
	check 'passwords and security tokens are wiped' wiped 'practice-(password|security)'
	check 'secrets of apps are' wiped 'practice-secre'
	check 'refresh tokens are' wiped 'practice-refres|"refresh_token":"'
	check 'sessions are' wiped '00D5e0000000001![A-Za-z0-9]|"access_token":"|<sessionId>'
	check 'private keys and their passphrase are' wiped "open-sesam|$(sed -n 3p "$folder/key")|$(sed -n 5p "$folder/locked")"
	check 'assertions are' wiped 'assertion=ey|eyJ[A-Za-z0-9_-]{20}'
	rm -f "$folder/all"
else
	skip 'what is left in memory' 'one process may not look at another here, or the memory is that of a sanitizer'
fi
keys q
keys q
nothing_kept() { ! grep -rqaE 'practice-(secret|password|security|refresh)|open-sesame|AQEAQ|eyJ[A-Za-z0-9_-]{20}' "$LONGSHORE_STATE" "$XDG_CONFIG_HOME"; }
check 'no secret is in the state folder, none in clear among the saved orgs' nothing_kept

echo "1..$n"
