#include "core/plan/payload_json.h"

#include <stdio.h>
#include <string.h>

#include "core/plan/value.h"

/* RFC 8259: what may not stand in a string as it is. */
static void add_string(struct buf *b, struct slice text)
{
	size_t from = 0;

	buf_add_char(b, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c >= ' ' && c != '"' && c != '\\')
			continue;
		buf_add(b, text.at + from, i - from);
		from = i + 1;
		if (c == '"' || c == '\\')
			buf_addf(b, "\\%c", c);
		else
			buf_addf(b, "\\u%04x", c);
	}
	buf_add(b, text.at + from, text.len - from);
	buf_add_char(b, '"');
}

/* "-12.5e3", but not "+1", "007", "1." or ".5": those go as text, which Salesforce reads as well (E1). */
static bool is_json_number(struct slice s)
{
	size_t i = 0, digits;

	if (i < s.len && s.at[i] == '-')
		i++;
	digits = i;
	while (i < s.len && s.at[i] >= '0' && s.at[i] <= '9')
		i++;
	if (i == digits || (s.at[digits] == '0' && i > digits + 1))
		return false;
	if (i == s.len)
		return true;
	if (s.at[i++] != '.')
		return false;
	digits = i;
	while (i < s.len && s.at[i] >= '0' && s.at[i] <= '9')
		i++;
	return i == s.len && i > digits;
}

static bool is_number(enum field_type type)
{
	return type == FIELD_DOUBLE || type == FIELD_INT || type == FIELD_LONG || type == FIELD_CURRENCY ||
	       type == FIELD_PERCENT;
}

static void add_value(struct buf *b, enum field_type type, struct slice cell)
{
	if (value_null_mark(cell))
		buf_add_text(b, "null");
	else if (type == FIELD_BOOLEAN || (is_number(type) && is_json_number(cell)))
		buf_add_slice(b, cell);
	else
		add_string(b, cell);
}

/* "Account":{"Ext__c":"A-1"}, with the object's name where several are looked up; cleared by the reference itself, since a null inside is refused (E1). */
static void add_lookup(struct buf *b, const struct mapped *m, struct slice cell)
{
	if (value_null_mark(cell)) {
		buf_addf(b, "\"%s\":null", m->field->name);
		return;
	}
	buf_addf(b, "\"%s\":{", m->field->relationship);
	if (m->field->reference_count > 1)
		buf_addf(b, "\"attributes\":{\"type\":\"%s\"},", m->parent);
	buf_addf(b, "\"%s\":", m->far->name);
	add_value(b, m->far->type, cell);
	buf_add_char(b, '}');
}

static void add_id(struct buf *b, const struct plan *plan, const struct slice *cells)
{
	for (size_t i = 0; i < plan->mapping->count; i++)
		if (plan->mapping->entries[i].field == plan->key && !plan->mapping->entries[i].far)
			buf_add_slice(b, cells[i]);
}

void payload_json_record(struct buf *b, const struct plan *plan, bool more)
{
	const struct slice *cells = plan_cells(plan);

	if (more)
		buf_add_char(b, ',');
	if (action_deletes(plan->action)) {
		add_id(b, plan, cells);
		return;
	}
	buf_addf(b, "{\"attributes\":{\"type\":\"%s\"}", plan->object->name);
	for (size_t i = 0; i < plan->mapping->count; i++) {
		const struct mapped *m = &plan->mapping->entries[i];

		if (cells[i].len == 0)
			continue;
		buf_add_char(b, ',');
		if (m->far) {
			add_lookup(b, m, cells[i]);
		} else {
			buf_addf(b, "\"%s\":", m->name);
			add_value(b, m->field->type, cells[i]);
		}
	}
	buf_add_char(b, '}');
}
