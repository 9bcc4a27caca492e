/*
 * mapping.h - which column goes to which field.
 *
 * A mapping is made from the source's header and the object's describe: a header that is a field's API name or label
 * (trimmed, without case), or `Relationship.Field` for a lookup by external id, is mapped, and then what automap.h is sure of;
 * what it guesses only if that is wanted; everything else is not loaded.
 * A file of Longshore's JSON form (map_file.h, docs/mapping.md) or of Data Loader's (sdl.h) overrides that, and the command's words override the file.
 * A mapping holds names, positions and rules, no cells. The columns that a result file of Longshore's has besides the source's
 * (longshore_...) go nowhere.
 */
#ifndef LONGSHORE_PLAN_MAPPING_H
#define LONGSHORE_PLAN_MAPPING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "core/org/describe.h"
#include "core/plan/action.h"
#include "core/plan/constant.h"
#include "core/plan/map_file.h"
#include "core/plan/sure.h"

struct profile;

/* Where one field's value comes from. */
struct mapped {
	int column; /* position in the header (the first one where several are joined), or -1 for a constant */
	const int *joined; /* positions of several columns, or NULL */
	size_t joined_count;
	struct slice with;              /* between their texts */
	const char *constant;           /* NULL unless column is -1; as it was given (constant.h) */
	const struct cell_rules *rules; /* how its cells are read; NULL: nothing was said */
	const struct field
		*field; /* of the object: for a lookup by external id the reference field (AccountId) */
	const struct field *far; /* of the parent object for `Relationship.Field`, else NULL */
	const char *parent;      /* then that object's API name */
	const char *name;        /* what stands in the payload's header: "Name", "Account.Ext__c" */
	const char *
		why; /* "API name", "label", "relationship", "mapping file", "constant", "chosen", or what automap.h says */
	enum sure sure;     /* SURE_GUESSED: somebody should look */
	const char *prefix; /* how the ids begin that may go there ("001"), "" if that is not known */
};

struct mapping {
	struct mapped *entries; /* in the order of the payload: columns in file order, then constants */
	size_t count;
	size_t column_count;
	int state_column; /* longshore_state of a result file that is loaded again: only failed and skipped records go; -1: none */
	struct cell_rules rules;     /* of all columns */
	struct constant_facts facts; /* for constants */
	/* per column of the source: its (first) entry, or NULL when it is not loaded; and then why ("no field of this name",
	 * "set to not loaded by the mapping file", "only the Id is sent for delete") */
	const struct mapped **by_column;
	const char **not_loaded_why;
	const char **
		guesses; /* per column that is not loaded: the field that it probably means, as in a payload's header, or NULL */
};

/* What is done with headers that are no names of fields. */
enum matching {
	MATCH_SURE,    /* fields that automap.h is sure of are taken, what it guesses is only told */
	MATCH_GUESSES, /* they are taken too: somebody sees them before anything is sent */
	MATCH_NAMES,   /* nothing: the names are meant as they are */
};

struct mapping_request {
	const struct object *object;
	const struct object *const *parents; /* describes for mapping_parents() */
	size_t parent_count;
	enum action action;
	const struct slice *columns;
	size_t column_count;
	struct slice map_json; /* a mapping file's text, or empty */
	bool map_is_sdl;       /* it is one of Data Loader's (sdl.h) */
	bool map_of_another; /* it was made for another file: columns that this one has not are left out of it */
	const struct profile *profiles; /* what the columns' cells look like (profile.h), or NULL */
	enum matching matching;
	const struct map_words *words; /* of the command, or NULL */
	struct constant_facts
		facts; /* without a date: what the text of a run says, but for the number of the run */
};

/* What files of the same columns, in whatever order, have in common: a hash of their names, without case and blanks around. */
void mapping_columns(const struct slice *columns, size_t count, char hash[HASH_TEXT]);

/* The parents whose describes `Relationship.Field` needs, in headers, mapping file and words: API names, each once, into
 * `names` (they live as long as the object). Returns how many there are, at most `room` are written. Of the request object,
 * columns, map_json and words count. */
size_t mapping_parents(const struct mapping_request *request, const char **names, size_t room);

/* Further parents whose describes may make more of the headers clear (automap_parents()); a load goes without them. */
size_t mapping_likely_parents(const struct mapping_request *request, const char **names, size_t room);

/* Makes the mapping. The caller frees it; object, parents and columns must outlive it. ERR_USAGE for a mapping file
 * that is no JSON (with line), names an unknown column or field, or gives one field twice. */
enum err_code mapping_new(struct mapping **mapping, const struct mapping_request *request, struct err *e);
void mapping_free(struct mapping *mapping);

/* Sends `column` to the field of that name ("Name", "Account.Ext__c"), or with name NULL nowhere. ERR_USAGE if there is no
 * such field or another column has it already. The order of the payload stays that of the columns. */
enum err_code mapping_set(struct mapping *mapping, const struct mapping_request *request, size_t column,
                          const char *name, struct err *e);

/* What is said of the cells that go to the field of this name (as in the payload's header), without what is said of all columns.
 * NULL: no column goes there. It lives until the mapping is changed. */
const struct cell_rules *mapping_rules(const struct mapping *mapping, const char *name);

/* Says it anew, for all the fields that these cells go to; the texts are copied. ERR_USAGE if no column goes there. */
enum err_code mapping_set_rules(struct mapping *mapping, const char *name, const struct cell_rules *rules,
                                struct err *e);

/* Gives the field the same value in every record, in place of a constant that it has. ERR_USAGE if there is no such field, a column goes
 * there, or the text is empty or has braces that mean nothing (constant.h). */
enum err_code mapping_set_constant(struct mapping *mapping, const struct mapping_request *request,
                                   const char *name, const char *text, struct err *e);

/* The mapping in its JSON form: what mapping_new() reads again. Added to b; without memory b is short_of. For a run: with what its constants are filled in. */
void mapping_write(const struct mapping *mapping, const struct mapping_request *request, bool of_a_run,
                   struct buf *b);

/* The same as an .sdl. ERR_USAGE with one sentence if the mapping says what an .sdl cannot. */
enum err_code mapping_write_sdl(const struct mapping *mapping, const struct mapping_request *request,
                                struct buf *b, struct err *e);

#endif
