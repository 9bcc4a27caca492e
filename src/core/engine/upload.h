/*
 * upload.h - the body of one upload, made from the source while it is sent: header line and the chunk's records.
 *
 * Exactly the records of the prints, in their order. A source that no longer delivers them, byte for byte as many as were
 * planned, breaks the upload off: the job is discarded and nothing was written.
 */
#ifndef LONGSHORE_ENGINE_UPLOAD_H
#define LONGSHORE_ENGINE_UPLOAD_H

#include "core/plan/plan.h"
#include "core/source/source.h"
#include "store/chunks.h"

struct upload;

/* Prints, plan and source are borrowed: nobody else may move the source meanwhile. NULL without memory. */
struct upload *upload_new(struct plan *plan, struct source *source, const struct chunk_print *prints,
                          size_t count, int64_t bytes);
void upload_free(struct upload *upload);

/* An http_body: the next bytes; 0 at the end; -1 when the source does not deliver (upload_error() says why). */
long upload_read(void *upload, char *to, size_t room);

/* Every planned byte was handed out, and no more were there. */
bool upload_complete(const struct upload *upload);

/* Why it broke off; code ERR_OK if it did not. */
const struct err *upload_error(const struct upload *upload);

#endif
