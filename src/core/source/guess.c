#include "core/source/guess.h"

#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/text.h"
#include "core/source/dialect.h"
#include "core/source/singer.h"

static bool begins(struct slice head, const char *with, size_t len)
{
	return head.len >= len && memcmp(head.at, with, len) == 0;
}

#define BEGINS(head, with) begins(head, with, sizeof(with) - 1)

const char *guess_foreign(struct slice head)
{
	if (BEGINS(head, "\xd0\xcf\x11\xe0"))
		return "is an older workbook (.xls), or one with a password: save it as .xlsx without one, or "
		       "as CSV";
	return NULL;
}

bool guess_zip(struct slice head)
{
	return BEGINS(head, "PK\x03\x04");
}

/* The first byte from `at` that is no white space; NUL if there is none. */
static char next_seen(struct slice head, size_t *at)
{
	while (*at < head.len && strchr(" \t\r\n", head.at[*at]) && head.at[*at])
		(*at)++;
	return *at < head.len ? head.at[(*at)++] : '\0';
}

/* The line that begins at `at`, as far as it is known. */
static struct slice first_line(struct slice head, size_t at)
{
	const char *end = memchr(head.at + at, '\n', head.len - at);

	return slice_trim(
		(struct slice){ head.at + at, (size_t)((end ? end : head.at + head.len) - (head.at + at)) });
}

/* Of a text that begins with an object. */
static enum format guess_objects(struct slice line, char why[GUESS_WHY])
{
	bool whole = line.len > 0 && line.at[line.len - 1] == '}';
	const char *type;

	if (singer_begins(line, &type)) {
		snprintf(why, GUESS_WHY, "its first line is a %s of Singer", type);
		return FORMAT_SINGER;
	}
	snprintf(why, GUESS_WHY, "its first line %s an object", whole ? "is" : "begins");
	return whole ? FORMAT_JSONL : FORMAT_JSON;
}

enum format guess_format(struct slice head, char why[GUESS_WHY])
{
	size_t at = guess_mark(head), begin;
	char first = next_seen(head, &at), second;

	begin = at - (first != '\0');
	second = next_seen(head, &at);
	if (first == '[' && (second == '{' || second == ']')) {
		snprintf(why, GUESS_WHY, "begins with [ and %c", second);
		return FORMAT_JSON;
	}
	if (first == '{' && (second == '"' || second == '}'))
		return guess_objects(first_line(head, begin), why);
	snprintf(why, GUESS_WHY, "no other format");
	return FORMAT_CSV;
}

enum packing guess_packing(struct slice head)
{
	if (BEGINS(head, "\x1f\x8b\x08"))
		return PACKING_GZIP;
	return BEGINS(head, "\x28\xb5\x2f\xfd") ? PACKING_ZSTD : PACKING_NONE;
}

/* Text in UTF-16 that is mostly English is every second byte NUL: the first of a pair says which one. */
static enum encoding half_nul(struct slice head)
{
	size_t len = head.len < 4096 ? head.len : 4096, nul[2] = { 0 };

	for (size_t i = 0; i < len; i++)
		nul[i % 2] += head.at[i] == '\0';
	if (nul[0] + nul[1] <= len / 4)
		return ENCODING_GUESSED;
	return nul[1] > nul[0] ? ENCODING_UTF_16LE : ENCODING_UTF_16BE;
}

/* What the bytes beyond ASCII are, if they are read as UTF-8, and as Shift-JIS. */
struct foreign {
	size_t utf_8, no_utf_8; /* characters; bytes that are none */
	size_t pairs, low_pairs,
		no_sjis; /* Shift-JIS: two bytes, those that begin with 0x81 to 0x9F; bytes that are none */
};

static void count_utf_8(struct slice text, struct foreign *f)
{
	size_t len;

	for (; text.len > 0; text.at += len, text.len -= len) {
		bool good = text_decode(text, &len) >= 0;

		f->utf_8 += good && len > 1;
		f->no_utf_8 += !good;
	}
}

static void count_sjis(struct slice text, struct foreign *f)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];
		unsigned char next = i + 1 < text.len ? (unsigned char)text.at[i + 1] : 0;

		if (c < 0x80 || (c >= 0xa1 && c <= 0xdf))
			continue; /* ASCII, and katakana of one byte */
		if (c == 0x80 || c == 0xa0 || c > 0xfc || next < 0x40 || next == 0x7f || next > 0xfc) {
			f->no_sjis += i + 1 < text.len;
			continue;
		}
		f->pairs++;
		f->low_pairs += c < 0xa0;
		i++;
	}
}

/* The head may be cut within a character. */
static struct slice whole_characters(struct slice head)
{
	size_t back = 0;

	while (back < 3 && back < head.len && ((unsigned char)head.at[head.len - 1 - back] & 0xc0) == 0x80)
		back++;
	if (back < head.len && (unsigned char)head.at[head.len - 1 - back] >= 0xc0)
		head.len -= back + 1;
	return head;
}

