#include "practice/org.h"

#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "practice/key_index.h"
#include "practice/practice_ids.h"

enum { CELL_HEAD = 6, SECOND_MS = 1000 };

/* A row as it was; `old` is NULL for one that was not there. */
struct undo {
	struct table *table;
	uint32_t number;
	struct row *old;
};

bool org_init(struct org *o, const struct schema *s, bool rehearsal)
{
	*o = (struct org){ .schema = s, .rehearsal = rehearsal };
	o->tables = calloc(s->count, sizeof *o->tables);
	o->undo = calloc(1, sizeof *o->undo);
	if (!o->tables || !o->undo)
		return false;
	for (size_t i = 0; i < s->count; i++) {
		o->tables[i].object = &s->objects[i];
		o->tables[i].undo = o->undo;
		o->tables[i].keys = calloc(s->objects[i].field_count + 1, sizeof *o->tables[i].keys);
		if (!o->tables[i].keys)
			return false;
	}
	return true;
}

static void release_table(struct table *t)
{
	for (uint32_t i = 0; i < t->count; i++)
		free(t->rows[i]);
	free(t->rows);
	for (size_t i = 0; t->keys && i < t->object->field_count; i++)
		key_index_free(t->keys[i]);
	free(t->keys);
	key_index_free(t->ids);
}

void org_release(struct org *o)
{
	for (size_t i = 0; o->tables && i < o->schema->count; i++)
		release_table(&o->tables[i]);
	free(o->tables);
	if (o->undo) {
		while (o->undo->count > 0)
			free(o->undo->all[--o->undo->count].old);
		free(o->undo->all);
		free(o->undo);
	}
	*o = (struct org){ 0 };
}

struct table *org_table(const struct org *o, const struct object *object)
{
	return &o->tables[object->number];
}

const struct row *org_row(const struct table *t, uint32_t number)
{
	return number > 0 && number <= t->count ? t->rows[number - 1] : NULL;
}

/* The cell that begins at `at`: its field's number and its text. */
static struct slice cell_at(const struct row *r, uint32_t at, uint16_t *field)
{
	uint32_t len;

	memcpy(field, r->cells + at, sizeof *field);
	memcpy(&len, r->cells + at + sizeof *field, sizeof len);
	return (struct slice){ (const char *)r->cells + at + CELL_HEAD, len };
}

struct slice row_cell(const struct row *r, const struct field *f)
{
	uint32_t at = 0;
	uint16_t field;

	while (at < r->size) {
		struct slice text = cell_at(r, at, &field);

		if (field == f->number)
			return text;
		at += CELL_HEAD + (uint32_t)text.len;
	}
	return (struct slice){ NULL, 0 };
}

static void index_row(struct table *t, uint32_t number, bool add)
{
	const struct object *o = t->object;

	for (size_t i = 0; i < o->field_count; i++) {
		const struct field *f = &o->fields[i];
		struct slice value;

		if (!t->keys[i])
			continue;
		value = row_cell(t->rows[number - 1], f);
		if (!value.at)
			continue;
		if (add)
			key_index_add(t->keys[i], key_hash(value, !f->case_sensitive), number);
		else
			key_index_remove(t->keys[i], key_hash(value, !f->case_sensitive), number);
	}
}

static bool make_index(struct table *t, const struct field *f)
{
	struct key_index *x = key_index_new();

	if (!x)
		return false;
	t->keys[f->number] = x;
	for (uint32_t i = 0; i < t->count; i++) {
		struct slice value = row_cell(t->rows[i], f);

		if (t->rows[i]->fate == ROW_LIVES && value.at)
			key_index_add(x, key_hash(value, !f->case_sensitive), i + 1);
	}
	return true;
}

static unsigned char *put_cell(unsigned char *to, uint16_t field, struct slice text)
{
	uint32_t len = (uint32_t)text.len;

	memcpy(to, &field, sizeof field);
	memcpy(to + sizeof field, &len, sizeof len);
	if (text.len)
		memcpy(to + CELL_HEAD, text.at, text.len);
	return to + CELL_HEAD + text.len;
}

static bool is_changed(const struct change *changes, size_t count, uint16_t field)
{
	for (size_t i = 0; i < count; i++)
		if (changes[i].field->number == field)
			return true;
	return false;
}

/* A row of the old one's cells and the changes. */
static struct row *new_row(const struct row *old, const struct change *changes, size_t count)
{
	size_t size = old ? old->size : 0;
	unsigned char *to;
	struct row *r;
	uint16_t field;

	for (size_t i = 0; i < count; i++)
		size += changes[i].null ? 0 : CELL_HEAD + changes[i].text.len;
	r = malloc(sizeof *r + size);
	if (!r)
		return NULL;
	*r = (struct row){ .fate = ROW_LIVES };
	to = r->cells;
	for (size_t i = 0; i < count; i++)
		if (!changes[i].null && !is_changed(changes, i, changes[i].field->number))
			to = put_cell(to, changes[i].field->number, changes[i].text);
	for (uint32_t at = 0; old && at < old->size;) {
		struct slice text = cell_at(old, at, &field);

		if (!is_changed(changes, count, field))
			to = put_cell(to, field, text);
		at += CELL_HEAD + (uint32_t)text.len;
	}
	r->size = (uint32_t)(to - r->cells);
	return r;
}

