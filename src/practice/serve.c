#include "practice/serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#include "base/when.h"
#include "practice/bulk1_text.h"
#include "practice/bulk2.h"
#include "practice/http.h"
#include "practice/pack.h"
#include "practice/route.h"
#include "practice/unpack.h"

enum {
	CONNECTION_MEMORY = 256 * 1024, /* large pieces of uploads */
	MOST_HEAD = 16384,              /* salesforce-api.md F: URI and headers */
	BLOCK = 256 * 1024,
	MOST_CONNECTIONS = 1000,
	LEAST_PACKED = 1024, /* bytes of a body that is worth compressing */
};

#define MOST_ANSWER ((size_t)1 << 30)

struct server {
	struct practice *practice;
	struct MHD_Daemon *daemon;
};

/* One request on its way. */
struct wire {
	struct MHD_Connection *connection;
	struct practice *practice;
	struct request request;
	const struct route *route;
	bool known;
	bool answered;
	bool counted; /* among the calls in flight */
	char *sent;   /* the URI as it was sent, percent-encoded */
	char *path;   /* decoded and cleaned */
	char *cut;    /* the sent one cleaned and cut into the request's parts */
	char *bearer; /* of Bulk API 1.0: its token as the Authorization of the others */
	struct buf body;
	int64_t received;
	struct fault_plan plan;
	bool planned;
};

/* A body on its way out, and where it is cut off if a fault wants that (-1: nowhere). */
struct sender {
	struct buf body;
	size_t sent; /* of body */
	struct stream *stream;
	int64_t left;
	int64_t bit, ms; /* of a slow answer: so many bytes, then so long nothing; 0: at once */
};

const char *request_header(const struct request *r, const char *name)
{
	const struct wire *w = r->wire;

	if (r->inner)
		return inner_find(r->inner->headers, name);
	if (r->async && strcasecmp(name, "Authorization") == 0)
		return w->bearer;
	return MHD_lookup_connection_value(w->connection, MHD_HEADER_KIND, name);
}

const char *request_argument(const struct request *r, const char *name)
{
	const struct wire *w = r->wire;

	if (r->inner)
		return inner_find(r->inner->arguments, name);
	return MHD_lookup_connection_value(w->connection, MHD_GET_ARGUMENT_KIND, name);
}

/* Counts the requests of a connection: is this one not its first? */
static bool is_reused(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection,
	                                                               MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	int *requests = info ? info->socket_context : NULL;

	return requests && (*requests)++ > 0;
}

static void on_connection(void *ctx, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
	(void)ctx;
	(void)connection;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		*socket_context = calloc(1, sizeof(int));
	} else {
		free(*socket_context);
		*socket_context = NULL;
	}
}

static void count_out(struct wire *w)
{
	if (w->counted)
		w->practice->in_flight--;
	w->counted = false;
}

static void free_wire(struct wire *w)
{
	count_out(w);
	fault_plan_release(&w->plan);
	buf_release(&w->body);
	free(w->sent);
	free(w->bearer);
	free(w->path);
	free(w->cut);
	free(w);
}

/* libmicrohttpd decodes the URI, and then a slash within a key is one between parts: it is noted before that. */
static void *note_uri(void *ctx, const char *uri, struct MHD_Connection *connection)
{
	struct wire *w = calloc(1, sizeof *w);

	(void)ctx;
	(void)connection;
	if (w)
		w->sent = strdup(uri);
	return w;
}

/* Bulk API 1.0 takes its token from a header of its own, and from no other (salesforce-api.md D). */
static bool take_session(struct wire *w)
{
	const char *session = MHD_lookup_connection_value(w->connection, MHD_HEADER_KIND, "X-SFDC-Session");

	if (!w->request.async || !session)
		return true;
	if (asprintf(&w->bearer, "Bearer %s", session) < 0)
		w->bearer = NULL;
	return w->bearer != NULL;
}

/* The head of a request is there; false without memory. */
static bool begin_wire(struct wire *w, struct practice *p, struct MHD_Connection *connection, const char *url,
                       const char *method)
{
	bool reused = is_reused(connection);

	w->path = route_clean(url, strlen(url));
	w->cut = w->sent ? route_clean(w->sent, strcspn(w->sent, "?")) : NULL;
	if (!w->path || !w->cut)
		return false;
	w->connection = connection;
	w->practice = p;
	w->request = (struct request){ .method = method, .path = w->path, .body = &w->body, .wire = w };
	w->route = route_find(&w->request, w->cut, &w->known);
	w->counted = w->request.version != 0;
	if (w->counted)
		p->in_flight++;
	if (!take_session(w))
		return false;
	buf_init(&w->body, w->route && (w->route->flags & ROUTE_UPLOAD) ? JOB_MOST_BYTES : HTTP_MOST_BODY);
	practice_take_turn(p);
	if (strncmp(w->path, "/practice/", 10) != 0)
		w->planned = scenario_request(&p->scenario, method, w->path, reused, &w->plan);
	practice_end_turn(p);
	return true;
}

