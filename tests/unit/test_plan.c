/* What becomes of each cell and each record: conversion tables per type, keys, and the plan's own refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/plan/payload_json.h"
#include "core/plan/plan.h"
#include "describe_file.h"

enum { MOST = 16 };

struct setup {
	struct object *object, *account;
	const struct object *parents[1];
	struct slice columns[MOST], cells[MOST];
	struct mapping_request request;
	struct mapping *mapping;
	struct plan *plan;
	struct plan_line line;
	struct buf payload;
	struct err e;
};

static int begin(void **state)
{
	static struct setup s;

	s = (struct setup){ .object = object_from_file("Sample__c"), .account = object_from_file("Account") };
	s.parents[0] = s.account;
	buf_init(&s.payload, 1 << 22);
	err_init(&s.e);
	*state = &s;
	return 0;
}

static int end(void **state)
{
	struct setup *s = *state;

	plan_free(s->plan);
	mapping_free(s->mapping);
	object_free(s->object);
	object_free(s->account);
	buf_release(&s->payload);
	return 0;
}

static size_t split(const char *text, struct slice *to)
{
	size_t n = 0;

	for (const char *at = text; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
		to[n++] = (struct slice){ at, strcspn(at, "|") };
	return n;
}

/* A plan for a file whose header is `header`, columns between '|'. */
static enum err_code plan_for(struct setup *s, enum action action, const char *key, const char *header,
                              const char *json)
{
	struct plan_request request = { .object = s->object, .action = action, .external_id = key };

	plan_free(s->plan);
	mapping_free(s->mapping);
	s->plan = NULL;
	err_init(&s->e);
	s->request = (struct mapping_request){ .object = s->object,
		                               .parents = s->parents,
		                               .parent_count = 1,
		                               .action = action,
		                               .columns = s->columns,
		                               .column_count = split(header, s->columns),
		                               .map_json = slice_of(json) };
	assert_int_equal(mapping_new(&s->mapping, &s->request, &s->e), ERR_OK);
	request.mapping = s->mapping;
	return plan_new(&s->plan, &request, &s->e);
}

static void send_cells(struct setup *s, size_t count)
{
	struct record record = { .number = 1, .cells = s->cells, .count = count, .blank = true };

	for (size_t i = 0; i < count; i++)
		record.blank = record.blank && s->cells[i].len == 0;
	buf_clear(&s->payload);
	plan_record(s->plan, &record, &s->payload, &s->line);
}

/* Plans one record, cells between '|'. */
static void send(struct setup *s, const char *cells)
{
	send_cells(s, split(cells, s->cells));
}

struct conversion {
	const char *field, *cell;
	const char *sent; /* NULL: a finding */
	enum rule rule;
	const char *says;
};

/* clang-format off */
#define OK(field, cell, sent) { field, cell, sent, RULE_COUNT, NULL }
#define NO(field, cell, rule, says) { field, cell, NULL, RULE_##rule, says }

