#include "core/engine/chunker.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "core/engine/pace.h"

enum {
	NEAR = 64,            /* records that are read over rather than sought past */
	MOST_SKIPPED = 20000, /* left-out records a stretch: they are kept in memory with their text */
};

/* Rows seen in this chunk and in what was deferred from it: open addressing, row 0 is free (a row of 0 is stored as 1). */
struct seen {
	uint64_t *rows;
	uint64_t *exact;
	size_t count, mask;
};

/* How the cut stood when it last held whole batches. */
struct mark {
	size_t count, deferred_count, skipped_count;
	int64_t bytes, deferred_bytes;
	int64_t next_record, next_offset; /* 0 until the record behind it was read */
};

struct scan {
	struct cut *cut;
	struct plan *plan;
	struct source *source;
	struct buf line;
	struct seen sent, deferred;
	struct mark whole;
	bool in_order;
};

void cut_init(struct cut *cut)
{
	*cut = (struct cut){ 0 };
	arena_init(&cut->texts);
}

void cut_release(struct cut *cut)
{
	free(cut->prints);
	free(cut->deferred);
	free(cut->skipped);
	arena_release(&cut->texts);
	cut_init(cut);
}

static size_t seen_slot(const struct seen *s, uint64_t row)
{
	size_t at = (size_t)row & s->mask;

	while (s->rows[at] && s->rows[at] != row)
		at = (at + 1) & s->mask;
	return at;
}

static bool seen_grow(struct seen *s)
{
	struct seen bigger = { .mask = s->mask ? s->mask * 2 + 1 : 1023 };

	bigger.rows = calloc(bigger.mask + 1, sizeof *bigger.rows);
	bigger.exact = calloc(bigger.mask + 1, sizeof *bigger.exact);
	if (!bigger.rows || !bigger.exact) {
		free(bigger.rows);
		free(bigger.exact);
		return false;
	}
	for (size_t i = 0; s->rows && i <= s->mask; i++) {
		if (s->rows[i]) {
			size_t at = seen_slot(&bigger, s->rows[i]);

			bigger.rows[at] = s->rows[i];
			bigger.exact[at] = s->exact[i];
			bigger.count++;
		}
	}
	free(s->rows);
	free(s->exact);
	*s = bigger;
	return true;
}

enum kin { KIN_NONE, KIN_TWIN, KIN_LOOK_ALIKE, KIN_NO_MEMORY };

/* Is a record with this row there already: byte-identical (twin), or only alike? With `add` a new one is remembered. */
static enum kin seen_kin(struct seen *s, uint64_t row, uint64_t exact, bool add)
{
	size_t at;

	row = row ? row : 1;
	if ((!s->rows || s->count * 2 > s->mask) && !seen_grow(s))
		return KIN_NO_MEMORY;
	at = seen_slot(s, row);
	if (s->rows[at])
		return s->exact[at] == exact ? KIN_TWIN : KIN_LOOK_ALIKE;
	if (add) {
		s->rows[at] = row;
		s->exact[at] = exact;
		s->count++;
	}
	return KIN_NONE;
}

static void seen_release(struct seen *s)
{
	free(s->rows);
	free(s->exact);
	*s = (struct seen){ 0 };
}

/* Makes room for one more element of `size` bytes. */
static bool grow(void **array, size_t count, size_t *room, size_t size)
{
	size_t more = *room ? *room + *room / 2 : 256;
	void *bigger;

	if (count < *room)
		return true;
	bigger = realloc(*array, more * size);
	if (!bigger)
		return false;
	*array = bigger;
	*room = more;
	return true;
}

static bool add_print(struct cut *cut, const struct record *r, const struct plan_line *line)
{
	if (!grow((void **)&cut->prints, cut->count, &cut->room, sizeof *cut->prints))
		return false;
	cut->prints[cut->count++] = (struct chunk_print){ r->number, r->offset, line->print.key,
		                                          line->print.row };
	return true;
}

static bool add_deferred(struct cut *cut, const struct record *r)
{
	if (!grow((void **)&cut->deferred, cut->deferred_count, &cut->deferred_room, sizeof *cut->deferred))
		return false;
	cut->deferred[cut->deferred_count++] = (struct chunk_item){ r->number, r->offset };
	return true;
}

static const struct outcome_message *why_left_out(struct arena *a, const struct plan_line *line)
{
	struct outcome_message *m = arena_alloc(a, sizeof *m);
	static const struct outcome_message before[BEFORE_COUNT] = {
		[BEFORE_WRITTEN] = { "already_written", "the result file says: written", "" },
		[BEFORE_IN_DOUBT] = { "in_doubt", "the result file says: in doubt, its own run settles it",
		                      "" },
		[BEFORE_PENDING] = { "pending", "the result file says: pending, its own run sends it", "" },
	};

	if (!m)
		return NULL;
	if (line->before != BEFORE_NOTHING) {
		*m = before[line->before];
		return m;
	}
	if (line->blank) {
		*m = (struct outcome_message){ "blank", "every cell of this record is empty", "" };
		return m;
	}
	m->code = rule_name(line->findings[0].rule);
	m->text = arena_text(a, line->findings[0].message);
	m->fields = arena_text(a, line->findings[0].field);
	return m->text && m->fields ? m : NULL;
}

