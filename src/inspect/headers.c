/* What a library's public headers tell: they are preprocessed and compiled with $CC, and what comes out is read. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/header_types.h"
#include "inspect/inlined.h"
#include "inspect/language.h"
#include "inspect/publics.h"
#include "inspect/reader.h"

#include <gio/gio.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

struct facts_headers {
	struct header_types types;
	GArray *inlined;     /* struct facts_inlined */
	GHashTable *earlier; /* names of types that an older release's headers showed, or NULL */
	GStringChunk *strings;
};

/* The lines of the source before those of the headers, and how compilers name a line of what they read from a pipe. */
#define SOURCE_LINES 1
#define INCLUDED_FROM "<stdin>:"

/* A C source that includes every header; file names are quoted as C strings are not, so odd names are refused. */
static char *including_source(const GPtrArray *files, GError **error)
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

static gboolean is_public(const char *path, gboolean is_system, gpointer data)
{
	return publics_has(data, path, is_system);
}

/* The environment variable that names the compiler. */
static const char *variable_of(const struct publics *publics)
{
	return publics->is_cxx ? "$CXX" : "$CC";
}

static const char *language_of(const struct publics *publics)
{
	return publics->is_cxx ? "c++" : "c";
}

/* The compiler and where it finds the headers. Other words are added by the caller. */
static GPtrArray *compiler(const struct publics *publics, GError **error)
{
	g_autoptr(GPtrArray) command = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) words = NULL;

	if (!g_shell_parse_argv(language_compiler(publics->is_cxx), NULL, &words, error)) {
		g_prefix_error(error, "%s: ", variable_of(publics));
		return NULL;
	}
	for (char **w = words; *w != NULL; w++)
		g_ptr_array_add(command, g_strdup(*w));
	for (guint i = 0; i < publics->search->len; i++)
		g_ptr_array_add(command, g_strconcat("-I", publics->search->pdata[i], NULL));
	return g_steal_pointer(&command);
}

/*
 * Runs $CC with ARGUMENTS on a source. OUTPUT gets what it writes, COMPLAINT what it has to say (both owned by the caller).
 * FALSE with an error only when it cannot be run; GOOD says whether it was content.
 */
static gboolean run_compiler(const char *source, const struct publics *publics, const char *const *arguments, GBytes **output,
			     char **complaint, gboolean *good, GError **error)
{
	g_autoptr(GPtrArray) command = compiler(publics, error);
	g_autoptr(GBytes) input = g_bytes_new_static(source, strlen(source)), said = NULL;
	g_autoptr(GError) reason = NULL;

	if (command == NULL)
		return FALSE;
	for (; *arguments != NULL; arguments++)
		g_ptr_array_add(command, g_strdup(*arguments));
	g_ptr_array_add(command, NULL);
	g_autoptr(GSubprocess) child = g_subprocess_newv((const char *const *)command->pdata,
							 G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
								 G_SUBPROCESS_FLAGS_STDERR_PIPE,
							 &reason);
	if (child == NULL || !g_subprocess_communicate(child, input, NULL, output, &said, &reason)) {
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_HEADERS,
			    "the public headers need a compiler: %s: %s; install one, or name it in %s",
			    (const char *)command->pdata[0], reason->message, variable_of(publics));
		return FALSE;
	}
	gsize size = 0;
	const char *bytes = g_bytes_get_data(said, &size);
	*complaint = g_strchomp(g_utf8_make_valid(bytes ? bytes : "", (gssize)size));
	*good = g_subprocess_get_successful(child);
	return TRUE;
}

/* The header on that line of the source, which compilers name in "from <stdin>:LINE"; NULL when it cannot be told. */
static const char *header_on_line(const char *complaint, const struct publics *publics)
{
	guint64 line = strtoull(complaint + strlen(INCLUDED_FROM), NULL, 10);

	return line > SOURCE_LINES && line - SOURCE_LINES <= publics->files->len
		       ? publics->files->pdata[line - SOURCE_LINES - 1] : NULL;
}

static gboolean refuse(const char *complaint, const struct publics *publics, GError **error)
{
	const char *from = strstr(complaint, INCLUDED_FROM), *file = from ? header_on_line(from, publics) : NULL;

	g_set_error(error, FACTS_ERROR, FACTS_ERROR_HEADERS,
		    "the public headers do not compile: %s\n%s%sif a header needs another first, name that one before it; "
		    "if it needs headers of other folders, name these in %s (\"%s -I...\"); if it is not public, name the public "
		    "ones alone", complaint, file ? file : "", file ? " is where it began; " : "", variable_of(publics),
		    language_compiler(publics->is_cxx));
	return FALSE;
}

