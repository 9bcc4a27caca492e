#include "core/plan/profile.h"

#include <string.h>

#include "base/number.h"
#include "core/plan/value.h"

enum { LONGEST_VALUE = 255, MOST_CELL = 400 /* bytes; a longer one is a text */ };

const char *kind_text(enum kind kind)
{
	static const char *const texts[] = {
#define X(name, text) [KIND_##name] = text,
		KINDS(X)
#undef X
	};

	return texts[kind];
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool begins(struct slice s, const char *with)
{
	size_t len = strlen(with);

	return s.len > len && slice_equal_fold((struct slice){ s.at, len }, slice_of(with));
}

static bool is_url(struct slice s)
{
	return (begins(s, "http://") || begins(s, "https://") || begins(s, "www.")) &&
	       !memchr(s.at, ' ', s.len);
}

/* A year alone, or five digits, may be anything. */
static bool is_date(struct slice s, bool *timed)
{
	static const enum when_order orders[] = { WHEN_ISO, WHEN_YEAR_FIRST, WHEN_MONTH_FIRST, WHEN_DAY_FIRST };
	struct when_text t;

	for (size_t i = 0; s.len >= 8 && i < sizeof orders / sizeof orders[0]; i++)
		if (when_read(s, orders[i], &t)) {
			*timed = t.timed;
			return true;
		}
	return false;
}

static bool is_number(struct slice s)
{
	struct number_shape shape;
	struct buf plain;
	bool yes;

	if (number_decimal(s, &shape))
		return true;
	if (!is_digit(s.at[s.len - 1]) || !memchr(s.at, ',', s.len))
		return false;
	buf_init(&plain, MOST_CELL);
	yes = value_decimal_comma(s, &plain);
	buf_release(&plain);
	return yes;
}

/* 6 to 15 digits (E.164), and signs between them; plain digits only behind a + or a 0, else it is a number. */
static bool is_phone(struct slice s)
{
	size_t digits = 0, signs = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (is_digit(s.at[i]))
			digits++;
		else if (strchr(" -()/.+", s.at[i]))
			signs++;
		else
			return false;
	}
	if (digits < 6 || digits > 15)
		return false;
	return s.at[0] == '+' || s.at[0] == '0' || s.at[0] == '(' || signs >= 2;
}

static void add_id(struct profile *p, struct slice cell)
{
	if (p->of[KIND_ID]++ == 0)
		memcpy(p->prefix, cell.at, 3);
	else if (memcmp(p->prefix, cell.at, 3) != 0)
		p->prefix[0] = '\0';
}

static bool keep_value(struct profile *p, struct slice cell, struct arena *a)
{
	for (size_t i = 0; i < p->value_count; i++)
		if (slice_equal(p->values[i], cell))
			return true;
	if (p->value_count == PROFILE_VALUES || cell.len > LONGEST_VALUE) {
		p->more = true;
		return true;
	}
	p->values[p->value_count] = (struct slice){ arena_slice(a, cell), cell.len };
	return p->values[p->value_count++].at != NULL;
}

/* 15 letters are an id as well as a word: there has to be a digit in it. */
static bool is_id(struct slice s)
{
	bool digit = false;

	for (size_t i = 0; i < s.len && s.len <= 18; i++)
		digit = digit || is_digit(s.at[i]);
	return digit && !value_id_fault(s);
}

bool profile_add(struct profile *p, struct slice cell, struct arena *a)
{
	bool timed = false, yes;

	cell = slice_trim(cell);
	if (cell.len == 0 || value_null_mark(cell))
		return true;
	p->filled++;
	if (cell.len <= MOST_CELL) {
		if (is_id(cell))
			add_id(p, cell);
		p->of[KIND_EMAIL] += value_email(cell);
		p->of[KIND_URL] += is_url(cell);
		if (is_date(cell, &timed))
			p->of[timed ? KIND_INSTANT : KIND_DATE]++;
		p->of[KIND_BOOLEAN] += value_boolean(cell, &yes);
		p->of[KIND_NUMBER] += is_number(cell);
		p->of[KIND_PHONE] += is_phone(cell);
	}
	return keep_value(p, cell, a);
}

bool profile_is(const struct profile *p, enum kind kind)
{
	return p->filled > 0 && p->of[kind] * 20 >= p->filled * 19;
}

enum err_code profile_read(struct profile **profiles, struct source *source, struct arena *a, struct err *e)
{
	const struct source_shape *shape = source_shape(source);
	struct profile *list = arena_alloc(a, shape->column_count * sizeof *list);
	struct record record;
	bool more = true;

	*profiles = list;
	if (!list)
		return err_memory(e, "the columns");
	if (source_seek(source, 1, shape->first_offset, e) != ERR_OK)
		return e->code;
	for (int i = 0; i < PROFILE_RECORDS; i++) {
		if (source_next(source, &record, &more, e) != ERR_OK || !more)
			return e->code;
		for (size_t k = 0; !record.fault && k < record.count; k++)
			if (!profile_add(&list[k], record.cells[k], a))
				return err_memory(e, "the columns");
	}
	return ERR_OK;
}
