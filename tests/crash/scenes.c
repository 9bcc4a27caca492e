#include "scenes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	WRITES_ONE_IN =
		12, /* of an undisturbed load's further writes to a file, and of what comes before its jobs */
	CAREFUL_SAMPLE = 20, /* moments of a probe */
	BOTH_SAMPLE = 8,
	CANCEL_SAMPLE = 34,
	AGAIN_SAMPLE = 26,
	LONGEST_RESUME = 400, /* moments of a resume, about */
	SECOND_ONE_IN = 10,   /* of a retry's or an undo's moments away from its requests */
	ASKING_FIRST = 5,     /* moments of an answer that is asked for, and of what is put down of it */
	ASKING_SAMPLE = 9,    /* of what comes after it */
	REQUESTS = 3,         /* of an undisturbed load through collections */
	BEFORE_REQUEST =
		24, /* moments before the first one that are its own: the chunk is planned, then sending */
	REQUEST_AGAIN = 12,   /* of collections: of AGAIN_SAMPLE */
	REQUEST_RESUME = 200, /* of LONGEST_RESUME */
};

/* What the org does to a load that is killed besides: each in the middle of a chunk's life. */
static const struct {
	const char *from, *scenario;
} faults[] = {
	{ "", "{\"faults\":[{\"method\":\"POST\",\"path\":\"*/jobs/"
	      "ingest\",\"nth\":2,\"action\":\"drop_after\"}]}" },
	{ "/batches", "{\"faults\":[{\"method\":\"PUT\",\"nth\":1,\"action\":\"drop_before\"}]}" },
	{ "/batches", "{\"faults\":[{\"method\":\"PUT\",\"nth\":2,\"action\":\"drop_after\"}]}" },
	{ "\"Aborted\"", "{\"faults\":[{\"method\":\"PUT\",\"nth\":1,\"action\":\"drop_after\"}]}" },
	{ "\"Aborted\"",
	  "{\"faults\":[{\"method\":\"PUT\",\"nth\":1,\"action\":\"cut_upload\",\"bytes\":60}]}" },
	{ "UploadComplete", "{\"faults\":[{\"method\":\"PATCH\",\"nth\":1,\"action\":\"drop_before\"}]}" },
	{ "UploadComplete", "{\"faults\":[{\"method\":\"PATCH\",\"nth\":1,\"action\":\"drop_after\"}]}" },
	/* the org takes its time: the request is on its way when a resume asks */
	{ "UploadComplete",
	  "{\"faults\":[{\"method\":\"PATCH\",\"times\":2,\"action\":\"delay\",\"ms\":300}]}" },
	{ "/batches", "{\"faults\":[{\"method\":\"PUT\",\"times\":2,\"action\":\"delay\",\"ms\":300}]}" },
	{ "/successfulResults",
	  "{\"faults\":[{\"path\":\"*/successfulResults\",\"nth\":2,\"action\":\"cut_answer\","
	  "\"bytes\":40}]}" },
};

/* The same for a load through collections. */
static const char *const request_faults[] = {
	"{\"faults\":[{\"path\":\"*/composite/sobjects*\",\"nth\":1,\"action\":\"drop_before\"}]}",
	"{\"faults\":[{\"path\":\"*/composite/sobjects*\",\"nth\":2,\"action\":\"drop_after\"}]}",
};

/* Jobs that vanish before and after their close, and results that leave out records. */
static const struct {
	enum scene_group group;
	const char *from, *scenario;
} troubles[] = {
	{ GROUP_JOB, "/batches",
	  "{\"faults\":[{\"action\":\"lose_job\",\"object\":\"Account\",\"nth\":2,\"state\":\"Open\"}]}" },
	{ GROUP_JOB, "UploadComplete",
	  "{\"faults\":[{\"action\":\"lose_job\",\"object\":\"Account\",\"nth\":1,\"state\":\"InProgress\"}]"
	  "}" },
	{ GROUP_JOB, "UploadComplete",
	  "{\"faults\":[{\"action\":\"lose_job\",\"object\":\"Account\",\"nth\":3,\"state\":\"JobComplete\"}]"
	  "}" },
	{ GROUP_RESULTS, "/successfulResults",
	  "{\"faults\":[{\"action\":\"short_results\",\"object\":\"Account\",\"nth\":2,\"each\":3}]}" },
};

