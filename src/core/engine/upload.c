#include "core/engine/upload.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "core/engine/chunker.h"

enum { AHEAD = 64 * 1024 }; /* bytes made before they are asked for */

struct upload {
	struct plan *plan;
	struct source *source;
	const struct chunk_print *prints;
	size_t count, next;
	int64_t here;          /* record that the source would give now */
	int64_t planned, sent; /* bytes */
	struct buf ready;
	size_t taken; /* of ready */
	struct err error;
};

struct upload *upload_new(struct plan *plan, struct source *source, const struct chunk_print *prints,
                          size_t count, int64_t bytes)
{
	struct upload *u = calloc(1, sizeof *u);

	if (!u)
		return NULL;
	*u = (struct upload){
		.plan = plan, .source = source, .prints = prints, .count = count, .planned = bytes
	};
	buf_init(&u->ready, AHEAD + 2 * CSV_MOST_BYTES);
	plan_header(plan, &u->ready);
	return u;
}

void upload_free(struct upload *u)
{
	if (!u)
		return;
	buf_release(&u->ready);
	free(u);
}

static enum err_code other_size(struct upload *u)
{
	return err_set(&u->error, ERR_FILE,
	               "the records up to %lld are not as long as planned: the source file, the mapping or the "
	               "object has changed since the check",
	               (long long)(u->next ? u->prints[u->next - 1].record : 0));
}

static enum err_code add_next(struct upload *u)
{
	enum err_code rc = chunker_line(u->plan, u->source, &u->prints[u->next], &u->here, &u->ready,
	                                &u->error);

	u->next += rc == ERR_OK;
	return rc;
}

static enum err_code make_ready(struct upload *u)
{
	buf_drop_front(&u->ready, u->taken);
	u->taken = 0;
	while (u->ready.len < AHEAD && u->next < u->count)
		if (add_next(u) != ERR_OK)
			return u->error.code;
	if (u->ready.short_of)
		return err_memory(&u->error, "an upload");
	if (u->sent + (int64_t)u->ready.len > u->planned ||
	    (u->next == u->count && u->sent + (int64_t)u->ready.len != u->planned))
		return other_size(u);
	return ERR_OK;
}

long upload_read(void *upload, char *to, size_t room)
{
	struct upload *u = upload;
	size_t n;

	if (u->taken == u->ready.len && make_ready(u) != ERR_OK)
		return -1;
	n = u->ready.len - u->taken;
	n = n < room ? n : room;
	if (n)
		memcpy(to, u->ready.at + u->taken, n);
	u->taken += n;
	u->sent += (int64_t)n;
	return (long)n;
}

bool upload_complete(const struct upload *u)
{
	return u->error.code == ERR_OK && u->next == u->count && u->sent == u->planned;
}

const struct err *upload_error(const struct upload *u)
{
	return &u->error;
}
