/*
 * pack.h - a stream that gives another one's bytes compressed (gzip), as Salesforce does for those who accept it.
 */
#ifndef LONGSHORE_PRACTICE_PACK_H
#define LONGSHORE_PRACTICE_PACK_H

#include "practice/http.h"

/* Takes the bytes of `body` (which is empty afterwards) and then those of `inner` (may be NULL), and owns both. NULL
 * without memory; they stay the caller's then. */
struct stream *pack_open(struct buf *body, struct stream *inner);

#endif
