/*
 * soap_login.h - SOAP login() of the partner API (salesforce-api.md A6): its request, and what its answer gives.
 * Pure text in and out; sign_in.h knows when. Holds secrets: the caller wipes what it gets.
 */
#ifndef LONGSHORE_ORG_SOAP_LOGIN_H
#define LONGSHORE_ORG_SOAP_LOGIN_H

#include <stdbool.h>

#include "base/buf.h"

/* The newest version that offers login() (salesforce-api.md A7). */
#define SOAP_LOGIN_PATH "/services/Soap/u/64.0"

/* Adds the envelope. `password` has the security token behind it already. */
void soap_login_write(struct buf *to, const char *username, const char *password);

struct soap_login {
	struct slice session; /* within the answer; empty if there is none */
	struct slice server;  /* the address of the org's API, with a path */
	bool password_expired;
};

/* What a success answer says. */
struct soap_login soap_login_read(struct slice answer);

#endif
