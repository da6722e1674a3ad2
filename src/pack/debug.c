/* Packages of debug symbols: see debug.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/debug.h"
#include "inspect/sections.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* What eu-strip makes of one file: open, and without names. */
struct halves {
	int stripped, symbols;
};

static gboolean run_strip(const char *source, const char *stripped, const char *symbols, const char *name,
			  GError **error)
{
	const char *argv[] = {"eu-strip", "--remove-comment", "-F", name,   "-f",
			      symbols,	  "-o",		      stripped, "--", source, NULL};
	g_autoptr(GError) local = NULL;
	g_autofree char *complaint = NULL;
	int status = 0;

	if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL,
			  &complaint, &status, &local)) {
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

static int open_half(const char *path, const char *source, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s: cannot open what eu-strip wrote: %s", source,
			    g_strerror(errno));
	return fd;
}

/* name: of the file of symbols, for .gnu_debuglink. */
static gboolean strip_file(const char *source, const char *name, struct halves *halves, GError **error)
{
	g_autofree char *folder = g_dir_make_tmp("abide-strip-XXXXXX", error);

	*halves = (struct halves){-1, -1};
	if (folder == NULL)
		return FALSE;
	g_autofree char *stripped = g_build_filename(folder, "stripped", NULL);
	g_autofree char *symbols = g_build_filename(folder, "symbols", NULL);
	gboolean good = run_strip(source, stripped, symbols, name, error) &&
			(halves->stripped = open_half(stripped, source, error)) >= 0 &&
			(halves->symbols = open_half(symbols, source, error)) >= 0;
	if (!good && halves->stripped >= 0)
		close(halves->stripped);
	g_unlink(stripped);
	g_unlink(symbols);
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

/* Takes fd over. Copies of one file have one build-id; the first has the links. */
static void add_symbols(struct package *debug, struct package *runtime, const char *file, const char *path, int fd,
			const char *build_id, const struct debug_format *format)
{
	gboolean is_new = !g_ptr_array_find_with_equal_func(debug->build_ids, build_id, g_str_equal, NULL);

	if (package_find(debug, path) == NULL)
		package_add_fd(debug, path, fd)->mode = format->mode;
	else
		close(fd);
	if (!is_new)
		return;
	g_ptr_array_add(debug->build_ids, g_strdup(build_id));
	if (format->link != NULL)
		format->link(debug, runtime, file, path, build_id);
}

/* debug NULL: nobody wants the symbols. */
static gboolean split_file(struct package *runtime, struct package_file *file, const struct package_format *format,
			   struct package *debug, GError **error)
{
	g_auto(sections) sections = {0};
	struct halves halves;

	if (!sections_read(file->source, &sections, error))
		return FALSE;
	if (!sections.linked || !sections.symbols || names_arch_of_elf(sections.machine, sections.bits) != runtime->arch)
		return TRUE;
	if (!check_build_id(file, &sections, error))
		return FALSE;
	g_autofree char *path = format->debug->path(runtime, file, sections.build_id);
	g_autofree char *name = g_path_get_basename(path);
	if (!strip_file(file->source, name, &halves, error))
		return FALSE;
	file->fd = halves.stripped;
	if (debug == NULL)
		close(halves.symbols);
	else
		add_symbols(debug, runtime, file->path, path, halves.symbols, sections.build_id, format->debug);
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
	guint n = runtime->files->len;

	for (guint i = 0; i < n; i++) {
		struct package_file *f = runtime->files->pdata[i];
		if (f->type == PACKAGE_FILE && f->source != NULL && facts_is_elf(f->source) &&
		    !split_file(runtime, f, format, found, error))
			return FALSE;
	}
	if (found == NULL)
		return TRUE;
	g_ptr_array_sort(found->build_ids, by_name);
	*debug = found->build_ids->len > 0 ? g_steal_pointer(&found) : NULL;
	return TRUE;
}
