/* Who allocates the structs of an interface: see allocation.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/allocation.h"
#include "inspect/reach.h"
#include "inspect/shape.h"

#include <string.h>

/* How callers meet a type. The first that is found speaks. */
enum meeting {
	BY_VALUE, /* the four of them that speak against the library */
	TAKEN,
	LISTED,
	GIVEN, /* the one that speaks for it */
	LENT,
	MEETINGS,
};

/* Which way a pointer goes. */
enum way {
	TO_LIBRARY,
	TO_CALLER,
	WAYS,
};

/* Where a type was met. */
struct place {
	const struct facts_symbol *export; /* NULL: it was not */
	const struct facts_type *holder;   /* the type it is a member of, if any */
};

struct allocation {
	const struct facts *facts;
	struct place (*places)[MEETINGS];      /* per type */
	const struct facts_symbol *(*met)[WAYS]; /* per type: the export that first led to it in this way */
	GArray *pending;                       /* struct step */
	gboolean unsure;                       /* a shape was too deep to be read */
};

struct step {
	guint type;
	enum way way;
};

/* Where a walk through one shape is. */
struct walk {
	struct allocation *a;
	struct place place;
	enum way way;
	guint depth;
	gboolean pointee;   /* directly behind a pointer */
	gboolean parameter; /* of a function of the library */
	gboolean callback;  /* inside a function of the caller */
	gboolean counted;   /* there is an integer that may count */
	gboolean destroys;  /* the export ends the life of what it takes */
};

static const char *walk_type(struct walk w, const char *shape);

static void meet(const struct walk *w, guint type, gboolean by_value)
{
	struct allocation *a = w->a;
	enum meeting how = by_value                 ? BY_VALUE
			   : w->way == TO_LIBRARY   ? TAKEN
			   : w->callback            ? LENT
			   : w->counted && w->place.holder != &a->facts->types[type] ? LISTED
										     : GIVEN;
	struct place *place = &a->places[type][how];

	if (how == TAKEN && w->destroys)
		return;
	if (place->export == NULL)
		*place = w->place;
	if (a->met[type][w->way] == NULL) {
		struct step step = {type, w->way};
		a->met[type][w->way] = w->place.export;
		g_array_append_val(a->pending, step);
	}
}

/* A name in braces; what follows it says whether it is the pointee itself, or the result of one, or its element. */
static const char *walk_name(struct walk w, const char *shape, gboolean hidden)
{
	const char *name;
	gsize length;

	shape = shape_name(shape, &name, &length);
	guint type = reach_type(w.a->facts, name, length);
	if (!hidden && type < w.a->facts->n_types)
		meet(&w, type, !w.pointee || *shape == '(' || *shape == '[');
	return shape;
}

/* What the library is handed a pointer to a pointer for is to fill it in; what a callback is, the same. */
static const char *walk_pointer(struct walk w, const char *shape)
{
	w.pointee = TRUE;
	shape += strlen("p(");
	gboolean filled_in = g_str_has_prefix(shape, "p(") && *shape_after_pointer(shape) == ')';
	if (filled_in && (w.parameter || w.callback))
		w.way = w.parameter ? TO_CALLER : TO_LIBRARY;
	w.parameter = FALSE;
	shape = walk_type(w, shape);
	return *shape == ')' ? shape + 1 : shape;
}

/* A function of the library takes from the caller; one of the caller's is handed what the library has. */
static const char *walk_parameters(struct walk w, const char *shape)
{
	gboolean librarys = w.way == TO_CALLER;

	w.way = librarys ? TO_LIBRARY : TO_CALLER;
	w.parameter = librarys;
	w.callback = !librarys;
	w.pointee = FALSE;
	while (*shape == '(' || *shape == ',')
		shape = walk_type(w, shape + 1);
	return *shape == ')' ? shape + 1 : shape;
}

/* Reads one type, and returns what follows it. */
static const char *walk_type(struct walk w, const char *shape)
{
	if (++w.depth > SHAPE_DEPTH) {
		w.a->unsure = TRUE;
		return shape + strlen(shape);
	}
	gboolean hidden = g_str_has_prefix(shape, "?{");
	if (g_str_has_prefix(shape, "p("))
		shape = walk_pointer(w, shape);
	else
		shape += strcspn(shape, "{(),[");
	if (*shape == '{')
		shape = walk_name(w, shape, hidden);
	while (*shape == '[')
		shape += strcspn(shape, "]") + (strchr(shape, ']') != NULL);
	return *shape == '(' ? walk_parameters(w, shape) : shape;
}

