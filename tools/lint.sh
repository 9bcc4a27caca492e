#!/bin/sh
# Everything about the source that a machine can judge: tools/lint.sh [CHECK...]; without a name all of them.
# Each check prints what it found and a line "lint: CHECK ok"; the exit status is 1 if any found something.
set -eu

: "${BUILD:=build}" "${CPPFLAGS:=-D_GNU_SOURCE -DLONGSHORE_VERSION=\"lint\" -Isrc}"
list=$(mktemp)
trap 'rm -f "$list"' EXIT
find src tests -name '*.[ch]' -size +0 | sort >"$list"
flags="-std=c17 $(printf '%s' "$CPPFLAGS" | tr -d "'")"

check_format() {
	xargs clang-format --dry-run -Werror <"$list"
}

check_tidy() { # two at a time: as many as the machine has cores
	make --silent -o setup -k -j 2 tidy BUILD="$BUILD"
}

check_cppcheck() {
	mkdir -p "$BUILD/cppcheck"
	cppcheck --cppcheck-build-dir="$BUILD/cppcheck" --std=c11 --language=c --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
		--suppressions-list=tools/cppcheck.suppress --quiet -j 2 $CPPCHECK_FLAGS src
}
CPPCHECK_FLAGS="-D_GNU_SOURCE -DLONGSHORE_VERSION=\"lint\" -Isrc --template={file}:{line}:{id}:{message}"

check_headers() { # each compiles alone, twice in a row too
	found=0
	for header in $(grep '\.h$' "$list"); do
		printf '#include "%s"\n#include "%s"\n' "$PWD/$header" "$PWD/$header" |
			${CC:-cc} $flags -Wall -Wextra -Werror -fsyntax-only -x c - || found=1
	done
	return $found
}

check_includes() {
	tools/check_includes.sh
}

check_length() { # of functions and files, in lines
	grep '\.c$' "$list" | xargs ctags -x --c-kinds=f --fields=+e --_xformat='%F %N %n %e' |
		awk '$4 - $3 + 1 > 80 { printf "%s:%d: %s() is %d lines long, 80 at most\n", $1, $3, $2, $4 - $3 + 1; bad = 1 }
			END { exit bad }' || return 1
	grep '^src/' "$list" | xargs wc -l |
		awk '$2 != "total" && $1 > 600 { printf "%s: %d lines, 600 at most\n", $2, $1; bad = 1 } END { exit bad }'
}

check_leftovers() {
	! xargs grep -nE 'TODO|FIXME' <"$list"
}

[ $# -gt 0 ] || set -- format headers includes length leftovers cppcheck tidy
status=0
for check in "$@"; do
	if "check_$check"; then
		echo "lint: $check ok"
	else
		echo "lint: $check FAILED"
		status=1
	fi
done
exit $status
