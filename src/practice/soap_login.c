#include "practice/soap_login.h"

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

/* One login() on its way. */
struct login {
	struct practice *practice;
	const struct request *request;
	struct answer *answer;
	int version;
};

static void begin_fault(struct login *l, const char *code, const char *before, const char *message)
{
	struct buf *to = &l->answer->body;

	l->answer->status = 500;
	buf_add_text(to, ENVELOPE "xmlns:sf=\"urn:fault.partner.soap.sforce.com\" " INSTANCE);
	buf_addf(to, "<soapenv:Fault><faultcode>%s</faultcode><faultstring>%s", code, before);
	markup_add(to, message);
	buf_add_text(to, "</faultstring>");
}

/* `type` is LoginFault or UnexpectedErrorFault; false, for the caller to return. */
static bool refuse(struct login *l, const char *type, const char *code, const char *message)
{
	struct buf *to = &l->answer->body;
	char before[96];

	snprintf(before, sizeof before, "%s: ", code);
	begin_fault(l, code, before, message);
	buf_addf(to,
	         "<detail><sf:%s "
	         "xsi:type=\"sf:%s\"><sf:exceptionCode>%s</sf:exceptionCode><sf:exceptionMessage>",
	         type, type, code);
	markup_add(to, message);
	buf_addf(to, "</sf:exceptionMessage></sf:%s></detail></soapenv:Fault>" ENVELOPE_END, type);
	return false;
}

/* A fault of the SOAP layer, which has no details. */
static bool refuse_client(struct login *l, const char *message)
{
	begin_fault(l, "soapenv:Client", "", message);
	buf_add_text(&l->answer->body, "</soapenv:Fault>" ENVELOPE_END);
	return false;
}

/* "62.0", and "62" too. */
static bool version_is_right(struct login *l)
{
	const char *text = l->request->part[0];
	char *end;
	long version = *text >= '0' && *text <= '9' ? strtol(text, &end, 10) : 0;

	if (version < OLDEST_VERSION || version > NEWEST_VERSION || (*end && strcmp(end, ".0") != 0))
		return refuse(l, "UnexpectedErrorFault", "UNSUPPORTED_API_VERSION",
		              "Invalid Api version specified on URL");
	if (version > NEWEST_LOGIN)
		return refuse(l, "UnexpectedErrorFault", "UNSUPPORTED_API_VERSION",
		              "SOAP API login() is not available in API version 65.0 and later");
	l->version = (int)version;
	return true;
}

static bool operation_is_login(struct login *l, const struct soap_request *asked)
{
	const char *name = buf_text(&asked->operation), *local = strrchr(name, '|');
	struct buf message;

	if (strcmp(name, SOAP_PARTNER "|login") == 0)
		return true;
	buf_init(&message, 4096);
	if (!asked->operation.len)
		buf_add_text(&message, "The request has no operation in its body");
	else
		buf_addf(&message, "No operation available for request {%.*s}%s",
		         local ? (int)(local - name) : 0, name, local ? local + 1 : name);
	refuse_client(l, buf_text(&message));
	buf_release(&message);
	return false;
}

/* The credentials are right: may the user in? */
static bool is_admitted(struct login *l)
{
	static const struct {
		const char *code, *message;
	} refusals[] = { [REFUSE_NOBODY] = { NULL, NULL },
#define X(name, word, error, description, code, message) [REFUSE_##name] = { code, message },
		         SIGN_IN_REFUSALS(X)
#undef X
	};
	enum sign_in_refusal refusal = sign_in_refusal(l->practice, GRANT_SOAP);

	if (refusals[refusal].code)
		return refuse(l, "LoginFault", refusals[refusal].code, refusals[refusal].message);
	if (sign_in_too_often(l->practice))
		return refuse(l, "LoginFault", "REQUEST_LIMIT_EXCEEDED", "login rate exceeded");
	return true;
}

static bool credentials_are_right(struct login *l, const struct soap_request *asked)
{
	bool short_of;

	if (l->practice->scenario.sign_in.blocked[GRANT_SOAP])
		return refuse(l, "UnexpectedErrorFault", "INVALID_OPERATION",
		              "SOAP API login() is disabled by default in this org. Contact the org "
		              "administrator to enable SOAP API login().");
	if (sign_in_password(l->practice, buf_text(&asked->username), buf_text(&asked->password), &short_of))
		return is_admitted(l);
	return short_of ? refuse(l, "LoginFault", "LOGIN_MUST_USE_SECURITY_TOKEN", wants_token)
	                : refuse(l, "LoginFault", "INVALID_LOGIN", wrong_login);
}

/* The elements of userInfo, in the order and with the kinds of values that were recorded; NULL: xsi:nil. */
static void write_user_info(struct login *l)
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
	struct buf *to = &l->answer->body;

	snprintf(seconds, sizeof seconds, "%lld", (long long)(l->practice->scenario.session_ms / 1000));
	buf_add_text(to, "<userInfo>");
	for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
		if (elements[i].value)
			buf_addf(to, "<%s>%s</%s>", elements[i].name, elements[i].value, elements[i].name);
		else
			buf_addf(to, "<%s xsi:nil=\"true\"/>", elements[i].name);
	}
	buf_add_text(to, "</userInfo>");
}

static void give_session(struct login *l)
{
	const struct session *session = session_new(l->practice, "api web", 0);
	struct buf *to = &l->answer->body;
	char url[PRACTICE_URL];

	if (!session) {
		refuse(l, "UnexpectedErrorFault", "UNKNOWN_EXCEPTION", "no memory for the session");
		return;
	}
	l->practice->sessions.granted++;
	practice_url(l->practice, url);
	buf_add_text(to, ENVELOPE "xmlns=\"" SOAP_PARTNER "\" " INSTANCE "<loginResponse><result>");
	buf_addf(to, "<metadataServerUrl>%s/services/Soap/m/%d.0/%.15s</metadataServerUrl>", url, l->version,
	         PRACTICE_ORG);
	buf_add_text(to, "<passwordExpired>false</passwordExpired><sandbox>false</sandbox>");
	buf_addf(to, "<serverUrl>%s/services/Soap/u/%d.0/%.15s</serverUrl>", url, l->version, PRACTICE_ORG);
	buf_addf(to, "<sessionId>%s</sessionId><userId>%s</userId>", session->text, PRACTICE_USER);
	write_user_info(l);
	buf_add_text(to, "</result></loginResponse>" ENVELOPE_END);
}

/* Is it a request for login() at all? */
static bool read_request(struct login *l, struct soap_request *asked)
{
	struct buf why;
	bool right;

	buf_init(&why, 4096);
	right = soap_read(asked, buf_slice(l->request->body), &why);
	if (!right)
		refuse(l, "UnexpectedErrorFault", "UNKNOWN_EXCEPTION", buf_text(&why));
	buf_release(&why);
	return right && operation_is_login(l, asked);
}

void soap_login(struct practice *p, const struct request *r, struct answer *a)
{
	struct login l = { .practice = p, .request = r, .answer = a };
	struct soap_request asked = { 0 };
	bool right;

	a->type = "text/xml;charset=UTF-8";
	if (!request_header(r, "SOAPAction"))
		right = refuse_client(&l, "SOAPAction HTTP header missing");
	else
		right = version_is_right(&l) && read_request(&l, &asked) && credentials_are_right(&l, &asked);
	if (right)
		give_session(&l);
	else
		p->sessions.refused++;
	soap_request_release(&asked);
}
