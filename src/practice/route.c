#include "practice/route.h"

#include <stdlib.h>
#include <string.h>

#include "practice/bulk1.h"
#include "practice/bulk1_text.h"
#include "practice/bulk2.h"
#include "practice/bulk2_query.h"
#include "practice/collections.h"
#include "practice/composite.h"
#include "practice/control.h"
#include "practice/identity.h"
#include "practice/oauth.h"
#include "practice/limits.h"
#include "practice/rest.h"
#include "practice/rows.h"
#include "practice/sign_in.h"
#include "practice/soap.h"
#include "practice/type_values.h"

#define VERSION_PREFIX "/services/data/v"
#define ASYNC_PREFIX "/services/async/"
#define TOO_MANY_AT_ONCE "ConcurrentRequests (Concurrent API Requests) Limit exceeded."

/* clang-format off */
static const struct route routes[] = {
	{ "POST",   "/services/oauth2/token",              "token",             0, oauth_token },
	{ "GET",    "/services/oauth2/authorize",          "authorize",         0, oauth_authorize },
	{ "POST",   "/services/oauth2/authorize",          "authorize",         0, oauth_decide },
	{ "GET",    "/services/oauth2/revoke",             "revoke",            0, oauth_revoke },
	{ "POST",   "/services/oauth2/revoke",             "revoke",            0, oauth_revoke },
	{ "POST",   "/services/oauth2/introspect",         "introspect",        0, oauth_introspect },
	{ "GET",    "/services/oauth2/userinfo",           "userinfo",          0, identity_user_info },
	{ "POST",   "/services/oauth2/userinfo",           "userinfo",          0, identity_user_info },
	{ "GET",    "/id/*/*",                             "identity",          0, identity_show },
	{ "POST",   "/services/Soap/u/*",                  "soap",              0, soap_call },
	{ "POST",   "/services/Soap/u/*/*",                "soap",              0, soap_call },
	{ "GET",    "/services/data",                      "versions",          0, rest_versions },
	{ "GET",    "@",                                   "resources",         ROUTE_API, rest_resources },
	{ "GET",    "@/sobjects",                          "objects",           ROUTE_API, rest_objects },
	{ "GET",    "@/sobjects/*/describe",               "describe",          ROUTE_API, rest_describe },
	{ "GET",    "@/sobjects/*",                        "object",            ROUTE_API, rows_object },
	{ "POST",   "@/sobjects/*",                        "row_create",        ROUTE_API, rows_create },
	{ "POST",   "@/sobjects/*/*",                      "row_create",        ROUTE_API, rows_create },
	{ "GET",    "@/sobjects/*/*",                      "row",               ROUTE_API, rows_get },
	{ "GET",    "@/sobjects/*/*/*",                    "row",               ROUTE_API, rows_get_by_key },
	{ "PATCH",  "@/sobjects/*/*",                      "row_update",        ROUTE_API, rows_update },
	{ "PATCH",  "@/sobjects/*/*/*",                    "row_upsert",        ROUTE_API, rows_upsert },
	{ "DELETE", "@/sobjects/*/*",                      "row_delete",        ROUTE_API, rows_delete },
	{ "DELETE", "@/sobjects/*/*/*",                    "row_delete",        ROUTE_API, rows_delete_by_key },
	{ "POST",   "@/composite",                         "composite",         ROUTE_API, composite_run },
	{ "GET",    "@/composite/sobjects/*",              "collection_get",    ROUTE_API, collections_get },
	{ "POST",   "@/composite/sobjects/*",              "collection_get",    ROUTE_API, collections_retrieve },
	{ "POST",   "@/composite/sobjects",                "collection_create", ROUTE_API, collections_create },
	{ "PATCH",  "@/composite/sobjects",                "collection_update", ROUTE_API, collections_update },
	{ "DELETE", "@/composite/sobjects",                "collection_delete", ROUTE_API, collections_delete },
	{ "PATCH",  "@/composite/sobjects/*/*",            "collection_upsert", ROUTE_API, collections_upsert },
	{ "GET",    "@/limits",                            "limits",            ROUTE_API, limits_list },
	{ "GET",    "@/limits/recordCount",                "record_count",      ROUTE_API, limits_record_count },
	{ "GET",    "@/query",                             "query",             ROUTE_API, rest_query },
	{ "GET",    "@/queryAll",                          "query_all",         ROUTE_API, rest_query_all },
	{ "GET",    "@/tooling/query",                     "tooling_query",     ROUTE_API, rest_tooling_query },
	{ "GET",    "@/query/*",                           "query_page",        ROUTE_API, rest_query_page },
	{ "GET",    "@/queryAll/*",                        "query_page",        ROUTE_API, rest_query_page },
	{ "GET",    "@/ui-api/object-info/*/picklist-values/*", "picklist_values", ROUTE_API, type_values_show },
	{ "POST",   "@/jobs/ingest",                       "job_create",        ROUTE_API, bulk2_create },
	{ "GET",    "@/jobs/ingest",                       "job_list",          ROUTE_API, bulk2_list },
	{ "GET",    "@/jobs/ingest/*",                     "job_get",           ROUTE_API, bulk2_get },
	{ "PATCH",  "@/jobs/ingest/*",                     "job_change",        ROUTE_API, bulk2_change },
	{ "DELETE", "@/jobs/ingest/*",                     "job_delete",        ROUTE_API, bulk2_delete },
	{ "PUT",    "@/jobs/ingest/*/batches",             "job_upload",        ROUTE_API | ROUTE_UPLOAD, bulk2_upload },
	{ "GET",    "@/jobs/ingest/*/successfulResults",   "job_successful",    ROUTE_API, bulk2_successful },
	{ "GET",    "@/jobs/ingest/*/failedResults",       "job_failed",        ROUTE_API, bulk2_failed },
	{ "GET",    "@/jobs/ingest/*/unprocessedrecords",  "job_unprocessed",   ROUTE_API, bulk2_unprocessed },
	{ "POST",   "@/jobs/query",                        "query_job_create",  ROUTE_API, bulk2_query_create },
	{ "GET",    "@/jobs/query",                        "query_job_list",    ROUTE_API, bulk2_query_list },
	{ "GET",    "@/jobs/query/*",                      "query_job_get",     ROUTE_API, bulk2_query_get },
	{ "PATCH",  "@/jobs/query/*",                      "query_job_change",  ROUTE_API, bulk2_query_change },
	{ "DELETE", "@/jobs/query/*",                      "query_job_delete",  ROUTE_API, bulk2_query_delete },
	{ "GET",    "@/jobs/query/*/results",              "query_job_results", ROUTE_API, bulk2_query_results },
	{ "POST",   "%/job",                               "bulk1_job_create",  ROUTE_API, bulk1_create },
	{ "GET",    "%/job/*",                             "bulk1_job_get",     ROUTE_API, bulk1_get },
	{ "POST",   "%/job/*",                             "bulk1_job_change",  ROUTE_API, bulk1_change },
	{ "POST",   "%/job/*/batch",                       "bulk1_batch_add",   ROUTE_API, bulk1_add_batch },
	{ "GET",    "%/job/*/batch",                       "bulk1_batch_list",  ROUTE_API, bulk1_list_batches },
	{ "GET",    "%/job/*/batch/*",                     "bulk1_batch_get",   ROUTE_API, bulk1_get_batch },
	{ "GET",    "%/job/*/batch/*/request",             "bulk1_batch_data",  ROUTE_API, bulk1_batch_request },
	{ "GET",    "%/job/*/batch/*/result",              "bulk1_result",      ROUTE_API, bulk1_result },
	{ "GET",    "%/job/*/batch/*/result/*",            "bulk1_result",      ROUTE_API, bulk1_query_part },
	{ "GET",    "/practice/audit",                     "practice",          0, control_audit },
	{ "GET",    "/practice/rows",                      "practice",          0, control_rows },
	{ "GET",    "/practice/counters",                  "practice",          0, control_counters },
	{ "POST",   "/practice/reset",                     "practice",          0, control_reset },
	{ "POST",   "/practice/scenario",                  "practice",          0, control_scenario },
	{ "POST",   "/practice/expire-sessions",           "practice",          0, control_expire_sessions },
	{ "POST",   "/practice/clock",                     "practice",          0, control_clock },
};
/* clang-format on */

