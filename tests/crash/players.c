#include "players.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

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
static const char *program;

/* As it happens: a run that is broken off has told what it found. */
static void tell_failed(const struct scene *scene, const struct scene_result *r)
{
	char text[512];

	scene_text(scene, text);
	printf("# %s%s%s\n#   CRASH_ONLY='%s' build/tests/test_%s\n", r->verdict.why,
	       r->died[0] ? "; it died at: " : "", r->died, text, program);
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

void players_play(struct scenes *scenes, size_t first, bool moments)
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

static bool open_stages(const char *root, const char *describes, int wanted)
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
		if (!stage_open(&players[player_count].stage, root, bin, player_count, describes)) {
			fprintf(stderr, "%s\n", players[player_count].stage.said);
			stage_close(&players[player_count].stage);
			return false;
		}
	return true;
}

int players_main(const char *name, const char *describes, int (*everything)(void))
{
	char root[] = "/tmp/longshore-crash-XXXXXX";
	const char *only = getenv("CRASH_ONLY"), *asked = getenv("CRASH_STAGES");
	int stages = asked ? atoi(asked) : STAGES, status = 1;

	program = name;
	signal(SIGPIPE, SIG_IGN);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	if (stages < 1 || stages > MOST_STAGES || only)
		stages = only ? 1 : STAGES;
	if (!mkdtemp(root))
		return 1;
	if (open_stages(root, describes, stages))
		status = only ? play_one(only) : everything();
	for (int i = 0; i < player_count; i++)
		stage_close(&players[i].stage);
	if (status && only)
		printf("# what is left of it: %s/0\n", root);
	else
		stage_remove(root);
	curl_global_cleanup();
	return status;
}
