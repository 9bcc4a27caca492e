/* The promises of chunker.h and retry_cut.h: every record once, the same cut again, look-alikes apart. On real files and a real
 * describe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/engine/chunker.h"
#include "core/engine/pace.h"
#include "core/engine/retry_cut.h"

struct bench {
	char path[64];
	struct source *source;
	struct object *object;
	struct mapping *mapping;
	struct plan *plan;
	struct cut cut;
	struct err e;
};

static void read_describe(struct bench *b)
{
	struct buf json;
	FILE *f = fopen("tests/data/describe/Account_describe.json", "rb");
	char *to;

	assert_non_null(f);
	buf_init(&json, 4 * 1024 * 1024);
	to = buf_reserve(&json, 4 * 1024 * 1024);
	buf_grow(&json, fread(to, 1, 4 * 1024 * 1024, f));
	fclose(f);
	assert_int_equal(describe_parse(&b->object, buf_slice(&json), &b->e), ERR_OK);
	buf_release(&json);
}

static void open_bench(struct bench *b, const char *text)
{
	struct source_options options = { 0 };
	struct mapping_request request = { .action = ACTION_INSERT };
	struct plan_request plan = { .action = ACTION_INSERT };
	FILE *f;
	int fd;

	*b = (struct bench){ .path = "/tmp/longshore-chunker-XXXXXX" };
	fd = mkstemp(b->path);
	f = fdopen(fd, "w");
	fputs(text, f);
	fclose(f);
	read_describe(b);
	assert_int_equal(source_open(&b->source, b->path, &options, &b->e), ERR_OK);
	request.object = plan.object = b->object;
	request.columns = source_shape(b->source)->columns;
	request.column_count = source_shape(b->source)->column_count;
	assert_int_equal(mapping_new(&b->mapping, &request, &b->e), ERR_OK);
	plan.mapping = b->mapping;
	assert_int_equal(plan_new(&b->plan, &plan, &b->e), ERR_OK);
	cut_init(&b->cut);
}

static void close_bench(struct bench *b)
{
	cut_release(&b->cut);
	plan_free(b->plan);
	mapping_free(b->mapping);
	object_free(b->object);
	source_close(b->source);
	unlink(b->path);
}

static void stretch(struct bench *b, int64_t from, int64_t offset, int64_t records, int64_t last)
{
	struct chunker_limits limits = { .records = records, .bytes = INT64_MAX, .last = last };

	assert_int_equal(chunker_stretch(&b->cut, b->plan, b->source, from, offset, &limits, &b->e), ERR_OK);
}

/* n accounts; every 7th has no name, every 5th looks like the one before it without being it. */
static char *many_accounts(int n)
{
	char *text = malloc((size_t)n * 64 + 64), *to = text;

	to += sprintf(to, "Name,AnnualRevenue\n");
	for (int i = 1; i <= n; i++) {
		if (i % 7 == 0)
			to += sprintf(to, ",%d\n", i);
		else if (i % 5 == 0 && (i - 1) % 7 != 0)
			to += sprintf(to, "Account %d,%d.0\n", i - 1, i - 1);
		else
			to += sprintf(to, "Account %d,%d\n", i, i);
	}
	return text;
}

static void count_once(const struct cut *cut, char *seen)
{
	for (size_t i = 0; i < cut->count; i++)
		seen[cut->prints[i].record]++;
	for (size_t i = 0; i < cut->deferred_count; i++)
		seen[cut->deferred[i].record]++;
	for (size_t i = 0; i < cut->skipped_count; i++)
		seen[cut->skipped[i].record]++;
}

static void every_record_is_in_one_place_whatever_the_size(void **unused)
{
	enum { N = 500 };
	static const int64_t sizes[] = { 1, 2, 3, 7, 50, 499, 1000 };
	char *text = many_accounts(N);
	struct bench b;

	(void)unused;
	open_bench(&b, text);
	for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
		char seen[N + 2] = { 0 };
		int64_t from = 1, offset = source_shape(b.source)->first_offset;

		do {
			stretch(&b, from, offset, sizes[s], 0);
			assert_true(b.cut.next_record > from);
			count_once(&b.cut, seen);
			from = b.cut.next_record;
			offset = b.cut.next_offset;
		} while (!b.cut.end);
		for (int i = 1; i <= N; i++)
			assert_int_equal(seen[i], 1);
		assert_int_equal(seen[N + 1], 0);
	}
	close_bench(&b);
	free(text);
}

