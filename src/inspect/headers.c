/* Which types a library's public headers make complete: the headers are compiled and their debug information is read. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/language.h"
#include "inspect/units.h"
#include "inspect/reader.h"

#include <gio/gio.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

struct facts_headers {
	GHashTable *names; /* char *, as units_complete_names makes them */
};

static int compare_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Appends path itself, or every header below it, sorted so that the same folder compiles the same way everywhere. */
static gboolean collect_headers(const char *path, GPtrArray *files, GError **error)
{
	if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
		if (g_file_test(path, G_FILE_TEST_EXISTS)) {
			g_ptr_array_add(files, g_canonicalize_filename(path, NULL));
			return TRUE;
		}
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_HEADERS, "%s: no such header or folder", path);
		return FALSE;
	}
	g_autoptr(GPtrArray) inside = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(path, 0, NULL);
	for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;)
		g_ptr_array_add(inside, g_build_filename(path, name, NULL));
	if (dir != NULL)
		g_dir_close(dir);
	g_ptr_array_sort(inside, compare_text);
	for (guint i = 0; i < inside->len; i++) {
		const char *entry = inside->pdata[i];
		gboolean is_link = g_file_test(entry, G_FILE_TEST_IS_SYMLINK);
		gboolean is_dir = g_file_test(entry, G_FILE_TEST_IS_DIR);
		if ((is_dir && !is_link) || (!is_dir && language_is_header(entry)))
			if (!collect_headers(entry, files, error))
				return FALSE;
	}
	return TRUE;
}

/* A C source that includes every header; file names are quoted as C strings are not, so odd names are refused. */
static char *including_source(GPtrArray *files, GError **error)
{
	GString *source = g_string_new("int abide_headers;\n"); /* so that there is something to describe */

	for (guint i = 0; i < files->len; i++) {
		const char *file = files->pdata[i];
		if (strpbrk(file, "\"\n\\") != NULL) {
			g_set_error(error, FACTS_ERROR, FACTS_ERROR_HEADERS,
				    "%s: a header's path may not hold quotes, backslashes or newlines", file);
			g_string_free(source, TRUE);
			return NULL;
		}
		g_string_append_printf(source, "#include \"%s\"\n", file);
	}
	return g_string_free(source, FALSE);
}

/* Linked as a shared library, because debug information of an object file still lacks its relocations. */
static gboolean compile(const char *source, const char *const *headers, gboolean cxx, gboolean gcc, const char *output,
		    GError **error)
{
	g_autoptr(GPtrArray) command = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *complaint = NULL;
	g_auto(GStrv) words = NULL;

	if (!g_shell_parse_argv(language_compiler(cxx), NULL, &words, error))
		return FALSE;
	for (char **w = words; *w != NULL; w++)
		g_ptr_array_add(command, g_strdup(*w));
	for (; *headers != NULL; headers++) {
		const char *path = language_path(*headers);
		g_autofree char *dir = g_file_test(path, G_FILE_TEST_IS_DIR) ? g_strdup(path) : g_path_get_dirname(path);
		g_ptr_array_add(command, g_strconcat("-I", dir, NULL));
	}
	for (const char *const *w = (const char *const[]){"-w", "-g", "-fno-eliminate-unused-debug-types", "-fPIC",
							  "-shared", "-nostdlib", "-x", cxx ? "c++" : "c", "-", "-o", output, NULL};
	     *w != NULL; w++)
		g_ptr_array_add(command, g_strdup(*w));
	if (cxx && gcc)
		g_ptr_array_add(command, g_strdup("-femit-class-debug-always"));
	g_ptr_array_add(command, NULL);
	g_autoptr(GSubprocess) child = g_subprocess_newv((const char *const *)command->pdata,
							 G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
							 error);
	if (child == NULL || !g_subprocess_communicate_utf8(child, source, NULL, NULL, &complaint, error))
		return FALSE;
	if (g_subprocess_get_successful(child))
		return TRUE;
	g_set_error(error, FACTS_ERROR, FACTS_ERROR_HEADERS, "the public headers do not compile: %s",
		    g_strchomp(complaint));
	return FALSE;
}

static GHashTable *exposed_by(const char *library, GError **error)
{
	int fd = g_open(library, O_RDONLY | O_CLOEXEC, 0);
	elf_version(EV_CURRENT);
	Elf *elf = fd >= 0 ? elf_begin(fd, ELF_C_READ_MMAP, NULL) : NULL;
	Dwarf *dwarf = elf ? dwarf_begin_elf(elf, DWARF_C_READ, NULL) : NULL;
	GHashTable *names = NULL;

	if (dwarf != NULL)
		names = units_complete_names(dwarf);
	else
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_HEADERS,
			    "the compiler wrote no debug information for the public headers");
	dwarf_end(dwarf);
	elf_end(elf);
	if (fd >= 0)
		close(fd);
	return names;
}

static gboolean read_names(struct facts_headers *headers, const char *source, const char *const *paths, gboolean cxx,
			   GError **error)
{
	g_autofree char *output = NULL;
	int fd = g_file_open_tmp("abide-headers-XXXXXX", &output, error);

	if (fd < 0)
		return FALSE;
	close(fd);
	/* g++ leaves out classes whose vtable is elsewhere, unless it is told not to; clang++ does not know that option. */
	if ((cxx && compile(source, paths, cxx, TRUE, output, NULL)) || compile(source, paths, cxx, FALSE, output, error))
		headers->names = exposed_by(output, error);
	g_unlink(output);
	return headers->names != NULL;
}

struct facts_headers *facts_headers_read(const char *const *paths, GError **error)
{
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(facts_headers) headers = g_new0(struct facts_headers, 1);

	for (guint i = 0; paths[i] != NULL; i++)
		if (!collect_headers(language_path(paths[i]), files, error))
			return NULL;
	if (files->len == 0) {
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_HEADERS, "%s: no header in it", paths[0] ? paths[0] : "");
		return NULL;
	}
	g_autofree char *source = including_source(files, error);
	return source != NULL && read_names(headers, source, paths, language_is_cxx(paths, files), error) ? g_steal_pointer(&headers) : NULL;
}

void facts_headers_free(struct facts_headers *headers)
{
	if (headers == NULL)
		return;
	g_clear_pointer(&headers->names, g_hash_table_unref);
	g_free(headers);
}

gboolean facts_headers_show(const struct facts_headers *headers, const char *name)
{
	return g_hash_table_contains(headers->names, name);
}
