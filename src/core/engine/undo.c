#include "core/engine/undo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "core/engine/held.h"
#include "core/engine/pace.h"
#include "core/engine/undo_part.h"
#include "store/prune.h"
#include "store/undos.h"

enum { COUNT_TEXT = 27 };

/* ---- may it be undone? ---- */

static enum err_code check_state(struct journal *j, const struct run *run, struct err *e)
{
	enum run_state state = run_state_now(j, run);
	bool must = false, open = false;
	int64_t id;

	if (state == RUN_RUNNING || state == RUN_WAITING)
		return err_set(e, ERR_USAGE,
		               "run %lld is at work: cancel it, or wait for its end, then undo it",
		               (long long)run->id);
	if (run_is_whole(run, e) != ERR_OK)
		return e->code;
	if (undo_must_settle(j, run->id, &must, e) != ERR_OK ||
	    undo_newest(j, run->id, &id, &open, e) != ERR_OK)
		return e->code;
	if (must)
		return err_set(
			e, ERR_USAGE,
			"run %lld has jobs in the org whose results are not collected: `longshore cancel "
			"%lld` ends them, then undo it",
			(long long)run->id, (long long)run->id);
	if (open)
		return err_set(e, ERR_USAGE,
		               "run %lld undoes run %lld already: `longshore resume %lld` goes on with it",
		               (long long)id, (long long)run->id, (long long)id);
	return ERR_OK;
}

static enum err_code nothing(const struct undo *u, struct err *e)
{
	const struct run *run = &u->run;
	long long id = (long long)run->id;

	if (run->counts.deleted > 0 && strcmp(run->action, "hard_delete") == 0)
		return err_set(
			e, ERR_USAGE,
			"run %lld has deleted records for good: they are in no recycle bin, and nothing can "
			"be undone; load them anew from an export",
			id);
	if (run->counts.deleted > 0)
		return err_set(
			e, ERR_USAGE,
			"run %lld has deleted records, which cannot be undone from here: the org's recycle "
			"bin keeps them for 15 days, an administrator can restore them there",
			id);
	if (u->file.not_kept + u->file.unknown > 0)
		return err_set(e, ERR_USAGE,
		               "run %lld has updated records without keeping their old values (--keep-old yes "
		               "keeps them): nothing of it can be undone",
		               id);
	return err_set(e, ERR_USAGE, "run %lld has written nothing: there is nothing to undo", id);
}

/* ---- the undo as a load ---- */

static void fill_options(struct undo *u, const struct access_choice *choice, struct load_options *options)
{
	bool ours = choice && (choice->config || choice->org);

	*options = (struct load_options){
		.file = u->file.path,
		.config = ours ? choice->config : u->run.config,
		.org = ours ? choice->org : u->run.saved_org,
		.object = u->run.object,
		.action = "update",
		.reading = { .format = FORMAT_JSONL, .encoding = ENCODING_UTF_8 },
		.allow_failures = 1,
		.skip_invalid = true,
		.again = true, /* what undoes what is looked at by itself */
		.api_version = u->run.api_version,
		.undo_of = u->run.id,
		.keep_old = "yes", /* an undo can be undone */
	};
}

static enum err_code sign_in(struct undo *u, struct err *e)
{
	const struct org_identity *id;

	if (load_sign_in(&u->load, e) != ERR_OK)
		return e->code;
	id = org_identity(u->load.org);
	if (strcmp(id->org_id, u->run.org_id) == 0)
		return access_may_write(id->org_id, e);
	return err_set(
		e, ERR_REFUSED,
		"run %lld belongs to the org %s (%s), but this sign-in is to %s (%s): sign in to the first "
		"one and undo it there",
		(long long)u->run.id, u->run.org_name, u->run.org_id, id->org_name, id->org_id);
}

static enum err_code make_plan(struct undo *u, struct journal *j, struct err *e)
{
	struct load *load = &u->load;

	if (load_open(load, journal_state(j), e) != ERR_OK || load_map(load, e) != ERR_OK)
		return e->code;
	return load_check(load, NULL, NULL, e);
}

/* ---- what the org has now ---- */

struct counting {
	struct undo *u;
	struct held held;
	bool deletes;
	struct undo_part *part;      /* of an undo that puts back */
	size_t at[BUDGET_LOOK_KEYS]; /* where the lines of the records that are held begin in part->kept */
	const char **changed;        /* room for the fields of one record */
	undo_progress *progress;
	void *ctx;
	int64_t done;
	struct err *e;
};

static struct slice lines_of(const struct undo_part *part, size_t from, size_t upto)
{
	return (struct slice){ buf_text(&part->kept) + from, upto - from };
}