/* What the oldest versions have not: whatever begins so. */
static const struct {
	const char *pattern;
	int since;
} younger[] = {
	{ "@/composite/sobjects/*/*", 46 }, /* salesforce-api.md E1 */
	{ "@/jobs/query", 47 },
};

enum { ROUTES = sizeof routes / sizeof routes[0] };
_Static_assert(sizeof routes / sizeof routes[0] <= (size_t)COUNTED_KINDS, "each route has its counter");

const char *route_kind(size_t number)
{
	return number < ROUTES ? routes[number].kind : NULL;
}

char *route_clean(const char *url, size_t len)
{
	char *path = malloc(len + 2), *to = path;

	if (!path)
		return NULL;
	*to++ = '/';
	for (const char *end = url + len; url < end; url++)
		if (*url != '/' || to[-1] != '/')
			*to++ = *url;
	while (to > path + 1 && to[-1] == '/')
		to--;
	*to = '\0';
	return path;
}

/* Cuts "/services/data/v62.0" or another prefix off the front: the version, and the rest in *path. 0: there is none. */
static int cut_version(char **path, const char *prefix)
{
	char *at = *path, *end;
	long version;

	if (strncmp(at, prefix, strlen(prefix)) != 0)
		return 0;
	version = strtol(at + strlen(prefix), &end, 10);
	if (version < OLDEST_VERSION || version > NEWEST_VERSION || strncmp(end, ".0", 2) != 0 ||
	    (end[2] != '/' && end[2] != '\0'))
		return 0;
	*path = end + 2;
	return (int)version;
}

