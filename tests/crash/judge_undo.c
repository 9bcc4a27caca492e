/* judge_undo.c - a load that was taken back: the org is as it was before, and nothing else was touched. */
#include "judge.h"

#include <stdio.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static int count(const json_t *writes, const char *id, const char *verb)
{
	const json_t *w;
	size_t i;
	int n = 0;

	json_array_foreach(writes, i, w) {
		n += strcmp(text_of(w, "id"), id) == 0 && strcmp(text_of(w, "verb"), verb) == 0;
	}
	return n;
}

/* What the load created is deleted, once, and nothing else is. */
static void judge_created(struct verdict *v, const json_t *writes)
{
	const json_t *w;
	size_t i;

	json_array_foreach(writes, i, w) {
		const char *id = text_of(w, "id"), *verb = text_of(w, "verb");
		int created = count(writes, id, "created"), deleted = count(writes, id, "deleted");

		if (strcmp(verb, "updated") == 0 || (created == 1 && deleted == 1))
			continue;
		v->twice += deleted > created;
		v->lost += deleted < created;
		judge_blame(v, "row %s: %d times created, %d times deleted", id, created, deleted);
	}
}

/* How often the undo says that it sent this row; 0: it does not know it. */
static int attempt_of(const struct judge_attempt told[PLAY_RECORDS], const char *id)
{
	for (int i = 0; i < PLAY_RECORDS; i++)
		if (strcmp(told[i].id, id) == 0)
			return told[i].attempt;
	return 0;
}

/* A row that was there before has its old values again. The load has changed it once; that the undo did so more than once it tells of. */
static void judge_restored(struct verdict *v, const struct play *p, int i, const json_t *rows,
                           const json_t *writes, const struct judge_attempt told[PLAY_RECORDS])
{
	int updates = count(writes, p->records[i].id, "updated");
	char before[32];
	const json_t *row;
	size_t n;
	bool there = false;

	snprintf(before, sizeof before, "Before %d", i + 1);
	json_array_foreach(rows, n, row) {
		there = there || (strcmp(text_of(row, "Id"), p->records[i].id) == 0 &&
		                  strcmp(text_of(row, "Name"), before) == 0 && !*text_of(row, "Phone"));
	}
	v->lost += !there;
	if (!there)
		judge_blame(v, "record %d: its row has not the old values", i + 1);
	v->again += updates > 2;
	v->twice += updates > 2 && v->cause != CAUSE_ANSWER;
	if (updates < 2 || (updates > 2 && v->cause != CAUSE_ANSWER))
		judge_blame(v, "record %d: %d updates of its row, 2 are right", i + 1, updates);
	else if (updates - 1 > attempt_of(told, p->records[i].id))
		judge_blame(v, "record %d: %d updates of its row, and the undo tells of %d attempts", i + 1,
		            updates, attempt_of(told, p->records[i].id));
}

/* What the undo's run says of itself; gives its number. */
static long long judge_run_of_undo(struct verdict *v, struct stage *s, const struct play *p)
{
	json_t *said = json_load_file(stage_path(s, "out"), 0, NULL);
	long long run = json_integer_value(json_object_get(said, "run"));
	long long left = json_integer_value(json_object_get(said, "failed")) +
	                 json_integer_value(json_object_get(said, "in_doubt")) +
	                 json_integer_value(json_object_get(said, "pending"));

	v->in_doubt = (int)json_integer_value(json_object_get(said, "in_doubt"));
	if (!json_is_integer(json_object_get(said, "undo_of")) || left != 0 ||
	    strcmp(text_of(said, "state"), "finished") != 0 ||
	    json_integer_value(json_object_get(said, "records")) != PLAY_RECORDS)
		judge_blame(v, "the undo is %s, and %lld of its records failed, are in doubt or pending",
		            text_of(said, "state"), left);
	judge_calls(v, s, p, said);
	json_decref(said);
	return run;
}

void judge_undo(struct verdict *v, struct stage *s, const struct play *p, int status)
{
	struct judge_attempt told[PLAY_RECORDS] = { 0 };
	char path[64];
	json_t *rows, *audit;
	size_t there = 0;

	if (status != 0)
		judge_blame(v, "the last command ended with exit status %d", status);
	snprintf(path, sizeof path, "/practice/audit?object=Account&since=%lld", (long long)p->seq);
	audit = stage_get(s, path);
	rows = stage_get(s, "/practice/rows?object=Account");
	if (audit && rows) {
		judge_attempts(s, judge_run_of_undo(v, s, p), told);
		judge_created(v, json_object_get(audit, "writes"));
		for (int i = 0; i < PLAY_RECORDS; i++)
			if (p->records[i].id[0]) {
				judge_restored(v, p, i, json_object_get(rows, "rows"),
				               json_object_get(audit, "writes"), told);
				there++;
			}
		if (json_array_size(json_object_get(rows, "rows")) != there)
			judge_blame(v, "the org has %zu rows, %zu are right",
			            json_array_size(json_object_get(rows, "rows")), there);
		judge_journal(v, s);
	}
	if (s->said[0])
		judge_blame(v, "%s", s->said);
	json_decref(rows);
	json_decref(audit);
}
