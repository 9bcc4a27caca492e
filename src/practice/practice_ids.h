/*
 * practice_ids.h - who is who in the practice org, and the credentials it takes until a scenario says otherwise.
 */
#ifndef LONGSHORE_PRACTICE_IDS_H
#define LONGSHORE_PRACTICE_IDS_H

#define PRACTICE_ORG "00D5e0000000001EAA"
#define PRACTICE_USER "0055e0000000001AAA"
#define PRACTICE_USERNAME "operator@practice.example"

/* The connected app. Where the secret may be left out, a wrong one is refused all the same. */
#define PRACTICE_CLIENT_ID "practice"
#define PRACTICE_CLIENT_SECRET "practice-secret"

/* A refresh token that is there from the start, and what it gives access to. */
#define PRACTICE_REFRESH_TOKEN "practice-refresh"
#define PRACTICE_SCOPE "api refresh_token"

/* The user's. Outside trusted networks the password is followed by the security token. */
#define PRACTICE_PASSWORD "practice-password"
#define PRACTICE_SECURITY_TOKEN "practice-security-token"

/* An access token that needs no sign-in: accepted until it is revoked, never expires. */
#define PRACTICE_TOKEN "00D5e0000000001!AQEAQ.practice"

#endif
