/* Files and packages as lists of facts: see input.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/input.h"
#include "inspect/container.h"
#include "inspect/reader.h"

#include <string.h>
#include <unistd.h>

/* How the debug package of a package is called: INFIX goes after the name, which ends at a certain separator. */
struct naming {
	const char *suffix, *debug_suffix, *infix;
	const char *separator;
	int from_end; /* which separator ends the name, counted from the end; 0: the first one */
};

static const struct naming namings[] = {
	{".deb", ".deb", "-dbgsym", "_", 0},
	{".deb", ".ddeb", "-dbgsym", "_", 0},
	{".rpm", ".rpm", "-debuginfo", "-", 2},
};

/* The path that a debug package beside PATH would have, or NULL when PATH is not named as this family does. */
static char *debug_package_path(const char *path, const struct naming *naming)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	const char *end = naming->from_end == 0 ? strstr(base, naming->separator) : path + strlen(path);

	for (int n = 0; end != NULL && n < naming->from_end; n++)
		end = g_strrstr_len(base, end - base, naming->separator);
	if (end == NULL || !g_str_has_suffix(end, naming->suffix))
		return NULL;
	gsize tail = strlen(end) - strlen(naming->suffix);
	return g_strdup_printf("%.*s%s%.*s%s", (int)(end - path), path, naming->infix, (int)tail, end, naming->debug_suffix);
}

static char *debug_package_beside(const char *path)
{
	for (gsize i = 0; i < G_N_ELEMENTS(namings); i++) {
		g_autofree char *debug = debug_package_path(path, &namings[i]);
		if (debug != NULL && g_file_test(debug, G_FILE_TEST_IS_REGULAR))
			return g_steal_pointer(&debug);
	}
	return NULL;
}

/* Says by its name which debug package would have been taken. */
static void advise(struct facts *facts, const char *path)
{
	g_autofree char *debug = NULL;

	for (gsize i = 0; debug == NULL && i < G_N_ELEMENTS(namings); i++)
		debug = debug_package_path(path, &namings[i]);
	if (facts->debug_missing == NULL || debug == NULL || g_file_test(debug, G_FILE_TEST_EXISTS))
		return;
	g_autofree char *base = g_path_get_basename(debug);
	g_autofree char *text = g_strdup_printf("%s, or put %s beside the package", facts->debug_missing, base);
	facts->debug_missing = facts_keep(facts, text);
}

static gboolean add_debug_package(GPtrArray *packages, const char *path, GHashTable *wanted, GError **error)
{
	struct container *c = container_debug(path, wanted, error);

	if (c != NULL)
		g_ptr_array_add(packages, c);
	return c != NULL;
}

/* The debug packages that were named and the one beside PATH, with what WANTED asks of them. */
static GPtrArray *read_debug_packages(const char *path, const struct input_sources *sources, GHashTable *wanted,
				      GError **error)
{
	g_autoptr(GPtrArray) packages = g_ptr_array_new_with_free_func((GDestroyNotify)container_free);
	g_autofree char *beside = debug_package_beside(path);

	for (const char *const *p = sources->debug_packages; p != NULL && *p != NULL; p++)
		if (!add_debug_package(packages, *p, wanted, error))
			return NULL;
	if (beside != NULL && !add_debug_package(packages, beside, wanted, error))
		return NULL;
	return g_steal_pointer(&packages);
}

static gboolean read_package(struct input *in, const struct input_sources *sources, GError **error)
{
	g_autoptr(container) c = container_libraries(in->path, error);
	g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);

	if (c == NULL)
		return FALSE;
	for (guint i = 0; i < c->files->len; i++) {
		const struct container_file *f = c->files->pdata[i];
		if (f->build_id != NULL)
			g_hash_table_add(wanted, f->build_id);
	}
	g_autoptr(GPtrArray) debug = read_debug_packages(in->path, sources, wanted, error);
	if (debug == NULL)
		return FALSE;
	for (guint i = 0; i < c->files->len; i++) {
		const struct container_file *f = c->files->pdata[i];
		g_autofree char *shown = g_strdup_printf("%s: %s", in->path, f->path);
		struct facts *facts = facts_read_fd(
			f->fd, shown, &(struct facts_sources){sources->headers, sources->debug_dirs, debug, sources->interface}, error);
		if (facts == NULL)
			return FALSE;
		facts->version = facts_keep(facts, c->version);
		advise(facts, in->path);
		g_ptr_array_add(in->libraries, facts);
	}
	return TRUE;
}

