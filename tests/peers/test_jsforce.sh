#!/bin/sh
# jsforce, which was written against real orgs, does its work against the practice org; its answers are asserted in
# jsforce.mjs. Prints TAP.
set -u
subject='jsforce works against the practice org'
. tests/peers/peer.sh
NODE_NO_WARNINGS=1 timeout -k 5 100 "$node" "$here/jsforce.mjs" "$url" "$home"
