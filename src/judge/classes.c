/* Bases and virtual functions: see classes.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/classes.h"
#include "inspect/reach.h"
#include "inspect/shape.h"

#include <string.h>

const struct facts_virtual *classes_virtual(const struct facts_class *class, const char *name)
{
	for (guint i = 0; class != NULL && i < class->n_virtuals; i++)
		if (strcmp(class->virtuals[i].name, name) == 0)
			return &class->virtuals[i];
	return NULL;
}

const struct facts_base *classes_base(const struct facts_class *class, const char *name, guint *index)
{
	for (*index = 0; class != NULL && *index < class->n_bases; (*index)++)
		if (strcmp(class->bases[*index].name, name) == 0)
			return &class->bases[*index];
	return NULL;
}

static const struct facts_type *type_of(const struct facts *facts, const struct facts_base *base)
{
	guint i = reach_type(facts, base->name, strlen(base->name));

	return i < facts->n_types ? &facts->types[i] : NULL;
}

/* What is looked for in a class and its bases. */
struct search {
	const struct facts *facts;
	const char *name;      /* a virtual function; NULL: any */
	gboolean primary_only; /* follow primary bases only */
	GHashTable *met;       /* classes, each looked at once: a snapshot may say that one is its own base */
};

static gboolean search_class(struct search *s, const struct facts_type *type, gboolean itself, guint depth)
{
	const struct facts_class *class = type->class;

	if (class == NULL || depth > SHAPE_DEPTH || !g_hash_table_add(s->met, (void *)type))
		return FALSE;
	if (itself && (s->name ? classes_virtual(class, s->name) != NULL : class->n_virtuals > 0))
		return TRUE;
	for (guint i = 0; i < class->n_bases; i++) {
		const struct facts_base *b = &class->bases[i];
		if (b->is_virtual && s->name == NULL)
			return TRUE;
		if (s->primary_only && (b->is_virtual || b->offset != 0))
			continue;
		const struct facts_type *base = type_of(s->facts, b);
		if (base != NULL && search_class(s, base, TRUE, depth + 1))
			return TRUE;
	}
	return FALSE;
}

gboolean classes_inherits_slot(const struct facts *facts, const struct facts_type *type, const char *name)
{
	g_autoptr(GHashTable) met = g_hash_table_new(NULL, NULL);

	return search_class(&(struct search){facts, name, TRUE, met}, type, FALSE, 0);
}

gboolean classes_is_polymorphic(const struct facts *facts, const struct facts_type *type)
{
	g_autoptr(GHashTable) met = g_hash_table_new(NULL, NULL);

	return search_class(&(struct search){facts, NULL, FALSE, met}, type, TRUE, 0);
}

/* Does "(" at TEXT open a pointer's target, not parameters? */
static gboolean opens_target(const char *shape, const char *text)
{
	const char *p = text;

	if (p > shape && p[-1] == 'p')
		return TRUE;
	while (p > shape && g_ascii_isdigit(p[-1]))
		p--;
	return p > shape && p < text && p[-1] == 'm';
}

void classes_each_by_value(const struct facts *facts, const char *shape, classes_visitor visit, gpointer data)
{
	const char *text = shape, *name;
	gsize length;

	while ((text = strchr(text, '{')) != NULL) {
		const char *before = text > shape ? text - 1 : NULL, *after = shape_name(text, &name, &length);
		gboolean result = *after == '(';
		gboolean parameter = before != NULL && (*after == ',' || *after == ')') &&
				     (*before == ',' || (*before == '(' && !opens_target(shape, before)));
		guint i = result || parameter ? reach_type(facts, name, length) : facts->n_types;
		if (i < facts->n_types)
			visit(i, data);
		text = after;
	}
}