/* With its end. */
static struct slice line_at(const struct undo_part *part, size_t at)
{
	const char *text = buf_text(&part->kept) + at;

	return (struct slice){ text, strcspn(text, "\n") + 1 };
}

static void count(struct counting *c, enum guard_fate fate)
{
	struct undo_counts *n = &c->u->counts;

	if (fate == GUARD_GOES)
		*(c->deletes ? &n->deletable : &n->restorable) += 1;
	else if (fate == GUARD_CHANGED)
		*(c->deletes ? &n->created_changed : &n->updated_changed) += 1;
	else if (fate == GUARD_CHILDREN)
		n->created_children++;
	else if (fate == GUARD_GONE)
		*(c->deletes ? &n->created_gone : &n->updated_gone) += 1;
}

/* Record i has been changed since: its line goes on without what was changed, if anything is left to put back. */
static bool put_part(struct counting *c, size_t i, struct slice line, struct buf *cut)
{
	size_t count = held_changed(&c->held, i, c->changed);

	buf_clear(cut);
	if (!undo_part_cut(line, c->u->load.object, c->changed, count, cut))
		return false;
	c->u->counts.restorable++;
	c->u->counts.in_part++;
	return true;
}

/* What is known now of the records that are held; the lines up to `upto` are written. */
static enum err_code settle_held(struct counting *c, size_t upto)
{
	struct held *h = &c->held;
	struct buf cut;
	size_t from = 0;

	buf_init(&cut, 64 * 1024 * 1024);
	for (size_t i = 0; i < h->count && c->e->code == ERR_OK; i++) {
		const char *field;
		enum guard_fate fate = held_fate(h, i, &field);
		struct slice line = c->part ? line_at(c->part, c->at[i]) : (struct slice){ 0 };

		if (c->deletes || fate != GUARD_CHANGED || !put_part(c, i, line, &cut)) {
			count(c, fate);
			continue;
		}
		if (cut.short_of)
			err_memory(c->e, "an undo");
		else if (undo_part_write(c->part, lines_of(c->part, from, c->at[i]), c->e) == ERR_OK)
			undo_part_write(c->part, buf_slice(&cut), c->e);
		from = c->at[i] + line.len;
	}
	if (c->part && c->e->code == ERR_OK)
		undo_part_write(c->part, lines_of(c->part, from, upto), c->e);
	if (c->part)
		buf_drop_front(&c->part->kept, upto);
	buf_release(&cut);
	return c->e->code;
}

static enum err_code ask(struct counting *c, size_t upto)
{
	struct held *h = &c->held;
	const char *query = held_query(h);

	if (c->progress && !c->progress(c->ctx, c->done, c->u->load.check.records))
		return err_set(c->e, ERR_STOPPED, "stopped before anything was sent");
	if (query && org_query(c->u->load.org, query, h->fields, h->field_count, held_row, h, c->e) != ERR_OK)
		return c->e->code;
	if (h->short_of)
		return err_memory(c->e, "an undo");
	if (settle_held(c, upto) != ERR_OK)
		return c->e->code;
	c->done += (int64_t)h->count;
	held_begin(h);
	return ERR_OK;
}

/* `at`: where its line begins in what is kept. */
static enum err_code take(struct counting *c, const struct record *r, size_t at)
{
	size_t before = c->held.count;
	enum held_taken taken = held_take(&c->held, r);

	if (taken == HELD_FULL) {
		if (ask(c, at) != ERR_OK)
			return c->e->code;
		before = at = 0;
		taken = held_take(&c->held, r);
	}
	if (taken == HELD_NO_MEMORY)
		return err_memory(c->e, "an undo");
	if (c->held.count > before)
		c->at[before] = at;
	return ERR_OK;
}

/* Records from `from` on, up to the one before `to` (0: the end). */
static enum err_code count_some(struct counting *c, int64_t from, int64_t to)
{
	struct load *load = &c->u->load;
	struct plan_line line;
	struct record r;
	struct buf text;
	size_t at;
	bool more = true;

	buf_init(&text, 64 * 1024 * 1024);
	held_begin(&c->held);
	while (c->e->code == ERR_OK && (!to || from < to)) {
		if (source_next(load->source, &r, &more, c->e) != ERR_OK || !more)
			break;
		from = r.number + 1;
		at = c->part ? c->part->kept.len : 0;
		if (c->part && undo_part_read(c->part, c->e) != ERR_OK)
			break;
		buf_clear(&text);
		plan_record(load->plan, &r, &text, &line);
		if (line.unusable)
			plan_trouble(load->plan, c->e);
		else if (line.sent)
			take(c, &r, at);
		else
			c->u->counts.unfit++;
	}
	buf_release(&text);
	return c->e->code == ERR_OK ? ask(c, c->part ? c->part->kept.len : 0) : c->e->code;
}