/* Does the path fit the pattern? The parts that its stars stand for are noted, to be cut out later. */
static bool fits(const char *pattern, char *path, char *stars[HTTP_PARTS])
{
	size_t n = 0;

	for (; *pattern; pattern++) {
		if (*pattern != '*') {
			if (*pattern != *path++)
				return false;
			continue;
		}
		if (*path == '\0' || *path == '/')
			return false;
		stars[n++] = path;
		while (*path && *path != '/')
			path++;
	}
	return *path == '\0';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 32);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void route_decode(char *text)
{
	char *to = text;

	for (const char *at = text; *at; at++) {
		int high = at[0] == '%' ? hex_digit(at[1]) : -1;
		int low = high >= 0 ? hex_digit(at[2]) : -1;

		if (low >= 0 && (high || low)) {
			*to++ = (char)(high * 16 + low);
			at += 2;
		} else {
			*to++ = *at;
		}
	}
	*to = '\0';
}

static void cut_parts(struct request *r, char *stars[HTTP_PARTS])
{
	for (size_t i = 0; i < HTTP_PARTS && stars[i]; i++) {
		char *end = strchr(stars[i], '/');

		r->part[i] = stars[i];
		if (end)
			*end = '\0';
	}
	for (size_t i = 0; i < HTTP_PARTS && stars[i]; i++)
		route_decode(stars[i]);
}

static bool is_there(const struct route *route, int version)
{
	for (size_t i = 0; i < sizeof younger / sizeof younger[0]; i++)
		if (version < younger[i].since &&
		    strncmp(route->pattern, younger[i].pattern, strlen(younger[i].pattern)) == 0)
			return false;
	return true;
}

