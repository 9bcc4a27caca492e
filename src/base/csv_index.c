#include "base/csv_index_kernel.h"

struct csv_masks csv_masks_plain(const char *at, char delimiter)
{
	struct csv_masks m = { 0, 0 };

	for (unsigned n = 0; n < CSV_INDEX_BLOCK; n++) {
		m.ends |= (uint64_t)(at[n] == '\n' || at[n] == '\r' || at[n] == delimiter) << n;
		m.quotes |= (uint64_t)(at[n] == '"') << n;
	}
	return m;
}

struct csv_masks csv_masks(const char *at, char delimiter)
{
	return masks_of(at, delimiter);
}

void csv_index_fill(struct csv_index *index, const char *begin, const char *end, char delimiter)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
	    __builtin_cpu_supports("popcnt")) {
		csv_index_fill_v3(index, begin, end, delimiter);
		return;
	}
#endif
	csv_index_fill_any(index, begin, end, delimiter);
}

void csv_index_fill_any(struct csv_index *index, const char *begin, const char *end, char delimiter)
{
	fill(index, begin, end, delimiter);
}
