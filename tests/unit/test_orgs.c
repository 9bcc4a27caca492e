/* Saved orgs and their vault: what is kept, what a changed file or a wrong key meets, who may read it, two at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/orgs.h"

#define SECRET "client_secret\0PLANTED-SECRET\0"

static char home[] = "/tmp/longshore-orgs-XXXXXX";
static char folder[96], file[128], key_file[128];

static int make_home(void **unused)
{
	(void)unused;
	if (!mkdtemp(home))
		return -1;
	snprintf(folder, sizeof folder, "%s/longshore", home);
	snprintf(file, sizeof file, "%s/orgs", folder);
	snprintf(key_file, sizeof key_file, "%s/orgs.key", folder);
	return 0;
}

static int empty(void **unused)
{
	char command[256];

	(void)unused;
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command); /* NOLINT(cert-env33-c) */
}

static int remove_home(void **unused)
{
	return empty(unused) || rmdir(home);
}

static struct orgs *open_orgs(void)
{
	struct orgs *orgs = NULL;
	struct err e;

	err_init(&e);
	if (orgs_open(&orgs, folder, &e))
		fail_msg("%s", e.text);
	return orgs;
}

static struct saved_org acme(const char *name)
{
	struct saved_org org = { .org_id = "00D5f000000AbCdEAK",
		                 .org_name = "Acme GmbH",
		                 .username = "ana@acme.example",
		                 .instance_url = "https://acme.my.salesforce.com",
		                 .kind = "production",
		                 .method = "JWT" };

	snprintf(org.name, sizeof org.name, "%s", name);
	return org;
}

static void put(struct orgs *orgs, const char *name)
{
	struct saved_org org = acme(name);
	struct err e;

	err_init(&e);
	if (orgs_put(orgs, &org, (struct slice){ SECRET, sizeof SECRET - 1 }, &e))
		fail_msg("%s", e.text);
}

static void has_secret(struct orgs *orgs, const char *name)
{
	struct buf secret;
	struct err e;

	err_init(&e);
	buf_init(&secret, ORG_SECRET_MOST);
	if (orgs_secret(orgs, name, &secret, &e))
		fail_msg("%s", e.text);
	assert_int_equal(secret.len, sizeof SECRET - 1);
	assert_memory_equal(secret.at, SECRET, sizeof SECRET - 1);
	buf_wipe(&secret);
}

static enum err_code secret_of(struct orgs *orgs, const char *name, struct err *e)
{
	struct buf secret;

	err_init(e);
	buf_init(&secret, ORG_SECRET_MOST);
	orgs_secret(orgs, name, &secret, e);
	assert_true(!e->code || secret.len == 0);
	buf_wipe(&secret);
	return e->code;
}

/* A whole file in memory; to be freed. */
static char *read_all(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *text = malloc(1024 * 1024);

	assert_non_null(f);
	assert_non_null(text);
	*len = fread(text, 1, 1024 * 1024 - 1, f);
	text[*len] = '\0';
	fclose(f);
	return text;
}

static void write_all(const char *path, const char *text, size_t len)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	fclose(f);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void what_is_saved_is_there_again_and_its_secret_is_not_in_the_file(void **unused)
{
	struct orgs *orgs = open_orgs();
	const struct saved_org *org;
	struct err e;
	size_t len;
	char *text;

	(void)unused;
	assert_int_equal(orgs_count(orgs), 0);
	put(orgs, "acme-prod");
	put(orgs, "Acme.uat");
	put(orgs, "acme-prod");
	orgs_close(orgs);
	assert_int_equal(mode_of(folder), 0700);
	assert_int_equal(mode_of(file), 0600);
	assert_int_equal(mode_of(key_file), 0600);
	text = read_all(file, &len);
	assert_non_null(strstr(text, "org_name Acme GmbH\n"));
	assert_null(memmem(text, len, "PLANTED", 7));
	free(text);
	orgs = open_orgs();
	assert_int_equal(orgs_key(orgs), ORGS_KEY_FILE);
	assert_false(orgs_locked(orgs));
	assert_int_equal(orgs_count(orgs), 2);
	assert_string_equal(orgs_at(orgs, 0)->name, "Acme.uat");
	err_init(&e);
	assert_int_equal(orgs_find(orgs, "acme-prod", &org, &e), ERR_OK);
	assert_string_equal(org->instance_url, "https://acme.my.salesforce.com");
	assert_string_equal(org->kind, "production");
	assert_string_equal(org->colour, "");
	has_secret(orgs, "acme-prod");
	assert_int_equal(orgs_find(orgs, "acme", &org, &e), ERR_USAGE);
	assert_non_null(strstr(e.text, "there are Acme.uat, acme-prod"));
	orgs_close(orgs);
}