/* Is the place that a complaint's line begins with, "FILE:LINE:", an #error directive? */
static gboolean is_error_directive(const char *line)
{
	g_auto(GStrv) place = g_strsplit(line, ":", 3);
	g_autofree char *text = NULL;

	if (g_strv_length(place) < 3 || !g_file_get_contents(place[0], &text, NULL, NULL))
		return FALSE;
	const char *at = text;
	for (guint64 n = g_ascii_strtoull(place[1], NULL, 10); n > 1 && at != NULL; n--)
		at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL;
	if (at == NULL || *(at += strspn(at, " \t")) != '#')
		return FALSE;
	at++;
	return g_str_has_prefix(at + strspn(at, " \t"), "error");
}

/* The headers that errors began in, in order; or only those in which an #error directive is to blame. */
static GPtrArray *blamed(const struct publics *publics, const char *complaint, gboolean by_directive)
{
	g_auto(GStrv) lines = g_strsplit(complaint, "\n", -1);
	GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
	const char *file = NULL;

	for (char **line = lines; *line != NULL; line++) {
		const char *from = strstr(*line, INCLUDED_FROM);
		if (from != NULL)
			file = header_on_line(from, publics);
		if (strstr(*line, " error: ") == NULL || file == NULL || (by_directive && !is_error_directive(*line)))
			continue;
		if (!g_ptr_array_find_with_equal_func(found, file, g_str_equal, NULL))
			g_ptr_array_add(found, g_strdup(file));
	}
	return found;
}

/*
 * Leaves out the headers of folders that refuse by #error to be included by themselves: another one includes them, or
 * nobody may. FALSE when that was not the complaint.
 */
static gboolean leave_out(struct publics *publics, const char *complaint)
{
	g_autoptr(GPtrArray) refusing = blamed(publics, complaint, TRUE);
	guint before = publics->files->len;

	for (guint i = 0; i < refusing->len; i++)
		publics_leave_out(publics, refusing->pdata[i]);
	return publics->files->len < before && publics->files->len > 0;
}

/* Puts the headers of folders that did not compile behind the others, which may be what they need; only once. */
static gboolean postpone(struct publics *publics, const char *complaint)
{
	g_autoptr(GPtrArray) needy = blamed(publics, complaint, FALSE);

	for (guint i = 0; !publics->postponed && i < needy->len; i++)
		publics_postpone(publics, needy->pdata[i]);
	gboolean did = !publics->postponed && needy->len > 0;
	publics->postponed = TRUE;
	return did;
}

/*
 * Linked as a shared library, because debug information of an object file still lacks its relocations. FALSE with an error,
 * or without one after headers were put into another order: to be tried again.
 */
static gboolean compile(const char *source, struct publics *publics, const char *output, GError **error)
{
	/* g++ leaves out classes whose vtable is elsewhere, unless it is told not to; clang++ does not know that option. */
	const char *extra = publics->is_cxx ? "-femit-class-debug-always" : NULL;

	for (;;) {
		const char *const arguments[] = {"-w", "-g", "-fno-eliminate-unused-debug-types", "-fPIC", "-shared", "-nostdlib",
						 "-x", language_of(publics), "-", "-o", output, extra, NULL};
		g_autoptr(GBytes) nothing = NULL;
		g_autofree char *complaint = NULL;
		gboolean good;
		if (!run_compiler(source, publics, arguments, &nothing, &complaint, &good, error))
			return FALSE;
		if (good)
			return TRUE;
		if (extra == NULL || strstr(complaint, extra) == NULL)
			return postpone(publics, complaint) ? FALSE : refuse(complaint, publics, error);
		extra = NULL;
	}
}

static gboolean read_debug(struct facts_headers *headers, const char *library, struct publics *publics, GError **error)
{
	int fd = g_open(library, O_RDONLY | O_CLOEXEC, 0);
	elf_version(EV_CURRENT);
	Elf *elf = fd >= 0 ? elf_begin(fd, ELF_C_READ_MMAP, NULL) : NULL;
	Dwarf *dwarf = elf ? dwarf_begin_elf(elf, DWARF_C_READ, NULL) : NULL;

	if (dwarf != NULL)
		headers->types = header_types_read(dwarf, headers->strings, is_public, publics);
	else
		g_set_error(error, FACTS_ERROR, FACTS_ERROR_HEADERS,
			    "the compiler wrote no debug information for the public headers");
	dwarf_end(dwarf);
	elf_end(elf);
	if (fd >= 0)
		close(fd);
	return headers->types.complete != NULL;
}

static gboolean read_types(struct facts_headers *headers, const char *source, struct publics *publics, GError **error)
{
	g_autofree char *output = NULL;
	int fd = g_file_open_tmp("abide-headers-XXXXXX", &output, error);

	if (fd < 0)
		return FALSE;
	close(fd);
	gboolean good = compile(source, publics, output, error) && read_debug(headers, output, publics, error);
	g_unlink(output);
	return good;
}

