/* sure.h - how sure it is that a column means a field. */
#ifndef LONGSHORE_PLAN_SURE_H
#define LONGSHORE_PLAN_SURE_H

/* clang-format off */
/* X(name, in JSON) */
#define SURES(X)                                                          \
	X(NOT, "no")          /* it goes nowhere */                       \
	X(GUESSED, "guessed") /* somebody should look before it is sent */ \
	X(YES, "sure")
/* clang-format on */
enum sure {
#define X(name, text) SURE_##name,
	SURES(X)
#undef X
};
const char *sure_name(enum sure sure);

#endif
