#include "base/files.h"
#include "ui/command/commands.h"
#include "ui/command/org_call.h"

#include <stdio.h>

enum { MOST_DESCRIBE = 64 * 1024 * 1024 };

static void put_field(struct json *json, const struct field *f)
{
	json_begin(json, NULL, '{');
	json_put_text(json, "name", f->name);
	json_put_text(json, "label", f->label);
	json_put_text(json, "type", field_type_name(f->type));
	json_put_number(json, "length", f->length);
	json_put_bool(json, "required", field_required(f));
	json_put_bool(json, "createable", f->createable);
	json_put_bool(json, "updateable", f->updateable);
	json_put_bool(json, "key", field_is_key(f));
	json_put_bool(json, "unique", f->unique);
	json_begin(json, "references", '[');
	for (size_t i = 0; i < f->reference_count; i++)
		json_put_text(json, NULL, f->references[i]);
	json_end(json);
	json_put_bool(json, "restricted", f->restricted_picklist);
	json_begin(json, "values", '[');
	for (size_t i = 0; i < f->value_count; i++)
		if (f->values[i].active)
			json_put_text(json, NULL, f->values[i].value);
	json_end(json);
	json_end(json);
}

static void add_field(struct buf *b, const struct field *f)
{
	char type[48];

	if (f->length)
		snprintf(type, sizeof type, "%s(%d)", field_type_name(f->type), f->length);
	else
		snprintf(type, sizeof type, "%s", field_type_name(f->type));
	buf_addf(b, "%-40s  %-18s ", f->name, type);
	call_show(b, f->label);
	buf_add_text(b, field_required(f) ? ", required" : "");
	buf_add_text(b, !f->createable && !f->updateable ? ", read only" : "");
	buf_add_text(b, f->unique ? ", unique key" : field_is_key(f) ? ", key" : "");
	for (size_t i = 0; i < f->reference_count; i++)
		buf_addf(b, "%s%s", i ? " or " : " -> ", f->references[i]);
	buf_add_text(b, f->restricted_picklist ? ", restricted picklist" : "");
	buf_add_char(b, '\n');
}

static int print_object(const struct call *call, const struct org *org, const struct object *object)
{
	struct json json;
	int status;

	json_init(&json);
	if (call->json) {
		json_begin(&json, NULL, '{');
		org_call_members(&json, org);
		json_put_text(&json, "object", object->name);
		json_put_text(&json, "label", object->label);
		json_begin(&json, "fields", '[');
	}
	for (size_t i = 0; i < object->field_count; i++) {
		if (call->json)
			put_field(&json, &object->fields[i]);
		else
			add_field(&json.out, &object->fields[i]);
	}
	if (call->json) {
		json_end(&json);
		json_put_number(&json, "exit", 0);
		json_end(&json);
	}
	status = call_print(&json.out, 0);
	json_release(&json);
	return status;
}

int command_describe(struct call *call)
{
	const char *path = call_option(call, OPTION_SAVE);
	struct object *object = NULL;
	struct org_call c;
	struct buf text;
	struct err e;
	int status;

	err_init(&e);
	if (org_call_open(&c, call, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	buf_init(&text, MOST_DESCRIBE);
	if (org_describe(c.org, call->words.word[0], &object, &text, &e) != ERR_OK ||
	    (path && files_write(path, buf_slice(&text), FILE_ANYBODYS, &e) != ERR_OK))
		status = call_fail(call, &e, object ? NULL : "longshore objects");
	else
		status = print_object(call, c.org, object);
	object_free(object);
	buf_release(&text);
	org_call_close(&c);
	return status;
}