static const struct conversion conversions[] = {
	OK("Flag__c", "TRUE", "true"), OK("Flag__c", " yes ", "true"), OK("Flag__c", "Y", "true"),
	OK("Flag__c", "on", "true"), OK("Flag__c", "1", "true"), OK("Flag__c", "False", "false"),
	OK("Flag__c", "no", "false"), OK("Flag__c", "N", "false"), OK("Flag__c", "OFF", "false"),
	OK("Flag__c", "0", "false"),
	NO("Flag__c", "ja", TYPE, "not true or false: \"ja\""),
	NO("Flag__c", "2", TYPE, "not true or false: \"2\""),

	OK("Day__c", "2026-12-31", "2026-12-31"), OK("Day__c", " 2024-02-29 ", "2024-02-29"),
	OK("Day__c", "1700-01-01", "1700-01-01"), OK("Day__c", "4000-12-31", "4000-12-31"),
	NO("Day__c", "03/04/87", TYPE, "not a date yyyy-MM-dd, it looks like a date with a year of two digits: \"03/04/87\""),
	NO("Day__c", "1/5/20", TYPE, "not a date yyyy-MM-dd, it looks like a date with a year of two digits: \"1/5/20\""),
	OK("Day__c", "31.12.2026", "2026-12-31"), OK("Day__c", "20111015", "2011-10-15"), OK("Day__c", "2011-10", "2011-10-01"),
	NO("Day__c", "12.31.2026", TYPE, "not a date yyyy-MM-dd, it looks like day.month.year: \"12.31.2026\""),
	NO("Day__c", "31.12.26", TYPE, "not a date yyyy-MM-dd, it looks like day.month with a year of two digits: \"31.12.26\""),
	NO("Day__c", "02/13/2002", TYPE, "not a date yyyy-MM-dd, it looks like month/day/year or day/month/year: \"02/13/2002\""),
	NO("Day__c", "43831", TYPE, "not a date yyyy-MM-dd, it looks like an Excel date: \"43831\""),
	NO("Day__c", "43831.5", TYPE, "not a date yyyy-MM-dd, it looks like an Excel date: \"43831.5\""),
	NO("Day__c", "20111315", TYPE, "not a date yyyy-MM-dd, it looks like yyyyMMdd: \"20111315\""),
	NO("Day__c", "2023-02-29", TYPE, "not a date yyyy-MM-dd, there is no such day, or it is not within 1700 to 4000: \"2023-02-29\""),
	NO("Day__c", "1699-12-31", TYPE, "not a date yyyy-MM-dd, there is no such day, or it is not within 1700 to 4000: \"1699-12-31\""),
	NO("Day__c", "2026-12-31T10:00:00Z", TYPE, "not a date yyyy-MM-dd, it is a date with a time: \"2026-12-31T10:00:00Z\""),
	NO("Day__c", "20A4-11-08", TYPE, "not a date yyyy-MM-dd: \"20A4-11-08\""),
	NO("Day__c", "fofofod", TYPE, "not a date yyyy-MM-dd: \"fofofod\""),

	OK("Moment__c", "2026-11-24T03:51:40Z", "2026-11-24T03:51:40.000Z"),
	OK("Moment__c", "2011-10-15T16:08-0300", "2011-10-15T19:08:00.000Z"),
	OK("Moment__c", "2009-07-16 03:14:45-01:00", "2009-07-16T04:14:45.000Z"),
	OK("Moment__c", "2021-08-31T01:31:13.000+0000", "2021-08-31T01:31:13.000Z"),
	OK("Moment__c", "2021-01-01T00:30:00+01:00", "2020-12-31T23:30:00.000Z"),
	OK("Moment__c", "2021-08-31T01:31:13.5Z", "2021-08-31T01:31:13.500Z"),
	OK("Moment__c", "2021-08-31T01:31:13.123456Z", "2021-08-31T01:31:13.123Z"),
	OK("Moment__c", "20111015T19z", "2011-10-15T19:00:00.000Z"), OK("Moment__c", "20111015 1908+01:00", "2011-10-15T18:08:00.000Z"),
	OK("Moment__c", "31.12.2026 23:30 +0100", "2026-12-31T22:30:00.000Z"),
	NO("Moment__c", "2021-08-31T01:31:13", TYPE, "not a date-time with zone, it has no time zone: \"2021-08-31T01:31:13\""),
	NO("Moment__c", "2021-08-31", TYPE, "not a date-time with zone, it is a date without a time: \"2021-08-31\""),
	NO("Moment__c", "07/16/2009 03:14", TYPE, "not a date-time with zone, it looks like month/day/year or day/month/year: \"07/16/2009 03:14\""),
	NO("Moment__c", "soon", TYPE, "not a date-time with zone: \"soon\""),

	OK("At__c", "13:45:07", "13:45:07.000Z"), OK("At__c", "08:05", "08:05:00.000Z"),
	OK("At__c", "13:45:07.25Z", "13:45:07.250Z"),
	NO("At__c", "25:00", TYPE, "not a time HH:mm:ss: \"25:00\""),

	OK("Amount__c", " 12.50 ", "12.50"), OK("Amount__c", "-0.005", "-0.005"), OK("Amount__c", "1.2E3", "1.2E3"),
	OK("Amount__c", "99999999999999", "99999999999999"), OK("Amount__c", "00000000000000000001", "00000000000000000001"),
	NO("Amount__c", "100000000000000", OUT_OF_RANGE, "more than 14 digits before the point: \"100000000000000\""),
	NO("Amount__c", "1E20", OUT_OF_RANGE, "more than 14 digits before the point: \"1E20\""),
	NO("Amount__c", "1,000", TYPE, "not a number, it has a comma: \"1,000\""),
	NO("Amount__c", "1 000", TYPE, "not a number, it has more than digits: a blank, a currency, a percent sign: \"1 000\""),
	NO("Amount__c", "\xe2\x82\xac 5", TYPE, "not a number, it has more than digits: a blank, a currency, a percent sign: \"\xe2\x82\xac 5\""),
	NO("Amount__c", "12abc", TYPE, "not a number: \"12abc\""),
	NO("Amount__c", "NaN", TYPE, "not a number: \"NaN\""),
	OK("Rate__c", "999.999", "999.999"),
	NO("Rate__c", "1000", OUT_OF_RANGE, "more than 3 digits before the point: \"1000\""),

	OK("Count__c", "12345678", "12345678"), OK("Count__c", "-7", "-7"), OK("Count__c", "000000000012", "000000000012"),
	NO("Count__c", "123456789", OUT_OF_RANGE, "more than 8 digits before the point: \"123456789\""),
	NO("Count__c", "1.9", TYPE, "not a whole number: \"1.9\""),
	NO("Count__c", "1e3", TYPE, "not a whole number: \"1e3\""),
	NO("Count__c", "12abc", TYPE, "not a whole number: \"12abc\""),
	NO("Count__c", "1,2", TYPE, "not a whole number, it has a comma: \"1,2\""),
	NO("Count__c", "99999999999999999999", TYPE, "not a whole number: \"99999999999999999999\""),
	OK("Big__c", "3000000000", "3000000000"),

	OK("Stage__c", "Prospect", "Prospect"),
	NO("Stage__c", "prospect", PICKLIST, "not in the restricted picklist: prospect, it has Prospect"),
	NO("Stage__c", " Prospect", PICKLIST, "not in the restricted picklist:  Prospect, it has Prospect"),
	NO("Stage__c", "Kunde", PICKLIST, "not in the restricted picklist: Kunde, it has Customer"),
	NO("Stage__c", "Gone", PICKLIST, "not in the restricted picklist: Gone, it is inactive"),
	NO("Stage__c", "Prospekt", PICKLIST, "not in the restricted picklist: Prospekt"),
	OK("Source__c", "Anything", "Anything"),
	OK("Tags__c", "A", "A"), OK("Tags__c", "C d;A", "C d;A"), OK("Tags__c", "A;B;", "A;B;"),
	NO("Tags__c", "A;b", PICKLIST, "not in the restricted picklist: b, it has B"),
	NO("Tags__c", "A;Z;B", PICKLIST, "not in the restricted picklist: Z"),

	OK("Mail__c", "a.b@example.com", "a.b@example.com"), OK("Mail__c", " a@b.c ", "a@b.c"),
	NO("Mail__c", "a@b", TYPE, "not an e-mail address: \"a@b\""),
	NO("Mail__c", "a@@b.c", TYPE, "not an e-mail address: \"a@@b.c\""),
	NO("Mail__c", "@b.c", TYPE, "not an e-mail address: \"@b.c\""),
	NO("Mail__c", "a b@c.de", TYPE, "not an e-mail address: \"a b@c.de\""),
	NO("Mail__c", "a@b.", TYPE, "not an e-mail address: \"a@b.\""),
	NO("Mail__c", "ann.long.name@exa mple.org", TYPE, "not an e-mail address: \"ann.long.name@exa mple.org\""),
	OK("Mail__c", "j\xc3\xb6rg.m\xc3\xbcller@example.org", "j\xc3\xb6rg.m\xc3\xbcller@example.org"),

	/* the org's ids: a check character for each five of the first fifteen */
	OK("Parent__c", "a0S000000000001", "a0S000000000001"), OK("Parent__c", " a0S000000000001EAA ", "a0S000000000001EAA"),
	NO("Parent__c", "a0s000000000001EAA", ID, "an id whose check characters do not fit: a typing error, or capitals were changed: \"a0s000000000001EAA\""),
	NO("Parent__c", "001000000000001", ID, "an id of another object: here ids begin with a0S: \"001000000000001\""),
	NO("Parent__c", "a0S00000000001", ID, "an id has 15 or 18 characters: \"a0S00000000001\""),
	NO("Parent__c", "a0S-00000000001", ID, "an id has only letters and digits: \"a0S-00000000001\""),
	NO("Account__c", "a0S000000000001", ID, "an id of another object: here ids begin with 001: \"a0S000000000001\""),
	OK("Account__c", "001D000000IRFma", "001D000000IRFma"), OK("Account__c", "001D000000IRFmaIAH", "001D000000IRFmaIAH"),
	OK("OwnerId", "005000000000001", "005000000000001"), OK("OwnerId", "00G000000000001", "00G000000000001"),

	OK("Name", "  spaces stay ", "\"  spaces stay \""), OK("Name", "O\"Neil, Ann", "\"O\"\"Neil, Ann\""),
	OK("Notes__c", "one\r\ntwo\rthree\nfour", "\"one\ntwo\nthree\nfour\""),
	OK("Ext__c", "\xe3\x80\x80 K-1 \xc2\xa0", "\xe3\x80\x80 K-1 \xc2\xa0"),
	OK("Twin_A__c", "M\xc3\xbcller\xc3\xbc\xc3\xbc\xc3\xbc", "M\xc3\xbcller\xc3\xbc\xc3\xbc\xc3\xbc"),
	NO("Twin_A__c", "12345678901", TOO_LONG, "longer than 10 characters: 11"),
	NO("Twin_A__c", "M\xc3\xbcller\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc", TOO_LONG, "longer than 10 characters: 11"),
	NO("Twin_A__c", "#N/A", NULL_MARK, "#N/A: clear the field, or an empty lookup in Excel?"),
	NO("Day__c", " #N/A", NULL_MARK, "#N/A: clear the field, or an empty lookup in Excel?"),
	NO("Tel__c", "1.23457E+11", TYPE, "Excel has shortened this number, its last digits are lost: \"1.23457E+11\""),
	NO("Tel__c", "#REF!", TYPE, "an Excel error, not a value: \"#REF!\""),
	NO("Name", "#WERT!", TYPE, "an Excel error, not a value: \"#WERT!\""),
	OK("Name", "#1 Bar", "#1 Bar"), OK("Name", "N/A", "N/A"),
};
/* clang-format on */

