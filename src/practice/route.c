#include "practice/route.h"

#include <stdlib.h>
#include <string.h>

#include "practice/bulk2.h"
#include "practice/control.h"
#include "practice/rest.h"
#include "practice/sign_in.h"

#define VERSION_PREFIX "/services/data/v"

/* clang-format off */
static const struct route routes[] = {
	{ "POST",   "/services/oauth2/token",              "token",             0, sign_in_token },
	{ "GET",    "/services/oauth2/userinfo",           "userinfo",          0, sign_in_user_info },
	{ "GET",    "/services/data",                      "versions",          0, rest_versions },
	{ "GET",    "@",                                   "resources",         ROUTE_API, rest_resources },
	{ "GET",    "@/sobjects",                          "objects",           ROUTE_API, rest_objects },
	{ "GET",    "@/sobjects/*/describe",               "describe",          ROUTE_API, rest_describe },
	{ "GET",    "@/sobjects/*/*",                      "row",               ROUTE_API, rest_row },
	{ "GET",    "@/limits",                            "limits",            ROUTE_API, rest_limits },
	{ "GET",    "@/query",                             "query",             ROUTE_API, rest_query },
	{ "GET",    "@/queryAll",                          "query_all",         ROUTE_API, rest_query_all },
	{ "GET",    "@/query/*",                           "query_page",        ROUTE_API, rest_query_page },
	{ "GET",    "@/queryAll/*",                        "query_page",        ROUTE_API, rest_query_page },
	{ "POST",   "@/jobs/ingest",                       "job_create",        ROUTE_API, bulk2_create },
	{ "GET",    "@/jobs/ingest",                       "job_list",          ROUTE_API, bulk2_list },
	{ "GET",    "@/jobs/ingest/*",                     "job_get",           ROUTE_API, bulk2_get },
	{ "PATCH",  "@/jobs/ingest/*",                     "job_change",        ROUTE_API, bulk2_change },
	{ "DELETE", "@/jobs/ingest/*",                     "job_delete",        ROUTE_API, bulk2_delete },
	{ "PUT",    "@/jobs/ingest/*/batches",             "job_upload",        ROUTE_API | ROUTE_UPLOAD, bulk2_upload },
	{ "GET",    "@/jobs/ingest/*/successfulResults",   "job_successful",    ROUTE_API, bulk2_successful },
	{ "GET",    "@/jobs/ingest/*/failedResults",       "job_failed",        ROUTE_API, bulk2_failed },
	{ "GET",    "@/jobs/ingest/*/unprocessedrecords",  "job_unprocessed",   ROUTE_API, bulk2_unprocessed },
	{ "GET",    "/practice/audit",                     "practice",          0, control_audit },
	{ "GET",    "/practice/rows",                      "practice",          0, control_rows },
	{ "GET",    "/practice/counters",                  "practice",          0, control_counters },
	{ "POST",   "/practice/reset",                     "practice",          0, control_reset },
	{ "POST",   "/practice/scenario",                  "practice",          0, control_scenario },
	{ "POST",   "/practice/expire-sessions",           "practice",          0, control_expire_sessions },
	{ "POST",   "/practice/clock",                     "practice",          0, control_clock },
};
/* clang-format on */

enum { ROUTES = sizeof routes / sizeof routes[0] };
_Static_assert(sizeof routes / sizeof routes[0] <= (size_t)COUNTED_KINDS, "each route has its counter");

const char *route_kind(size_t number)
{
	return number < ROUTES ? routes[number].kind : NULL;
}

/* Cuts "/services/data/v62.0" off the front: the version, and the rest in *path. 0: there is none. */
static int cut_version(char **path)
{
	char *at = *path, *end;
	long version;

	if (strncmp(at, VERSION_PREFIX, sizeof VERSION_PREFIX - 1) != 0)
		return 0;
	version = strtol(at + sizeof VERSION_PREFIX - 1, &end, 10);
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

static void cut_parts(struct request *r, char *stars[HTTP_PARTS])
{
	for (size_t i = 0; i < HTTP_PARTS && stars[i]; i++) {
		char *end = strchr(stars[i], '/');

		r->part[i] = stars[i];
		if (end)
			*end = '\0';
	}
}

const struct route *route_find(struct request *r, char *path, bool *known)
{
	const struct route *found = NULL;
	char *stars[HTTP_PARTS] = { NULL };
	char *rest = path;

	*known = false;
	r->version = cut_version(&rest);
	for (size_t i = 0; i < ROUTES && !found; i++) {
		bool versioned = routes[i].pattern[0] == '@';

		memset(stars, 0, sizeof stars);
		if (versioned != (r->version != 0) || !fits(routes[i].pattern + versioned, rest, stars))
			continue;
		*known = true;
		if (strcmp(routes[i].method, r->method) == 0)
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
		answer_error(a, 401, "INVALID_SESSION_ID", "Session expired or invalid");
		return false;
	}
	if ((int64_t)p->api_calls >= p->scenario.daily_limit) {
		answer_error(a, 403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
		return false;
	}
	p->api_calls++;
	return true;
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
		else if (known)
			answer_error(a, 405, "METHOD_NOT_ALLOWED", "HTTP Method '%s' not allowed", r->method);
		else
			answer_error(a, 404, "NOT_FOUND", "The requested resource does not exist");
	}
	if (api)
		answer_header(a, "Sforce-Limit-Info", "api-usage=%llu/%lld", (unsigned long long)p->api_calls,
		              (long long)p->scenario.daily_limit);
}
