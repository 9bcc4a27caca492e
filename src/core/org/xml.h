/*
 * xml.h - the little of XML that answers of SOAP and of Bulk API 1.0 need: the text of an element by its name.
 * It takes no part in the document's structure, resolves no entity but XML's five, and loads nothing.
 */
#ifndef LONGSHORE_ORG_XML_H
#define LONGSHORE_ORG_XML_H

#include "base/buf.h"

/* What stands between the first <name ...>, in whatever namespace, and the next '<', as it is written. Empty if there is
 * no such element. Names are compared without case. */
struct slice xml_element(struct slice xml, const char *name);

/* Decodes the five entities of XML where they stand. */
void xml_decode(char *text);

/* Adds text so that it may stand in an element. */
void xml_add(struct buf *to, const char *text);

#endif
