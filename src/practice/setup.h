/*
 * setup.h - what an administrator has made in the practice org, as records that queries find: triggers, flows, validation
 * and duplicate rules, and the definitions of the objects. Its objects are those of assets/setup; nothing can be written to them.
 *
 * The records are those of the scenario and are made anew for each query. Callers hold the org's turn.
 */
#ifndef LONGSHORE_PRACTICE_SETUP_H
#define LONGSHORE_PRACTICE_SETUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "practice/org.h"
#include "practice/scenario.h"
#include "practice/schema.h"
#include "practice/soql.h"

struct setup {
	struct schema schema;
	struct org org;
};

/* ERR_FILE if what the objects have cannot be read. */
enum err_code setup_open(struct setup *s, struct err *e);
void setup_release(struct setup *s);

/* The records as the scenario has them, of those objects that the user may ask for through tooling/query, or else through query;
 * false without memory. `objects` are those of the org. */
bool setup_fill(struct setup *s, const struct schema *objects, const struct scenario *scenario, bool tooling,
                int64_t now);

#endif