/* Notes the row as it was, which the log owns from now on; NULL: there was none. */
static bool note(struct table *t, uint32_t number, struct row *old)
{
	struct undo_log *log = t->undo;

	if (log->count == log->room) {
		size_t room = log->room ? log->room * 2 : 64;
		struct undo *all = realloc(log->all, room * sizeof *all);

		if (!all) {
			log->gap = true;
			return false;
		}
		log->all = all;
		log->room = room;
	}
	log->all[log->count++] = (struct undo){ t, number, old };
	return true;
}

/* A row that is not needed any more, unless it may come back. */
static void retire(struct table *t, uint32_t number, struct row *old)
{
	if (t->undo->depth == 0 || !note(t, number, old))
		free(old);
}

static int64_t whole_second(int64_t ms)
{
	return ms - ms % SECOND_MS;
}

uint32_t org_restore(struct table *t, const struct change *changes, size_t count, int64_t created,
                     int64_t modified, enum row_fate fate)
{
	struct row *r;

	if (t->count == t->room) {
		uint32_t room = t->room ? t->room * 2 : 256;
		struct row **rows = realloc(t->rows, room * sizeof *rows);

		if (!rows)
			return 0;
		t->rows = rows;
		t->room = room;
	}
	r = new_row(NULL, changes, count);
	if (!r)
		return 0;
	r->created = whole_second(created);
	r->modified = whole_second(modified);
	r->fate = (uint8_t)fate;
	t->rows[t->count++] = r;
	if (t->undo->depth)
		note(t, t->count, NULL);
	if (fate == ROW_LIVES) {
		t->live++;
		index_row(t, t->count, true);
	}
	return t->count;
}

uint32_t org_insert(struct table *t, const struct change *changes, size_t count, int64_t now)
{
	return org_restore(t, changes, count, now, now, ROW_LIVES);
}

bool org_update(struct table *t, uint32_t number, const struct change *changes, size_t count, int64_t now)
{
	struct row *old = t->rows[number - 1];
	struct row *r = new_row(old, changes, count);

	if (!r)
		return false;
	r->created = old->created;
	r->modified = whole_second(now);
	index_row(t, number, false);
	t->rows[number - 1] = r;
	retire(t, number, old);
	index_row(t, number, true);
	return true;
}

static void note_copy(struct table *t, uint32_t number, const struct row *r)
{
	struct row *copy = malloc(sizeof *copy + r->size);

	if (!copy) {
		t->undo->gap = true;
		return;
	}
	memcpy(copy, r, sizeof *copy + r->size);
	retire(t, number, copy);
}

void org_delete(struct table *t, uint32_t number, bool purge, int64_t now)
{
	struct row *r = t->rows[number - 1];

	if (t->undo->depth)
		note_copy(t, number, r);
	if (r->fate == ROW_LIVES) {
		index_row(t, number, false);
		t->live--;
	}
	r->fate = purge ? ROW_PURGED : ROW_DELETED;
	r->modified = whole_second(now);
}

/* The id that a row keeps itself; at NULL: it is made of its number. */
static struct slice own_id(const struct table *t, uint32_t number)
{
	const struct field *f = t->object->own_ids || t->ids ? object_stored_field(t->object, slice_of("Id"))
	                                                     : NULL;

	return f ? row_cell(t->rows[number - 1], f) : (struct slice){ NULL, 0 };
}

static void put_back(struct table *t, uint32_t number, struct row *old)
{
	struct row *r = t->rows[number - 1];

	if (r->fate == ROW_LIVES) {
		index_row(t, number, false);
		t->live--;
	}
	if (!old && t->ids && own_id(t, number).at)
		key_index_remove(t->ids, key_hash(own_id(t, number), false), number);
	free(r);
	t->rows[number - 1] = old;
	if (!old) {
		t->count--;
	} else if (old->fate == ROW_LIVES) {
		index_row(t, number, true);
		t->live++;
	}
}

size_t org_undo_begin(struct org *o)
{
	if (o->undo->depth++ == 0)
		o->undo->gap = false;
	return o->undo->count;
}

bool org_undo_back(struct org *o, size_t place)
{
	while (o->undo->count > place) {
		struct undo *u = &o->undo->all[--o->undo->count];

		put_back(u->table, u->number, u->old);
	}
	return !o->undo->gap;
}

void org_undo_end(struct org *o)
{
	if (--o->undo->depth > 0)
		return;
	while (o->undo->count > 0)
		free(o->undo->all[--o->undo->count].old);
}

uint32_t org_stand_in_by_key(struct table *t, const struct field *key, struct slice value, int64_t now)
{
	struct change change = { .field = key, .text = value };

	return org_insert(t, &change, 1, now);
}

