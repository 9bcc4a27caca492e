/* bulk1_text.h's writing half: the shapes are those of recorded/cumulusci/bulk1_templates. */
#include <stdarg.h>
#include <stdio.h>

#include "base/when.h"
#include "practice/bulk1_text.h"
#include "practice/markup.h"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
#define NAMESPACE "\n   xmlns=\"http://www.force.com/2009/06/asyncapi/dataload\""

static void indent(struct info *i)
{
	buf_addf(i->to, "\n%*s", i->depth, "");
}

void info_begin(struct info *i, const struct request *r, struct answer *a, const char *root, bool list)
{
	*i = (struct info){ .json = bulk1_is_json(r), .to = &a->body, .root = root, .depth = 1 };
	a->type = i->json ? "application/json;charset=UTF-8" : "application/xml";
	if (!i->json) {
		buf_addf(i->to, XML_HEAD "<%s" NAMESPACE ">", root);
		return;
	}
	json_out_init(&i->out, i->to, true);
	json_out_object(&i->out);
	if (list) {
		json_out_key(&i->out, "batchInfo");
		json_out_list(&i->out);
	}
}

void info_end(struct info *i, bool list)
{
	if (!i->json) {
		buf_addf(i->to, "\n</%s>", i->root);
		return;
	}
	if (list)
		json_out_end(&i->out);
	json_out_end(&i->out);
}

void info_begin_item(struct info *i, const char *name)
{
	if (i->json) {
		json_out_object(&i->out);
		return;
	}
	indent(i);
	buf_addf(i->to, "<%s>", name);
	i->depth++;
}

void info_end_item(struct info *i, const char *name)
{
	if (i->json) {
		json_out_end(&i->out);
		return;
	}
	i->depth--;
	indent(i);
	buf_addf(i->to, "</%s>", name);
}

void info_text(struct info *i, const char *name, const char *text)
{
	if (i->json) {
		json_out_pair(&i->out, name, text);
	} else if (text) {
		indent(i);
		buf_addf(i->to, "<%s>", name);
		markup_add(i->to, text);
		buf_addf(i->to, "</%s>", name);
	}
}

void info_number(struct info *i, const char *name, int64_t number)
{
	char text[32];

	snprintf(text, sizeof text, "%lld", (long long)number);
	if (i->json)
		json_out_pair_number(&i->out, name, number);
	else
		info_text(i, name, text);
}

void info_version(struct info *i, const char *name, int version)
{
	char text[32];

	snprintf(text, sizeof text, "%d.0", version);
	if (i->json) {
		json_out_key(&i->out, name);
		json_out_raw(&i->out, slice_of(text));
	} else {
		info_text(i, name, text);
	}
}

void info_time(struct info *i, const char *name, int64_t ms)
{
	char instant[WHEN_TEXT], text[WHEN_TEXT + 8];

	when_salesforce_text(ms - ms % 1000, instant);
	snprintf(text, sizeof text, "%.23s%s", instant, i->json ? "+0000" : "Z");
	info_text(i, name, text);
}

void bulk1_error(const struct request *r, struct answer *a, const char *code, const char *format, ...)
{
	char message[1024];
	struct info i;
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	buf_clear(&a->body);
	a->status = 400;
	info_begin(&i, r, a, "error", false);
	info_text(&i, "exceptionCode", code);
	info_text(&i, "exceptionMessage", message);
	info_end(&i, false);
}
