/* The way from an export to a type: see path.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/path.h"
#include "inspect/reach.h"
#include "inspect/shape.h"

#include <string.h>

/* How a type was first met. */
struct step {
	enum { UNMET, BY_EXPORT, BY_MEMBER } kind;
	guint from;   /* the index of the export, or of the type that has the member */
	guint member; /* BY_MEMBER: its index */
};

struct path {
	const struct facts *facts;
	struct step *steps; /* per type */
};

/* A walk under way. */
struct walk {
	struct path *path;
	GArray *queue;     /* guint: types met, in order */
	GArray *mentioned; /* guint: room to work in */
};

static void meet(struct walk *w, const char *shape, struct step step)
{
	g_array_set_size(w->mentioned, 0);
	reach_mentioned(w->mentioned, w->path->facts, shape);
	for (guint i = 0; i < w->mentioned->len; i++) {
		guint type = g_array_index(w->mentioned, guint, i);
		if (w->path->steps[type].kind != UNMET)
			continue;
		w->path->steps[type] = step;
		g_array_append_val(w->queue, type);
	}
}

struct path *path_new(const struct facts *facts, GHashTable *names)
{
	struct path *path = g_new(struct path, 1);
	g_autoptr(GArray) queue = g_array_new(FALSE, FALSE, sizeof(guint));
	g_autoptr(GArray) mentioned = g_array_new(FALSE, FALSE, sizeof(guint));
	struct walk w = {path, queue, mentioned};

	*path = (struct path){facts, g_new0(struct step, MAX(facts->n_types, 1))};
	for (guint i = 0; i < facts->n_exports; i++) {
		const struct facts_symbol *s = &facts->exports[i];
		if (s->shape != NULL && (names == NULL || g_hash_table_contains(names, s->name)))
			meet(&w, s->shape, (struct step){BY_EXPORT, i, 0});
	}
	for (guint at = 0; at < queue->len; at++) {
		guint type = g_array_index(queue, guint, at);
		for (guint m = 0; m < facts->types[type].n_members; m++)
			meet(&w, facts->types[type].members[m].shape, (struct step){BY_MEMBER, type, m});
	}
	return path;
}

void path_free(struct path *path)
{
	if (path == NULL)
		return;
	g_free(path->steps);
	g_free(path);
}

/* Where a function's shape names a type: 0 for its result, else the number of the parameter. */
static guint slot_of(const char *shape, const char *wanted)
{
	const char *name, *start = shape;
	gsize length, wanted_length = strlen(wanted);
	guint slot = 0, depth = 0;

	while (*shape != '\0') {
		if (*shape == '{') {
			shape = shape_name(shape, &name, &length);
			if (length == wanted_length && memcmp(name, wanted, length) == 0)
				return slot;
			continue;
		}
		if (*shape == '(' && depth == 0 && slot == 0 && (shape == start || shape[-1] != 'p'))
			slot = 1;
		else if (*shape == '(')
			depth++;
		else if (*shape == ')' && depth > 0)
			depth--;
		else if (*shape == ',' && depth == 0)
			slot++;
		shape++;
	}
	return slot;
}

/* Where the parameters of a declaration begin, at the parenthesis that its last one closes; NULL when it has none. */
static const char *parameters_of(const char *declaration)
{
	gsize at = strlen(declaration);
	guint depth = 0;

	if (at == 0 || declaration[at - 1] != ')')
		return NULL;
	while (at-- > 0) {
		depth += declaration[at] == ')';
		if (declaration[at] == '(' && --depth == 0)
			return declaration + at;
	}
	return NULL;
}

/* One parameter of "(int, struct s *)", by its number; commas inside of brackets do not separate. */
static char *parameter_of(const char *parameters, guint number)
{
	const char *start = parameters + 1, *at = start;
	gint depth = 0;

	for (; *at != '\0'; at++) {
		gboolean ends = depth == 0 && (*at == ',' || *at == ')');
		depth += strchr("(<[", *at) != NULL;
		depth -= !ends && strchr(")>]", *at) != NULL;
		if (!ends)
			continue;
		if (--number == 0)
			break;
		start = at + 1;
	}
	start += strspn(start, " ");
	return g_strndup(start, at > start ? (gsize)(at - start) : 0);
}

static void append_export(GString *text, const struct facts_symbol *s, const char *type)
{
	const char *parameters = parameters_of(s->declaration);
	guint slot = parameters ? slot_of(s->shape, type) : 0;
	g_autofree char *parameter = NULL;

	if (parameters == NULL || (s->kind != FACTS_FUNCTION && s->kind != FACTS_IFUNC)) {
		g_string_append_printf(text, "%s: %s", s->name, s->declaration);
	} else if (slot == 0) {
		int length = (int)(parameters - s->declaration);
		while (length > 0 && s->declaration[length - 1] == ' ')
			length--;
		g_string_append_printf(text, "%s() result: %.*s", s->name, length, s->declaration);
	} else {
		parameter = parameter_of(parameters, slot);
		g_string_append_printf(text, "%s() parameter %u: %s", s->name, slot, *parameter ? parameter : type);
	}
}

static void append_member(GString *text, const struct facts_member *m)
{
	g_string_append_printf(text, ": %s%s: %s", *m->name != '\0' ? "member " : "unnamed member", m->name, m->type);
}

char *path_text(const struct path *path, guint type)
{
	g_autoptr(GArray) chain = g_array_new(FALSE, FALSE, sizeof(struct step));
	guint at = type, first = type;
	GString *text;

	if (type >= path->facts->n_types || path->steps[type].kind == UNMET)
		return NULL;
	for (; path->steps[at].kind == BY_MEMBER; at = path->steps[at].from)
		g_array_append_val(chain, path->steps[at]);
	first = at;
	text = g_string_new(NULL);
	append_export(text, &path->facts->exports[path->steps[first].from], path->facts->types[first].name);
	for (guint i = chain->len; i-- > 0;) {
		const struct step *s = &g_array_index(chain, struct step, i);
		append_member(text, &path->facts->types[s->from].members[s->member]);
	}
	return g_string_free(text, FALSE);
}