static void each_value_is_converted_or_refused_as_the_tables_say(void **state)
{
	struct setup *s = *state;

	for (size_t i = 0; i < sizeof conversions / sizeof conversions[0]; i++) {
		const struct conversion *c = &conversions[i];
		char header[64], sent[200];

		snprintf(header, sizeof header, "%s|Id", c->field);
		assert_int_equal(plan_for(s, ACTION_UPDATE, NULL, header, NULL), ERR_OK);
		s->cells[0] = slice_of(c->cell);
		s->cells[1] = slice_of("a0S000000000001");
		send_cells(s, 2);
		if (c->sent) {
			if (!s->line.sent)
				fail_msg("%s %s: %s", c->field, c->cell, s->line.findings[0].message);
			snprintf(sent, sizeof sent, "%s,a0S000000000001\n", c->sent);
			assert_string_equal(buf_text(&s->payload), sent);
			continue;
		}
		if (s->line.finding_count != 1)
			fail_msg("%s %s: %zu findings", c->field, c->cell, s->line.finding_count);
		assert_false(s->line.sent);
		assert_int_equal(s->payload.len, 0);
		assert_string_equal(s->line.findings[0].message, c->says);
		assert_string_equal(rule_name(s->line.findings[0].rule), rule_name(c->rule));
		assert_string_equal(s->line.findings[0].field, c->field);
	}
}