enum encoding guess_encoding(struct slice head, bool whole, char why[GUESS_WHY])
{
	struct slice sure = whole ? head : whole_characters(head);
	enum encoding utf_16 = half_nul(head);
	struct foreign f = { 0 };

	snprintf(why, GUESS_WHY, "byte order mark");
	if (BEGINS(head, "\xef\xbb\xbf"))
		return ENCODING_UTF_8;
	if (BEGINS(head, "\xff\xfe"))
		return ENCODING_UTF_16LE;
	if (BEGINS(head, "\xfe\xff"))
		return ENCODING_UTF_16BE;
	snprintf(why, GUESS_WHY, "every other byte is NUL");
	if (utf_16)
		return utf_16;
	count_utf_8(sure, &f);
	snprintf(why, GUESS_WHY, "%s", f.utf_8 ? "as its first characters are" : "nothing beyond ASCII so far");
	if (f.no_utf_8 <= f.utf_8)
		return ENCODING_UTF_8;
	count_sjis(sure, &f);
	snprintf(why, GUESS_WHY, "%zu of its first bytes are no UTF-8", f.no_utf_8);
	return f.no_sjis == 0 && f.low_pairs * 2 > f.pairs ? ENCODING_SHIFT_JIS : ENCODING_WINDOWS_1252;
}

size_t guess_mark(struct slice head)
{
	size_t len = 0;

	while (BEGINS(((struct slice){ head.at + len, head.len - len }), "\xef\xbb\xbf"))
		len += 3;
	return len;
}

size_t guess_sep_line(struct slice head, char *delimiter)
{
	if (head.len < 6 || !slice_equal_fold((struct slice){ head.at, 4 }, slice_of("sep=")) ||
	    !dialect_may_delimit(head.at[4]))
		return 0;
	*delimiter = head.at[4];
	if (head.at[5] == '\n')
		return 6;
	if (head.at[5] == '\r')
		return head.len > 6 && head.at[6] == '\n' ? 7 : 6;
	return 0;
}

/* How often the commonest number of cells above one comes up in the first records. */
struct fit {
	int records; /* looked at */
	int alike;
	size_t cells;
};

static struct fit fit_of(struct slice head, bool whole, char delimiter)
{
	size_t counts[GUESS_RECORDS] = { 0 };
	enum csv_result result;
	struct fit fit = { 0 };
	struct csv c;

	csv_init(&c, delimiter);
	csv_window(&c, head.at, head.len, whole);
	while (fit.records < GUESS_RECORDS && ((result = csv_next(&c)) == CSV_RECORD || result == CSV_BROKEN))
		if (!c.blank)
			counts[fit.records++] = c.count;
	csv_release(&c);
	for (int i = 0; i < fit.records; i++) {
		int alike = 0;

		for (int j = 0; j < fit.records; j++)
			alike += counts[i] > 1 && counts[j] == counts[i];
		if (alike > fit.alike) {
			fit.alike = alike;
			fit.cells = counts[i];
		}
	}
	return fit;
}

char guess_delimiter(struct slice head, bool whole, char why[GUESS_WHY])
{
	static const char candidates[] = { ',', ';', '\t', '|', '^', '`' };
	struct fit best = { 0 };
	char delimiter = ',';

	for (size_t i = 0; i < sizeof candidates; i++) {
		struct fit fit = fit_of(head, whole, candidates[i]);

		if (fit.alike * 2 <= fit.records || fit.alike < best.alike ||
		    (fit.alike == best.alike && fit.cells <= best.cells))
			continue;
		best = fit;
		delimiter = candidates[i];
	}
	if (best.alike > 0)
		snprintf(why, GUESS_WHY, "found in %d of the first %d records", best.alike, best.records);
	else
		snprintf(why, GUESS_WHY, "no usual delimiter cuts the first records alike");
	return delimiter;
}

const char *guess_line_end(struct slice head, char delimiter)
{
	static const char *const names[] = { "LF", "LF", "CRLF", "mixed", "CR", "mixed", "mixed", "mixed" };
	const char *end = head.at + head.len;
	enum csv_result result;
	unsigned seen = 0; /* bits: 1 LF, 2 CRLF, 4 CR */
	struct csv c;

	csv_init(&c, delimiter);
	csv_window(&c, head.at, head.len, true);
	while ((result = csv_next(&c)) == CSV_RECORD || result == CSV_BROKEN) {
		const char *at = c.raw.at + c.raw.len;

		if (at == end || result == CSV_BROKEN || (*at == '\r' && at + 1 == end))
			continue; /* the head may have been cut there */
		seen |= *at == '\n' ? 1 : at[1] == '\n' ? 2 : 4;
	}
	csv_release(&c);
	return names[seen];
}
