/*
 * gunzip.h - a compressed answer, unpacked as it comes, and whether it came to its end.
 * libcurl would unpack by itself, but takes a gzip stream that was cut short for a whole answer (seen with 7.88.1).
 */
#ifndef LONGSHORE_ORG_GUNZIP_H
#define LONGSHORE_ORG_GUNZIP_H

#include <stdbool.h>

#include "base/buf.h"

struct gunzip;

struct gunzip *gunzip_new(void); /* NULL without memory */
void gunzip_free(struct gunzip *g);

/* Unpacks and hands over in pieces of at most 64 KB. False if this is no gzip, or `take` returned false. */
bool gunzip_feed(struct gunzip *g, struct slice packed, bool (*take)(void *ctx, struct slice bytes), void *ctx);

/* The stream began and is not complete yet, or not right. (An answer without a body may still call it compressed.) */
bool gunzip_cut(const struct gunzip *g);

#endif
