#include "core/plan/mapping_own.h"
#include "core/plan/sdl.h"

/* Puts the fields that the entry goes to into `to`, in the describe's spelling. */
static void write_fields(const struct own_mapping *own, const struct choice *c, struct map_entry *to)
{
	const struct map_entry *entry = c->entry;

	if (c->mapped.field)
		to->fields[to->field_count++] = slice_of(c->mapped.name);
	for (size_t i = 0; entry && i < own->more_count; i++)
		if (own->more[i].entry == entry && &own->more[i] != c && own->more[i].mapped.field)
			to->fields[to->field_count++] = slice_of(own->more[i].mapped.name);
}

/* One choice as an entry of a file; NULL without memory. */
static struct map_entry *write_entry(struct map_file *m, const struct own_mapping *own,
                                     const struct mapping_request *r, const struct choice *c)
{
	const struct mapped *to = &c->mapped;
	struct map_entry *entry = map_file_add_entry(m, to->joined ? to->joined_count : 1, 1 + own->more_count);

	if (!entry)
		return NULL;
	entry->field_count = 0;
	for (size_t i = 0; i < entry->column_count; i++)
		entry->columns[i] = r->columns[to->joined ? to->joined[i] : to->column];
	write_fields(own, c, entry);
	entry->with = to->with;
	if (c->entry) {
		entry->rules = c->entry->rules;
		entry->joined = c->entry->joined;
	}
	return entry;
}

/* The first choice of each entry that joins stands for all of its fields. */
static bool is_first_joined(const struct own_mapping *own, size_t at)
{
	const struct map_entry *entry = own->more[at].entry;

	for (size_t i = 0; i < at; i++)
		if (own->more[i].entry == entry && own->more[i].mapped.field)
			return false;
	return entry->joined && own->more[at].mapped.field;
}

static bool write_all(struct map_file *m, const struct own_mapping *own, const struct mapping_request *r)
{
	for (size_t i = 0; i < r->column_count; i++)
		if (!write_entry(m, own, r, &own->columns[i]))
			return false;
	for (size_t i = 0; i < own->more_count; i++)
		if (is_first_joined(own, i) && !write_entry(m, own, r, &own->more[i]))
			return false;
	for (size_t i = 0; i < own->constant_count; i++) {
		const struct mapped *to = &own->constants[i].mapped;
		struct map_constant *c = to->field ? map_file_add_constant(m) : NULL;

		if (to->field && !c)
			return false;
		if (c)
			*c = (struct map_constant){ slice_of(to->name), slice_of(to->constant), false, NULL };
	}
	return true;
}

void mapping_write(const struct mapping *mapping, const struct mapping_request *request, bool of_a_run,
                   struct buf *b)
{
	const struct own_mapping *own = (const struct own_mapping *)mapping;
	struct map_file m = { .rules = mapping->rules,
		              .knows = of_a_run && mapping->facts.date.len,
		              .known = mapping->facts };

	arena_init(&m.arena);
	if (!write_all(&m, own, request))
		b->short_of = true;
	map_file_write(&m, request->object->name, b);
	map_file_release(&m);
}

enum err_code mapping_write_sdl(const struct mapping *mapping, const struct mapping_request *request,
                                struct buf *b, struct err *e)
{
	const struct own_mapping *own = (const struct own_mapping *)mapping;
	struct sdl_scope scope = { request->object, request->columns, request->column_count };
	struct map_file m = { .rules = mapping->rules };

	arena_init(&m.arena);
	if (write_all(&m, own, request))
		sdl_write(&m, &scope, b, e);
	else
		err_memory(e, "a mapping");
	map_file_release(&m);
	return e->code;
}
