/* The language of headers: see language.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/language.h"

#include <string.h>

static gboolean ends_with(const char *name, const char *const *suffixes)
{
	for (; *suffixes != NULL; suffixes++)
		if (g_str_has_suffix(name, *suffixes))
			return TRUE;
	return FALSE;
}

static gboolean is_cxx_name(const char *name)
{
	static const char *const suffixes[] = {".hh", ".hpp", ".hxx", ".h++", ".H", NULL};

	return ends_with(name, suffixes);
}

gboolean language_is_header(const char *name)
{
	return g_str_has_suffix(name, ".h") || is_cxx_name(name);
}

const char *language_path(const char *path)
{
	return g_str_has_prefix(path, LANGUAGE_CXX_MARK) ? path + strlen(LANGUAGE_CXX_MARK) : path;
}

gboolean language_is_cxx(const char *const *paths, const GPtrArray *files)
{
	for (; *paths != NULL; paths++)
		if (g_str_has_prefix(*paths, LANGUAGE_CXX_MARK))
			return TRUE;
	for (guint i = 0; i < files->len; i++)
		if (is_cxx_name(files->pdata[i]))
			return TRUE;
	return FALSE;
}

const char *language_compiler(gboolean cxx)
{
	const char *command = g_getenv(cxx ? "CXX" : "CC");

	return command != NULL && *command != '\0' ? command : cxx ? "c++" : "cc";
}