static void sleep_ms(int64_t ms)
{
	struct timespec span = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&span, NULL);
}

static ssize_t send_some(void *ctx, uint64_t at, char *to, size_t most)
{
	struct sender *s = ctx;
	size_t n;

	while (s->stream && s->sent == s->body.len) {
		buf_clear(&s->body);
		s->sent = 0;
		if (!s->stream->more(s->stream, &s->body))
			break;
	}
	n = s->body.len - s->sent;
	if (n > most)
		n = most;
	if (s->left >= 0 && n > (size_t)s->left)
		n = (size_t)s->left;
	if (s->bit > 0 && n > (size_t)s->bit)
		n = (size_t)s->bit;
	if (s->bit > 0 && at > 0)
		sleep_ms(s->ms);
	if (n == 0)
		return s->left == 0 ? MHD_CONTENT_READER_END_WITH_ERROR : MHD_CONTENT_READER_END_OF_STREAM;
	memcpy(to, s->body.at + s->sent, n);
	s->sent += n;
	if (s->left >= 0)
		s->left -= (int64_t)n;
	return (ssize_t)n;
}

static void free_sender(void *ctx)
{
	struct sender *s = ctx;

	if (s->stream)
		s->stream->free(s->stream);
	buf_release(&s->body);
	free(s);
}

/* Compresses the answer if the client takes that. */
static void pack(struct wire *w, struct answer *a)
{
	const char *accepted = request_header(&w->request, "Accept-Encoding");
	struct stream *packed;

	if (!accepted || !strstr(accepted, "gzip") || (!a->stream && a->body.len < LEAST_PACKED))
		return;
	packed = pack_open(&a->body, a->stream);
	if (!packed)
		return;
	a->stream = packed;
	answer_header(a, "Content-Encoding", "gzip");
}

static struct MHD_Response *make_response(struct wire *w, struct answer *a)
{
	bool cut = w->planned && w->plan.action == FAULT_CUT_ANSWER;
	struct MHD_Response *response;
	struct sender *s;

	if (!a->stream && a->body.len == 0)
		return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	*s = (struct sender){ .body = a->body, .stream = a->stream, .left = cut ? w->plan.bytes : -1 };
	if (w->planned && w->plan.action == FAULT_SLOW_ANSWER) {
		s->bit = w->plan.bytes > 0 ? w->plan.bytes : 1;
		s->ms = w->plan.ms;
	}
	buf_init(&a->body, 0);
	a->stream = NULL;
	response = MHD_create_response_from_callback(s->stream ? MHD_SIZE_UNKNOWN : s->body.len, BLOCK,
	                                             send_some, s, free_sender);
	if (!response)
		free_sender(s);
	return response;
}

static enum MHD_Result send_answer(struct wire *w, struct answer *a, int64_t now)
{
	struct MHD_Response *response;
	char date[WHEN_TEXT];
	enum MHD_Result queued;

	pack(w, a);
	response = make_response(w, a);
	if (!response)
		return MHD_NO;
	when_http_text(now, date);
	MHD_add_response_header(response, "Date", date);
	if (a->type)
		MHD_add_response_header(response, "Content-Type", a->type);
	MHD_add_response_header(response, "Cache-Control",
	                        "no-cache,must-revalidate,max-age=0,no-store,private");
	MHD_add_response_header(response, "Vary", "Accept-Encoding");
	MHD_add_response_header(response, "Server", "longshore-practice");
	for (size_t i = 0; i < a->header_count; i++)
		MHD_add_response_header(response, a->headers[i].name, a->headers[i].value);
	if (a->location.len)
		MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION, buf_text(&a->location));
	queued = MHD_queue_response(w->connection, (unsigned)a->status, response);
	MHD_destroy_response(response);
	return queued;
}

static enum MHD_Result add_header(void *ctx, enum MHD_ValueKind kind, const char *name, const char *value)
{
	size_t *bytes = ctx;

	(void)kind;
	*bytes += strlen(name) + (value ? strlen(value) : 0) + sizeof ": \r\n" - 1;
	return MHD_YES;
}

