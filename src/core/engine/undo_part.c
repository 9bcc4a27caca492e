#include "core/engine/undo_part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/engine/guard.h"

enum { MOST_KEPT = 256 * 1024 * 1024 };

static enum err_code failed(const char *path, struct err *e)
{
	return err_set(e, ERR_FILE, "what is to be undone cannot be read or written in %s: %s", path,
	               strerror(errno));
}

enum err_code undo_part_begin(struct undo_part *p, const struct undo_file *file, const char *folder,
                              struct err *e)
{
	int fd;

	*p = (struct undo_part){ .from = fopen(file->path, "rb") };
	buf_init(&p->kept, MOST_KEPT);
	if (!p->from)
		return failed(file->path, e);
	if (snprintf(p->path, sizeof p->path, "%.3900s/undo-XXXXXX", folder) < 0)
		return failed(folder, e);
	fd = mkostemp(p->path, O_CLOEXEC); /* mode 0600 */
	p->to = fd >= 0 ? fdopen(fd, "wb") : NULL;
	if (fd < 0)
		p->path[0] = '\0';
	return p->to ? ERR_OK : failed(folder, e);
}

void undo_part_release(struct undo_part *p)
{
	if (p->from)
		fclose(p->from);
	if (p->to)
		fclose(p->to);
	if (p->path[0])
		unlink(p->path);
	free(p->line);
	buf_release(&p->kept);
	*p = (struct undo_part){ 0 };
}

enum err_code undo_part_read(struct undo_part *p, struct err *e)
{
	ssize_t len = getline(&p->line, &p->room, p->from);

	if (len <= 0)
		return failed("its file, which has become shorter", e);
	buf_add(&p->kept, p->line, (size_t)len);
	return p->kept.short_of ? err_memory(e, "an undo") : ERR_OK;
}

enum err_code undo_part_write(struct undo_part *p, struct slice lines, struct err *e)
{
	if (lines.len == 0 || fwrite(lines.at, 1, lines.len, p->to) == lines.len)
		return ERR_OK;
	return failed(p->path, e);
}

/* ---- one line ---- */

/* A member of the line, as undo_file.c writes them: "name":"text", or a number, or null, without blanks. */
struct member {
	struct slice name, value; /* the name without its quotes */
};

static size_t string_length(struct slice s)
{
	size_t i = 1;

	while (i < s.len && s.at[i] != '"')
		i += s.at[i] == '\\' ? 2 : 1;
	return i < s.len ? i + 1 : s.len;
}

static bool next_member(struct slice *rest, struct member *m)
{
	size_t len;

	if (rest->len < 2 || rest->at[1] != '"')
		return false;
	*rest = (struct slice){ rest->at + 1, rest->len - 1 }; /* the brace, or a comma */
	len = string_length(*rest);
	m->name = (struct slice){ rest->at + 1, len - 2 };
	if (rest->len <= len + 1)
		return false;
	*rest = (struct slice){ rest->at + len + 1, rest->len - len - 1 }; /* and the colon */
	len = 0;
	if (rest->at[0] == '"')
		len = string_length(*rest);
	else
		while (len < rest->len && rest->at[len] != ',' && rest->at[len] != '}')
			len++;
	m->value = (struct slice){ rest->at, len };
	*rest = (struct slice){ rest->at + len, rest->len - len };
	return true;
}

static bool find_member(struct slice line, const char *name, struct member *m)
{
	while (next_member(&line, m))
		if (slice_is(m->name, name))
			return true;
	return false;
}

/* Of "longshore_wrote Phone" the "Phone"; of another column nothing. */
static struct slice wrote_of(struct slice name)
{
	const size_t prefix = strlen(GUARD_WROTE);

	if (name.len <= prefix || memcmp(name.at, GUARD_WROTE, prefix) != 0)
		return (struct slice){ 0 };
	return (struct slice){ name.at + prefix, name.len - prefix };
}

static bool is_among(struct slice name, const struct object *object, const char *const *changed, size_t count)
{
	struct slice wrote = wrote_of(name);

	for (size_t i = 0; i < count; i++)
		if (wrote.len ? slice_is(wrote, changed[i])
		              : slice_is(name, undo_file_field(object, changed[i])))
			return true;
	return false;
}

/* Would putting this one back change anything? */
static bool is_of_use(struct slice line, const struct object *object, const struct member *wrote)
{
	struct slice name = wrote_of(wrote->name);
	struct member old;
	char text[256];

	snprintf(text, sizeof text, "%.*s", SLICE_ARGS(name));
	return find_member(line, undo_file_field(object, text), &old) && !slice_equal(old.value, wrote->value);
}

static bool any_of_use(struct slice line, const struct object *object, const char *const *changed, size_t count)
{
	struct slice rest = line;
	struct member m;

	while (next_member(&rest, &m))
		if (wrote_of(m.name).len && !is_among(m.name, object, changed, count) &&
		    is_of_use(line, object, &m))
			return true;
	return false;
}

bool undo_part_cut(struct slice line, const struct object *object, const char *const *changed, size_t count,
                   struct buf *b)
{
	struct slice rest = line;
	struct member m;
	bool first = true;

	if (!any_of_use(line, object, changed, count))
		return false;
	while (next_member(&rest, &m)) {
		if (is_among(m.name, object, changed, count))
			continue;
		buf_addf(b, "%s\"%.*s\":%.*s", first ? "{" : ",", SLICE_ARGS(m.name), SLICE_ARGS(m.value));
		first = false;
	}
	buf_add_text(b, ",\"" UNDO_LEFT "\":\"");
	for (size_t i = 0; i < count; i++)
		buf_addf(b, "%s%s", i ? ", " : "", changed[i]);
	buf_add_text(b, "\"}\n");
	return true;
}

enum err_code undo_part_take(struct undo_part *p, struct undo_file *file, const char *folder, int64_t run,
                             struct err *e)
{
	struct undo_file was = *file;

	if (undo_file_settle(file, p->to, p->path, folder, run, e) != ERR_OK)
		return e->code;
	p->path[0] = '\0';
	if (!was.was_there && strcmp(was.path, file->path) != 0)
		unlink(was.path);
	return ERR_OK;
}
