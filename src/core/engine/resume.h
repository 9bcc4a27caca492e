/*
 * resume.h - an engine takes up a run: as it was created, or wherever an earlier engine left it. Private to this room.
 *
 * Holds the run, signs in to the same org, makes the plan again from the journal, opens the source if records are yet to be
 * sent from it (the same content, wherever it lies now), and takes up every unsettled chunk.
 */
#ifndef LONGSHORE_ENGINE_RESUME_H
#define LONGSHORE_ENGINE_RESUME_H

#include "core/engine/engine_state.h"

/* Fills the engine, whose `j`, `options` and `clock` are set. Afterwards `error` says why it cannot begin, or the run's state is
 * RUNNING if there is something to do. */
void resume_begin(struct engine *en, int64_t run);

#endif
