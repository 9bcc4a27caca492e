#include "core/source/guess.h"

#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "core/source/dialect.h"

static bool begins(struct slice head, const char *with, size_t len)
{
	return head.len >= len && memcmp(head.at, with, len) == 0;
}

#define BEGINS(head, with) begins(head, with, sizeof(with) - 1)

/* English text in UTF-16 is every second byte NUL; text in UTF-8 has none. */
static bool is_half_nul(struct slice head)
{
	size_t len = head.len < 4096 ? head.len : 4096, nul = 0;

	for (size_t i = 0; i < len; i++)
		nul += head.at[i] == '\0';
	return nul > len / 4;
}

const char *guess_foreign(struct slice head)
{
	if (BEGINS(head, "\xff\xfe") || BEGINS(head, "\xfe\xff") || is_half_nul(head))
		return "is UTF-16: save it as UTF-8 (in Excel: \"CSV UTF-8\")";
	if (BEGINS(head, "PK\x03\x04") || BEGINS(head, "\xd0\xcf\x11\xe0"))
		return "is a workbook or an archive: save it as CSV (in Excel: \"CSV UTF-8\")";
	if (BEGINS(head, "\x1f\x8b") || BEGINS(head, "\x28\xb5\x2f\xfd"))
		return "is compressed: unpack it first";
	return NULL;
}

size_t guess_mark(struct slice head)
{
	return BEGINS(head, "\xef\xbb\xbf") ? 3 : 0;
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
