/*
 * zone.h - time zones by their IANA name ("Europe/Berlin"), read from the system's zoneinfo files (RFC 8536).
 *
 * A zone of its own beside the machine's: nothing here looks at TZ or changes it, and threads may share a zone. Times are
 * milliseconds; a local time is written as if its clock showed UTC.
 */
#ifndef LONGSHORE_BASE_ZONE_H
#define LONGSHORE_BASE_ZONE_H

#include <stdint.h>

#include "base/buf.h"

struct zone;

/* NULL if the system knows no zone of this name (or it cannot be read). The caller calls zone_free(). */
struct zone *zone_open(const char *name);
void zone_free(struct zone *zone);
const char *zone_name(const struct zone *zone);

/* A zone from the bytes of such a file; NULL if they are none. */
struct zone *zone_parse(const char *name, struct slice bytes);

/* How many milliseconds the zone's clocks are ahead of UTC at that instant. */
int64_t zone_east_ms(const struct zone *zone, int64_t utc_ms);

/* The instant of a local time. ZONE_NEVER: clocks are put forward over it, *utc_ms is not set. ZONE_TWICE: they are put
 * back, so that it comes twice; *utc_ms is the first. */
enum zone_fit { ZONE_ONCE, ZONE_TWICE, ZONE_NEVER };
enum zone_fit zone_instant(const struct zone *zone, int64_t local_ms, int64_t *utc_ms);

#endif
