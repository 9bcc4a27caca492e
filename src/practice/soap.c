#include "practice/soap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "practice/markup.h"
#include "practice/practice.h"
#include "practice/practice_ids.h"
#include "practice/route.h"
#include "practice/sign_in.h"
#include "practice/soap_read.h"

enum { NEWEST_LOGIN = 64 }; /* login() is not offered above (salesforce-api.md A7) */

#define ENVELOPE                                                                                             \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap" \
	".org/soap/envelope/\" "
#define INSTANCE "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body>"
#define ENVELOPE_END "</soapenv:Body></soapenv:Envelope>"

/* What a login of these credentials without the token is told (seen in many clients' trackers). */
static const char wants_token[] =
	"Invalid username, password, security token; or user locked out. Are you at a new location? When "
	"accessing Salesforce--either via a desktop client or the API--from outside of your "
	"company\xe2\x80\x99s "
	"trusted networks, you must add a security token to your password to log in. To get your new security "
	"token, log in to Salesforce. From your personal settings, enter Reset My Security Token in the Quick "
	"Find box, then select Reset My Security Token.";
static const char wrong_login[] = "Invalid username, password, security token; or user locked out.";

/* One call on its way. */
struct call {
	struct practice *practice;
	const struct request *request;
	struct answer *answer;
	int version;
};

static void begin_fault(struct call *c, const char *code, const char *before, const char *message)
{
	struct buf *to = &c->answer->body;

	c->answer->status = 500;
	buf_add_text(to, ENVELOPE "xmlns:sf=\"urn:fault.partner.soap.sforce.com\" " INSTANCE);
	buf_addf(to, "<soapenv:Fault><faultcode>%s</faultcode><faultstring>%s", code, before);
	markup_add(to, message);
	buf_add_text(to, "</faultstring>");
}

/* `type` is LoginFault or UnexpectedErrorFault; false, for the caller to return. */
static bool soap_refuse(struct call *c, const char *type, const char *code, const char *message)
{
	/* clients have seen the code with its prefix and without (salesforce-api.md A6) */
	bool prefixed = strcmp(code, "INVALID_SESSION_ID") == 0;
	struct buf *to = &c->answer->body;
	char full[96], before[96];

	snprintf(full, sizeof full, "%s%s", prefixed ? "sf:" : "", code);
	snprintf(before, sizeof before, "%s: ", code);
	begin_fault(c, full, before, message);
	buf_addf(to, "<detail><sf:%s xsi:type=\"sf:%s\">", type, type);
	buf_addf(to, "<sf:exceptionCode>%s</sf:exceptionCode><sf:exceptionMessage>", code);
	markup_add(to, message);
	buf_addf(to, "</sf:exceptionMessage></sf:%s></detail></soapenv:Fault>" ENVELOPE_END, type);
	return false;
}

/* A fault of the SOAP layer, which has no details. */
static bool refuse_client(struct call *c, const char *message)
{
	begin_fault(c, "soapenv:Client", "", message);
	buf_add_text(&c->answer->body, "</soapenv:Fault>" ENVELOPE_END);
	return false;
}

/* "62.0", and "62" too. */
static bool version_is_right(struct call *c)
{
	const char *text = c->request->part[0];
	char *end;
	long version = *text >= '0' && *text <= '9' ? strtol(text, &end, 10) : 0;

	if (version < OLDEST_VERSION || version > NEWEST_VERSION || (*end && strcmp(end, ".0") != 0))
		return soap_refuse(c, "UnexpectedErrorFault", "UNSUPPORTED_API_VERSION",
		                   "Invalid Api version specified on URL");
	c->version = (int)version;
	return true;
}

/* The credentials are right: may the user in? */
static bool is_admitted(struct call *c)
{
	static const struct {
		const char *code, *message;
	} refusals[] = { [REFUSE_NOBODY] = { NULL, NULL },
#define X(name, word, error, description, code, message) [REFUSE_##name] = { code, message },
		         SIGN_IN_REFUSALS(X)
#undef X
	};
	enum sign_in_refusal refusal = sign_in_refusal(c->practice, GRANT_SOAP);

	if (refusals[refusal].code)
		return soap_refuse(c, "LoginFault", refusals[refusal].code, refusals[refusal].message);
	if (sign_in_too_often(c->practice))
		return soap_refuse(c, "LoginFault", "REQUEST_LIMIT_EXCEEDED", "login rate exceeded");
	return true;
}

static bool credentials_are_right(struct call *c, const struct soap_request *asked)
{
	bool short_of;

	if (c->version > NEWEST_LOGIN)
		return soap_refuse(c, "UnexpectedErrorFault", "UNSUPPORTED_API_VERSION",
		                   "SOAP API login() is not available in API version 65.0 and later");
	if (c->practice->scenario.sign_in.blocked[GRANT_SOAP])
		return soap_refuse(c, "UnexpectedErrorFault", "INVALID_OPERATION",
		                   "SOAP API login() is disabled by default in this org. Contact the org "
		                   "administrator to enable SOAP API login().");
	if (sign_in_password(c->practice, buf_text(&asked->username), buf_text(&asked->password), &short_of))
		return is_admitted(c);
	return short_of ? soap_refuse(c, "LoginFault", "LOGIN_MUST_USE_SECURITY_TOKEN", wants_token)
	                : soap_refuse(c, "LoginFault", "INVALID_LOGIN", wrong_login);
}