static void a_record_becomes_one_line_in_the_payloads_order(void **state)
{
	struct setup *s = *state;

	assert_int_equal(plan_for(s, ACTION_INSERT, NULL, "DAY|x|name|parent__r.EXT__c",
	                          "{\"longshore_mapping\":1,\"constants\":{\"source__c\":\"Web, too\"}}"),
	                 ERR_OK);
	plan_header(s->plan, &s->payload);
	assert_string_equal(buf_text(&s->payload), "Day__c,Name,Parent__r.Ext__c,Source__c\n");
	send(s, "|not loaded|Ann| K-1 ");
	assert_true(s->line.sent);
	assert_string_equal(buf_text(&s->payload), ",Ann,K-1,\"Web, too\"\n");
	assert_int_equal(s->line.finding_count, 0);
}

/* The record sent last, as collections take it. */
static void expect_json(struct setup *s, const char *json)
{
	buf_clear(&s->payload);
	payload_json_record(&s->payload, s->plan, false);
	assert_string_equal(buf_text(&s->payload), json);
}

static void for_collections_a_record_is_json_with_blanks_left_out(void **state)
{
	struct setup *s = *state;

	assert_int_equal(
		plan_for(s, ACTION_INSERT, NULL, "Name|Flag__c|Amount__c|Count__c|Day__c|Parent__r.Ext__c", ""),
		ERR_OK);
	send(s, "A \"b\" \\ c|yes|-12.50|007|2024-02-29|K-1");
	assert_true(s->line.sent);
	expect_json(s,
	            "{\"attributes\":{\"type\":\"Sample__c\"},\"Name\":\"A \\\"b\\\" \\\\ c\",\"Flag__c\":true,"
	            "\"Amount__c\":-12.50,\"Count__c\":\"007\",\"Day__c\":\"2024-02-29\","
	            "\"Parent__r\":{\"Ext__c\":\"K-1\"}}");
	send(s, "Line\none|||||");
	expect_json(s, "{\"attributes\":{\"type\":\"Sample__c\"},\"Name\":\"Line\\u000aone\"}");
}

