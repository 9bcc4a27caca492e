#include "ui/command/singer_before.h"

#include <stdlib.h>
#include <string.h>

#include "core/engine/access.h"
#include "core/engine/engine.h"
#include "core/engine/run_source.h"
#include "store/outcomes.h"
#include "store/singer_runs.h"
#include "ui/command/foreground.h"
#include "ui/command/saved_orgs.h"

enum { RUNS_A_PAGE = 16, OUTCOMES_A_PAGE = 200 };

static void add_text(struct hash_stream *h, const char *text)
{
	const char *t = text ? text : "";

	hash_add(h, t, strlen(t) + 1);
}

enum err_code singer_before_settings(const struct call *call, char settings[HASH_TEXT], struct err *e)
{
	struct access access = { 0 };
	const struct settings *s = &access.settings;
	struct hash_stream *h = hash_new();
	struct access_choice choice;

	if (!h)
		return err_memory(e, "settings");
	if (saved_orgs_choice(call, &choice, e) == ERR_OK && access_read(&access, &choice, e) == ERR_OK) {
		const char *const texts[] = { choice.org,          s->client_id,  s->username,
			                      s->login_url,        s->domain,     s->action,
			                      s->external_id_name, s->table_name, s->instance_url };

		for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
			add_text(h, texts[i]);
		hash_text(h, settings);
	}
	access_release(&access);
	hash_free(h);
	return e->code;
}

/* The next of the run's outcomes, page by page; false behind the last one. */
struct outcomes {
	struct outcome_row rows[OUTCOMES_A_PAGE];
	int count, next;
	int64_t after;
};

static bool is_settled(struct journal *j, int64_t run, int64_t record, struct outcomes *o, struct err *e)
{
	while (o->after < record || o->count == 0) {
		if (o->next < o->count && o->rows[o->next].record >= record)
			break;
		if (o->next < o->count) {
			o->next++;
			continue;
		}
		o->count = outcome_page(j, run, record - 1, 0, o->rows, OUTCOMES_A_PAGE, e);
		o->next = 0;
		if (o->count <= 0)
			return false;
	}
	return o->next < o->count && o->rows[o->next].record == record &&
	       (o->rows[o->next].state == OUTCOME_WRITTEN || o->rows[o->next].state == OUTCOME_SKIPPED);
}

/* The records of a run behind its first `given` ones. */
static enum err_code read_rows(struct singer_before *b, struct journal *j, const struct run *run, int64_t given,
                               struct err *e)
{
	struct outcomes *outcomes = calloc(1, sizeof *outcomes);
	struct run_kept kept;
	struct source *source = NULL;
	struct record record;
	bool more = true;

	if (!outcomes)
		return err_memory(e, "records that were settled before");
	run_source_open(&source, &kept, j, run, NULL, e);
	while (e->code == ERR_OK && source_next(source, &record, &more, e) == ERR_OK && more)
		if (record.number > given && is_settled(j, run->id, record.number, outcomes, e))
			singer_seen_add(&b->seen, hash_of(record.raw, 0), e);
	source_close(source);
	free(outcomes);
	return e->code;
}

/* A run that was cut short is finished. */
static int finish(const struct call *call, struct run *run)
{
	struct err e;

	err_init(&e);
	if (run_pending(&run->counts) == 0 && run->counts.in_doubt == 0)
		return 0;
	call_say(call, "longshore: run %lld of the same settings is not finished: that first",
	         (long long)run->id);
	foreground_engine(call, run->id, NULL, false, &e);
	if (e.code != ERR_OK)
		return call_fail(call, &e, NULL);
	if (run_get(call->journal, run->id, run, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	return run_pending(&run->counts) > 0 || run->counts.in_doubt > 0
	               ? engine_exit_status(call->journal, run)
	               : 0;
}

int singer_before_read(struct singer_before *b, const struct call *call, const char *settings)
{
	static struct run run;
	struct singer_run page[RUNS_A_PAGE];
	int64_t after = 0;
	struct err e;
	int n, status = 0;

	err_init(&e);
	singer_seen_init(&b->seen, call->state);
	do {
		n = singer_run_page(call->journal, settings, after, page, RUNS_A_PAGE, &e);
		for (int i = 0; i < n && status == 0; i++) {
			after = page[i].run;
			if (run_get(call->journal, after, &run, &e) != ERR_OK)
				break;
			status = finish(call, &run);
			if (status == 0)
				read_rows(b, call->journal, &run, page[i].given, &e);
			if (e.code != ERR_OK)
				break;
		}
	} while (n == RUNS_A_PAGE && status == 0 && e.code == ERR_OK);
	if (e.code == ERR_OK && status == 0)
		singer_seen_end(&b->seen, &e);
	return e.code != ERR_OK ? call_fail(call, &e, NULL) : status;
}

void singer_before_release(struct singer_before *b)
{
	singer_seen_release(&b->seen);
}

enum err_code singer_before_has(struct singer_before *b, struct slice row, bool *has, struct err *e)
{
	return singer_seen_find(&b->seen, hash_of(row, 0), has, e);
}
