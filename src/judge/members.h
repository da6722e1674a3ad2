/* Finding the members of a struct, for the rules that compare them. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_MEMBERS_H
#define JUDGE_MEMBERS_H

#include "inspect/facts.h"
#include "inspect/reach.h"
#include "inspect/member_index.h"
#include "inspect/shape.h"

#include <string.h>

/*
 * members_find: the member that goes by the same name; of members without a name, the one at the same offset. Or NULL.
 *
 * likely: the index to look at first. Two versions of a type mostly agree, so a comparison stays linear.
 */
static inline const struct facts_member *members_find(const struct facts_type *type, const struct facts_member *like,
						      guint likely)
{
	if (type->index != NULL)
		return member_index_find(type, like->name, like->offset);
	for (guint i = 0; i < type->n_members; i++) {
		const struct facts_member *m = &type->members[(likely + i) % type->n_members];
		if (strcmp(m->name, like->name) == 0 && (*m->name != '\0' || m->offset == like->offset))
			return m;
	}
	return NULL;
}

/* members_enumerator: by name, or NULL; likely as for members_find. */
static inline const struct facts_enumerator *members_enumerator(const struct facts_type *type, const char *name,
								guint likely)
{
	if (type->index != NULL)
		return member_index_enumerator(type, name);
	for (guint i = 0; i < type->n_enumerators; i++) {
		const struct facts_enumerator *e = &type->enumerators[(likely + i) % type->n_enumerators];
		if (strcmp(e->name, name) == 0)
			return e;
	}
	return NULL;
}

/* members_enumerator_at: one with this value, or NULL. */
static inline const struct facts_enumerator *members_enumerator_at(const struct facts_type *type, gint64 value)
{
	for (guint i = 0; i < type->n_enumerators; i++)
		if (type->enumerators[i].value == value)
			return &type->enumerators[i];
	return NULL;
}

static inline gboolean members_shape_agrees(const struct facts_member *member, gpointer like)
{
	return shape_agrees(member->shape, ((const struct facts_member *)like)->shape);
}

/* members_at: the member of the same place, width and type, or NULL: a renamed one. */
static inline const struct facts_member *members_at(const struct facts_type *type, const struct facts_member *like)
{
	if (type->index != NULL)
		return member_index_at(type, like->offset, like->size, members_shape_agrees, (gpointer)like);
	for (guint i = 0; i < type->n_members; i++) {
		const struct facts_member *m = &type->members[i];
		if (m->offset == like->offset && m->size == like->size && members_shape_agrees(m, (gpointer)like))
			return m;
	}
	return NULL;
}

/* How many structs and unions without a name are looked into, one inside the other. */
#define MEMBERS_DEPTH 8

/*
 * members_inside: does the member stand, by its name and in its place, in a struct or union without a name inside of this type?
 * Source and machine code reach it there as before.
 *
 * base: where the type begins, in bits. depth: 0.
 */
static inline gboolean members_inside(const struct facts *facts, const struct facts_type *type,
				      const struct facts_member *like, guint64 base, guint depth)
{
	for (guint i = 0; i < type->n_members && depth < MEMBERS_DEPTH; i++) {
		const struct facts_member *m = &type->members[i];
		const char *name;
		gsize length;
		if (depth > 0 && strcmp(m->name, like->name) == 0 && base + m->offset == like->offset &&
		    m->size == like->size && shape_agrees(m->shape, like->shape))
			return TRUE;
		if (*m->name != '\0' || *m->shape != '{')
			continue;
		shape_name(m->shape, &name, &length);
		guint inner = reach_type(facts, name, length);
		if (inner < facts->n_types && members_inside(facts, &facts->types[inner], like, base + m->offset, depth + 1))
			return TRUE;
	}
	return FALSE;
}

/* members_place: an offset or size in bits as people write it: "8" bytes, or "8.3" with three bits more. Caller frees. */
static inline char *members_place(guint64 bits)
{
	return bits % 8 == 0 ? g_strdup_printf("%" G_GUINT64_FORMAT, bits / 8)
			     : g_strdup_printf("%" G_GUINT64_FORMAT ".%u", bits / 8, (guint)(bits % 8));
}

/* members_subject: "struct s: member m", or "struct s: unnamed member at 4". Caller frees. */
static inline char *members_subject(const struct facts_type *type, const struct facts_member *member)
{
	g_autofree char *place = members_place(member->offset);

	return *member->name != '\0' ? g_strdup_printf("%s: member %s", type->name, member->name)
				     : g_strdup_printf("%s: unnamed member at %s", type->name, place);
}

#endif