/* void, one pointer, and a name that says what becomes of it. */
static gboolean destroys(const struct facts_symbol *s)
{
	static const char *const ends[] = {"free", "destroy", "unref", "close", "release", "delete", "put", "dispose", "fini"};

	if (!g_str_has_prefix(s->shape, "void(p(") || strcmp(shape_after_pointer(s->shape + strlen("void(")), ")") != 0)
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(ends); i++)
		if (g_str_has_suffix(s->name, ends[i]))
			return TRUE;
	return g_str_has_prefix(s->name, "free");
}

/* Does a function fill in an integer, which may be the length of what it returns? */
static gboolean fills_in_count(const char *shape)
{
	return strstr(shape, "(p(i32)") != NULL || strstr(shape, "(p(i64)") != NULL || strstr(shape, ",p(i32)") != NULL ||
	       strstr(shape, ",p(i64)") != NULL;
}

static gboolean has_integer(const struct facts_type *t)
{
	for (guint i = 0; i < t->n_members; i++)
		if (t->members[i].shape[0] == 'i' && strpbrk(t->members[i].shape, "=[") == NULL)
			return TRUE;
	return FALSE;
}

static void walk_export(struct allocation *a, const struct facts_symbol *s)
{
	struct walk w = {.a = a, .place = {.export = s}, .way = TO_CALLER};

	if (s->shape == NULL)
		return;
	w.destroys = destroys(s);
	w.counted = fills_in_count(s->shape);
	if (s->kind == FACTS_OBJECT || s->kind == FACTS_TLS)
		w.way = TO_LIBRARY; /* callers may set it */
	walk_type(w, s->shape);
}

static void walk_members(struct allocation *a, struct step step)
{
	const struct facts_type *t = &a->facts->types[step.type];
	struct walk w = {.a = a, .place = {a->met[step.type][step.way], t}, .way = step.way, .counted = has_integer(t)};

	for (guint i = 0; !t->hidden && i < t->n_members; i++)
		walk_type(w, t->members[i].shape);
}

struct allocation *allocation_new(const struct facts *facts)
{
	struct allocation *a = g_new0(struct allocation, 1);

	a->facts = facts;
	a->places = g_malloc0_n(facts->n_types, sizeof *a->places);
	a->met = g_malloc0_n(facts->n_types, sizeof *a->met);
	a->pending = g_array_new(FALSE, FALSE, sizeof(struct step));
	for (guint i = 0; i < facts->n_exports; i++)
		walk_export(a, &facts->exports[i]);
	while (a->pending->len > 0) {
		struct step step = g_array_index(a->pending, struct step, a->pending->len - 1);
		g_array_set_size(a->pending, a->pending->len - 1);
		walk_members(a, step);
	}
	return a;
}

void allocation_free(struct allocation *a)
{
	if (a == NULL)
		return;
	g_array_unref(a->pending);
	g_free(a->places);
	g_free(a->met);
	g_free(a);
}

static char *describe(enum meeting how, const struct place *p)
{
	gboolean variable = p->export->kind == FACTS_OBJECT || p->export->kind == FACTS_TLS;
	g_autofree char *call = g_strconcat(p->export->name, variable ? "" : "()", NULL);

	if (p->holder != NULL && how == BY_VALUE)
		return g_strdup_printf("%s holds it by value", p->holder->name);
	if (p->holder != NULL && how == LISTED)
		return g_strdup_printf("%s points to it beside an integer: perhaps an array of it", p->holder->name);
	if (p->holder != NULL)
		return g_strdup_printf("%s leads to it through %s", call, p->holder->name);
	switch (how) {
	case BY_VALUE:
		return g_strdup_printf(variable ? "%s is such a variable, which programs copy" : "%s passes it by value", call);
	case TAKEN:
		return g_strdup_printf(variable ? "%s is a pointer to it that callers may set" : "%s takes a pointer to it", call);
	case LISTED:
		return g_strdup_printf("%s may return an array of it", call);
	case LENT:
		return g_strdup_printf("callbacks of %s are handed one, or an array of it", call);
	default:
		return g_strdup_printf("only the library allocates it: callers get it from %s", call);
	}
}

gboolean allocation_is_librarys(const struct allocation *a, const struct facts_type *type, char **why)
{
	const struct place *places = a->places[type - a->facts->types];

	*why = NULL;
	if (type->library_allocated) {
		*why = g_strdup("only the library allocates it: it is marked so (ABIDE_LIBRARY_ALLOCATED)");
		return TRUE;
	}
	for (enum meeting how = BY_VALUE; how < MEETINGS && *why == NULL; how++) {
		if (places[how].export == NULL)
			continue;
		*why = describe(how, &places[how]);
		if (how == GIVEN)
			return !a->unsure;
	}
	if (*why == NULL)
		*why = g_strdup("nothing shows who allocates it");
	return FALSE;
}
