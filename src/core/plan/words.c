#include "core/plan/words.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* What people call a thing, and the describe's words for it. Two words stand for both. */
struct synonym {
	const char *word, *means, *second;
};

/* clang-format off */
static const struct synonym synonyms[] = {
	{ "mail", "email", NULL },         { "emailaddress", "email", NULL },  { "tel", "phone", NULL },
	{ "telephone", "phone", NULL },    { "telefon", "phone", NULL },       { "phonenumber", "phone", NULL },
	{ "mobil", "mobile", NULL },       { "cell", "mobile", NULL },         { "cellphone", "mobile", NULL },
	{ "handy", "mobile", NULL },       { "telefax", "fax", NULL },         { "surname", "last", "name" },
	{ "nachname", "last", "name" },    { "lastname", "last", "name" },     { "familyname", "last", "name" },
	{ "family", "last", NULL },        { "vorname", "first", "name" },     { "firstname", "first", "name" },
	{ "forename", "first", "name" },   { "given", "first", NULL },         { "zip", "postal", "code" },
	{ "zipcode", "postal", "code" },   { "postcode", "postal", "code" },   { "postalcode", "postal", "code" },
	{ "plz", "postal", "code" },       { "postleitzahl", "postal", "code" }, { "ort", "city", NULL },
	{ "stadt", "city", NULL },         { "town", "city", NULL },           { "strasse", "street", NULL },
	{ "stra\xc3\x9f" "e", "street", NULL }, { "land", "country", NULL },   { "bundesland", "state", NULL },
	{ "province", "state", NULL },     { "firma", "account", NULL },       { "company", "account", NULL },
	{ "kunde", "account", NULL },      { "customer", "account", NULL },    { "client", "account", NULL },
	{ "organisation", "account", NULL }, { "organization", "account", NULL }, { "birth", "birthdate", NULL },
	{ "birthday", "birthdate", NULL }, { "dob", "birthdate", NULL },       { "geburtsdatum", "birthdate", NULL },
	{ "geburtstag", "birthdate", NULL }, { "turnover", "revenue", NULL },  { "umsatz", "revenue", NULL },
	{ "anrede", "salutation", NULL },  { "web", "website", NULL },         { "homepage", "website", NULL },
	{ "webseite", "website", NULL },   { "staff", "employees", NULL },     { "mitarbeiter", "employees", NULL },
	{ "branche", "industry", NULL },   { "beschreibung", "description", NULL }, { "desc", "description", NULL },
	{ "bemerkung", "description", NULL }, { "betrag", "amount", NULL },    { "phase", "stage", NULL },
	{ "besitzer", "owner", NULL },     { "ext", "external", NULL },        { "extern", "external", NULL },
	{ "no", "number", NULL },          { "nr", "number", NULL },           { "num", "number", NULL },
	{ "nummer", "number", NULL },      { "dept", "department", NULL },     { "abteilung", "department", NULL },
	{ "qty", "quantity", NULL },       { "menge", "quantity", NULL },      { "titel", "title", NULL },
};
/* clang-format on */

/* Words that say nothing about which field is meant. */
static const char *const fillers[] = { "of", "the", "a", "e", "in", "is", "c", "field", "und", "and" };

static bool ends_with(struct slice s, const char *end)
{
	size_t len = strlen(end);

	return s.len > len && slice_equal_fold((struct slice){ s.at + s.len - len, len }, slice_of(end));
}

/* Without the end that Salesforce puts behind names that people give. */
static struct slice without_end(struct slice s)
{
	static const char *const ends[] = { "__c", "__r", "__pc" };

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (ends_with(s, ends[i]))
			return (struct slice){ s.at, s.len - strlen(ends[i]) };
	return s;
}

struct slice words_without_namespace(struct slice name)
{
	struct slice bare = without_end(name);

	for (size_t i = 1; i + 3 < bare.len && bare.len < name.len; i++)
		if (bare.at[i] == '_' && bare.at[i + 1] == '_')
			return (struct slice){ name.at + i + 2, name.len - i - 2 };
	return name;
}

/* Does it belong to a name? Beyond ASCII everything does but blanks and signs of the Latin-1 block, punctuation and symbols. */
static bool is_letter(int32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
	return c >= 0xc0 && c != 0xd7 && c != 0xf7 && (c < 0x2000 || c > 0x2bff) &&
	       (c < 0x3000 || c > 0x303f) && c != 0xfeff;
}

/* Adds a code point in UTF-8; false if there is no room. */
static bool put(char *to, size_t room, size_t *len, const char *bytes, size_t count)
{
	if (*len + count > room)
		return false;
	memcpy(to + *len, bytes, count);
	*len += count;
	return true;
}

size_t words_form(struct slice name, char form[FORM_ROOM])
{
	struct slice s = without_end(slice_trim(name));
	size_t n = 0, len;
	char bytes[4];

	for (; s.len; s.at += len, s.len -= len) {
		int32_t c = text_decode(s, &len);

		if (is_letter(c) && !put(form, FORM_ROOM, &n, bytes, text_encode(text_fold(c), bytes)))
			return 0;
	}
	return n;
}

static void add_word(struct words *w, const char *word)
{
	for (size_t i = 0; i < w->count; i++)
		if (strcmp(w->at[i], word) == 0)
			return;
	if (w->count < WORDS_MOST)
		snprintf(w->at[w->count++], WORD_ROOM, "%s", word);
}

static void take_word(struct words *w, const char *word)
{
	for (size_t i = 0; i < sizeof fillers / sizeof fillers[0]; i++)
		if (strcmp(word, fillers[i]) == 0)
			return;
	for (size_t i = 0; i < sizeof synonyms / sizeof synonyms[0]; i++)
		if (strcmp(word, synonyms[i].word) == 0) {
			add_word(w, synonyms[i].means);
			if (synonyms[i].second)
				add_word(w, synonyms[i].second);
			return;
		}
	add_word(w, word);
}

enum letter { SIGN, SMALL, CAPITAL, DIGIT };

static enum letter class_of(int32_t c)
{
	if (!is_letter(c))
		return SIGN;
	if (c >= '0' && c <= '9')
		return DIGIT;
	return text_fold(c) != c ? CAPITAL : SMALL;
}

static enum letter class_at(struct slice s)
{
	size_t len;

	return s.len ? class_of(text_decode(s, &len)) : SIGN;
}

/* Does a new word begin with `now`? "LastName" at N, "APIName" at N, "Line2" at 2. */
static bool begins_word(enum letter before, enum letter now, enum letter next)
{
	if ((before == DIGIT) != (now == DIGIT))
		return true;
	return now == CAPITAL && (before == SMALL || next == SMALL);
}

void words_of(struct words *w, struct slice name, bool api)
{
	struct slice s = without_end(slice_trim(api ? words_without_namespace(name) : name));
	enum letter before = SIGN;
	char word[WORD_ROOM], bytes[4];
	size_t n = 0, len;

	w->count = 0;
	for (; s.len; s.at += len, s.len -= len) {
		int32_t c = text_decode(s, &len);
		enum letter now = class_of(c);

		if (n && (now == SIGN ||
		          begins_word(before, now, class_at((struct slice){ s.at + len, s.len - len })))) {
			word[n] = '\0';
			take_word(w, word);
			n = 0;
		}
		if (now != SIGN)
			put(word, WORD_ROOM - 1, &n, bytes, text_encode(text_fold(c), bytes));
		before = now;
	}
	word[n] = '\0';
	if (n)
		take_word(w, word);
}
