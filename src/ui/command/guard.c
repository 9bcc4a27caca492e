#include "ui/command/guard.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/org/settings.h"
#include "core/org/wiping.h"
#include "ui/command/saved_orgs.h"

/* Which kinds of memory a core dump has is a set of bits (core(5)): none. What gcore writes goes by it too. */
static bool keep_out_of_dumps(void)
{
	int fd = open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, "0", 1) == 1;

	if (fd >= 0)
		close(fd);
	return done;
}

void guard_begin(void)
{
	if (!keep_out_of_dumps()) /* then no dump at all */
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	wiping_begin();
	settings_seize_environment();
	saved_orgs_seize_environment();
}
