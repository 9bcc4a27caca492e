/*
 * multipart.h - cuts a multipart/form-data body into its parts (RFC 7578). Pure: parts are slices of the body.
 */
#ifndef LONGSHORE_PRACTICE_MULTIPART_H
#define LONGSHORE_PRACTICE_MULTIPART_H

#include <stdbool.h>

#include "base/buf.h"

struct part {
	struct slice name; /* of its Content-Disposition */
	struct slice type; /* its Content-Type; empty: none */
	struct slice body;
};

/* The boundary of a Content-Type, without quotes; len 0 if it is not multipart/form-data with one. */
struct slice multipart_boundary(const char *content_type);

/* The next part of *rest, which begins as the whole body and moves behind the part; false: no further whole part. */
bool multipart_next(struct slice *rest, struct slice boundary, struct part *part);

#endif
