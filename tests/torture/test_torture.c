/*
 * The torture test: one call of a load, a retry or an undo fails, be it an allocation, a write, a sync or a call of SQLite to its files; the
 * practice org knows nothing of it. The load must not crash and must say in a sentence why it ends; after `resume` every
 * record is in the org once, and the journal says so (tests/crash/judge.h).
 *
 * A seeded sample by default. TORTURE_ALL=1 (`make torture`): for every n the n-th call, until none is left to fail; of the
 * allocations of a retry and an undo one in seven, another one with another CRASH_SEED.
 * TORTURE_KIND=memory (or another of scene.h) and CRASH_API=bulk (or collections) play some of it, CRASH_SEED=n another sample,
 * CRASH_STAGES=n so many at a time. A case that failed is printed with the words that play it
 * again alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../crash/players.h"

enum {
	SAMPLE = 8, /* cases of a load and a kind, of those that are not all played */
	BEHIND =
		16, /* cases at once behind the last call of the undisturbed load: another load may make some more */
	AFTER_ONE_IN = 7, /* of the allocations of a retry and an undo, most of which are a load's as well */
};

static const struct {
	const char *kind, *words;
} kinds[] = {
#define X(kind, words) { kind, words },
	SCENE_FAILS(X)
#undef X
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static bool all;
static uint64_t seed = 1;
static int tests, failures;

static unsigned draw(unsigned below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((seed >> 33) % below);
}

/* How many calls the load makes that nothing happens to. */
static long count_calls(const struct scene *scene)
{
	struct scenes probe = { 0 };
	long calls = -1;

	if (scenes_add(&probe, scene)) {
		players_play(&probe, 0, false);
		calls = probe.results[0].verdict.why[0] ? -1 : probe.results[0].calls;
	}
	scenes_release(&probe);
	return calls;
}

static void add(struct scenes *scenes, const struct scene *scene, long at)
{
	struct scene one = *scene;

	one.at = at;
	if (!scenes_add(scenes, &one))
		abort();
}

static void play_sample(struct scenes *scenes, const struct scene *scene, long calls)
{
	for (long n = 0; n < SAMPLE; n++)
		add(scenes, scene, calls * n / SAMPLE + 1 + draw((unsigned)(calls / SAMPLE + 1)));
	players_play(scenes, 0, false);
}

static bool any_struck(const struct scenes *scenes, size_t from)
{
	for (size_t i = from; i < scenes->count; i++)
		if (scenes->results[i].struck)
			return true;
	return false;
}

/* The first calls of a load that finds no journal: more than one makes that finds one. */
static long calls_of_making(const struct scene *scene, long calls)
{
	struct scene made = *scene;

	strcpy(made.fails, "memory");
	return calls - count_calls(&made);
}

/* One call in `step`. */
static void play_every(struct scenes *scenes, const struct scene *scene, long calls, long step)
{
	bool making = strcmp(scene->fails, "making") == 0, done = making;
	size_t from = 0;

	if (making)
		calls = calls_of_making(scene, calls);
	for (long n = 1 + draw((unsigned)step); n <= calls; n += step)
		add(scenes, scene, n);
	players_play(scenes, 0, false);
	while (!done) {
		from = scenes->count;
		for (int n = 0; n < BEHIND; n++)
			add(scenes, scene, ++calls);
		players_play(scenes, from, false);
		done = !any_struck(scenes, from);
	}
}

static void tell(const struct scenes *scenes, const struct scene *scene, const char *words)
{
	size_t failed = 0, crashed = 0, struck = 0, ended = 0;
	int twice = 0, lost = 0, in_doubt = 0, again = 0;

	for (size_t i = 0; i < scenes->count; i++) {
		const struct scene_result *r = &scenes->results[i];

		failed += r->verdict.why[0] != '\0';
		crashed += r->status > 128;
		struck += r->struck;
		ended += r->struck && r->status != 0;
		twice += r->verdict.twice;
		lost += r->verdict.lost;
		in_doubt += r->verdict.in_doubt;
		again += r->verdict.again;
	}
	failures += failed > 0 || struck == 0;
	printf("%s %d - %s through %s, %s%s: %zu cases, %zu calls failed, %zu ended the load, %zu crashes, %d "
	       "twice, "
	       "%d lost, %d in doubt, %d applied again and told, %zu wrong\n",
	       failed || struck == 0 ? "not ok" : "ok", ++tests, action_name(scene->action),
	       play_api(scene->collections),
	       scene->retry  ? "its retry, "
	       : scene->undo ? "its undo, "
	                     : "",
	       words, scenes->count, struck, ended, crashed, twice, lost, in_doubt, again, failed);
	fflush(stdout);
}

/* What is tortured: a load, or what comes after one. */
enum which { A_LOAD, ITS_RETRY, ITS_UNDO, WHICH_COUNT };

static void play_load(enum which which, enum action action, bool collections, const char *kind,
                      const char *words)
{
	struct scene scene = {
		.group = GROUP_TORTURE,
		.action = action,
		.collections = collections,
		.failures = which == A_LOAD,
		.retry = which == ITS_RETRY,
		.undo = which == ITS_UNDO,
		.scenario = "{}",
	};
	struct scenes scenes = { 0 };
	long calls;

	snprintf(scene.fails, sizeof scene.fails, "%s", kind);
	calls = count_calls(&scene);
	if (calls > 0 && all)
		play_every(&scenes, &scene, calls,
		           which != A_LOAD && strcmp(kind, "memory") == 0 ? AFTER_ONE_IN : 1);
	else if (calls > 0)
		play_sample(&scenes, &scene, calls);
	tell(&scenes, &scene, words);
	scenes_release(&scenes);
}

/* Allocations are many, and most of them are the same for every action: two actions stand for all, as they do for what comes
 * after a load. A journal is made before anything is known of the load: one load stands for all. */
static bool wanted(const char *kind, enum which which, enum action action, bool collections)
{
	if (strcmp(kind, "making") == 0)
		return which == A_LOAD && action == ACTION_UPDATE && collections;
	if (which != A_LOAD)
		return action == (collections ? ACTION_UPDATE : ACTION_INSERT);
	if (strcmp(kind, "memory") == 0)
		return action == (collections ? ACTION_UPSERT : ACTION_INSERT);
	return true;
}

/* One kind of call, through both APIs, with every action. */
static void play_kind(size_t k, const char *api)
{
	for (int way = 0; way < 2; way++)
		for (enum which which = A_LOAD; which < WHICH_COUNT; which++)
			for (enum action a = ACTION_INSERT; a <= ACTION_DELETE; a++)
				if (wanted(kinds[k].kind, which, a, way == 1) &&
				    (!api || strcmp(api, play_api(way == 1)) == 0))
					play_load(which, a, way == 1, kinds[k].kind, kinds[k].words);
}

static int play_everything(void)
{
	const char *asked = getenv("TORTURE_ALL"), *other = getenv("CRASH_SEED"),
		   *kind = getenv("TORTURE_KIND"), *api = getenv("CRASH_API");

	all = asked && *asked == '1';
	seed = other ? strtoull(other, NULL, 10) : 1;
	printf("# seed %llu%s\n", (unsigned long long)seed, all ? ", every call" : "");
	for (size_t k = 0; k < KINDS; k++)
		if (!kind || strcmp(kind, kinds[k].kind) == 0)
			play_kind(k, api);
	printf("1..%d\n", tests);
	return failures > 0;
}

int main(void)
{
	return players_main("torture", "tests/torture/describes", play_everything);
}
