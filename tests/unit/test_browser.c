/* Signing in with a browser: the address to open, and what comes back: to the listener, or pasted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <openssl/sha.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/org/browser.h"
#include "core/org/jwt.h"
#include "core/org/url.h"

static char app[] = "the+app", acme[] = "acme", elsewhere[] = "https://acme.example/back", redirect[64];
static int port;

/* A port that nobody listens to. */
static int find_port(void **unused)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof here;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)unused;
	assert_int_equal(bind(fd, (struct sockaddr *)&here, sizeof here), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&here, &len), 0);
	close(fd);
	port = ntohs(here.sin_port);
	snprintf(redirect, sizeof redirect, "http://localhost:%d/back", port);
	return 0;
}

static struct browser *begin(char *where)
{
	struct settings settings = { .client_id = app, .domain = acme, .redirect_uri = where };
	struct browser *b = NULL;
	struct err e;

	err_init(&e);
	if (browser_open(&b, &settings, &e) != ERR_OK)
		fail_msg("%s", e.text);
	return b;
}

/* A value of the address to open. */
static const char *value(const struct browser *b, const char *name)
{
	static char text[8][512];
	static int next;
	char *to = text[next++ % 8];
	struct buf found;

	buf_init(&found, 512);
	assert_true(url_value(slice_of(strchr(browser_url(b), '?') + 1), name, &found));
	snprintf(to, sizeof text[0], "%s", buf_text(&found));
	buf_release(&found);
	return to;
}

static void challenge_of(const char *verifier, char to[64])
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	struct buf b;

	buf_init(&b, 64);
	SHA256((const unsigned char *)verifier, strlen(verifier), hash);
	jwt_base64(&b, hash, sizeof hash);
	snprintf(to, 64, "%s", buf_text(&b));
	buf_release(&b);
}

