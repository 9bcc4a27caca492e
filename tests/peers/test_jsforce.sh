#!/bin/sh
# jsforce, which was written against real orgs, does its work against the practice org; its answers are asserted in
# jsforce.mjs. Prints TAP. The pinned version is installed into the build folder; what is there already stays.
set -u
BUILD=${BUILD:-build}
here=tests/peers
home=$BUILD/peers
folder=$(mktemp -d)
org=
trap '[ -z "$org" ] || kill "$org" 2>/dev/null; rm -rf "$folder"' EXIT INT TERM

for tool in node npm; do
	command -v "$tool" >/dev/null || {
		echo "1..1"
		echo "ok 1 - jsforce works against the practice org # SKIP $tool is not installed"
		exit 0
	}
done

installed() { cmp -s "$here/package-lock.json" "$home/installed.json"; }

mkdir -p "$home"
if ! installed; then
	cp "$here/package.json" "$here/package-lock.json" "$home"
	npm ci --prefix "$home" --ignore-scripts --no-audit --no-fund --loglevel=error >"$folder/npm" 2>&1 &&
		cp "$here/package-lock.json" "$home/installed.json"
fi
if ! installed; then
	echo "1..1"
	echo "not ok 1 - jsforce can be installed"
	sed 's/^/# /' "$folder/npm"
	exit 1
fi

"$BUILD/longshore-practice" --port-file "$folder/port" >"$folder/out" 2>&1 &
org=$!
until [ -s "$folder/port" ]; do
	kill -0 "$org" 2>/dev/null || { sed 's/^/# /' "$folder/out"; exit 1; }
	sleep 0.05
done
NODE_NO_WARNINGS=1 timeout -k 5 50 node "$here/jsforce.mjs" "http://127.0.0.1:$(cat "$folder/port")" "$home"