static uint64_t draw(struct scenes *s)
{
	s->random = s->random * 6364136223846793005u + 1442695040888963407u;
	return s->random >> 33;
}

bool scenes_add(struct scenes *s, const struct scene *scene)
{
	if (s->count == s->room) {
		size_t room = s->room ? s->room * 2 : 256;
		struct scene *list = realloc(s->list, room * sizeof *list);
		struct scene_result *results = realloc(s->results, room * sizeof *results);

		s->list = list ? list : s->list;
		s->results = results ? results : s->results;
		if (!list || !results)
			return false;
		s->room = room;
	}
	s->results[s->count] = (struct scene_result){ 0 };
	s->list[s->count++] = *scene;
	return true;
}

void scenes_release(struct scenes *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->results[i].moments);
	free(s->list);
	free(s->results);
}

static struct scene make(enum scene_group group, enum action action, const char *from, const char *scenario)
{
	struct scene scene = { .group = group, .action = action, .failures = true };

	snprintf(scene.from, sizeof scene.from, "%s", from);
	snprintf(scene.scenario, sizeof scene.scenario, "%s", scenario);
	return scene;
}

static void probe_retry(struct scenes *s, enum action action, bool collections)
{
	struct scene scene = make(GROUP_RETRY, action, "", "{}");

	scene.collections = collections;
	scene.failures = false;
	scene.retry = true;
	scenes_add(s, &scene);
}

static void probe_undo(struct scenes *s, enum action action, bool collections)
{
	struct scene scene = make(GROUP_UNDO, action, "", "{}");

	scene.collections = collections;
	scene.failures = false;
	scene.undo = true;
	if (!action_deletes(action)) /* a delete cannot be undone */
		scenes_add(s, &scene);
}

/* Moments are those from the first question to the org on. */
static void probe_asks(struct scenes *s, enum action action, bool collections)
{
	struct scene scene = make(GROUP_UNCHANGED, action, "/query", "{}");

	if (action != ACTION_UPDATE && action != ACTION_UPSERT)
		return;
	scene.collections = collections;
	scene.asks = PLAY_ASKS_UNCHANGED;
	scenes_add(s, &scene);
	scene.group = GROUP_FIRST;
	scene.asks = PLAY_ASKS_FIRST;
	scenes_add(s, &scene);
}

static void probe_requests(struct scenes *s, enum action action)
{
	struct scene scene = make(GROUP_KILL, action, "", "{}");

	scene.collections = true;
	scenes_add(s, &scene);
	probe_retry(s, action, true);
	probe_undo(s, action, true);
	probe_asks(s, action, true);
	for (size_t i = 0; i < sizeof request_faults / sizeof request_faults[0]; i++) {
		scene = make(GROUP_BOTH, action, "/composite/sobjects", request_faults[i]);
		scene.collections = true;
		scenes_add(s, &scene);
	}
}

bool scenes_want(const struct scenes *s, bool collections)
{
	return !s->api || strcmp(s->api, play_api(collections)) == 0;
}

void scenes_probes(struct scenes *s)
{
	for (enum action a = ACTION_INSERT; a <= ACTION_DELETE && scenes_want(s, true); a++)
		probe_requests(s, a);
	if (!scenes_want(s, false))
		return;
	for (enum action a = ACTION_INSERT; a < ACTION_COUNT; a++) {
		struct scene scene = make(GROUP_KILL, a, "", "{}");

		scenes_add(s, &scene);
		scene = make(GROUP_CAREFUL, a, "", "{}");
		scene.failures = false;
		scenes_add(s, &scene);
		scene = make(GROUP_CANCEL, a, "\"Aborted\"", "{\"start_delay_ms\":600000}");
		scene.cancel = true;
		scenes_add(s, &scene);
		for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
			scene = make(GROUP_BOTH, a, faults[i].from, faults[i].scenario);
			scenes_add(s, &scene);
		}
		probe_retry(s, a, false);
		probe_undo(s, a, false);
		probe_asks(s, a, false);
		for (size_t i = 0; i < sizeof troubles / sizeof troubles[0]; i++) {
			scene = make(troubles[i].group, a, troubles[i].from, troubles[i].scenario);
			scenes_add(s, &scene);
		}
	}
}

