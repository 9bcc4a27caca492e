/*
 * messages.h - each message once, each form of message once, and the groups (teams) that records of a form make.
 * Private to src/store; used inside a transaction by one writer, which keeps the cache no longer than that.
 */
#ifndef LONGSHORE_STORE_MESSAGES_H
#define LONGSHORE_STORE_MESSAGES_H

#include "store/db.h"
#include "store/outcomes.h"

enum { MESSAGE_SLOTS = 1024, TEAM_SLOTS = 256 };

struct message_slot {
	const struct outcome_message *seen;
	uint64_t hash;
	int64_t message, form;
	int64_t teams[OUTCOME_IN_DOUBT + 1]; /* by state; 0: not looked up yet */
};

struct team_slot {
	int64_t team, more;
};

struct messages {
	struct journal *j;
	int64_t run;
	struct message_slot slots[MESSAGE_SLOTS];
	struct team_slot more[TEAM_SLOTS]; /* counts that are not written yet */
	struct buf form;
};

void messages_init(struct messages *m, struct journal *j, int64_t run);
void messages_release(struct messages *m);

/* The message's number, and of the group it makes with this state. `o` must stay as it is until messages_release(). */
enum err_code messages_find(struct messages *m, const struct outcome_message *o, enum outcome_state state,
                            int64_t *message, int64_t *team, struct err *e);

/* `more` records (or less) in a group; written at the latest by messages_flush(). */
enum err_code messages_count(struct messages *m, int64_t team, int64_t more, struct err *e);
enum err_code messages_flush(struct messages *m, struct err *e);

#endif
