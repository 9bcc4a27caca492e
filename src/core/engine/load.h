/*
 * load.h - from the words of an operator to a run that can start: the steps that the commands and the console share.
 *
 * load_open() opens the source, load_sign_in() the org, load_describe() fetches the object, load_map() makes mapping and
 * plan, load_check() reads the whole file, load_create() puts the run into the journal. Each step needs those before it
 * and may be done again (the console goes back and forth). Nothing is written to the org by any of them.
 */
#ifndef LONGSHORE_ENGINE_LOAD_H
#define LONGSHORE_ENGINE_LOAD_H

#include <stdbool.h>

#include "base/err.h"
#include "core/engine/access.h"
#include "core/engine/bounds.h"
#include "core/engine/children.h"
#include "core/org/limits.h"
#include "core/org/org.h"
#include "core/plan/check.h"
#include "core/plan/mapping.h"
#include "core/plan/plan.h"
#include "core/plan/profile.h"
#include "core/source/source.h"
#include "store/edits.h"
#include "store/runs.h"

struct load_options {
	const char *file;        /* a path; "-" is standard input, spooled to the state folder */
	const char *config;      /* settings of the org: a file, */
	const char *org;         /* else a saved org; both NULL: the environment */
	const char *object;      /* NULL: the settings' table_name */
	const char *action;      /* NULL: the settings' action, else "insert" */
	const char *external_id; /* NULL: the settings' external_id_name, else "Id" */
	const char *map;         /* a mapping file, JSON or .sdl, or NULL */
	struct slice map_text;   /* or one in JSON, where `map` is NULL */
	bool map_of_another; /* it was made for another file: what it says of columns that this one has not is left out */
	enum matching matching;        /* of columns that are no names of fields */
	struct map_words words;        /* what is said besides it: constants, columns left out, rules */
	int64_t run;                   /* of a run that goes on: its constants are what they were; else 0 */
	struct source_options reading; /* how the file is read; load_open() names the folder */
	int allow_failures;            /* 1 yes, 0 no, -1 as the settings say */
	bool skip_invalid;
	enum same_key same_key; /* which of several records with one key is written */
	bool again;             /* load although the journal knows this content */
	int64_t chunk_records;
	int parallel;
	const char *api;                    /* "auto", "bulk" or "collections"; NULL: auto */
	const char *assignment_rule;        /* its id, or NULL */
	bool allow_duplicates, all_or_none; /* collections only */
	const char *describes;              /* a folder that gets the describes as the org gave them, or NULL */
	const char *api_version;        /* of a run that goes on; NULL: as the settings say, else the newest */
	int64_t first;                  /* pause behind so many records; 0: go to the end */
	struct bounds_failures stop_at; /* halt at so many failures; they are allowed up to there */
	int64_t until_ms;               /* UTC: start nothing new then; 0: none */
	int64_t give_up_ms;             /* pause after so long without the org; 0: 24 hours */
	int64_t undo_of, delete_from;   /* of an undo (undo.h): as in its run's row; 0: none */
	const char *order_by;           /* a column, "parent" or "file"; NULL: file */
	int64_t keep_calls;             /* wait while fewer calls are left today; 0: use them all */
	int64_t *calls;                 /* where calls are counted on (org.h); NULL: from 0 */
	const char *keep_old;           /* "auto", "yes" or "no"; NULL: auto */
	const struct edit *
		edits; /* cells that a person changed before the start (store/edits.h): the source gives them changed already,
	                             and the run keeps them */
	size_t edit_count;
	bool skip_unchanged; /* leave out records of which the org has all already; update and upsert */
};

struct org_check;

struct load {
	struct load_options options;
	struct access access;
	struct source *source;
	struct org *org;
	struct object *object;
	struct buf object_json;
	struct object *parents[32];
	size_t parent_count;
	struct children children; /* after load_children() */
	struct buf map_json;
	struct profile *profiles; /* of the source's columns, once they were read */
	struct arena profile_arena;
	char date[32];                  /* of a new load, for constants */
	struct mapping_request request; /* what mapping_set() and mapping_write() want */
	struct mapping *mapping;
	struct plan *plan;
	struct check check;
	struct org_check *asked; /* what the org was asked after the check (org_check.h); NULL: it was not */
	struct limits limits;    /* as the org said them, if it was asked */
	bool limits_asked;
	enum action action;
	char external_id[128];
	char spool[4096];                 /* the folder of load_open() */
	int64_t from_record, from_offset; /* load_check() begins there; 0: with the first record */
};

void load_init(struct load *load, const struct load_options *options); /* the options' texts must outlive it */
void load_release(struct load *load);

/* `spool` is the folder for standard input, and for what is unpacked: the state folder. */
enum err_code load_open(struct load *load, const char *spool, struct err *e);
enum err_code load_sign_in(struct load *load, struct err *e);
/* The object and the parents that its columns look up, and up to four more that they may look up. ERR_USAGE without an object. */
enum err_code load_describe(struct load *load, struct err *e);
/* What may hang on the object's records, for an undo that deletes some: asks the org for its list of objects, a call. After
 * load_describe(). */
enum err_code load_children(struct load *load, struct err *e);
/* Mapping and plan. After mapping_set() on load->mapping call load_plan() alone. */
enum err_code load_map(struct load *load, struct err *e);
enum err_code load_plan(struct load *load, struct err *e);
/* Writes the mapping in use to a file: as an .sdl if its name ends so, else as JSON. ERR_USAGE for what an .sdl cannot say. After
 * load_map(). */
enum err_code load_save_map(const struct load *load, const char *path, struct err *e);
enum err_code load_check(struct load *load, check_progress *progress, void *ctx, struct err *e);

/* By which API the checked file would go: "bulk" or "collections" (static text). Of itself it takes collections for up to
 * 2,000 records, where a lost answer cannot do harm: update, delete, upsert by a unique key other than Id. NULL and
 * ERR_USAGE where the options ask for what an API cannot do. */
const char *load_api(const struct load *load, struct err *e);

/* Are failures of records allowed, by the options or else the settings? */
bool load_allows_failures(const struct load *load);

/* Are the old values of what is updated kept, for undo, and what does reading them cost? After load_check(). `auto` keeps them
 * where that is at most 5 % of the calls left today. */
struct load_keeping {
	bool keep;
	bool asked;    /* by the operator: yes or no */
	int64_t calls; /* to read them; 0: there is nothing to keep */
	int64_t left;  /* calls left today, -1 where the org did not say */
};
void load_keeps(const struct load *load, struct load_keeping *keeping);

/* What the load will take of what the org allows in 24 hours, and what is left of that today; -1 where the org does not say. After
 * load_check(). A load by Bulk API asks for the org's limits, once: that is a call. */
struct load_cost {
	int64_t calls, calls_left; /* reading old values included */
	int64_t batches, batches_left;
};
void load_costs(struct load *load, struct load_cost *cost);

/* The run as load_create() would put it into the journal, and fails as it does; nothing is written. Without a
 * journal (NULL) nothing has been loaded yet. */
enum err_code load_draft(struct load *load, struct journal *j, struct run *run, struct err *e);

/* A run of state CHECKED. ERR_LOADED names the run that holds this content already (unless options.again);
 * ERR_FINDINGS when records fail the check and skip_invalid is false; ERR_FILE for a file without any record. */
enum err_code load_create(struct load *load, struct journal *j, struct run *run, struct err *e);

#endif
