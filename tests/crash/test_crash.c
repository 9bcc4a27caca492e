/*
 * The crash test: the engine is killed at every moment that matters, for every action, and the org breaks connections; after
 * `resume` every record is in the org once, and the journal says so (scene.h); what a lost answer of collections leaves open is
 * counted (judge.h). Several stages play side by side.
 *
 * CRASH_ALL=1 plays every moment, CRASH_SEED=n another sample, CRASH_STAGES=n so many at a time (12), CRASH_API=collections (or
 * bulk) one way only. A case that failed is
 * printed with the words that play it again alone: CRASH_ONLY='insert failures=1 ...' build/tests/test_crash
 */
#include <stdio.h>
#include <stdlib.h>

#include "players.h"

static void play_all(struct scenes *scenes)
{
	size_t probes;

	scenes_probes(scenes);
	probes = scenes->count;
	players_play(scenes, 0, true);
	for (size_t i = 0; i < probes; i++) {
		struct scene probe = scenes->list[i];
		struct scene_result result = scenes->results[i];

		scenes_drops(scenes, &probe, &result);
		scenes_kills(scenes, &probe, &result);
	}
	printf("# %zu cases\n", scenes->count);
	fflush(stdout);
	players_play(scenes, probes, false);
}

/* ---- what came of it ---- */

static const char *const group_names[] = {
	[GROUP_KILL] = "killed at one moment",
	[GROUP_CAREFUL] = "killed, one chunk at a time",
	[GROUP_DROP] = "connection broken",
	[GROUP_BOTH] = "connection broken and killed",
	[GROUP_CANCEL] = "killed while cancelling",
	[GROUP_AGAIN] = "killed, and killed while resuming",
	[GROUP_RETRY] = "killed while retrying",
	[GROUP_UNDO] = "killed while undoing",
	[GROUP_UNCHANGED] = "killed while what would change nothing is left out",
	[GROUP_FIRST] = "killed while and after the org is asked first",
	[GROUP_JOB] = "a job vanished, some killed",
	[GROUP_RESULTS] = "results left out records, some killed",
};

static int tests;

static void tell_group(const struct scenes *s, enum action action, bool collections, enum scene_group group)
{
	size_t played = 0, struck = 0, failed = 0;
	int twice = 0, lost = 0, in_doubt = 0, again = 0;

	for (size_t i = 0; i < s->count; i++) {
		const struct scene_result *r = &s->results[i];

		if (s->list[i].action != action || s->list[i].collections != collections ||
		    s->list[i].group != group)
			continue;
		played++;
		struck += r->struck;
		twice += r->verdict.twice;
		lost += r->verdict.lost;
		in_doubt += r->verdict.in_doubt;
		again += r->verdict.again;
		failed += r->verdict.why[0] != '\0';
	}
	if (played == 0)
		return;
	printf("%s %d - %s through %s, %s: %zu cases, %zu kills, %d twice, %d lost, %d in doubt, "
	       "%d applied again and told, %zu failed\n",
	       failed || (group != GROUP_DROP && struck == 0) ? "not ok" : "ok", ++tests, action_name(action),
	       play_api(collections), group_names[group], played, struck, twice, lost, in_doubt, again, failed);
}

/* Every state on the way that is no exception. */
static bool must_be_hit(enum chunk_state state, bool collections)
{
	if (collections)
		return state == CHUNK_PLANNED || state == CHUNK_SENDING;
	return state != CHUNK_SENDING && state != CHUNK_SETTLING && state != CHUNK_SETTLED;
}

static void tell_states(const struct scenes *s, enum action action, bool collections)
{
	unsigned hits[CHUNK_STATE_COUNT] = { 0 };
	bool every = true;

	if (collections && action == ACTION_HARD_DELETE)
		return; /* there is none */

	for (size_t i = 0; i < s->count; i++)
		for (enum chunk_state c = 0; c < CHUNK_STATE_COUNT && s->list[i].action == action &&
		                             s->list[i].collections == collections;
		     c++)
			hits[c] += s->results[i].hits[c];
	for (enum chunk_state c = 0; c < CHUNK_STATE_COUNT; c++)
		every = every && (hits[c] > 0 || !must_be_hit(c, collections));
	printf("%s %d - %s through %s, chunks found after a kill:", every ? "ok" : "not ok", ++tests,
	       action_name(action), play_api(collections));
	for (enum chunk_state c = 0; c < CHUNK_STATE_COUNT; c++)
		if (must_be_hit(c, collections) || hits[c])
			printf(" %s %u", chunk_state_name(c), hits[c]);
	putchar('\n');
}

/* Over all cases: what was left in doubt, and what was written once more, by what may be the cause of it. */
static void tell_causes(const struct scenes *s)
{
	static const char *const words[] = {
#define X(name, text) text,
		CAUSES(X)
#undef X
	};
	size_t cases[CAUSE_COUNT] = { 0 };
	int in_doubt[CAUSE_COUNT] = { 0 }, again[CAUSE_COUNT] = { 0 };

	for (size_t i = 0; i < s->count; i++) {
		const struct verdict *v = &s->results[i].verdict;

		cases[v->cause]++;
		in_doubt[v->cause] += v->in_doubt;
		again[v->cause] += v->again;
	}
	for (int c = 0; c < CAUSE_COUNT; c++)
		printf("# %s: %zu cases, %d records in doubt, %d applied once more and told\n", words[c],
		       cases[c], in_doubt[c], again[c]);
	printf("%s %d - %zu cases, %d in doubt and %d applied once more without a cause\n",
	       in_doubt[CAUSE_NONE] || again[CAUSE_NONE] ? "not ok" : "ok", ++tests, s->count,
	       in_doubt[CAUSE_NONE], again[CAUSE_NONE]);
}

static void tell(const struct scenes *s)
{
	for (int way = 0; way < 2; way++)
		for (enum action a = ACTION_INSERT; a < ACTION_COUNT && scenes_want(s, way == 1); a++) {
			for (enum scene_group g = 0; g < GROUP_COUNT; g++)
				tell_group(s, a, way == 1, g);
			tell_states(s, a, way == 1);
		}
	if (!s->api)
		tell_causes(s);
	printf("1..%d\n", tests);
}

static int play_everything(void)
{
	const char *seed = getenv("CRASH_SEED"), *all = getenv("CRASH_ALL");
	struct scenes scenes = { .random = seed ? strtoull(seed, NULL, 10) : 1,
		                 .all = all && *all == '1',
		                 .api = getenv("CRASH_API") };
	int failed = 0;

	printf("# seed %llu%s\n", (unsigned long long)scenes.random, scenes.all ? ", every moment" : "");
	fflush(stdout);
	play_all(&scenes);
	tell(&scenes);
	for (size_t i = 0; i < scenes.count; i++)
		failed += scenes.results[i].verdict.why[0] != '\0';
	scenes_release(&scenes);
	return failed > 0;
}

int main(void)
{
	return players_main("crash", NULL, play_everything);
}
