#!/bin/sh
# A user allows an app in, or does not, on the practice org's authorize page in a real browser without a screen; what page and
# app see is asserted in authorize.mjs. Prints TAP.
set -u
subject='the authorize page works in a browser'
command -v chromedriver >/dev/null || {
	echo "1..1"
	echo "not ok 1 - $subject: chromedriver is not installed (tools/setup.sh peers)"
	exit 1
}
. tests/peers/peer.sh
env HOME="$folder/home" NODE_NO_WARNINGS=1 timeout -k 5 100 "$node" "$here/authorize.mjs" "$url" "$home"
