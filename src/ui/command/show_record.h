/*
 * show_record.h - one record of a run: what became of it, what it was before, and what its cells are in the source, were when it
 * was sent, and will be next time. The source is looked for, and left out where it is not there.
 */
#ifndef LONGSHORE_COMMAND_SHOW_RECORD_H
#define LONGSHORE_COMMAND_SHOW_RECORD_H

#include "ui/command/call.h"

/* The record of --record: as members of the open object, or with text to json->out. ERR_USAGE for one that the run has not. */
enum err_code show_record(struct json *json, const struct call *call, const struct run *run, struct err *e);

#endif
