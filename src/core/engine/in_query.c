#include "core/engine/in_query.h"

#include "core/engine/budget.h"
#include "core/org/soql.h"
#include "core/org/url.h"

enum { MOST_SOQL = 64 * 1024 };

void in_query_init(struct in_query *q)
{
	*q = (struct in_query){ .count = 0 };
	buf_init(&q->soql, MOST_SOQL);
	buf_init(&q->address, 4 * MOST_SOQL);
}

void in_query_release(struct in_query *q)
{
	buf_release(&q->soql);
	buf_release(&q->address);
}

void in_query_begin(struct in_query *q, const char *const *fields, size_t count, const char *object,
                    const char *key, enum field_type type)
{
	buf_clear(&q->soql);
	buf_clear(&q->address);
	q->count = 0;
	q->type = type;
	buf_add_text(&q->soql, "SELECT ");
	for (size_t i = 0; i < count; i++)
		buf_addf(&q->soql, "%s%s", i ? "," : "", fields[i]);
	buf_addf(&q->soql, " FROM %s WHERE %s IN (", object, key);
	url_encode(&q->address, buf_slice(&q->soql));
}

bool in_query_add(struct in_query *q, struct slice value)
{
	size_t before = q->soql.len;

	buf_add_text(&q->soql, q->count ? "," : "");
	soql_add_value(&q->soql, q->type, value);
	url_encode(&q->address, (struct slice){ q->soql.at + before, q->soql.len - before });
	if (q->count > 0 && q->address.len > BUDGET_LOOK_BYTES) {
		q->soql.len = before;
		return false;
	}
	q->count++;
	return true;
}

bool in_query_short_of(const struct in_query *q)
{
	return q->soql.short_of || q->address.short_of;
}

const char *in_query_text(struct in_query *q)
{
	if (q->count == 0)
		return NULL;
	buf_add_char(&q->soql, ')');
	return buf_text(&q->soql);
}
