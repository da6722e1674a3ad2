/* The table of families, and what their packages have in common: see family.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/family.h"
#include "publish/error.h"

#include <string.h>

#define MOST_MAGIC 16

const struct family *const families[FAMILIES + 1] = {
	&family_deb,
	&family_rpm,
	NULL,
};

void entry_free(entry *e)
{
	if (e == NULL)
		return;
	if (e->whole) {
		g_clear_pointer(&e->texts, g_ptr_array_unref);
		g_free(e);
		return;
	}
	g_free(e->name);
	g_free(e->version);
	g_free(e->arch);
	g_free(e->path);
	g_free(e->sha256);
	for (gsize i = 0; i < G_N_ELEMENTS(e->record); i++)
		g_free(e->record[i]);
	g_free(e);
}

static char *put_string(char **to, struct slice from)
{
	char *string = *to;

	memcpy(string, from.text, from.size);
	string[from.size] = '\0';
	*to += from.size + 1;
	return string;
}

entry *entry_published(const struct family *family, GPtrArray *texts, struct slice name, struct slice version,
		       struct slice arch, struct slice path, struct slice sha256)
{
	gsize strings = name.size + version.size + arch.size + path.size + sha256.size + 5;
	entry *e = g_malloc(sizeof(entry) + strings);
	char *to = (char *)(e + 1);

	*e = (entry){.family = family, .texts = g_ptr_array_ref(texts), .whole = TRUE};
	e->name = put_string(&to, name);
	e->version = put_string(&to, version);
	e->arch = put_string(&to, arch);
	e->path = put_string(&to, path);
	e->sha256 = put_string(&to, sha256);
	return e;
}

entry *entry_pack(entry *e)
{
	char **const strings[] = {&e->name, &e->version, &e->arch, &e->path, &e->sha256,
				  &e->record[0], &e->record[1], &e->record[2]};
	struct slice from[G_N_ELEMENTS(strings)];
	gsize all = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(strings); i++) {
		from[i] = (struct slice){*strings[i], *strings[i] ? strlen(*strings[i]) : 0};
		all += from[i].size + 1;
	}
	entry *packed = g_malloc(sizeof(entry) + all);
	char *to = (char *)(packed + 1);
	for (gsize i = 0; i < G_N_ELEMENTS(strings); i++) {
		if (from[i].text != NULL)
			*strings[i] = put_string(&to, from[i]);
		g_free((char *)from[i].text);
	}
	*packed = *e;
	packed->whole = TRUE;
	g_free(e);
	return packed;
}

gint entry_compare(gconstpointer a, gconstpointer b)
{
	const entry *x = *(const entry *const *)a, *y = *(const entry *const *)b;
	int difference = strcmp(x->family->name, y->family->name);

	if (difference == 0)
		difference = strcmp(x->name, y->name);
	if (difference == 0)
		difference = x->family->compare(x->version, y->version);
	if (difference == 0)
		difference = strcmp(x->arch, y->arch);
	return difference != 0 ? difference : strcmp(x->path, y->path);
}

guint family_index(const struct family *family)
{
	guint i = 0;

	while (families[i] != family)
		i++;
	return i;
}

char *family_directory(const struct family *family, const struct site *site)
{
	g_auto(GStrv) parts = g_strsplit(family->directory, "%s", 2);
	g_autofree char *below = g_strjoinv(site->settings->suite, parts);

	return g_build_filename(site->dir, below, NULL);
}

char *entry_path_in(const entry *e, const char *own_suite, const char *suite)
{
	g_autofree char *own = g_strdup_printf("rpm/%s/", own_suite);

	return g_str_has_prefix(e->path, own) ? g_strdup_printf("rpm/%s/%s", suite, e->path + strlen(own))
					      : g_strdup(e->path); /* the pool is that of all suites */
}

const struct family *family_of(intake *in, GError **error)
{
	const guint8 *bytes = NULL;
	gssize size = intake_peek(in, &bytes, MOST_MAGIC, error);

	if (size < 0)
		return NULL;
	for (gsize i = 0; families[i] != NULL; i++)
		if ((gsize)size >= families[i]->magic_size &&
		    memcmp(bytes, families[i]->magic, families[i]->magic_size) == 0)
			return families[i];
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s: neither a .deb nor an .rpm", intake_name(in));
	return NULL;
}
