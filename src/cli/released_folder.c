/* Releases that lie in a folder: snapshots, libraries and packages. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/released_private.h"
#include "inspect/container.h"
#include "inspect/snapshot.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* A folder of releases is not a whole disk. */
#define MOST_FILES 100000
#define MOST_DEPTH 32

/* The walk. */
struct scan {
	const struct facts *library;
	GPtrArray *candidates;
	struct stat self; /* the library itself, which may lie among its predecessors */
	guint files;
};

static void add(struct scan *s, const char *path, enum released_kind kind, const char *version, gboolean same_soname)
{
	struct candidate *c = g_new0(struct candidate, 1);

	c->path = g_strdup(path);
	c->version = g_strdup(version);
	c->kind = kind;
	c->same_soname = same_soname;
	g_ptr_array_add(s->candidates, c);
}

static gboolean is_of_one_machine(const struct facts *a, const struct facts *b)
{
	return a->machine == b->machine && a->bits == b->bits && a->big_endian == b->big_endian;
}

static gboolean take_facts(struct scan *s, const char *path, enum released_kind kind, const struct facts *f)
{
	gboolean same;

	if (f != NULL && f->soname != NULL && is_of_one_machine(f, s->library) &&
	    released_match(s->library, f->soname, &same))
		add(s, path, kind, f->version, same);
	return f != NULL;
}

static gboolean take_package(struct scan *s, const char *path, GError **error)
{
	g_autoptr(container) c = container_libraries(path, error);
	gboolean same, best = FALSE, any = FALSE;

	for (guint i = 0; c != NULL && i < c->files->len; i++)
		if (released_match(s->library, ((const struct container_file *)c->files->pdata[i])->soname, &same)) {
			any = TRUE;
			best |= same;
		}
	if (any)
		add(s, path, RELEASED_PACKAGE, c->version, best);
	return c != NULL;
}

/* It is read beside the package whose symbols it has (input.h). */
static gboolean is_debug_package(const char *name)
{
	return strstr(name, "-dbgsym_") != NULL || strstr(name, "-debuginfo-") != NULL;
}

/* What the name says it is, if the contents agree. */
static gboolean take_file(struct scan *s, const char *path, const char *name, GError **error)
{
	gsize stem = strcspn(s->library->soname, ".");
	gboolean same;

	if (g_str_has_suffix(name, ".abi") && snapshot_is(path)) {
		g_autoptr(facts) f = snapshot_read(path, error);
		return take_facts(s, path, RELEASED_SNAPSHOT, f);
	}
	if (g_str_has_suffix(name, ".deb") || g_str_has_suffix(name, ".rpm"))
		return is_debug_package(name) || !released_match_package(s->library, name, "_-", &same) || !container_is_package(path) ||
		       take_package(s, path, error);
	if (strstr(name, ".so") != NULL && strncmp(name, s->library->soname, stem) == 0 && facts_is_elf(path)) {
		g_autoptr(GError) why = NULL;
		g_autoptr(facts) f = facts_read_surface(path, &why);
		/* a debug file or an object with such a name is nobody's release */
		if (f == NULL && !g_error_matches(why, FACTS_ERROR, FACTS_ERROR_CORRUPT))
			return TRUE;
		if (f == NULL)
			g_propagate_error(error, g_steal_pointer(&why));
		return take_facts(s, path, RELEASED_LIBRARY, f);
	}
	return TRUE;
}

static gboolean refuse(GError **error, const char *dir, const char *what)
{
	g_set_error(error, FACTS_ERROR, FACTS_ERROR_INPUT, "%s: %s", dir, what);
	return FALSE;
}

static gboolean walk(struct scan *s, const char *dir, guint depth, GError **error)
{
	g_autoptr(GDir) folder = g_dir_open(dir, 0, NULL);
	const char *name;

	if (folder == NULL)
		return refuse(error, dir, "cannot read this folder of releases");
	while ((name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *path = g_build_filename(dir, name, NULL);
		struct stat st;
		if (++s->files > MOST_FILES || depth > MOST_DEPTH)
			return refuse(error, dir, "too many files or folders; name the folder of the releases alone");
		if (lstat(path, &st) < 0 || (st.st_dev == s->self.st_dev && st.st_ino == s->self.st_ino))
			continue;
		if (S_ISDIR(st.st_mode) ? !walk(s, path, depth + 1, error)
					: S_ISREG(st.st_mode) && !take_file(s, path, name, error))
			return FALSE;
	}
	return TRUE;
}

gboolean released_scan_folder(const char *dir, const struct facts *library, GPtrArray *candidates, GError **error)
{
	struct scan s = {.library = library, .candidates = candidates};
	struct stat st;

	if (stat(dir, &st) < 0)
		return refuse(error, dir, g_strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return refuse(error, dir, "not a folder; to judge against one file, name it as OLD");
	if (stat(library->path, &s.self) < 0)
		memset(&s.self, 0, sizeof s.self);
	return walk(&s, dir, 0, error);
}
