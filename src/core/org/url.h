/* url.h - text made fit for an address or a form: RFC 3986's unreserved characters stay, all else becomes %XX. */
#ifndef LONGSHORE_ORG_URL_H
#define LONGSHORE_ORG_URL_H

#include <stdbool.h>

#include "base/buf.h"

/* Adds the text percent-encoded. */
void url_encode(struct buf *to, struct slice text);

/* Adds "name=value", with an "&" in front unless `to` is empty. Nothing for a NULL value. */
void url_form(struct buf *to, const char *name, const char *value);

/* Adds the value of `name` in a query ("a=1&b=2"), decoded: "+" is a blank, %XX a byte. False: it is not there, or no such text. */
bool url_value(struct slice query, const char *name, struct buf *to);

/* A Salesforce id of 15 or 18 letters and digits, as 18 characters; the last three say which of the others are capitals
 * (A-Z, 0-5: five bits each). False if it is no id. */
bool url_id18(struct slice id, char to[19]);

#endif
