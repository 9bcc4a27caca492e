#include "ui/command/unknown.h"

#include <string.h>

/* Is this entry of the mapping of that kind? */
typedef bool entry_is(const struct load *load, const struct mapped *m);

static bool is_record_type(const struct mapped *m)
{
	return strcmp(m->field->name, "RecordTypeId") == 0; /* the describe lists them */
}

static bool is_lookup_by_key(const struct load *load, const struct mapped *m)
{
	(void)load;
	return m->far && !is_record_type(m);
}

static bool is_lookup_by_id(const struct load *load, const struct mapped *m)
{
	(void)load;
	return !m->far && m->field->type == FIELD_REFERENCE && !is_record_type(m);
}

static bool is_unique(const struct load *load, const struct mapped *m)
{
	return !m->far && m->field->unique && !(load->action == ACTION_UPSERT && m->field == load->plan->key);
}

/* "Ext__c, Other__c", of the entries of a kind; false: there is none. */
static bool add_names(struct buf *b, const struct load *load, const char *before, entry_is *is)
{
	const struct mapping *m = load->mapping;
	bool any = false;

	for (size_t i = 0; i < m->count; i++) {
		if (!is(load, &m->entries[i]))
			continue;
		buf_add_text(b, any ? ", " : before);
		buf_add_text(b, m->entries[i].name);
		any = true;
	}
	return any;
}

bool unknown_created(const struct load *load)
{
	return load->action == ACTION_UPSERT && load->plan->key->type != FIELD_ID;
}

void unknown_list(struct buf *b, const struct load *load)
{
	bool by_id = load->action != ACTION_INSERT && !unknown_created(load);

	if (by_id)
		buf_add_text(b, "whether there is a record of each Id, and whether this user may change it\n");
	if (unknown_created(load))
		buf_addf(b,
		         "which records are there already: created or updated, and whether a %s is on several "
		         "of them\n",
		         load->plan->key->name);
	if (load->action == ACTION_HARD_DELETE)
		buf_add_text(b, "whether this user may delete for good\n");
	if (add_names(b, load, "whether there is a record for each value of ", is_lookup_by_key))
		buf_add_char(b, '\n');
	if (add_names(b, load, "whether there is a record for each id of ", is_lookup_by_id))
		buf_add_char(b, '\n');
	if (!action_deletes(load->action) &&
	    add_names(b, load, "whether other records have the same value of ", is_unique))
		buf_add_char(b, '\n');
	buf_add_text(b,
	             "the org's validation and duplicate rules, triggers, flows, sharing, locks and limits\n");
}
