/*
 * soap.h - login() and logout() of the partner SOAP API, the two SOAP calls of the practice org (salesforce-api.md A6, A7).
 */
#ifndef LONGSHORE_PRACTICE_SOAP_H
#define LONGSHORE_PRACTICE_SOAP_H

#include "practice/http.h"

struct practice;

/* POST /services/Soap/u/VERSION, and the same with an org's id behind it (a serverUrl). */
void soap_call(struct practice *p, const struct request *r, struct answer *a);

#endif