/* A plain file's build-id is asked first, so that debug packages are unpacked once and only when they were named. */
static gboolean read_file(struct input *in, const struct input_sources *sources, GError **error)
{
	g_autoptr(GPtrArray) debug = NULL;

	if (sources->debug_packages != NULL && facts_is_elf(in->path)) {
		int fd = facts_open(in->path, error);
		g_autoptr(facts) surface = fd >= 0 ? facts_read_surface_fd(fd, in->path, error) : NULL;
		if (fd >= 0)
			close(fd);
		if (surface == NULL)
			return FALSE;
		g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
		if (surface->build_id != NULL)
			g_hash_table_add(wanted, (void *)surface->build_id);
		debug = read_debug_packages(in->path, sources, wanted, error);
		if (debug == NULL)
			return FALSE;
	}
	struct facts *facts =
		facts_read(in->path, &(struct facts_sources){sources->headers, sources->debug_dirs, debug, sources->interface}, error);
	if (facts != NULL)
		g_ptr_array_add(in->libraries, facts);
	return facts != NULL;
}

struct input *input_read(const char *path, const struct input_sources *sources, GError **error)
{
	g_autoptr(input) in = g_new0(struct input, 1);

	in->path = g_strdup(path);
	in->libraries = g_ptr_array_new_with_free_func((GDestroyNotify)facts_free);
	in->is_package = container_is_package(path);
	return (in->is_package ? read_package : read_file)(in, sources, error) ? g_steal_pointer(&in) : NULL;
}

static const struct facts *find_soname(const struct input *in, const char *soname)
{
	for (guint i = 0; soname != NULL && i < in->libraries->len; i++) {
		const struct facts *f = in->libraries->pdata[i];
		if (g_strcmp0(f->soname, soname) == 0)
			return f;
	}
	return NULL;
}

/* "libfoo" of libfoo.so.1, and also of libfoo-1.2.so, which carries its version before the suffix. */
static gsize stem_length(const char *soname)
{
	const char *end = strstr(soname, ".so");
	gsize n = end ? (gsize)(end - soname) : strlen(soname);
	gsize digits = n;

	while (digits > 0 && (g_ascii_isdigit(soname[digits - 1]) || soname[digits - 1] == '.'))
		digits--;
	return digits > 1 && digits < n && soname[digits - 1] == '-' ? digits - 1 : n;
}

static gboolean same_stem(const char *a, const char *b)
{
	gsize n = stem_length(a);

	return n == stem_length(b) && strncmp(a, b, n) == 0;
}

const struct facts *input_match(const struct input *older, const struct facts *library, const struct input *newer)
{
	const struct facts *same = find_soname(newer, library->soname);

	if (older->libraries->len == 1 && newer->libraries->len == 1)
		return newer->libraries->pdata[0];
	for (guint i = 0; same == NULL && library->soname != NULL && i < newer->libraries->len; i++) {
		const struct facts *f = newer->libraries->pdata[i];
		if (f->soname != NULL && same_stem(f->soname, library->soname) && find_soname(older, f->soname) == NULL)
			same = f;
	}
	return same;
}

void input_claim(struct input *input, const char *version)
{
	for (guint i = 0; version != NULL && i < input->libraries->len; i++) {
		struct facts *f = input->libraries->pdata[i];
		f->version = facts_keep(f, version);
	}
}

void input_free(struct input *input)
{
	if (input == NULL)
		return;
	g_clear_pointer(&input->libraries, g_ptr_array_unref);
	g_free(input->path);
	g_free(input);
}
