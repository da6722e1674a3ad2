/* The verdict for one program: see consumer.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/consumer.h"
#include "judge/consumer_types.h"
#include "inspect/reach.h"
#include "judge/path.h"
#include "judge/rules.h"

#include <string.h>

static const struct verdict_rule rule_other_machine = {
	.id = "other-machine",
	.why = "the loader does not take a library for another machine",
	.instead = "name the library that was built for the program's machine",
};

static const struct verdict_rule rule_not_needed = {
	.id = "not-needed",
	.why = "the program is not linked to this library, so it does not matter to it, unless it is loaded by dlopen",
};

static const struct verdict_rule rule_node_missing = {
	.id = "node-missing",
	.why = "the program does not start: \"version not found\"",
	.instead = "install a library that defines the node; abide judge --floor finds the oldest",
};

static const struct verdict_rule rule_import_missing = {
	.id = "import-missing",
	.why = "the program stops with \"symbol lookup error\", at start or at the first call",
	.instead = "install a library that has the symbol; abide judge --floor finds the oldest",
};

static const struct verdict_rule rule_library_missing = {
	.id = "library-missing",
	.why = "the program does not start: no package has the library any more",
	.instead = "keep the library, or take away with it the programs that need it",
};

static const struct verdict_rule rule_copy_size = {
	.id = "copy-size",
	.why = "the program has room for its own size (copy relocation), and the library uses the same place with another",
	.instead = "rebuild the program, or export a function that returns a pointer",
};

const struct verdict_rule *const consumer_rules[] = {
	&rule_other_machine, &rule_not_needed, &rule_node_missing, &rule_import_missing, &rule_copy_size, &rule_library_missing,
	NULL,
};

/* What the walk over a program's symbols needs to know. */
struct scope {
	const struct facts *program;
	const struct facts *older, *newer; /* older may be NULL */
	const struct facts *const *family;
	const char *soname;
	gboolean alone; /* no other NEEDED can have an import without a version */
	struct path *path; /* from what the program imports, once it is asked for */
};

/* What a program records that is linked to this library: without a soname, the file's name. */
static const char *recorded_name(const struct facts *library)
{
	const char *slash = strrchr(library->path, '/');

	return library->soname != NULL ? library->soname : slash != NULL ? slash + 1 : library->path;
}

static gboolean requires_nodes_of(const struct facts *program, const char *soname)
{
	for (guint i = 0; i < program->n_needs; i++)
		if (strcmp(program->needs[i].library, soname) == 0)
			return TRUE;
	return FALSE;
}

static gboolean needs(const struct facts *program, const char *soname)
{
	for (const char **name = program->needed; name != NULL && *name != NULL; name++)
		if (strcmp(*name, soname) == 0)
			return TRUE;
	return requires_nodes_of(program, soname);
}

static gboolean stands_alone(const struct facts *program, const char *soname)
{
	for (const char **name = program->needed; name != NULL && *name != NULL; name++)
		if (strcmp(*name, soname) != 0 && !requires_nodes_of(program, *name))
			return FALSE;
	return program->kind == FACTS_PROGRAM && !requires_nodes_of(program, soname);
}

static gboolean family_has_name(const struct scope *s, const char *name)
{
	if ((s->older != NULL && rules_has_name(s->older, name)) || rules_has_name(s->newer, name))
		return TRUE;
	for (const struct facts *const *f = s->family; f != NULL && *f != NULL; f++)
		if (rules_has_name(*f, name))
			return TRUE;
	return FALSE;
}

static gboolean is_ours(const struct scope *s, const struct facts_symbol *import)
{
	if (import->library != NULL)
		return strcmp(import->library, s->soname) == 0;
	return family_has_name(s, import->name) || (s->alone && !import->weak);
}

/* A variable that the library exports too: the target of a copy relocation without a version, or one in its place. */
static gboolean is_our_copy(const struct scope *s, const struct facts_symbol *own)
{
	const struct facts *reference = s->older != NULL ? s->older : s->newer;
	const struct facts_symbol *theirs = facts_find_export(reference, own->name);

	return s->program->kind == FACTS_PROGRAM && own->kind == FACTS_OBJECT && own->node == NULL && theirs != NULL &&
	       theirs->kind == FACTS_OBJECT;
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	const struct facts_symbol *x = ((const struct consumer_use *)a)->symbol;
	const struct facts_symbol *y = ((const struct consumer_use *)b)->symbol;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : g_strcmp0(x->node, y->node);
}

