#include "scenes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ui/console/screens/run_orders.h"

enum { HOUR_MS = 3600 * 1000 };

/* What files, headers, names and errors may hold: controls, bidi, zero width, wide, broken UTF-8, no blank for long. */
static const char *hostile(size_t i)
{
	static const char *const texts[] = {
		"\033[31mred\033[0m\007\r\nnext line",
		"\u202egpj.exe\u2066 reversed\u200b\ufeff",
		"日本語の名前がとても長いので真ん中で切られるはずです",
		("\033]52;c;eA==\007\033[2J\x9b"
		 "5n"),
		"e\u0301te\u0301 \xff\xfe\xc3( tab\there",
		"AVeryLongNameWithoutAnyBlankInItThatGoesOnAndOnUntilNobodyCanReadItAnyMoreAtAll__c",
	};

	return texts[i % (sizeof texts / sizeof texts[0])];
}

static void set(char *to, size_t size, enum data data, const char *text, size_t i)
{
	const char *from = data == DATA_HOSTILE ? hostile(i) : data == DATA_EMPTY ? "" : text;
	size_t len = strlen(from);

	if (len >= size) /* may end within a character: hostile all the more */
		len = size - 1;
	memcpy(to, from, len);
	to[len] = '\0';
}
#define SET(field, text, i) set(field, sizeof(field), data, text, i)

/* Numbers that fill their columns. */
static int64_t number(enum data data, int64_t n)
{
	return data == DATA_EMPTY ? 0 : data == DATA_HOSTILE ? n * 1000003 : n;
}

/* ---- runs ---- */

static void add_run(struct run_line *line, enum data data, int64_t id, const char *file, enum run_state now,
                    int64_t failed)
{
	memset(line, 0, sizeof *line);
	line->id = id;
	line->now = now;
	line->production = id % 2 == 0;
	line->created_ms = stage_now - (100 - id) * HOUR_MS;
	line->ended_ms = run_state_ended(now) ? line->created_ms + HOUR_MS / 2 : 0;
	SET(line->file, file, (size_t)id);
	SET(line->object, "Contact", (size_t)id + 1);
	SET(line->org, line->production ? "acme-prod" : "acme-uat", (size_t)id + 2);
	snprintf(line->org_id, sizeof line->org_id, "%s",
	         line->production ? "00D5f000000AbCdEAK" : "00D5f000000UatXEAK");
	SET(line->by, "ana", (size_t)id + 3);
	snprintf(line->action, sizeof line->action, "upsert");
	if (now == RUN_PAUSED || now == RUN_HALTED)
		SET(line->why, "record 17 failed: Phone must start with +", (size_t)id);
	line->counts.records = number(data, 48210);
	line->counts.failed = number(data, failed);
	line->counts.written = line->counts.created = number(data, 48210 - failed);
}

static void set_runs(struct model *model, enum data data)
{
	struct run_line *lines = calloc(6, sizeof *lines);

	assert_non_null(lines);
	add_run(&lines[0], data, 12, "contacts_may.csv", RUN_RUNNING, 12);
	add_run(&lines[1], data, 11, "accounts.csv", RUN_FINISHED, 20);
	add_run(&lines[2], data, 10, "cases_emea.csv", RUN_PAUSED, 0);
	add_run(&lines[3], data, 9, "old_leads.csv", RUN_CANCELLED, 0);
	add_run(&lines[4], data, 8, "contacts_apr.csv", RUN_FINISHED, 0);
	add_run(&lines[5], data, 7, "cases.csv", RUN_HALTED, 3);
	lines[0].counts.written = lines[0].counts.created = number(data, 30000);
	lines[5].counts.written = lines[5].counts.created = number(data, 1997);
	runs_take(&model->runs, lines, 6, false);
}

static void set_welcome(struct model *model, enum data data)
{
	model->runs.read = model->orgs.read = true;
	SET(model->wizard.no_org, "there is nothing to sign in with", 0);
}

/* ---- one run ---- */

static void add_job(struct run_screen *screen, enum data data, const char *state, int64_t records, int64_t done)
{
	struct chunk *chunk = &screen->jobs[screen->job_count++];

	chunk->no = screen->job_count;
	snprintf(chunk->state, sizeof chunk->state, "%s", state);
	SET(chunk->job, "750Hp00000AbCdE", 2);
	chunk->records = number(data, records);
	chunk->failed = 12;
	if (!chunk_in_org(chunk))
		return;
	screen->in_org += chunk->records;
	screen->org_done += number(data, done);
	screen->org_failed += 31;
}

static void add_group(struct outcome_group *group, enum data data, int64_t id, int64_t count, const char *code,
                      const char *text, const char *fields)
{
	memset(group, 0, sizeof *group);
	group->id = id;
	group->state = *code ? OUTCOME_FAILED : OUTCOME_IN_DOUBT;
	group->count = number(data, count);
	group->example_record = 88;
	snprintf(group->code, sizeof group->code, "%s", code);
	SET(group->text, text, (size_t)id);
	SET(group->fields, fields, (size_t)id + 1);
}

enum { GROUPS = 4 };

