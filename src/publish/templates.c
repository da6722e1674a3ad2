/* Reading symbols and shlibs files of packages that arrive: see templates.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/templates.h"
#include "core/parallel.h"
#include "pack/base_debian.h"

#include <string.h>

static void add_name(const struct relations_name *name, gpointer user)
{
	struct member *m = user;

	if (strcmp(name->name, m->entry->name) == 0)
		return;
	if (m->names == NULL)
		m->names = g_ptr_array_new_with_free_func(g_free);
	if (!g_ptr_array_find_with_equal_func(m->names, name->name, g_str_equal, NULL))
		g_ptr_array_add(m->names, g_strdup(name->name));
}

static void add_template(struct member *m, const char *template)
{
	g_autofree char *field = g_strconcat("Depends: ", template, NULL);

	relations_of_deb(field, strlen(field), RELATIONS_NEEDS, add_name, m);
}

static void read_member(guint i, gpointer user)
{
	struct member *m = ((GPtrArray *)user)->pdata[i];
	g_autoptr(base) b = base_debian_package(m->file, NULL);
	GHashTableIter iter;
	gpointer value;

	if (b == NULL)
		return;
	g_hash_table_iter_init(&iter, b->libraries);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct base_library *l = value;
		for (guint k = 0; l->templates != NULL && k < l->templates->len; k++)
			add_template(m, l->templates->pdata[k]);
		if (l->shlibs != NULL)
			add_template(m, l->shlibs);
	}
}

/* Of a published package that is not known: its file was not read. */
static gboolean may_have_templates(const entry *e)
{
	return e->family == &family_deb && (e->texts != NULL ? strcmp(e->arch, "all") != 0 : e->templates);
}

void templates_read(GPtrArray *members)
{
	g_autoptr(GPtrArray) debs = g_ptr_array_new();

	for (guint i = 0; i < members->len; i++) {
		struct member *m = members->pdata[i];
		if (m->move != MEMBER_STAYS && m->names == NULL && may_have_templates(m->entry))
			g_ptr_array_add(debs, m);
	}
	parallel_run(debs->len, read_member, debs);
}