static void collect_uses(struct consumer *c, const struct scope *s)
{
	for (guint i = 0; i < s->program->n_imports; i++) {
		const struct facts_symbol *import = &s->program->imports[i];
		/* Only a copy gives an imported variable a place in the program. */
		struct consumer_use use = {import, import->kind == FACTS_OBJECT && import->address != 0};
		if (is_ours(s, import))
			g_array_append_val(c->uses, use);
	}
	for (guint i = 0; i < s->program->n_exports; i++) {
		struct consumer_use use = {&s->program->exports[i], TRUE};
		if (is_our_copy(s, use.symbol))
			g_array_append_val(c->uses, use);
	}
	for (guint i = 0; i < s->program->n_needs; i++)
		if (strcmp(s->program->needs[i].library, s->soname) == 0)
			g_ptr_array_add(c->nodes, (gpointer)s->program->needs[i].node);
	g_array_sort(c->uses, by_name);
}

static void examine_nodes(struct consumer *c)
{
	gboolean versioned = c->library->n_nodes > 0;

	for (guint i = 0; i < c->nodes->len; i++)
		if (!rules_has_node(c->library, c->nodes->pdata[i]))
			verdict_find(c->verdict, &rule_node_missing, versioned ? VERDICT_BREAKS : VERDICT_SAME,
				     c->nodes->pdata[i], NULL, versioned ? "is not defined by %s"
				     : "is not defined by %s, which has no version nodes at all: the loader only warns",
				     c->library->path);
}

static void examine_missing(struct consumer *c)
{
	for (guint i = 0; i < c->uses->len; i++) {
		const struct facts_symbol *s = g_array_index(c->uses, struct consumer_use, i).symbol;
		if (rules_answers(c->library, s))
			continue;
		g_autofree char *subject = rules_symbol_name(s);
		gboolean other = rules_has_name(c->library, s->name);
		verdict_find(c->verdict, &rule_import_missing, s->weak ? VERDICT_SAME : VERDICT_BREAKS, subject, NULL,
			     "is not exported by %s%s%s", c->library->path, other ? ", only under another node" : "",
			     s->weak ? "; a weak import, the program may run without it" : "");
	}
}

const struct facts_symbol *consumer_binds_to(const struct facts *library, const struct facts_symbol *symbol)
{
	for (guint i = facts_first_export(library, symbol->name);
	     i < library->n_exports && strcmp(library->exports[i].name, symbol->name) == 0; i++)
		if (symbol->node != NULL && g_strcmp0(library->exports[i].node, symbol->node) == 0)
			return &library->exports[i];
	return facts_find_export(library, symbol->name);
}

static void examine_copies(struct consumer *c)
{
	for (guint i = 0; i < c->uses->len; i++) {
		const struct consumer_use *use = &g_array_index(c->uses, struct consumer_use, i);
		const struct facts_symbol *now = use->copied ? consumer_binds_to(c->library, use->symbol) : NULL;
		if (now == NULL || now->kind != FACTS_OBJECT || now->size == use->symbol->size)
			continue;
		g_autofree char *subject = rules_symbol_name(use->symbol);
		verdict_find(c->verdict, &rule_copy_size, VERDICT_BREAKS, subject, NULL,
			     "the program holds %" G_GUINT64_FORMAT " bytes, the library has %" G_GUINT64_FORMAT,
			     use->symbol->size, now->size);
	}
}

/* For each imported name, whether the program holds a copy. */
static GHashTable *names_used(const struct consumer *c)
{
	GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < c->uses->len; i++) {
		const struct consumer_use *use = &g_array_index(c->uses, struct consumer_use, i);
		g_hash_table_insert(names, (gpointer)use->symbol->name, GINT_TO_POINTER(use->copied));
	}
	return names;
}

/* Leave of `via` what the program imports, and go by one of those; FALSE when nothing is left. */
static gboolean narrow_via(struct verdict_finding *f, struct scope *s, GHashTable *names)
{
	g_autoptr(GPtrArray) kept = g_ptr_array_new();

	for (char **via = f->via; *via != NULL; via++)
		if (g_hash_table_contains(names, *via))
			g_ptr_array_add(kept, *via);
	if (kept->len == 0)
		return FALSE;
	g_ptr_array_add(kept, NULL);
	char **via = verdict_via_new((const char *const *)kept->pdata);
	g_rc_box_release(f->via);
	f->via = via;
	if (f->type != NULL) {
		if (s->path == NULL)
			s->path = path_new(s->older, names);
		g_free(f->path);
		f->path = path_text(s->path, reach_type(s->older, f->type, strlen(f->type)));
	}
	return TRUE;
}

/* Is this finding answered by the rules above, which know more of the program? */
static gboolean is_answered(const struct verdict_finding *f)
{
	return f->rule == &rule_node_removed || f->rule == &rule_symbol_removed || f->rule == &rule_symbol_left_node ||
	       f->rule == &rule_symbol_joined_node;
}

