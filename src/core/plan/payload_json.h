/*
 * payload_json.h - a converted record as sObject Collections take it: one JSON object (salesforce-api.md E1).
 *
 * Blank, null and absent mean what they mean in Bulk API's CSV: an empty cell is left out, so that the field is left alone;
 * the null mark becomes null, so that it is cleared. Numbers and booleans are JSON's own, all else is text.
 */
#ifndef LONGSHORE_PLAN_PAYLOAD_JSON_H
#define LONGSHORE_PLAN_PAYLOAD_JSON_H

#include "core/plan/plan.h"

/* Adds {"attributes":{"type":"Contact"},"LastName":...} of the record that plan_record() turned into a line last; for
 * actions that delete, its id alone. With `more` a comma stands in front. */
void payload_json_record(struct buf *b, const struct plan *plan, bool more);

#endif
