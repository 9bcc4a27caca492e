/*
 * journal.h - the SQLite file that remembers everything: runs, chunks, outcomes, orders, the log of each run.
 *
 * It is the only meeting point of console, commands and engine. WAL, synchronous=FULL: what a call here committed is on
 * the disk when it returns. No call leaves a transaction open. One handle belongs to one thread. A full disk or any other
 * failed write gives ERR_JOURNAL and changes nothing.
 */
#ifndef LONGSHORE_STORE_JOURNAL_H
#define LONGSHORE_STORE_JOURNAL_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/err.h"

struct journal;

enum {
	JOURNAL_VERSION = 4,     /* user_version of the schema this program writes */
	JOURNAL_WAIT_MS = 10000, /* how long a call waits while another program writes */
};

enum journal_mode {
	JOURNAL_READ, /* as it is; ERR_JOURNAL if there is none. Nothing is written, but an older one is brought up to date */
	JOURNAL_WRITE, /* made or migrated if needed */
};

/* Opens journal.sqlite in the state folder (made private if needed), or `file` if not NULL. ERR_JOURNAL with one sentence
 * for: a newer version ("... was written by a newer Longshore (journal 7, this one knows 3)"), not a journal, others can
 * read it, a full or read-only disk. Owned by the caller, who closes it. */
enum err_code journal_open(struct journal **journal, const char *state, const char *file,
                           enum journal_mode mode, const struct clock *clock, struct err *e);
void journal_close(struct journal *journal);

/* The state folder and the journal's file, as given. */
const char *journal_state(const struct journal *journal);
const char *journal_file(const struct journal *journal);

/* SQLite's own integrity check, and ours: counters equal the rows, outcomes belong to runs, no record is in two unsettled
 * chunks. ERR_JOURNAL with the first thing that is wrong. */
enum err_code journal_check(struct journal *journal, struct err *e);

/* A number that changes when any other connection has committed (PRAGMA data_version): look again only then. */
int64_t journal_changes(struct journal *journal);

/* For who must not be kept waiting: from now on a call waits this long for another program's write, then it gives
 * ERR_JOURNAL, and journal_busy() says that this was the reason why the last call failed. */
void journal_patience(struct journal *journal, int ms);
bool journal_busy(const struct journal *journal);

/* Is it still of a version that this program knows? ERR_JOURNAL with the sentence of journal_open() after a newer one
 * changed it meanwhile. */
enum err_code journal_still_known(struct journal *journal, struct err *e);

#endif
