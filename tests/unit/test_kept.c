/* The new load that was begun and left: what is written is read again, and a file that is none of ours is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "ui/console/kept.h"
#include "ui/console/wish.h"

static char folder[64];

static int make_folder(void **unused)
{
	(void)unused;
	strcpy(folder, "/tmp/test_kept.XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **unused)
{
	(void)unused;
	kept_remove(folder);
	return rmdir(folder);
}

static struct load_options sample(void)
{
	static const char map[] = "{\"longshore_mapping\": 1,\n\n\"columns\": {}}";
	struct load_options o = { .file = "/home/ana/my files/may.csv",
		                  .org = "acme-uat",
		                  .object = "Contact",
		                  .action = "upsert",
		                  .external_id = "Ext__c",
		                  .api = "bulk",
		                  .order_by = "Last Name",
		                  .map_text = slice_of(map),
		                  .reading = { .delimiter = '\t', .sheet = "Sheet 2" },
		                  .allow_failures = 0,
		                  .same_key = SAME_KEY_LAST,
		                  .skip_unchanged = true,
		                  .chunk_records = 17,
		                  .parallel = 3,
		                  .keep_calls = 5000,
		                  .all_or_none = true };

	return o;
}

static void what_is_written_is_read_again(void **unused)
{
	struct load_options o = sample(), r;
	struct arena texts;
	struct stat st;
	char path[128], words[200];
	struct err e;
	bool there;

	(void)unused;
	err_init(&e);
	arena_init(&texts);
	assert_int_equal(kept_read(folder, &r, &texts, &there, &e), ERR_OK);
	assert_false(there);
	assert_int_equal(kept_write(folder, &o, &e), ERR_OK);
	snprintf(path, sizeof path, "%s/new_load", folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(kept_read(folder, &r, &texts, &there, &e), ERR_OK);
	assert_true(there);
	assert_string_equal(r.file, o.file);
	assert_string_equal(r.org, o.org);
	assert_null(r.config);
	assert_string_equal(r.object, "Contact");
	assert_string_equal(r.action, "upsert");
	assert_string_equal(r.external_id, "Ext__c");
	assert_string_equal(r.api, "bulk");
	assert_string_equal(r.order_by, "Last Name");
	assert_int_equal(r.map_text.len, o.map_text.len);
	assert_memory_equal(r.map_text.at, o.map_text.at, o.map_text.len);
	assert_int_equal(r.reading.delimiter, '\t');
	assert_string_equal(r.reading.sheet, "Sheet 2");
	assert_int_equal(r.allow_failures, 0);
	assert_int_equal(r.same_key, SAME_KEY_LAST);
	assert_true(r.skip_unchanged && r.all_or_none && !r.allow_duplicates);
	assert_int_equal(r.chunk_records, 17);
	assert_int_equal(r.parallel, 3);
	assert_int_equal(r.keep_calls, 5000);
	kept_words(&r, words, sizeof words);
	assert_string_equal(words, "may.csv → Contact upsert by Ext__c");
	kept_remove(folder);
	assert_int_equal(access(path, F_OK), -1);
	arena_release(&texts);
}

static void what_is_not_chosen_yet_is_left_out(void **unused)
{
	struct load_options o = { .file = "/may.csv", .allow_failures = -1 }, r;
	struct arena texts;
	char words[200];
	struct err e;
	bool there;

	(void)unused;
	err_init(&e);
	arena_init(&texts);
	assert_int_equal(kept_write(folder, &o, &e), ERR_OK);
	assert_int_equal(kept_read(folder, &r, &texts, &there, &e), ERR_OK);
	assert_true(there && !r.object && !r.action && !r.map_text.len);
	assert_int_equal(r.allow_failures, -1);
	kept_words(&r, words, sizeof words);
	assert_string_equal(words, "may.csv");
	arena_release(&texts);
}

static void another_file_is_refused(void **unused)
{
	static const char *const bad[] = { "", "nonsense\n", "longshore new load 1\nfile\n",
		                           "longshore new load 1\nobject Contact\n\n",
		                           "longshore new load 1\nfile /x.csv\nparallel many\n" };
	char path[128];

	(void)unused;
	snprintf(path, sizeof path, "%s/new_load", folder);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct load_options r;
		struct arena texts;
		FILE *f = fopen(path, "wb");
		struct err e;
		bool there;

		assert_non_null(f);
		fputs(bad[i], f);
		fclose(f);
		err_init(&e);
		arena_init(&texts);
		assert_int_equal(kept_read(folder, &r, &texts, &there, &e), ERR_FILE);
		assert_false(there);
		assert_non_null(strstr(e.text, "n begins one"));
		arena_release(&texts);
	}
}

static void a_file_of_two_lines_is_not_kept(void **unused)
{
	struct load_options o = { .file = "/a\nobject Account" };
	char path[128];
	struct err e;

	(void)unused;
	kept_remove(folder);
	err_init(&e);
	assert_int_equal(kept_write(folder, &o, &e), ERR_OK);
	snprintf(path, sizeof path, "%s/new_load", folder);
	assert_int_equal(access(path, F_OK), -1);
}

/* A wish owns its texts. */
static void a_wish_outlives_what_it_was_made_of(void **unused)
{
	char object[] = "Contact", constant[] = "LeadSource=Web", mark[] = "-";
	const char *set[] = { constant };
	struct load_options o = { .object = object, .action = "upsert", .external_id = "Ext__c" };
	struct wish wish = { 0 };
	struct err e;

	(void)unused;
	err_init(&e);
	o.words = (struct map_words){ .set = set, .set_count = 1 };
	o.words.rules.null_mark = slice_of(mark);
	assert_int_equal(wish_set(&wish, &o, true, &e), ERR_OK);
	memset(object, 'x', sizeof object - 1);
	memset(constant, 'x', sizeof constant - 1);
	mark[0] = 'x';
	set[0] = NULL;
	assert_true(wish.set && wish.check);
	assert_string_equal(wish.options.object, "Contact");
	assert_string_equal(wish.options.words.set[0], "LeadSource=Web");
	assert_true(slice_is(wish.options.words.rules.null_mark, "-"));
	assert_true(wish_is_action(&wish, "upsert", "Ext__c"));
	assert_false(wish_is_action(&wish, "upsert", "Id"));
	assert_false(wish_is_action(&wish, "insert", ""));
	wish_forget(&wish);
	assert_false(wish.set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(what_is_not_chosen_yet_is_left_out),
		cmocka_unit_test(another_file_is_refused),
		cmocka_unit_test(a_file_of_two_lines_is_not_kept),
		cmocka_unit_test(a_wish_outlives_what_it_was_made_of),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
