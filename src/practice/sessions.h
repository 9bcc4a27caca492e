/*
 * sessions.h - what a sign-in hands out: access tokens, refresh tokens and authorization codes, which of them are
 * alive, and how often was signed in. Of these only refresh tokens are kept in a data file. Callers hold the org's turn; pointers to a token live until
 * the next one is made.
 */
#ifndef LONGSHORE_PRACTICE_SESSIONS_H
#define LONGSHORE_PRACTICE_SESSIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct practice;

enum {
	SESSION_TOKEN = 112,
	SESSION_SCOPE = 128,
	SESSION_REDIRECT = 1024,
	SESSION_CHALLENGE = 44, /* base64url of a SHA-256, and a NUL */
	CODE_LIFE_MS = 15 * 60 * 1000,
};

struct session {
	char text[SESSION_TOKEN];
	char scope[SESSION_SCOPE];
	int64_t since;    /* ms */
	size_t refreshed; /* number of the refresh token it was got with, from 1; 0: with none */
	bool dead;
};

struct refresh_token {
	char text[SESSION_TOKEN];
	char scope[SESSION_SCOPE];
	int64_t since; /* ms */
	bool dead;
};

struct auth_code {
	char text[SESSION_TOKEN];
	char scope[SESSION_SCOPE];
	char redirect[SESSION_REDIRECT];
	char challenge[SESSION_CHALLENGE]; /* "": none was sent */
	int64_t since;                     /* ms */
	bool used;
};

struct sessions {
	struct session *access;
	struct refresh_token *refresh;
	struct auth_code *codes;
	size_t access_count, refresh_count, code_count;
	uint64_t refresh_changes;    /* of refresh tokens */
	struct session fixed;        /* the access token that needs no sign-in (practice_ids.h) */
	struct refresh_token given;  /* the refresh token that is there from the start; its number is 1 */
	uint64_t granted, refused;   /* sign-ins */
	int64_t hour_began, in_hour; /* ms, and how many were granted since */
};

void sessions_init(struct sessions *s);
void sessions_release(struct sessions *s);
void sessions_expire(struct sessions *s); /* all access tokens but the fixed one */

/* New ones; NULL without memory. A scope that is too long is cut. `refreshed`: see struct session. */
const struct session *session_new(struct practice *p, const char *scope, size_t refreshed);
const struct refresh_token *refresh_token_new(struct practice *p, const char *scope, size_t *number);
struct auth_code *auth_code_new(struct practice *p, const char *scope);

/* Room for the next one that was kept: all zero. NULL without memory. */
struct refresh_token *refresh_token_restore(struct sessions *s);

/* By their text, if they are alive: neither ended nor too old; NULL otherwise. The number counts from 1. */
struct session *session_find(struct practice *p, const char *text);
struct refresh_token *refresh_token_find(struct practice *p, const char *text, size_t *number);

/* Codes that are used or too old are found too. */
struct auth_code *auth_code_find(struct practice *p, const char *text);

/* The refresh token gets a new text, its access tokens live on; nobody knows the old one any more. */
const struct refresh_token *refresh_token_rotate(struct practice *p, size_t number);

/* Ends a refresh token and every access token that was got with it. */
void refresh_token_end(struct practice *p, size_t number);

#endif
