/*
 * Messages that differ only in the values of one record group together: ids, numbers, e-mail addresses and quoted values
 * become marks, and so does what stands bare behind the words of Salesforce's own that introduce a value.
 */
#include "store/outcomes.h"

#include <string.h>

#include "store/record_id.h"

/* Words of standard messages (salesforce-api.md F), the value behind them, and what ends it ("": the message's end). */
static const struct phrase {
	const char *words;
	const char *end;
} phrases[] = {
	{ "data value too large: ", " (max length=" },
	{ "bad value for restricted picklist field: ", "" },
	{ "invalid email address: ", "" },
	{ "Foreign key external ID: ", " not found for field " },
	{ "Duplicate external id specified: ", "" },
	{ "Id value of incorrect type: ", "" },
	{ "malformed id ", "" },
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Of a word: an API name is one word, and so is anything beyond ASCII. */
static bool in_word(char c)
{
	return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || (c & 0x80);
}

static bool begins(struct slice s, const char *text)
{
	size_t len = strlen(text);

	return s.len >= len && memcmp(s.at, text, len) == 0;
}

static size_t word_length(struct slice s)
{
	size_t n = 0;

	while (n < s.len && in_word(s.at[n]))
		n++;
	return n;
}

/* Words joined by what an address may hold, with one @ and a dot behind it; 0 if s does not begin with one. */
static size_t email_length(struct slice s)
{
	size_t n = 0, at = 0, dot = 0;

	while (n < s.len && (in_word(s.at[n]) || (s.at[n] && strchr(".+-%@'", s.at[n])))) {
		if (s.at[n] == '@' && at)
			break;
		if (s.at[n] == '@')
			at = n;
		if (s.at[n] == '.' && at && n + 1 < s.len && in_word(s.at[n + 1]))
			dot = n;
		n++;
	}
	if (!at || !dot)
		return 0;
	while (!in_word(s.at[n - 1]))
		n--;
	return n;
}

/* Digits, and whatever joins them in amounts, dates and times. */
static size_t number_length(struct slice s)
{
	size_t n = 0;

	while (n < s.len && (is_digit(s.at[n]) ||
	                     (n > 0 && n + 1 < s.len && strchr(".,:-/TZ", s.at[n]) && is_digit(s.at[n + 1]))))
		n++;
	return n && (n == s.len || !in_word(s.at[n])) ? n : 0;
}

static bool is_id(struct slice word)
{
	size_t digits = 0;

	if (!record_id_sound(word.at, word.len))
		return false;
	for (size_t i = 0; i < word.len; i++)
		digits += is_digit(word.at[i]);
	return digits >= 2; /* a long word in capitals has none */
}

/* The length of a quoted value with its quotes, 0 if s does not begin with one. An apostrophe inside a word is none. */
static size_t quoted_length(struct slice s, char before)
{
	static const struct {
		const char *open, *close;
	} quotes[] = { { "\"", "\"" }, { "'", "'" }, { "“", "”" }, { "‘", "’" }, { "«", "»" } };

	for (size_t q = 0; q < sizeof quotes / sizeof quotes[0]; q++) {
		size_t close = strlen(quotes[q].close);

		if (!begins(s, quotes[q].open) || (*quotes[q].open == '\'' && in_word(before)))
			continue;
		for (size_t i = strlen(quotes[q].open); i + close <= s.len; i++)
			if (memcmp(s.at + i, quotes[q].close, close) == 0 &&
			    (close > 1 || i + close == s.len || !in_word(s.at[i + close])))
				return i + close;
	}
	return 0;
}

static size_t phrase_value(struct slice s, size_t *words)
{
	for (size_t p = 0; p < sizeof phrases / sizeof phrases[0]; p++) {
		size_t end_len = strlen(phrases[p].end), from = strlen(phrases[p].words), to = s.len;

		if (!begins(s, phrases[p].words))
			continue;
		/* the last one: the value may hold the same words */
		for (size_t i = s.len; end_len && i >= from + end_len; i--)
			if (memcmp(s.at + i - end_len, phrases[p].end, end_len) == 0) {
				to = i - end_len;
				break;
			}
		*words = from;
		return to - from;
	}
	return 0;
}

/* One step: adds the mark or the text that s begins with to b; returns how much of s it stands for. */
static size_t mask_step(struct slice s, char before, struct buf *b)
{
	size_t words = 0, n;

	if ((n = phrase_value(s, &words)) > 0) {
		buf_add(b, s.at, words);
		buf_add_text(b, "{value}");
		return words + n;
	}
	if ((n = quoted_length(s, before)) > 0) {
		buf_add_text(b, "{value}");
		return n;
	}
	if ((n = email_length(s)) > 0) {
		buf_add_text(b, "{email}");
		return n;
	}
	if ((n = number_length(s)) > 0) {
		buf_add_text(b, "{number}");
		return n;
	}
	n = word_length(s);
	if (n > 0 && is_id((struct slice){ s.at, n }))
		buf_add_text(b, "{id}");
	else
		buf_add(b, s.at, n ? n : 1);
	return n ? n : 1;
}

void outcome_mask(struct slice message, struct buf *b)
{
	char before = ' ';

	while (message.len > 0) {
		size_t n = mask_step(message, before, b);

		before = message.at[n - 1];
		message.at += n;
		message.len -= n;
	}
}