static void a_planned_stretch_comes_out_the_same_again(void **unused)
{
	char *text = many_accounts(300);
	struct bench b;
	struct cut first;

	(void)unused;
	open_bench(&b, text);
	stretch(&b, 1, source_shape(b.source)->first_offset, 120, 0);
	first = b.cut;
	cut_init(&b.cut);
	stretch(&b, 1, source_shape(b.source)->first_offset, INT64_MAX, first.next_record - 1);
	assert_int_equal(b.cut.count, first.count);
	assert_int_equal(b.cut.bytes, first.bytes);
	assert_int_equal(b.cut.deferred_count, first.deferred_count);
	assert_memory_equal(b.cut.prints, first.prints, first.count * sizeof *first.prints);
	cut_release(&first);
	close_bench(&b);
	free(text);
}

static void look_alikes_are_kept_apart_and_twins_together(void **unused)
{
	struct bench b;

	(void)unused;
	open_bench(&b, "Name,AnnualRevenue\nAcme,1\nAcme,1\nAcme,1.0\nAcme,1.0\nBolt,2\nAcme,1.00\nCord,3\n");
	stretch(&b, 1, source_shape(b.source)->first_offset, 100, 0);
	/* 1 and 2 are the same bytes; 3 and 4 look like them; 6 looks like both and ends the stretch */
	assert_int_equal(b.cut.count, 3);
	assert_int_equal(b.cut.prints[2].record, 5);
	assert_int_equal(b.cut.deferred_count, 2);
	assert_int_equal(b.cut.deferred[0].record, 3);
	assert_int_equal(b.cut.next_record, 6);
	assert_false(b.cut.end);
	close_bench(&b);
}

static void a_list_holds_its_records_and_no_others(void **unused)
{
	char *text = many_accounts(400);
	struct chunker_limits limits = { .records = INT64_MAX, .bytes = INT64_MAX };
	struct bench b;
	struct chunk_item items[3];

	(void)unused;
	open_bench(&b, text);
	stretch(&b, 1, source_shape(b.source)->first_offset, 1000, 0);
	for (int i = 0; i < 3; i++)
		items[i] = (struct chunk_item){ b.cut.prints[i * 90].record, b.cut.prints[i * 90].offset };
	assert_int_equal(chunker_list(&b.cut, b.plan, b.source, items, 3, &limits, &b.e), ERR_OK);
	assert_int_equal(b.cut.count, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(b.cut.prints[i].record, items[i].record);
	items[2].offset += (int64_t)strlen(text);
	assert_int_equal(chunker_list(&b.cut, b.plan, b.source, items, 3, &limits, &b.e), ERR_FILE);
	close_bench(&b);
	free(text);
}

static void a_chunk_cut_by_size_holds_whole_batches(void **unused)
{
	enum { N = 25000 };
	char *text = malloc(N * 32), *to = text;
	struct chunker_limits limits = { .records = INT64_MAX };
	struct bench b;

	(void)unused;
	to += sprintf(to, "Name\n");
	for (int i = 1; i <= N; i++)
		to += sprintf(to, "Account %06d\n", i);
	open_bench(&b, text);
	limits.bytes = 15 * 23456;
	assert_int_equal(chunker_stretch(&b.cut, b.plan, b.source, 1, source_shape(b.source)->first_offset,
	                                 &limits, &b.e),
	                 ERR_OK);
	assert_int_equal(b.cut.count, 2 * PACE_BATCH);
	assert_int_equal(b.cut.bytes, 5 + 15 * 2 * PACE_BATCH);
	assert_int_equal(b.cut.next_record, 2 * PACE_BATCH + 1);
	assert_int_equal(b.cut.next_offset, 5 + 15 * 2 * PACE_BATCH);
	close_bench(&b);
	free(text);
}

/* The places of all records of a file, as a journal would have them. */
static size_t places(struct bench *b, struct chunk_item *items)
{
	struct record r;
	size_t n = 0;
	bool more;

	assert_int_equal(source_seek(b->source, 1, source_shape(b->source)->first_offset, &b->e), ERR_OK);
	while (source_next(b->source, &r, &more, &b->e) == ERR_OK && more)
		items[n++] = (struct chunk_item){ r.number, r.offset };
	return n;
}

static void a_retry_keeps_look_alikes_in_lists_of_their_own(void **unused)
{
	static const int64_t wanted[3][4] = { { 1, 2, 5 }, { 6, 7 }, { 3, 4 } };
	struct chunker_limits limits = { .records = INT64_MAX, .bytes = INT64_MAX };
	struct chunk_item items[16];
	struct retry_cut cut;
	struct bench b;
	size_t n;

	(void)unused;
	/* 6 looks like what is in the first list and like what waits for a later one */
	open_bench(&b, "Name,AnnualRevenue\nAcme,1\nAcme,1\nAcme,1.0\nAcme,1.0\nBolt,2\nAcme,1.00\nCord,3\n");
	n = places(&b, items);
	assert_int_equal(
		retry_cut(&cut, &(struct retry_plans){ .plan = b.plan }, b.source, items, n, &limits, &b.e),
		ERR_OK);
	assert_int_equal(cut.count, 3);
	assert_int_equal(cut.item_count, 7);
	for (size_t l = 0; l < 3; l++) {
		size_t count = l == 0 ? 3 : 2;

		assert_int_equal(cut.lists[l].count, count);
		for (size_t i = 0; i < count; i++)
			assert_int_equal(cut.lists[l].items[i].record, wanted[l][i]);
	}
	retry_cut_release(&cut);
	close_bench(&b);
}

static void a_retry_takes_every_record_once_and_tells_what_does_not_fit(void **unused)
{
	enum { N = 500 };
	static const int64_t sizes[] = { 1, 3, 50, 1000 };
	char *text = many_accounts(N);
	struct chunk_item items[N], copy[N];
	struct bench b;
	size_t n;

	(void)unused;
	open_bench(&b, text);
	n = places(&b, items);
	for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
		struct chunker_limits limits = { .records = sizes[s], .bytes = INT64_MAX };
		char seen[N + 2] = { 0 };
		struct retry_cut cut;

		memcpy(copy, items, sizeof copy);
		assert_int_equal(retry_cut(&cut, &(struct retry_plans){ .plan = b.plan }, b.source, copy, n,
		                           &limits, &b.e),
		                 ERR_OK);
		for (size_t l = 0; l < cut.count; l++) {
			assert_true((int64_t)cut.lists[l].count <= sizes[s] && cut.lists[l].count > 0);
			for (size_t i = 0; i < cut.lists[l].count; i++)
				seen[cut.lists[l].items[i].record]++;
		}
		for (int i = 1; i <= N; i++)
			assert_int_equal(seen[i], i % 7 != 0);
		assert_int_equal(cut.unfit, N / 7);
		assert_int_equal(cut.unfit_first, 7);
		assert_string_equal(cut.unfit_why, "Name: required, but empty");
		retry_cut_release(&cut);
	}
	close_bench(&b);
	free(text);
}

