/* Compressed bodies of requests and answers on the practice org, and what hostile ones are answered. */
#include "practice_client.h"

#include <sys/resource.h>
#include <zlib.h>

enum { PACKED_ROOM = 1024 * 1024 };

static char packed[PACKED_ROOM];

/* Compresses `times` copies of the text into `packed`; how many bytes. */
static size_t pack(const char *text, size_t times)
{
	z_stream zip = { 0 };
	size_t len;

	assert_int_equal(deflateInit2(&zip, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	zip.next_out = (Bytef *)packed;
	zip.avail_out = PACKED_ROOM;
	for (size_t i = 0; i < times; i++) {
		zip.next_in = (Bytef *)(uintptr_t)text;
		zip.avail_in = (uInt)strlen(text);
		assert_int_equal(deflate(&zip, Z_NO_FLUSH), Z_OK);
	}
	assert_int_equal(deflate(&zip, Z_FINISH), Z_STREAM_END);
	len = zip.total_out;
	deflateEnd(&zip);
	return len;
}

static struct reply send_coded(const char *method, const char *path, const char *type, const char *coding,
                               size_t len)
{
	char head[2048];
	int fd = dial();
	int n = snprintf(head, sizeof head,
	                 "%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " PRACTICE_TOKEN
	                 "\r\nX-SFDC-Session: " PRACTICE_TOKEN
	                 "\r\nContent-Type: %s\r\nContent-Encoding: %s\r\n"
	                 "Content-Length: %zu\r\n\r\n",
	                 method, path, type, coding, len);
	struct reply r;

	send_all(fd, head, (size_t)n);
	send_all(fd, packed, len);
	r = receive(fd);
	close(fd);
	return r;
}

static struct reply send_packed(const char *method, const char *path, size_t len)
{
	return send_coded(method, path, "application/json", "gzip", len);
}

static void a_compressed_body_is_read_by_every_resource(void **unused)
{
	char id[SF_ID_ROOM], path[128];
	struct reply r = send_packed("POST", API "/sobjects/Account", pack("{\"Name\":\"One\"}", 1));

	(void)unused;
	assert_int_equal(r.status, 201);
	take_value(r.body, "id", id, sizeof id);
	snprintf(path, sizeof path, API "/sobjects/Account/%s", id);
	assert_int_equal(send_packed("PATCH", path, pack("{\"Name\":\"Two\"}", 1)).status, 204);
	assert_int_equal(
		send_packed("PATCH", API "/sobjects/Account/Ext__c/E-1", pack("{\"Name\":\"Three\"}", 1))
			.status,
		201);
	r = send_packed("POST", API "/composite/sobjects",
	                pack("{\"records\":[{\"attributes\":{\"type\":\"Account\"},\"Name\":\"Four\"}]}", 1));
	assert_int_equal(r.status, 200);
	assert_non_null(strstr(r.body, "\"success\" : true"));
	r = send_packed("POST", API "/composite",
	                pack("{\"compositeRequest\":[{\"method\":\"GET\",\"url\":\"" API
	                     "/limits\",\"referenceId\":\"a\"}]}",
	                     1));
	assert_int_equal(r.status, 200);
	assert_int_equal(send_packed("POST", API "/jobs/ingest",
	                             pack("{\"object\":\"Account\",\"operation\":\"insert\"}", 1))
	                         .status,
	                 200);
	assert_int_equal(send_packed("POST", API "/jobs/query",
	                             pack("{\"operation\":\"query\",\"query\":\"SELECT Id FROM Account\"}", 1))
	                         .status,
	                 200);
	assert_int_equal(counter("rows", "Account"), 3);
	assert_int_equal(
		send_coded("POST", "/services/async/62.0/job", "application/json", "GZIP",
	                   pack("{\"object\":\"Account\",\"operation\":\"insert\",\"contentType\":\"CSV\"}", 1))
			.status,
		201);
}

static void a_broken_one_is_refused_and_nothing_is_written(void **unused)
{
	static const char text[] = "{\"Name\":\"A name that is long enough to be cut anywhere\"}";
	size_t len = pack(text, 1);
	struct reply r;

	(void)unused;
	for (size_t cut = 0; cut < len; cut += 7) {
		r = send_packed("POST", API "/sobjects/Account", cut);
		assert_int_equal(r.status, 400);
		assert_non_null(strstr(r.body, "errorCode"));
		assert_non_null(head_value(&r, "\r\nSforce-Limit-Info: "));
	}
	packed[len] = 'x';
	assert_int_equal(send_packed("POST", API "/sobjects/Account", len + 1).status, 400);
	for (size_t i = 0; i < len; i += 3) {
		pack(text, 1);
		packed[i] ^= 0x55;
		r = send_packed("POST", API "/sobjects/Account", len);
		assert_true(r.status == 400 || r.status == 201); /* the head has bytes that mean nothing */
	}
	memset(packed, 'x', 100);
	assert_int_equal(send_packed("POST", API "/sobjects/Account", 100).status, 400);
	r = send_coded("POST", "/services/async/62.0/job", "application/json", "gzip", 100);
	assert_int_equal(r.status, 400);
	assert_non_null(strstr(r.body, "ClientInputError"));
}

/* 600 MB of blanks in about 600 kB. */
static void a_bomb_is_refused_within_its_memory(void **unused)
{
	static char blanks[1024 * 1024 + 1];
	struct rusage before, after;
	size_t len;
	struct reply r;

	(void)unused;
	memset(blanks, ' ', sizeof blanks - 1);
	len = pack(blanks, 600);
	getrusage(RUSAGE_SELF, &before);
	r = send_packed("POST", API "/sobjects/Account", len);
	getrusage(RUSAGE_SELF, &after);
	assert_int_equal(r.status, 413);
	assert_non_null(strstr(r.body, "REQUEST_ENTITY_TOO_LARGE"));
	assert_true(after.ru_maxrss - before.ru_maxrss < 200 * 1024); /* kB */
	assert_int_equal(get(API "/limits").status, 200);
}

static void other_codings_and_coded_job_data_are_refused(void **unused)
{
	char id[SF_ID_ROOM];
	size_t len = pack("Name\nOne\n", 1);

	(void)unused;
	assert_int_equal(send_coded("POST", API "/sobjects/Account", "application/json", "br", len).status,
	                 415);
	create_job("{\"object\":\"Account\",\"operation\":\"insert\"}", id);
	assert_int_equal(send_coded("PUT", job_path(id, "/batches"), "text/csv", "gzip", len).status, 415);
	assert_int_equal(upload(id, "Name\nOne\n").status, 201);
}

static char *unpack_body(const struct reply *r, size_t len)
{
	static char plain[REPLY_ROOM];
	z_stream zip = { .next_in = (Bytef *)r->body, .avail_in = (uInt)len };

	assert_int_equal(inflateInit2(&zip, 15 + 16), Z_OK);
	zip.next_out = (Bytef *)plain;
	zip.avail_out = sizeof plain - 1;
	assert_int_equal(inflate(&zip, Z_FINISH), Z_STREAM_END);
	plain[zip.total_out] = '\0';
	inflateEnd(&zip);
	return plain;
}

/* The pieces of a chunked body, which may hold any bytes, put together at the front; how many bytes. */
static size_t join(const struct reply *r)
{
	char *from = r->body, *to = r->body, *end;
	size_t len;

	if (!head_value(r, "\r\nTransfer-Encoding: chunked"))
		return r->bytes - (size_t)(r->body - reply_text);
	while ((len = strtoul(from, &end, 16)) > 0) {
		memmove(to, end + 2, len);
		to += len;
		from = end + 2 + len + 2;
	}
	return (size_t)(to - r->body);
}

/* Answers end with the connection, so that nothing has to be guessed from their bytes. */
static struct reply get_packed(const char *path)
{
	char request[1024];
	struct reply r = { 0 };
	int fd = dial();
	ssize_t got;
	int n = snprintf(request, sizeof request,
	                 "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept-Encoding: deflate, gzip\r\n"
	                 "Authorization: Bearer " PRACTICE_TOKEN "\r\n\r\n",
	                 path);

	send_all(fd, request, (size_t)n);
	while ((got = recv(fd, reply_text + r.bytes, REPLY_ROOM - r.bytes, 0)) > 0)
		r.bytes += (size_t)got;
	close(fd);
	reply_text[r.bytes] = '\0';
	r.head = reply_text;
	r.status = atoi(reply_text + sizeof "HTTP/1.1 " - 1);
	r.body = strstr(reply_text, "\r\n\r\n") + 4;
	return r;
}

static void answers_are_compressed_for_those_who_take_it(void **unused)
{
	static char csv[64 * 1024], plain[REPLY_ROOM];
	size_t n = (size_t)snprintf(csv, sizeof csv, "Name\n");
	char ingest[SF_ID_ROOM], asked[SF_ID_ROOM], results_path[128], query_path[128];
	const char *paths[] = { API "/sobjects",
		                API "/sobjects/Account/describe",
		                API "/limits?x", /* its usage counts on: compared by length only */
		                API "/query?q=SELECT+Id,Name+FROM+Account",
		                results_path,
		                query_path };

	(void)unused;
	for (int i = 0; i < 2000; i++)
		n += (size_t)snprintf(csv + n, sizeof csv - n, "Account %d\n", i);
	run_job("{\"object\":\"Account\",\"operation\":\"insert\"}", csv, "JobComplete", ingest);
	take_value(
		ask("POST", API "/jobs/query", "{\"operation\":\"query\",\"query\":\"SELECT Id FROM Account\"}")
			.body,
		"id", asked, sizeof asked);
	snprintf(results_path, sizeof results_path, API "/jobs/ingest/%s/successfulResults", ingest);
	snprintf(query_path, sizeof query_path, API "/jobs/query/%s/results", asked);
	get(API "/jobs/query"); /* it is done by now, having been looked at */
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		struct reply r = get(paths[i]);
		char *unpacked;

		assert_int_equal(r.status, 200);
		snprintf(plain, sizeof plain, "%s", r.body);
		r = get_packed(paths[i]);
		assert_int_equal(r.status, 200);
		assert_non_null(head_value(&r, "\r\nContent-Encoding: gzip"));
		unpacked = unpack_body(&r, join(&r));
		assert_int_equal(strlen(unpacked), strlen(plain));
		if (!strstr(paths[i], "limits"))
			assert_string_equal(unpacked, plain);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_compressed_body_is_read_by_every_resource, empty_org),
		cmocka_unit_test_setup(a_broken_one_is_refused_and_nothing_is_written, empty_org),
		cmocka_unit_test_setup(a_bomb_is_refused_within_its_memory, empty_org),
		cmocka_unit_test_setup(other_codings_and_coded_job_data_are_refused, empty_org),
		cmocka_unit_test_setup(answers_are_compressed_for_those_who_take_it, empty_org),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
