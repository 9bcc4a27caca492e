/* check_fixture.h - a file of its own, planned for Sample__c, and what a check finds in it. */
#ifndef LONGSHORE_TESTS_CHECK_FIXTURE_H
#define LONGSHORE_TESTS_CHECK_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/plan/check.h"
#include "describe_file.h"

struct setup {
	char folder[32], path[64];
	struct object *object;
	struct source *source;
	struct mapping *mapping;
	struct plan *plan;
	struct check check;
	const struct map_words *words; /* what is said of the mapping, or NULL */
	struct err e;
};

static inline int begin(void **state)
{
	static struct setup s;

	s = (struct setup){ .folder = "/tmp/longshore-check-XXXXXX", .object = object_from_file("Sample__c") };
	assert_non_null(mkdtemp(s.folder));
	snprintf(s.path, sizeof s.path, "%s/file.csv", s.folder);
	err_init(&s.e);
	*state = &s;
	return 0;
}

static inline int end(void **state)
{
	struct setup *s = *state;

	check_release(&s->check);
	plan_free(s->plan);
	mapping_free(s->mapping);
	source_close(s->source);
	object_free(s->object);
	unlink(s->path);
	rmdir(s->folder);
	return 0;
}

static inline FILE *new_file(struct setup *s)
{
	FILE *f = fopen(s->path, "wb");

	assert_non_null(f);
	return f;
}

static inline void write_text(struct setup *s, const char *text)
{
	FILE *f = new_file(s);

	fputs(text, f);
	fclose(f);
}

static inline void plan_file(struct setup *s, enum action action, const char *key)
{
	const struct source_options options = { .encoding = ENCODING_UTF_8 };
	const struct source_shape *shape;
	struct mapping_request r = { .object = s->object, .action = action, .words = s->words };
	struct plan_request p = { .object = s->object, .action = action, .external_id = key };

	assert_int_equal(source_open(&s->source, s->path, &options, &s->e), ERR_OK);
	shape = source_shape(s->source);
	r.columns = shape->columns;
	r.column_count = shape->column_count;
	assert_int_equal(mapping_new(&s->mapping, &r, &s->e), ERR_OK);
	p.mapping = s->mapping;
	assert_int_equal(plan_new(&s->plan, &p, &s->e), ERR_OK);
}

#endif