static void what_is_shown_changes_and_the_secret_stays(void **unused)
{
	struct orgs *orgs = open_orgs();
	struct saved_org org = acme("prod");
	struct err e;

	(void)unused;
	put(orgs, "acme-prod");
	put(orgs, "acme-uat");
	org.locked = true;
	snprintf(org.colour, sizeof org.colour, "red");
	err_init(&e);
	assert_int_equal(orgs_change(orgs, "acme-prod", &org, &e), ERR_OK);
	assert_int_equal(orgs_tried(orgs, "prod", 1790000000000, "refused:\nno", &e), ERR_OK);
	orgs_close(orgs);
	orgs = open_orgs();
	assert_string_equal(orgs_at(orgs, 1)->name, "prod");
	assert_true(orgs_at(orgs, 1)->locked);
	assert_string_equal(orgs_at(orgs, 1)->colour, "red");
	assert_string_equal(orgs_at(orgs, 1)->trouble, "refused: no");
	assert_int_equal(orgs_at(orgs, 1)->tried_ms, 1790000000000);
	has_secret(orgs, "prod");
	snprintf(org.name, sizeof org.name, "acme-uat");
	assert_int_equal(orgs_change(orgs, "prod", &org, &e), ERR_USAGE);
	assert_non_null(strstr(e.text, "acme-uat already"));
	err_init(&e);
	assert_int_equal(orgs_remove(orgs, "prod", &e), ERR_OK);
	assert_int_equal(orgs_count(orgs), 1);
	assert_int_equal(orgs_remove(orgs, "prod", &e), ERR_USAGE);
	orgs_close(orgs);
}

/* Every byte of the file changed, one at a time: the file is refused, or the secret is; never is a changed org used. */
static void no_change_of_the_file_goes_unnoticed(void **unused)
{
	struct orgs *orgs = open_orgs();
	struct err e;
	size_t len;
	char *text;

	(void)unused;
	put(orgs, "acme-prod");
	err_init(&e);
	assert_int_equal(orgs_tried(orgs, "acme-prod", 1, "", &e), ERR_OK);
	orgs_close(orgs);
	text = read_all(file, &len);
	for (size_t i = 0; i < len; i++) {
		char *tried = strstr(text, "\ntried 1 ");
		char was = text[i];

		if (i >= (size_t)(tried - text) + 7 && i <= (size_t)(tried - text) + 8)
			continue; /* when it was tried is nobody's secret */
		text[i] = (char)(was ^ (was == '\n' ? 0x20 : 1));
		write_all(file, text, len);
		text[i] = was;
		err_init(&e);
		orgs = NULL;
		if (orgs_open(&orgs, folder, &e) == ERR_OK) {
			assert_int_not_equal(secret_of(orgs, "acme-prod", &e), ERR_OK);
			orgs_close(orgs);
		}
		if (e.code != ERR_FILE && e.code != ERR_USAGE)
			fail_msg("byte %zu ('%c'): %d %s", i, was, e.code, e.text);
	}
	free(text);
}

static void secrets_cannot_change_places(void **unused)
{
	struct orgs *orgs = open_orgs();
	size_t len;
	char *text, *a, *b, swapped[256];
	struct err e;

	(void)unused;
	put(orgs, "prod");
	put(orgs, "test");
	orgs_close(orgs);
	text = read_all(file, &len);
	a = strstr(text, "\nsealed ") + 8;
	b = strstr(a, "\nsealed ") + 8;
	len = strcspn(a, "\n");
	memcpy(swapped, a, len);
	memcpy(a, b, len);
	memcpy(b, swapped, len);
	write_all(file, text, strlen(text));
	free(text);
	orgs = open_orgs();
	assert_int_equal(secret_of(orgs, "prod", &e), ERR_FILE);
	assert_non_null(strstr(e.text, "prod was changed by something else"));
	orgs_close(orgs);
}

