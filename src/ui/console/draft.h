/*
 * draft.h - a new load as it is being made: owns the steps of core/engine/load.h, and turns what they found into the rows
 * that the screens of New load show.
 *
 * Steps that take long (named so) may run on another thread; nobody else touches the draft meanwhile.
 */
#ifndef LONGSHORE_CONSOLE_DRAFT_H
#define LONGSHORE_CONSOLE_DRAFT_H

#include <stdatomic.h>

#include "core/engine/load.h"
#include "ui/console/screens/new_load.h"

struct draft;

/* `sheet` of a workbook, "" for the first; `like` says what the load is to be like apart from file and org, or NULL; its texts are
 * copied. NULL without memory. */
struct draft *draft_new(const char *file, const struct access_choice *with, char delimiter, const char *sheet,
                        const struct load_options *like);
void draft_free(struct draft *draft);

/* What is there to sign in with: fills has_org and no_org. */
void draft_look_for_org(struct wizard *wizard, const struct access_choice *with);

/* The folder's entries; the beginning of the file under the cursor. Neither touches a file that is not a regular one. */
void draft_browse(struct browser *browser);
void draft_preview(struct browser *browser);

/* --- these take long --- */
/* Opens the file, signs in, lists the objects. `state`: the state folder. */
enum err_code draft_sign_in(struct draft *draft, const char *state, struct err *e);
enum err_code draft_describe(struct draft *draft, struct err *e);
struct draft_progress {
	atomic_llong offset, size;
	atomic_bool stop;
};
enum err_code draft_check(struct draft *draft, struct draft_progress *progress, struct err *e);
/* The run is in the journal and an engine holds it. *run is set as soon as it is in the journal. With ERR_LOADED it is the one that
 * has loaded this file, and *way how one goes on from there. */
enum err_code draft_begin(struct draft *draft, struct journal *j, int64_t *run, enum loaded_way *way,
                          struct err *e);
/* Up to `most` records of the group that was chosen; the check must be that of the mapping as it is. */
enum err_code draft_group(struct draft *draft, size_t most, struct draft_progress *progress, struct err *e);
/* What the org holds of what was checked. */
enum err_code draft_ask_org(struct draft *draft, struct draft_progress *progress, struct err *e);

/* What runs in the org when this load writes. */
enum err_code draft_runs_on(struct draft *draft, struct draft_progress *progress, struct err *e);

/* The mapping that draft_choose_saved() chose, in place of the one there is; without it where it cannot be followed. */
enum err_code draft_take_saved(struct draft *draft, struct err *e);

/* --- these do not --- */
/* The mappings that were saved for this object, those of a file of these columns first, into `wizard`. */
void draft_fill_saved(const struct draft *draft, struct journal *j, struct wizard *wizard);
enum err_code draft_choose_saved(struct draft *draft, struct journal *j, const char *name, struct err *e);
enum err_code draft_save_mapping(const struct draft *draft, struct journal *j, const char *name, struct err *e);
void draft_choose_object(struct draft *draft, const char *object);
enum err_code draft_choose_check(struct draft *draft, const struct wizard *wizard,
                                 struct err *e);                           /* before draft_check() */
void draft_choose_group(struct draft *draft, const struct wizard *wizard); /* before draft_group() */
/* What is mended on Check: by a way to mend a group, by values in place of those that the picklist has not, in one cell; a step of these
 * back or again. The file is checked anew afterwards. */
enum err_code draft_fix(struct draft *draft, const struct fix *fix, struct err *e);
enum err_code draft_take_values(struct draft *draft, const struct wizard *wizard, struct err *e);
enum err_code draft_edit(struct draft *draft, int64_t record, int column, const char *value, struct err *e);
enum err_code draft_step(struct draft *draft, bool back, struct wizard *wizard, struct err *e);
/* The load's options as they are; the mapping in its JSON form is added to `map`: nothing before there is one. */
const struct load_options *draft_options(const struct draft *draft, struct buf *map);
void draft_choose_start(struct draft *draft, const struct wizard *wizard);
enum err_code draft_map(struct draft *draft, const char *action, const char *key, struct err *e);
enum err_code draft_set_field(struct draft *draft, int column, const char *name,
                              struct err *e); /* "": not loaded */

/* The next of the ways to read a date, or of what a blank cell means, for that column. */
enum err_code draft_next_order(struct draft *draft, int column, struct err *e);
enum err_code draft_next_blank(struct draft *draft, int column, struct err *e);
enum err_code draft_set_constant(struct draft *draft, const char *word, struct err *e); /* "FIELD=VALUE" */

void draft_fill_objects(const struct draft *draft, struct wizard *wizard);
void draft_fill_choices(const struct draft *draft, struct wizard *wizard);
void draft_fill_mapping(struct draft *draft, struct wizard *wizard); /* for wizard->record */
void draft_fill_chosen(const struct draft *draft,
                       struct wizard *wizard); /* what Check asks for, as far as it is known already */
void draft_fill_fields(const struct draft *draft, struct wizard *wizard);
void draft_fill_group(struct draft *draft, struct wizard *wizard);  /* what draft_group() found */
void draft_fill_fixes(struct draft *draft, struct wizard *wizard);  /* with those records as examples */
void draft_fill_values(struct draft *draft, struct wizard *wizard); /* of wizard->group.finding */
void draft_fill_runs_on(const struct draft *draft, struct wizard *wizard);
/* `j`: where the run before this one is looked for. */
void draft_fill_check(struct draft *draft, struct journal *j, struct wizard *wizard);

#endif
