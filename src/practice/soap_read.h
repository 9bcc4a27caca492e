/*
 * soap_read.h - a SOAP 1.1 request, as far as login() and logout() need it. Names have their namespace in front: "urn:x|login".
 */
#ifndef LONGSHORE_PRACTICE_SOAP_READ_H
#define LONGSHORE_PRACTICE_SOAP_READ_H

#include <stdbool.h>

#include "base/buf.h"

#define SOAP_PARTNER "urn:partner.soap.sforce.com"

struct soap_request {
	struct buf operation; /* the name of the first element in the body, "" if there is none */
	struct buf username, password;
	struct buf session; /* the SessionHeader's id */
};

/* false with a sentence: the text is no XML, has a DOCTYPE, or is no SOAP envelope. Release it in any case. */
bool soap_read(struct soap_request *s, struct slice text, struct buf *why);
void soap_request_release(struct soap_request *s);

#endif