static void others_may_not_read_it(void **unused)
{
	const char *const paths[] = { file, folder, key_file };
	static const mode_t modes[] = { 0640, 0711, 0604 }, private[] = { 0600, 0700, 0600 };
	struct orgs *orgs = open_orgs();
	struct err e;

	(void)unused;
	put(orgs, "acme-prod");
	orgs_close(orgs);
	for (int i = 0; i < 3; i++) {
		chmod(paths[i], modes[i]);
		err_init(&e);
		orgs = NULL;
		if (orgs_open(&orgs, folder, &e) == ERR_OK)
			secret_of(orgs, "acme-prod", &e);
		orgs_close(orgs);
		chmod(paths[i], private[i]);
		if (!e.code || !strstr(e.text, "others") || !strstr(e.text, "chmod"))
			fail_msg("%s: %s", paths[i], e.text);
	}
}

static void a_lost_or_foreign_key_is_told(void **unused)
{
	struct orgs *orgs = open_orgs();
	struct err e;

	(void)unused;
	put(orgs, "acme-prod");
	orgs_close(orgs);
	write_all(key_file, "0123456789abcdef0123456789abcdef", 32);
	orgs = open_orgs();
	assert_int_equal(secret_of(orgs, "acme-prod", &e), ERR_FILE);
	assert_non_null(strstr(e.text, "is not the key of the saved orgs"));
	orgs_close(orgs);
	write_all(key_file, "short", 5);
	orgs = open_orgs();
	assert_int_equal(secret_of(orgs, "acme-prod", &e), ERR_FILE);
	assert_non_null(strstr(e.text, "holds no key"));
	unlink(key_file);
	assert_int_equal(secret_of(orgs, "acme-prod", &e), ERR_FILE);
	assert_non_null(strstr(e.text, "orgs.key: No such file"));
	orgs_close(orgs);
}

static void a_passphrase_is_asked_once_and_may_change(void **unused)
{
	struct orgs *orgs = open_orgs(), *other;
	struct err e;

	(void)unused;
	put(orgs, "acme-prod");
	err_init(&e);
	assert_int_equal(orgs_new_key(orgs, "correct horse", &e), ERR_OK);
	assert_int_equal(orgs_key(orgs), ORGS_PASSPHRASE);
	has_secret(orgs, "acme-prod");
	assert_int_equal(access(key_file, F_OK), -1);
	other = open_orgs();
	assert_true(orgs_locked(other));
	assert_string_equal(orgs_at(other, 0)->org_name, "Acme GmbH"); /* what is shown needs no passphrase */
	assert_int_equal(secret_of(other, "acme-prod", &e), ERR_USAGE);
	err_init(&e);
	assert_int_equal(orgs_unlock(other, "wrong horse", &e), ERR_USAGE);
	assert_non_null(strstr(e.text, "not the passphrase"));
	err_init(&e);
	assert_int_equal(orgs_unlock(other, "correct horse", &e), ERR_OK);
	has_secret(other, "acme-prod");
	assert_int_equal(orgs_new_key(other, "battery", &e), ERR_OK);
	/* the first one's key is of yesterday now */
	assert_true(orgs_changed(orgs));
	assert_int_equal(orgs_refresh(orgs, &e), ERR_OK);
	assert_false(orgs_changed(orgs));
	assert_true(orgs_locked(orgs));
	assert_int_equal(orgs_unlock(orgs, "battery", &e), ERR_OK);
	assert_int_equal(orgs_new_key(orgs, NULL, &e), ERR_OK);
	orgs_close(other);
	orgs_close(orgs);
	orgs = open_orgs();
	assert_int_equal(orgs_key(orgs), ORGS_KEY_FILE);
	has_secret(orgs, "acme-prod");
	orgs_close(orgs);
}

