#include "base/paths.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

static enum err_code put(char to[PATH_ROOM], const char *folder, const char *name, struct err *e)
{
	if (snprintf(to, PATH_ROOM, "%s%s%s", folder, *name ? "/" : "", name) >= PATH_ROOM)
		return err_set(e, ERR_FILE, "the path %.60s… is too long: %d bytes at most", folder,
		               PATH_ROOM - 1);
	return ERR_OK;
}

static const char *setting(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

enum err_code paths_state(const char *asked, char to[PATH_ROOM], struct err *e)
{
	const char *folder = asked && *asked ? asked : setting("LONGSHORE_STATE");

	if (folder)
		return put(to, folder, "", e);
	folder = setting("XDG_STATE_HOME");
	if (folder && folder[0] == '/') /* the XDG specification has relative ones ignored */
		return put(to, folder, "longshore", e);
	folder = setting("HOME");
	if (folder)
		return put(to, folder, ".local/state/longshore", e);
	return err_set(e, ERR_JOURNAL,
	               "no place for the journal: HOME is not set; name a folder with --state DIR");
}

enum err_code paths_config(char to[PATH_ROOM], struct err *e)
{
	const char *folder = setting("XDG_CONFIG_HOME");

	if (folder && folder[0] == '/')
		return put(to, folder, "longshore", e);
	folder = setting("HOME");
	if (folder)
		return put(to, folder, ".config/longshore", e);
	return err_set(e, ERR_FILE, "no place for saved orgs: neither HOME nor XDG_CONFIG_HOME is set");
}

/* Makes the folder and what is missing above it. */
static enum err_code make_folders(const char *path, struct err *e)
{
	char part[PATH_ROOM];
	enum err_code rc = put(part, path, "", e);

	for (char *at = part + 1; rc == ERR_OK && *part; at++) {
		char here = *at;

		if (here != '/' && here != '\0')
			continue;
		*at = '\0';
		if (mkdir(part, 0700) && errno != EEXIST)
			return err_set(e, ERR_JOURNAL, "cannot make the folder %s: %s", part, strerror(errno));
		*at = here;
		if (!here)
			break;
	}
	return rc;
}

/* The f_type of statfs(2) of file systems where locks and fsync reach across a network. */
static bool is_network(long type)
{
	/* clang-format off: a table is read in columns */
	static const unsigned types[] = {
		0x6969,     /* NFS */
		0x517b,     /* SMB */
		0xff534d42, /* CIFS */
		0xfe534d42, /* SMB2 */
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if ((unsigned)type == types[i])
			return true;
	return false;
}

/* A folder of our own that nobody else may enter; `instead` ends the sentence where another one can be chosen. */
static enum err_code check_folder(const char *path, const char *instead, struct err *e)
{
	struct stat st;

	if (stat(path, &st))
		return err_set(e, ERR_JOURNAL, "cannot look at the folder %s: %s", path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return err_set(e, ERR_JOURNAL, "%s is a file, not a folder%s", path, instead);
	if (st.st_uid != geteuid())
		return err_set(e, ERR_JOURNAL, "the folder %s belongs to another user%s", path, instead);
	if (st.st_mode & 077)
		return err_set(e, ERR_JOURNAL,
		               "others may enter the folder %s (mode %04o); make it private: chmod 700 %s",
		               path, (unsigned)st.st_mode & 07777, path);
	if (access(path, R_OK | W_OK | X_OK))
		return err_set(e, ERR_JOURNAL, "cannot write to the folder %s: %s", path, strerror(errno));
	return ERR_OK;
}

enum err_code paths_private_folder(const char *path, struct err *e)
{
	struct statfs fs;
	enum err_code rc = make_folders(path, e);

	if (rc == ERR_OK)
		rc = check_folder(path, "; name one of your own with --state DIR", e);
	if (rc != ERR_OK)
		return rc;
	if (statfs(path, &fs))
		return err_set(e, ERR_JOURNAL, "cannot look at the folder %s: %s", path, strerror(errno));
	if (is_network((long)fs.f_type))
		return err_set(e, ERR_JOURNAL,
		               "%s lies on a network file system, where locks and syncs cannot be trusted; "
		               "name a local folder with --state DIR",
		               path);
	return ERR_OK;
}

enum err_code paths_config_folder(const char *path, struct err *e)
{
	enum err_code rc = make_folders(path, e);

	return rc == ERR_OK ? check_folder(path, "", e) : rc;
}

/* The folder of the running program. */
static enum err_code program_folder(char to[PATH_ROOM], struct err *e)
{
	ssize_t len = readlink("/proc/self/exe", to, PATH_ROOM - 1);

	if (len < 0)
		return err_set(e, ERR_FILE, "cannot tell where this program lies (/proc/self/exe): %s",
		               strerror(errno));
	to[len] = '\0';
	*strrchr(to, '/') = '\0';
	return ERR_OK;
}

/* The first of the places, seen from the program's folder, that has the file. */
static enum err_code find(const char *const places[], size_t n, const char *name, int mode, char to[PATH_ROOM],
                          struct err *e)
{
	char here[PATH_ROOM], place[PATH_ROOM], found[PATH_ROOM];
	enum err_code rc = program_folder(here, e);

	for (size_t i = 0; rc == ERR_OK && i < n; i++) {
		rc = put(place, here, places[i], e);
		if (rc == ERR_OK)
			rc = put(found, place, name, e);
		if (rc == ERR_OK && access(found, mode) == 0)
			return paths_absolute(found, to, e);
	}
	if (rc != ERR_OK)
		return rc;
	return err_set(e, ERR_FILE, "%s is missing beside %s: install Longshore again", name, here);
}

enum err_code paths_asset(const char *name, char to[PATH_ROOM], struct err *e)
{
	/* installed, or in the build folder of the source tree, or in a folder within that */
	static const char *const places[] = { "../share/longshore", "../assets", "../../assets",
		                              "../../../assets" };
	const char *folder = setting("LONGSHORE_ASSETS");
	char path[PATH_ROOM];
	enum err_code rc;

	if (!folder)
		return find(places, sizeof places / sizeof places[0], name, R_OK, to, e);
	rc = put(path, folder, name, e);
	if (rc != ERR_OK)
		return rc;
	if (access(path, R_OK))
		return err_set(e, ERR_FILE, "cannot read %s (LONGSHORE_ASSETS): %s", path, strerror(errno));
	return paths_absolute(path, to, e);
}

enum err_code paths_program(const char *name, char to[PATH_ROOM], struct err *e)
{
	static const char *const places[] = { "", ".." }; /* beside this one; a test lies one folder deeper */

	return find(places, sizeof places / sizeof places[0], name, X_OK, to, e);
}

enum err_code paths_absolute(const char *path, char to[PATH_ROOM], struct err *e)
{
	char *whole = realpath(path, NULL);
	enum err_code rc;

	if (!whole)
		return err_set(e, ERR_FILE, "cannot open %s: %s", path, strerror(errno));
	rc = put(to, whole, "", e);
	free(whole);
	return rc;
}

const char *paths_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
