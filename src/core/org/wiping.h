/*
 * wiping.h - memory that is overwritten when it is freed, for libraries through which secrets pass and that do not do so
 * themselves: libcurl keeps headers and answers, OpenSSL what it encrypts, jansson the texts it reads.
 */
#ifndef LONGSHORE_ORG_WIPING_H
#define LONGSHORE_ORG_WIPING_H

#include <stddef.h>

/* As malloc's own. */
void wiping_free(void *bytes);
void *wiping_realloc(void *bytes, size_t len); /* moves by hand, so that nothing is left behind */

/* Gives them to OpenSSL and jansson, for the whole process: before either is used. http.c gives them to libcurl. */
void wiping_begin(void);

#endif
