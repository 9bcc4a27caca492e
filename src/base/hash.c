#include "base/hash.h"

#include <stdlib.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/text.h"

struct hash_stream {
	XXH3_state_t *state;
};

struct hash_stream *hash_new(void)
{
	struct hash_stream *h = malloc(sizeof *h);

	if (!h)
		return NULL;
	h->state = XXH3_createState();
	if (!h->state) {
		free(h);
		return NULL;
	}
	XXH3_128bits_reset(h->state);
	return h;
}

void hash_free(struct hash_stream *h)
{
	if (h)
		XXH3_freeState(h->state);
	free(h);
}

void hash_add(struct hash_stream *h, const void *bytes, size_t len)
{
	XXH3_128bits_update(h->state, bytes, len);
}

void hash_text(const struct hash_stream *h, char to[HASH_TEXT])
{
	XXH128_canonical_t bytes;

	XXH128_canonicalFromHash(&bytes, XXH3_128bits_digest(h->state));
	text_hex(bytes.digest, sizeof bytes.digest, to);
}

uint64_t hash_of(struct slice s, uint64_t seed)
{
	return XXH3_64bits_withSeed(s.len ? s.at : "", s.len, seed);
}

struct hash_pair hash_pair_of(struct slice s, uint64_t seed)
{
	XXH128_hash_t h = XXH3_128bits_withSeed(s.len ? s.at : "", s.len, seed);

	return (struct hash_pair){ h.low64, h.high64 };
}
