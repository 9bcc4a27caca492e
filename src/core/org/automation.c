#include "core/org/automation.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/org/json.h"
#include "core/org/soql.h"
#include "core/org/url.h"

enum { WAIT_MS = 100, MOST_SOQL = 4096, MOST_PATH = 16 * 1024 };

static const char *const words[] = {
#define X(name, word) word,
	AUTOMATION_KINDS(X)
#undef X
};

/* How each kind is asked for: what tells its name, of what, of which object, and what else has to be so. */
static const struct {
	const char *resource, *name, *select, *from, *object, *active;
} questions[] = {
	[AUTOMATION_TRIGGER] = { "tooling/query", "Name", "Name", "ApexTrigger",
	                         "EntityDefinition.QualifiedApiName", "Status = 'Active'" },
	[AUTOMATION_FLOW] = { "query", "ApiName", "ApiName, RecordTriggerType", "FlowDefinitionView",
	                      "TriggerObjectOrEvent.QualifiedApiName", "ActiveVersionId != null" },
	[AUTOMATION_VALIDATION] = { "tooling/query", "ValidationName", "ValidationName", "ValidationRule",
	                            "EntityDefinition.QualifiedApiName", "Active = true" },
	[AUTOMATION_DUPLICATE] = { "query", "MasterLabel", "MasterLabel", "DuplicateRule", "SobjectType",
	                           "IsActive = true" },
};

/* One kind's question on its way. */
struct question {
	struct org *org;
	enum automation_kind kind;
	unsigned changes;
	struct automation_part *part;
	struct http_call *call; /* that can be broken off, or NULL */
	bool open, anew;        /* anew: its session ended; it is to be asked once more */
	bool repeated;
};

const char *automation_word(enum automation_kind kind)
{
	return words[kind];
}

static bool runs_on(enum automation_kind kind, unsigned changes)
{
	return kind == AUTOMATION_TRIGGER || kind == AUTOMATION_FLOW ||
	       (changes & (AUTOMATION_CREATES | AUTOMATION_UPDATES));
}

int64_t automation_cost(unsigned changes)
{
	int64_t calls = 0;

	for (int kind = 0; kind < AUTOMATION_KIND_COUNT; kind++)
		calls += runs_on((enum automation_kind)kind, changes);
	return calls;
}

/* ---- the questions ---- */

/* " AND (UsageBeforeInsert = true OR ...)" */
static void add_events(struct buf *soql, unsigned changes)
{
	static const char *const events[] = { "Insert", "Update", "Delete" };
	const char *between = " AND (";

	for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
		if (changes & 1U << i) {
			buf_addf(soql, "%sUsageBefore%s = true OR UsageAfter%s = true", between, events[i],
			         events[i]);
			between = " OR ";
		}
	buf_add_char(soql, ')');
}

static void add_moments(struct buf *soql, unsigned changes)
{
	bool saves = changes & (AUTOMATION_CREATES | AUTOMATION_UPDATES);

	buf_addf(soql, " AND TriggerType IN (%s%s%s)", saves ? "'RecordBeforeSave','RecordAfterSave'" : "",
	         saves && (changes & AUTOMATION_DELETES) ? "," : "",
	         changes & AUTOMATION_DELETES ? "'RecordBeforeDelete'" : "");
}

static void add_path(struct buf *path, const struct question *q, const char *object)
{
	struct buf soql;

	buf_init(&soql, MOST_SOQL);
	buf_addf(&soql, "SELECT %s FROM %s WHERE %s = ", questions[q->kind].select, questions[q->kind].from,
	         questions[q->kind].object);
	soql_add_value(&soql, FIELD_STRING, slice_of(object));
	buf_addf(&soql, " AND %s", questions[q->kind].active);
	if (q->kind == AUTOMATION_TRIGGER)
		add_events(&soql, q->changes);
	if (q->kind == AUTOMATION_FLOW)
		add_moments(&soql, q->changes);
	buf_addf(path, "/%s?q=", questions[q->kind].resource);
	url_encode(path, buf_slice(&soql));
	buf_release(&soql);
}

/* ---- the answers ---- */

/* Does a flow that starts at these changes start at one of ours? */
static bool starts(const char *change, unsigned changes)
{
	static const struct {
		const char *word;
		unsigned changes;
	} known[] = { { "Create", AUTOMATION_CREATES },
		      { "Update", AUTOMATION_UPDATES },
		      { "CreateAndUpdate", AUTOMATION_CREATES | AUTOMATION_UPDATES },
		      { "Delete", AUTOMATION_DELETES } };

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(change, known[i].word) == 0)
			return (changes & known[i].changes) != 0;
	return true;
}