/* salesforce-api.md C10 and E1: the object that is meant stands before the way in CSV, in attributes in JSON. */
static void a_lookup_of_several_objects_says_which_one(void **state)
{
	struct object *event = object_from_file("Event"), *contact = object_from_file("Contact");
	const struct object *parents[] = { contact };
	struct setup *s = *state;
	struct slice columns[] = { slice_of("Subject"), slice_of("Who:Contact-Email") };
	struct slice cells[] = { slice_of("Call"), slice_of("ann@example.com") };
	struct mapping_request r = {
		.object = event, .parents = parents, .parent_count = 1, .columns = columns, .column_count = 2
	};
	struct plan_request p = { .object = event };
	struct record record = { .number = 1, .cells = cells, .count = 2 };

	assert_int_equal(mapping_new(&s->mapping, &r, &s->e), ERR_OK);
	p.mapping = s->mapping;
	assert_int_equal(plan_new(&s->plan, &p, &s->e), ERR_OK);
	buf_clear(&s->payload);
	plan_header(s->plan, &s->payload);
	plan_record(s->plan, &record, &s->payload, &s->line);
	assert_string_equal(buf_text(&s->payload), "Subject,Contact:Who.Email\nCall,ann@example.com\n");
	expect_json(s, "{\"attributes\":{\"type\":\"Event\"},\"Subject\":\"Call\",\"Who\":{\"attributes\":{"
	               "\"type\":\"Contact\"},"
	               "\"Email\":\"ann@example.com\"}}");
	plan_free(s->plan);
	mapping_free(s->mapping);
	s->plan = NULL;
	s->mapping = NULL;
	object_free(event);
	object_free(contact);
}

static void for_collections_a_delete_is_the_id_alone(void **state)
{
	struct setup *s = *state;

	assert_int_equal(plan_for(s, ACTION_DELETE, NULL, "Name|Id", ""), ERR_OK);
	send(s, "Ann|a0S000000000001EAA");
	assert_true(s->line.sent);
	expect_json(s, "a0S000000000001EAA");
}

static void a_blank_record_is_left_out_without_a_finding(void **state)
{
	struct setup *s = *state;

	assert_int_equal(plan_for(s, ACTION_INSERT, NULL, "Name|Day__c", NULL), ERR_OK);
	send(s, "|");
	assert_true(s->line.blank);
	assert_false(s->line.sent);
	assert_int_equal(s->line.finding_count, 0);
	assert_int_equal(s->payload.len, 0);
}

static void a_required_field_must_be_there_when_a_record_may_be_inserted(void **state)
{
	struct setup *s = *state;

	assert_int_equal(plan_for(s, ACTION_INSERT, NULL, "Name|Day__c", NULL), ERR_OK);
	send(s, "|2026-01-01");
	assert_int_equal(s->line.finding_count, 1);
	assert_int_equal(s->line.findings[0].rule, RULE_REQUIRED);
	assert_string_equal(s->line.findings[0].message, "required, but empty");
	send(s, " \xc2\xa0|2026-01-01");
	assert_int_equal(s->line.findings[0].rule, RULE_REQUIRED);
	assert_int_equal(plan_for(s, ACTION_UPSERT, "Ext__c", "Name|Ext__c", NULL), ERR_OK);
	send(s, "|K-1");
	assert_int_equal(s->line.findings[0].rule, RULE_REQUIRED);
	assert_int_equal(plan_for(s, ACTION_UPDATE, NULL, "Name|Id", NULL), ERR_OK);
	send(s, "|a0S000000000001");
	assert_true(s->line.sent);
	assert_string_equal(buf_text(&s->payload), ",a0S000000000001\n");
}

static void a_required_field_that_is_not_mapped_fails_every_record(void **state)
{
	struct plan_finding f[2];
	struct setup *s = *state;

	assert_int_equal(plan_for(s, ACTION_UPSERT, "ext__c", "Ext__c|Day__c", NULL), ERR_OK);
	assert_int_equal(plan_findings(s->plan, f, 2), 1);
	assert_int_equal(f[0].rule, RULE_REQUIRED);
	assert_string_equal(f[0].field, "Name");
	send(s, "K-1|2026-01-01");
	assert_false(s->line.sent);
	assert_int_equal(s->line.finding_count, 1);
	assert_string_equal(s->line.findings[0].message, "required, but not mapped");
	assert_int_equal(plan_for(s, ACTION_UPDATE, NULL, "Id|Day__c", NULL), ERR_OK);
	assert_int_equal(plan_findings(s->plan, f, 2), 0);
}

