/*
 * org.h - a Salesforce org that one is signed in to.
 *
 * org_open() signs in, finds the newest API version both sides know (or takes the given one) and who and
 * where one is. Renewing the session is its own affair: a 401 is renewed once, by whichever request sees it first, and
 * that request sent again (it was not processed, salesforce-api.md A8), uploads apart. One thread.
 */
#ifndef LONGSHORE_ORG_ORG_H
#define LONGSHORE_ORG_ORG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/org/answer.h"
#include "core/org/describe.h"
#include "core/org/http.h"
#include "core/org/settings.h"

struct org;

/* clang-format off */
#define ORG_KINDS(X)                                                                                   \
	X(PRODUCTION, "production") X(SANDBOX, "sandbox") X(DEVELOPER, "developer") X(TRIAL, "trial")  \
	X(SCRATCH, "scratch") X(PRACTICE, "practice")
/* clang-format on */

/* From Organization.IsSandbox, OrganizationType, TrialExpirationDate and the host; what is not recognised is production. */
enum org_kind {
#define X(name, text) ORG_##name,
	ORG_KINDS(X)
#undef X
};

const char *org_kind_name(enum org_kind kind);

struct org_identity {
	char org_id[19], user_id[19]; /* 18 characters */
	char org_name[128];           /* Organization.Name */
	char username[128];
	char instance_url[256]; /* without a slash at the end */
	char host[256];
	char api_version[8]; /* "62.0" */
	enum org_kind kind;
};

/* Signs in. settings are copied as far as needed for renewing. ERR_REFUSED with Salesforce's reason and the next step,
 * ERR_UNREACHABLE, ERR_USAGE for incomplete settings. The caller closes it. */
enum err_code org_open(struct org **org, const struct settings *settings, struct err *e);
/* The same; its calls are counted on in `calls` (NULL: from 0, in the org), which must live as long as the org. */
enum err_code org_open_counted(struct org **org, const struct settings *settings, int64_t *calls,
                               struct err *e);
void org_close(struct org *org); /* wipes the session */

const struct org_identity *org_identity(const struct org *org);
struct http *org_http(struct org *org); /* to turn */

/* A sentence when the way of signing in is being switched off by Salesforce: until when, what to use instead. Else NULL. */
const char *org_notice(const struct org *org);

/* API calls sent so far, each counted before it leaves, as the org counts them: each request under /services/data/vXX.X that was answered, and each that
 * may have arrived without an answer; not one refused with 401 or for a limit of calls, which the org does not count either. Sign-in, userinfo
 * and the version list are none. */
int64_t org_calls(const struct org *org);

/* The org's clock now, UTC, never ahead of it: its last Date, and what has passed since. 0 if it was never heard. */
int64_t org_server_now(const struct org *org);

/* Calls left today as the org said in its last Sforce-Limit-Info; false if it never said. */
bool org_calls_left(const struct org *org, int64_t *left, int64_t *most);

/* The org's objects; the describe of one. The caller frees. ERR_REFUSED for an unknown object ("there is no object Accnt
 * in ...: `longshore objects` lists them"). describe_json: the text as it came, added to json; NULL object to skip parsing. */
enum err_code org_objects(struct org *org, struct object_list **list, struct err *e);
enum err_code org_describe(struct org *org, const char *object, struct object **parsed, struct buf *json,
                           struct err *e);

/* Runs a query, all pages, and hands over each row's values in the order of `fields` ("" for null). `fields` are names in
 * the SELECT, relationship fields as "Account.Ext__c", of a query within it "Contacts.records.Id" for the first row. Returning false stops. */
typedef bool org_row(void *ctx, const struct slice *values);
enum err_code org_query(struct org *org, const char *soql, const char *const *fields, size_t field_count,
                        org_row *row, void *ctx, struct err *e);

/* The same, not waited for: rows are handed over as the pages come, from http_turn(), then `done` is called once, or never if
 * the org is closed first. Rows count only if `done` says VERDICT_DONE. `fields` must live until then. */
typedef void org_asked(void *ctx, const struct answer *answer);
enum err_code org_query_start(struct org *org, const char *soql, const char *const *fields, size_t field_count,
                              org_row *row, org_asked *done, void *ctx, struct err *e);

/* As org_query(), with records that were deleted since. */
enum err_code org_query_all(struct org *org, const char *soql, const char *const *fields, size_t field_count,
                            org_row *row, void *ctx, struct err *e);

/* For the files of this room and the engine: starts a request under /services/data/vXX.X, path beginning with a slash.
 * Session, version and counting are looked after. `request->url` and `bearer` are ignored. A request whose body is
 * produced, or whose `call` is asked for (so that it can be broken off), is not sent again after a 401: while the session
 * is renewed it ends with VERDICT_TRY_AGAIN and TROUBLE_NONE, and with REJECTED and TROUBLE_SESSION if it cannot be. Nor
 * does it wait for a renewal under way. org_close() drops what is in flight: its `done` is not called; not from a `done`. */
enum err_code org_start(struct org *org, const char *path, const struct http_request *request,
                        struct http_call **call, struct err *e);
enum err_code org_wait(struct org *org, const char *path, const struct http_request *request,
                       struct answer *answer, struct buf *body, struct err *e);

#endif
