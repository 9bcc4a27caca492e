/* action.h - what a load does to each record, with Salesforce's words for it. */
#ifndef LONGSHORE_PLAN_ACTION_H
#define LONGSHORE_PLAN_ACTION_H

#include <stdbool.h>

/* clang-format off */
/* X(name, on the command line, Bulk API 2.0's operation) */
#define ACTIONS(X)                              \
	X(INSERT, "insert", "insert")           \
	X(UPDATE, "update", "update")           \
	X(UPSERT, "upsert", "upsert")           \
	X(DELETE, "delete", "delete")           \
	X(HARD_DELETE, "hard_delete", "hardDelete")
/* clang-format on */

enum action {
#define X(name, text, operation) ACTION_##name,
	ACTIONS(X)
#undef X
		ACTION_COUNT
};

const char *action_name(enum action action);
const char *action_operation(enum action action);
bool action_of(const char *name, enum action *action);
bool action_deletes(enum action action); /* delete and hard delete: only the Id is sent */

#endif