static void add_groups(struct outcome_group groups[GROUPS], enum data data)
{
	add_group(&groups[0], data, 1, 412, "INVALID_FIELD",
	          "Foreign key external ID: A-0428 not found for field Ext__c in Account", "Account");
	add_group(&groups[1], data, 2, 301, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "Phone must start with +",
	          "Phone");
	add_group(&groups[2], data, 3, 94, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access", "");
	add_group(&groups[3], data, 4, 2, "", "", "");
}

static void fill_run(struct run *run, enum data data)
{
	run->id = 12;
	run->production = true;
	run->started_ms = run->created_ms = stage_now - 3 * HOUR_MS;
	run->ended_ms = stage_now - HOUR_MS;
	run->api_calls = number(data, 11);
	run->file_size = number(data, 7312500);
	SET(run->file, "/home/ana/contacts_may.csv", 1);
	SET(run->file_hash, "00112233445566778899aabbccddeeff", 2);
	SET(run->object, "Contact", 3);
	snprintf(run->action, sizeof run->action, "upsert");
	SET(run->external_id, "Ext__c", 5);
	SET(run->org_name, "acme-prod", 0);
	SET(run->org_id, "00D5f000000AbCdEAK", 1);
	SET(run->username, "ana@acme.com", 2);
	SET(run->instance_url, "https://acme.my.salesforce.com", 3);
	SET(run->started_by, "ana", 4);
	run->counts = (struct run_counts){ .records = number(data, 48210),
		                           .written = number(data, 1981),
		                           .created = number(data, 71),
		                           .updated = number(data, 1910),
		                           .failed = number(data, 807),
		                           .skipped = number(data, 214),
		                           .in_doubt = number(data, 2),
		                           .to_try_again = number(data, 7) };
}

static void set_run_now(struct model *model, enum data data, enum run_state now)
{
	struct run_screen *screen = &model->run;

	model_show_run(model, 12, SCREEN_RUN);
	fill_run(&screen->run, data);
	screen->read = true;
	screen->now = now;
	screen->run.state = now == RUN_INTERRUPTED ? RUN_RUNNING : now;
	if (now != RUN_RUNNING && now != RUN_FINISHED)
		SET(screen->run.why, "no connection to acme-prod", 3);
	if (data == DATA_EMPTY)
		return;
	screen->groups = calloc(RUN_GROUPS, sizeof *screen->groups);
	assert_non_null(screen->groups);
	add_groups(screen->groups, data);
	screen->group_count = GROUPS;
	screen->table.count = GROUPS;
	screen->reasons[0].count = number(data, 203);
	SET(screen->reasons[0].code, "too_long", 2);
	screen->reason_count = 1;
	add_job(screen, data, "settled", 2000, 0);
	add_job(screen, data, run_is_live(now) ? "processing" : "planned", 45000, 29400);
	screen->events[0].utc_ms = screen->events[1].utc_ms = stage_now - HOUR_MS;
	SET(screen->events[0].text, "job 1 done", 4);
	SET(screen->events[1].text, "started by ana", 0);
	screen->event_count = 2;
}

static void set_run(struct model *model, enum data data)
{
	set_run_now(model, data, RUN_RUNNING);
	for (int i = 0; i < RUN_SAMPLES; i++)
		model->run.samples[i] = (struct run_sample){ stage_now + i * 1000, i * 240 + i % 3 * 40 };
	model->run.sample_count = RUN_SAMPLES;
}

static void set_run_interrupted(struct model *model, enum data data)
{
	set_run_now(model, data, RUN_INTERRUPTED);
}

static void set_run_waiting(struct model *model, enum data data)
{
	set_run_now(model, data, RUN_WAITING);
	model->run.run.next_try_ms = stage_now + HOUR_MS;
}

static void set_run_rest(struct model *model, enum data data)
{
	set_run_now(model, data, RUN_FINISHED);
	snprintf(model->run.run.api, sizeof model->run.run.api, "collections");
	for (int i = 0; i < model->run.job_count; i++)
		snprintf(model->run.jobs[i].state, sizeof model->run.jobs[i].state, "settled");
	model->run.in_org = model->run.org_done = model->run.org_failed = 0;
}

static void set_log(struct model *model, enum data data)
{
	static const char *const lines[] = { "started by ana: 3,000,000 records",
		                             "no connection to acme-prod; tried again every 5 minutes",
		                             "finished: 2,998,912 written, 1,088 failed, 0 in doubt" };
	struct run_event events[3] = { 0 };

	set_run_now(model, data, RUN_FINISHED);
	model_show_run(model, 12, SCREEN_LOG);
	for (size_t i = 0; i < 3; i++) {
		events[i].id = (int64_t)i + 1;
		events[i].utc_ms = stage_now - (int64_t)(40 - 20 * i) * HOUR_MS;
		SET(events[i].text, lines[i], i);
	}
	log_add(&model->log, events, data == DATA_EMPTY ? 0 : 3);
}

static void set_jobs(struct model *model, enum data data)
{
	struct jobs_screen *jobs = &model->jobs;

	set_run(model, data);
	model_show_run(model, 12, SCREEN_JOBS);
	jobs->read = true;
	jobs->first = 1;
	jobs->count = model->run.job_count;
	jobs->table.count = (size_t)jobs->count;
	memcpy(jobs->rows, model->run.jobs, sizeof model->run.jobs);
	for (int i = 0; i < jobs->count; i++) {
		jobs->rows[i].first = number(data, 2000 * i + 1);
		jobs->rows[i].last = jobs->rows[i].first + jobs->rows[i].records - 1;
		jobs->rows[i].settled_ms = i ? 0 : stage_now;
	}
}

static void set_go_on(struct model *model, enum data data)
{
	static const struct {
		const char *state;
		int64_t first, last;
	} parts[] = { { "closing", 4001, 6000 }, { "building", 6001, 8000 }, { "planned", 12, 3900 } };
	struct go_on_screen *go_on = &model->go_on;

	set_run_interrupted(model, data);
	model_show_run(model, 12, SCREEN_GO_ON);
	fill_run(&go_on->was, data);
	go_on->read = true;
	go_on->now = RUN_INTERRUPTED;
	go_on->was.beat_ms = stage_now - HOUR_MS;
	go_on->was.cut_record = number(data, 8000);
	go_on->chunk_count = data == DATA_EMPTY ? 0 : 3;
	for (int i = 0; i < go_on->chunk_count; i++) {
		struct chunk *chunk = &go_on->chunks[i];

		chunk->no = i + 2;
		snprintf(chunk->state, sizeof chunk->state, "%s", parts[i].state);
		chunk->first = number(data, parts[i].first);
		chunk->last = number(data, parts[i].last);
		chunk->records = number(data, i == 2 ? 7 : 2000);
		chunk->listed = i == 2;
		chunk->closed_ms = stage_now - HOUR_MS;
		SET(chunk->job, "750Hp00000AbCdEAAV", (size_t)i);
		SET(chunk->why, "locked", (size_t)i + 1);
	}
	go_on->table.count = go_on_rows(go_on);
}

/* ---- review ---- */

static void set_review(struct model *model, enum data data)
{
	struct outcome_group *groups = calloc(GROUPS, sizeof *groups);

	assert_non_null(groups);
	set_run_now(model, data, RUN_FINISHED);
	model_show_run(model, 12, SCREEN_REVIEW);
	add_groups(groups, data);
	review_take(&model->review, groups, data == DATA_EMPTY ? 0 : GROUPS);
}

static void fill_rows(struct records_screen *records, enum data data, enum outcome_state state)
{
	records->want = RECORDS_NOTHING;
	records->at_start = records->at_end = true;
	records->rows = calloc(RECORDS_WINDOW, sizeof *records->rows);
	assert_non_null(records->rows);
	if (data == DATA_EMPTY)
		return;
	records->count = records->table.count = 30;
	for (size_t i = 0; i < records->count; i++) {
		struct outcome_row *row = &records->rows[i];

		row->record = number(data, 88 + 319 * (int64_t)i);
		row->state = state;
		row->how = state == OUTCOME_WRITTEN ? OUTCOME_CREATED : OUTCOME_NOTHING;
		row->attempt = 1 + (int)i % 2;
		SET(row->id, "0035f00000AbCdEAAV", i);
		SET(row->text, "Phone must start with +", i);
		SET(row->code, "FIELD_CUSTOM_VALIDATION_EXCEPTION", i + 1);
	}
}

static void set_records(struct model *model, enum data data)
{
	struct outcome_group group;

	set_review(model, data);
	add_group(&group, data, 2, 30, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "Phone must start with +", "Phone");
	records_reset(&model->records, 12, &group);
	fill_rows(&model->records, data, OUTCOME_FAILED);
	model_push(model, SCREEN_RECORDS);
}

static void set_written(struct model *model, enum data data)
{
	set_run(model, data);
	records_reset_state(&model->records, 12, OUTCOME_WRITTEN, number(data, 30));
	fill_rows(&model->records, data, OUTCOME_WRITTEN);
	model_push(model, SCREEN_RECORDS);
}

static void set_record(struct model *model, enum data data)
{
	static const char *const columns[] = { "Ext__c", "LastName", "Phone" };
	static const char *const cells[] = { "C-000417", "Müller", "040 123456" };
	struct record_screen *record = &model->record;
	size_t count = data == DATA_EMPTY ? 0 : 3;

	set_records(model, data);
	record_reset(record, 12, number(data, 88));
	record->read = true;
	record->columns = arena_alloc(&record->arena, 3 * sizeof *record->columns);
	record->cells = arena_alloc(&record->arena, 3 * sizeof *record->cells);
	assert_true(record->columns && record->cells);
	for (size_t i = 0; i < count; i++) {
		record->columns[i] = data == DATA_HOSTILE ? hostile(i) : columns[i];
		record->cells[i] = data == DATA_HOSTILE ? hostile(i + 2) : cells[i];
	}
	record->sent = record->next = record->cells;
	record->fields = arena_alloc(&record->arena, 3 * sizeof *record->fields);
	assert_non_null(record->fields);
	for (size_t i = 0; i < count; i++)
		record->fields[i] = data == DATA_HOSTILE ? hostile(i + 3)
		                    : i                  ? "Phone: phone, 40 characters, not required"
		                                         : "";
	record->count = record->table.count = count;
	if (count)
		record->row = model->records.rows[0];
	if (count)
		SET(record->row.fields, "Phone", 0);
	record_find_blamed(record);
	model_push(model, SCREEN_RECORD);
}

static void edit_value(struct model *model)
{
	struct record_screen *record = &model->record;

	record->next = arena_alloc(&record->arena, 3 * sizeof *record->next);
	assert_non_null(record->next);
	memcpy(record->next, record->cells, 3 * sizeof *record->next);
	record->next[2] = "+49 40 123456";
}

static void reach(struct model *model)
{
	struct edit_found found = { .count = { 1, 12, 25, 30 }, .examples = 1 };
	struct message enter = {
		.kind = MESSAGE_KEY, .now_ms = stage_now, .mono_ms = STAGE_MONO, .key = { K_ENTER, 0 }
	};

	model_update(model, &enter);
	snprintf(found.was[0], EDIT_SHOWN, "%s", model->record.cells[2]);
	snprintf(found.becomes[0], EDIT_SHOWN, "%s", model->record.cells[1]);
	edit_ask_reach(model, &found);
}

static void found_values(struct model *model)
{
	struct edit_found found = { .count = { 1, 0, 0, 301 }, .value_count = 2, .others = 284 };

	snprintf(found.name, sizeof found.name, "%s", model->review.groups[1].fields);
	snprintf(found.values[0].text, EDIT_VALUE, "%.200s", model->review.groups[1].text);
	found.values[0].count = 12;
	found.values[1].count = 5; /* without a value */
	edit_ask_fix(model, &found);
}

static void come_back(struct model *model)
{
	edit_ask_file(model, 1204, 301, "record 88: Phone becomes \"+49 40 123456\"");
}

static void come_back_bad(struct model *model)
{
	edit_ask_file_again(model, "edit-a7Gh2k.csv has a column \"Phon\" that the source of run 12 has not");
}

/* ---- a new load ---- */

static void set_wizard(struct model *model, enum data data)
{
	struct wizard *wizard = &model->wizard;

	model->runs.read = true;
	wizard->has_org = wizard->signed_in = wizard->production = true;
	SET(wizard->file, "/home/ana/loads/contacts_may.csv", 1);
	SET(wizard->org_name, "acme-prod", 0);
	SET(wizard->org_kind, "production", 4);
	SET(wizard->org_id, "00D5f000000AbCdEAK", 2);
	SET(wizard->username, "ana@acme.com", 3);
	SET(wizard->object, "Contact", 4);
	snprintf(wizard->action, sizeof wizard->action, "upsert");
	SET(wizard->key, "Ext__c", 5);
}

static void set_file(struct model *model, enum data data)
{
	static const char *const names[] = { "..", "archive", "accounts.csv", "contacts_may.csv" };
	struct browser *browser = &model->wizard.browser;
	struct preview *preview = &browser->preview;
	enum { COLUMNS = 5, ROWS = 4 };

	set_wizard(model, data);
	model_push(model, SCREEN_FILE);
	SET(browser->folder, "/home/ana/loads", 1);
	if (data == DATA_EMPTY)
		return;
	browser->entries = calloc(4, sizeof *browser->entries);
	preview->columns = arena_alloc(&preview->arena, COLUMNS * sizeof *preview->columns);
	preview->cells = arena_alloc(&preview->arena, COLUMNS * ROWS * sizeof *preview->cells);
	preview->faults = arena_alloc(&preview->arena, ROWS * sizeof *preview->faults);
	assert_true(browser->entries && preview->columns && preview->cells && preview->faults);
	browser->count = 4;
	for (size_t i = 0; i < 4; i++) {
		SET(browser->entries[i].name, names[i], i);
		browser->entries[i].folder = i < 2;
		browser->entries[i].size = number(data, 18044);
		browser->entries[i].changed_ms = stage_now;
	}
	table_narrow(&browser->table, browser->count, wizard_file_text, browser);
	snprintf(preview->path, sizeof preview->path, "/home/ana/loads/contacts_may.csv");
	SET(preview->found, "5 columns · comma (found in 20 of the first 20 records) · UTF-8 · CRLF", 2);
	preview->column_count = COLUMNS;
	preview->row_count = ROWS;
	for (size_t i = 0; i < COLUMNS; i++)
		preview->columns[i] = data == DATA_HOSTILE ? hostile(i) : "Last Name";
	for (size_t i = 0; i < COLUMNS * ROWS; i++)
		preview->cells[i] = data == DATA_HOSTILE ? hostile(i) : "Müller";
	preview->faults[1] = data == DATA_HOSTILE ? hostile(3) : NULL;
}

static void set_object(struct model *model, enum data data)
{
	static const char *const names[] = { "Account", "Case", "Contact", "Invoice__c" };
	struct wizard *wizard = &model->wizard;

	set_wizard(model, data);
	model_push(model, SCREEN_OBJECT);
	wizard->objects = calloc(4, sizeof *wizard->objects);
	assert_non_null(wizard->objects);
	wizard->object_count = data == DATA_EMPTY ? 0 : 4;
	for (size_t i = 0; i < wizard->object_count; i++) {
		SET(wizard->objects[i].name, names[i], i);
		SET(wizard->objects[i].label, names[i], i + 1);
	}
	table_narrow(&wizard->object_table, wizard->object_count, wizard_object_text, wizard);
}

static void set_action(struct model *model, enum data data)
{
	static const char *const actions[] = { "insert", "upsert", "update", "delete" };
	struct wizard *wizard = &model->wizard;

	set_wizard(model, data);
	model_push(model, SCREEN_ACTION);
	wizard->choices = calloc(4, sizeof *wizard->choices);
	assert_non_null(wizard->choices);
	wizard->choice_count = wizard->action_table.count = data == DATA_EMPTY ? 0 : 4;
	for (size_t i = 0; i < wizard->choice_count; i++) {
		snprintf(wizard->choices[i].action, sizeof wizard->choices[i].action, "%s", actions[i]);
		SET(wizard->choices[i].key, i ? "Ext__c" : "", i);
		SET(wizard->choices[i].text, "records are found by their key", i + 1);
	}
}

static void set_mapping(struct model *model, enum data data)
{
	static const struct mapping_row rows[] = {
		{ '+', "Ext ID", "C-000417", "C-000417", "Ext__c", "text, 20 characters · by label", 0, true,
		  "", false },
		{ '+', "Last Name", "Müller", "Müller", "LastName", "text, 80 characters · by label", 1, true,
		  "", false },
		{ '!', "Birth", "03/04/1987", "not a date", "Birthdate", "not a date: 1987-04-03", 3, false, "",
		  false },
		{ '-', "Fav colour", "blue", "", "", "not loaded: no field has this name", 5, false, "",
		  false },
		{ '=', "", "", "Web", "LeadSource", "picklist · by the mapping file", -1, false, "", false },
	};
	struct wizard *wizard = &model->wizard;

	set_wizard(model, data);
	model_push(model, SCREEN_MAPPING);
	wizard->mapping = calloc(5, sizeof *wizard->mapping);
	wizard->fields = calloc(5, sizeof *wizard->fields);
	assert_true(wizard->mapping && wizard->fields);
	wizard->mapping_count = wizard->field_count = data == DATA_EMPTY ? 0 : 5;
	for (size_t i = 0; i < wizard->mapping_count; i++) {
		struct mapping_row *row = &wizard->mapping[i];

		*row = rows[i];
		SET(row->column, rows[i].column, i);
		SET(row->sample, rows[i].sample, i + 1);
		SET(row->sent, rows[i].sent, i + 2);
		SET(row->field, rows[i].field, i + 3);
		SET(row->note, rows[i].note, i + 4);
		SET(wizard->fields[i].name, rows[i].field, i);
		SET(wizard->fields[i].label, "A label", i + 1);
		SET(wizard->fields[i].type, "string", i + 2);
		wizard->fields[i].length = 80;
		wizard->fields[i].required = rows[i].required;
		wizard->fields[i].writeable = true;
	}
	SET(wizard->plan_note, "3 of 4 columns mapped · no required field is missing", 2);
	table_narrow(&wizard->mapping_table, wizard->mapping_count, wizard_mapping_text, wizard);
}

/* What runs in the org, as the background has told it. */
static void tell_runs_on(struct model *model, enum data data)
{
	static const char *const names[AUTOMATION_KIND_COUNT] = { "ContactGuard, ContactRollup", "Welcome_Mail",
		                                                  "Phone_Has_Prefix", "Same e-mail" };
	struct wizard *wizard = &model->wizard;
	struct runs_on *runs = &wizard->runs_on;

	*runs = (struct runs_on){ .calls = 4 };
	snprintf(runs->object, sizeof runs->object, "%s", wizard->object);
	snprintf(runs->action, sizeof runs->action, "%s", wizard->action);
	for (int i = 0; i < AUTOMATION_KIND_COUNT; i++) {
		runs->told.parts[i].state = AUTOMATION_KNOWN;
		runs->told.parts[i].count = number(data, i == AUTOMATION_TRIGGER ? 2 : 1);
		SET(runs->told.parts[i].names, names[i], (size_t)i + 1);
	}
}

static void set_check(struct model *model, enum data data)
{
	static const struct finding findings[] = {
		{ .rule = RULE_TOO_LONG, .field = "LastName", .message = "longer than 80 characters" },
		{ .rule = RULE_PICKLIST, .field = "Status__c", .message = "not in the picklist: Prospekt" },
		{ .rule = RULE_SAME_KEY, .field = "Ext__c", .message = "the same key twice in this file" },
		{ .rule = RULE_SAME_RECORD, .message = "the same in all that is sent as a record before" },
	};
	struct wizard *wizard = &model->wizard;

	set_mapping(model, data);
	model_push(model, SCREEN_CHECK);
	wizard->checked = true;
	wizard->records = number(data, 48210);
	wizard->failing = number(data, 213);
	wizard->blank = number(data, 1);
	wizard->passed = wizard->records - wizard->failing - wizard->blank;
	wizard->cost = (struct load_cost){ number(data, 20), number(data, 14210), number(data, 6),
		                           number(data, 14980) };
	wizard->cost_stopping = wizard->cost;
	wizard->keeping.calls = number(data, 241);
	wizard->ask_calls = number(data, 241);
	wizard->keeping.keep = data == DATA_NORMAL;
	wizard->like = (struct check_like){ number(data, 8), number(data, 5020),
		                            stage_now - number(data, 604800000) };
	wizard->findings = calloc(4, sizeof *wizard->findings);
	assert_non_null(wizard->findings);
	tell_runs_on(model, data);
	wizard->finding_count = wizard->check_table.count = data == DATA_EMPTY ? 0 : 4;
	wizard->fail_count = data == DATA_EMPTY ? 0 : 2;
	for (size_t i = 0; i < wizard->finding_count; i++) {
		wizard->findings[i] = findings[i];
		SET(wizard->findings[i].field, findings[i].field, i);
		SET(wizard->findings[i].message, findings[i].message, i + 1);
		wizard->findings[i].count = number(data, 203);
		wizard->findings[i].example_record = number(data, 801);
	}
}

static void set_group(struct model *model, enum data data)
{
	static const char *const values[] = { "Müller-Lüdenscheidt von und zu", "", "Nguyễn" };
	struct check_group *group = &model->wizard.group;

	set_check(model, data);
	group->finding = (struct finding){ .rule = RULE_TOO_LONG, .count = number(data, 203) };
	SET(group->finding.field, "LastName", 0);
	SET(group->finding.message, "longer than 80 characters", 1);
	SET(group->name, "Last Name", 2);
	group->rows = calloc(3, sizeof *group->rows);
	assert_non_null(group->rows);
	group->count = group->table.count = data == DATA_EMPTY ? 0 : 3;
	group->more = data == DATA_HOSTILE;
	for (size_t i = 0; i < group->count; i++) {
		group->rows[i].record = number(data, 801 + (int64_t)i);
		SET(group->rows[i].key, "C-000417", i);
		SET(group->rows[i].value, values[i], i + 1);
		group->rows[i].edited = i == 1;
	}
	model_push(model, SCREEN_GROUP);
}

static void set_values(struct model *model, enum data data)
{
	static const struct value_row rows[] = {
		{ .from = "Prospekt", .to = "Prospect", .near = NEAR_SPELLING, .taken = true },
		{ .from = "prospect", .to = "Prospect", .near = NEAR_SAME, .marked = true },
		{ .from = "Kunde" },
		{ .from = "n/a", .left_out = true },
	};
	struct wizard *wizard = &model->wizard;

	set_check(model, data);
	wizard->group.finding = (struct finding){ .rule = RULE_PICKLIST, .count = number(data, 9) };
	SET(wizard->group.finding.field, "Status__c", 0);
	wizard->values = calloc(4, sizeof *wizard->values);
	wizard->picks = calloc(4, sizeof *wizard->picks);
	assert_true(wizard->values && wizard->picks);
	wizard->value_count = wizard->pick_count = wizard->value_table.count = data == DATA_EMPTY ? 0 : 4;
	for (size_t i = 0; i < wizard->value_count; i++) {
		wizard->values[i] = rows[i];
		SET(wizard->values[i].from, rows[i].from, i);
		SET(wizard->values[i].to, rows[i].to, i + 1);
		wizard->values[i].records = number(data, 5 - (int64_t)i);
		SET(wizard->picks[i].value, "Prospect", i);
		SET(wizard->picks[i].label, i == 1 ? "Interessent" : "Prospect", i + 1);
	}
	model_push(model, SCREEN_VALUES);
}

/* Two ways to mend a group, as they are asked. */
static void ask_fix(struct model *model)
{
	struct wizard *wizard = &model->wizard;

	wizard->group.finding = wizard->findings[0];
	wizard->fix_count = 1;
	wizard->fixes[0] = (struct fix_choice){ .example_count = 2 };
	snprintf(wizard->fixes[0].fix.text, sizeof wizard->fixes[0].fix.text, "cut to 80 characters");
	for (size_t i = 0; i < 2; i++) {
		struct fix_example *example = &wizard->fixes[0].examples[i];

		example->record = 801 + (int64_t)i;
		snprintf(example->was, sizeof example->was, "%.40s", wizard->findings[i].message);
		snprintf(example->becomes, sizeof example->becomes, "%s", i ? "" : "80, up to …schaft");
	}
	check_ask_fix(model);
}

static void set_checking(struct model *model, enum data data)
{
	set_mapping(model, data);
	model_push(model, SCREEN_CHECK);
	model->wizard.check_offset = number(data, 61);
	model->wizard.check_size = number(data, 100);
}

/* ---- things over the screens ---- */

static void pick(struct model *model)
{
	again_picked(model, 301);
}

static void ask_undo(struct model *model)
{
	take_back_ask(model, 12, true,
	              "1,876 created: 1,832 deleted; 44 have changed since: left alone\n"
	              "46,120 updated: 45,908 get their old values back in 11 fields; 212 have changed since: "
	              "left alone\n"
	              "not undone: e-mails, and what flows and triggers did; they run again now\n"
	              "costs about 290 of 14,190 API calls; it is a run of its own and can be resumed\n",
	              47740);
}

static void type_wrong_number(struct model *model)
{
	struct message key = {
		.kind = MESSAGE_KEY, .now_ms = stage_now, .mono_ms = STAGE_MONO, .key = { K_CHAR, '7' }
	};

	ask_undo(model);
	model_update(model, &key);
	key.key = (struct key){ K_ENTER, 0 };
	model_update(model, &key);
}

static void find_nothing_to_undo(struct model *model)
{
	take_back_ask(model, 12, false,
	              "40 created: 0 deleted; 40 are not there any more\n"
	              "not undone: e-mails, and what flows and triggers did; they run again now\n"
	              "costs about 1 API calls; it is a run of its own and can be resumed\n",
	              0);
}

static void ask_replace(struct model *model)
{
	snprintf(model->write.path, sizeof model->write.path, "%s", model->run.run.file);
	write_ask_replace(model);
}

static void be_busy(struct model *model)
{
	snprintf(model->busy, sizeof model->busy, "signing in and listing the objects");
	model->busy_since_ms = STAGE_MONO - 3000;
}

static void find_changed(struct model *model)
{
	model->go_on.file = GO_ON_CHANGED;
}

static void lose(struct model *model)
{
	snprintf(model->lost, sizeof model->lost, "The journal was taken away: %s", hostile(0));
}

/* ---- orgs ---- */

static void add_org(struct org_row *row, enum data data, size_t i, const char *name, const char *kind,
                    const char *org, const char *user)
{
	struct saved_org *to = &row->org;

	snprintf(to->name, sizeof to->name, "%s", name); /* our own: never hostile */
	SET(to->kind, kind, i);
	SET(to->org_name, org, i + 1);
	SET(to->org_id, "00D5f000000AbCdEAK", i + 2);
	SET(to->username, user, i + 3);
	SET(to->instance_url, "https://acme.my.salesforce.com", i + 4);
	SET(to->method, "refresh token", i + 5);
	SET(to->api_version, i == 1 ? "62.0" : "", i);
	SET(to->colour, i == 1 ? "magenta" : "", i + 1);
	to->tried_ms = stage_now - (int64_t)i * HOUR_MS;
	row->calls_left = row->calls_most = row->batches_left = -1;
}

static void set_orgs(struct model *model, enum data data)
{
	size_t count = data == DATA_EMPTY ? 0 : 4;
	struct org_row *rows = calloc(4, sizeof *rows);

	assert_non_null(rows);
	add_org(&rows[0], data, 0, "acme-prod", "production", "Acme GmbH", "ana@acme.com");
	add_org(&rows[1], data, 1, "acme-uat", "sandbox", "Acme GmbH", "ana@acme.com.uat");
	add_org(&rows[2], data, 2, "old-trial-of-the-southern-branch", "trial", "Acme South",
	        "ben@south.example");
	add_org(&rows[3], data, 3, "practice", "practice", "Longshore Practice", "operator@practice.example");
	snprintf(rows[0].org.kind, sizeof rows[0].org.kind, "production");
	rows[0].calls_left = number(data, 14211);
	rows[0].calls_most = number(data, 15000);
	rows[0].batches_left = number(data, 14980);
	SET(rows[1].org.trouble,
	    "the refresh token was revoked or has expired: sign in again with `longshore org add acme-uat` "
	    "(invalid_grant: "
	    "expired access/refresh token)",
	    2);
	rows[2].org.tried_ms = 0;
	rows[3].org.locked = true;
	snprintf(model->orgs.used, sizeof model->orgs.used, "acme-uat");
	orgs_take(&model->orgs, rows, count);
	model_push(model, SCREEN_ORGS);
}

/* The address of a sign-in, as long as they are. */
static void wait_for_browser(struct model *model)
{
	struct org_form *form = &model->form;

	form->waiting = true;
	form->field = ORG_FIELD_ADDRESS;
	snprintf(form->url, sizeof form->url,
	         "https://acme.my.salesforce.com/services/oauth2/authorize?response_type=code&client_id="
	         "3MVG9fTLmJ60pJ5JxqJbYtqZYqkQm4iYb2sRZCqOyUTXZAs8Fq9rGpSsvE1Ln8TPdfL4OZ9dcdGOJcWbRzCyK&"
	         "redirect_uri="
	         "http%%3A%%2F%%2Flocalhost%%3A1717%%2FOauthRedirect&scope=api%%20refresh_token&state="
	         "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG&code_challenge="
	         "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
	         "&code_challenge_method=S256");
	snprintf(form->back, sizeof form->back, "http://localhost:1717/OauthRedirect");
}

static void find_port_taken(struct model *model)
{
	wait_for_browser(model);
	snprintf(model->form.deaf, sizeof model->form.deaf,
	         "port 1717 of this machine cannot be listened to: Address already in use");
}

static void ask_passphrase(struct model *model)
{
	dialog_open(&model->dialog, DIALOG_LINE, VERB_NONE, 0, "Passphrase of the saved orgs");
	dialog_line(&model->dialog, "It is asked once, and kept in locked memory until the console ends.");
	dialog_type_secret(&model->dialog, "passphrase:");
	line_insert(&model->dialog.line, slice_of("correct horse"));
}

/* ---- what is asked on the way through New load ---- */

static void set_runs_kept(struct model *model, enum data data)
{
	set_runs(model, data);
	SET(model->kept, "contacts_may.csv → Contact upsert", 0);
}

static void set_mapping_saved(struct model *model, enum data data)
{
	struct wizard *wizard = &model->wizard;

	set_mapping(model, data);
	wizard->saved_count = data == DATA_EMPTY ? 0 : 2;
	for (int i = 0; i < wizard->saved_count; i++) {
		struct saved_mapping *saved = &wizard->saved[i];

		SET(saved->name, i ? "leads of the fair" : "contacts", (size_t)i);
		SET(saved->action, "upsert", (size_t)i + 1);
		saved->saved_ms = stage_now - i * HOUR_MS;
		wizard->saved_fits[i] = i == 0;
	}
	saved_ask(model);
}

static void find_loaded(struct model *model)
{
	start_loaded(model, 11, LOADED_RETRY,
	             "this content was loaded into acme-prod on 3 May: 20 of 5,000 failed; see run 11");
}

const struct scene scenes[] = {
	{ "welcome", set_welcome, NULL, NULL, true },
	{ "welcome_practise", set_welcome, "Enter", NULL, true },
	{ "welcome_sign_in", set_welcome, "j Enter", NULL, true },
	{ "runs", set_runs, NULL, NULL, true },
	{ "runs_narrowed", set_runs, "/ c o n", NULL, false },
	{ "runs_pause", set_runs, "/ r u n Esc j j j p", NULL, false },
	{ "runs_go_on", set_runs, "p", NULL, false },
	{ "runs_write", set_runs, "w", NULL, true },
	{ "runs_write_where", set_runs, "w 1", NULL, true },
	{ "runs_copy", set_runs, "y", NULL, true },
	{ "runs_keys", set_runs, "?", NULL, true },
	{ "runs_kept", set_runs_kept, "n", NULL, false },
	{ "runs_lost", set_runs, NULL, lose, true },
	{ "orgs", set_orgs, "j", NULL, true },
	{ "orgs_production", set_orgs, NULL, NULL, false },
	{ "orgs_edit", set_orgs, "j e", NULL, false },
	{ "orgs_rename", set_orgs, "j e 3", NULL, false },
	{ "orgs_colour", set_orgs, "j e 4", NULL, false },
	{ "orgs_delete", set_orgs, "D", NULL, false },
	{ "orgs_copy", set_orgs, "j y", NULL, false },
	{ "orgs_keys", set_orgs, "?", NULL, true },
	{ "orgs_passphrase", set_orgs, NULL, ask_passphrase, true },
	{ "org_way", set_orgs, "n j j", NULL, true },
	{ "org_form", set_orgs, "n j j j j Enter a c m e Tab", NULL, true },
	{ "org_form_secret", set_orgs,
	  "n j j j j j Enter a c m e Enter l o g i n Enter a n a Enter s 3 c r 3 t ←", NULL, true },
	{ "org_form_missing", set_orgs, "n Enter a c m e Enter Enter Enter Enter Enter", NULL, true },
	{ "org_waiting", set_orgs, "n Enter", wait_for_browser, true },
	{ "org_waiting_deaf", set_orgs, "n Enter", find_port_taken, true },
	{ "run", set_run, NULL, NULL, true },
	{ "run_parts", set_run, "Shift-Tab", NULL, true },
	{ "run_jobs", set_run, "Tab", NULL, true },
	{ "run_pause", set_run, "p", NULL, true },
	{ "run_cancel", set_run, "X", NULL, true },
	{ "run_undo", set_run, NULL, ask_undo, true },
	{ "run_undo_wrong", set_run, NULL, type_wrong_number, true },
	{ "run_undo_nothing", set_run, NULL, find_nothing_to_undo, true },
	{ "run_copy", set_run, "y", NULL, true },
	{ "run_write", set_run, "w", NULL, true },
	{ "run_replace", set_run, NULL, ask_replace, true },
	{ "run_details", set_run, "i", NULL, true },
	{ "run_keys", set_run, "?", NULL, true },
	{ "run_interrupted", set_run_interrupted, NULL, NULL, true },
	{ "go_on", set_go_on, "j", NULL, true },
	{ "go_on_changed", set_go_on, NULL, find_changed, true },
	{ "go_on_ask", set_go_on, "p", NULL, true },
	{ "go_on_keys", set_go_on, "?", NULL, true },
	{ "run_waiting", set_run_waiting, NULL, NULL, true },
	{ "run_rest", set_run_rest, NULL, NULL, true },
	{ "log", set_log, NULL, NULL, true },
	{ "jobs", set_jobs, NULL, NULL, true },
	{ "jobs_details", set_jobs, "Enter", NULL, false },
	{ "review", set_review, "Space j", NULL, true },
	{ "review_details", set_review, "i", NULL, false },
	{ "review_again", set_review, "j r", pick, false },
	{ "review_again_in_doubt", set_review, "G r", pick, false },
	{ "review_ask", set_review, "a", NULL, false },
	{ "records", set_records, "Space j", NULL, true },
	{ "records_find", set_records, "/ 4 0 7", NULL, false },
	{ "written", set_written, NULL, NULL, true },
	{ "record", set_record, NULL, NULL, true },
	{ "record_edited", set_record, NULL, edit_value, false },
	{ "record_edit", set_record, "e", NULL, false },
	{ "record_reach", set_record, "e Backspace", reach, false },
	{ "record_leave_out", set_record, "x", NULL, false },
	{ "review_fix", set_review, "g j f", found_values, false },
	{ "review_edited_file", set_review, NULL, come_back, false },
	{ "review_keys", set_review, "?", NULL, true },
	{ "review_bad_file", set_review, NULL, come_back_bad, false },
	{ "record_copy", set_record, "y", NULL, false },
	{ "file", set_file, "Down", NULL, true },
	{ "object", set_object, NULL, NULL, true },
	{ "object_busy", set_object, NULL, be_busy, true },
	{ "action", set_action, NULL, NULL, true },
	{ "mapping", set_mapping, "j", NULL, true },
	{ "mapping_constant", set_mapping, "=", NULL, true },
	{ "mapping_saved", set_mapping_saved, NULL, NULL, true },
	{ "mapping_save", set_mapping_saved, "1", NULL, true },
	{ "mapping_keys", set_mapping, "?", NULL, true },
	{ "field", set_mapping, "Enter", NULL, false },
	{ "checking", set_checking, NULL, NULL, true },
	{ "check", set_check, NULL, NULL, true },
	{ "check_look", set_check, "G", NULL, false },
	{ "check_fix", set_check, NULL, ask_fix, false },
	{ "check_group", set_group, NULL, NULL, true },
	{ "check_cell", set_group, "j e", NULL, false },
	{ "check_values", set_values, NULL, NULL, true },
	{ "check_pick", set_values, "Enter", NULL, false },
	{ "check_keys", set_check, "?", NULL, true },
	{ "check_same_key", set_check, "j j f", NULL, false },
	{ "start", set_check, "S", NULL, false },
	{ "start_choices", set_check, "S Tab", NULL, false },
	{ "start_loaded", set_check, "S", find_loaded, false },
};
const size_t scene_count = sizeof scenes / sizeof scenes[0];

void scene_open(struct stage *stage, const struct scene *scene, enum data data, int rows, int columns,
                bool ascii)
{
	stage_open(stage, rows, columns, ascii);
	snprintf(stage->model.user, sizeof stage->model.user, "ben");
	scene->set(&stage->model, data);
	if (scene->keys)
		stage_keys(stage, scene->keys);
	if (scene->behind)
		scene->behind(&stage->model);
}
