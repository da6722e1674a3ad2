/* Releases that are published: packages of a repository that can hold the library. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/released_private.h"
#include "pack/names.h"
#include "publish/fetch.h"
#include "publish/rpmindex.h"

#include <string.h>

static const char *const debug_suffixes[] = {"-dbgsym", "-debuginfo"};

static gboolean is_for(const entry *e, const struct names_arch *arch)
{
	return arch == NULL || strcmp(e->arch, arch->deb) == 0 || strcmp(e->arch, arch->rpm) == 0;
}

/* Does the metadata of an rpm list this soname among what it provides? A .deb's lists no sonames. */
static gboolean provides(const entry *e, const char *soname)
{
	if (e->family != &family_rpm)
		return FALSE;
	g_autofree char *escaped = g_markup_escape_text(soname, -1);
	g_autofree char *entry_start = g_strdup_printf("name=\"%s()", escaped);
	const char *end = strstr(e->record[RPMINDEX_PRIMARY], "</rpm:provides>");
	const char *found = strstr(e->record[RPMINDEX_PRIMARY], entry_start);
	return found != NULL && end != NULL && found < end;
}

void released_scan_suite(const publication *suite, const struct facts *library, GPtrArray *candidates)
{
	const struct names_arch *arch = names_arch_of_elf(library->machine, library->bits);

	for (guint i = 0; i < suite->packages->len; i++) {
		const entry *e = suite->packages->pdata[i];
		gboolean same = FALSE;
		if (!is_for(e, arch))
			continue;
		if (provides(e, library->soname))
			same = TRUE;
		else if (!released_match_package(library, e->name, "", &same))
			continue;
		struct candidate *c = g_new0(struct candidate, 1);
		*c = (struct candidate){g_strdup(e->path), g_strdup(e->version), RELEASED_PACKAGE, same, suite, e};
		g_ptr_array_add(candidates, c);
	}
}

/* The debug package of the same build lies beside the copy, where input_read looks for it. */
static gboolean fetch_debug(const struct candidate *c, const char *into, GError **error)
{
	for (guint i = 0; i < c->suite->packages->len; i++) {
		const entry *e = c->suite->packages->pdata[i];
		gsize n = strlen(c->entry->name);
		if (e->family != c->entry->family || strncmp(e->name, c->entry->name, n) != 0 ||
		    strcmp(e->version, c->entry->version) != 0 || strcmp(e->arch, c->entry->arch) != 0)
			continue;
		for (gsize k = 0; k < G_N_ELEMENTS(debug_suffixes); k++) {
			g_autofree char *copy = NULL;
			if (strcmp(e->name + n, debug_suffixes[k]) == 0 &&
			    (copy = publication_fetch(c->suite, e, into, error)) == NULL)
				return FALSE;
		}
	}
	return TRUE;
}

char *released_fetch(const struct candidate *c, const char *into, GError **error)
{
	return fetch_debug(c, into, error) ? publication_fetch(c->suite, c->entry, into, error) : NULL;
}
