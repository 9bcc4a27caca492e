/* mapping_own.h - what a mapping is made of, for the files that make, change and write one. */
#ifndef LONGSHORE_PLAN_MAPPING_OWN_H
#define LONGSHORE_PLAN_MAPPING_OWN_H

#include "base/arena.h"
#include "core/plan/mapping.h"
#include "core/plan/target.h"

/* What is known of one column or constant. */
struct choice {
	struct mapped mapped;          /* field NULL: not loaded */
	const char *why_not;           /* then why */
	bool settled;                  /* by the mapping file or by a person: the header is not asked */
	const struct map_entry *entry; /* that says so, or NULL */
};

struct own_mapping {
	struct mapping mapping; /* first: what the caller holds */
	struct choice *columns;
	struct choice *more; /* a column's other fields, and several columns that are joined */
	size_t more_count;
	struct choice *constants;
	size_t constant_count;
	struct map_file file; /* rules and texts lie in it */
	struct arena arena;
};

struct target_scope own_scope(const struct mapping_request *r);

/* The choice goes to that field; or nowhere, with static text why. */
void own_choose(struct choice *c, const struct target *t, const char *why);
void own_leave_out(struct choice *c, const char *why);

/* Who sends a value to the field already, `but` apart; NULL if nobody does. The words: "Name comes from column \"Company\"". */
const struct choice *own_holder(const struct own_mapping *own, const struct field *field,
                                const struct choice *but);
void own_holder_words(const struct mapping_request *r, const struct choice *c, char words[TARGET_WHY]);

/* A copy of a reason, as long as the mapping. */
const char *own_keep(struct own_mapping *own, const char *text);

/* Is it one of those that a result file has besides its source's? Then it goes nowhere, and this is why. */
bool own_is_result_column(const struct mapping_request *r, struct slice name);
extern const char own_of_a_result_file[];

/* What the headers say of columns that nothing was said of. */
enum err_code own_match_headers(struct own_mapping *own, const struct mapping_request *r, struct err *e);
enum err_code own_match_likely(struct own_mapping *own, const struct mapping_request *r, struct err *e);

/* May the action send the field, and if not, why? */
bool own_allowed(const struct mapping_request *r, const struct field *f);
const char *own_only_id(const struct mapping_request *r);
enum err_code own_refuse_result_column(const struct mapping_request *r, int column, struct err *e);

/* The rules of a choice's cells: these (or NULL), over those of all columns. */
enum err_code own_set_rules(struct own_mapping *own, const struct cell_rules *rules, struct choice *c,
                            struct err *e);

/* Puts the entries in the payload's order, after any change. */
void own_line_up(struct own_mapping *own);

#endif
