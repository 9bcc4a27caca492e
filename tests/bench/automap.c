/*
 * How long does it take to find fields for the columns of a file? 200 columns, half of them written like no field, and an object
 * of 800 fields with picklists and labels of several words; what is printed is the share of one frame of the console (16 ms).
 *
 * automap, without arguments. Exit 1 if it takes longer than a frame.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/plan/mapping.h"
#include "core/plan/profile.h"

enum { COLUMNS = 200, FIELDS = 800, RECORDS = 200, TIMES = 21 };

static const double frame_ms = 16;

static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static const char *const parts[] = { "Billing",  "Shipping", "Annual",   "Last",   "First", "Primary",
	                             "Contract", "Order",    "Customer", "Region", "Sales", "Status",
	                             "Date",     "Amount",   "Number",   "Code",   "Owner", "Partner",
	                             "Score",    "Level",    "Name",     "Street", "City",  "Email" };
enum { PARTS = sizeof parts / sizeof parts[0] };

static const char *part(size_t i)
{
	return parts[i % PARTS];
}

static void add_field(struct buf *b, size_t i)
{
	static const char *const types[] = { "string",   "email",  "date",   "phone",
		                             "picklist", "double", "string", "string" };
	const char *type = types[i % 8];

	buf_addf(b,
	         "%s{\"name\":\"%s_%s_%zu__c\",\"label\":\"%s %s "
	         "%zu\",\"type\":\"%s\",\"length\":80,\"createable\":true,"
	         "\"updateable\":true,\"nillable\":true,\"restrictedPicklist\":%s,\"picklistValues\":[",
	         i ? "," : "", part(i), part(i / PARTS + i), i, part(i), part(i / PARTS + i), i, type,
	         i % 8 == 4 ? "true" : "false");
	for (size_t k = 0; i % 8 == 4 && k < 100; k++)
		buf_addf(b, "%s{\"value\":\"Value %zu of %zu\",\"label\":\"Value %zu\",\"active\":true}",
		         k ? "," : "", k, i, k);
	buf_add_text(b, "]}");
}

static struct object *make_object(void)
{
	struct object *object;
	struct err e;
	struct buf b;

	err_init(&e);
	buf_init(&b, 1 << 26);
	buf_add_text(&b, "{\"name\":\"Large__c\",\"label\":\"Large\",\"keyPrefix\":\"a00\",\"createable\":true,"
	                 "\"updateable\":true,\"fields\":[");
	for (size_t i = 0; i < FIELDS; i++)
		add_field(&b, i);
	buf_add_text(&b, "]}");
	if (describe_parse(&object, buf_slice(&b), &e) != ERR_OK) {
		fprintf(stderr, "automap: %s\n", e.text);
		exit(1);
	}
	buf_release(&b);
	return object;
}

/* Every second header is a field's label but for signs, the others have words of several fields, or of none. */
static void make_columns(struct slice *columns, struct profile *profiles, struct arena *a)
{
	char text[128];

	for (size_t i = 0; i < COLUMNS; i++) {
		if (i % 2)
			snprintf(text, sizeof text, "%s-%s.%zu", part(i * 4), part(i * 4 / PARTS + i * 4),
			         i * 4);
		else
			snprintf(text, sizeof text, "%s %s thing %zu", part(i * 7), part(i * 5 + 3), i + 10000);
		columns[i] = slice_of(arena_text(a, text));
		for (size_t k = 0; k < RECORDS; k++) {
			snprintf(text, sizeof text, "Value %zu of %zu", k % 20, i);
			profile_add(&profiles[i], slice_of(text), a);
		}
	}
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int main(void)
{
	static struct slice columns[COLUMNS];
	static struct profile profiles[COLUMNS];
	struct object *object = make_object();
	double took[TIMES], ms;
	size_t mapped = 0;
	struct arena a;

	arena_init(&a);
	make_columns(columns, profiles, &a);
	for (int i = 0; i < TIMES; i++) {
		struct mapping_request r = { .object = object,
			                     .action = ACTION_INSERT,
			                     .columns = columns,
			                     .column_count = COLUMNS,
			                     .profiles = profiles,
			                     .matching = MATCH_GUESSES };
		struct mapping *mapping;
		double began = cpu_ms();
		struct err e;

		err_init(&e);
		if (mapping_new(&mapping, &r, &e) != ERR_OK) {
			fprintf(stderr, "automap: %s\n", e.text);
			return 1;
		}
		took[i] = cpu_ms() - began;
		mapped = mapping->count;
		mapping_free(mapping);
	}
	qsort(took, TIMES, sizeof took[0], by_size);
	ms = took[TIMES / 2];
	printf("automap: %d columns, %d fields: %.2f ms of CPU (median of %d; fastest %.2f, slowest %.2f), "
	       "%.0f %% of a frame of "
	       "%.0f ms; %zu mapped\n",
	       COLUMNS, FIELDS, ms, TIMES, took[0], took[TIMES - 1], 100 * ms / frame_ms, frame_ms, mapped);
	arena_release(&a);
	object_free(object);
	return ms > frame_ms;
}