/* Preprocesses all headers. The result is NULL with an error, or without one after headers were left out: to be tried again. */
static GBytes *preprocess(const char *source, struct publics *publics, gboolean *is_expanded, GError **error)
{
	const char *const as_written[] = {"-w", "-E", "-dD", "-fdirectives-only", "-x", language_of(publics), "-", NULL};
	const char *const expanded[] = {"-w", "-E", "-dD", "-x", language_of(publics), "-", NULL};
	g_autoptr(GBytes) output = NULL;
	g_autofree char *complaint = NULL;
	gboolean good;

	if (!run_compiler(source, publics, *is_expanded ? expanded : as_written, &output, &complaint, &good, error))
		return NULL;
	if (good)
		return g_steal_pointer(&output);
	if (!*is_expanded && strstr(complaint, "directives-only") != NULL)
		*is_expanded = TRUE;
	else if (!leave_out(publics, complaint))
		refuse(complaint, publics, error);
	return NULL;
}

static gboolean read_inlined(struct facts_headers *headers, char **source, struct publics *publics, GError **error)
{
	g_autoptr(GError) reason = NULL;
	g_autoptr(GBytes) text = NULL;
	gboolean is_expanded = FALSE;
	gsize size;

	while (text == NULL && reason == NULL) {
		g_free(*source);
		*source = including_source(publics->files, &reason);
		text = *source != NULL ? preprocess(*source, publics, &is_expanded, &reason) : NULL;
	}
	if (text == NULL) {
		g_propagate_error(error, g_steal_pointer(&reason));
		return FALSE;
	}
	const char *bytes = g_bytes_get_data(text, &size);
	headers->inlined = inlined_parse(bytes ? bytes : "", size, is_expanded, headers->strings, is_public, publics);
	return TRUE;
}

/* FALSE with an error, or without one: to be tried again. */
static gboolean read_all(struct facts_headers *headers, struct publics *publics, GError **error)
{
	g_autofree char *source = NULL;

	g_clear_pointer(&headers->inlined, g_array_unref);
	return read_inlined(headers, &source, publics, error) && read_types(headers, source, publics, error);
}

struct facts_headers *facts_headers_read(const char *const *paths, GError **error)
{
	g_auto(publics) publics = {.paths = paths};
	g_autoptr(facts_headers) headers = g_new0(struct facts_headers, 1);
	g_autoptr(GError) reason = NULL;

	headers->strings = g_string_chunk_new(4096);
	if (!publics_collect(&publics, error))
		return NULL;
	while (!read_all(headers, &publics, &reason))
		if (reason != NULL) {
			g_propagate_error(error, g_steal_pointer(&reason));
			return NULL;
		}
	return g_steal_pointer(&headers);
}

void facts_headers_free(struct facts_headers *headers)
{
	if (headers == NULL)
		return;
	header_types_clear(&headers->types);
	g_clear_pointer(&headers->inlined, g_array_unref);
	g_clear_pointer(&headers->earlier, g_hash_table_unref);
	g_string_chunk_free(headers->strings);
	g_free(headers);
}

void facts_headers_keep(struct facts_headers *headers, const struct facts *older)
{
	if (!older->headers_known)
		return;
	if (headers->earlier == NULL)
		headers->earlier = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < older->n_types; i++)
		g_hash_table_add(headers->earlier, g_string_chunk_insert_const(headers->strings, older->types[i].name));
}

/* Does it make this type complete, or the one that a type without a name of its own is called after ("struct s.in")? */
static gboolean completes(const struct facts_headers *headers, const char *name)
{
	g_autofree char *holder = g_strndup(name, strcspn(name, ".*"));

	return g_hash_table_contains(headers->types.complete, name) ||
	       g_hash_table_contains(headers->types.complete, holder);
}

static gboolean was_shown(const struct facts_headers *headers, const char *name)
{
	return headers->earlier != NULL && g_hash_table_contains(headers->earlier, name);
}

gboolean facts_headers_show(const struct facts_headers *headers, const char *name)
{
	return g_hash_table_contains(headers->types.complete, name) || was_shown(headers, name);
}

const GPtrArray *facts_headers_own(const struct facts_headers *headers)
{
	return headers->types.own;
}

void facts_headers_add_types(const struct facts_headers *headers, struct facts *facts)
{
	for (guint i = 0; i < facts->n_types; i++) {
		struct facts_type *t = &facts->types[i];
		t->withdrawn = was_shown(headers, t->name) && !completes(headers, t->name);
	}
	header_types_add(&headers->types, facts);
}

void facts_headers_add_inlined(const struct facts_headers *headers, struct facts *facts)
{
	facts->n_inlined = headers->inlined->len;
	facts->inlined = g_new(struct facts_inlined, facts->n_inlined);
	for (guint i = 0; i < facts->n_inlined; i++) {
		const struct facts_inlined *from = &g_array_index(headers->inlined, struct facts_inlined, i);
		facts->inlined[i] = *from;
		facts->inlined[i].name = facts_keep(facts, from->name);
		facts->inlined[i].text = facts_keep(facts, from->text);
	}
}
