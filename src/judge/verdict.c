/* The verdict: runs every rule over two sets of facts and takes the worst word. See verdict.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/verdict.h"
#include "inspect/conceal.h"
#include "inspect/reach.h"
#include "judge/allocation.h"
#include "judge/evidence.h"
#include "judge/path.h"

#include <stdlib.h>
#include <string.h>

void verdict_waiver_free(struct verdict_waiver *w)
{
	if (w == NULL)
		return;
	g_free(w->reason);
	g_free(w->author);
	g_free(w->until);
	g_free(w);
}

static void finding_free(gpointer data)
{
	struct verdict_finding *f = data;

	g_free(f->subject);
	g_free(f->change);
	g_free(f->because);
	g_free(f->type);
	g_free(f->path);
	g_clear_pointer(&f->via, g_rc_box_release);
	verdict_waiver_free(f->waiver);
	g_free(f);
}

const char **verdict_via(struct verdict *verdict, const struct facts_type *type)
{
	if (verdict->reach == NULL)
		verdict->reach = reach_new(verdict->older);
	return reach_exports(verdict->reach, (guint)(type - verdict->older->types));
}

char **verdict_via_new(const char *const *names)
{
	gsize n = g_strv_length((char **)names), size = (n + 1) * sizeof(char *);
	char **via, *text;

	for (gsize i = 0; i < n; i++)
		size += strlen(names[i]) + 1;
	via = g_rc_box_alloc0(size);
	text = (char *)(via + n + 1);
	for (gsize i = 0; i < n; i++) {
		via[i] = text;
		text = stpcpy(text, names[i]) + 1;
	}
	return via;
}

/* Note how callers meet the type, which is found out once for each. */
static void note_type(struct verdict *v, struct verdict_finding *f, const struct facts_type *met)
{
	if (v->met == NULL) {
		v->met = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_rc_box_release);
		v->path = path_new(v->older, NULL);
	}
	if (!g_hash_table_contains(v->met, met)) {
		g_autofree const char **names = verdict_via(v, met);
		g_hash_table_insert(v->met, (gpointer)met, verdict_via_new(names));
	}
	f->via = g_rc_box_acquire(g_hash_table_lookup(v->met, met));
	f->type = g_strdup(met->name);
	f->path = path_text(v->path, (guint)(met - v->older->types));
}

void verdict_find(struct verdict *verdict, const struct verdict_rule *rule, enum verdict_word word, const char *subject,
		  const struct facts_type *met, const char *format, ...)
{
	struct verdict_finding *f = g_new0(struct verdict_finding, 1);
	va_list arguments;

	va_start(arguments, format);
	f->change = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	f->rule = rule;
	f->word = word;
	f->subject = g_strdup(subject);
	if (met != NULL)
		note_type(verdict, f, met);
	g_ptr_array_add(verdict->findings, f);
	verdict->word = MAX(verdict->word, word);
}

void verdict_because(struct verdict *verdict, const char *format, ...)
{
	struct verdict_finding *f = verdict->findings->pdata[verdict->findings->len - 1];
	g_autofree char *before = f->because, *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	f->because = before ? g_strconcat(before, "; ", text, NULL) : g_strdup(text);
}

struct allocation *verdict_allocation(struct verdict *verdict)
{
	if (verdict->allocation == NULL)
		verdict->allocation = allocation_new(verdict->older);
	return verdict->allocation;
}

/* "libfoo.so.1" -> "libfoo.so.2", "libfoo.so.1.2" -> "libfoo.so.2"; NULL where no number follows ".so.". */
static char *soname_after(const char *soname)
{
	const char *number = soname ? strstr(soname, ".so.") : NULL;
	guint64 major = 0;

	if (number == NULL)
		return NULL;
	number += strlen(".so.");
	if (!g_ascii_isdigit(*number))
		return NULL;
	major = g_ascii_strtoull(number, NULL, 10);
	return g_strdup_printf("%.*s%" G_GUINT64_FORMAT, (int)(number - soname), soname, major + 1);
}

