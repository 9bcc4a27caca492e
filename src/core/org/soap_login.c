#include "core/org/soap_login.h"

#include "core/org/xml.h"

void soap_login_write(struct buf *to, const char *username, const char *password)
{
	buf_add_text(to, "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
	                 "<env:Envelope xmlns:env=\"http://schemas.xmlsoap.org/soap/envelope/\"><env:Body>"
	                 "<n1:login xmlns:n1=\"urn:partner.soap.sforce.com\"><n1:username>");
	xml_add(to, username);
	buf_add_text(to, "</n1:username><n1:password>");
	xml_add(to, password);
	buf_add_text(to, "</n1:password></n1:login></env:Body></env:Envelope>");
}

struct soap_login soap_login_read(struct slice answer)
{
	return (struct soap_login){
		.session = slice_trim(xml_element(answer, "sessionId")),
		.server = slice_trim(xml_element(answer, "serverUrl")),
		.password_expired = slice_is(slice_trim(xml_element(answer, "passwordExpired")), "true"),
	};
}
