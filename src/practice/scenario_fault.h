/*
 * scenario_fault.h - one entry of a scenario's "faults", between the reading of scenarios and their playing.
 */
#ifndef LONGSHORE_PRACTICE_SCENARIO_FAULT_H
#define LONGSHORE_PRACTICE_SCENARIO_FAULT_H

#include "practice/scenario.h"

/* How often each record was tried, by the hash of its value. */
struct try_count {
	uint64_t value; /* 0: a free place */
	int64_t tries;
};

struct tries {
	struct try_count *places;
	size_t room; /* a power of two, or 0 */
	size_t used;
};

struct fault {
	char *method; /* NULL: any */
	char *path;   /* a pattern of fnmatch(3) */
	char *connection;
	char *type;
	char *body;
	char *column;
	char *value;
	char *object;
	char *message;
	char *state;
	char *when; /* "before", or NULL */
	enum fault_action action;
	int64_t nth, every, times, status, bytes, ms, tries, after, each, chance, retry_after;
	int64_t seen, acted;
	struct tries tries_of; /* of a lock */
};

#endif
