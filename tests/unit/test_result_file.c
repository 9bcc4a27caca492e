/* A result file holds the source's records of the asked states, in its order and dialect, with what became of them. */
#include "store_fixture.h"

#include "store/result_file.h"

static const struct outcome_message quoted = { "CODE", "a \"value\", and\na line", "Name" };
static const struct outcome_message doubtful = { "", "no answer", "" };
static const struct outcome_message empty = { "required", "LastName is empty", "LastName" };

static char *written; /* what result_of() wrote */
static size_t written_len;

/* Opens a result file into memory. */
static struct result_file *begin(int64_t run, enum result_which which, char delimiter, const char *header,
                                 FILE **out)
{
	struct result_file *file;

	free(written);
	written = NULL;
	*out = open_memstream(&written, &written_len);
	assert_non_null(*out);
	assert_ok(result_file_open(&file, journal, run, which, *out, delimiter, slice_of(header), &failure));
	return file;
}

static int64_t end(struct result_file *file, FILE *out)
{
	int64_t rows = -1;

	assert_ok(result_file_close(file, &rows, &failure));
	fclose(out);
	return rows;
}

/* A run of six records: 1 written, 2 failed, 3 skipped, 4 in doubt, 5 written, 6 pending. */
static int64_t mixed_run(void)
{
	int64_t run = add_run(6);
	struct outcome skipped = not_written(3, OUTCOME_SKIPPED, &empty);
	struct outcome put[] = { created(1), not_written(2, OUTCOME_FAILED, &quoted),
		                 not_written(4, OUTCOME_IN_DOUBT, &doubtful), created(5) };
	struct chunk chunk = { .first = 1, .last = 5, .records = 4 };
	struct chunk_cut cut = { .chunk = &chunk, .skipped = &skipped, .skipped_count = 1, .cut_record = 5 };
	int no;

	assert_ok(chunk_add(journal, run, &cut, &no, &failure));
	settle(run, no, put, 4);
	return run;
}

static int64_t result_of(int64_t run, enum result_which which)
{
	static const char *const raw[] = {
		"Ann;1", "\"B;ob\";2", "\"C\"\"c\";3", " d ;4", "é;5", "\"F\nf\";6"
	};
	FILE *out;
	struct result_file *file = begin(run, which, ';', "Name;\"No\"", &out);

	for (int i = 0; i < 6; i++)
		assert_ok(result_file_record(file, i + 1, slice_of(raw[i]), &failure));
	return end(file, out);
}

#define OURS                                                                                           \
	";longshore_record;longshore_state;longshore_id;longshore_error_code;longshore_error_message;" \
	"longshore_attempt\n"

static void all_records_come_in_source_order_with_their_own_bytes(void **unused)
{
	(void)unused;
	assert_int_equal(result_of(mixed_run(), RESULT_ALL), 6);
	assert_string_equal(written, "Name;\"No\"" OURS "Ann;1;1;written;0035g0000000001AAA;;;1\n"
	                             "\"B;ob\";2;2;failed;;CODE;\"a \"\"value\"\", and\na line\";1\n"
	                             "\"C\"\"c\";3;3;skipped;;required;LastName is empty;1\n"
	                             " d ;4;4;in_doubt;;;no answer;1\n"
	                             "é;5;5;written;0035g0000000005AAA;;;1\n"
	                             "\"F\nf\";6;6;pending;;;;\n");
}

static void one_state_gives_its_records_only(void **unused)
{
	int64_t run = mixed_run();

	(void)unused;
	assert_int_equal(result_of(run, RESULT_WRITTEN), 2);
	assert_string_equal(written, "Name;\"No\"" OURS "Ann;1;1;written;0035g0000000001AAA;;;1\n"
	                             "é;5;5;written;0035g0000000005AAA;;;1\n");
	assert_int_equal(result_of(run, RESULT_FAILED), 1);
	assert_non_null(strstr(written, "2;2;failed;"));
	assert_int_equal(result_of(run, RESULT_IN_DOUBT), 1);
	assert_non_null(strstr(written, " d ;4;4;in_doubt;"));
	assert_int_equal(result_of(run, RESULT_SKIPPED), 1);
	assert_non_null(strstr(written, "3;3;skipped;"));
}

