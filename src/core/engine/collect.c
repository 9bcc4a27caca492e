#include "core/engine/collect.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "core/engine/match.h"

enum { NOT_ECHOED = -1, NO_RECORD = -1, NO_MEMORY = -2 };

struct collect {
	const struct chunk_print *prints;
	size_t count;
	const struct layout *layout;
	enum action action;
	struct match *match;
	struct outcome *outcomes;
	size_t strange;

	/* the result being read */
	enum bulk_result which;
	int *place; /* layout column -> position in the row, or NOT_ECHOED */
	struct slice *cells;
	int id_at, created_at, error_at;

	/* messages, each kept once: open addressing by hash */
	struct arena texts;
	const struct outcome_message **messages;
	size_t message_count, message_room;
};

struct collect *collect_new(const struct chunk_print *prints, size_t count, const struct layout *layout,
                            enum action action)
{
	struct collect *c = calloc(1, sizeof *c);

	if (!c)
		return NULL;
	*c = (struct collect){ .prints = prints, .count = count, .layout = layout, .action = action };
	arena_init(&c->texts);
	c->match = match_new(prints, count);
	c->outcomes = malloc((count + 1) * sizeof *c->outcomes);
	c->place = calloc(layout->count + 1, sizeof *c->place);
	c->cells = calloc(layout->count + 1, sizeof *c->cells);
	if (!c->match || !c->outcomes || !c->place || !c->cells) {
		collect_free(c);
		return NULL;
	}
	collect_reset(c);
	return c;
}

void collect_free(struct collect *c)
{
	if (!c)
		return;
	match_free(c->match);
	free(c->outcomes);
	free(c->place);
	free(c->cells);
	free(c->messages);
	arena_release(&c->texts);
	free(c);
}

void collect_reset(struct collect *c)
{
	match_reset(c->match);
	c->strange = 0;
	for (size_t i = 0; i < c->count; i++)
		c->outcomes[i] = (struct outcome){ .record = c->prints[i].record,
			                           .offset = c->prints[i].offset };
}

void collect_begin(struct collect *c, enum bulk_result which)
{
	c->which = which;
	c->id_at = c->created_at = c->error_at = NOT_ECHOED;
	for (size_t i = 0; i < c->layout->count; i++)
		c->place[i] = NOT_ECHOED;
}

static void read_header(struct collect *c, const struct slice *names, size_t count)
{
	for (size_t at = 0; at < count; at++) {
		if (slice_is(names[at], "sf__Id"))
			c->id_at = (int)at;
		else if (slice_is(names[at], "sf__Created"))
			c->created_at = (int)at;
		else if (slice_is(names[at], "sf__Error"))
			c->error_at = (int)at;
		for (size_t i = 0; i < c->layout->count; i++)
			if (slice_equal_fold(names[at], slice_of(c->layout->columns[i].name)))
				c->place[i] = (int)at;
	}
}

static struct slice cell_at(const struct slice *cells, size_t count, int at)
{
	return at >= 0 && (size_t)at < count ? cells[at] : (struct slice){ NULL, 0 };
}

/* The position of a row's record, or NO_RECORD; NO_MEMORY when that cannot be told. */
static int64_t record_of(struct collect *c, const struct slice *cells, size_t count)
{
	struct fingerprint print;

	for (size_t i = 0; i < c->layout->count; i++)
		c->cells[i] = cell_at(cells, count, c->place[i]);
	print = layout_fingerprint(c->layout, c->cells);
	if (print.short_of)
		return NO_MEMORY;
	return match_take(c->match, print.key, print.row);
}

static uint64_t message_hash(struct slice code, struct slice text, struct slice fields)
{
	return hash_of(text, hash_of(code, hash_of(fields, 0)));
}

static bool messages_grow(struct collect *c)
{
	size_t room = c->message_room ? c->message_room * 2 : 256;
	const struct outcome_message **bigger = calloc(room, sizeof *bigger);

	if (!bigger)
		return false;
	for (size_t i = 0; i < c->message_room; i++) {
		const struct outcome_message *m = c->messages[i];
		size_t at;

		if (!m)
			continue;
		at = message_hash(slice_of(m->code), slice_of(m->text), slice_of(m->fields)) & (room - 1);
		while (bigger[at])
			at = (at + 1) & (room - 1);
		bigger[at] = m;
	}
	free(c->messages);
	c->messages = bigger;
	c->message_room = room;
	return true;
}

static const struct outcome_message *new_message(struct collect *c, struct slice code, struct slice text,
                                                 struct slice fields)
{
	struct outcome_message *m = arena_alloc(&c->texts, sizeof *m);

	if (!m)
		return NULL;
	m->code = arena_slice(&c->texts, code);
	m->text = arena_slice(&c->texts, text);
	m->fields = arena_slice(&c->texts, fields);
	return m->code && m->text && m->fields ? m : NULL;
}

/* The message of these parts: the same pointer for the same text. NULL without memory. */
static const struct outcome_message *message_of(struct collect *c, struct slice error)
{
	struct slice code, text, fields;
	size_t at;

	bulk_error_parts(error, &code, &text, &fields);
	if (c->message_count * 2 >= c->message_room && !messages_grow(c))
		return NULL;
	at = message_hash(code, text, fields) & (c->message_room - 1);
	while (c->messages[at]) {
		const struct outcome_message *m = c->messages[at];

		if (slice_is(code, m->code) && slice_is(text, m->text) && slice_is(fields, m->fields))
			return m;
		at = (at + 1) & (c->message_room - 1);
	}
	c->messages[at] = new_message(c, code, text, fields);
	c->message_count += c->messages[at] != NULL;
	return c->messages[at];
}

static enum outcome_how how_written(const struct collect *c, struct slice created)
{
	if (action_deletes(c->action))
		return OUTCOME_DELETED;
	if (c->action == ACTION_INSERT || slice_equal_fold(created, slice_of("true")))
		return OUTCOME_CREATED;
	return OUTCOME_UPDATED;
}

bool collect_row(void *collect, bool header, const struct slice *cells, size_t count)
{
	struct collect *c = collect;
	struct slice id;
	struct outcome *o;
	int64_t at;

	if (header) {
		read_header(c, cells, count);
		return true;
	}
	at = record_of(c, cells, count);
	if (at == NO_MEMORY)
		return false;
	if (at == NO_RECORD) {
		c->strange++;
		return true;
	}
	o = &c->outcomes[at];
	id = cell_at(cells, count, c->id_at);
	memcpy(o->id, id.len ? id.at : "", id.len < sizeof o->id ? id.len : sizeof o->id - 1);
	if (c->which == BULK_SUCCESSFUL) {
		o->state = OUTCOME_WRITTEN;
		o->how = (uint8_t)how_written(c, cell_at(cells, count, c->created_at));
	} else if (c->which == BULK_FAILED_RESULTS) {
		o->state = OUTCOME_FAILED;
		o->message = message_of(c, cell_at(cells, count, c->error_at));
		return o->message != NULL;
	} else {
		o->state = COLLECT_UNPROCESSED;
	}
	return true;
}

struct outcome *collect_outcomes(struct collect *c)
{
	return c->outcomes;
}

struct collect_sum collect_sum(const struct collect *c)
{
	struct collect_sum sum = { .strange = c->strange };

	for (size_t i = 0; i < c->count; i++)
		switch (c->outcomes[i].state) {
		case OUTCOME_WRITTEN:
			sum.written++;
			break;
		case OUTCOME_FAILED:
			sum.failed++;
			break;
		case COLLECT_UNPROCESSED:
			sum.unprocessed++;
			break;
		default:
			sum.missing++;
		}
	return sum;
}
