/* json.h - the few things this room asks of jansson over and over. */
#ifndef LONGSHORE_ORG_JSON_H
#define LONGSHORE_ORG_JSON_H

#include <jansson.h>

#include "base/buf.h"

/* Any JSON value, or NULL if the text is none. The caller calls json_decref(). */
json_t *json_read(struct slice text);

/* The text under `key`, "" if there is none or it is no text. The object's. */
const char *json_text(const json_t *object, const char *key);

/* Overwrites every text inside, then json_decref(). For answers that hold tokens. */
void json_wipe(json_t *value);

#endif
