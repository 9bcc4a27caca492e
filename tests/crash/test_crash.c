/*
 * The crash test: the engine is killed at every moment that matters, for every action, and the org breaks connections; after
 * `resume` every record is in the org once, and the journal says so (scene.h); what a lost answer of collections leaves open is
 * counted (judge.h). Several stages play side by side.
 *
 * CRASH_ALL=1 plays every moment, CRASH_SEED=n another sample, CRASH_STAGES=n so many at a time (12), CRASH_API=collections (or
 * bulk) one way only. A case that failed is
 * printed with the words that play it again alone: CRASH_ONLY='insert failures=1 ...' build/tests/test_crash
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scenes.h"

enum { STAGES = 12, MOST_STAGES = 64 };

/* Scenes that are played at once, each by whoever is free. */
struct wave {
	struct scenes *scenes;
	size_t end;
	atomic_size_t next;
	bool moments;
};

struct player {
	pthread_t thread;
	struct stage stage;
	struct wave *wave;
};

static struct player players[MOST_STAGES];
static int player_count;

/* As it happens: a run that is broken off has told what it found. */
static void tell_failed(const struct scene *scene, const struct scene_result *r)
{
	char text[512];

	scene_text(scene, text);
	printf("# %s%s%s\n#   CRASH_ONLY='%s' build/tests/test_crash\n", r->verdict.why,
	       r->died[0] ? "; it died at: " : "", r->died, text);
	fflush(stdout);
}

static void *play(void *ctx)
{
	struct player *player = ctx;
	struct wave *wave = player->wave;
	size_t i;

	while ((i = atomic_fetch_add(&wave->next, 1)) < wave->end) {
		struct scene_result *result = &wave->scenes->results[i];

		scene_play(&wave->scenes->list[i], &player->stage, wave->moments, result);
		if (result->verdict.why[0])
			tell_failed(&wave->scenes->list[i], result);
	}
	return NULL;
}

static void play_from(struct scenes *scenes, size_t first, bool moments)
{
	struct wave wave = { .scenes = scenes, .end = scenes->count, .next = first, .moments = moments };
	int started = 0;

	for (int i = 0; i < player_count; i++) {
		players[i].wave = &wave;
		if (pthread_create(&players[i].thread, NULL, play, &players[i]) != 0)
			break;
		started++;
	}
	for (int i = 0; i < started; i++)
		pthread_join(players[i].thread, NULL);
}

static void play_all(struct scenes *scenes)
{
	size_t probes;

	scenes_probes(scenes);
	probes = scenes->count;
	play_from(scenes, 0, true);
	for (size_t i = 0; i < probes; i++) {
		struct scene probe = scenes->list[i];
		struct scene_result result = scenes->results[i];

		scenes_drops(scenes, &probe, &result);
		scenes_kills(scenes, &probe, &result);
	}
	printf("# %zu cases\n", scenes->count);
	fflush(stdout);
	play_from(scenes, probes, false);
}

/* ---- what came of it ---- */

static const char *const group_names[] = {
	[GROUP_KILL] = "killed at one moment",      [GROUP_CAREFUL] = "killed, one chunk at a time",
	[GROUP_DROP] = "connection broken",         [GROUP_BOTH] = "connection broken and killed",
	[GROUP_CANCEL] = "killed while cancelling", [GROUP_AGAIN] = "killed, and killed while resuming",
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

static void tell(const struct scenes *s)
{
	for (int way = 0; way < 2; way++)
		for (enum action a = ACTION_INSERT; a <= ACTION_DELETE && scenes_want(s, way == 1); a++) {
			for (enum scene_group g = 0; g < GROUP_COUNT; g++)
				tell_group(s, a, way == 1, g);
			tell_states(s, a, way == 1);
		}
	printf("1..%d\n", tests);
}

static int play_one(const char *text)
{
	struct scene_result result;
	struct scene scene;

	if (!scene_read(&scene, text)) {
		fprintf(stderr, "CRASH_ONLY is not a case: %s\n", text);
		return 1;
	}
	scene_play(&scene, &players[0].stage, false, &result);
	if (result.verdict.why[0])
		tell_failed(&scene, &result);
	printf("%s 1 - %s\n1..1\n", result.verdict.why[0] ? "not ok" : "ok", text);
	return result.verdict.why[0] != '\0';
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

static bool open_stages(const char *root, int wanted)
{
	const char *build = getenv("BUILD");
	char bin[PATH_ROOM];
	struct err e;

	err_init(&e);
	if (paths_absolute(build ? build : "build", bin, &e) != ERR_OK) {
		fprintf(stderr, "%s\n", e.text);
		return false;
	}
	for (player_count = 0; player_count < wanted; player_count++)
		if (!stage_open(&players[player_count].stage, root, bin, player_count)) {
			fprintf(stderr, "%s\n", players[player_count].stage.said);
			stage_close(&players[player_count].stage);
			return false;
		}
	return true;
}

int main(void)
{
	char root[] = "/tmp/longshore-crash-XXXXXX";
	const char *only = getenv("CRASH_ONLY"), *asked = getenv("CRASH_STAGES");
	int stages = asked ? atoi(asked) : STAGES, status = 1;

	signal(SIGPIPE, SIG_IGN);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	if (stages < 1 || stages > MOST_STAGES || only)
		stages = only ? 1 : STAGES;
	if (!mkdtemp(root))
		return 1;
	if (open_stages(root, stages))
		status = only ? play_one(only) : play_everything();
	for (int i = 0; i < player_count; i++)
		stage_close(&players[i].stage);
	if (status && only)
		printf("# what is left of it: %s/0\n", root);
	else
		stage_remove(root);
	curl_global_cleanup();
	return status;
}
