/*
 * sf_id.h - Salesforce's record ids: a key prefix of three characters, twelve that count, three that guard the case.
 *
 * The practice org's own ids are prefix, "5e0", and nine digits in base 62. The guard of the 18 character form is
 * one character for each five: which of them are capitals (seen in every recorded id, recorded/).
 */
#ifndef LONGSHORE_PRACTICE_SF_ID_H
#define LONGSHORE_PRACTICE_SF_ID_H

#include <stdint.h>

#include "base/buf.h"

enum { SF_ID = 18, SF_ID_ROOM = SF_ID + 1 };

enum sf_id_kind {
	SF_ID_OURS,      /* could be a record of this org: prefix and number are set */
	SF_ID_FOREIGN,   /* well formed, but no record of this org can have it; the prefix is set */
	SF_ID_MALFORMED, /* not 15 or 18 letters and digits, or the guard does not fit */
};

void sf_id_text(const char prefix[4], uint32_t number, char to[SF_ID_ROOM]);
enum sf_id_kind sf_id_read(struct slice text, char prefix[4], uint32_t *number);

/* The 18 character form of an id of 15 or 18 characters that is not malformed. */
void sf_id_full(struct slice text, char to[SF_ID_ROOM]);

/* An id that no record of this org can have; a number gives the same each time. */
void sf_id_foreign(const char prefix[4], uint32_t number, char to[SF_ID_ROOM]);

#endif
