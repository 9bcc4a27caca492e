/*
 * kept.h - the new load that was begun and left: a file `new_load` of mode 0600 in the state folder, one for all consoles there.
 *
 * It holds what was chosen, the mapping too, and where one signs in by name; no secret and no record. Edits of single cells on Check
 * are not among it.
 */
#ifndef LONGSHORE_CONSOLE_KEPT_H
#define LONGSHORE_CONSOLE_KEPT_H

#include "base/arena.h"
#include "core/engine/load.h"

/* In place of the one before. Of the options count those that New load knows and a command line may have said; `map_text` is the
 * mapping, empty before there is one. ERR_FILE. Of a file whose name holds a line break nothing is kept. */
enum err_code kept_write(const char *state, const struct load_options *options, struct err *e);

/* The options with texts in the arena. *there is false where none is kept. ERR_FILE for a file that is none of ours. */
enum err_code kept_read(const char *state, struct load_options *options, struct arena *a, bool *there,
                        struct err *e);

void kept_remove(const char *state);

/* "contacts_may.csv → Contact upsert by Ext__c", as far as it was chosen. */
void kept_words(const struct load_options *options, char *to, size_t size);

#endif