static void a_field_the_action_may_not_write_fails_every_record(void **state)
{
	static const struct {
		enum action action;
		const char *key, *header, *field, *says;
	} cases[] = {
		{ ACTION_INSERT, NULL, "Name|Total__c", "Total__c", "a formula may not be written" },
		{ ACTION_INSERT, NULL, "Name|Number__c", "Number__c", "an auto number may not be written" },
		{ ACTION_INSERT, NULL, "Name|Where__c", "Where__c", "a compound field: map its parts" },
		{ ACTION_INSERT, NULL, "Name|File__c", "File__c",
		  "binary data cannot be loaded through the Bulk API" },
		{ ACTION_UPDATE, NULL, "Id|Fixed__c", "Fixed__c", "may not be written by update" },
		{ ACTION_UPSERT, "Ext__c", "Ext__c|Name|Fixed__c", "Fixed__c",
		  "may be set by insert only, an upsert may update" },
		{ ACTION_UPSERT, "Ext__c", "Ext__c|Name|Id", "Id", "may not be written by upsert" },
	};
	struct plan_finding f, cell;
	struct setup *s = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct record record = { .number = 1, .cells = s->cells, .count = 3 };

		assert_int_equal(plan_for(s, cases[i].action, cases[i].key, cases[i].header, NULL), ERR_OK);
		assert_int_equal(plan_findings(s->plan, &f, 1), 1);
		assert_int_equal(f.rule, RULE_NOT_WRITEABLE);
		assert_string_equal(f.field, cases[i].field);
		assert_string_equal(f.message, cases[i].says);
		assert_false(plan_cell(s->plan, &record, s->mapping->count - 1, &s->payload, &cell));
		assert_string_equal(cell.message, cases[i].says);
	}
	assert_int_equal(plan_for(s, ACTION_INSERT, NULL, "Name|Fixed__c", NULL), ERR_OK);
	assert_int_equal(plan_findings(s->plan, &f, 1), 0);
}

static void a_record_without_its_key_is_not_sent(void **state)
{
	struct setup *s = *state;

	assert_int_equal(plan_for(s, ACTION_UPSERT, "Ext__c", "Ext__c|Name", NULL), ERR_OK);
	send(s, " |Ann");
	assert_int_equal(s->line.finding_count, 1);
	assert_int_equal(s->line.findings[0].rule, RULE_KEY_MISSING);
	send(s, " K-1\t|Ann");
	assert_string_equal(buf_text(&s->payload), "K-1,Ann\n");
	assert_int_equal(plan_for(s, ACTION_DELETE, NULL, "Name|Id", NULL), ERR_OK);
	send(s, "Ann|");
	assert_int_equal(s->line.findings[0].rule, RULE_KEY_MISSING);
	send(s, "Ann|a0S000000000001EAA");
	assert_string_equal(buf_text(&s->payload), "a0S000000000001EAA\n");
}

static void an_upsert_by_id_inserts_where_the_id_is_empty(void **state)
{
	struct setup *s = *state;

	assert_int_equal(plan_for(s, ACTION_UPSERT, NULL, "Id|Name", NULL), ERR_OK);
	assert_string_equal(s->plan->key->name, "Id");
	send(s, "|Ann");
	assert_true(s->line.sent);
	assert_string_equal(buf_text(&s->payload), ",Ann\n");
	assert_int_equal(s->line.print.key, 0);
	send(s, "a0S000000000001|Ann");
	assert_true(s->line.print.key != 0);
}

static void a_plan_that_cannot_work_is_refused_with_a_sentence(void **state)
{
	static const struct {
		enum action action;
		const char *key, *header, *says;
	} cases[] = {
		{ ACTION_INSERT, NULL, "Name|Id", "Id is sent (column 2), but an insert makes new ids" },
		{ ACTION_INSERT, NULL, "a|b", "no column is sent to a field of Sample__c" },
		{ ACTION_UPDATE, NULL, "Name", "no column is sent to Id, which update of Sample__c needs" },
		{ ACTION_DELETE, NULL, "Name",
		  "no column is sent to a field of Sample__c: map one to the key" },
		{ ACTION_UPSERT, "Ext__c", "Name", "no column is sent to Ext__c" },
		{ ACTION_UPSERT, "Gone__c", "Name", "Sample__c has no field Gone__c" },
		{ ACTION_UPSERT, "Notes__c", "Name", "choose one of Id, Name, Ext__c, Code__c, Loose__c" },
		{ ACTION_UPSERT, NULL, "Name", "no column is sent to Id" },
	};
	struct setup *s = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(plan_for(s, cases[i].action, cases[i].key, cases[i].header, NULL), ERR_USAGE);
		assert_null(s->plan);
		if (!strstr(s->e.text, cases[i].says))
			fail_msg("%s", s->e.text);
	}
	s->object->deletable = false;
	assert_int_equal(plan_for(s, ACTION_HARD_DELETE, NULL, "Id", NULL), ERR_USAGE);
	assert_non_null(strstr(s->e.text, "does not allow hard_delete"));
	s->object->createable = false;
	assert_int_equal(plan_for(s, ACTION_UPSERT, "Ext__c", "Ext__c|Name", NULL), ERR_USAGE);
}