/* The elements of userInfo, in the order and with the kinds of values that were recorded; NULL: xsi:nil. */
static void write_user_info(struct call *c)
{
	char seconds[24];
	const struct {
		const char *name, *value;
	} elements[] = {
		{ "accessibilityMode", "false" },
		{ "currencySymbol", "$" },
		{ "orgAttachmentFileSizeLimit", "5242880" },
		{ "orgDefaultCurrencyIsoCode", "USD" },
		{ "orgDisallowHtmlAttachments", "false" },
		{ "orgHasPersonAccounts", "false" },
		{ "organizationId", PRACTICE_ORG },
		{ "organizationMultiCurrency", "false" },
		{ "organizationName", "Longshore Practice" },
		{ "profileId", "00e5e0000000001AAA" },
		{ "roleId", NULL },
		{ "sessionSecondsValid", seconds },
		{ "userDefaultCurrencyIsoCode", NULL },
		{ "userEmail", PRACTICE_USERNAME },
		{ "userFullName", "Practice Operator" },
		{ "userId", PRACTICE_USER },
		{ "userLanguage", "en_US" },
		{ "userLocale", "en_US" },
		{ "userName", PRACTICE_USERNAME },
		{ "userTimeZone", "Etc/UTC" },
		{ "userType", "Standard" },
		{ "userUiSkin", "Theme3" },
	};
	struct buf *to = &c->answer->body;

	snprintf(seconds, sizeof seconds, "%lld", (long long)(c->practice->scenario.session_ms / 1000));
	buf_add_text(to, "<userInfo>");
	for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
		if (elements[i].value)
			buf_addf(to, "<%s>%s</%s>", elements[i].name, elements[i].value, elements[i].name);
		else
			buf_addf(to, "<%s xsi:nil=\"true\"/>", elements[i].name);
	}
	buf_add_text(to, "</userInfo>");
}

static void give_session(struct call *c)
{
	const struct session *session = session_new(c->practice, "api web", 0);
	struct buf *to = &c->answer->body;
	char url[PRACTICE_URL];

	if (!session) {
		soap_refuse(c, "UnexpectedErrorFault", "UNKNOWN_EXCEPTION", "no memory for the session");
		return;
	}
	c->practice->sessions.granted++;
	practice_url(c->practice, url);
	buf_add_text(to, ENVELOPE "xmlns=\"" SOAP_PARTNER "\" " INSTANCE "<loginResponse><result>");
	buf_addf(to, "<metadataServerUrl>%s/services/Soap/m/%d.0/%.15s</metadataServerUrl>", url, c->version,
	         PRACTICE_ORG);
	buf_add_text(to, "<passwordExpired>false</passwordExpired><sandbox>false</sandbox>");
	buf_addf(to, "<serverUrl>%s/services/Soap/u/%d.0/%.15s</serverUrl>", url, c->version, PRACTICE_ORG);
	buf_addf(to, "<sessionId>%s</sessionId><userId>%s</userId>", session->text, PRACTICE_USER);
	write_user_info(c);
	buf_add_text(to, "</result></loginResponse>" ENVELOPE_END);
}

static void log_in(struct call *c, const struct soap_request *asked)
{
	if (credentials_are_right(c, asked))
		give_session(c);
	else
		c->practice->sessions.refused++;
}

static void log_out(struct call *c, const struct soap_request *asked)
{
	struct session *session = session_find(c->practice, buf_text(&asked->session));

	if (!session) {
		soap_refuse(c, "UnexpectedErrorFault", "INVALID_SESSION_ID",
		            "Invalid Session ID found in SessionHeader: Illegal Session");
		return;
	}
	session->dead = true;
	buf_add_text(&c->answer->body,
	             ENVELOPE "xmlns=\"" SOAP_PARTNER "\" " INSTANCE "<logoutResponse/>" ENVELOPE_END);
}

static void refuse_operation(struct call *c, const struct soap_request *asked)
{
	const char *name = buf_text(&asked->operation), *local = strrchr(name, '|');
	struct buf message;

	buf_init(&message, 4096);
	if (!asked->operation.len)
		buf_add_text(&message, "The request has no operation in its body");
	else
		buf_addf(&message, "No operation available for request {%.*s}%s",
		         local ? (int)(local - name) : 0, name, local ? local + 1 : name);
	refuse_client(c, buf_text(&message));
	buf_release(&message);
}

static void carry_out(struct call *c)
{
	struct soap_request asked;
	struct buf why;

	buf_init(&why, 4096);
	if (!soap_read(&asked, buf_slice(c->request->body), &why))
		soap_refuse(c, "UnexpectedErrorFault", "UNKNOWN_EXCEPTION", buf_text(&why));
	else if (strcmp(buf_text(&asked.operation), SOAP_PARTNER "|logout") == 0)
		log_out(c, &asked);
	else if (strcmp(buf_text(&asked.operation), SOAP_PARTNER "|login") == 0)
		log_in(c, &asked);
	else
		refuse_operation(c, &asked);
	buf_release(&why);
	soap_request_release(&asked);
}

void soap_call(struct practice *p, const struct request *r, struct answer *a)
{
	struct call c = { .practice = p, .request = r, .answer = a };

	a->type = "text/xml;charset=UTF-8";
	if (!request_header(r, "SOAPAction"))
		refuse_client(&c, "SOAPAction HTTP header missing");
	else if (version_is_right(&c))
		carry_out(&c);
}
