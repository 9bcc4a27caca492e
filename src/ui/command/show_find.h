/*
 * show_find.h - the records of a run in which a text stands: in their cells, in their id, or in what Salesforce said of them. Letters
 * of ASCII count without case. Where the source is gone, the cells are those that were kept.
 */
#ifndef LONGSHORE_COMMAND_SHOW_FIND_H
#define LONGSHORE_COMMAND_SHOW_FIND_H

#include "ui/command/call.h"

/* The first 100 records with the text of --find: as members of the open object, or with text to json->out. */
enum err_code show_find(struct json *json, const struct call *call, const struct run *run, struct err *e);

#endif