static enum err_code count_part(struct counting *c, bool deletes, int64_t from, int64_t to)
{
	struct load *load = &c->u->load;
	struct guard guard;

	c->deletes = deletes;
	c->changed = NULL;
	if (guard_init(&guard, source_shape(load->source), load->object, &load->children, deletes) &&
	    held_init(&c->held, load->plan, &guard, HELD_KEYS) &&
	    (c->changed = calloc(guard.count + 1, sizeof *c->changed)) != NULL)
		count_some(c, from, to);
	else
		err_memory(c->e, "an undo");
	free((void *)c->changed);
	held_release(&c->held);
	guard_release(&guard);
	return c->e->code;
}

static enum err_code count_parts(struct counting *c)
{
	struct load *load = &c->u->load;
	int64_t from = c->u->file.delete_from;
	bool only_deletes = load->action == ACTION_DELETE;

	if (source_seek(load->source, 1, source_shape(load->source)->first_offset, c->e) != ERR_OK)
		return c->e->code;
	if (!only_deletes && count_part(c, false, 1, from) != ERR_OK)
		return c->e->code;
	return only_deletes || from ? count_part(c, true, only_deletes ? 1 : from, 0) : ERR_OK;
}

/* Asks, and writes the file anew if some records can be put back only in part: then the plan is that of the new one. */
static enum err_code count_all(struct undo *u, struct journal *j, undo_progress *progress, void *ctx,
                               struct err *e)
{
	struct undo_part part = { 0 };
	struct counting *c = calloc(1, sizeof *c);

	if (!c)
		return err_memory(e, "an undo");
	*c = (struct counting){ .u = u, .progress = progress, .ctx = ctx, .e = e };
	if (u->load.action != ACTION_DELETE) {
		c->part = &part;
		undo_part_begin(&part, &u->file, journal_state(j), e);
	}
	if (e->code == ERR_OK && count_parts(c) == ERR_OK && u->counts.in_part > 0 &&
	    undo_part_take(&part, &u->file, journal_state(j), u->run.id, e) == ERR_OK)
		make_plan(u, j, e);
	undo_part_release(&part);
	free(c);
	return e->code;
}

/* Each part is read and written by itself. */
static void estimate(struct undo *u)
{
	struct undo_counts *n = &u->counts;
	const char *api = load_api(&u->load, NULL);
	bool in_requests = api && strcmp(api, "collections") == 0;
	int64_t most, batches;

	n->calls = (u->file.created > 0) + (u->file.updated + BUDGET_LOOK_KEYS - 1) / BUDGET_LOOK_KEYS +
	           (u->file.created + BUDGET_LOOK_KEYS - 1) / BUDGET_LOOK_KEYS +
	           budget_send(in_requests, n->restorable, true, PACE_LOOKED, &batches) +
	           budget_send(in_requests, n->deletable, true, PACE_LOOKED, &batches);
	if (!org_calls_left(u->load.org, &n->calls_left, &most))
		n->calls_left = -1;
}

/* ---- the steps ---- */

static enum err_code write_file(struct undo *u, struct journal *j, struct err *e)
{
	struct undo_counts *n = &u->counts;

	if (undo_file_write(&u->file, j, &u->run, u->load.object, e) != ERR_OK)
		return e->code;
	*n = (struct undo_counts){ .created = u->file.created,
		                   .updated = u->file.updated,
		                   .not_kept = u->file.not_kept,
		                   .unknown = u->file.unknown,
		                   .deleted = u->run.counts.deleted,
		                   .in_doubt = u->run.counts.in_doubt,
		                   .fields = u->file.fields };
	if (n->created + n->updated == 0)
		return nothing(u, e);
	if (n->updated == 0 && u->file.delete_from == 0) {
		u->load.options.action = "delete";
		u->load.action = ACTION_DELETE;
	}
	u->load.options.delete_from = u->file.delete_from;
	return ERR_OK;
}

enum err_code undo_open(struct undo *u, struct journal *j, int64_t run, const struct access_choice *choice,
                        undo_progress *progress, void *ctx, struct err *e)
{
	struct load_options options;

	memset(u, 0, sizeof *u);
	if (run_get(j, run, &u->run, e) != ERR_OK || check_state(j, &u->run, e) != ERR_OK)
		return e->code;
	fill_options(u, choice, &options);
	load_init(&u->load, &options);
	if (u->run.counts.written == 0)
		return nothing(u, e);
	if (sign_in(u, e) != ERR_OK || load_describe(&u->load, e) != ERR_OK || write_file(u, j, e) != ERR_OK ||
	    (u->file.created && load_children(&u->load, e) != ERR_OK) || make_plan(u, j, e) != ERR_OK ||
	    count_all(u, j, progress, ctx, e) != ERR_OK)
		return e->code;
	estimate(u);
	return ERR_OK;
}