static void add_name(struct automation_part *part, const char *name)
{
	size_t used = strlen(part->names), len = strlen(name), gap = used ? 2 : 0;

	part->count++;
	if (used + gap + len + 1 > sizeof part->names)
		return;
	memcpy(part->names + used, ", ", gap);
	memcpy(part->names + used + gap, name, len + 1);
}

static void take(struct question *q, const json_t *answer)
{
	const json_t *records = json_object_get(answer, "records"), *record;
	int64_t total = json_integer_value(json_object_get(answer, "totalSize"));
	struct automation_part *part = q->part;
	size_t i;

	if (!json_is_array(records)) {
		part->state = AUTOMATION_UNHEARD;
		snprintf(part->why, sizeof part->why, "the answer is none of a query");
		return;
	}
	part->state = AUTOMATION_KNOWN;
	json_array_foreach(records, i, record)
		if (q->kind != AUTOMATION_FLOW || starts(json_text(record, "RecordTriggerType"), q->changes))
			add_name(part, json_text(record, questions[q->kind].name));
	if (!json_is_true(json_object_get(answer, "done")) && total > part->count)
		part->count = total; /* behind the first page nobody needs names */
}

static void answered(void *ctx, const struct answer *answer, struct slice body)
{
	struct question *q = ctx;
	json_t *json;

	q->open = false;
	q->call = NULL;
	q->anew = answer->verdict == VERDICT_TRY_AGAIN && answer->trouble == TROUBLE_NONE && !q->repeated;
	if (q->anew)
		return;
	if (answer->verdict != VERDICT_DONE) {
		q->part->state = answer->verdict == VERDICT_REJECTED && answer->trouble != TROUBLE_SESSION
		                         ? AUTOMATION_HIDDEN
		                         : AUTOMATION_UNHEARD;
		snprintf(q->part->why, sizeof q->part->why, "%.250s", answer->message);
		return;
	}
	json = json_read(body);
	take(q, json);
	json_decref(json);
}

/* ---- the whole ---- */

/* What is asked once more waits for the session, and cannot be broken off meanwhile. */
static enum err_code begin(struct question *q, const char *object, struct err *e)
{
	struct http_request request = { .method = "GET", .done = answered, .done_ctx = q };
	enum err_code rc = ERR_OK;
	struct buf path;

	buf_init(&path, MOST_PATH);
	add_path(&path, q, object);
	q->repeated = q->anew;
	q->anew = false;
	q->open = true;
	if (path.short_of)
		rc = err_memory(e, "a query");
	else
		rc = org_start(q->org, buf_text(&path), &request, q->repeated ? NULL : &q->call, e);
	if (rc)
		q->open = false;
	buf_release(&path);
	return rc;
}

static void break_off(struct question *all)
{
	for (int i = 0; i < AUTOMATION_KIND_COUNT; i++)
		if (all[i].open && all[i].call)
			http_break(org_http(all[i].org), all[i].call);
}

static bool any_open(const struct question *all)
{
	for (int i = 0; i < AUTOMATION_KIND_COUNT; i++)
		if (all[i].open)
			return true;
	return false;
}

enum err_code automation_ask(struct org *org, const char *object, unsigned changes, automation_go_on *go_on,
                             void *ctx, struct automation *to, struct err *e)
{
	struct question all[AUTOMATION_KIND_COUNT];
	int64_t before = org_calls(org);

	*to = (struct automation){ 0 };
	for (int i = 0; i < AUTOMATION_KIND_COUNT; i++) {
		all[i] = (struct question){ org, (enum automation_kind)i, changes, &to->parts[i],
			                    .call = NULL };
		if (e->code == ERR_OK && runs_on(all[i].kind, changes))
			begin(&all[i], object, e);
	}
	while (any_open(all)) {
		if (e->code == ERR_OK && go_on && !go_on(ctx))
			err_set(e, ERR_STOPPED, "stopped before the org had answered");
		if (e->code != ERR_OK)
			break_off(all);
		http_turn(org_http(org), WAIT_MS);
		for (int i = 0; i < AUTOMATION_KIND_COUNT; i++)
			if (all[i].anew && e->code == ERR_OK)
				begin(&all[i], object, e);
	}
	to->calls = org_calls(org) - before;
	return e->code;
}
