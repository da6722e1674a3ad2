/* What packages that are made in one call provide to one another: see made.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/made.h"
#include "core/version.h"

#include <string.h>

struct entry {
	const struct package *package;
	const struct package_format *format;
};

struct made {
	GArray *entries;			/* struct entry; empty after made_settle */
	GHashTable *bases[PACKAGE_FAMILIES]; /* struct names_arch * -> struct base * */
};

struct made *made_new(void)
{
	struct made *m = g_new(struct made, 1);

	m->entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
	for (int i = 0; i < PACKAGE_FAMILIES; i++)
		m->bases[i] = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)base_free);
	return m;
}

void made_free(struct made *m)
{
	if (m == NULL)
		return;
	g_array_unref(m->entries);
	for (int i = 0; i < PACKAGE_FAMILIES; i++)
		g_hash_table_unref(m->bases[i]);
	g_free(m);
}

void made_add(struct made *m, const struct package *package, const struct package_format *format)
{
	const struct entry e = {package, format};

	g_array_append_val(m->entries, e);
}

static int compare(gconstpointer a, gconstpointer b)
{
	const struct entry *x = a, *y = b;
	int order = strcmp(x->package->name, y->package->name);

	if (order != 0)
		return order;
	g_autofree char *v = x->format->version(x->package), *w = y->format->version(y->package);
	return version_compare_deb(v, w);
}

static struct base *base_for(struct made *m, const struct entry *e)
{
	GHashTable *bases = m->bases[e->format->family];
	struct base *b = g_hash_table_lookup(bases, e->package->arch);

	if (b == NULL) {
		b = base_new(e->format->family);
		g_hash_table_insert(bases, (gpointer)e->package->arch, b);
	}
	return b;
}

gboolean made_settle(struct made *m, GError **error)
{
	g_array_sort(m->entries, compare);
	for (guint i = 0; i < m->entries->len; i++) {
		const struct entry *e = &g_array_index(m->entries, struct entry, i);
		if (!e->format->provide(e->package, base_for(m, e), error)) {
			g_prefix_error(error, "%s %s: ", e->format->name, e->package->name);
			return FALSE;
		}
	}
	g_array_set_size(m->entries, 0);
	return TRUE;
}

const struct base *made_base(const struct made *m, enum package_family family, const struct names_arch *arch)
{
	return g_hash_table_lookup(m->bases[family], arch);
}
