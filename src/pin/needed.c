/* What packages need of one another: see needed.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/needed.h"

#include <string.h>

struct needed {
	const GPtrArray *packages;
	GHashTable *providers[FAMILIES]; /* name -> GArray of guint, the places of who is or provides it */
	GStringChunk *names;
	guint *begins;  /* by place: where in `needs` its own begin; one more at the end */
	GArray *needs;  /* guint: places */
};

/* One walk over a record. */
struct walk {
	struct needed *n;
	guint place;
	guint *noted; /* by place: for whom it was noted last, plus 1 */
};

/* ---- who provides what ---- */

static void add(struct needed *n, guint place, const char *name)
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
	struct walk *w = user;

	add(w->n, w->place, name->name);
}

/* ---- who needs whom ---- */

static void note_place(struct walk *w, guint place)
{
	if (w->noted[place] == w->place + 1)
		return;
	w->noted[place] = w->place + 1;
	g_array_append_val(w->n->needs, place);
}

/* primary.xml has a package's programs, filelists.xml all of its files. */
static void note_path(struct walk *w, const char *path)
{
	g_autofree char *escaped = g_markup_escape_text(path, -1), *element = g_strdup_printf(">%s</file>", escaped);

	for (guint i = 0; i < w->n->packages->len; i++) {
		const entry *e = w->n->packages->pdata[i];
		if (e->family == &family_rpm &&
		    (strstr(e->record[0], element) != NULL || strstr(e->record[1], element) != NULL))
			note_place(w, i);
	}
}

static void note_needed(const struct relations_name *name, gpointer user)
{
	struct walk *w = user;
	const struct family *family = ((const entry *)w->n->packages->pdata[w->place])->family;
	const GArray *places = g_hash_table_lookup(w->n->providers[family_index(family)], name->name);

	for (guint i = 0; places != NULL && i < places->len; i++)
		note_place(w, g_array_index(places, guint, i));
	if (places == NULL && *name->name == '/')
		note_path(w, name->name);
}

static void read_relations(struct walk *w, enum relations_side side, relations_fn fn)
{
	const entry *e = w->n->packages->pdata[w->place];

	e->family->relations(e->record[0], strlen(e->record[0]), side, fn, w);
}

needed *needed_new(const GPtrArray *packages)
{
	needed *n = g_new0(needed, 1);
	g_autofree guint *noted = g_new0(guint, packages->len + 1);
	struct walk w = {.n = n, .noted = noted};

	n->packages = packages;
	n->names = g_string_chunk_new(4096);
	n->begins = g_new0(guint, packages->len + 1);
	n->needs = g_array_new(FALSE, FALSE, sizeof(guint));
	for (guint i = 0; i < FAMILIES; i++)
		n->providers[i] = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
	for (w.place = 0; w.place < packages->len; w.place++) {
		add(n, w.place, ((const entry *)packages->pdata[w.place])->name);
		read_relations(&w, RELATIONS_PROVIDES, note_provided);
	}
	for (w.place = 0; w.place < packages->len; w.place++) {
		n->begins[w.place] = n->needs->len;
		read_relations(&w, RELATIONS_NEEDS, note_needed);
	}
	n->begins[packages->len] = n->needs->len;
	return n;
}

void needed_free(needed *n)
{
	if (n == NULL)
		return;
	for (guint i = 0; i < FAMILIES; i++)
		g_hash_table_unref(n->providers[i]);
	g_string_chunk_free(n->names);
	g_array_unref(n->needs);
	g_free(n->begins);
	g_free(n);
}

const GPtrArray *needed_packages(const needed *n)
{
	return n->packages;
}

/* ---- following ---- */

void needed_mark(const needed *n, const struct family *family, const char *name, guint8 *marks)
{
	const GArray *places = g_hash_table_lookup(n->providers[family_index(family)], name);

	for (guint i = 0; places != NULL && i < places->len; i++)
		marks[g_array_index(places, guint, i)] = 1;
}

void needed_follow(const needed *n, const guint8 *lets, guint8 *taken)
{
	g_autoptr(GArray) later = g_array_new(FALSE, FALSE, sizeof(guint));

	for (guint i = 0; i < n->packages->len; i++)
		if (taken[i])
			g_array_append_val(later, i);
	while (later->len > 0) {
		guint place = g_array_index(later, guint, later->len - 1);
		g_array_set_size(later, later->len - 1);
		for (guint i = n->begins[place]; i < n->begins[place + 1]; i++) {
			guint other = g_array_index(n->needs, guint, i);
			if (!lets[other] || taken[other])
				continue;
			taken[other] = 1;
			g_array_append_val(later, other);
		}
	}
}