static guint count_common(const struct facts *older, const struct facts *newer)
{
	guint n = 0;

	for (guint i = 0, j = 0; i < older->n_types && j < newer->n_types;) {
		int order = strcmp(older->types[i].name, newer->types[j].name);
		n += order == 0;
		i += order <= 0;
		j += order >= 0;
	}
	return n;
}

gboolean verdict_is_waived(const struct verdict_finding *finding)
{
	return finding->waiver != NULL && !finding->waiver->expired;
}

void verdict_weigh(struct verdict *v)
{
	v->word = VERDICT_SAME;
	for (guint i = 0; i < v->findings->len; i++) {
		const struct verdict_finding *f = v->findings->pdata[i];
		if (!verdict_is_waived(f))
			v->word = MAX(v->word, f->word);
	}
	g_clear_pointer(&v->next_soname, g_free);
	if (v->word == VERDICT_BREAKS && !v->soname_changed)
		v->next_soname = soname_after(v->soname);
}

static struct verdict_side side_of(const struct facts *f)
{
	return (struct verdict_side){g_strdup(f->path), evidence_of(f), f->evidence == FACTS_TYPES};
}

static void side_clear(struct verdict_side *side)
{
	g_free(side->path);
	g_free(side->evidence);
}

struct verdict *verdict_empty(const struct facts *older, const struct facts *newer)
{
	struct verdict *v = g_new0(struct verdict, 1);

	v->findings = g_ptr_array_new_with_free_func(finding_free);
	v->soname = g_strdup(newer->soname);
	v->soname_changed = older->soname != NULL && g_strcmp0(older->soname, newer->soname) != 0;
	v->older_version = g_strdup(older->version);
	v->newer_version = g_strdup(newer->version);
	v->is_same_build = older->build_id != NULL && g_strcmp0(older->build_id, newer->build_id) == 0;
	v->symbols = older->n_exports;
	v->nodes = older->n_nodes;
	v->types = count_common(older, newer);
	v->old_side = side_of(older);
	v->new_side = side_of(newer);
	v->headers_known = older->headers_known && newer->headers_known;
	return v;
}

struct verdict *verdict_new(const struct facts *older, const struct facts *newer)
{
	struct verdict *v = verdict_empty(older, newer);
	g_autoptr(facts) older_veiled = conceal(older, newer), newer_veiled = conceal(newer, older);

	older = older_veiled ? older_veiled : older;
	newer = newer_veiled ? newer_veiled : newer;
	v->types = count_common(older, newer);
	v->headers_known = older->headers_known && newer->headers_known;
	v->older = older;
	v->newer = newer;
	for (const struct verdict_rule *const *rule = verdict_rules; *rule != NULL; rule++)
		(*rule)->examine(v, *rule, older, newer);
	g_clear_pointer(&v->reach, reach_free);
	g_clear_pointer(&v->path, path_free);
	g_clear_pointer(&v->met, g_hash_table_unref);
	g_clear_pointer(&v->allocation, allocation_free);
	v->older = v->newer = NULL;
	verdict_weigh(v);
	return v;
}

void verdict_free(struct verdict *verdict)
{
	if (verdict == NULL)
		return;
	g_ptr_array_unref(verdict->findings);
	g_free(verdict->soname);
	g_free(verdict->next_soname);
	g_free(verdict->older_version);
	g_free(verdict->newer_version);
	side_clear(&verdict->old_side);
	side_clear(&verdict->new_side);
	g_free(verdict);
}

void verdict_claim(struct verdict *verdict, const char *version)
{
	if (version == NULL)
		return;
	g_free(verdict->newer_version);
	verdict->newer_version = g_strdup(version);
}

gboolean verdict_is_releasable(const struct verdict *verdict)
{
	return verdict->word <= VERDICT_ADDS || verdict->soname_changed;
}
