/* Packages of debug symbols: see debug.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/debug.h"
#include "inspect/sections.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* One package being split. */
struct splitting {
	struct package *runtime, *debug; /* debug NULL: nobody wants the symbols */
	const struct package_format *format;
	spool *spool; /* of what eu-strip writes; NULL until there is something */
};

static gboolean run_strip(const char *source, const char *stripped, const char *symbols, const char *name,
			  GError **error)
{
	const char *argv[] = {"eu-strip", "--remove-comment", "-F", name,   "-f",
			      symbols,	  "-o",		      stripped, "--", source, NULL};
	g_autoptr(GError) local = NULL;
	g_autofree char *complaint = NULL;
	g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), "LC_ALL", "C", TRUE);
	int status = 0;

	/* Descriptors close themselves on exec; when that is left to them, GLib need not copy this process (posix_spawn). */
	if (!g_spawn_sync(NULL, (char **)argv, environment,
			  G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_LEAVE_DESCRIPTORS_OPEN, NULL, NULL,
			  NULL, &complaint, &status, &local)) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT,
			    "%s: cannot be stripped: %s; install elfutils, or say `strip: false`", source,
			    local->message);
		return FALSE;
	}
	if (g_spawn_check_wait_status(status, NULL))
		return TRUE;
	g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: eu-strip fails: %.*s", source,
		    (int)strcspn(complaint, "\n"), complaint);
	return FALSE;
}

static gboolean keep(const char *path, const char *source, spool *spool, struct spool_part *part, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: cannot open what eu-strip wrote: %s", source,
			    g_strerror(errno));
		return FALSE;
	}
	gboolean good = spool_add(spool, fd, part, error);
	close(fd);
	return good;
}

/*
 * name: of the file of symbols, for .gnu_debuglink. stripped, symbols: all zero, and the caller clears them in any case;
 * symbols NULL: not kept.
 */
static gboolean strip_file(const char *source, const char *name, spool *spool, struct spool_part *stripped,
			   struct spool_part *symbols, GError **error)
{
	g_autofree char *folder = g_dir_make_tmp("abide-strip-XXXXXX", error);

	if (folder == NULL)
		return FALSE;
	g_autofree char *stripped_path = g_build_filename(folder, "stripped", NULL);
	g_autofree char *symbols_path = g_build_filename(folder, "symbols", NULL);
	gboolean good = run_strip(source, stripped_path, symbols_path, name, error) &&
			keep(stripped_path, source, spool, stripped, error) &&
			(symbols == NULL || keep(symbols_path, source, spool, symbols, error));
	g_unlink(stripped_path);
	g_unlink(symbols_path);
	g_rmdir(folder);
	return good;
}

static gboolean check_build_id(const struct package_file *file, const struct sections *sections, GError **error)
{
	if (sections->build_id != NULL && strlen(sections->build_id) > 2)
		return TRUE;
	g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT,
		    "%s: has no build-id, by which debuggers find its symbols; link with -Wl,--build-id, or say "
		    "`strip: false`",
		    file->source);
	return FALSE;
}

static struct package *symbols_of(const struct package *runtime, const struct package_format *format)
{
	struct package *p = package_beside(runtime, g_strconcat(runtime->name, format->debug->suffix, NULL));

	p->section = g_strdup("debug");
	p->build_ids = g_ptr_array_new_with_free_func(g_free);
	format->debug->describe(p, runtime, format);
	return p;
}

/* Takes the part over. Copies of one file have one build-id; the first has the links. */
static void add_symbols(const struct splitting *s, const char *file, const char *path, struct spool_part *part,
			const char *build_id)
{
	struct package *debug = s->debug;
	const struct debug_format *format = s->format->debug;
	gboolean is_new = !g_ptr_array_find_with_equal_func(debug->build_ids, build_id, g_str_equal, NULL);

	if (package_find(debug, path) == NULL) {
		package_add_spooled(debug, path, *part)->mode = format->mode;
		*part = (struct spool_part){0};
	}
	if (!is_new)
		return;
	g_ptr_array_add(debug->build_ids, g_strdup(build_id));
	if (format->link != NULL)
		format->link(debug, s->runtime, file, path, build_id);
}

static gboolean split_file(struct splitting *s, struct package_file *file, GError **error)
{
	g_auto(sections) sections = {0};
	g_auto(spool_part) symbols = {0};

	if (!sections_read(file->source, &sections, error))
		return FALSE;
	if (!sections.linked || !sections.symbols ||
	    names_arch_of_elf(sections.machine, sections.bits) != s->runtime->arch)
		return TRUE;
	if (!check_build_id(file, &sections, error) || (s->spool == NULL && (s->spool = spool_new(error)) == NULL))
		return FALSE;
	g_autofree char *path = s->format->debug->path(s->runtime, file, sections.build_id);
	g_autofree char *name = g_path_get_basename(path);
	if (!strip_file(file->source, name, s->spool, &file->spooled, s->debug == NULL ? NULL : &symbols, error))
		return FALSE;
	if (s->debug != NULL)
		add_symbols(s, file->path, path, &symbols, sections.build_id);
	return TRUE;
}

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

gboolean debug_split(struct package *runtime, const struct package_format *format, struct package **debug,
		     GError **error)
{
	g_autoptr(package) found = debug == NULL ? NULL : symbols_of(runtime, format);
	struct splitting s = {.runtime = runtime, .debug = found, .format = format};
	guint n = runtime->files->len;
	gboolean good = TRUE;

	for (guint i = 0; i < n && good; i++) {
		struct package_file *f = runtime->files->pdata[i];
		if (f->type == PACKAGE_FILE && f->source != NULL && facts_is_elf(f->source))
			good = split_file(&s, f, error);
	}
	spool_unref(s.spool);
	if (!good || found == NULL)
		return good;
	g_ptr_array_sort(found->build_ids, by_name);
	*debug = found->build_ids->len > 0 ? g_steal_pointer(&found) : NULL;
	return TRUE;
}
