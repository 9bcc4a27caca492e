/*
 * fuzz_practice_text.c - what the practice org reads beside CSV and SOQL: JSON (and again what it wrote of it), multipart
 * bodies, jobInfo of Bulk API 1.0. The first byte says which.
 */
#include "fuzz_org.h"
#include "practice/bulk1_text.h"
#include "practice/json_in.h"
#include "practice/multipart.h"

static void must(bool so)
{
	if (!so)
		abort();
}

/* A value is written as it was read, as deep as json_out goes. */
static void write(const struct json_in *v, struct json_out *o, int depth)
{
	bool nests = v->kind == JSON_IN_LIST || v->kind == JSON_IN_OBJECT;

	if (nests && depth == JSON_OUT_DEPTH) {
		json_out_null(o);
	} else if (nests) {
		(v->kind == JSON_IN_LIST ? json_out_list : json_out_object)(o);
		for (const struct json_in *m = v->first; m; m = m->next) {
			if (v->kind == JSON_IN_OBJECT)
				json_out_key(o, "key");
			write(m, o, depth + 1);
		}
		json_out_end(o);
	} else if (v->kind == JSON_IN_STRING) {
		json_out_text(o, v->text);
	} else {
		json_out_raw(o, v->text);
	}
}

static void read_json(struct slice text)
{
	struct arena a;
	struct buf why, out;
	struct json_out o;
	const struct json_in *v;

	arena_init(&a);
	buf_init(&why, 1 << 20);
	buf_init(&out, 1 << 26);
	v = json_in_read(&a, text, &why);
	must(v || why.len);
	if (v) {
		json_out_init(&o, &out, false);
		write(v, &o, 0);
		must(json_in_read(&a, buf_slice(&out), &why) != NULL);
	}
	buf_release(&why);
	buf_release(&out);
	arena_release(&a);
}

static void read_parts(struct slice text)
{
	const char *end = memchr(text.at, '\n', text.len);
	char type[256];
	struct slice boundary, rest;
	struct part part;

	if (!end || (size_t)(end - text.at) >= sizeof type)
		return;
	memcpy(type, text.at, (size_t)(end - text.at));
	type[end - text.at] = '\0';
	boundary = multipart_boundary(type);
	rest = (struct slice){ end + 1, text.len - (size_t)(end + 1 - text.at) };
	while (boundary.len && multipart_next(&rest, boundary, &part))
		must(part.body.at >= end && part.body.at + part.body.len <= text.at + text.len);
}

static void read_job_info(struct slice text, bool json)
{
	struct job_wish w = { 0 };
	struct arena a;
	struct buf why;

	arena_init(&a);
	buf_init(&why, 1 << 20);
	must(bulk1_read(&w, text, json, &a, &why) || why.len);
	buf_release(&why);
	arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *own; /* so that a look beyond the end is seen */
	struct slice text;

	if (size == 0)
		return 0;
	own = malloc(size);
	memcpy(own, data + 1, size - 1);
	text = (struct slice){ own, size - 1 };
	switch (data[0] % 4) {
	case 0:
		read_json(text);
		break;
	case 1:
		read_parts(text);
		break;
	default:
		read_job_info(text, data[0] % 4 == 3);
	}
	free(own);
	return 0;
}
