#include "practice/limits.h"

#include <string.h>

#include "practice/json_out.h"

enum {
	RECORD_KB = 2,       /* what a record takes of the storage */
	LAG_MS = 3600 * 1000 /* until a record is counted */
};

/* What a limit is measured by. */
enum left { LEFT_ALL, LEFT_API_CALLS, LEFT_BATCHES, LEFT_STORAGE, LEFT_QUERY_JOBS };

/* The names and most of the numbers are those of tests/recorded/swiftlysalesforce/MockLimits.json. */
/* clang-format off */
static const struct {
	const char *name;
	int64_t most;
	enum left left;
	bool apps; /* has the share of each connected app beside its own numbers */
} limits[] = {
	{ "AnalyticsExternalDataSizeMB", 40960, LEFT_ALL, false },
	{ "BOZosCalloutHourlyLimit", 20000, LEFT_ALL, false },
	{ "ConcurrentAsyncGetReportInstances", 200, LEFT_ALL, false },
	{ "ConcurrentEinsteinDataInsightsStoryCreation", 5, LEFT_ALL, false },
	{ "ConcurrentEinsteinDiscoveryStoryCreation", 2, LEFT_ALL, false },
	{ "ConcurrentSyncReportRuns", 20, LEFT_ALL, false },
	{ "DailyAnalyticsDataflowJobExecutions", 60, LEFT_ALL, false },
	{ "DailyAnalyticsUploadedFilesSizeMB", 51200, LEFT_ALL, false },
	{ "DailyApiRequests", 0, LEFT_API_CALLS, true },
	{ "DailyAsyncApexExecutions", 250000, LEFT_ALL, false },
	{ "DailyBulkApiBatches", 0, LEFT_BATCHES, true },
	{ "DailyBulkV2QueryFileStorageMB", 976562, LEFT_ALL, false },
	{ "DailyBulkV2QueryJobs", 10000, LEFT_QUERY_JOBS, false },
	{ "DailyDurableGenericStreamingApiEvents", 10000, LEFT_ALL, false },
	{ "DailyDurableStreamingApiEvents", 10000, LEFT_ALL, false },
	{ "DailyEinsteinDataInsightsStoryCreation", 1000, LEFT_ALL, false },
	{ "DailyEinsteinDiscoveryPredictAPICalls", 50000, LEFT_ALL, false },
	{ "DailyEinsteinDiscoveryPredictionsByCDC", 500000, LEFT_ALL, false },
	{ "DailyEinsteinDiscoveryStoryCreation", 100, LEFT_ALL, false },
	{ "DailyFunctionsApiCallLimit", 50000, LEFT_ALL, false },
	{ "DailyGenericStreamingApiEvents", 10000, LEFT_ALL, true },
	{ "DailyStandardVolumePlatformEvents", 10000, LEFT_ALL, false },
	{ "DailyStreamingApiEvents", 10000, LEFT_ALL, true },
	{ "DailyWorkflowEmails", 195, LEFT_ALL, false },
	{ "DataStorageMB", 1024, LEFT_STORAGE, false },
	{ "DurableStreamingApiConcurrentClients", 20, LEFT_ALL, false },
	{ "FileStorageMB", 1024, LEFT_ALL, false },
	{ "HourlyAsyncReportRuns", 1200, LEFT_ALL, false },
	{ "HourlyDashboardRefreshes", 200, LEFT_ALL, false },
	{ "HourlyDashboardResults", 5000, LEFT_ALL, false },
	{ "HourlyDashboardStatuses", 999999999, LEFT_ALL, false },
	{ "HourlyLongTermIdMapping", 100000, LEFT_ALL, false },
	{ "HourlyManagedContentPublicRequests", 50000, LEFT_ALL, false },
	{ "HourlyODataCallout", 1000, LEFT_ALL, false },
	{ "HourlyPublishedPlatformEvents", 50000, LEFT_ALL, false },
	{ "HourlyPublishedStandardVolumePlatformEvents", 1000, LEFT_ALL, false },
	{ "HourlyShortTermIdMapping", 100000, LEFT_ALL, false },
	{ "HourlySyncReportRuns", 500, LEFT_ALL, false },
	{ "HourlyTimeBasedWorkflow", 50, LEFT_ALL, false },
	{ "MassEmail", 10, LEFT_ALL, false },
	{ "MonthlyEinsteinDiscoveryStoryCreation", 500, LEFT_ALL, false },
	{ "MonthlyPlatformEventsUsageEntitlement", 0, LEFT_ALL, false },
	{ "Package2VersionCreates", 6, LEFT_ALL, false },
	{ "Package2VersionCreatesWithoutValidation", 500, LEFT_ALL, false },
	{ "PermissionSets", 1500, LEFT_ALL, false },
	{ "PrivateConnectOutboundCalloutHourlyLimitMB", 0, LEFT_ALL, false },
	{ "SingleEmail", 15, LEFT_ALL, false },
	{ "StreamingApiConcurrentClients", 20, LEFT_ALL, false },
};
/* clang-format on */