static bool add_skipped(struct cut *cut, const struct record *r, const struct plan_line *line)
{
	struct outcome o = { .record = r->number, .state = OUTCOME_SKIPPED, .offset = r->offset };
	char *source = arena_slice(&cut->texts, r->raw);

	o.message = why_left_out(&cut->texts, line);
	if (!o.message || !source ||
	    !grow((void **)&cut->skipped, cut->skipped_count, &cut->skipped_room, sizeof *cut->skipped))
		return false;
	o.source = (struct slice){ source, r->raw.len };
	cut->skipped[cut->skipped_count++] = o;
	return true;
}

static void scan_begin(struct scan *s, struct cut *cut, struct plan *plan, struct source *source)
{
	cut_release(cut);
	*s = (struct scan){ .cut = cut, .plan = plan, .source = source };
	buf_init(&s->line, 2 * CSV_MOST_BYTES);
	plan_header(plan, &s->line);
	cut->bytes = cut->deferred_bytes = (int64_t)s->line.len;
}

/* The prints of a full chunk are the engine's largest piece of memory: no more room than they need. */
static void give_back_room(struct cut *cut)
{
	struct chunk_print *fitting = cut->count ? realloc(cut->prints, cut->count * sizeof *fitting) : NULL;

	if (!fitting)
		return;
	cut->prints = fitting;
	cut->room = cut->count;
}

static void scan_end(struct scan *s)
{
	give_back_room(s->cut);
	buf_release(&s->line);
	seen_release(&s->sent);
	seen_release(&s->deferred);
}

static bool is_full(const struct cut *cut, int64_t len, const struct chunker_limits *limits)
{
	return cut->count > 0 && ((int64_t)cut->count >= limits->records || cut->bytes + len > limits->bytes);
}

enum placed { PLACED, PLACED_FULL, PLACED_NO_MEMORY };

/* Puts a record where it belongs, or says that the chunk ends before it. */
static enum placed place(struct scan *s, const struct record *r, const struct plan_line *line,
                         const struct chunker_limits *limits)
{
	struct cut *cut = s->cut;
	int64_t len = (int64_t)s->line.len;
	enum kin kin;

	if (!line->sent && !limits->last && cut->skipped_count >= MOST_SKIPPED)
		return PLACED_FULL;
	if (!line->sent)
		return add_skipped(cut, r, line) ? PLACED : PLACED_NO_MEMORY;
	if (is_full(cut, len, limits))
		return PLACED_FULL;
	kin = s->in_order ? KIN_NONE : seen_kin(&s->sent, line->print.row, line->exact, true);
	if (kin == KIN_NO_MEMORY)
		return PLACED_NO_MEMORY;
	if (kin != KIN_LOOK_ALIKE) {
		cut->bytes += len;
		return add_print(cut, r, line) ? PLACED : PLACED_NO_MEMORY;
	}
	kin = seen_kin(&s->deferred, line->print.row, line->exact, true);
	if (kin == KIN_LOOK_ALIKE)
		return PLACED_FULL;
	cut->deferred_bytes += len;
	return kin != KIN_NO_MEMORY && add_deferred(cut, r) ? PLACED : PLACED_NO_MEMORY;
}

static void remember_whole(struct scan *s)
{
	const struct cut *cut = s->cut;

	if (cut->count == 0 || cut->count % PACE_BATCH != 0 || cut->count == s->whole.count)
		return;
	s->whole = (struct mark){ cut->count, cut->deferred_count, cut->skipped_count,
		                  cut->bytes, cut->deferred_bytes, 0,
		                  0 };
}

/* The record behind whole batches: the next stretch may begin with it. */
static void remember_next(struct scan *s, const struct record *r)
{
	if (s->whole.count && !s->whole.next_record) {
		s->whole.next_record = r->number;
		s->whole.next_offset = r->offset;
	}
}

/* A full chunk keeps whole batches of Salesforce's: a partial one counts in full against the day's allocation. */
static void trim_to_batches(struct scan *s)
{
	struct cut *cut = s->cut;

	if (!s->whole.next_record || cut->count <= PACE_BATCH)
		return;
	cut->count = s->whole.count;
	cut->bytes = s->whole.bytes;
	cut->deferred_count = s->whole.deferred_count;
	cut->deferred_bytes = s->whole.deferred_bytes;
	cut->skipped_count = s->whole.skipped_count;
	cut->next_record = s->whole.next_record;
	cut->next_offset = s->whole.next_offset;
}

/* It was left out when the stretch was cut, and may have been edited or sent since: the stretch is what it was without it. */
static bool is_done(const struct chunker_limits *limits, int64_t record)
{
	size_t low = 0, high = limits->done_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (limits->done[middle] < record)
			low = middle + 1;
		else
			high = middle;
	}
	return low < limits->done_count && limits->done[low] == record;
}

