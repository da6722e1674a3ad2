/* Members by name and by place: see member_index.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/member_index.h"

#include <string.h>

/* From how many members or enumerators on. */
#define LARGE 64

/* Indexes into the arrays of a type, each in its own order; equal ones in declaration order. */
struct facts_member_index {
	GArray *by_name, *by_place, *enumerators; /* guint */
};

static int compare_numbers(guint64 a, guint64 b)
{
	return (a > b) - (a < b);
}

/* Names are what members go by; the offset tells those apart that have none. */
static int compare_names(const struct facts_member *a, const char *name, guint64 offset)
{
	int order = strcmp(a->name, name);

	return order != 0 || *name != '\0' ? order : compare_numbers(a->offset, offset);
}

static int compare_places(const struct facts_member *a, guint64 offset, guint64 size)
{
	int order = compare_numbers(a->offset, offset);

	return order != 0 ? order : compare_numbers(a->size, size);
}

static int by_name(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct facts_type *t = data;
	guint i = *(const guint *)a, j = *(const guint *)b;
	int order = compare_names(&t->members[i], t->members[j].name, t->members[j].offset);

	return order != 0 ? order : compare_numbers(i, j);
}

static int by_place(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct facts_type *t = data;
	guint i = *(const guint *)a, j = *(const guint *)b;
	int order = compare_places(&t->members[i], t->members[j].offset, t->members[j].size);

	return order != 0 ? order : compare_numbers(i, j);
}

static int by_enumerator(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct facts_type *t = data;
	guint i = *(const guint *)a, j = *(const guint *)b;
	int order = strcmp(t->enumerators[i].name, t->enumerators[j].name);

	return order != 0 ? order : compare_numbers(i, j);
}

static GArray *sorted(guint n, GCompareDataFunc compare, struct facts_type *type)
{
	GArray *order = g_array_sized_new(FALSE, FALSE, sizeof(guint), n);

	for (guint i = 0; i < n; i++)
		g_array_append_val(order, i);
	g_array_sort_with_data(order, compare, type);
	return order;
}

void member_index_build(struct facts *facts)
{
	for (guint i = 0; i < facts->n_types; i++) {
		struct facts_type *t = &facts->types[i];
		if (t->index != NULL || (t->n_members < LARGE && t->n_enumerators < LARGE))
			continue;
		t->index = g_new(struct facts_member_index, 1);
		*t->index = (struct facts_member_index){
			.by_name = sorted(t->n_members, by_name, t),
			.by_place = sorted(t->n_members, by_place, t),
			.enumerators = sorted(t->n_enumerators, by_enumerator, t),
		};
	}
}

void member_index_free(struct facts_member_index *index)
{
	if (index == NULL)
		return;
	g_array_unref(index->by_name);
	g_array_unref(index->by_place);
	g_array_unref(index->enumerators);
	g_free(index);
}

/* What is looked for, and in which order. */
struct key {
	const struct facts_type *type;
	const char *name;
	guint64 offset, size;
	int (*compare)(const struct key *key, guint index); /* like strcmp(that one, the key) */
};

static int member_and_name(const struct key *key, guint index)
{
	return compare_names(&key->type->members[index], key->name, key->offset);
}

static int member_and_place(const struct key *key, guint index)
{
	return compare_places(&key->type->members[index], key->offset, key->size);
}

static int enumerator_and_name(const struct key *key, guint index)
{
	return strcmp(key->type->enumerators[index].name, key->name);
}

/* Where the first one that is not before the key stands. */
static guint first(const GArray *order, const struct key *key)
{
	guint low = 0, high = order->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (key->compare(key, g_array_index(order, guint, middle)) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The index in the type of the one at AT, or G_MAXUINT when it is another than the key. */
static guint found(const GArray *order, guint at, const struct key *key)
{
	guint index = at < order->len ? g_array_index(order, guint, at) : G_MAXUINT;

	return index != G_MAXUINT && key->compare(key, index) == 0 ? index : G_MAXUINT;
}

const struct facts_member *member_index_find(const struct facts_type *type, const char *name, guint64 offset)
{
	struct key key = {.type = type, .name = name, .offset = offset, .compare = member_and_name};
	guint i = found(type->index->by_name, first(type->index->by_name, &key), &key);

	return i != G_MAXUINT ? &type->members[i] : NULL;
}

const struct facts_enumerator *member_index_enumerator(const struct facts_type *type, const char *name)
{
	struct key key = {.type = type, .name = name, .compare = enumerator_and_name};
	guint i = found(type->index->enumerators, first(type->index->enumerators, &key), &key);

	return i != G_MAXUINT ? &type->enumerators[i] : NULL;
}

const struct facts_member *member_index_at(const struct facts_type *type, guint64 offset, guint64 size,
					   member_index_visitor visit, gpointer data)
{
	const GArray *order = type->index->by_place;
	struct key key = {.type = type, .offset = offset, .size = size, .compare = member_and_place};
	guint i;

	for (guint at = first(order, &key); (i = found(order, at, &key)) != G_MAXUINT; at++)
		if (visit(&type->members[i], data))
			return &type->members[i];
	return NULL;
}
