/* Where things lie, and what is refused as a place for the journal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/paths.h"

static char folder[64];

static int make_folder(void **unused)
{
	(void)unused;
	snprintf(folder, sizeof folder, "/tmp/longshore-paths-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **unused)
{
	(void)unused;
	return rmdir(folder);
}

static const char *inside(const char *name)
{
	static char path[PATH_ROOM];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static void state_is(const char *asked, const char *expected)
{
	char path[PATH_ROOM];
	struct err e;

	err_init(&e);
	assert_int_equal(paths_state(asked, path, &e), ERR_OK);
	assert_string_equal(path, expected);
}

static void the_state_folder_is_the_one_asked_for_first(void **unused)
{
	char path[PATH_ROOM];
	struct err e;

	(void)unused;
	err_init(&e);
	setenv("HOME", "/home/ann", 1);
	setenv("XDG_STATE_HOME", "/var/ann", 1);
	setenv("LONGSHORE_STATE", "/srv/loads", 1);
	state_is("here", "here");
	state_is(NULL, "/srv/loads");
	unsetenv("LONGSHORE_STATE");
	state_is(NULL, "/var/ann/longshore");
	setenv("XDG_STATE_HOME", "", 1);
	state_is("", "/home/ann/.local/state/longshore");
	setenv("XDG_STATE_HOME", "not/absolute", 1);
	state_is(NULL, "/home/ann/.local/state/longshore");
	unsetenv("HOME");
	assert_int_equal(paths_state(NULL, path, &e), ERR_JOURNAL);
	assert_non_null(strstr(e.text, "--state"));
}

static void a_private_folder_is_made_with_its_parents(void **unused)
{
	struct stat st;
	struct err e;

	(void)unused;
	err_init(&e);
	assert_int_equal(paths_private_folder(inside("a/b/c/"), &e), ERR_OK);
	assert_int_equal(stat(inside("a/b/c"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(stat(inside("a"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(paths_private_folder(inside("a/b/c"), &e), ERR_OK);
	assert_int_equal(rmdir(inside("a/b/c")) | rmdir(inside("a/b")) | rmdir(inside("a")), 0);
}

static void refused(const char *path, const char *because)
{
	struct err e;

	err_init(&e);
	assert_int_equal(paths_private_folder(path, &e), ERR_JOURNAL);
	assert_non_null(strstr(e.text, because));
}

static void a_folder_that_others_may_enter_is_refused_with_the_cure(void **unused)
{
	(void)unused;
	assert_int_equal(mkdir(inside("open"), 0700), 0);
	assert_int_equal(chmod(inside("open"), 0750), 0);
	refused(inside("open"), "chmod 700");
	assert_int_equal(rmdir(inside("open")), 0);
}

static void a_file_is_no_folder(void **unused)
{
	FILE *f;

	(void)unused;
	f = fopen(inside("file"), "w");
	assert_non_null(f);
	fclose(f);
	refused(inside("file"), "not a folder");
	refused(inside("file/below"), "cannot make the folder");
	assert_int_equal(unlink(inside("file")), 0);
}

static void assets_come_from_the_folder_that_is_set(void **unused)
{
	char path[PATH_ROOM], whole[PATH_ROOM];
	struct err e;
	FILE *f;

	(void)unused;
	err_init(&e);
	f = fopen(inside("sample.csv"), "w");
	assert_non_null(f);
	fclose(f);
	setenv("LONGSHORE_ASSETS", folder, 1);
	assert_int_equal(paths_asset("sample.csv", path, &e), ERR_OK);
	assert_int_equal(paths_absolute(inside("sample.csv"), whole, &e), ERR_OK);
	assert_string_equal(path, whole);
	assert_int_equal(paths_asset("none.csv", path, &e), ERR_FILE);
	assert_non_null(strstr(e.text, "none.csv"));
	unsetenv("LONGSHORE_ASSETS");
	err_init(&e);
	assert_int_equal(paths_asset("there is no such asset", path, &e), ERR_FILE);
	assert_non_null(strstr(e.text, "there is no such asset"));
	assert_int_equal(unlink(inside("sample.csv")), 0);
}

static void a_program_is_found_beside_this_one(void **unused)
{
	char path[PATH_ROOM];
	struct err e;

	(void)unused;
	err_init(&e);
	assert_int_equal(paths_program("test_paths", path, &e), ERR_OK);
	assert_int_equal(path[0], '/');
	assert_string_equal(paths_name(path), "test_paths");
	assert_int_equal(paths_program("no-such-program", path, &e), ERR_FILE);
}

static void only_what_exists_has_an_absolute_path(void **unused)
{
	char path[PATH_ROOM];
	struct err e;

	(void)unused;
	err_init(&e);
	assert_int_equal(paths_absolute("/tmp/..", path, &e), ERR_OK);
	assert_string_equal(path, "/");
	assert_int_equal(paths_absolute(inside("none"), path, &e), ERR_FILE);
	assert_non_null(strstr(e.text, "No such file"));
}

static void the_name_is_the_last_part(void **unused)
{
	(void)unused;
	assert_string_equal(paths_name("a/b.csv"), "b.csv");
	assert_string_equal(paths_name("b.csv"), "b.csv");
	assert_string_equal(paths_name("/"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_state_folder_is_the_one_asked_for_first),
		cmocka_unit_test(a_private_folder_is_made_with_its_parents),
		cmocka_unit_test(a_folder_that_others_may_enter_is_refused_with_the_cure),
		cmocka_unit_test(a_file_is_no_folder),
		cmocka_unit_test(assets_come_from_the_folder_that_is_set),
		cmocka_unit_test(a_program_is_found_beside_this_one),
		cmocka_unit_test(only_what_exists_has_an_absolute_path),
		cmocka_unit_test(the_name_is_the_last_part),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
