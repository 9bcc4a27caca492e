#include "practice/sessions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "practice/practice.h"
#include "practice/practice_ids.h"
#include "practice/random.h"

enum { ACCESS_LETTERS = 63, REFRESH_LETTERS = 80, CODE_LETTERS = 60 };

#define REFRESH_BEGIN "5Aep861"

void sessions_init(struct sessions *s)
{
	*s = (struct sessions){
		.fixed = { .text = PRACTICE_TOKEN, .scope = PRACTICE_SCOPE, .refreshed = 0 },
		.given = { .text = PRACTICE_REFRESH_TOKEN, .scope = PRACTICE_SCOPE },
	};
}

void sessions_release(struct sessions *s)
{
	free(s->access);
	free(s->refresh);
	free(s->codes);
	sessions_init(s);
}

void sessions_expire(struct sessions *s)
{
	s->access_count = 0;
}

/* `count` grows by one; the list has room for a power of two. */
static void *one_more(void *list, size_t *count, size_t size)
{
	void *all = list;

	if ((*count & (*count - 1)) == 0)
		all = realloc(list, (*count ? *count * 2 : 1) * size);
	if (all)
		++*count;
	return all;
}

static void make_text(struct practice *p, const char *begin, size_t letters_more, char to[SESSION_TOKEN])
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
	size_t len = (size_t)snprintf(to, SESSION_TOKEN, "%s", begin);

	while (letters_more-- > 0 && len < SESSION_TOKEN - 1)
		to[len++] = letters[random_next(&p->random) % 64];
	to[len] = '\0';
}

const struct session *session_new(struct practice *p, const char *scope, size_t refreshed)
{
	struct sessions *s = &p->sessions;
	struct session *all = one_more(s->access, &s->access_count, sizeof *all), *made;
	char begin[32];

	if (!all)
		return NULL;
	s->access = all;
	made = &all[s->access_count - 1];
	*made = (struct session){ .since = practice_now(p), .refreshed = refreshed };
	snprintf(made->scope, sizeof made->scope, "%s", scope);
	snprintf(begin, sizeof begin, "%.15s!AQEAQ", PRACTICE_ORG);
	make_text(p, begin, ACCESS_LETTERS, made->text);
	return made;
}

struct refresh_token *refresh_token_restore(struct sessions *s)
{
	struct refresh_token *all = one_more(s->refresh, &s->refresh_count, sizeof *all);

	if (!all)
		return NULL;
	s->refresh = all;
	all[s->refresh_count - 1] = (struct refresh_token){ 0 };
	return &all[s->refresh_count - 1];
}

const struct refresh_token *refresh_token_new(struct practice *p, const char *scope, size_t *number)
{
	struct sessions *s = &p->sessions;
	struct refresh_token *made = refresh_token_restore(s);

	if (!made)
		return NULL;
	s->refresh_changes++;
	made->since = practice_now(p);
	snprintf(made->scope, sizeof made->scope, "%s", scope);
	make_text(p, REFRESH_BEGIN, REFRESH_LETTERS, made->text);
	*number = s->refresh_count + 1;
	return made;
}

/* Codes end in signs that must be percent-encoded in a URL, as Salesforce's do (salesforce-api.md A5). */
struct auth_code *auth_code_new(struct practice *p, const char *scope)
{
	struct sessions *s = &p->sessions;
	struct auth_code *all = one_more(s->codes, &s->code_count, sizeof *all), *made;
	char text[SESSION_TOKEN];

	if (!all)
		return NULL;
	s->codes = all;
	made = &all[s->code_count - 1];
	*made = (struct auth_code){ .since = practice_now(p) };
	snprintf(made->scope, sizeof made->scope, "%s", scope);
	make_text(p, "aPrx", CODE_LETTERS, text);
	snprintf(made->text, sizeof made->text, "%.*s==", SESSION_TOKEN - 3, text);
	return made;
}

struct session *session_find(struct practice *p, const char *text)
{
	struct sessions *s = &p->sessions;

	if (strcmp(text, s->fixed.text) == 0)
		return s->fixed.dead ? NULL : &s->fixed;
	for (size_t i = s->access_count; i-- > 0;) {
		struct session *one = &s->access[i];

		if (strcmp(text, one->text) != 0)
			continue;
		return one->dead || practice_now(p) - one->since >= p->scenario.session_ms ? NULL : one;
	}
	return NULL;
}

struct refresh_token *refresh_token_find(struct practice *p, const char *text, size_t *number)
{
	struct sessions *s = &p->sessions;

	*number = 1;
	if (strcmp(text, s->given.text) == 0)
		return s->given.dead ? NULL : &s->given;
	for (size_t i = 0; i < s->refresh_count; i++) {
		*number = i + 2;
		if (strcmp(text, s->refresh[i].text) == 0)
			return s->refresh[i].dead ? NULL : &s->refresh[i];
	}
	return NULL;
}

struct auth_code *auth_code_find(struct practice *p, const char *text)
{
	struct sessions *s = &p->sessions;

	for (size_t i = 0; i < s->code_count; i++)
		if (strcmp(text, s->codes[i].text) == 0)
			return &s->codes[i];
	return NULL;
}

static struct refresh_token *refresh_token_at(struct sessions *s, size_t number)
{
	return number == 1 ? &s->given : &s->refresh[number - 2];
}

const struct refresh_token *refresh_token_rotate(struct practice *p, size_t number)
{
	struct refresh_token *token = refresh_token_at(&p->sessions, number);

	make_text(p, REFRESH_BEGIN, REFRESH_LETTERS, token->text);
	token->since = practice_now(p);
	p->sessions.refresh_changes++;
	return token;
}

void refresh_token_end(struct practice *p, size_t number)
{
	struct sessions *s = &p->sessions;

	refresh_token_at(s, number)->dead = true;
	s->refresh_changes++;
	for (size_t i = 0; i < s->access_count; i++)
		if (s->access[i].refreshed == number)
			s->access[i].dead = true;
}
