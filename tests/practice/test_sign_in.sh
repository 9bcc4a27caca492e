#!/bin/sh
# Signing in to the practice org from outside: over https with a certificate made here, and with a JWT that openssl
# signs. Prints TAP; needs curl and openssl.
. tests/practice/program.sh

call() { curl -sS --cacert "$folder/cert" "$@" 2> "$folder/curl"; }
refused() { ! "$@" > /dev/null 2>&1; }
value() { sed 's/.*"'"$1"'":"\([^"]*\)".*/\1/'; }

encode() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
jwt() { # SECONDS: an assertion that ends so late
	head=$(printf '{"alg":"RS256"}' | encode)
	claims=$(printf '{"iss":"practice","sub":"operator@practice.example","aud":"https://login.salesforce.com","exp":%s}' \
		"$(($(date +%s) + $1))" | encode)
	printf '%s.%s.%s' "$head" "$claims" "$(printf '%s.%s' "$head" "$claims" | openssl dgst -sha256 -sign "$folder/key" -binary | encode)"
}
bear() { # URL SECONDS
	call -d 'grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer' --data-urlencode "assertion=$(jwt "$2")" "$1/services/oauth2/token"
}

openssl req -x509 -newkey rsa:2048 -nodes -keyout "$folder/key" -out "$folder/cert" -days 2 -subj /CN=practice \
	-addext 'subjectAltName=IP:127.0.0.1,DNS:localhost' 2> /dev/null
openssl genrsa -out "$folder/other" 2048 2> /dev/null

start --tls "$folder/cert" "$folder/key" --certificate "$folder/cert"
url=https://127.0.0.1:$port
answer=$(bear "$url" 120)
check 'a signed assertion gives a session, over https' has "$answer" '"access_token":"00D5e0000000001!'
check 'the instance URL is https too' has "$answer" "\"instance_url\":\"$url\""
token=$(echo "$answer" | value access_token)
check 'the session works there' has "$(call -H "Authorization: Bearer $token" "$url/services/data/v62.0/limits")" DailyApiRequests
check 'what is named in answers is https' has "$(call -H "Authorization: Bearer $token" "$url/services/oauth2/userinfo")" "\"custom_domain\":\"$url\""
check 'an assertion that has ended is refused' has "$(bear "$url" -5)" '"error_description":"expired assertion"'
check 'plain http gets no answer' refused curl -sS -m 10 "http://127.0.0.1:$port/services/data"
check 'who does not know the certificate does not go on' refused curl -sS "$url/services/data"
head -c 3000000 /dev/zero | tr '\0' 'x' > "$folder/big"
check 'a large request goes through TLS' has "$(call -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
	--data-binary "@$folder/big" "$url/services/data/v62.0/sobjects/Account")" JSON_PARSER_ERROR
end TERM

check 'a certificate that is not there is an error' fails_with 1 "cannot read $folder/none" --certificate "$folder/none"
check 'a file without a certificate is an error' fails_with 1 'holds no certificate and no public RSA key' --certificate "$folder/big"
check 'a private key is no certificate' fails_with 1 'holds no certificate in PEM' --tls "$folder/key" "$folder/key"
check 'a key of another certificate is an error' fails_with 1 'holds no private key in PEM that belongs to' \
	--tls "$folder/cert" "$folder/other"
check 'a certificate without its key is an error' fails_with 1 'takes two files' --tls "$folder/cert"
echo "1..$n"
