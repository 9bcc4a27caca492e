/* fuzz_practice_query.c - any bytes as a query: refused with a code, or answered with its rows. */
#include "fuzz_org.h"
#include "practice/cursor.h"

static void fill(struct practice *p)
{
	static char body[] =
		"{\"records\":[{\"attributes\":{\"type\":\"Account\"},\"Name\":\"A\",\"Ext__c\":\"K-1\"},"
		"{\"attributes\":{\"type\":\"Contact\"},\"LastName\":\"b\",\"Score__c\":\"-1.5\","
		"\"Account\":{\"Ext__c\":\"K-1\"},\"Since__c\":\"2024-02-29\",\"Active__c\":true}]}";
	static char path[] = "/services/data/v62.0/composite/sobjects";
	static char name[] = "Content-Type", value[] = "application/json";
	struct buf b;

	fuzz_headers[0] = (struct fuzz_pair){ name, value };
	fuzz_header_count = 1;
	buf_init(&b, 1 << 20);
	buf_add_text(&b, body);
	fuzz_ask(p, "POST", path, &b);
	buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct practice *p = fuzz_org();
	struct query_error why = { 0 };
	struct query *q;
	struct cursor *c;
	struct buf out;
	struct json_out o;

	if (practice_table(p, "Contact")->live == 0)
		fill(p);
	buf_init(&why.message, 1 << 20);
	q = query_parse(&p->schema, (struct slice){ (const char *)data, size }, &why);
	if (!q && (!why.code || !why.message.len))
		abort();
	c = q ? cursor_open(&p->org, q, 2000) : NULL;
	if (c) {
		buf_init(&out, FUZZ_ANSWER);
		json_out_init(&o, &out, size % 2);
		cursor_write(c, &p->org, 0, 62, &o);
		if (out.len < 2 || out.at[out.len - 1] != '}')
			abort();
		buf_release(&out);
		cursor_free(c);
	}
	buf_release(&why.message);
	return 0;
}
