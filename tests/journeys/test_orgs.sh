#!/bin/sh
# Saved orgs: added in every way but the browser's, listed, tried, used for loads, locked, changed, sealed; and what tampering,
# a wrong passphrase and a dead refresh token meet. Prints TAP.
. tests/journeys/headless.sh
saved=$XDG_CONFIG_HOME/longshore

start_org
scenario() { post scenario "$1"; }
printf 'LastName,Ext__c\n' >"$folder/in.csv"
seq 1 30 | sed 's/.*/Name &,O-&/' >>"$folder/in.csv"
contacts='--object Contact --action insert --json --again'
no_secret() { ! grep -qE 'practice-(secret|password|security|refresh)|AQEAQ|horse' "$folder/out" "$folder/err"; }
refused() { # STATUS PATTERN WORDS...
	wanted=$1 pattern=$2
	shift 2
	run "$wanted" "$@" && said "$pattern" && no_secret
}
is_saved() { run 0 org list --json && no_secret && json "$1"; } # FILTER: of the list
private() { [ "$(stat -c %a "$1")" = "$2" ]; }                  # PATH MODE

# Added, looked at
nothing_yet() { run 0 org list --json && json '. == []' && [ ! -e "$saved" ]; }
check 'at first there is none, and looking makes nothing' nothing_yet
add_config() {
	run 0 org add practice --config "$folder/org.json" --json && no_secret && json '.name == "practice" and .exit == 0 and
		.org_id == "00D5e0000000001EAA" and .user == "operator@practice.example" and .kind == "practice" and
		.sign_in == "refresh token" and .locked == false and .trouble == null and .production == false'
}
check 'added with a file of settings' add_config
is_private() { private "$saved" 700 && private "$saved/orgs" 600 && private "$saved/orgs.key" 600; }
check 'folder and files are private' is_private
sealed() { [ -s "$saved/orgs" ] && ! grep -rqE 'practice-refresh|AQEAQ' "$saved"; }
check 'no secret lies there in clear' sealed
check 'a name that is none' refused 1 'letters, digits' org add 'a b' --config "$folder/org.json"
jq '.refresh_token = "practice-refreshx"' "$folder/org.json" >"$folder/dead.json"
check 'a way that is refused is not saved' refused 2 'the refresh token' org add other --config "$folder/dead.json"
check 'so there is one' is_saved 'length == 1 and .[0].name == "practice" and .[0].tried != null'
listed() { run 0 org && grep -q '^practice  *practice  *Longshore Practice' "$folder/out" && grep -q 'signed in' "$folder/out"; }
check 'a list for people' listed
check 'how, is asked' refused 1 'how does one sign in' org add other
check 'which one, is asked' refused 1 'which one' org test
check 'a slip is told' refused 1 'the nearest is remove' org remov practice
check 'an unknown one is told' refused 1 'there is no saved org practise: there are practice' org test practise
by_token() {
	printf '00D5e0000000001!AQEAQ.practice\n' >"$folder/token"
	timeout 60 "$longshore" org add by-token --token --url "$url" --json <"$folder/token" >"$folder/out" 2>"$folder/err" &&
		no_secret && json '.sign_in == "access token"'
}
check 'added with an access token from standard input' by_token
by_environment() {
	LONGSHORE_LOGIN_URL=$url LONGSHORE_CLIENT_ID=practice LONGSHORE_CLIENT_SECRET=practice-secret run 0 org add by-env --json &&
		no_secret && json '.sign_in == "client credentials"'
}
check 'added with what the environment says' by_environment

