/*
 * words.h - names as words: what a header, a label and an API name have in common however they are written.
 * "PLZ Rechnung", "Billing Zip/Postal Code", "BillingPostalCode", "billing_postal_code__c". Without case, independent of the locale.
 */
#ifndef LONGSHORE_PLAN_WORDS_H
#define LONGSHORE_PLAN_WORDS_H

#include "base/buf.h"

enum { WORDS_MOST = 12, WORD_ROOM = 28, FORM_ROOM = 160 };

struct words {
	char at[WORDS_MOST][WORD_ROOM]; /* in lower case, each once */
	size_t count;
};

/* The words of a name; those that people use for the same thing become one ("zip" is "postal code"). `api`: it is an API name, whose
 * namespace and end (__c) do not count. Longer words are cut, more words left out. */
void words_of(struct words *w, struct slice name, bool api);

/* All letters and digits of it in lower case, without an end like __c: equal for names that are the same but for case, blanks
 * and signs. Its length; 0 if nothing is left, or it is longer than the room. */
size_t words_form(struct slice name, char form[FORM_ROOM]);

/* An API name without its namespace: "npsp__Level__c" is "Level__c". The name itself if it has none. */
struct slice words_without_namespace(struct slice name);

#endif
