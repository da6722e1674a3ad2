/* Hiding in one library what the headers of another hide: see conceal.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/conceal.h"
#include "inspect/fingerprint.h"
#include "inspect/member_index.h"
#include "inspect/reach.h"
#include "inspect/reader.h"
#include "inspect/shape.h"
#include "inspect/snapshot.h"

#include <string.h>

/* The names that a shape mentions as "?{NAME}". */
static void note_opaque(GHashTable *names, const char *shape)
{
	const char *name;
	gsize length;

	while (shape != NULL && (shape = strstr(shape, "?{")) != NULL) {
		shape = shape_name(shape + 1, &name, &length);
		g_hash_table_add(names, g_strndup(name, length));
	}
}

static GHashTable *opaque_names(const struct facts *facts)
{
	GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < facts->n_exports; i++)
		note_opaque(names, facts->exports[i].shape);
	for (guint i = 0; i < facts->n_types; i++)
		for (guint m = 0; m < facts->types[i].n_members; m++)
			note_opaque(names, facts->types[i].members[m].shape);
	return names;
}

static gboolean is_enumeration(const struct facts_type *t)
{
	return t->n_enumerators > 0;
}

/* Adds what a shape leads to, but for what is hidden. */
static void push(GArray *pending, const struct facts *facts, const gboolean *hidden, const char *shape)
{
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(guint));

	reach_mentioned(found, facts, shape);
	for (guint i = 0; i < found->len; i++)
		if (!hidden[g_array_index(found, guint, i)])
			g_array_append_vals(pending, &g_array_index(found, guint, i), 1);
}

/* Which types callers still reach when some are hidden. Caller frees. */
static gboolean *reached(const struct facts *facts, const gboolean *hidden)
{
	gboolean *seen = g_new0(gboolean, facts->n_types);
	g_autoptr(GArray) pending = g_array_new(FALSE, FALSE, sizeof(guint));

	for (guint i = 0; i < facts->n_exports; i++)
		if (facts->exports[i].shape != NULL)
			push(pending, facts, hidden, facts->exports[i].shape);
	while (pending->len > 0) {
		guint at = g_array_index(pending, guint, pending->len - 1);
		g_array_set_size(pending, pending->len - 1);
		if (seen[at])
			continue;
		seen[at] = TRUE;
		for (guint m = 0; m < facts->types[at].n_members; m++)
			push(pending, facts, hidden, facts->types[at].members[m].shape);
	}
	return seen;
}

/* A shape without the names of hidden types: "{s}" becomes "?{s}", "i32={e}" becomes "i32". */
static const char *veil(struct facts *facts, const gboolean *hidden, const char *shape)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const char *name;
	gsize length;

	while (*shape != '\0') {
		const char *brace = strchr(shape, '{'), *begin = brace;
		if (brace == NULL)
			break;
		const char *after = shape_name(brace, &name, &length);
		guint i = reach_type(facts, name, length);
		gboolean hide = i < facts->n_types && hidden[i];
		gboolean is_value = brace > shape && brace[-1] == '=';
		g_string_append_len(text, shape, begin - shape - (hide && is_value));
		if (!hide || !is_value) {
			g_string_append(text, hide ? "?" : "");
			g_string_append_len(text, brace, after - brace);
		}
		shape = after;
	}
	g_string_append(text, shape);
	return facts_keep(facts, text->str);
}

static void veil_all(struct facts *facts, const gboolean *hidden)
{
	for (guint i = 0; i < facts->n_exports; i++)
		if (facts->exports[i].shape != NULL)
			facts->exports[i].shape = veil(facts, hidden, facts->exports[i].shape);
	for (guint i = 0; i < facts->n_types; i++)
		for (guint m = 0; m < facts->types[i].n_members; m++)
			facts->types[i].members[m].shape = veil(facts, hidden, facts->types[i].members[m].shape);
}

static void drop_unreached(struct facts *facts, const gboolean *seen)
{
	guint kept = 0;

	for (guint i = 0; i < facts->n_types; i++) {
		if (seen[i]) {
			facts->types[kept++] = facts->types[i];
			continue;
		}
		g_free(facts->types[i].members);
		g_free(facts->types[i].enumerators);
		facts_class_free(facts->types[i].class);
		member_index_free(facts->types[i].index);
	}
	facts->n_types = kept;
}

/* The enumerations that only the headers tell, and what they compile into callers: taken to be as in KNOWN. */
static void add_from_headers(struct facts *facts, const struct facts *known)
{
	g_autofree gboolean *nothing = g_new0(gboolean, known->n_types);
	g_autofree gboolean *seen = reached(known, nothing);
	guint added = 0;

	for (guint i = 0; i < known->n_types; i++) {
		struct facts_type t = known->types[i];
		if (seen[i] || !is_enumeration(&t) || reach_type(facts, t.name, strlen(t.name)) < facts->n_types)
			continue;
		t.name = facts_keep(facts, t.name);
		t.index = NULL;
		t.enumerators = g_memdup2(t.enumerators, t.n_enumerators * sizeof *t.enumerators);
		for (guint e = 0; e < t.n_enumerators; e++)
			t.enumerators[e].name = facts_keep(facts, t.enumerators[e].name);
		facts->types = g_renew(struct facts_type, facts->types, facts->n_types + added + 1);
		facts->types[facts->n_types + added++] = t;
	}
	facts->n_types += added;
	facts_sort_types(facts);
	g_free(facts->inlined);
	facts->inlined = g_memdup2(known->inlined, known->n_inlined * sizeof *known->inlined);
	facts->n_inlined = known->n_inlined;
	for (guint i = 0; i < facts->n_inlined; i++) {
		facts->inlined[i].name = facts_keep(facts, facts->inlined[i].name);
		facts->inlined[i].text = facts_keep(facts, facts->inlined[i].text);
	}
}

static void hide(struct facts *facts, const struct facts *known)
{
	g_autoptr(GHashTable) opaque = opaque_names(known);
	g_autofree gboolean *hidden = g_new0(gboolean, facts->n_types);

	for (guint i = 0; i < facts->n_types; i++) {
		const struct facts_type *t = &facts->types[i];
		hidden[i] = g_hash_table_contains(opaque, t->name) ||
			    (is_enumeration(t) && reach_type(known, t->name, strlen(t->name)) == known->n_types);
	}
	g_autofree gboolean *seen = reached(facts, hidden);
	veil_all(facts, hidden);
	drop_unreached(facts, seen);
	add_from_headers(facts, known);
	facts->headers_known = TRUE;
	fingerprint_facts(facts);
	member_index_build(facts);
}

struct facts *conceal(const struct facts *facts, const struct facts *known)
{
	if (facts->headers_known || !known->headers_known || facts->evidence != FACTS_TYPES || known->evidence != FACTS_TYPES)
		return NULL;
	g_autofree char *text = snapshot_text(facts);
	struct facts *copy = snapshot_parse(facts->path, text, strlen(text), NULL);
	if (copy != NULL)
		hide(copy, known);
	return copy;
}
