#include "practice/oauth_call.h"

#include <string.h>
#include <strings.h>

#include "practice/base64.h"
#include "practice/json_out.h"
#include "practice/practice_ids.h"

#define FORM_TYPE "application/x-www-form-urlencoded"

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 32);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes %41 and +. */
static const char *decoded(struct arena *a, struct slice s)
{
	char *text = arena_alloc(a, s.len + 1), *to = text;

	for (size_t i = 0; text && i < s.len; i++) {
		char c = s.at[i];

		if (c == '%' && i + 2 < s.len && hex_value(s.at[i + 1]) >= 0 && hex_value(s.at[i + 2]) >= 0) {
			c = (char)(hex_value(s.at[i + 1]) * 16 + hex_value(s.at[i + 2]));
			i += 2;
		} else if (c == '+') {
			c = ' ';
		}
		*to++ = c;
	}
	return text ? text : "";
}

static void read_pair(struct oauth_call *c, struct slice pair)
{
	const char *equals = pair.len ? memchr(pair.at, '=', pair.len) : NULL;
	size_t name = equals ? (size_t)(equals - pair.at) : pair.len;
	size_t value = equals ? name + 1 : name;

	if (c->count == OAUTH_FIELDS || name == 0)
		return;
	c->fields[c->count++] = (struct oauth_field){
		decoded(&c->arena, (struct slice){ pair.at, name }),
		decoded(&c->arena, (struct slice){ pair.at + value, pair.len - value }),
	};
}

static void read_form(struct oauth_call *c)
{
	const char *type = request_header(c->request, "Content-Type");
	struct slice rest = buf_slice(c->request->body);

	if (!type || strncasecmp(type, FORM_TYPE, sizeof FORM_TYPE - 1) != 0)
		return;
	while (rest.len > 0) {
		const char *end = memchr(rest.at, '&', rest.len);
		size_t len = end ? (size_t)(end - rest.at) : rest.len;

		read_pair(c, (struct slice){ rest.at, len });
		len += end != NULL;
		rest = (struct slice){ rest.at + len, rest.len - len };
	}
}

/* "Authorization: Basic base64(ID:SECRET)"; both are form-encoded before (RFC 6749, 2.3.1). */
static void read_basic(struct oauth_call *c)
{
	const char *header = request_header(c->request, "Authorization");
	struct buf text;

	if (!header || strncasecmp(header, "Basic ", 6) != 0)
		return;
	buf_init(&text, 4096);
	if (base64_decode(slice_of(header + 6), &text)) {
		size_t id = strcspn(buf_text(&text), ":");
		struct slice secret = { buf_text(&text) + id, text.len - id };

		c->client_id = decoded(&c->arena, (struct slice){ buf_text(&text), id });
		if (secret.len)
			c->client_secret = decoded(&c->arena, (struct slice){ secret.at + 1, secret.len - 1 });
	}
	buf_release(&text);
}

void oauth_call_begin(struct oauth_call *c, struct practice *p, const struct request *r, struct answer *a)
{
	*c = (struct oauth_call){ .practice = p, .request = r, .answer = a };
	arena_init(&c->arena);
	read_form(c);
	c->client_id = oauth_value(c, "client_id");
	c->client_secret = oauth_value(c, "client_secret");
	read_basic(c);
}

void oauth_call_end(struct oauth_call *c)
{
	arena_release(&c->arena);
}

const char *oauth_value(const struct oauth_call *c, const char *name)
{
	const char *value;

	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->fields[i].name, name) == 0)
			return c->fields[i].value;
	value = request_argument(c->request, name);
	return value ? value : "";
}

bool oauth_refuse(struct oauth_call *c, const char *error, const char *description)
{
	struct json_out o;

	c->answer->status = 400;
	json_out_init(&o, &c->answer->body, false);
	json_out_object(&o);
	json_out_pair(&o, "error", error);
	json_out_pair(&o, "error_description", description);
	json_out_end(&o);
	return false;
}

bool oauth_knows_client(struct oauth_call *c, bool secret_needed)
{
	if (strcmp(c->client_id, PRACTICE_CLIENT_ID) != 0)
		return oauth_refuse(c, "invalid_client_id", "client identifier invalid");
	if (!c->client_secret[0] && !secret_needed)
		return true;
	if (strcmp(c->client_secret, PRACTICE_CLIENT_SECRET) != 0)
		return oauth_refuse(c, "invalid_client", "invalid client credentials");
	return true;
}