# The Salesforce CLI, as far as it matters here: it gives a session that it renews by itself
mkdir "$folder/bin"
cat >"$folder/bin/sf" <<END
#!/bin/sh
[ "\$*" = "org display --target-org mine --json" ] || {
	echo '{"status": 1, "name": "NamedOrgNotFoundError", "message": "No authorization information found for '"\$4"'."}'
	exit 1
}
echo x >>"$folder/sf.calls"
token=\$(curl -s -d 'grant_type=refresh_token&client_id=practice&refresh_token=practice-refresh' $url/services/oauth2/token | jq -r .access_token)
jq -n --arg token "\$token" '{status: 0, result: {accessToken: \$token, instanceUrl: "$url", username: "operator@practice.example"}}'
END
chmod 755 "$folder/bin/sf"
sf() { PATH="$folder/bin:$PATH" run "$@"; }
taken_over() { sf 0 org add from-sf --from-sf mine --json && no_secret && json '.sign_in == "Salesforce CLI"'; }
check 'taken over from the Salesforce CLI' taken_over
sf_loads() {
	rm "$folder/sf.calls"
	scenario '{"faults": [{"path": "*/jobs/ingest", "nth": 1, "action": "expire_sessions"}]}'
	sf 0 load "$folder/in.csv" --org from-sf $contacts && json '.created == 30' && created_once O 30 &&
		[ "$(wc -l <"$folder/sf.calls")" -eq 3 ] # the command, its engine, a renewal
	status=$?
	scenario '{}'
	post reset '{}'
	return $status
}
check 'a load with its session, which ends on the way' sf_loads
sf_unknown() { sf 2 org add other --from-sf yours && said 'No authorization information found for yours' && said 'sf org login web --alias yours'; }
check 'the Salesforce CLI does not know it' sf_unknown
no_sf() { PATH=/usr/bin:/bin run 1 org test from-sf && said 'there is no sf command here'; }
check 'there is no Salesforce CLI' no_sf

# Used
check 'tested' run 0 org test practice
limits_left() { # the practice org's, before and after ten calls
	scenario '{"daily_limit": 5000, "daily_batch_limit": 40}'
	post reset '{}'
	run 0 org limits practice --json && no_secret && json '.exit == 0 and .org_id == "00D5e0000000001EAA" and .calls.most == 5000 and
		.calls.left + .calls.used == 5000 and .batches == {"left": 40, "used": 0, "most": 40} and .data_mb.most == 1024 and
		.file_mb.left == 1024' || return 1
	used=$(jq .calls.used "$folder/out")
	for _ in 1 2 3; do run 0 org limits practice --json || return 1; done
	json ".calls.used > $used and .calls.used == $(get counters | jq .api_calls)"
}
check 'what is left of its limits' limits_left
limits_shown() {
	run 0 org limits practice && grep -qE '^API calls of 24 hours +4,9[0-9]+ left of 5,000, [0-9]+ used$' "$folder/out" &&
		grep -qE '^batches of 24 hours +40 left of 40, 0 used$' "$folder/out" && grep -q 'MB of storage for records' "$folder/out"
}
check 'the same for people' limits_shown
limits_unsaid() {
	scenario '{"faults": [{"path": "*/limits", "action": "answer", "status": 200, "type": "application/json", "body": "{}"}]}'
	run 0 org limits practice --json && json '.calls == null and .batches == null and .data_mb == null' &&
		run 0 org limits practice && grep -q '^API calls of 24 hours  *the org does not say' "$folder/out"
}
check 'an org that does not say' limits_unsaid
limits_refused() {
	scenario '{"faults": [{"path": "*/limits", "action": "answer", "status": 403, "type": "application/json",
		"body": "[{\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\",\"message\":\"TotalRequests Limit exceeded.\"}]"}]}'
	run 5 org limits practice --json && json '.exit == 5 and (.error | test("TotalRequests Limit exceeded"))'
	status=$?
	scenario '{}'
	return $status
}
check 'an org that has no call left' limits_refused
check 'limits of which one, is asked' refused 1 'longshore org limits NAME' org limits
check 'its objects' run 0 objects --org practice --json
check 'a file or a saved org, not both' refused 1 'give one of them' objects --org practice --config "$folder/org.json"
loads() {
	run 0 load "$folder/in.csv" --org practice $contacts --expect-org practice && json '.created == 30' && created_once O 30 &&
		run 0 show "$(newest)" --json && no_secret
}
check 'a load, of the org that is expected' loads
check 'another org than expected' refused 1 'as --expect-org says' load "$folder/in.csv" --org practice $contacts --expect-org elsewhere
goes_on() { # without being told with what to sign in
	scenario '{"faults": [{"path": "*/jobs/ingest*", "action": "answer", "status": 503, "body": ""}]}'
	begin "$folder/in.csv" --org practice $contacts
	until_so is_waiting
	kill -TERM "$loader"
	ended 5
	scenario '{}'
	run 0 resume "$id" --json && json '.created == 30'
}
is_waiting() { [ "$(newest)" -eq "$id" ] && is "$id" waiting; }
post reset '{}'
check 'a run goes on with the org it began with' goes_on

