#!/bin/sh
# The Salesforce CLI does its work against the practice org; its answers are asserted in salesforce_cli.mjs. Prints TAP.
# It keeps to itself: a home of its own, no telemetry, no look for updates, no browser.
set -u
subject='the Salesforce CLI works against the practice org'
. tests/peers/peer.sh
env HOME="$folder/home" SF_DISABLE_TELEMETRY=true SF_AUTOUPDATE_DISABLE=true SF_DISABLE_AUTOUPDATE=true \
	SF_SKIP_NEW_VERSION_CHECK=true SF_USE_GENERIC_UNIX_KEYCHAIN=true SF_DISABLE_LOG_FILE=true NODE_NO_WARNINGS=1 \
	timeout -k 5 800 "$node" "$here/salesforce_cli.mjs" "$url" "$home"
