/* A program's own view of a library's types: see consumer_types.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/consumer_types.h"
#include "inspect/fingerprint.h"
#include "inspect/reach.h"
#include "judge/rules.h"

#include <stdlib.h>
#include <string.h>

/* The same exports twice: as the program declares them, and as the library does. */
struct views {
	GArray *theirs, *ours; /* struct facts_symbol */
};

static gboolean names_a_type(const struct facts *program, const char *shape)
{
	g_autoptr(GArray) mentioned = g_array_new(FALSE, FALSE, sizeof(guint));

	reach_mentioned(mentioned, program, shape);
	return mentioned->len > 0;
}

/* Where the program declares nothing itself, the library's declaration leads to the types that the program has. */
static void add_use(struct consumer *c, struct views *v, const struct facts_symbol *use)
{
	const struct facts_symbol *now = consumer_binds_to(c->library, use);
	struct facts_symbol view;

	if (now == NULL || now->shape == NULL)
		return;
	view = *now;
	if (use->shape != NULL) {
		view.shape = use->shape;
		view.declaration = use->declaration;
		c->own_declarations++;
	} else if (names_a_type(c->program, now->shape)) {
		c->own_types++;
	} else {
		return;
	}
	const struct facts_symbol *last = (struct facts_symbol *)(void *)v->ours->data + v->ours->len;
	if (v->ours->len > 0 && strcmp(last[-1].name, now->name) == 0)
		return;
	g_array_append_val(v->theirs, view);
	g_array_append_val(v->ours, *now);
}

static gboolean has_finding(const struct verdict *v, const struct verdict_finding *f)
{
	for (guint i = 0; i < v->findings->len; i++) {
		const struct verdict_finding *other = v->findings->pdata[i];
		if (other->rule == f->rule && strcmp(other->subject, f->subject) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean is_use(const struct consumer *c, const char *name)
{
	for (guint i = 0; i < c->uses->len; i++)
		if (strcmp(g_array_index(c->uses, struct consumer_use, i).symbol->name, name) == 0)
			return TRUE;
	return FALSE;
}

static gboolean counts(const struct consumer *c, const struct verdict_finding *f)
{
	if (f->rule == &rule_struct_gone && !c->library->headers_known)
		return FALSE;
	return ((f->via != NULL && f->via[0] != NULL) || is_use(c, f->subject)) && !has_finding(c->verdict, f);
}

static void take_findings(struct consumer *c, struct verdict *everybody)
{
	for (guint i = 0; i < everybody->findings->len;)
		if (counts(c, everybody->findings->pdata[i]))
			g_ptr_array_add(c->verdict->findings, g_ptr_array_steal_index(everybody->findings, i));
		else
			i++;
}

/* Two copies of the library's facts that differ in what the program sees otherwise. */
static void compare(struct consumer *c, const struct views *v)
{
	struct facts older = *c->library, newer = *c->library;
	g_autofree struct facts_type *types =
		g_memdup2(c->program->types, c->program->n_types * sizeof *c->program->types);

	newer.exports = (struct facts_symbol *)(void *)v->ours->data;
	older.exports = (struct facts_symbol *)(void *)v->theirs->data;
	older.n_exports = newer.n_exports = v->ours->len;
	older.types = types;
	older.n_types = c->program->n_types;
	older.build_id = NULL;
	fingerprint_facts(&older);
	g_autoptr(verdict) everybody = verdict_new(&older, &newer);
	take_findings(c, everybody);
}

void consumer_examine_types(struct consumer *c)
{
	g_autoptr(GArray) theirs = g_array_new(FALSE, FALSE, sizeof(struct facts_symbol));
	g_autoptr(GArray) ours = g_array_new(FALSE, FALSE, sizeof(struct facts_symbol));
	struct views v = {theirs, ours};

	if (c->program->evidence != FACTS_TYPES || c->library->evidence != FACTS_TYPES)
		return;
	for (guint i = 0; i < c->uses->len; i++)
		add_use(c, &v, g_array_index(c->uses, struct consumer_use, i).symbol);
	if (ours->len > 0)
		compare(c, &v);
}