# The API version of a run
older=$(jq -cn '{path: "/services/data", action: "answer", status: 200, type: "application/json",
	body: ([{label: "x", url: "/services/data/v60.0", version: "60.0"}] | tojson)}')
gone='{"path": "/services/data/v66.0/*", "action": "answer", "status": 410, "body": ""}'
kept_version() { # begun when the org's newest was 60.0, gone on with when it is 66.0: a request to that would fail
	scenario "{\"faults\": [$older, {\"path\": \"*/v60.0/jobs/ingest*\", \"action\": \"answer\", \"status\": 503, \"body\": \"\"}]}"
	begin "$folder/in.csv" --org practice $contacts
	until_so is_waiting
	kill -TERM "$loader"
	ended 5
	scenario "{\"faults\": [$gone]}"
	run 0 resume "$id" --json && json '.created == 30'
}
post reset '{}'
check 'a run keeps the API version that it began with' kept_version
by_version() { curl -s -H 'Authorization: Bearer 00D5e0000000001!AQEAQ.practice' "$url/services/data/v66.0/jobs/ingest/$(show "$id" '.jobs[0].id')" | jq -e '.apiVersion == 60' >/dev/null; }
scenario '{}'
check 'the org made its job by that' by_version
post reset '{}'
scenario "{\"faults\": [$gone]}"
check 'a new run takes the newest, and so meets what the other did not' run 2 load "$folder/in.csv" --org practice $contacts --again
scenario '{}'

# Locked
post reset '{}'
check 'locked' run 0 org lock practice --json
stays_out() { # WORDS: nothing is written, and no run is left
	runs=$(newest)
	refused 1 'practice is locked: it is looked at and checked, never written to' load "$folder/in.csv" "$@" $contacts &&
		[ "$(writes) $(newest)" = "0 $runs" ]
}
check 'a load into a locked org' stays_out --org practice
check 'nor with settings from elsewhere' stays_out --config "$folder/org.json"
check 'checked it may be' run 0 check "$folder/in.csv" --org practice --object Contact --action insert
locked_under_way() { # a run that began before
	run 0 org unlock practice
	scenario '{"faults": [{"path": "*/jobs/ingest*", "action": "answer", "status": 503, "body": ""}]}'
	begin "$folder/in.csv" --org practice $contacts
	until_so is_waiting
	kill -TERM "$loader"
	ended 5
	scenario '{}'
	run 0 org lock practice
	refused 1 'practice is locked' resume "$id" --json && [ "$(writes)" = 0 ] && run 0 org unlock practice && run 0 resume "$id" --json
}
check 'a run does not go on in a locked org' locked_under_way

