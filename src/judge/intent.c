/* What authors mean by members and enumerators: see intent.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/intent.h"
#include "judge/members.h"

/* TEXT without underscores before it, and digits and underscores behind it. Caller frees. */
static char *bare(const char *text)
{
	gsize length;

	text += strspn(text, "_");
	length = strlen(text);
	while (length > 0 && (g_ascii_isdigit(text[length - 1]) || text[length - 1] == '_'))
		length--;
	return g_strndup(text, length);
}

gboolean intent_names_reserved(const char *member)
{
	static const char *const names[] = {"reserved", "unused", "padding", "spare", "pad", "dummy", "filler", NULL};
	g_autofree char *name = bare(member);

	for (const char *const *n = names; *n != NULL; n++) {
		g_autofree char *end = g_strconcat("_", *n, NULL);
		if (g_ascii_strcasecmp(name, *n) == 0 || g_str_has_suffix(name, end))
			return TRUE;
	}
	return FALSE;
}

gboolean intent_names_sentinel(const char *enumerator)
{
	static const char *const ends[] = {"_MAX", "_LAST", "_COUNT", "_NUM", "_END", "_SENTINEL"};
	g_autofree char *bare_name = bare(enumerator), *name = g_ascii_strup(bare_name, -1);

	for (gsize i = 0; i < G_N_ELEMENTS(ends); i++)
		if (g_str_has_suffix(name, ends[i]) || strcmp(name, ends[i] + 1) == 0)
			return TRUE;
	return g_str_has_prefix(name, "N_") || g_str_has_prefix(name, "NUM_") || g_str_has_prefix(name, "LAST_") ||
	       g_str_has_prefix(name, "MAX_");
}

static gboolean touches(const struct facts_member *a, const struct facts_member *b)
{
	return a->offset < b->offset + b->size && b->offset < a->offset + a->size;
}

static gboolean within(const struct facts_member *inner, const struct facts_member *outer)
{
	return inner->offset >= outer->offset && inner->offset + inner->size <= outer->offset + outer->size;
}

static gboolean alike(const struct facts_member *a, const struct facts_member *b)
{
	return a->offset == b->offset && a->size == b->size && shape_agrees(a->shape, b->shape);
}

gboolean intent_reserved_used(const struct facts_type *older, const struct facts_member *reserved,
			      const struct facts_type *newer)
{
	const struct facts_member *left = members_find(newer, reserved, (guint)(reserved - older->members));

	if (left != NULL && (alike(left, reserved) || !within(left, reserved)))
		return FALSE;
	if (reserved->size == 0 || (!reserved->reserved && !intent_names_reserved(reserved->name)))
		return FALSE;
	const struct facts_member *renamed = left == NULL ? members_at(newer, reserved) : NULL;
	if (renamed != NULL && intent_names_reserved(renamed->name))
		return FALSE;
	for (guint i = 0; i < newer->n_members; i++)
		if (touches(&newer->members[i], reserved) && !within(&newer->members[i], reserved))
			return FALSE;
	return TRUE;
}

static gboolean is_last(const struct facts_type *type, const struct facts_enumerator *e)
{
	for (guint i = 0; i < type->n_enumerators; i++)
		if (type->enumerators[i].value > e->value)
			return FALSE;
	return TRUE;
}

gboolean intent_sentinel_moved(const struct facts_type *older, const struct facts_enumerator *sentinel,
			       const struct facts_type *newer)
{
	const struct facts_enumerator *now = members_enumerator(newer, sentinel->name, (guint)(sentinel - older->enumerators));

	return now != NULL && now->value > sentinel->value &&
	       (sentinel->sentinel || intent_names_sentinel(sentinel->name)) && is_last(older, sentinel) &&
	       is_last(newer, now);
}

static guint64 end_of(const struct facts_type *type)
{
	guint64 end = 0;

	for (guint i = 0; i < type->n_members; i++)
		end = MAX(end, type->members[i].offset + type->members[i].size);
	return end;
}

gboolean intent_only_appended(const struct facts_type *older, const struct facts_type *newer)
{
	guint64 end = end_of(older);
	guint i = 0, n = 0;

	if (newer->size <= older->size || older->alignment != newer->alignment || older->n_members == 0 ||
	    g_str_has_prefix(older->name, "union ") || g_str_has_prefix(older->name, "class "))
		return FALSE;
	for (guint m = 0; m < older->n_members; m++) {
		const struct facts_member *a = &older->members[m], *b = members_find(newer, a, m);
		gboolean kept = b != NULL ? alike(a, b) : members_at(newer, a) != NULL;
		if (a->size == 0 || (!kept && !intent_reserved_used(older, a, newer)))
			return FALSE;
	}
	for (const struct facts_member *m; (m = intent_new_member(older, newer, &i)) != NULL; n++)
		if (m->offset < end && !intent_covers(older, m))
			return FALSE;
	return n > 0;
}

const struct facts_member *intent_new_member(const struct facts_type *older, const struct facts_type *newer, guint *i)
{
	while (*i < newer->n_members) {
		const struct facts_member *m = &newer->members[(*i)++];
		if (m->size > 0 && members_find(older, m, *i - 1) == NULL && members_at(older, m) == NULL)
			return m;
	}
	return NULL;
}

gboolean intent_covers(const struct facts_type *type, const struct facts_member *member)
{
	for (guint i = 0; i < type->n_members; i++)
		if (touches(&type->members[i], member))
			return TRUE;
	return FALSE;
}
