/* plan_fixture.h - a plan for Sample__c from a header and a mapping, and the payload of single records. */
#ifndef LONGSHORE_TESTS_PLAN_FIXTURE_H
#define LONGSHORE_TESTS_PLAN_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/plan/plan.h"
#include "describe_file.h"

enum { FIXTURE_MOST = 16 };

struct plan_fixture {
	struct object *object, *account;
	const struct object *parents[1];
	struct slice columns[FIXTURE_MOST], cells[FIXTURE_MOST];
	struct map_words words;
	struct constant_facts facts;
	struct mapping_request request;
	struct mapping *mapping;
	struct plan *plan;
	struct plan_line line;
	struct buf payload;
	struct err e;
};

static inline int fixture_begin(void **state)
{
	static struct plan_fixture s;

	s = (struct plan_fixture){ .object = object_from_file("Sample__c"),
		                   .account = object_from_file("Account") };
	s.parents[0] = s.account;
	buf_init(&s.payload, 1 << 22);
	err_init(&s.e);
	*state = &s;
	return 0;
}

static inline void fixture_clear(struct plan_fixture *s)
{
	plan_free(s->plan);
	mapping_free(s->mapping);
	s->plan = NULL;
	s->mapping = NULL;
	err_init(&s->e);
}

static inline int fixture_end(void **state)
{
	struct plan_fixture *s = *state;

	fixture_clear(s);
	object_free(s->object);
	object_free(s->account);
	buf_release(&s->payload);
	return 0;
}

static inline size_t fixture_split(const char *text, struct slice *to)
{
	size_t n = 0;

	for (const char *at = text; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
		to[n++] = (struct slice){ at, strcspn(at, "|") };
	return n;
}

/* Columns between '|'. */
static inline enum err_code fixture_plan(struct plan_fixture *s, enum action action, const char *header,
                                         const char *json)
{
	struct plan_request plan = { .object = s->object, .action = action, .external_id = "Ext__c" };

	fixture_clear(s);
	s->request = (struct mapping_request){ .object = s->object,
		                               .parents = s->parents,
		                               .parent_count = 1,
		                               .action = action,
		                               .columns = s->columns,
		                               .column_count = fixture_split(header, s->columns),
		                               .map_json = slice_of(json),
		                               .words = &s->words,
		                               .facts = s->facts };
	if (mapping_new(&s->mapping, &s->request, &s->e) != ERR_OK)
		return s->e.code;
	plan.mapping = s->mapping;
	return plan_new(&s->plan, &plan, &s->e);
}

/* What becomes of record `number`, cells between '|': its line without the line break, or "! " and its first finding. */
static inline const char *fixture_line(struct plan_fixture *s, int64_t number, const char *cells)
{
	struct record record = { .number = number, .cells = s->cells };

	record.count = fixture_split(cells, s->cells);
	buf_clear(&s->payload);
	plan_record(s->plan, &record, &s->payload, &s->line);
	if (!s->line.sent)
		buf_addf(&s->payload, "! %s: %s", s->line.findings[0].field, s->line.findings[0].message);
	else
		s->payload.at[--s->payload.len] = '\0';
	return buf_text(&s->payload);
}

#endif
