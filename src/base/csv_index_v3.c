/* csv_index_v3.c - the kernel of csv_index.c for processors with AVX2, BMI and POPCNT: the Makefile compiles this file for them. */
#include "base/csv_index_kernel.h"

void csv_index_fill_v3(struct csv_index *index, const char *begin, const char *end, char delimiter)
{
	fill(index, begin, end, delimiter);
}
