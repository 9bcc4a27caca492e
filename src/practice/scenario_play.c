/* scenario.h's other half: what is to happen now. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "practice/random.h"
#include "practice/scenario_fault.h"

/* One more was seen that matches: is it this one's turn? */
static bool is_turn(struct scenario *s, struct fault *f)
{
	f->seen++;
	if (f->times > 0 && f->acted >= f->times)
		return false;
	if (f->nth > 0 && f->seen != f->nth)
		return false;
	if (f->every > 0 && f->seen % f->every != 0)
		return false;
	if (f->chance > 0 && (int64_t)(random_next(&s->dice) % 100) >= f->chance)
		return false;
	f->acted++;
	return true;
}

/* Is it about a job from its creation on, and not about a request? */
static bool is_of_job(const struct fault *f)
{
	return f->action == FAULT_FAIL_JOB || f->action == FAULT_LOSE_JOB || f->action == FAULT_SHORT_RESULTS ||
	       f->action == FAULT_BARE_RESULTS || f->action == FAULT_RESPELL_RESULTS;
}

static bool matches_request(const struct fault *f, const char *method, const char *path, bool reused)
{
	if (f->action == FAULT_LOCK || is_of_job(f))
		return false;
	if (f->method && strcmp(f->method, method) != 0)
		return false;
	if (f->path && fnmatch(f->path, path, 0) != 0)
		return false;
	return !f->connection || (strcmp(f->connection, "reused") == 0) == reused;
}

bool scenario_request(struct scenario *s, const char *method, const char *path, bool reused,
                      struct fault_plan *plan)
{
	bool found = false;

	for (size_t i = 0; i < s->fault_count; i++) {
		struct fault *f = &s->faults[i];

		if (!matches_request(f, method, path, reused))
			continue;
		if (found) {
			f->seen++;
			continue;
		}
		if (!is_turn(s, f))
			continue;
		found = true;
		*plan = (struct fault_plan){
			.action = f->action,
			.bytes = f->bytes,
			.each = f->each,
			.ms = f->ms,
			.retry_after = f->retry_after,
			.before = f->when && strcmp(f->when, "before") == 0,
			.status = (int)f->status,
			.type = strdup(f->type ? f->type : "application/json;charset=UTF-8"),
			.body = strdup(f->body ? f->body : ""),
		};
	}
	return found;
}

void fault_plan_release(struct fault_plan *plan)
{
	free(plan->type);
	free(plan->body);
	*plan = (struct fault_plan){ 0 };
}

bool scenario_locks(const struct scenario *s)
{
	for (size_t i = 0; i < s->fault_count; i++)
		if (s->faults[i].action == FAULT_LOCK)
			return true;
	return false;
}

static struct try_count *try_place(const struct tries *t, uint64_t value)
{
	size_t at = value & (t->room - 1);

	while (t->places[at].value != 0 && t->places[at].value != value)
		at = (at + 1) & (t->room - 1);
	return &t->places[at];
}

static bool grow(struct tries *t)
{
	struct tries larger = { .room = t->room ? t->room * 2 : 64, .used = t->used };

	larger.places = calloc(larger.room, sizeof *larger.places);
	if (!larger.places)
		return false;
	for (size_t i = 0; i < t->room; i++)
		if (t->places[i].value)
			*try_place(&larger, t->places[i].value) = t->places[i];
	free(t->places);
	*t = larger;
	return true;
}

/* Counts one more try of the record with this value; how many there were before. */
static int64_t count_try(struct tries *t, struct slice value)
{
	uint64_t hash = hash_of(value, 0) | 1;
	struct try_count *place;

	if (t->used * 2 >= t->room && !grow(t))
		return 0;
	place = try_place(t, hash);
	t->used += place->value == 0;
	place->value = hash;
	return place->tries++;
}

static bool locks(struct fault *f, struct slice value)
{
	char *text = strndup(value.len ? value.at : "", value.len);
	bool match = text && (!f->value || fnmatch(f->value, text, 0) == 0);

	free(text);
	return match && (f->tries <= 0 || count_try(&f->tries_of, value) < f->tries);
}

bool scenario_locked(struct scenario *s, scenario_cell *value, void *ctx)
{
	for (size_t i = 0; i < s->fault_count; i++) {
		struct fault *f = &s->faults[i];
		struct slice cell;

		if (f->action != FAULT_LOCK || !f->column)
			continue;
		cell = value(ctx, slice_of(f->column));
		if (cell.at && locks(f, cell))
			return true;
	}
	return false;
}

static void add_fate(const struct fault *f, struct job_fate *fate)
{
	switch (f->action) {
	case FAULT_LOSE_JOB:
		fate->lose_after = f->state ? -1 : f->after < 0 ? 0 : f->after;
		if (f->state && !fate->lose_state)
			fate->lose_state = strdup(f->state);
		break;
	case FAULT_SHORT_RESULTS:
		fate->lacks = f->each;
		break;
	case FAULT_BARE_RESULTS:
		fate->bare = true;
		break;
	case FAULT_RESPELL_RESULTS:
		fate->respelled = true;
		break;
	default:
		fate->fail_after = f->after < 0 ? 0 : f->after;
		if (!fate->message)
			fate->message = strdup(f->message ? f->message : "InternalServerError : Unknown");
	}
}

void scenario_job(struct scenario *s, const char *object, struct job_fate *fate)
{
	*fate = (struct job_fate){ .fail_after = -1, .lose_after = -1 };
	for (size_t i = 0; i < s->fault_count; i++) {
		struct fault *f = &s->faults[i];

		if (is_of_job(f) && (!f->object || fnmatch(f->object, object, 0) == 0) && is_turn(s, f))
			add_fate(f, fate);
	}
}

void job_fate_release(struct job_fate *fate)
{
	free(fate->message);
	free(fate->lose_state);
	*fate = (struct job_fate){ .fail_after = -1, .lose_after = -1 };
}
