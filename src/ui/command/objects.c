#include "ui/command/commands.h"
#include "ui/command/org_call.h"

static void put_object(struct json *json, const struct object_entry *o)
{
	json_begin(json, NULL, '{');
	json_put_text(json, "name", o->name);
	json_put_text(json, "label", o->label);
	json_put_text(json, "key_prefix", o->key_prefix);
	json_put_bool(json, "custom", o->custom);
	json_put_bool(json, "createable", o->createable);
	json_put_bool(json, "updateable", o->updateable);
	json_put_bool(json, "deletable", o->deletable);
	json_put_bool(json, "queryable", o->queryable);
	json_end(json);
}

static int print_list(const struct call *call, const struct org *org, const struct object_list *list)
{
	struct json json;
	int status;

	json_init(&json);
	if (call->json) {
		json_begin(&json, NULL, '{');
		org_call_members(&json, org);
		json_begin(&json, "objects", '[');
	}
	for (size_t i = 0; i < list->count; i++) {
		const struct object_entry *o = &list->entries[i];

		if (call->json) {
			put_object(&json, o);
			continue;
		}
		buf_addf(&json.out, "%-40s  ", o->name);
		call_show(&json.out, o->label);
		buf_add_text(&json.out,
		             o->createable || o->updateable || o->deletable ? "\n" : "  (read only)\n");
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

int command_objects(struct call *call)
{
	struct object_list *list = NULL;
	struct org_call c;
	struct err e;
	int status;

	err_init(&e);
	if (org_call_open(&c, call, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	if (org_objects(c.org, &list, &e) == ERR_OK) {
		status = print_list(call, c.org, list);
		object_list_free(list);
	} else {
		status = call_fail(call, &e, NULL);
	}
	org_call_close(&c);
	return status;
}
