/*
 * practice_ids.h - who is who in the practice org, and the credentials it takes until a scenario says otherwise.
 */
#ifndef LONGSHORE_PRACTICE_IDS_H
#define LONGSHORE_PRACTICE_IDS_H

#define PRACTICE_ORG "00D5e0000000001EAA"
#define PRACTICE_USER "0055e0000000001AAA"
#define PRACTICE_USERNAME "operator@practice.example"

/* The refresh token flow. The secret may be left out; a wrong one is refused. */
#define PRACTICE_CLIENT_ID "practice"
#define PRACTICE_CLIENT_SECRET "practice-secret"
#define PRACTICE_REFRESH_TOKEN "practice-refresh"

/* An access token that needs no sign-in: always accepted, never expires. */
#define PRACTICE_TOKEN "00D5e0000000001!AQEAQ.practice"

#endif
