/*
 * user.h - the name of an account of this machine, for people: who started a run, who gave an order.
 */
#ifndef LONGSHORE_BASE_USER_H
#define LONGSHORE_BASE_USER_H

#include <stddef.h>
#include <sys/types.h>

/* The account's name, cut to fit; "user 1000" where it has none, or where there is no memory to find out. /etc/passwd goes
 * first: of glibc's name services (2.36) a process without memory does not come back. */
void user_name(uid_t uid, char *to, size_t size);

#endif
