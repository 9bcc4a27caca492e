# What the tests of this folder share: clients that others wrote are installed into the build folder, once, and a practice
# org is started for them. Sourced; the caller has set `subject`, what a skipped or failed case tells of, and `tls` to something
# where the org is to be reached over TLS, with a certificate made for the test: $folder/cert.
BUILD=${BUILD:-build}
here=tests/peers
home=$BUILD/peers
folder=$(mktemp -d)
org=
trap '[ -z "$org" ] || kill "$org" 2>/dev/null; rm -rf "$folder"' EXIT INT TERM

give_up() { # WHY: one skipped case
	echo "1..1"
	echo "ok 1 - $subject # SKIP $1"
	exit 0
}

installed() { cmp -s "$here/package-lock.json" "$home/installed.json"; }

# Two tests may come at once: one installs, the other waits for it.
install_peers() {
	mkdir -p "$home"
	exec 9>"$home/lock"
	command -v flock >/dev/null && flock 9
	if ! installed; then
		cp "$here/package.json" "$here/package-lock.json" "$home"
		npm ci --prefix "$home" --ignore-scripts --no-audit --no-fund --loglevel=error >"$folder/npm" 2>&1 9>&- &&
			cp "$here/package-lock.json" "$home/installed.json"
	fi
	exec 9>&-
	installed && return
	echo "1..1"
	echo "not ok 1 - $subject: npm installs it"
	sed 's/^/# /' "$folder/npm"
	exit 1
}

# The Node that came with the clients, else the system's if it is new enough.
find_node() {
	for node in "$home"/node_modules/node-linux-*/bin/node "$(command -v node)"; do
		[ -x "$node" ] && "$node" -e 'process.exit(parseInt(process.versions.node) < 22 ? 1 : 0)' 2>/dev/null && return
	done
	give_up "it wants Node 22 or newer"
}

start_org() { # [OPTIONS]: its address in $url
	"$BUILD/longshore-practice" --port-file "$folder/port" "$@" >"$folder/out" 2>&1 &
	org=$!
	until [ -s "$folder/port" ]; do
		kill -0 "$org" 2>/dev/null || { sed 's/^/# /' "$folder/out"; exit 1; }
		sleep 0.05
	done
	url=http://127.0.0.1:$(cat "$folder/port")
}

start_tls_org() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$folder/key" -out "$folder/cert" -days 2 -subj /CN=practice \
		-addext 'subjectAltName=IP:127.0.0.1' 2>/dev/null
	start_org --tls "$folder/cert" "$folder/key"
	url=https${url#http}
}

command -v npm >/dev/null || give_up "npm is not installed"
install_peers
find_node
if [ -n "${tls:-}" ]; then start_tls_org; else start_org; fi
