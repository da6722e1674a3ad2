/* The interpreters that scripts in an .rpm need, by their first lines: see rpm.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/rpm.h"

#include <rpm/rpmds.h>
#include <string.h>

/* More than any kernel reads of a first line. */
#define LINE_CEILING 4096

static gboolean take(const void *data, gsize size, gpointer user, GError **error)
{
	GString *line = user;
	const char *end = memchr(data, '\n', size);

	g_string_append_len(line, data, (gssize)MIN(end == NULL ? size : (gsize)(end - (const char *)data),
						    LINE_CEILING - line->len));
	if (end == NULL && line->len < LINE_CEILING)
		return TRUE;
	g_set_error_literal(error, PACK_ERROR, PACK_ERROR_INPUT, "enough is read");
	return FALSE;
}

static void add_path(GPtrArray *deps, const char *word)
{
	for (const char *p = word; *p != '\0'; p++)
		if (!g_ascii_isgraph(*p))
			return;
	if (*word == '/')
		rpmpkg_dep_add(deps, word, RPMSENSE_FIND_REQUIRES, NULL);
}

void rpmpkg_interpreter_parse(const char *line, GPtrArray *requires)
{
	if (!g_str_has_prefix(line, "#!"))
		return;
	g_autofree char *text = g_strstrip(g_strdelimit(g_strdup(line + 2), "\t\v\f\r", ' '));
	const char *argument = text + strcspn(text, " ");
	g_autofree char *program = g_strndup(text, (gsize)(argument - text));
	argument += strspn(argument, " ");
	g_autofree char *first = g_strndup(argument, strcspn(argument, " "));

	add_path(requires, program);
	if (g_str_has_suffix(program, "/bin/env"))
		add_path(requires, first);
}

void rpmpkg_interpreter_requires(GPtrArray *deps, const struct package *package)
{
	for (guint i = 0; i < package->files->len; i++) {
		const struct package_file *f = package->files->pdata[i];
		g_autoptr(GString) line = g_string_new(NULL);

		if (f->type != PACKAGE_FILE || (f->mode & 0111) == 0 || f->facts != NULL || (f->flags & PACKAGE_GHOST) != 0)
			continue;
		package_read(f, take, line, NULL);
		rpmpkg_interpreter_parse(line->str, deps);
	}
}