static void a_broken_record_says_why_and_nothing_of_it_is_read(void **state)
{
	struct record record = { .number = 3, .fault = "3 cells, the header has 2" };
	struct setup *s = *state;

	assert_int_equal(plan_for(s, ACTION_INSERT, NULL, "Name|Day__c", NULL), ERR_OK);
	plan_record(s->plan, &record, &s->payload, &s->line);
	assert_false(s->line.sent || s->line.blank);
	assert_int_equal(s->line.findings[0].rule, RULE_BROKEN);
	assert_string_equal(s->line.findings[0].message, "3 cells, the header has 2");
	assert_string_equal(s->line.findings[0].field, "");
}

static void a_record_that_memory_does_not_suffice_for_says_so(void **state)
{
	struct setup *s = *state;

	assert_int_equal(plan_for(s, ACTION_INSERT, NULL, "Name|Notes__c", NULL), ERR_OK);
	send(s, "Name|a longer text than there is room for");
	assert_false(s->line.unusable);
	buf_release(&s->payload);
	s->payload.ceiling = 10;
	send(s, "Name|a longer text than there is room for");
	assert_true(s->line.unusable);
}

static void all_findings_of_a_record_are_told_up_to_eight(void **state)
{
	struct setup *s = *state;

	assert_int_equal(
		plan_for(s, ACTION_INSERT, NULL,
	                 "Name|Day__c|Flag__c|Amount__c|Count__c|Mail__c|Stage__c|Moment__c|At__c|Account__c",
	                 NULL),
		ERR_OK);
	send(s, "|x|x|1|1|a@b.c|Prospect|2021-08-31T01:31:13Z|10:00|");
	assert_int_equal(s->line.finding_count, 3);
	assert_string_equal(s->line.findings[2].field, "Flag__c");
	send(s, "x|x|x|x|x|x|x|x|x|x");
	assert_int_equal(s->line.finding_count, 8);
	assert_false(s->line.sent);
}

static void a_record_beyond_the_bulk_apis_limit_is_a_finding(void **state)
{
	static const char wide[] =
		"{\"name\":\"Wide__c\",\"createable\":true,\"fields\":[{\"name\":\"Name\",\"type\":\"string\","
		"\"createable\":true},{\"name\":\"Notes__c\",\"type\":\"textarea\",\"createable\":true}]}";
	static char big[400001];
	struct setup *s = *state;

	memset(big, 'x', sizeof big);
	object_free(s->object);
	assert_int_equal(describe_parse(&s->object, slice_of(wide), &s->e), ERR_OK);
	assert_int_equal(plan_for(s, ACTION_INSERT, NULL, "Notes__c|Name", NULL), ERR_OK);
	s->cells[0] = (struct slice){ big, 399997 };
	s->cells[1] = slice_of("Ann");
	send_cells(s, 2);
	assert_true(s->line.sent);
	s->cells[0].len++;
	send_cells(s, 2);
	assert_false(s->line.sent);
	assert_int_equal(s->line.findings[0].rule, RULE_TOO_LONG);
	assert_int_equal(s->payload.len, 0);
}

static void the_same_record_gives_the_same_bytes_and_another_does_not(void **state)
{
	struct fingerprint print;
	struct setup *s = *state;
	uint64_t exact;

	assert_int_equal(plan_for(s, ACTION_INSERT, NULL, "Name|Amount__c|Parent__r.Ext__c", NULL), ERR_OK);
	send(s, "Ann|1.50|K-1");
	exact = s->line.exact;
	print = s->line.print;
	send(s, "Ann|1.50|K-1");
	assert_true(s->line.exact == exact && s->line.print.row == print.row);
	send(s, "Ann|1.5|K-1"); /* equal to the org, other bytes */
	assert_true(s->line.exact != exact);
	assert_true(s->line.print.row == print.row);
	send(s, "Ann|1.50|K-2"); /* a relation may not be echoed */
	assert_true(s->line.exact != exact);
	assert_true(s->line.print.row == print.row);
	send(s, "Ann|1.51|K-1");
	assert_true(s->line.print.row != print.row);
}

