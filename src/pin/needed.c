/* What packages need of one another: see needed.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/needed.h"

#include <string.h>

struct needed {
	const GPtrArray *packages;
	GHashTable *providers[FAMILIES]; /* name -> GArray of guint, the places of who is or provides it */
	GStringChunk *names;
};

/* One walk over a record. */
struct walk {
	const struct needed *n;
	guint place;
	const guint8 *lets;
	guint8 *taken;
	GArray *later; /* places that were taken and are still to be looked at */
};

/* ---- who provides what ---- */

static void add(const struct needed *n, guint place, const char *name)
{
	const entry *e = n->packages->pdata[place];
	GHashTable *table = n->providers[family_index(e->family)];
	GArray *places = g_hash_table_lookup(table, name);

	if (places == NULL) {
		places = g_array_new(FALSE, FALSE, sizeof(guint));
		g_hash_table_insert(table, g_string_chunk_insert(n->names, name), places);
	}
	if (places->len == 0 || g_array_index(places, guint, places->len - 1) != place)
		g_array_append_val(places, place);
}

static void note_provided(const struct relations_name *name, gpointer user)
{
	const struct walk *w = user;

	add(w->n, w->place, name->name);
}

needed *needed_new(const GPtrArray *packages)
{
	needed *n = g_new0(needed, 1);

	n->packages = packages;
	n->names = g_string_chunk_new(4096);
	for (guint i = 0; i < FAMILIES; i++)
		n->providers[i] = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
	for (guint i = 0; i < packages->len; i++) {
		const entry *e = packages->pdata[i];
		struct walk w = {.n = n, .place = i};
		add(n, i, e->name);
		e->family->relations(e->record[0], strlen(e->record[0]), RELATIONS_PROVIDES, note_provided, &w);
	}
	return n;
}

void needed_free(needed *n)
{
	if (n == NULL)
		return;
	for (guint i = 0; i < FAMILIES; i++)
		g_hash_table_unref(n->providers[i]);
	g_string_chunk_free(n->names);
	g_free(n);
}

/* ---- following ---- */

static void take(struct walk *w, guint place)
{
	if (!w->lets[place] || w->taken[place])
		return;
	w->taken[place] = 1;
	g_array_append_val(w->later, place);
}

/* primary.xml has a package's programs, filelists.xml all of its files. */
static void take_path(struct walk *w, const struct family *family, const char *path)
{
	g_autofree char *escaped = g_markup_escape_text(path, -1), *element = g_strdup_printf(">%s</file>", escaped);

	for (guint i = 0; i < w->n->packages->len; i++) {
		const entry *e = w->n->packages->pdata[i];
		if (e->family == family && family == &family_rpm && w->lets[i] && !w->taken[i] &&
		    (strstr(e->record[0], element) != NULL || strstr(e->record[1], element) != NULL))
			take(w, i);
	}
}

static void follow(const struct relations_name *name, gpointer user)
{
	struct walk *w = user;
	const entry *e = w->n->packages->pdata[w->place];
	const GArray *places = g_hash_table_lookup(w->n->providers[family_index(e->family)], name->name);

	for (guint i = 0; places != NULL && i < places->len; i++)
		take(w, g_array_index(places, guint, i));
	if (*name->name == '/')
		take_path(w, e->family, name->name);
}

void needed_follow(const needed *n, const guint8 *lets, guint8 *taken)
{
	g_autoptr(GArray) later = g_array_new(FALSE, FALSE, sizeof(guint));
	struct walk w = {.n = n, .lets = lets, .taken = taken, .later = later};

	for (guint i = 0; i < n->packages->len; i++)
		if (taken[i])
			g_array_append_val(later, i);
	while (later->len > 0) {
		w.place = g_array_index(later, guint, later->len - 1);
		g_array_set_size(later, later->len - 1);
		const entry *e = n->packages->pdata[w.place];
		e->family->relations(e->record[0], strlen(e->record[0]), RELATIONS_NEEDS, follow, &w);
	}
}