void undo_release(struct undo *u)
{
	load_release(&u->load);
	if (u->file.path[0] && !u->created && !u->file.was_there)
		unlink(u->file.path);
	memset(u, 0, sizeof *u);
}

int64_t undo_will(const struct undo *u)
{
	return u->counts.deletable + u->counts.restorable;
}

enum err_code undo_create(struct undo *u, struct journal *j, struct run *run, struct err *e)
{
	enum run_state state = run_state_now(j, &u->run);
	char why[64];

	if (undo_will(u) == 0)
		return err_set(e, ERR_USAGE,
		               "nothing of run %lld is as it left it: there is nothing to undo any more",
		               (long long)u->run.id);
	if (access(u->file.path, R_OK) !=
	    0) /* another look at the same run has the same file, and took it along */
		return err_set(e, ERR_FILE,
		               "what this undo would do is no longer written down: look at run %lld again",
		               (long long)u->run.id);
	if (load_create(&u->load, j, run, e) != ERR_OK)
		return e->code;
	u->created = true;
	snprintf(why, sizeof why, "undone by run %lld", (long long)run->id);
	if (run_pending(&u->run.counts) > 0 && !run_state_ended(state))
		return run_set_state(j, u->run.id, RUN_CANCELLED, why, 0, why, e);
	return run_log(j, u->run.id, e, "%s", why);
}

/* ---- in words ---- */

static const char *number(int64_t n, char text[COUNT_TEXT])
{
	return text_count(n, text, COUNT_TEXT);
}

static void add_alone(struct buf *b, int64_t changed, int64_t parents, int64_t gone)
{
	char n[COUNT_TEXT];

	if (changed)
		buf_addf(b, "; %s %s changed since%s", number(changed, n), changed == 1 ? "has" : "have",
		         parents ? "" : ": left alone");
	if (parents)
		buf_addf(b, "%s %s %s new children: left alone", changed ? "," : ";", number(parents, n),
		         parents == 1 ? "has" : "have");
	if (gone)
		buf_addf(b, "; %s %s not there any more", number(gone, n), gone == 1 ? "is" : "are");
	buf_add_char(b, '\n');
}

static void add_cannot(struct buf *b, const struct undo_counts *n)
{
	char text[COUNT_TEXT];

	if (n->deleted)
		buf_addf(b, "%s deleted: cannot be undone; the org's recycle bin keeps them for 15 days\n",
		         number(n->deleted, text));
	if (n->in_doubt)
		buf_addf(b,
		         "%s in doubt: cannot be undone as long as they are; resume asks the org about them\n",
		         number(n->in_doubt, text));
	if (n->not_kept)
		buf_addf(b, "%s updated: cannot be undone, their old values were not kept\n",
		         number(n->not_kept, text));
	if (n->unknown)
		buf_addf(b, "%s written: cannot be undone, whether they were created or updated is not known\n",
		         number(n->unknown, text));
	if (n->unfit)
		buf_addf(b, "%s updated: cannot be undone, their old values are not allowed any more\n",
		         number(n->unfit, text));
}

void undo_describe(const struct undo *u, struct buf *b)
{
	const struct undo_counts *n = &u->counts;
	char all[COUNT_TEXT], some[COUNT_TEXT];

	add_cannot(b, n);
	if (n->created) {
		buf_addf(b, "%s created: %s deleted", number(n->created, all), number(n->deletable, some));
		add_alone(b, n->created_changed, n->created_children, n->created_gone);
	}
	if (n->updated) {
		buf_addf(b, "%s updated: %s get their old values back in %zu field%s", number(n->updated, all),
		         number(n->restorable, some), n->fields, n->fields == 1 ? "" : "s");
		if (n->in_part)
			buf_addf(b, "; %s of them in part, without the fields that have changed since",
			         number(n->in_part, some));
		add_alone(b, n->updated_changed, 0, n->updated_gone);
	}
	if (n->created && u->load.children.more)
		buf_addf(b,
		         "not looked for: children of %zu more kinds, which the org would delete with their "
		         "parents or keep them for\n",
		         u->load.children.more);
	buf_add_text(b, "not undone: e-mails, and what flows and triggers did; they run again now\n");
	buf_addf(b, "costs about %s", number(n->calls, some));
	if (n->calls_left >= 0)
		buf_addf(b, " of %s", number(n->calls_left, all));
	buf_add_text(b, " API calls; it is a run of its own and can be resumed\n");
}
