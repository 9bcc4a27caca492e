/*
 * practice_org.h - the practice org that a demo runs on: a process of its own that outlives the demo while loads run.
 *
 * A folder has at most one. Its port is kept there, so that settings written for it stay right. It goes when the last
 * demo is closed and the last load of that folder's journal has ended.
 */
#ifndef LONGSHORE_COMMAND_PRACTICE_ORG_H
#define LONGSHORE_COMMAND_PRACTICE_ORG_H

#include "base/paths.h"

struct practice_org {
	char folder[PATH_ROOM];
	int lock; /* shared while a demo uses the org */
	int port;
	long pid;
	long keeper; /* the process that ends it if this one cannot; -1: none */
};

/* Takes the one that runs in `folder`, or starts one. ERR_FILE if the program is missing or does not begin to listen. */
enum err_code practice_org_open(struct practice_org *org, const char *folder, struct err *e);

/* Ends it, unless another demo uses it or a load still runs: then its keeper does so later. */
void practice_org_close(struct practice_org *org);

#endif