/* URI and headers have one limit together (salesforce-api.md F); false with the answer. */
static bool is_head_fit(struct wire *w, struct answer *a)
{
	size_t uri = strlen(w->sent), bytes = uri;

	MHD_get_connection_values(w->connection, MHD_HEADER_KIND, add_header, &bytes);
	if (bytes <= MOST_HEAD)
		return true;
	if (uri > MOST_HEAD / 2)
		answer_error(a, 414, "URI_TOO_LONG", "The URI and the headers are longer than 16,384 bytes");
	else
		answer_error(a, 431, "REQUEST_HEADER_FIELDS_TOO_LARGE",
		             "The URI and the headers are longer than 16,384 bytes");
	return false;
}

static bool refuse_body(struct wire *w, struct answer *a, int status, const char *code, const char *why)
{
	if (w->request.async)
		bulk1_error(&w->request, a, "ClientInputError", "%s", why);
	else
		answer_error(a, status, code, "%s", why);
	return false;
}

/* Makes the body plain, which may be as large as a plain one; false with the answer. Job data is never compressed
 * (salesforce-api.md B1). */
static bool unpack_body(struct wire *w, struct answer *a)
{
	const char *coding = request_header(&w->request, "Content-Encoding");
	bool upload = w->route && (w->route->flags & ROUTE_UPLOAD);
	enum unpacked unpacked = UNPACKED;

	if (upload && !coding)
		return true; /* its handler says what is too large */
	if (coding && strcasecmp(coding, "identity") != 0) {
		if (upload || strcasecmp(coding, "gzip") != 0)
			return refuse_body(w, a, 415, "UNSUPPORTED_MEDIA_TYPE",
			                   "The Content-Encoding is not supported here");
		unpacked = w->body.short_of ? UNPACK_LARGE : unpack_gzip(&w->body);
	}
	if (unpacked == UNPACK_BROKEN)
		return refuse_body(w, a, 400, "JSON_PARSER_ERROR",
		                   "The body is not the gzip that Content-Encoding says");
	if (unpacked == UNPACK_LARGE || w->body.short_of)
		return refuse_body(w, a, 413, "REQUEST_ENTITY_TOO_LARGE", "The body is too large");
	return true;
}

/* The client sees the connection end now, whatever the request still does. */
static void hang_up(struct wire *w)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(w->connection,
	                                                               MHD_CONNECTION_INFO_CONNECTION_FD);

	if (info)
		shutdown(info->connect_fd, SHUT_RDWR);
}

/* What others do to the org at the time of the request. */
static void meddle(struct wire *w, bool before)
{
	enum fault_action action = w->plan.action;

	if (!w->planned || w->plan.before != before)
		return;
	if (action == FAULT_CLOSE_JOB || action == FAULT_ABORT_JOB)
		bulk2_meddle(w->practice, w->request.part[0], action == FAULT_CLOSE_JOB);
}

static void answer_as_planned(struct wire *w, struct answer *a)
{
	a->status = w->plan.status;
	a->type = w->plan.type;
	buf_add_text(&a->body, w->plan.body);
	if (w->plan.retry_after > 0)
		answer_header(a, "Retry-After", "%lld", (long long)w->plan.retry_after);
}

/* With the turn taken. `fit`: the request can be read; else its answer is there. */
static void carry_out(struct wire *w, bool fit, struct answer *a)
{
	struct practice *p = w->practice;

	if (w->planned && w->plan.action == FAULT_ANSWER) {
		answer_as_planned(w, a);
	} else if (!fit) {
		if (w->request.version)
			route_add_usage(p, a);
	} else {
		if (w->planned && w->plan.action == FAULT_EXPIRE_SESSIONS)
			sessions_expire(&p->sessions);
		if (w->planned && w->plan.action == FAULT_SHORT_LIST)
			w->request.lacks = w->plan.each;
		meddle(w, true);
		route_answer(p, w->route, w->known, &w->request, a);
		meddle(w, false);
	}
}

/* Carries the request out, or does to it what its fault wants; MHD_NO closes the connection without an answer. */
static enum MHD_Result finish(struct wire *w)
{
	enum fault_action action = w->planned ? w->plan.action : FAULT_DELAY;
	struct practice *p = w->practice;
	struct answer a = { .status = 200, .type = "application/json;charset=UTF-8" };
	bool unanswered = action == FAULT_DROP_AFTER || action == FAULT_LATE;
	enum MHD_Result sent;
	int64_t now;
	bool fit;