uint32_t org_stand_in(struct table *t, struct slice id, int64_t now)
{
	char full[SF_ID_ROOM];
	uint32_t number;

	if (!t->ids && !(t->ids = key_index_new()))
		return 0;
	sf_id_full(id, full);
	number = org_stand_in_by_key(t, object_stored_field(t->object, slice_of("Id")), slice_of(full), now);
	if (number && !key_index_add(t->ids, key_hash(slice_of(full), false), number))
		return 0;
	return number;
}

/* Deleted ones too: an id that comes twice means the same record. */
static uint32_t find_stand_in(const struct table *t, struct slice full)
{
	uint32_t hash = key_hash(full, false), number;
	uint64_t cursor = 0;

	while ((number = key_index_next(t->ids, hash, &cursor)))
		if (slice_equal(own_id(t, number), full))
			return number;
	return 0;
}

void table_id(const struct table *t, uint32_t number, char to[SF_ID_ROOM])
{
	struct slice id = own_id(t, number);

	if (id.at)
		sf_id_full(id, to);
	else
		sf_id_text(t->object->prefix, number, to);
}

uint32_t table_number(struct table *t, struct slice id)
{
	char prefix[4], full[SF_ID_ROOM];
	uint32_t number = 0, stand_in;
	enum sf_id_kind kind = sf_id_read(id, prefix, &number);

	if (kind == SF_ID_MALFORMED || memcmp(prefix, t->object->prefix, 3) != 0)
		return 0;
	sf_id_full(id, full);
	if (t->object->own_ids) {
		number = 0;
		table_find(t, object_field(t->object, slice_of("Id")), slice_of(full), &number, 1);
		return number;
	}
	stand_in = t->ids ? find_stand_in(t, slice_of(full)) : 0;
	if (stand_in)
		return stand_in;
	return kind == SF_ID_OURS && org_row(t, number) && !own_id(t, number).at ? number : 0;
}

static struct slice made_slice(const struct buf *made, size_t from)
{
	return (struct slice){ buf_text(made) + from, made->len - from };
}

static struct slice full_name(const struct table *t, const struct row *r, struct buf *made)
{
	const struct field *first = object_stored_field(t->object, slice_of("FirstName"));
	const struct field *last = object_stored_field(t->object, slice_of("LastName"));
	struct slice given = first ? row_cell(r, first) : (struct slice){ NULL, 0 };
	struct slice family = row_cell(r, last);
	size_t from = made->len;

	if (given.len == 0)
		return family;
	buf_add_slice(made, given);
	buf_add_char(made, ' ');
	buf_add_slice(made, family);
	return made_slice(made, from);
}

struct slice table_value(const struct table *t, uint32_t number, const struct field *f, struct buf *made)
{
	const struct row *r = org_row(t, number);
	size_t from = made->len;
	char text[WHEN_TEXT];

	switch (f->origin) {
	case FROM_CELL:
		return row_cell(r, f);
	case FROM_FULL_NAME:
		return full_name(t, r, made);
	case FROM_DELETED:
		return slice_of(r->fate == ROW_LIVES ? "false" : "true");
	case FROM_USER:
		return slice_of(PRACTICE_USER);
	case FROM_ID:
		table_id(t, number, text);
		break;
	case FROM_CREATED_DATE:
		when_salesforce_text(r->created, text);
		break;
	case FROM_MODIFIED_DATE:
		when_salesforce_text(r->modified, text);
		break;
	}
	buf_add_text(made, text);
	return made_slice(made, from);
}

static bool same(const struct field *f, struct slice a, struct slice b)
{
	return f->case_sensitive ? slice_equal(a, b) : slice_equal_fold(a, b);
}

static size_t find_id(struct table *t, struct slice value, uint32_t *numbers, size_t most)
{
	uint32_t number = table_number(t, value);
	const struct row *r = org_row(t, number);

	if (!r || r->fate != ROW_LIVES)
		return 0;
	if (most > 0)
		numbers[0] = number;
	return 1;
}

size_t table_find_record_type(struct table *t, const struct field *f, struct slice value,
                              const struct object *of, uint32_t *number)
{
	const struct field *object = object_field(t->object, slice_of("SobjectType"));
	uint32_t all[64];
	size_t found = table_find(t, f, value, all, sizeof all / sizeof all[0]), n = 0;

	for (size_t i = 0; object && i < found && i < sizeof all / sizeof all[0]; i++) {
		if (!slice_equal_fold(row_cell(t->rows[all[i] - 1], object), slice_of(of->name)))
			continue;
		*number = all[i];
		n++;
	}
	return n;
}

size_t table_find(struct table *t, const struct field *f, struct slice value, uint32_t *numbers, size_t most)
{
	uint64_t cursor = 0;
	uint32_t hash, number;
	size_t found = 0;

	if (f->origin == FROM_ID)
		return find_id(t, value, numbers, most);
	if (f->origin != FROM_CELL || (!t->keys[f->number] && !make_index(t, f)))
		return 0;
	hash = key_hash(value, !f->case_sensitive);
	while ((number = key_index_next(t->keys[f->number], hash, &cursor))) {
		if (!same(f, row_cell(t->rows[number - 1], f), value))
			continue;
		if (found < most)
			numbers[found] = number;
		found++;
	}
	return found;
}