const struct route *route_find(struct request *r, char *path, bool *known)
{
	const struct route *found = NULL;
	char *stars[HTTP_PARTS] = { NULL };
	char *rest = path;
	/* the same answer without its body, which the server leaves out */
	const char *method = strcmp(r->method, "HEAD") == 0 ? "GET" : r->method;

	*known = false;
	r->version = cut_version(&rest, VERSION_PREFIX);
	if (!r->version) {
		r->version = cut_version(&rest, ASYNC_PREFIX);
		r->async = r->version != 0;
	}
	for (size_t i = 0; i < ROUTES && !found; i++) {
		char first = routes[i].pattern[0], wanted = r->async ? '%' : r->version ? '@' : '/';

		memset(stars, 0, sizeof stars);
		if (first != wanted || !fits(routes[i].pattern + (wanted != '/'), rest, stars) ||
		    !is_there(&routes[i], r->version))
			continue;
		*known = true;
		if (strcmp(routes[i].method, method) == 0)
			found = &routes[i];
	}
	if (found)
		cut_parts(r, stars);
	return found;
}

/* Refuses a call without a live token, or beyond the daily limit; true if it may go on. */
static bool admit(struct practice *p, const struct request *r, struct answer *a)
{
	if (!sign_in_holds(p, r)) {
		if (r->async)
			return bulk1_error(r, a, "InvalidSessionId", "Invalid session id"), false;
		answer_error(a, 401, "INVALID_SESSION_ID", "Session expired or invalid");
		return false;
	}
	practice_turn_day(p);
	if (practice_calls(p) >= p->scenario.daily_limit) {
		if (r->async)
			return bulk1_error(r, a, "ExceededQuota", "TotalRequests Limit exceeded."), false;
		answer_error(a, 403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
		return false;
	}
	if (p->scenario.concurrent_limit > 0 && p->in_flight > p->scenario.concurrent_limit) {
		if (r->async)
			return bulk1_error(r, a, "ExceededQuota", TOO_MANY_AT_ONCE), false;
		answer_error(a, 403, "REQUEST_LIMIT_EXCEEDED", TOO_MANY_AT_ONCE);
		return false;
	}
	p->api_calls++;
	return true;
}

/* Versions 21 to 30 are retired (salesforce-api.md A7). */
static bool is_retired(const char *path, const char *prefix)
{
	long version = strncmp(path, prefix, strlen(prefix)) == 0 ? strtol(path + strlen(prefix), NULL, 10) : 0;

	return version >= 21 && version <= 30;
}

static void no_route(const struct request *r, bool known, struct answer *a)
{
	if (r->async)
		bulk1_error(r, a, known ? "MethodNotAllowed" : "InvalidUrl", "%s %.200s", r->method, r->path);
	else if (known)
		answer_error(a, 405, "METHOD_NOT_ALLOWED", "HTTP Method '%s' not allowed", r->method);
	else if (is_retired(r->path, VERSION_PREFIX))
		answer_error(a, 410, "GONE", "The requested API version is retired");
	else if (is_retired(r->path, ASYNC_PREFIX))
		bulk1_error(r, a, "InvalidVersion", "The requested API version is retired");
	else
		answer_error(a, 404, "NOT_FOUND", "The requested resource does not exist");
}

void route_add_usage(const struct practice *p, struct answer *a)
{
	answer_header(a, "Sforce-Limit-Info", "api-usage=%lld/%lld", (long long)practice_calls(p),
	              (long long)p->scenario.daily_limit);
}

void route_answer(struct practice *p, const struct route *route, bool known, const struct request *r,
                  struct answer *a)
{
	bool api = route ? (route->flags & ROUTE_API) != 0 : r->version != 0;

	if (route)
		p->counts[route - routes]++;
	if (!api || admit(p, r, a)) {
		if (route)
			route->handle(p, r, a);
		else
			no_route(r, known, a);
	}
	if (api)
		route_add_usage(p, a);
}
