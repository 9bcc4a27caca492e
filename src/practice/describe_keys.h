/*
 * describe_keys.h - which keys a describe has, so that one that was saved from an older version, or made by hand, is
 * answered with all of them: salesforce-api.md B3 and B4 list those that were recorded.
 */
#ifndef LONGSHORE_PRACTICE_DESCRIBE_KEYS_H
#define LONGSHORE_PRACTICE_DESCRIBE_KEYS_H

#include <jansson.h>
#include <stdbool.h>

/* Adds what is missing to a describe and its fields, with neutral values; false without memory. It needs a name. */
bool describe_complete(json_t *describe);

/* The object as the list of all objects has it: a new reference, NULL without memory. */
json_t *describe_summary(const json_t *describe);

#endif
