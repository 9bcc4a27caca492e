/* bulk2.h's first step: the description of a job, alone or with its data, becomes a job. */
#include <jansson.h>
#include <string.h>

#include "base/text.h"
#include "practice/bulk2.h"
#include "practice/bulk2_job.h"
#include "practice/multipart.h"

enum { MOST_MULTIPART = 100000 }; /* characters (salesforce-api.md C9) */

static const struct {
	const char *name;
	char delimiter;
} delimiters[] = {
	{ "COMMA", ',' }, { "SEMICOLON", ';' }, { "TAB", '\t' },
	{ "PIPE", '|' },  { "CARET", '^' },     { "BACKQUOTE", '`' },
};

enum { DELIMITERS = sizeof delimiters / sizeof delimiters[0] };

const char *bulk2_delimiter_name(char delimiter)
{
	for (size_t i = 0; i < DELIMITERS; i++)
		if (delimiters[i].delimiter == delimiter)
			return delimiters[i].name;
	return "COMMA";
}

char bulk2_delimiter(const char *name)
{
	for (size_t i = 0; i < DELIMITERS; i++)
		if (strcmp(name, delimiters[i].name) == 0)
			return delimiters[i].delimiter;
	return 0;
}

/* What the job's description asks for; texts belong to the JSON. */
struct wish {
	const char *object, *operation, *key, *content, *delimiter, *ending, *rule;
};

static bool read_wish(struct wish *w, const json_t *json, struct answer *a)
{
	const struct bulk2_word words[] = {
		{ "object", &w->object },
		{ "operation", &w->operation },
		{ "externalIdFieldName", &w->key },
		{ "contentType", &w->content },
		{ "columnDelimiter", &w->delimiter },
		{ "lineEnding", &w->ending },
		{ "assignmentRuleId", &w->rule },
	};

	return bulk2_read_words(json, words, sizeof words / sizeof words[0], a);
}

static bool read_form(struct job *job, const struct wish *w, struct answer *a)
{
	if (w->content && strcmp(w->content, "CSV") != 0)
		return bulk2_bad_value(a, "contentType", w->content), false;
	if (w->ending && strcmp(w->ending, "LF") != 0 && strcmp(w->ending, "CRLF") != 0)
		return bulk2_bad_value(a, "lineEnding", w->ending), false;
	job->crlf = w->ending && strcmp(w->ending, "CRLF") == 0;
	job->delimiter = bulk2_delimiter(w->delimiter ? w->delimiter : "COMMA");
	if (job->delimiter)
		return true;
	return bulk2_bad_value(a, "columnDelimiter", w->delimiter), false;
}

static bool read_operation(struct job *job, const char *word, struct answer *a)
{
	for (int i = 0; word && i < OP_WRITES; i++)
		if (strcmp(word, job_operation_word((enum job_operation)i)) == 0) {
			job->operation = (enum job_operation)i;
			return true;
		}
	return bulk2_bad_value(a, "operation", word), false;
}

static bool read_key(struct job *job, const struct wish *w, struct answer *a)
{
	const struct object *o = job->table->object;

	if (job->operation != OP_UPSERT)
		return true;
	if (!w->key || !w->key[0]) {
		answer_error(a, 400, "INVALIDJOB",
		             "InvalidJob : External ID was blank for %s. An External ID must be specified for "
		             "upsert.",
		             o->name);
		return false;
	}
	job->key = object_field(o, slice_of(w->key));
	if (job->key && field_is_key(job->key))
		return true;
	answer_error(a, 400, "INVALIDJOB",
	             "InvalidJob : Field name provided, %.80s does not match an External ID, Salesforce Id, or "
	             "indexed "
	             "field for %s",
	             w->key, o->name);
	return false;
}

/* Fills the job as it is asked for; false with the answer. */
static bool read_job(struct practice *p, struct job *job, const struct wish *w, struct answer *a)
{
	job->table = w->object ? practice_table(p, w->object) : NULL;
	if (!w->object)
		return bulk2_bad_value(a, "object", NULL), false;
	if (!job->table || !job->table->object->createable) {
		answer_error(a, 400, "INVALIDENTITY", "Entity '%.80s' is not supported by the Bulk API.",
		             w->object);
		return false;
	}
	if (!read_operation(job, w->operation, a) || !read_form(job, w, a) || !read_key(job, w, a))
		return false;
	if (job->operation == OP_HARD_DELETE && !p->scenario.hard_delete) {
		answer_error(
			a, 400, "FeatureNotEnabled",
			"hardDelete operation requires special user profile permission, please contact your "
			"system administrator");
		return false;
	}
	return true;
}

/* Makes the new job the one that was asked for. */
static void begin_job(struct practice *p, const struct request *r, struct job *job, const struct job *asked,
                      const char *rule)
{
	job->operation = asked->operation;
	job->table = asked->table;
	job->key = asked->key;
	job->delimiter = asked->delimiter;
	job->crlf = asked->crlf;
	job->version = r->version;
	job->assignment_rule = rule ? strdup(rule) : NULL;
	job->created = job->modified = practice_now(p);
	scenario_job(&p->scenario, job->table->object->name, &job->fate);
}

/* Creates the job that `text` describes; with data (at != NULL) it is loaded and closed at once. */
static void create_job(struct practice *p, const struct request *r, struct slice text, struct slice data,
                       struct answer *a)
{
	struct job asked = { 0 }, *job;
	struct wish wish = { 0 };
	json_error_t why;
	json_t *json = json_loadb(text.len ? text.at : "", text.len, 0, &why);

	if (!json_is_object(json))
		answer_error(a, 400, "JSON_PARSER_ERROR", "%s at [line:%d, column:%d]",
		             json ? "no object" : why.text, json ? 1 : why.line, json ? 1 : why.column);
	else if (read_wish(&wish, json, a) && read_job(p, &asked, &wish, a)) {
		job = jobs_add(&p->jobs, JOB_V2);
		if (!job) {
			answer_error(a, 500, "UNKNOWN_EXCEPTION", "no memory for the job");
		} else {
			begin_job(p, r, job, &asked, wish.rule);
			if (data.at) {
				buf_add_slice(&job->data, data);
				job->puts = 1;
				bulk2_start(p, job);
			}
			bulk2_write_created(job, a);
		}
	}
	json_decref(json);
}

static void create_with_data(struct practice *p, const struct request *r, struct slice boundary,
                             struct answer *a)
{
	struct slice rest = buf_slice(r->body), job = { NULL, 0 }, data = { NULL, 0 };
	struct part part;

	while (multipart_next(&rest, boundary, &part)) {
		if (slice_is(part.name, "job"))
			job = part.body;
		else if (slice_is(part.name, "content"))
			data = part.body;
	}
	if (!job.at || !data.at)
		answer_error(a, 400, "INVALIDJOB",
		             "InvalidJob : A multipart request has a part job and a part content");
	else if (text_length(data) > MOST_MULTIPART)
		answer_error(a, 400, "INVALIDJOB", "InvalidJob : The part content has more than %d characters",
		             MOST_MULTIPART);
	else
		create_job(p, r, job, data, a);
}

void bulk2_create(struct practice *p, const struct request *r, struct answer *a)
{
	struct slice boundary = multipart_boundary(request_header(r, "Content-Type"));

	if (boundary.len)
		create_with_data(p, r, boundary, a);
	else
		create_job(p, r, buf_slice(r->body), (struct slice){ NULL, 0 }, a);
}
