/*
 * stage.h - a model on a grid without a terminal: keys go in, the grid's text is compared with tests/screens/golden.
 * UPDATE=1 in the environment writes the golden files anew.
 */
#ifndef LONGSHORE_TESTS_STAGE_H
#define LONGSHORE_TESTS_STAGE_H

#include "ui/console/feed.h"
#include "ui/console/model.h"

struct stage {
	struct model model;
	struct grid grid;
	struct feed *feed;       /* filled from after every key, if there is one */
	int64_t now_ms, mono_ms; /* the clock of people, which may jump, and the one that is waited by */
	struct effect done[64];  /* what the model asked for, in order */
	int done_count;
};

/* 3 May 2026 14:05 UTC, and the time zone is UTC from here on. */
extern const int64_t stage_now;
enum { STAGE_MONO = 1000000 }; /* the other clock then */

void stage_wait(struct stage *stage, int64_t ms); /* time goes by until the next key */

void stage_open(struct stage *stage, int rows, int columns, bool ascii);
void stage_close(struct stage *stage);
void stage_size(struct stage *stage, int rows, int columns);

void stage_key(struct stage *stage, struct key key);

/* Keys by their names, apart by blanks: "j j Enter", "Ctrl-D", "Space", "← S". */
void stage_keys(struct stage *stage, const char *keys);
void stage_paste(struct stage *stage, const char *text);

/* How often the model asked for it. */
int stage_asked(const struct stage *stage, enum effect_kind kind);

/* What was copied last, "" if nothing was. */
const char *stage_copied(const struct stage *stage);

/* Draws the model and compares; `styles` compares the letters of the styles, too. Fails the test with the first line
 * that differs. */
void stage_golden(struct stage *stage, const char *name);
void stage_golden_styles(struct stage *stage, const char *name);

/* The same at 60x16, 80x24 and 200x50, as NAME_60x16 and so on; the stage is 80x24 afterwards. */
void stage_golden_sizes(struct stage *stage, const char *name);

/* Draws the model; is the text on it? */
bool stage_shows(struct stage *stage, const char *text);

#endif
