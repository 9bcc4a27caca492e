#include "core/org/soql.h"

static bool is_bare(enum field_type type)
{
	switch (type) {
	case FIELD_BOOLEAN:
	case FIELD_DOUBLE:
	case FIELD_INT:
	case FIELD_LONG:
	case FIELD_CURRENCY:
	case FIELD_PERCENT:
	case FIELD_DATE:
	case FIELD_DATETIME:
	case FIELD_TIME:
		return true;
	default:
		return false;
	}
}

void soql_add_value(struct buf *b, enum field_type type, struct slice value)
{
	if (is_bare(type)) {
		buf_add_slice(b, value);
		return;
	}
	buf_add_char(b, '\'');
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] == '\'' || value.at[i] == '\\')
			buf_add_char(b, '\\');
		buf_add_char(b, value.at[i]);
	}
	buf_add_char(b, '\'');
}
