#!/bin/sh
# Which room may include which, and where each library is at home: the arrows of the design, as a table.
set -eu

# room | rooms it may include besides its own (a header, where only that one is meant) | libraries that are at home there
rooms() {
	cat <<-'END'
	src/base|-|xxhash.h
	src/store|src/base|sqlite3.h openssl/
	src/core/source|src/base|zlib.h zstd.h iconv.h yajl/ minizip/ expat.h
	src/core/org|src/base|curl/curl.h jansson.h openssl/ zlib.h
	src/core/plan|src/base src/core/source src/core/org/describe.h|jansson.h
	src/core/engine|src/base src/store src/core/source src/core/org src/core/plan|-
	src/ui/console|src/base src/store src/core/source src/core/org src/core/plan src/core/engine|curses.h ncurses.h wchar.h
	src/ui/command|src/base src/store src/core/source src/core/org src/core/plan src/core/engine src/ui/console/console.h|-
	src/practice|src/base|microhttpd.h sqlite3.h jansson.h openssl/ zlib.h expat.h
	END
}

# library header | most files of a room that may include it
ceilings() {
	cat <<-'END'
	src/core/org|curl/curl.h|1
	src/practice|microhttpd.h|1
	src/practice|expat.h|1
	src/core/source|expat.h|1
	src/core/source|minizip/unzip.h|1
	src/ui/console|curses.h|3
	src/store|openssl/evp.h|1
	END
}

libraries='xxhash|sqlite3|zlib|zstd|iconv|yajl|curl|jansson|openssl|curses|ncurses|microhttpd|expat|minizip'
bad=0
list=$(mktemp)
trap 'rm -f "$list"' EXIT

complain() {
	echo "$1"
	bad=1
}

for room in $(rooms | cut -d'|' -f1); do
	line=$(rooms | grep "^$room|")
	may=$(printf '%s' "$line" | cut -d'|' -f2)
	home=$(printf '%s' "$line" | cut -d'|' -f3)
	[ -d "$room" ] || continue
	grep -rnoE --include='*.[ch]' '^#[[:space:]]*include[[:space:]]+["<][^">]+[">]' "$room" |
		sed -E 's/^([^:]*):([0-9]+):[^"<]*(["<])([^">]*)[">]/\1 \2 \3 \4/' >"$list"
	while read -r file number kind header; do
		if [ "$kind" = '"' ]; then
			target=src/$header
			[ -f "$target" ] || complain "$file:$number: \"$header\" is not written from src/"
			ok=0
			for allowed in "$room" $may; do
				case $target in "$allowed" | "$allowed"/*) ok=1 ;; esac
			done
			[ $ok = 1 ] || complain "$file:$number: $room may not include $header"
		elif printf '%s' "$header" | grep -qE "^($libraries)(\.h|/)"; then
			ok=0
			for allowed in $home; do
				case $header in "$allowed"*) ok=1 ;; esac
			done
			[ $ok = 1 ] || complain "$file:$number: <$header> is not at home in $room"
		fi
	done <"$list"
done

for line in $(ceilings); do
	IFS='|' read -r room header most <<-END
	$line
	END
	[ -d "$room" ] || continue
	count=$(grep -rlF --include='*.[ch]' "<$header>" "$room" | wc -l)
	[ "$count" -le "$most" ] || complain "$room: $count files include <$header>, $most at most"
done
exit $bad