	if (action == FAULT_DROP_BEFORE)
		return MHD_NO;
	if (action == FAULT_LATE)
		hang_up(w);
	if (w->planned && (action == FAULT_DELAY || action == FAULT_LATE))
		sleep_ms(w->plan.ms);
	buf_init(&a.body, MOST_ANSWER);
	fit = action == FAULT_ANSWER || (is_head_fit(w, &a) && unpack_body(w, &a));
	practice_take_turn(p);
	now = practice_now(p);
	carry_out(w, fit, &a);
	practice_save(p);
	practice_end_turn(p);
	count_out(w);
	w->answered = true;
	sent = unanswered ? MHD_NO : send_answer(w, &a, now);
	if (a.stream)
		a.stream->free(a.stream);
	buf_release(&a.body);
	buf_release(&a.location);
	return sent;
}

static enum MHD_Result take_upload(struct wire *w, const char *bytes, size_t *len)
{
	size_t n = *len;
	bool cut = w->planned && w->plan.action == FAULT_CUT_UPLOAD;

	if (cut && w->received + (int64_t)n > w->plan.bytes)
		n = (size_t)(w->plan.bytes - w->received);
	buf_add(&w->body, bytes, n);
	w->received += (int64_t)n;
	*len = 0;
	return cut && w->received >= w->plan.bytes ? MHD_NO : MHD_YES;
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *bytes, size_t *len,
                                  void **request)
{
	struct wire *w = *request;

	(void)version;
	if (!w)
		return MHD_NO;
	if (!w->connection)
		return begin_wire(w, ctx, connection, url, method) ? MHD_YES : MHD_NO;
	if (*len)
		return take_upload(w, bytes, len);
	w->request.whole = true;
	return finish(w);
}

/* An upload that broke off leaves what came of it in its job, as a client must expect. */
static void keep_part(struct wire *w)
{
	struct answer a = { .status = 200 };

	if (w->answered || w->request.whole || w->received == 0 || !w->route ||
	    !(w->route->flags & ROUTE_UPLOAD))
		return;
	buf_init(&a.body, 64 * 1024);
	practice_take_turn(w->practice);
	route_answer(w->practice, w->route, w->known, &w->request, &a);
	practice_save(w->practice);
	practice_end_turn(w->practice);
	buf_release(&a.body);
}

static void on_completed(void *ctx, struct MHD_Connection *connection, void **request,
                         enum MHD_RequestTerminationCode code)
{
	(void)ctx;
	(void)connection;
	(void)code;
	if (!*request)
		return;
	keep_part(*request);
	free_wire(*request);
	*request = NULL;
}

/* Serves over TLS if the org has a certificate. */
static struct MHD_Daemon *start_daemon(struct practice *p, struct sockaddr_in *address)
{
	unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
	                 MHD_USE_SUPPRESS_DATE_NO_CLOCK;
	struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, p->tls_certificate },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, p->tls_key },
		{ MHD_OPTION_END, 0, NULL },
	};

	if (p->tls_certificate)
		flags |= MHD_USE_TLS;
	return MHD_start_daemon(flags, ntohs(address->sin_port), NULL, NULL, on_request, p,
	                        MHD_OPTION_SOCK_ADDR, address, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
	                        MHD_OPTION_NOTIFY_CONNECTION, on_connection, NULL, MHD_OPTION_URI_LOG_CALLBACK,
	                        note_uri, NULL, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
	                        MHD_OPTION_CONNECTION_LIMIT, (unsigned)MOST_CONNECTIONS, MHD_OPTION_ARRAY,
	                        p->tls_certificate ? tls : tls + 2, MHD_OPTION_END);
}

struct server *server_open(struct practice *p, int port, struct err *e)
{
	struct server *s = calloc(1, sizeof *s);
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	const union MHD_DaemonInfo *info;

	if (!s) {
		err_memory(e, "the server");
		return NULL;
	}
	if (p->tls_certificate && MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES) {
		err_set(e, ERR_FILE, "this libmicrohttpd was built without TLS: --tls cannot be used");
		free(s);
		return NULL;
	}
	s->practice = p;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->daemon = start_daemon(p, &address);
	if (!s->daemon) {
		err_set(e, ERR_FILE, "cannot listen on 127.0.0.1:%d: %s; is it in use?", port, strerror(errno));
		free(s);
		return NULL;
	}
	info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
	p->port = info ? info->port : port;
	return s;
}

void server_close(struct server *s)
{
	MHD_stop_daemon(s->daemon);
	free(s);
}
