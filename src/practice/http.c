#include "practice/http.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "practice/json_out.h"

const char *inner_find(const struct inner_value *values, const char *name)
{
	for (; values; values = values->next)
		if (strcasecmp(values->name, name) == 0)
			return values->value;
	return NULL;
}

bool request_is_json(const struct request *r, struct answer *a)
{
	const char *type = request_header(r, "Content-Type");

	if (type && strncasecmp(type, "application/json", sizeof "application/json" - 1) == 0)
		return true;
	answer_error(a, 415, "UNSUPPORTED_MEDIA_TYPE", "Content Type not supported.");
	return false;
}

void answer_header(struct answer *a, const char *name, const char *format, ...)
{
	va_list args;

	if (a->header_count == HTTP_HEADERS)
		return;
	a->headers[a->header_count].name = name;
	va_start(args, format);
	vsnprintf(a->headers[a->header_count].value, HTTP_VALUE, format, args);
	va_end(args);
	a->header_count++;
}

void answer_error(struct answer *a, int status, const char *code, const char *format, ...)
{
	char message[1024];
	struct json_out o;
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	a->status = status;
	a->type = "application/json;charset=UTF-8";
	buf_clear(&a->body);
	json_out_init(&o, &a->body, false);
	json_out_list(&o);
	json_out_object(&o);
	json_out_pair(&o, "message", message);
	json_out_pair(&o, "errorCode", code);
	json_out_end(&o);
	json_out_end(&o);
}

bool request_saves_duplicates(const struct request *r)
{
	const char *header = request_header(r, "Sforce-Duplicate-Rule-Header");
	const char *at = header ? strcasestr(header, "allowSave") : NULL;

	if (!at)
		return false;
	at += strlen("allowSave");
	at += strspn(at, " \t=");
	return strncasecmp(at, "true", 4) == 0;
}
