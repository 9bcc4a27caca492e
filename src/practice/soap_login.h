/*
 * soap_login.h - login() of the partner SOAP API, the one SOAP call of the practice org (salesforce-api.md A6, A7).
 */
#ifndef LONGSHORE_PRACTICE_SOAP_LOGIN_H
#define LONGSHORE_PRACTICE_SOAP_LOGIN_H

#include "practice/http.h"

struct practice;

/* POST /services/Soap/u/VERSION, and the same with an org's id behind it (a serverUrl). */
void soap_login(struct practice *p, const struct request *r, struct answer *a);

#endif