# Changed
renamed() { run 0 org rename by-env app && is_saved 'map(.name) == ["app", "by-token", "from-sf", "practice"]' && run 0 org test app; }
check 'renamed' renamed
check 'to a name that is there' refused 1 'there is a saved org practice already' org rename app practice
changed() { run 0 org change practice --colour magenta --api-version 60.0 --json && json '.colour == "magenta" and .api_version == "60.0"'; }
check 'colour and API version' changed
check 'a colour that is none' refused 1 'takes red, yellow' org change practice --colour mauve
check 'a version that is none' refused 1 'must look like 62.0' org change practice --api-version v62
check 'nothing to change' refused 1 'say what is to change' org change practice
exported() { run 0 org export practice && no_secret && json '.client_id == "practice" and .login_url != null and (has("refresh_token") | not)'; }
check 'exported without its secrets' exported
removed() { refused 1 'There is no terminal' org remove app && run 0 org remove app --yes --json && json '.removed == "app"' && is_saved 'length == 3'; }
check 'removed, which is asked' removed

# A refresh token that the org replaces is kept
rotates() {
	scenario '{"sign_in": {"rotate_refresh_token": true}}'
	post reset '{}'
	run 0 org test practice && run 0 load "$folder/in.csv" --org practice $contacts && json '.created == 30' && run 0 org test practice
	status=$?
	scenario '{}'
	return $status
}
check 'a refresh token that changes each time' rotates
dies() { # the one that was kept is revoked in mid-load; signed in again, the run goes on
	post reset '{}'
	run 0 org add practice --config "$folder/org.json"
	scenario '{"faults": [{"path": "*/jobs/ingest", "nth": 1, "action": "expire_sessions"},
		{"path": "*/oauth2/token", "nth": 3, "action": "answer", "status": 400,
		 "body": "{\"error\":\"invalid_grant\",\"error_description\":\"expired access/refresh token\"}"}]}'
	run 2 load "$folder/in.csv" --org practice $contacts && said 'sign in again with .longshore org add practice' || return 1
	id=$(newest)
	is "$id" paused && run 0 show "$id" --json && json '.why | test("sign in again with")' &&
		is_saved 'map(select(.name == "practice"))[0].trouble == null' || return 1
	scenario '{}'
	run 0 org add practice --config "$folder/org.json" && run 0 resume "$id" --json && json '.created == 30' && created_once O 30
}
check 'a dead refresh token pauses the run; it goes on after signing in again' dies

# Sealed with a passphrase
with_passphrase() { # the new one
	LONGSHORE_NEW_PASSPHRASE='correct horse' run 0 org passphrase && [ ! -e "$saved/orgs.key" ] && private "$saved/orgs" 600
}
check 'a passphrase' with_passphrase
check 'the list needs none' is_saved 'length == 3'
check 'without it nobody signs in' refused 1 'LONGSHORE_PASSPHRASE' objects --org practice
wrong() { LONGSHORE_PASSPHRASE='wrong horse' refused 1 'not the passphrase' objects --org practice; }
check 'a wrong one' wrong
right() { post reset '{}'; LONGSHORE_PASSPHRASE='correct horse' run 0 load "$folder/in.csv" --org practice $contacts && no_secret && json '.created == 30'; }
check 'a load with it' right
back() { LONGSHORE_PASSPHRASE='correct horse' LONGSHORE_NEW_PASSPHRASE='' run 0 org passphrase && private "$saved/orgs.key" 600 && run 0 org test practice; }
check 'and back to a key file' back

# What was changed by others
tampered() {
	cp "$saved/orgs" "$folder/orgs.good"
	sed -i 's,^instance_url .*,instance_url https://evil.example,' "$saved/orgs"
	refused 1 'was changed by something else than Longshore' org test practice
	status=$?
	cp "$folder/orgs.good" "$saved/orgs"
	return $status
}
check 'a changed entry is not used' tampered
open_to_others() {
	chmod 640 "$saved/orgs"
	refused 1 'chmod 600' org list
	status=$?
	chmod 600 "$saved/orgs"
	return $status
}
check 'a file that others can read is refused' open_to_others
nothing_kept() { [ -s "$saved/orgs" ] && ! grep -rqE 'practice-(secret|password|security|refresh)|AQEAQ|horse' "$LONGSHORE_STATE" "$saved"; }
check 'no secret is in the state folder, none in clear among the saved orgs' nothing_kept

echo "1..$n"