static bool is_request(const struct moment *m)
{
	return strcmp(m->what, "send-before") == 0 && strstr(m->text, " /services/");
}

static void add_drop(struct scenes *s, enum action action, const char *connection, int nth, const char *does)
{
	struct scene scene = make(GROUP_DROP, action, "", "");

	snprintf(scene.scenario, sizeof scene.scenario,
	         "{\"faults\":[{\"connection\":\"%s\",\"nth\":%d,\"action\":\"%s\",\"bytes\":20}]}", connection,
	         nth, does);
	scenes_add(s, &scene);
}

/* A request's connection broken: before it, after it, in its answer, and with the request carried out afterwards. The retry
 * of the first may break as well. */
static void drop_requests(struct scenes *s, enum action action)
{
	static const char *const does[] = { "drop_before", "drop_after", "cut_answer", "late" };

	for (int n = 0; n <= REQUESTS; n++)
		for (size_t i = 0; i < sizeof does / sizeof does[0]; i++) {
			struct scene scene = make(GROUP_DROP, action, "", "");

			scene.collections = true;
			snprintf(scene.scenario, sizeof scene.scenario,
			         "{\"faults\":[{\"path\":\"*/composite/sobjects*\",\"%s\":%d,\"action\":\"%s\","
			         "\"bytes\":20,\"ms\":20}]}",
			         n ? "nth" : "times", n ? n : 2, does[i]);
			scenes_add(s, &scene);
		}
}

void scenes_drops(struct scenes *s, const struct scene *probe, const struct scene_result *result)
{
	int writes = 0, reads = 0;

	if (probe->group != GROUP_KILL)
		return;
	if (probe->collections) {
		drop_requests(s, probe->action);
		return;
	}
	for (size_t i = 0; i < result->moment_count; i++) {
		const struct moment *m = &result->moments[i];

		writes += is_request(m) && strncmp(m->text, "GET ", 4) != 0;
		reads += is_request(m) && strncmp(m->text, "GET ", 4) == 0;
	}
	/* each write goes through a connection of its own; the two sign-ins' first reads may, too */
	for (int n = 1; n <= writes + 2; n++) {
		add_drop(s, probe->action, "fresh", n, "drop_before");
		add_drop(s, probe->action, "fresh", n, "drop_after");
		if (n % 2 == 0 || s->all)
			add_drop(s, probe->action, "fresh", n, "cut_answer");
	}
	for (int n = 1; n <= reads; n++) {
		add_drop(s, probe->action, "reused", n, "drop_before");
		add_drop(s, probe->action, "reused", n, "drop_after");
		if (n % 2 == 0 || s->all)
			add_drop(s, probe->action, "reused", n, "cut_answer");
	}
}

static void add_kill(struct scenes *s, const struct scene *probe, size_t at)
{
	struct scene scene = *probe;

	scene.at = (long)at;
	scenes_add(s, &scene);
}

/* Every moment around a send, an answer, and the begin and the end of a transaction, and some of the rest. What comes before
 * the first job, two sign-ins and the check, is the same for every action: inserts stand for all. */
static void add_kills(struct scenes *s, const struct scene *probe, const struct scene_result *result)
{
	bool sent = probe->action == ACTION_INSERT;

	for (size_t i = 0; i < result->moment_count; i++) {
		const struct moment *m = &result->moments[i];

		sent = sent || strstr(m->text, "/jobs/ingest");
		if (s->all || (sent && strcmp(m->what, "write") != 0) || draw(s) % WRITES_ONE_IN == 0)
			add_kill(s, probe, i + 1);
	}
}

