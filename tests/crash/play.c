#include "play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REFUSED = PLAY_REFUSED, MOST_CSV = 64 * 1024 };

#define NOBODY "0055e000000009zAAA" /* a user that the org does not have */

static bool is_left_out(const struct play *p, int i)
{
	if (p->asks == PLAY_ASKS_UNCHANGED)
		return i % 4 == 0 || i >= PLAY_RECORDS - PLAY_CHUNK;
	return p->asks == PLAY_ASKS_FIRST && i == REFUSED;
}

static void fill(struct play *p)
{
	for (int i = 0; i < PLAY_RECORDS; i++) {
		struct play_record *r = &p->records[i];

		snprintf(r->name, sizeof r->name, "Company %d", i + 1);
		snprintf(r->phone, sizeof r->phone, "+49 40 %d", 1000 + i);
		snprintf(r->key, sizeof r->key, "K-%03d", i + 1);
		r->left_out = is_left_out(p, i);
		r->fails = p->failures && i == REFUSED && !r->left_out;
	}
	if (p->action != ACTION_INSERT)
		return;
	p->records[7] = p->records[6];   /* in one chunk */
	p->records[13] = p->records[4];  /* in two */
	p->records[19] = p->records[18]; /* not quite the same */
	strcat(p->records[19].name, " ");
}

static bool was_there(const struct play *p, int i)
{
	if (p->action != ACTION_UPSERT)
		return p->action != ACTION_INSERT;
	return (i % 2 == 0 && i != REFUSED) || (p->asks == PLAY_ASKS_UNCHANGED && p->records[i].left_out);
}

/* A Bulk job of our own, to its end. */
static bool run_job(struct stage *s, const char *operation, const char *csv)
{
	char path[128], body[160];
	json_t *job;
	bool ended = false;

	snprintf(body, sizeof body, "{\"object\":\"Account\",\"operation\":\"%s\",\"lineEnding\":\"LF\"}",
	         operation);
	if (!stage_call(s, "POST", STAGE_API "/jobs/ingest", NULL, body))
		return false;
	job = json_loadb(buf_text(&s->answer), s->answer.len, 0, NULL);
	snprintf(path, sizeof path, STAGE_API "/jobs/ingest/%s/batches",
	         json_string_value(json_object_get(job, "id")));
	json_decref(job);
	if (!stage_call(s, "PUT", path, "text/csv", csv))
		return false;
	*strrchr(path, '/') = '\0';
	if (!stage_call(s, "PATCH", path, NULL, "{\"state\":\"UploadComplete\"}"))
		return false;
	while (!ended && (job = stage_get(s, path)) != NULL) {
		ended = strcmp(json_string_value(json_object_get(job, "state")), "JobComplete") == 0;
		json_decref(job);
	}
	return ended;
}

static bool make_rows(struct play *p, struct stage *s)
{
	struct buf csv;
	bool made;

	buf_init(&csv, MOST_CSV);
	buf_add_text(&csv, "Name,Phone,Ext__c\n");
	for (int i = 0; i < PLAY_RECORDS; i++) {
		const struct play_record *r = &p->records[i];

		if (was_there(p, i) && p->asks == PLAY_ASKS_UNCHANGED && r->left_out)
			buf_addf(&csv, "%s,%s,%s\n", r->name, r->phone, r->key);
		else if (was_there(p, i))
			buf_addf(&csv, "Before %d,,%s\n", i + 1, r->key);
	}
	made = run_job(s, "insert", buf_text(&csv));
	buf_release(&csv);
	return made;
}

static bool learn_ids(struct play *p, struct stage *s)
{
	json_t *answer = stage_get(s, "/practice/rows?object=Account"), *row;
	size_t n, learnt = 0;

	json_array_foreach(json_object_get(answer, "rows"), n, row) {
		const char *key = json_string_value(json_object_get(row, "Ext__c"));

		for (int i = 0; i < PLAY_RECORDS; i++)
			if (key && strcmp(p->records[i].key, key) == 0) {
				snprintf(p->records[i].id, sizeof p->records[i].id, "%s",
				         json_string_value(json_object_get(row, "Id")));
				learnt++;
			}
	}
	json_decref(answer);
	return learnt > 0;
}

/* A row that is gone cannot be deleted again: that is how a delete is refused. */
static bool take_one_away(const struct play *p, struct stage *s)
{
	char csv[64];

	if (!action_deletes(p->action) || !p->failures)
		return true;
	snprintf(csv, sizeof csv, "Id\n%s\n", p->records[REFUSED].id);
	return run_job(s, action_operation(p->action), csv);
}