static void the_layouts_key_is_what_the_org_holds_unique(void **state)
{
	static const struct {
		enum action action;
		const char *key, *header;
		int position;
	} cases[] = {
		{ ACTION_INSERT, NULL, "Name|Day__c", -1 },
		{ ACTION_INSERT, NULL, "Name|Loose__c|Code__c|Ext__c", 2 },
		{ ACTION_INSERT, NULL, "Name|Parent__r.Ext__c", -1 },
		{ ACTION_UPDATE, NULL, "Ext__c|Name|Id", 2 },
		{ ACTION_DELETE, NULL, "Ext__c|Id", 0 },
		{ ACTION_UPSERT, NULL, "Name|Id", 1 },
		{ ACTION_UPSERT, "Ext__c", "Name|Code__c|Ext__c", 2 },
		{ ACTION_UPSERT, "Loose__c", "Ext__c|Name|Loose__c", -1 },
	};
	struct setup *s = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(plan_for(s, cases[i].action, cases[i].key, cases[i].header, NULL), ERR_OK);
		assert_int_equal(s->plan->layout.key, cases[i].position);
	}
}

static void a_cell_for_people_is_what_will_be_sent(void **state)
{
	struct setup *s = *state;
	struct record record = { .number = 1, .cells = s->cells };
	struct plan_finding f;

	assert_int_equal(plan_for(s, ACTION_INSERT, NULL, "Name|Flag__c|Day__c", NULL), ERR_OK);
	record.count = split("Ann, B|YES|1/5/20", s->cells);
	assert_true(plan_cell(s->plan, &record, 0, &s->payload, &f));
	buf_add_char(&s->payload, '/');
	assert_true(plan_cell(s->plan, &record, 1, &s->payload, &f));
	assert_string_equal(buf_text(&s->payload), "Ann, B/true");
	assert_false(plan_cell(s->plan, &record, 2, &s->payload, &f));
	assert_int_equal(f.rule, RULE_TYPE);
	assert_string_equal(buf_text(&s->payload), "Ann, B/true");
}

static void hostile_and_long_values_stay_within_the_message(void **state)
{
	static char big[5001];
	struct setup *s = *state;
	const char *message = s->line.findings[0].message;

	for (size_t i = 0; i < 5000; i += 2)
		memcpy(big + i, "\xc3\xbc", 2);
	assert_int_equal(plan_for(s, ACTION_INSERT, NULL, "Day__c|Name", NULL), ERR_OK);
	s->cells[0] = (struct slice){ big, 5000 };
	s->cells[1] = slice_of("Ann");
	send_cells(s, 2);
	assert_int_equal(s->line.finding_count, 1);
	assert_true(strlen(message) < 150);
	assert_string_equal(message + strlen(message) - 6, "\xc3\xbc…\"");
	assert_int_equal(s->line.findings[0].shared, strlen("not a date yyyy-MM-dd"));
}

#define T(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(each_value_is_converted_or_refused_as_the_tables_say),
		T(a_record_becomes_one_line_in_the_payloads_order),
		T(for_collections_a_record_is_json_with_blanks_left_out),
		T(a_lookup_of_several_objects_says_which_one),
		T(for_collections_a_delete_is_the_id_alone),
		T(a_blank_record_is_left_out_without_a_finding),
		T(a_required_field_must_be_there_when_a_record_may_be_inserted),
		T(a_required_field_that_is_not_mapped_fails_every_record),
		T(a_field_the_action_may_not_write_fails_every_record),
		T(a_record_without_its_key_is_not_sent),
		T(an_upsert_by_id_inserts_where_the_id_is_empty),
		T(a_plan_that_cannot_work_is_refused_with_a_sentence),
		T(a_broken_record_says_why_and_nothing_of_it_is_read),
		T(a_record_that_memory_does_not_suffice_for_says_so),
		T(all_findings_of_a_record_are_told_up_to_eight),
		T(a_record_beyond_the_bulk_apis_limit_is_a_finding),
		T(the_same_record_gives_the_same_bytes_and_another_does_not),
		T(the_layouts_key_is_what_the_org_holds_unique),
		T(a_cell_for_people_is_what_will_be_sent),
		T(hostile_and_long_values_stay_within_the_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