static bool is_exchange(const struct moment *m)
{
	return strncmp(m->what, "send", 4) == 0 || strcmp(m->what, "received") == 0;
}

/* From where the first request is made ready: every moment around a request and its answer, and of the transactions every
 * one for an insert and a delete, every second for updates and upserts, which go the same way. */
static void kill_requests(struct scenes *s, const struct scene *probe, const struct scene_result *result)
{
	bool every = s->all || probe->action == ACTION_INSERT || probe->action == ACTION_DELETE;
	size_t first = 0;

	while (first < result->moment_count && !strstr(result->moments[first].text, "/composite/sobjects"))
		first++;
	for (size_t i = first > BEFORE_REQUEST ? first - BEFORE_REQUEST : 0; i < result->moment_count; i++)
		if (s->all ||
		    (strcmp(result->moments[i].what, "write") != 0 &&
		     (every || i % 2 || is_exchange(&result->moments[i]))) ||
		    draw(s) % WRITES_ONE_IN == 0)
			add_kill(s, probe, i + 1);
}

static void add_sample(struct scenes *s, const struct scene *probe, const struct scene_result *result,
                       size_t most)
{
	size_t step = result->moment_count / most + 1;

	for (size_t i = s->all ? 0 : draw(s) % step; i < result->moment_count; i += s->all ? 1 : step)
		add_kill(s, probe, i + 1);
}

/* Every moment around a request and its answer, and a sample of the others. */
static void kill_second(struct scenes *s, const struct scene *probe, const struct scene_result *result)
{
	bool sent = false;

	for (size_t i = 0; i < result->moment_count; i++) {
		const struct moment *m = &result->moments[i];

		sent = sent || strstr(m->text, "/jobs/ingest") || strstr(m->text, "/composite/sobjects");
		if (s->all || (sent && is_exchange(m)) || draw(s) % SECOND_ONE_IN == 0)
			add_kill(s, probe, i + 1);
	}
}

/* The question and what comes of it, and a sample of the others. */
static void kill_asking(struct scenes *s, const struct scene *probe, const struct scene_result *result)
{
	size_t step = result->moment_count / ASKING_SAMPLE + 1;

	for (size_t i = 0; i < result->moment_count; i++)
		if (s->all || i < ASKING_FIRST || i % step == 0)
			add_kill(s, probe, i + 1);
}

static void add_again(struct scenes *s, const struct scene *probe, const struct scene_result *result)
{
	int most = probe->collections ? REQUEST_AGAIN : AGAIN_SAMPLE;
	int longest = probe->collections ? REQUEST_RESUME : LONGEST_RESUME;

	for (int n = 0; n < most * (s->all ? 10 : 1); n++) {
		struct scene scene = *probe;

		scene.group = GROUP_AGAIN;
		scene.at = (long)(draw(s) % result->moment_count) + 1;
		scene.then = (long)(draw(s) % (unsigned)longest) + 1;
		scenes_add(s, &scene);
	}
}

void scenes_kills(struct scenes *s, const struct scene *probe, const struct scene_result *result)
{
	if (result->moment_count == 0)
		return;
	switch (probe->group) {
	case GROUP_KILL:
		if (probe->collections)
			kill_requests(s, probe, result);
		else
			add_kills(s, probe, result);
		add_again(s, probe, result);
		break;
	case GROUP_RETRY:
	case GROUP_UNDO:
		kill_second(s, probe, result);
		break;
	case GROUP_UNCHANGED:
	case GROUP_FIRST:
		kill_asking(s, probe, result);
		break;
	case GROUP_CAREFUL:
		add_sample(s, probe, result, CAREFUL_SAMPLE);
		break;
	case GROUP_CANCEL:
		add_sample(s, probe, result, CANCEL_SAMPLE);
		break;
	default:
		add_sample(s, probe, result, BOTH_SAMPLE);
	}
}