static json_int_t audit_total(struct stage *s)
{
	json_t *answer = stage_get(s, "/practice/audit?limit=0");
	json_int_t total = answer ? json_integer_value(json_object_get(answer, "total")) : -1;

	json_decref(answer);
	return total;
}

static bool write_source(const struct play *p, const struct stage *s)
{
	FILE *f = fopen(stage_path(s, "source.csv"), "w");

	if (!f)
		return false;
	fputs(p->action == ACTION_INSERT   ? "Name,Phone,OwnerId\n"
	      : p->action == ACTION_UPSERT ? "Ext__c,Name,Phone,OwnerId\n"
	      : p->action == ACTION_UPDATE ? "Id,Name,Phone,OwnerId\n"
	                                   : "Id\n",
	      f);
	for (int i = 0; i < PLAY_RECORDS; i++) {
		const struct play_record *r = &p->records[i];

		if (action_deletes(p->action)) {
			fprintf(f, "%s\n", r->id);
			continue;
		}
		if (p->action != ACTION_INSERT)
			fprintf(f, "%s,", p->action == ACTION_UPSERT ? r->key : r->id);
		fprintf(f, "%s,%s,%s\n", r->name, r->phone,
		        r->fails || (r->left_out && p->asks == PLAY_ASKS_FIRST) ? NOBODY : "");
	}
	return fclose(f) == 0;
}

bool play_prepare(struct play *p, struct stage *s)
{
	bool rows = p->action != ACTION_INSERT;

	memset(p->records, 0, sizeof p->records);
	fill(p);
	return stage_call(s, "POST", "/practice/reset", NULL, "") &&
	       stage_call(s, "POST", "/practice/scenario", NULL, "{}") &&
	       (!rows || (make_rows(p, s) && learn_ids(p, s) && take_one_away(p, s))) &&
	       (p->seq = audit_total(s)) >= 0 && write_source(p, s);
}

void play_refusal(const struct play *p, char scenario[320])
{
	const struct play_record *r = &p->records[REFUSED];

	if (action_deletes(p->action))
		snprintf(scenario, 320,
		         "{\"faults\":[{\"action\":\"lock\",\"column\":\"Id\",\"value\":\"%s\",\"tries\":0}]}",
		         r->id);
	else
		snprintf(scenario, 320,
		         "{\"validation_rules\":[{\"object\":\"Account\",\"when\":[{\"field\":\"Phone\",\"is\":"
		         "\"=\","
		         "\"value\":\"%s\"}],\"message\":\"Not this one\"}]}",
		         r->phone);
}

bool play_wrote(const struct play *p, struct stage *s, int writes)
{
	return audit_total(s) == p->seq + writes;
}

static json_int_t calls_of_org(struct stage *s)
{
	json_t *answer = stage_get(s, "/practice/counters");
	json_int_t calls = answer ? json_integer_value(json_object_get(answer, "api_calls")) : -1;

	json_decref(answer);
	return calls;
}

void play_begin_counting(struct play *p, struct stage *s)
{
	p->calls = calls_of_org(s);
	p->begun++;
}

json_int_t play_calls(const struct play *p, struct stage *s)
{
	return calls_of_org(s) - p->calls;
}

const char *play_api(bool collections)
{
	return collections ? "collections" : "bulk";
}

const char *play_identity(const struct play *p, const struct play_record *r)
{
	return p->action == ACTION_INSERT ? r->name : p->action == ACTION_UPSERT ? r->key : r->id;
}

void play_words(const struct play *p, const struct stage *s, const char *words[PLAY_WORDS])
{
	const char *const list[] = { "load",
		                     stage_path(s, "source.csv"),
		                     "--config",
		                     stage_path(s, "org.json"),
		                     "--object",
		                     "Account",
		                     "--action",
		                     action_name(p->action),
		                     "--chunk-records",
		                     "8",
		                     "--api",
		                     play_api(p->collections),
		                     "--yes",
		                     "--quiet",
		                     "--json",
		                     p->failures || p->retry ? "--allow-failures" : "--no-allow-failures",
		                     "--keep-old",
		                     p->undo || p->asks ? "yes" : "no" };
	size_t n = 0;

	for (; n < sizeof list / sizeof list[0]; n++)
		words[n] = list[n];
	if (p->asks == PLAY_ASKS_UNCHANGED)
		words[n++] = "--skip-unchanged";
	if (p->asks == PLAY_ASKS_FIRST) {
		words[n++] = "--ask-org";
		words[n++] = "--skip-invalid";
	}
	if (p->action == ACTION_UPSERT) {
		words[n++] = "--external-id";
		words[n++] = "Ext__c";
	}
	words[n] = NULL;
}
