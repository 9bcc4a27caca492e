#!/bin/sh
# Finds what is missing to build, test or lint Longshore and installs it: tools/setup.sh build [test] [lint] [fuzz] [bench] [peers]
# Debian and its kin: apt-get, through sudo when not root, after saying what. Elsewhere the names of the packages are
# printed. LONGSHORE_NO_INSTALL=1: prints the command and stops. Prints nothing and exits 0 when all is there.
set -eu

# kind | how it shows (c: a command, h: a C header, f: a file, one of these,
# x: a function below) | apt-get | dnf | pacman | brew
table() {
	cat <<-'END'
	build|c:cc|gcc|gcc|gcc|gcc
	build|c:ar|binutils|binutils|binutils|binutils
	build|h:stdio.h|libc6-dev|glibc-devel|glibc|-
	build|h:curses.h|libncurses-dev|ncurses-devel|ncurses|ncurses
	build|h:curl/curl.h|libcurl4-openssl-dev|libcurl-devel|curl|curl
	build|h:jansson.h|libjansson-dev|jansson-devel|jansson|jansson
	build|h:sqlite3.h|libsqlite3-dev|sqlite-devel|sqlite|sqlite
	build|h:openssl/evp.h|libssl-dev|openssl-devel|openssl|openssl@3
	build|h:zlib.h|zlib1g-dev|zlib-devel|zlib|zlib
	build|h:yajl/yajl_parse.h|libyajl-dev|yajl-devel|yajl|yajl
	build|h:zstd.h|libzstd-dev|libzstd-devel|zstd|zstd
	build|h:microhttpd.h|libmicrohttpd-dev|libmicrohttpd-devel|libmicrohttpd|libmicrohttpd
	build|h:minizip/unzip.h|libminizip-dev|minizip-compat-devel|minizip|minizip
	build|h:expat.h|libexpat1-dev|expat-devel|expat|expat
	build|h:xxhash.h|libxxhash-dev|xxhash-devel|xxhash|xxhash
	build|f:/etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem|ca-certificates|ca-certificates|ca-certificates|ca-certificates
	build|f:/usr/share/zoneinfo/UTC|tzdata|tzdata|tzdata|-
	test|h:setjmp.h stdarg.h stddef.h stdint.h cmocka.h|libcmocka-dev|libcmocka-devel|cmocka|cmocka
	test|c:tmux|tmux|tmux|tmux|tmux
	test|c:jq|jq|jq|jq|jq
	test|c:curl|curl|curl|curl|curl
	test|c:gdb|gdb-minimal|gdb|gdb|gdb
	test|c:openssl|openssl|openssl|openssl|openssl@3
	lint|c:clang-format|clang-format|clang-tools-extra|clang|clang-format
	lint|c:clang-tidy|clang-tidy|clang-tools-extra|clang|llvm
	lint|c:cppcheck|cppcheck|cppcheck|cppcheck|cppcheck
	lint|c:ctags|universal-ctags|ctags|ctags|universal-ctags
	lint|h:setjmp.h stdarg.h stddef.h stdint.h cmocka.h|libcmocka-dev|libcmocka-devel|cmocka|cmocka
	bench|h:csv.h|libcsv-dev|libcsv-devel|libcsv|libcsv
	bench|c:python3|python3|python3|python|python
	peers|c:node|nodejs|nodejs|nodejs|node
	peers|c:npm|npm|nodejs-npm|npm|node
	peers|c:chromedriver|chromium-driver|chromedriver|chromium|chromedriver
	fuzz|c:clang|clang|clang|clang|llvm
	fuzz|c:llvm-symbolizer|llvm|llvm|llvm|llvm
	fuzz|x:libfuzzer|libclang-rt-14-dev|compiler-rt|compiler-rt|llvm
	END
}

compiler=${CC:-cc}
kinds=" $* "

preprocess() { # headers: do they exist, seen from the compiler?
	for header in "$@"; do
		printf '#include <%s>\n' "$header"
	done | $compiler -x c -E -o /dev/null - 2>/dev/null
}

libfuzzer() {
	echo 'int LLVMFuzzerTestOneInput(const char *p, unsigned long n) { return p && n > 9; }' |
		clang -x c -fsanitize=fuzzer,address -o /dev/null - 2>/dev/null
}

there() { # one entry of the table
	case $1 in
	c:cc) command -v "${compiler%% *}" >/dev/null ;;
	c:*) command -v "${1#c:}" >/dev/null ;;
	h:*) preprocess ${1#h:} ;;
	x:*) "${1#x:}" ;;
	f:*) for file in ${1#f:}; do [ -e "$file" ] && return 0; done; return 1 ;;
	esac
}

wanted() {
	table | while IFS='|' read -r kind entry rest; do
		case $kinds in *" $kind "*) printf '%s|%s\n' "$entry" "$rest" ;; esac
	done
}

# All headers at once is the common case and takes one compiler run.
all_there() {
	wanted | { while IFS='|' read -r entry rest; do
		case $entry in h:*) ;; *) there "$entry" || exit 1 ;; esac
	done; } || return 1
	preprocess $(wanted | sed -n 's/^h:\([^|]*\)|.*/\1/p')
}

missing() { # column of the table: names of the packages that are missing, each once
	wanted | while IFS='|' read -r entry apt dnf pacman brew; do
		there "$entry" && continue
		case $1 in apt) echo "$apt" ;; dnf) echo "$dnf" ;; pacman) echo "$pacman" ;; brew) echo "$brew" ;; esac
	done | grep -vx -e - | sort -u | tr '\n' ' '
}

all_there 2>/dev/null && exit 0

if ! command -v apt-get >/dev/null; then
	echo "Longshore needs some packages that are not here. Install them, then run this again:" >&2
	echo "  dnf install $(missing dnf)" >&2
	echo "  pacman -S $(missing pacman)" >&2
	echo "  brew install $(missing brew)" >&2
	exit 1
fi

packages=$(missing apt)
as_root=
[ "$(id -u)" = 0 ] || as_root="sudo "
command="${as_root}apt-get install -y --no-install-recommends $packages"

if [ "${LONGSHORE_NO_INSTALL:-}" = 1 ]; then
	echo "Longshore needs packages that are not here (LONGSHORE_NO_INSTALL is set, so nothing was done):" >&2
	echo "  $command" >&2
	exit 1
fi
if [ -n "$as_root" ] && ! command -v sudo >/dev/null; then
	echo "Longshore needs packages that are not here, and there is no sudo. Run as root:" >&2
	echo "  ${command#sudo }" >&2
	exit 1
fi

echo "Longshore needs packages that are not here. Installing them:" >&2
echo "  $command" >&2
export DEBIAN_FRONTEND=noninteractive
# sudo drops the environment, so the setting goes through env
${as_root}env DEBIAN_FRONTEND=noninteractive apt-get update -q >&2
${as_root}env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages >&2

still=$(missing apt)
if [ -n "$still" ]; then
	echo "still missing after the installation: $still" >&2
	exit 1
fi
