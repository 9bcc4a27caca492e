#!/bin/sh
# An operator signs in with a real browser without a screen, to an org over TLS; what happens is asserted in sign_in.mjs. Prints TAP.
set -u
subject='longshore org add --browser works with a browser'
command -v chromedriver >/dev/null || {
	echo "1..1"
	echo "not ok 1 - $subject: chromedriver is not installed (tools/setup.sh peers)"
	exit 1
}
tls=yes
. tests/peers/peer.sh
env HOME="$folder/home" NODE_NO_WARNINGS=1 NODE_EXTRA_CA_CERTS="$folder/cert" timeout -k 5 100 "$node" "$here/sign_in.mjs" "$url" "$BUILD/longshore" "$folder"
