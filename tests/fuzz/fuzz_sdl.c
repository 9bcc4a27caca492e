/*
 * fuzz_sdl.c - any bytes as a mapping of Data Loader: refused with a sentence, or a mapping that can be written and read again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/plan/mapping.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char describe[] =
	"{\"name\":\"S\",\"fields\":["
	"{\"name\":\"Id\",\"type\":\"id\",\"label\":\"Id\"},"
	"{\"name\":\"T\",\"type\":\"string\",\"label\":\"T\",\"length\":80,\"createable\":true},"
	"{\"name\":\"U\",\"type\":\"textarea\",\"label\":\"U\",\"length\":80,\"createable\":true},"
	"{\"name\":\"N\",\"type\":\"int\",\"label\":\"N\",\"digits\":8,\"createable\":true},"
	"{\"name\":\"E\",\"type\":\"string\",\"label\":\"E\",\"length\":80,\"createable\":true,\"externalId\":"
	"true,"
	"\"idLookup\":true},"
	"{\"name\":\"P\",\"type\":\"reference\",\"label\":\"P\",\"createable\":true,\"relationshipName\":\"R\","
	"\"referenceTo\":[\"S\"]}]}";

static const char *const names[] = { "A", "b c", "x,y", "x", "y", "#=:!\\", "\xc3\xa9", "\"q\"", "\"r" };
enum { COLUMNS = sizeof names / sizeof names[0] };

static void must(bool so)
{
	if (!so)
		abort();
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_source(const struct mapped *a, const struct mapped *b)
{
	if (a->column != b->column || a->joined_count != b->joined_count ||
	    !same_text(a->constant, b->constant))
		return false;
	for (size_t i = 0; i < a->joined_count; i++)
		if (a->joined[i] != b->joined[i])
			return false;
	return true;
}

/* Every field gets the same; only constants may stand in another order. */
static void must_be_same(const struct mapping *a, const struct mapping *b)
{
	must(a->count == b->count);
	for (size_t i = 0; i < a->count; i++) {
		size_t k = 0;

		while (k < b->count && strcmp(a->entries[i].name, b->entries[k].name) != 0)
			k++;
		must(k < b->count && same_source(&a->entries[i], &b->entries[k]));
		must(k == i || a->entries[i].column < 0);
	}
}

/* Written and read again it is the same; but an .sdl cannot say everything. */
static void write_and_read(const struct mapping *mapping, const struct mapping_request *request)
{
	struct mapping_request again = *request;
	struct mapping *read;
	struct buf text, after;
	struct err e;

	err_init(&e);
	buf_init(&text, (size_t)1 << 26);
	buf_init(&after, (size_t)1 << 26);
	if (mapping_write_sdl(mapping, request, &text, &e) == ERR_OK) {
		again.map_json = buf_slice(&text);
		must(mapping_new(&read, &again, &e) == ERR_OK);
		must_be_same(mapping, read);
		mapping_write(read, &again, false, &after);
		mapping_free(read);
		again.map_json = buf_slice(&after);
		again.map_is_sdl = false;
		must(mapping_new(&read, &again, &e) == ERR_OK);
		must_be_same(mapping, read);
		mapping_free(read);
	} else {
		must(e.code == ERR_USAGE && e.text[0]);
	}
	buf_release(&text);
	buf_release(&after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct object *object;
	struct slice columns[COLUMNS];
	struct mapping_request request = { .action = ACTION_INSERT,
		                           .columns = columns,
		                           .column_count = COLUMNS };
	struct mapping *mapping;
	struct err e;

	err_init(&e);
	if (!object)
		must(describe_parse(&object, slice_of(describe), &e) == ERR_OK);
	for (size_t i = 0; i < COLUMNS; i++)
		columns[i] = slice_of(names[i]);
	request.object = object;
	request.map_json = (struct slice){ (const char *)data, size };
	request.map_is_sdl = true;
	if (mapping_new(&mapping, &request, &e) == ERR_OK)
		write_and_read(mapping, &request);
	else
		must(e.code == ERR_USAGE && e.text[0]);
	mapping_free(mapping);
	return 0;
}