/* The process died between the file and its key. */
static void a_change_of_keys_that_was_cut_short_is_finished(void **unused)
{
	struct orgs *orgs = open_orgs();
	char next[160], old[32 + 1];
	struct err e;
	size_t len;
	char *text, *now;

	(void)unused;
	put(orgs, "acme-prod");
	snprintf(next, sizeof next, "%s.new", key_file);
	text = read_all(key_file, &len);
	memcpy(old, text, 32);
	free(text);
	err_init(&e);
	assert_int_equal(orgs_new_key(orgs, NULL, &e), ERR_OK);
	orgs_close(orgs);
	now = read_all(key_file, &len);
	assert_memory_not_equal(now, old, 32);
	free(now);
	assert_int_equal(rename(key_file, next), 0);
	write_all(key_file, old, 32);
	chmod(key_file, 0600);
	orgs = open_orgs();
	has_secret(orgs, "acme-prod");
	assert_int_equal(access(next, F_OK), -1);
	orgs_close(orgs);
}

static void the_key_goes_to_a_child_through_a_pipe_only(void **unused)
{
	struct orgs *orgs = open_orgs();
	struct vault_key *key = NULL;
	struct err e;
	int ends[2], status;
	pid_t child;

	(void)unused;
	put(orgs, "acme-prod");
	err_init(&e);
	assert_int_equal(orgs_new_key(orgs, "correct horse", &e), ERR_OK);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(vault_key_give(orgs_own_key(orgs), ends[1], &e), ERR_OK);
	close(ends[1]);
	child = fork();
	if (child == 0) {
		struct orgs *mine = open_orgs();
		struct buf secret;

		err_init(&e);
		buf_init(&secret, ORG_SECRET_MOST);
		if (orgs_secret(orgs, "acme-prod", &secret, &e) == ERR_OK)
			_exit(1); /* the key was inherited by the fork */
		err_init(&e);
		if (vault_key_take(&key, ends[0], &e) != ERR_OK)
			_exit(2);
		orgs_take_key(mine, key);
		_exit(orgs_secret(mine, "acme-prod", &secret, &e) == ERR_OK ? 0 : 3);
	}
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	orgs_close(orgs);
}

/* Many processes add at the same time: nobody's org is lost. */
static void changes_at_the_same_time_are_all_kept(void **unused)
{
	enum { PROCESSES = 4, EACH = 5 };
	struct orgs *orgs;
	int status;

	(void)unused;
	for (int p = 0; p < PROCESSES; p++) {
		if (fork() != 0)
			continue;
		orgs = open_orgs();
		for (int i = 0; i < EACH; i++) {
			char name[32];

			snprintf(name, sizeof name, "org-%d-%d", p, i);
			put(orgs, name);
		}
		_exit(0);
	}
	for (int p = 0; p < PROCESSES; p++) {
		wait(&status);
		assert_int_equal(status, 0);
	}
	orgs = open_orgs();
	assert_int_equal(orgs_count(orgs), PROCESSES * EACH);
	has_secret(orgs, "org-3-4");
	orgs_close(orgs);
}

static void names_are_words_of_a_command_line(void **unused)
{
	static const char *const bad[] = {
		"", "-x", "a b", "a/b", "ä", "a\n", "'", "0123456789012345678901234567890123456789012345678"
	};

	(void)unused;
	assert_true(orgs_is_name("acme-prod.2_x"));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(orgs_is_name(bad[i]));
}

int main(void)
{
#define PROMISE(name) cmocka_unit_test_teardown(name, empty)
	const struct CMUnitTest tests[] = {
		PROMISE(what_is_saved_is_there_again_and_its_secret_is_not_in_the_file),
		PROMISE(what_is_shown_changes_and_the_secret_stays),
		PROMISE(no_change_of_the_file_goes_unnoticed),
		PROMISE(secrets_cannot_change_places),
		PROMISE(others_may_not_read_it),
		PROMISE(a_lost_or_foreign_key_is_told),
		PROMISE(a_passphrase_is_asked_once_and_may_change),
		PROMISE(a_change_of_keys_that_was_cut_short_is_finished),
		PROMISE(the_key_goes_to_a_child_through_a_pipe_only),
		PROMISE(changes_at_the_same_time_are_all_kept),
		PROMISE(names_are_words_of_a_command_line),
	};

	return cmocka_run_group_tests(tests, make_home, remove_home);
}
