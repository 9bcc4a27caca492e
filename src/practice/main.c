/* longshore-practice: a Salesforce org to rehearse on, on 127.0.0.1. */
#include <errno.h>
#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "base/paths.h"
#include "practice/certificate.h"
#include "practice/practice.h"
#include "practice/serve.h"

static const char usage[] =
	"usage: longshore-practice [--port N] [--port-file FILE] [--data FILE] [--describes DIR]\n"
	"                          [--rehearsal] [--scenario FILE] [--seed N] [--certificate FILE]\n"
	"                          [--tls CERT KEY]\n"
	"Serves a practice org on 127.0.0.1 and prints the port. docs/practice.md has the rest.\n";

struct settings {
	int64_t port;
	int64_t seed;
	const char *port_file;
	const char *describes;
	const char *scenario;
	const char *data;
	const char *certificate;
	const char *tls, *tls_key;
	bool rehearsal;
};

static enum err_code read_number(const char *name, const char *text, int64_t most, int64_t *to, struct err *e)
{
	if (!number_whole(slice_of(text), to) || *to < 0 || *to > most)
		return err_set(e, ERR_USAGE, "--%s takes a whole number from 0 to %lld, not %s", name,
		               (long long)most, text);
	return ERR_OK;
}

static enum err_code read_settings(int argc, char **argv, struct settings *s, struct err *e)
{
	static const struct option options[] = {
		{ "port", required_argument, NULL, 'p' }, { "port-file", required_argument, NULL, 'f' },
		{ "data", required_argument, NULL, 'k' }, { "describes", required_argument, NULL, 'd' },
		{ "rehearsal", no_argument, NULL, 'o' },  { "scenario", required_argument, NULL, 's' },
		{ "seed", required_argument, NULL, 'r' }, { "certificate", required_argument, NULL, 'c' },
		{ "tls", required_argument, NULL, 't' },  { "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },    { NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1 && e->code == ERR_OK) {
		switch (c) {
		case 'p':
			read_number("port", optarg, 65535, &s->port, e);
			break;
		case 'r':
			read_number("seed", optarg, INT64_MAX, &s->seed, e);
			break;
		case 'f':
			s->port_file = optarg;
			break;
		case 'd':
			s->describes = optarg;
			break;
		case 'o':
			s->rehearsal = true;
			break;
		case 'k':
			s->data = optarg;
			break;
		case 's':
			s->scenario = optarg;
			break;
		case 'c':
			s->certificate = optarg;
			break;
		case 't':
			if (optind >= argc)
				return err_set(e, ERR_USAGE,
				               "--tls takes two files, a certificate and its key");
			s->tls = optarg;
			s->tls_key = argv[optind++];
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		case 'v':
			puts("longshore-practice " LONGSHORE_VERSION);
			exit(0);
		default:
			fputs(usage, stderr);
			return err_set(e, ERR_USAGE, "an option is not known, or lacks its value");
		}
	}
	if (e->code == ERR_OK && optind < argc)
		err_set(e, ERR_USAGE, "%s is not an option", argv[optind]);
	if (e->code == ERR_OK && s->rehearsal && (!s->describes || s->data))
		err_set(e, ERR_USAGE, "--rehearsal needs --describes DIR, a real org's, and keeps no --data");
	return e->code;
}

/* Whoever waits for the file sees it whole or not at all. */
static enum err_code write_port_file(const char *path, int port, struct err *e)
{
	char draft[PATH_ROOM];
	FILE *f;

	snprintf(draft, sizeof draft, "%s.%ld", path, (long)getpid());
	f = fopen(draft, "w");
	if (!f)
		return err_set(e, ERR_FILE, "cannot write %s: %s", draft, strerror(errno));
	fprintf(f, "%d\n", port);
	if (fclose(f) != 0 || rename(draft, path) != 0) {
		err_set(e, ERR_FILE, "cannot write %s: %s", path, strerror(errno));
		unlink(draft);
	}
	return e->code;
}

static enum err_code prepare(struct practice *p, const struct settings *s, struct err *e)
{
	char describes[PATH_ROOM];

	if (s->describes)
		snprintf(describes, sizeof describes, "%s", s->describes);
	else if (paths_asset("describes", describes, e) != ERR_OK)
		return e->code;
	if (practice_open(p, describes, (uint64_t)s->seed, s->rehearsal, &clock_real, e) != ERR_OK)
		return e->code;
	if (s->scenario && scenario_load(&p->scenario, s->scenario, e) != ERR_OK)
		return e->code;
	if (s->certificate && certificate_load(s->certificate, &p->certificate, e) != ERR_OK)
		return e->code;
	if (s->tls && certificate_load_pair(s->tls, s->tls_key, &p->tls_certificate, &p->tls_key, e) != ERR_OK)
		return e->code;
	return s->data ? practice_keep(p, s->data, e) : ERR_OK;
}

/* Serves until a signal of `end` comes. */
static enum err_code serve(struct practice *p, const struct settings *s, const sigset_t *end, struct err *e)
{
	struct server *server;
	int signal_number;

	if (practice_start(p, e) != ERR_OK)
		return e->code;
	server = server_open(p, (int)s->port, e);
	if (!server)
		return e->code;
	if (!s->port_file || write_port_file(s->port_file, p->port, e) == ERR_OK) {
		printf("listening %d\n", p->port);
		fflush(stdout);
		sigwait(end, &signal_number);
	}
	server_close(server);
	return e->code;
}

int main(int argc, char **argv)
{
	struct settings settings = { .seed = 1 };
	static struct practice practice;
	sigset_t end;
	struct err e;

	err_init(&e);
	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigaddset(&end, SIGINT);
	pthread_sigmask(SIG_BLOCK, &end, NULL);
	signal(SIGPIPE, SIG_IGN);
	/* millions of small rows from one thread: arenas of their own would be grown page by page */
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_TOP_PAD, 16 << 20);
	if (read_settings(argc, argv, &settings, &e) == ERR_OK) {
		if (prepare(&practice, &settings, &e) == ERR_OK)
			serve(&practice, &settings, &end, &e);
		practice_close(&practice);
	}
	if (e.code != ERR_OK)
		fprintf(stderr, "longshore-practice: %s\n", e.text);
	return err_exit_status(e.code);
}
