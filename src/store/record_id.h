/*
 * record_id.h - a Salesforce record id in few bytes. Private to src/store.
 *
 * An id is 15 characters, of which the first three tell the object (the same all through a run), and three more that
 * only repeat which letters are capitals (salesforce-api.md A). What is kept is 12 characters of text where the prefix is
 * the run's, 15 where it is another, and the bytes as they came where it is no such id.
 */
#ifndef LONGSHORE_STORE_RECORD_ID_H
#define LONGSHORE_STORE_RECORD_ID_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

enum { RECORD_ID_PREFIX = 3, RECORD_ID_CORE = 15, RECORD_ID_FULL = 18 };

/* 15 letters and digits, alone or with the right three behind them? */
bool record_id_sound(const char *text, size_t len);

/* The three characters that make 15 into 18, and a NUL. */
void record_id_suffix(const char *core, char to[4]);

/* Binds the kept form of `id` ("" binds NULL). The id must outlive the statement's run. */
void record_id_bind(sqlite3_stmt *stmt, int at, const char *id, const char *prefix);

/* Reads it back, with 18 characters where it is an id. */
void record_id_read(sqlite3_stmt *stmt, int column, const char *prefix, char to[RECORD_ID_FULL + 1]);

#endif
