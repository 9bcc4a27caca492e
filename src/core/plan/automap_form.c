/* automap_form.c - the sure ones: names that are the same but for case, blanks, signs and __c. */
#include "core/plan/automap_own.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"

/* In which of its names a slot has the form; the first ones go before the others. */
enum rank { API_NAME, LABEL, LOOKUP, OWNER };

struct form {
	uint64_t hash; /* 0: free */
	enum rank rank;
	const struct slot *slot;
	const struct slot *other; /* has the same form in the same rank */
};

struct forms {
	struct form *table;
	size_t mask;
};

static uint64_t form_hash(const char *form, size_t len)
{
	uint64_t h = hash_of((struct slice){ form, len }, 0);

	return h ? h : 1;
}

static struct form *form_at(const struct forms *forms, uint64_t hash)
{
	size_t at = hash & forms->mask;

	while (forms->table[at].hash && forms->table[at].hash != hash)
		at = (at + 1) & forms->mask;
	return &forms->table[at];
}

static void add(const struct forms *forms, const char *form, size_t len, enum rank rank,
                const struct slot *slot)
{
	uint64_t hash = form_hash(form, len);
	struct form *at = form_at(forms, hash);

	if (len == 0)
		return;
	if (!at->hash || rank < at->rank)
		*at = (struct form){ hash, rank, slot, NULL };
	else if (rank == at->rank && at->slot != slot)
		at->other = slot;
}

static void add_plain(const struct forms *forms, const struct slot *slot)
{
	struct slice name = slice_of(slot->field->name), bare = words_without_namespace(name);
	char form[FORM_ROOM];

	add(forms, form, words_form(name, form), API_NAME, slot);
	if (bare.len < name.len)
		add(forms, form, words_form(bare, form), LABEL, slot);
	add(forms, form, words_form(slice_of(slot->field->label), form), LABEL, slot);
	if (slot->field->record_type_count > 0) /* "Record Type": their names are known */
		add(forms, form, words_form(slice_of(slot->field->relationship), form), LABEL, slot);
}

/* "account" of "Account" and of "Account ID". */
static size_t lookup_form(struct slice name, char form[FORM_ROOM])
{
	size_t n = words_form(name, form);

	return n > 2 && memcmp(form + n - 2, "id", 2) == 0 && name.len > 3 && name.at[name.len - 3] == ' '
	               ? n - 2
	               : n;
}

static void add_lookup(const struct forms *forms, const struct slot *slot)
{
	struct slice nears[] = { slice_of(slot->field->relationship), slice_of(slot->field->label) };
	struct slice fars[] = { slice_of(slot->far->name), slice_of(slot->far->label) };
	char form[2 * FORM_ROOM], far[FORM_ROOM];

	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < 2; k++) {
			size_t n = lookup_form(nears[i], form), m = words_form(fars[k], far);

			if (n == 0 || m == 0)
				continue;
			memcpy(form + n, far, m);
			add(forms, form, n + m, LOOKUP, slot);
		}
}

/* "Owner": people know users by their user names. */
static void add_owner(const struct forms *forms, const struct slot *slot)
{
	char form[FORM_ROOM];

	if (strcmp(slot->field->name, "OwnerId") == 0 && strcmp(slot->far->name, "Username") == 0)
		add(forms, form, words_form(slice_of(slot->field->relationship), form), OWNER, slot);
}

static bool make_forms(struct forms *forms, struct finder *f)
{
	size_t room = 16;

	while (room < f->slot_count * 8)
		room *= 2;
	forms->mask = room - 1;
	forms->table = arena_alloc(&f->scratch, room * sizeof *forms->table);
	for (size_t i = 0; forms->table && i < f->slot_count; i++) {
		if (f->slots[i].far) {
			add_lookup(forms, &f->slots[i]);
			add_owner(forms, &f->slots[i]);
		} else {
			add_plain(forms, &f->slots[i]);
		}
	}
	return forms->table != NULL;
}

/* Ids go to the field itself; what is no user name, which has the form of an e-mail address, goes nowhere. */
static bool match_owner(struct finder *f, size_t column, const struct slot *slot)
{
	const struct profile *p = f->r->profiles ? &f->r->profiles[column] : NULL;

	if (!p || p->filled == 0 || profile_is(p, KIND_EMAIL))
		return slot_take(f, column, slot, SURE_YES, "owner by user name");
	for (size_t i = 0; profile_is(p, KIND_ID) && i < f->slot_count; i++)
		if (f->slots[i].field == slot->field && !f->slots[i].far)
			return slot_take(f, column, &f->slots[i], SURE_YES, "owner by id");
	f->matches[column].why = "may be the owner, who goes by user name or id: its cells are neither";
	return true;
}

static bool match(struct finder *f, const struct forms *forms, size_t column)
{
	static const char *const whys[] = { "API name, written otherwise", "label, written otherwise",
		                            "lookup by an external id" };
	char form[FORM_ROOM], a[128], b[128], why[TARGET_WHY];
	size_t n = words_form(f->r->columns[column], form);
	const struct form *found = n ? form_at(forms, form_hash(form, n)) : NULL;

	if (!found || !found->hash || !slot_free(f, found->slot))
		return true;
	if (found->rank == OWNER)
		return match_owner(f, column, found->slot);
	if (!found->other)
		return slot_take(f, column, found->slot, SURE_YES, whys[found->rank]);
	slot_name(found->slot, a, sizeof a);
	slot_name(found->other, b, sizeof b);
	snprintf(why, sizeof why, "may be %.90s or %.90s", a, b);
	f->matches[column].why = arena_text(f->keep, why);
	return f->matches[column].why != NULL;
}

bool automap_by_form(struct finder *f)
{
	struct forms forms;

	if (!make_forms(&forms, f))
		return false;
	for (size_t i = 0; i < f->r->column_count; i++)
		if (f->r->open[i] && !match(f, &forms, i))
			return false;
	return true;
}