static void nothing_is_cut_behind_a_stop(void **unused)
{
	char *text = many_accounts(300);
	struct chunker_limits limits = { .records = 50, .bytes = INT64_MAX, .stop = 120 };
	char seen[302] = { 0 };
	int64_t from = 1, offset;
	struct bench b;

	(void)unused;
	open_bench(&b, text);
	offset = source_shape(b.source)->first_offset;
	while (from <= limits.stop) {
		assert_int_equal(chunker_stretch(&b.cut, b.plan, b.source, from, offset, &limits, &b.e),
		                 ERR_OK);
		count_once(&b.cut, seen);
		from = b.cut.next_record;
		offset = b.cut.next_offset;
	}
	assert_int_equal(from, limits.stop + 1);
	limits.stop = 0; /* and it goes on exactly there */
	limits.records = INT64_MAX;
	while (!b.cut.end) {
		assert_int_equal(chunker_stretch(&b.cut, b.plan, b.source, from, offset, &limits, &b.e),
		                 ERR_OK);
		count_once(&b.cut, seen);
		from = b.cut.next_record;
		offset = b.cut.next_offset;
	}
	for (int i = 1; i <= 300; i++)
		assert_int_equal(seen[i], 1);
	close_bench(&b);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_record_is_in_one_place_whatever_the_size),
		cmocka_unit_test(a_planned_stretch_comes_out_the_same_again),
		cmocka_unit_test(look_alikes_are_kept_apart_and_twins_together),
		cmocka_unit_test(a_list_holds_its_records_and_no_others),
		cmocka_unit_test(a_chunk_cut_by_size_holds_whole_batches),
		cmocka_unit_test(a_retry_keeps_look_alikes_in_lists_of_their_own),
		cmocka_unit_test(a_retry_takes_every_record_once_and_tells_what_does_not_fit),
		cmocka_unit_test(nothing_is_cut_behind_a_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
