/* A field of 2 GB: a finding or a refusal with its place, what is behind it is read, and memory stays below 64 MB. The files have a hole
 * in their middle, so that they take no room on a disk. */
#include "source_fixture.h"

#include <fcntl.h>
#include <sys/resource.h>

enum { MOST_KB = 64 * 1024 };
static const int64_t hole = (int64_t)2 << 30;

/* These texts with the hole of NULs between them. */
static void write_with_hole(const char *before, const char *behind)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, before, strlen(before)), strlen(before));
	assert_true(lseek(fd, hole, SEEK_CUR) > hole);
	assert_int_equal(write(fd, behind, strlen(behind)), strlen(behind));
	assert_int_equal(close(fd), 0);
}

static enum err_code open_path(struct source **source, enum format format, struct err *e)
{
	const struct source_options options = { .folder = folder,
		                                .format = format,
		                                .encoding = ENCODING_UTF_8 };

	err_init(e);
	return source_open(source, path, &options, e);
}

static void assert_small(void)
{
#if !defined(__SANITIZE_ADDRESS__)
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	assert_in_range(use.ru_maxrss, 0, MOST_KB);
#endif
}

/* Record 1 is too long, record 2 is as it stands there. */
static void expect_fault_and_next(enum format format)
{
	struct source *source;
	struct record r;
	struct err e;
	bool more;

	assert_int_equal(open_path(&source, format, &e), ERR_OK);
	assert_int_equal(source_next(source, &r, &more, &e), ERR_OK);
	assert_true(more && r.fault && strncmp(r.fault, "a record over 16 MB", 19) == 0);
	assert_int_equal(source_next(source, &r, &more, &e), ERR_OK);
	assert_true(more && !r.fault && r.number == 2 && slice_is(r.cells[0], "2"));
	assert_int_equal(source_next(source, &r, &more, &e), ERR_OK);
	assert_false(more);
	source_close(source);
	assert_small();
}

static void a_field_of_2_gb_is_a_fault_and_the_next_record_is_read(void **unused)
{
	(void)unused;
	write_with_hole("a,b\n1,", "\n2,x\n");
	expect_fault_and_next(FORMAT_CSV);
	write_with_hole("a,b\n1,\"", "\"\n2,x\n");
	expect_fault_and_next(FORMAT_CSV);
}

static void so_is_a_line_of_json(void **unused)
{
	(void)unused;
	write_with_hole("{\"a\": \"", "\"}\n{\"a\": \"2\"}\n");
	expect_fault_and_next(FORMAT_JSONL);
}

static void a_list_of_json_ends_there_with_its_place(void **unused)
{
	struct source *source;
	struct err e;

	(void)unused;
	write_with_hole("[{\"a\": \"1\"}, {\"a\": \"2", "\"}]");
	assert_int_equal(open_path(&source, FORMAT_JSON, &e), ERR_FILE);
	assert_non_null(strstr(e.text, "breaks at byte 21, in record 2"));
	assert_small();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_field_of_2_gb_is_a_fault_and_the_next_record_is_read),
		cmocka_unit_test(so_is_a_line_of_json),
		cmocka_unit_test(a_list_of_json_ends_there_with_its_place),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