static void paste(struct browser *b, enum browser_step step, const char *says, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
static void paste(struct browser *b, enum browser_step step, const char *says, const char *format, ...)
{
	char text[2048];
	struct err e;
	va_list args;

	err_init(&e);
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	assert_int_equal(browser_paste(b, slice_of(text), &e), step);
	if (says && !strstr(e.text, says))
		fail_msg("\"%s\" does not say \"%s\"", e.text, says);
}

static void the_address_has_what_the_org_wants(void **unused)
{
	struct browser *b = begin(redirect), *other = begin(elsewhere);
	char wanted[64];
	struct settings s = { 0 };
	struct err e;

	(void)unused;
	err_init(&e);
	assert_non_null(strstr(browser_url(b), "https://acme.my.salesforce.com/services/oauth2/authorize?"));
	assert_string_equal(value(b, "response_type"), "code");
	assert_string_equal(value(b, "client_id"), "the+app");
	assert_string_equal(value(b, "redirect_uri"), redirect);
	assert_string_equal(value(b, "scope"), "api refresh_token");
	assert_string_equal(value(b, "code_challenge_method"), "S256");
	assert_int_equal(strlen(value(b, "state")), 43);
	assert_string_not_equal(value(b, "state"), value(other, "state"));
	assert_string_not_equal(value(b, "code_challenge"), value(other, "code_challenge"));

	paste(b, BROWSER_CAME, NULL, "%s?code=a%%3D%%3D&state=%s", redirect, value(b, "state"));
	assert_int_equal(browser_take(b, &s, &e), ERR_OK);
	assert_string_equal(s.code, "a==");
	assert_string_equal(s.redirect_uri, redirect);
	challenge_of(s.code_verifier, wanted);
	assert_string_equal(value(b, "code_challenge"), wanted);
	assert_null(strstr(browser_url(b), s.code_verifier));
	settings_release(&s);
	browser_close(b);
	browser_close(other);
}

static void what_came_goes_before_any_other_way(void **unused)
{
	struct browser *b = begin(elsewhere);
	struct settings s = { .client_id = strdup(app),
		              .refresh_token = strdup("old"),
		              .username = strdup("u"),
		              .password = strdup("p"),
		              .private_key = strdup("k"),
		              .sf_alias = strdup("a"),
		              .access_token = strdup("t"),
		              .instance_url = strdup("https://i.example"),
		              .private_key_file = strdup("f") };
	struct err e;

	(void)unused;
	err_init(&e);
	paste(b, BROWSER_CAME, NULL, "https://acme.example/back?state=%s&code=c", value(b, "state"));
	assert_int_equal(browser_take(b, &s, &e), ERR_OK);
	assert_int_equal(settings_method(&s), SIGN_IN_BROWSER);
	assert_int_equal(settings_complete(&s, &e), ERR_OK);
	assert_null(s.refresh_token);
	assert_null(s.access_token);
	assert_null(s.password);
	settings_release(&s);
	browser_close(b);
}

static void what_is_pasted_is_looked_at(void **unused)
{
	struct browser *b = begin(elsewhere);
	const char *state = value(b, "state");

	(void)unused;
	paste(b, BROWSER_WRONG, "not the address", "hello");
	paste(b, BROWSER_WRONG, "not the address", "https://acme.my.salesforce.com/?startURL=x&state=%s",
	      state);
	paste(b, BROWSER_WRONG, "not the address", "https://acme.example/back?code=&state=%s", state);
	paste(b, BROWSER_WRONG, "not the address", "https://acme.example/back?code=%%zz&state=%s", state);
	paste(b, BROWSER_WRONG, "another sign-in", "https://acme.example/back?code=c");
	paste(b, BROWSER_WRONG, "another sign-in", "https://acme.example/back?code=c&state=%.42s", state);
	paste(b, BROWSER_WRONG, "another sign-in", "https://acme.example/back?code=c&state=x%s", state);
	paste(b, BROWSER_WRONG, "another sign-in", "https://acme.example/back?error=access_denied&state=x");
	paste(b, BROWSER_CAME, NULL, " \thttps://acme.example/back?code=c&state=%s#end\r\n", state);
	paste(b, BROWSER_FAILED, "choose Allow",
	      "https://acme.example/back?error=access_denied&error_description=end-user+"
	      "denied+authorization&state=%s",
	      state);
	paste(b, BROWSER_FAILED, "let the app in: odd: why not",
	      "https://acme.example/back?error=odd&error_description=why+not&state=%s", state);
	paste(b, BROWSER_FAILED, "the scopes api and refresh_token",
	      "https://acme.example/back?error=invalid_scope&state=%s", state);
	browser_close(b);
}

/* ---- the listener ---- */

static int connect_here(void)
{
	struct sockaddr_in there = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	there.sin_port = htons((uint16_t)port);
	assert_int_equal(connect(fd, (struct sockaddr *)&there, sizeof there), 0);
	return fd;
}

static void say(int fd, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(int fd, const char *format, ...)
{
	char text[4096];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	assert_int_equal(send(fd, text, (size_t)len, MSG_NOSIGNAL), len);
}

/* Turns until something came of it, or so often in vain. */
static enum browser_step turn(struct browser *b, struct err *e)
{
	enum browser_step step = BROWSER_WAITS;

	err_init(e);
	for (int i = 0; i < 4 && step == BROWSER_WAITS; i++)
		step = browser_wait(b, -1, 50, e);
	return step;
}

static void answered(int fd, const char *status, const char *words)
{
	char text[4096];
	size_t len = 0;
	ssize_t n;

	while ((n = recv(fd, text + len, sizeof text - 1 - len, 0)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	close(fd);
	if (!strstr(text, status) || !strstr(text, words))
		fail_msg("no %s with \"%s\" in: %s", status, words, text);
	assert_null(strstr(text, "secret-code"));
}

static void the_browser_comes_back(void **unused)
{
	struct browser *b = begin(redirect);
	struct settings s = { 0 };
	struct err e;
	int fd;

	(void)unused;
	assert_null(browser_deaf(b));
	fd = connect_here();
	say(fd, "GET /back?code=secret-code&state=%s HTTP/1.1\r\nHost: localhost\r\n", value(b, "state"));
	assert_int_equal(turn(b, &e), BROWSER_WAITS); /* not all of it is there */
	say(fd, "\r\n");
	assert_int_equal(turn(b, &e), BROWSER_CAME);
	answered(fd, "HTTP/1.1 200 ", "You may close this page");
	assert_int_equal(browser_take(b, &s, &e), ERR_OK);
	assert_string_equal(s.code, "secret-code");
	settings_release(&s);
	browser_close(b);
}

static void strangers_do_not_end_the_waiting(void **unused)
{
	static const char *const others[] = {
		"GET /favicon.ico HTTP/1.1\r\n\r\n",
		"GET /back HTTP/1.1\r\n\r\n",
		"GET /back/?code=c&state=s HTTP/1.1\r\n\r\n",
		"POST /back?code=c&state=s HTTP/1.1\r\n\r\n",
		"GET \r\n\r\n",
		"\r\n\r\n",
		"GET /back?code=c&state=s\r\n\r\n",
	};
	struct browser *b = begin(redirect);
	int silent[12], fd;
	struct err e;

	(void)unused;
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		fd = connect_here();
		say(fd, "%s", others[i]);
		assert_int_equal(turn(b, &e), BROWSER_WAITS);
		answered(fd, "HTTP/1.1 404 ", "nothing here");
	}
	fd = connect_here();
	say(fd, "GET /back?code=secret-code&state=%s HTTP/1.1\r\n\r\n", "<b>");
	assert_int_equal(turn(b, &e), BROWSER_WRONG);
	answered(fd, "HTTP/1.1 400 ", "another sign-in");
	for (size_t i = 0; i < 12; i++) { /* more than it has room for, and none says a word */
		silent[i] = connect_here();
		assert_int_equal(turn(b, &e), BROWSER_WAITS);
	}
	fd = connect_here();
	say(fd, "GET /back?error=access_denied&error_description=no&state=%s HTTP/1.1\r\n\r\n",
	    value(b, "state"));
	assert_int_equal(turn(b, &e), BROWSER_FAILED);
	answered(fd, "HTTP/1.1 400 ", "choose Allow");
	for (size_t i = 0; i < 12; i++)
		close(silent[i]);
	browser_close(b);
}

static void a_request_without_end_is_dropped(void **unused)
{
	struct browser *b = begin(redirect);
	char much[4000];
	struct err e;
	int fd = connect_here();

	(void)unused;
	memset(much, 'x', sizeof much - 1);
	much[sizeof much - 1] = '\0';
	for (int i = 0; i < 5; i++) {
		send(fd, much, strlen(much), MSG_NOSIGNAL);
		assert_int_equal(turn(b, &e), BROWSER_WAITS);
	}
	assert_true(recv(fd, much, 1, 0) <= 0);
	close(fd);
	browser_close(b);
}

static void input_is_told(void **unused)
{
	struct browser *both[] = { begin(redirect), begin(elsewhere) };
	struct err e;
	int ends[2];

	(void)unused;
	assert_int_equal(pipe(ends), 0);
	for (size_t i = 0; i < 2; i++) {
		err_init(&e);
		assert_int_equal(browser_wait(both[i], ends[0], 1, &e), BROWSER_WAITS);
	}
	assert_int_equal(write(ends[1], "x", 1), 1);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(browser_wait(both[i], ends[0], 1000, &e), BROWSER_INPUT);
		browser_close(both[i]);
	}
	close(ends[0]);
	close(ends[1]);
}

static void where_nobody_can_listen_the_address_is_pasted(void **unused)
{
	struct browser *first = begin(redirect), *second = begin(redirect), *far = begin(elsewhere);

	(void)unused;
	assert_null(browser_deaf(first));
	assert_non_null(strstr(browser_deaf(second), "Address already in use"));
	assert_non_null(strstr(browser_deaf(far), "leads elsewhere"));
	paste(second, BROWSER_CAME, NULL, "%s?code=c&state=%s", redirect, value(second, "state"));
	browser_close(first);
	browser_close(second);
	browser_close(far);
}

static void what_cannot_begin_is_told(void **unused)
{
	static char bad[][64] = { "http://acme.example/back", "localhost:1717/back", "http://localhost:70000/",
		                  "http://localhost:1/a?b", "http://localhost.evil.example:1/" };
	struct settings s = { .domain = acme };
	struct browser *b = NULL;
	struct err e;

	(void)unused;
	err_init(&e);
	assert_int_equal(browser_open(&b, &s, &e), ERR_USAGE);
	assert_non_null(strstr(e.text, "client_id is missing"));
	s.client_id = app;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		s.redirect_uri = bad[i];
		err_init(&e);
		assert_int_equal(browser_open(&b, &s, &e), ERR_USAGE);
		assert_non_null(strstr(e.text, "redirect_uri must be the app's callback URL"));
	}
	assert_null(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_address_has_what_the_org_wants),
		cmocka_unit_test(what_came_goes_before_any_other_way),
		cmocka_unit_test(what_is_pasted_is_looked_at),
		cmocka_unit_test(the_browser_comes_back),
		cmocka_unit_test(strangers_do_not_end_the_waiting),
		cmocka_unit_test(a_request_without_end_is_dropped),
		cmocka_unit_test(input_is_told),
		cmocka_unit_test(where_nobody_can_listen_the_address_is_pasted),
		cmocka_unit_test(what_cannot_begin_is_told),
	};

	return cmocka_run_group_tests(tests, find_port, NULL);
}