static gboolean touches(struct verdict_finding *f, struct scope *s, GHashTable *names)
{
	g_autofree char *name = g_strndup(f->subject, strcspn(f->subject, "@"));
	gpointer copied;

	if (is_answered(f))
		return FALSE;
	if (f->via != NULL && f->via[0] != NULL)
		return narrow_via(f, s, names);
	if (g_hash_table_lookup_extended(names, name, NULL, &copied))
		return f->rule != &rule_object_size || !GPOINTER_TO_INT(copied);
	return !rules_has_name(s->older, name) && !rules_has_name(s->newer, name) &&
	       !rules_has_node(s->older, f->subject) && !rules_has_node(s->newer, f->subject);
}

static void take_findings(struct consumer *c, struct scope *s)
{
	g_autoptr(verdict) everybody = verdict_new(s->older, s->newer);
	g_autoptr(GHashTable) names = names_used(c);

	for (guint i = 0; i < everybody->findings->len;)
		if (touches(everybody->findings->pdata[i], s, names))
			g_ptr_array_add(c->verdict->findings, g_ptr_array_steal_index(everybody->findings, i));
		else
			i++;
	g_clear_pointer(&s->path, path_free);
}

static void examine(struct consumer *c, struct scope *s)
{
	const struct facts *p = s->program, *l = s->newer;

	if (p->machine != l->machine || p->bits != l->bits || p->big_endian != l->big_endian)
		verdict_find(c->verdict, &rule_other_machine, VERDICT_BREAKS, p->path, NULL,
			     "is for %s, %u-bit; %s is for %s, %u-bit", facts_machine_name(p->machine), p->bits, l->path,
			     facts_machine_name(l->machine), l->bits);
	if (!c->needs) {
		verdict_find(c->verdict, &rule_not_needed, VERDICT_SAME, s->soname, NULL, "is not needed by %s", p->path);
		return;
	}
	collect_uses(c, s);
	examine_nodes(c);
	examine_missing(c);
	examine_copies(c);
	if (s->older != NULL)
		take_findings(c, s);
	consumer_examine_types(c);
}

struct consumer *consumer_new(const struct facts *program, const struct facts *older, const struct facts *newer,
			      const struct facts *const *family)
{
	struct consumer *c = g_new0(struct consumer, 1);
	const char *soname = recorded_name(older != NULL ? older : newer);
	struct scope s = {program, older, newer, family, soname, stands_alone(program, soname), NULL};

	c->program = program;
	c->library = newer;
	c->soname = soname;
	c->needs = needs(program, soname);
	c->types_known = older != NULL;
	c->uses = g_array_new(FALSE, FALSE, sizeof(struct consumer_use));
	c->nodes = g_ptr_array_new();
	c->verdict = verdict_empty(older != NULL ? older : newer, newer);
	examine(c, &s);
	verdict_weigh(c->verdict);
	return c;
}

struct consumer *consumer_without(const struct facts *program, const struct facts *older, const char *change)
{
	struct consumer *c = g_new0(struct consumer, 1);

	*c = (struct consumer){.program = program,
			       .library = older,
			       .soname = older->soname,
			       .needs = TRUE,
			       .uses = g_array_new(FALSE, FALSE, sizeof(struct consumer_use)),
			       .nodes = g_ptr_array_new(),
			       .verdict = verdict_empty(older, older)};
	verdict_find(c->verdict, &rule_library_missing, VERDICT_BREAKS, older->soname, NULL, "%s", change);
	verdict_weigh(c->verdict);
	return c;
}

void consumer_free(struct consumer *c)
{
	if (c == NULL)
		return;
	g_array_unref(c->uses);
	g_ptr_array_unref(c->nodes);
	verdict_free(c->verdict);
	g_free(c);
}

int consumer_floor(const struct facts *program, const struct facts *const *libraries, guint n, GPtrArray **consumers)
{
	g_autofree const struct facts **family = g_new0(const struct facts *, n + 1);
	int floor = -1;

	memcpy(family, libraries, n * sizeof *libraries);
	*consumers = g_ptr_array_new_with_free_func((GDestroyNotify)consumer_free);
	for (guint i = 0; i < n; i++) {
		struct consumer *c = consumer_new(program, NULL, libraries[i], family);
		g_ptr_array_add(*consumers, c);
		if (floor < 0 && c->needs && c->verdict->word <= VERDICT_ADDS)
			floor = (int)i;
	}
	return floor;
}

enum verdict_word consumer_worst(const GPtrArray *consumers)
{
	enum verdict_word worst = VERDICT_SAME;

	for (guint i = 0; i < consumers->len; i++)
		worst = MAX(worst, ((const struct consumer *)consumers->pdata[i])->verdict->word);
	return worst;
}