static void the_words_of_the_command_line_name_the_states(void **unused)
{
	enum result_which which;

	(void)unused;
	assert_true(result_which_of("all", &which) && which == RESULT_ALL);
	assert_true(result_which_of("written", &which) && which == RESULT_WRITTEN);
	assert_true(result_which_of("failed", &which) && which == RESULT_FAILED);
	assert_true(result_which_of("in-doubt", &which) && which == RESULT_IN_DOUBT);
	assert_true(result_which_of("skipped", &which) && which == RESULT_SKIPPED);
	assert_false(result_which_of("in_doubt", &which));
	assert_false(result_which_of("", &which));
}

/* More outcomes than one page of the journal, with pending records in between and at the borders of pages. */
static void no_record_is_lost_between_pages(void **unused)
{
	enum { RECORDS = 3000 };
	int64_t run = add_run(RECORDS), count = 0, failed = 0;
	struct outcome *put = calloc(RECORDS, sizeof *put);
	struct result_file *file;
	const char *line;
	FILE *out;

	(void)unused;
	for (int i = 1; i <= RECORDS; i++)
		if (i % 3) {
			put[count++] = i % 2 ? created(i) : not_written(i, OUTCOME_FAILED, &empty);
			failed += i % 2 == 0;
		}
	settle(run, add_chunk(run, 1, RECORDS), put, (size_t)count);
	file = begin(run, RESULT_ALL, ',', "Name", &out);
	for (int i = 1; i <= RECORDS; i++)
		assert_ok(result_file_record(file, i, slice_of("x"), &failure));
	assert_int_equal(end(file, out), RECORDS);
	line = strchr(written, '\n') + 1;
	for (int i = 1; i <= RECORDS; i++) {
		char begins[64];

		snprintf(begins, sizeof begins, "x,%d,%s,", i,
		         i % 3 == 0 ? "pending"
		         : i % 2    ? "written"
		                    : "failed");
		assert_memory_equal(line, begins, strlen(begins));
		line = strchr(line, '\n') + 1;
	}
	file = begin(run, RESULT_FAILED, ',', "Name", &out);
	for (int i = 1; i <= RECORDS; i++)
		assert_ok(result_file_record(file, i, slice_of("x"), &failure));
	assert_int_equal(end(file, out), failed);
	free(put);
}

static void a_source_that_lacks_records_is_said(void **unused)
{
	int64_t run = mixed_run(), rows;
	FILE *out;
	struct result_file *file = begin(run, RESULT_ALL, ';', "Name", &out);

	(void)unused;
	for (int i = 1; i <= 4; i++)
		assert_ok(result_file_record(file, i, slice_of("x"), &failure));
	assert_fails(result_file_close(file, &rows, &failure), ERR_FILE, "fewer records than run 1 loaded");
	fclose(out);
	file = begin(run, RESULT_ALL, ';', "Name", &out);
	for (int i = 1; i <= 6; i++)
		if (i != 2)
			assert_ok(result_file_record(file, i, slice_of("x"), &failure));
	assert_fails(result_file_close(file, &rows, &failure), ERR_FILE, "fewer records");
	assert_int_equal(rows, 5);
	fclose(out);
	assert_non_null(strstr(written, "x;1;written;"));
	assert_non_null(strstr(written, "x;3;skipped;")); /* those behind it keep their own */
}

static void a_full_disk_is_an_error_at_the_latest_when_closed(void **unused)
{
	int64_t run = mixed_run(), rows;
	struct result_file *file;
	FILE *full = fopen("/dev/full", "w");

	(void)unused;
	assert_non_null(full);
	assert_ok(result_file_open(&file, journal, run, RESULT_ALL, full, ',', slice_of("Name"), &failure));
	for (int i = 1; i <= 6; i++)
		assert_ok(result_file_record(file, i, slice_of("x"), &failure));
	assert_fails(result_file_close(file, &rows, &failure), ERR_FILE, "No space left on device");
	fclose(full);
}

static int forget(void **unused)
{
	(void)unused;
	free(written);
	written = NULL;
	return 0;
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, make_journal, remove_state)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_JOURNAL(all_records_come_in_source_order_with_their_own_bytes),
		IN_JOURNAL(one_state_gives_its_records_only),
		cmocka_unit_test(the_words_of_the_command_line_name_the_states),
		IN_JOURNAL(no_record_is_lost_between_pages),
		IN_JOURNAL(a_source_that_lacks_records_is_said),
		IN_JOURNAL(a_full_disk_is_an_error_at_the_latest_when_closed),
	};

	return cmocka_run_group_tests(tests, NULL, forget);
}
