#include "practice/control.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "practice/route.h"

enum { PIECE_ROWS = 1000 };

/* A list that is written piece by piece: the audit, or the rows of a table. */
struct listing {
	struct stream stream;
	struct practice *practice;
	const struct object *object; /* NULL: all (audit only) */
	bool audit;
	bool begun, ended, any;
	size_t next;
	size_t left; /* entries it may still give */
	struct json_out out;
};

static int64_t number_argument(const struct request *r, const char *name, int64_t otherwise)
{
	const char *text = request_argument(r, name);
	int64_t value;

	return text && number_whole(slice_of(text), &value) && value >= 0 ? value : otherwise;
}

static void begin_listing(struct listing *l, struct buf *to)
{
	json_out_init(&l->out, to, false);
	json_out_object(&l->out);
	if (l->audit)
		json_out_pair_number(&l->out, "total", (int64_t)l->practice->audit.count);
	else
		json_out_pair_number(&l->out, "total", org_table(&l->practice->org, l->object)->live);
	json_out_key(&l->out, l->audit ? "writes" : "rows");
	json_out_list(&l->out);
	l->begun = true;
}

/* The next row, with the fields that are not null and without those every record has. */
static void write_row(const struct table *t, uint32_t number, struct json_out *o)
{
	const struct row *row = org_row(t, number);
	char id[SF_ID_ROOM];

	table_id(t, number, id);
	json_out_object(o);
	json_out_pair(o, "Id", id);
	for (size_t i = 0; i < t->object->field_count; i++) {
		const struct field *f = &t->object->fields[i];
		struct slice value = f->origin == FROM_CELL ? row_cell(row, f) : (struct slice){ NULL, 0 };

		if (!value.at)
			continue;
		json_out_key(o, f->name);
		json_out_text(o, value);
	}
	json_out_end(o);
}

/* The entry at l->next, if it is one of those asked for. */
static void write_entry(struct listing *l)
{
	const struct practice *p = l->practice;
	const struct table *t;

	if (l->audit) {
		if (l->object && p->audit.entries[l->next].object != l->object->number)
			return;
		audit_write(&p->audit, &p->org, l->next, &l->out);
	} else {
		t = org_table(&p->org, l->object);
		if (org_row(t, (uint32_t)l->next + 1)->fate != ROW_LIVES)
			return;
		write_row(t, (uint32_t)l->next + 1, &l->out);
	}
	l->left--;
}

static bool more(struct stream *stream, struct buf *to)
{
	struct listing *l = (struct listing *)stream;
	size_t count, piece = 0;

	if (l->ended)
		return false;
	practice_take_turn(l->practice);
	if (!l->begun)
		begin_listing(l, to);
	l->out.to = to;
	count = l->audit ? l->practice->audit.count : org_table(&l->practice->org, l->object)->count;
	for (; l->next < count && l->left > 0 && piece < PIECE_ROWS; l->next++, piece++)
		write_entry(l);
	if (l->next >= count || l->left == 0) {
		json_out_end(&l->out);
		json_out_end(&l->out);
		l->ended = true;
	}
	practice_end_turn(l->practice);
	return true;
}

static void free_listing(struct stream *stream)
{
	free(stream);
}

static void send_listing(struct practice *p, const struct request *r, struct answer *a, bool audit)
{
	const char *name = request_argument(r, "object");
	struct table *t = name ? practice_table(p, name) : NULL;
	struct listing *l;

	if ((name || !audit) && !t) {
		answer_error(a, 400, "INVALID_TYPE", "object=NAME must name an object of this org");
		return;
	}
	l = calloc(1, sizeof *l);
	if (!l)
		return;
	l->stream = (struct stream){ more, free_listing };
	l->practice = p;
	l->audit = audit;
	l->object = t ? t->object : NULL;
	l->next = (size_t)number_argument(r, "since", 0);
	l->left = (size_t)number_argument(r, "limit", INT64_MAX);
	a->stream = &l->stream;
}

void control_audit(struct practice *p, const struct request *r, struct answer *a)
{
	send_listing(p, r, a, true);
}

void control_rows(struct practice *p, const struct request *r, struct answer *a)
{
	send_listing(p, r, a, false);
}

/* Routes of one kind are counted together. */
static void write_calls(struct practice *p, struct json_out *o)
{
	const char *kind;

	json_out_key(o, "calls");
	json_out_object(o);
	for (size_t i = 0; (kind = route_kind(i)); i++) {
		uint64_t count = p->counts[i];

		if (i > 0 && strcmp(kind, route_kind(i - 1)) == 0)
			continue;
		for (size_t k = i + 1; route_kind(k) && strcmp(kind, route_kind(k)) == 0; k++)
			count += p->counts[k];
		if (strcmp(kind, "practice") != 0)
			json_out_pair_number(o, kind, (int64_t)count);
	}
	json_out_end(o);
}

static void write_jobs(struct practice *p, struct json_out *o)
{
	int64_t states[JOB_STATE_COUNT] = { 0 };

	for (uint32_t i = 0; i < p->jobs.count; i++)
		if (p->jobs.all[i] && p->jobs.all[i]->kind == JOB_V2)
			states[p->jobs.all[i]->state]++;
	json_out_key(o, "jobs");
	json_out_object(o);
	for (int i = 0; i < JOB_STATE_COUNT; i++)
		json_out_pair_number(o, job_state_word((enum job_state)i), states[i]);
	json_out_end(o);
}

void control_counters(struct practice *p, const struct request *r, struct answer *a)
{
	struct json_out o;

	(void)r;
	json_out_init(&o, &a->body, false);
	json_out_object(&o);
	json_out_pair_number(&o, "api_calls", (int64_t)p->api_calls);
	write_calls(p, &o);
	json_out_key(&o, "rows");
	json_out_object(&o);
	for (size_t i = 0; i < p->schema.count; i++)
		json_out_pair_number(&o, p->schema.objects[i].name, p->org.tables[i].live);
	json_out_end(&o);
	write_jobs(p, &o);
	json_out_key(&o, "logins");
	json_out_object(&o);
	json_out_pair_number(&o, "granted", (int64_t)p->sessions.granted);
	json_out_pair_number(&o, "refused", (int64_t)p->sessions.refused);
	json_out_end(&o);
	json_out_pair_number(&o, "writes", (int64_t)p->audit.count);
	json_out_end(&o);
}

static void done(struct answer *a)
{
	buf_add_text(&a->body, "{\"done\":true}");
}

void control_reset(struct practice *p, const struct request *r, struct answer *a)
{
	(void)r;
	practice_reset(p);
	done(a);
}

void control_scenario(struct practice *p, const struct request *r, struct answer *a)
{
	struct err e;

	err_init(&e);
	if (scenario_read(&p->scenario, buf_slice(r->body), &e) != ERR_OK) {
		answer_error(a, 400, "BAD_SCENARIO", "%s", e.text);
		return;
	}
	practice_ring(p);
	done(a);
}

void control_expire_sessions(struct practice *p, const struct request *r, struct answer *a)
{
	(void)r;
	sessions_expire(&p->sessions);
	done(a);
}

void control_clock(struct practice *p, const struct request *r, struct answer *a)
{
	json_t *json = json_loadb(buf_text(r->body), r->body->len, 0, NULL);
	const json_t *ms = json_object_get(json, "advance_ms");

	if (json_is_integer(ms) && json_integer_value(ms) >= 0) {
		p->shift += json_integer_value(ms);
		practice_ring(p);
		done(a);
	} else {
		answer_error(a, 400, "BAD_CLOCK", "the clock takes {\"advance_ms\":N} with N >= 0");
	}
	json_decref(json);
}
