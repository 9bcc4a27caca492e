#include "practice/sign_in.h"

#include <string.h>
#include <strings.h>

#include "practice/practice.h"
#include "practice/practice_ids.h"

enum { HOUR_MS = 60 * 60 * 1000 };

const char *sign_in_token(const struct request *r)
{
	const char *header = request_header(r, "Authorization");

	if (header && strncasecmp(header, "Bearer ", 7) == 0)
		return header + 7;
	if (header && strncasecmp(header, "OAuth ", 6) == 0)
		return header + 6;
	return NULL;
}

bool sign_in_holds(struct practice *p, const struct request *r)
{
	const char *token = sign_in_token(r);

	return token && session_find(p, token);
}

bool sign_in_password(const struct practice *p, const char *username, const char *password, bool *short_of)
{
	const char *rest = password + strlen(PRACTICE_PASSWORD);

	*short_of = false;
	if (strcasecmp(username, PRACTICE_USERNAME) != 0 ||
	    strncmp(password, PRACTICE_PASSWORD, strlen(PRACTICE_PASSWORD)) != 0)
		return false;
	if (strcmp(rest, PRACTICE_SECURITY_TOKEN) == 0 || (!*rest && p->scenario.sign_in.trusted_network))
		return true;
	*short_of = !*rest;
	return false;
}

enum sign_in_refusal sign_in_refusal(const struct practice *p, enum grant grant)
{
	enum sign_in_refusal refusal = p->scenario.sign_in.refuse;

	if (refusal == REFUSE_RUN_AS && grant != GRANT_CLIENT)
		return REFUSE_NOBODY;
	if (refusal == REFUSE_APP && grant == GRANT_SOAP)
		return REFUSE_NOBODY;
	return refusal;
}

bool sign_in_too_often(struct practice *p)
{
	struct sessions *s = &p->sessions;
	int64_t now = practice_now(p);

	if (s->in_hour == 0 || now - s->hour_began >= HOUR_MS) {
		s->hour_began = now;
		s->in_hour = 0;
	}
	if (s->in_hour >= p->scenario.sign_in.logins_an_hour)
		return true;
	s->in_hour++;
	return false;
}