/* Reads on from where the source stands. The record that no longer fits is read again by the next stretch. */
static enum err_code scan_stretch(struct scan *s, const struct chunker_limits *limits, struct err *e)
{
	struct cut *cut = s->cut;
	struct plan_line line;
	struct record r;
	bool more = true;

	while (!limits->last || cut->next_record <= limits->last) {
		enum placed placed;

		if (source_next(s->source, &r, &more, e) != ERR_OK)
			return e->code;
		if (!more) {
			cut->end = true;
			return ERR_OK;
		}
		remember_next(s, &r);
		if (limits->stop && r.number > limits->stop) {
			cut->next_record = r.number;
			cut->next_offset = r.offset;
			return ERR_OK;
		}
		if (is_done(limits, r.number)) {
			cut->next_record = r.number + 1;
			cut->next_offset = -1;
			continue;
		}
		buf_clear(&s->line);
		plan_record(s->plan, &r, &s->line, &line);
		if (line.unusable)
			return plan_trouble(s->plan, e);
		placed = place(s, &r, &line, limits);
		if (placed == PLACED_NO_MEMORY)
			return err_memory(e, "a chunk");
		cut->next_record = r.number + (placed == PLACED);
		cut->next_offset = placed == PLACED ? -1 : r.offset;
		if (placed == PLACED_FULL)
			return ERR_OK;
		remember_whole(s);
	}
	return ERR_OK;
}

enum err_code chunker_stretch(struct cut *cut, struct plan *plan, struct source *source, int64_t from,
                              int64_t offset, const struct chunker_limits *limits, struct err *e)
{
	struct scan s;
	enum err_code rc;

	scan_begin(&s, cut, plan, source);
	s.in_order = limits->in_order;
	cut->next_record = from;
	cut->next_offset = offset;
	rc = s.line.short_of ? err_memory(e, "a chunk") : source_seek(source, from, offset, e);
	if (rc == ERR_OK)
		rc = scan_stretch(&s, limits, e);
	if (rc == ERR_OK && !cut->end && !limits->last && !(limits->stop && cut->next_record > limits->stop))
		trim_to_batches(&s);
	scan_end(&s);
	return rc;
}

enum err_code chunker_go_to(struct source *source, int64_t *here, int64_t record, int64_t offset, struct err *e)
{
	struct record r;
	bool more = true;

	if (*here == 0 || record < *here || record - *here > NEAR) {
		*here = record + 1;
		return source_seek(source, record, offset, e);
	}
	for (; *here < record; (*here)++)
		if (source_next(source, &r, &more, e) != ERR_OK)
			return e->code;
	*here = record + 1;
	return ERR_OK;
}

enum err_code chunker_list(struct cut *cut, struct plan *plan, struct source *source,
                           const struct chunk_item *items, size_t count, const struct chunker_limits *limits,
                           struct err *e)
{
	enum placed placed = PLACED;
	struct scan s;
	struct plan_line line;
	struct record r;
	int64_t here = 0;
	bool more = true;
	enum err_code rc = ERR_OK;

	scan_begin(&s, cut, plan, source);
	s.in_order = limits->in_order;
	if (s.line.short_of)
		placed = PLACED_NO_MEMORY;
	for (size_t i = 0; i < count && placed == PLACED; i++) {
		rc = chunker_go_to(source, &here, items[i].record, items[i].offset, e);
		if (rc == ERR_OK)
			rc = source_next(source, &r, &more, e);
		if (rc != ERR_OK)
			break;
		if (!more || r.number != items[i].record) {
			rc = err_set(e, ERR_FILE,
			             "record %lld is not at byte %lld any more: the source has changed",
			             (long long)items[i].record, (long long)items[i].offset);
			break;
		}
		r.offset = items[i].offset; /* kept texts have none of their own */
		buf_clear(&s.line);
		plan_record(plan, &r, &s.line, &line);
		if (line.unusable) {
			rc = plan_trouble(plan, e);
			break;
		}
		placed = place(&s, &r, &line, limits);
		cut->taken += placed == PLACED;
	}
	if (placed == PLACED_NO_MEMORY)
		rc = err_memory(e, "a chunk");
	scan_end(&s);
	return rc;
}

enum err_code chunker_record(struct plan *plan, struct source *source, const struct chunk_print *print,
                             int64_t *here, struct buf *text, struct record *r, struct err *e)
{
	struct plan_line line = { 0 };
	bool more = true;

	if (chunker_go_to(source, here, print->record, print->offset, e) != ERR_OK ||
	    source_next(source, r, &more, e) != ERR_OK)
		return e->code;
	if (more && r->number == print->record)
		plan_record(plan, r, text, &line);
	if (line.unusable)
		return plan_trouble(plan, e);
	if (line.sent && line.print.key == print->key && line.print.row == print->row)
		return ERR_OK;
	return err_set(e, ERR_FILE,
	               "record %lld is not what was planned to be sent: the source file, the mapping or the "
	               "object has changed since the check",
	               (long long)print->record);
}

enum err_code chunker_line(struct plan *plan, struct source *source, const struct chunk_print *print,
                           int64_t *here, struct buf *text, struct err *e)
{
	struct record r;

	return chunker_record(plan, source, print, here, text, &r, e);
}