static const char *const apps[] = {
	"Ant Migration Tool",           "Dataloader Bulk",  "Dataloader Partner",     "Force.com IDE",
	"Salesforce Mobile Dashboards", "Salesforce Touch", "Salesforce for Outlook", "Workbench",
};

static int64_t count_storage(const struct practice *p)
{
	int64_t records = 0;

	for (size_t i = 0; i < p->schema.count; i++)
		records += p->org.tables[i].live;
	return records * RECORD_KB / 1024;
}

static int64_t used(const struct practice *p, enum left left)
{
	switch (left) {
	case LEFT_API_CALLS:
		return practice_calls(p);
	case LEFT_BATCHES:
		return practice_batches(p);
	case LEFT_STORAGE:
		return count_storage(p);
	case LEFT_QUERY_JOBS:
		return (int64_t)p->queries.created;
	case LEFT_ALL:
		break;
	}
	return 0;
}

static int64_t most(const struct practice *p, size_t limit)
{
	switch (limits[limit].left) {
	case LEFT_API_CALLS:
		return p->scenario.daily_limit;
	case LEFT_BATCHES:
		return p->scenario.daily_batch_limit;
	default:
		return limits[limit].most;
	}
}

static void write_numbers(struct json_out *o, const char *name, int64_t max, int64_t taken)
{
	json_out_key(o, name);
	json_out_object(o);
	json_out_pair_number(o, "Max", max);
	json_out_pair_number(o, "Remaining", max > taken ? max - taken : 0);
}

static void write_none(struct json_out *o, const char *name)
{
	write_numbers(o, name, 0, 0);
	json_out_end(o);
}

void limits_list(struct practice *p, const struct request *r, struct answer *a)
{
	struct json_out o;

	(void)r;
	json_out_init(&o, &a->body, true);
	json_out_object(&o);
	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
		write_numbers(&o, limits[i].name, most(p, i), used(p, limits[i].left));
		for (size_t k = 0; limits[i].apps && k < sizeof apps / sizeof apps[0]; k++)
			write_none(&o, apps[k]);
		if (strcmp(limits[i].name, "PermissionSets") == 0) {
			write_numbers(&o, "CreateCustom", 1000, 0);
			json_out_end(&o);
		}
		json_out_end(&o);
	}
	json_out_end(&o);
}

static int64_t count_old(const struct practice *p, const struct table *t)
{
	int64_t count = 0, since = practice_now(p) - LAG_MS;

	for (uint32_t i = 0; i < t->count; i++)
		count += t->rows[i]->fate == ROW_LIVES && t->rows[i]->created <= since;
	return count;
}

static void write_count(const struct practice *p, const struct table *t, struct json_out *o)
{
	int64_t count = count_old(p, t);

	if (t->count == 0)
		return; /* recorded: an object without records is not in the list */
	json_out_object(o);
	json_out_pair_number(o, "count", count);
	json_out_pair(o, "name", t->object->name);
	json_out_end(o);
}

static bool is_asked(struct slice names, const char *name)
{
	while (names.len) {
		const char *comma = memchr(names.at, ',', names.len);
		size_t len = comma ? (size_t)(comma - names.at) : names.len;

		if (slice_equal_fold(slice_trim((struct slice){ names.at, len }), slice_of(name)))
			return true;
		names = comma ? (struct slice){ comma + 1, names.len - len - 1 } : (struct slice){ NULL, 0 };
	}
	return false;
}

void limits_record_count(struct practice *p, const struct request *r, struct answer *a)
{
	const char *names = request_argument(r, "sObjects");
	struct json_out o;

	json_out_init(&o, &a->body, true);
	json_out_object(&o);
	json_out_key(&o, "sObjects");
	json_out_list(&o);
	for (size_t i = 0; i < p->schema.count; i++)
		if (!names || is_asked(slice_of(names), p->schema.objects[i].name))
			write_count(p, &p->org.tables[i], &o);
	json_out_end(&o);
	json_out_end(&o);
}
