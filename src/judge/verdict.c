/* The verdict: runs every rule over two sets of facts and takes the worst word. See verdict.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/verdict.h"
#include "inspect/reach.h"
#include "judge/allocation.h"

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
	g_strfreev(f->via);
	verdict_waiver_free(f->waiver);
	g_free(f);
}

const char **verdict_via(struct verdict *verdict, const struct facts_type *type)
{
	if (verdict->reach == NULL)
		verdict->reach = reach_new(verdict->older);
	return reach_exports(verdict->reach, (guint)(type - verdict->older->types));
}

void verdict_find(struct verdict *verdict, const struct verdict_rule *rule, enum verdict_word word, const char *subject,
		  const struct facts_type *met, const char *format, ...)
{
	g_autofree const char **via = met ? verdict_via(verdict, met) : NULL;
	struct verdict_finding *f = g_new0(struct verdict_finding, 1);
	va_list arguments;

	va_start(arguments, format);
	f->change = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	f->rule = rule;
	f->word = word;
	f->subject = g_strdup(subject);
	f->via = g_strdupv((char **)via);
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

struct verdict *verdict_empty(const struct facts *older, const struct facts *newer)
{
	struct verdict *v = g_new0(struct verdict, 1);

	v->findings = g_ptr_array_new_with_free_func(finding_free);
	v->soname = g_strdup(newer->soname);
	v->soname_changed = older->soname != NULL && g_strcmp0(older->soname, newer->soname) != 0;
	v->symbols = older->n_exports;
	v->nodes = older->n_nodes;
	v->types = count_common(older, newer);
	v->older_evidence = older->evidence;
	v->newer_evidence = newer->evidence;
	v->headers_known = older->headers_known && newer->headers_known;
	return v;
}

struct verdict *verdict_new(const struct facts *older, const struct facts *newer)
{
	struct verdict *v = verdict_empty(older, newer);

	v->older = older;
	for (const struct verdict_rule *const *rule = verdict_rules; *rule != NULL; rule++)
		(*rule)->examine(v, *rule, older, newer);
	g_clear_pointer(&v->reach, reach_free);
	g_clear_pointer(&v->allocation, allocation_free);
	v->older = NULL;
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
	g_free(verdict);
}

gboolean verdict_is_releasable(const struct verdict *verdict)
{
	return verdict->word <= VERDICT_ADDS || verdict->soname_changed;
}
