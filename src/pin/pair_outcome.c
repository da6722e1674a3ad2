/* One program with one library, judged: see pair_private.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/pair_private.h"
#include "core/text.h"
#include "publish/users_pair.h"

#include <string.h>

void pair_finding_free(gpointer data)
{
	struct pair_finding *f = data;

	g_free(f->rule);
	g_free(f->subject);
	g_free(f->change);
	g_strfreev(f->symbols);
	g_free(f);
}

struct outcome *outcome_new(enum users_word word, char *reason)
{
	struct outcome *o = g_rc_box_new0(struct outcome);

	o->word = word;
	o->reason = reason;
	o->findings = g_ptr_array_new_with_free_func(pair_finding_free);
	return o;
}

static void clear_outcome(gpointer data)
{
	struct outcome *o = data;

	g_free(o->reason);
	g_free(o->waivers);
	g_ptr_array_unref(o->findings);
}

void outcome_unref(gpointer outcome)
{
	g_rc_box_release_full(outcome, clear_outcome);
}

/* Where the file was found differs from version to version; its soname does not, and the version stands beside it. */
static char *without_paths(const char *text, const struct elflibrary *library, const struct elflibrary *before)
{
	const struct elflibrary *const both[] = {library, before};
	g_autofree char *line = text_one_line(text);
	GString *out = g_string_new(line);

	for (gsize i = 0; i < G_N_ELEMENTS(both); i++)
		if (both[i] != NULL)
			g_string_replace(out, both[i]->facts->path, both[i]->facts->soname, 0);
	g_autofree char *shown = g_string_free(out, FALSE);
	return text_one_line(shown);
}

static gboolean is_used(const struct consumer *c, const char *name)
{
	for (guint i = 0; i < c->uses->len; i++)
		if (strcmp(g_array_index(c->uses, struct consumer_use, i).symbol->name, name) == 0)
			return TRUE;
	return FALSE;
}

/* What the program imports and meets the finding by; without a type in between it is the subject itself. */
static char **symbols_of(const struct consumer *c, const struct verdict_finding *f)
{
	g_autofree char *name = g_strndup(f->subject, strcspn(f->subject, "@:"));
	GPtrArray *symbols = g_ptr_array_new();

	for (char **via = f->via; via != NULL && *via != NULL && symbols->len < PAIR_MOST_SYMBOLS; via++)
		g_ptr_array_add(symbols, text_one_line(*via));
	if (symbols->len == 0 && is_used(c, name))
		g_ptr_array_add(symbols, text_one_line(f->subject));
	g_ptr_array_add(symbols, NULL);
	return (char **)g_ptr_array_free(symbols, FALSE);
}

static void add_findings(struct outcome *o, const struct consumer *c, const struct elflibrary *library,
			 const struct elflibrary *before)
{
	for (guint i = 0; i < c->verdict->findings->len && o->findings->len < PAIR_MOST_FINDINGS; i++) {
		const struct verdict_finding *f = c->verdict->findings->pdata[i];
		if (f->word != c->verdict->word || verdict_is_waived(f))
			continue;
		struct pair_finding *copy = g_new(struct pair_finding, 1);
		*copy = (struct pair_finding){g_strdup(f->rule->id), text_one_line(f->subject),
					      without_paths(f->change, library, before), symbols_of(c, f)};
		g_ptr_array_add(o->findings, copy);
	}
}

static struct outcome *outcome_of(const struct consumer *c, const struct elflibrary *library,
				  const struct elflibrary *before)
{
	const char *note;
	enum users_word word = users_pair_word(c, c->types_known && before ? before->facts : NULL, &note);
	g_autofree char *reason = word > USERS_NOTE ? users_pair_reason(c) : g_strdup(note);
	struct outcome *o = outcome_new(word, reason ? without_paths(reason, library, before) : NULL);

	o->waivers = users_pair_waivers(c);
	if (word > USERS_NOTE)
		add_findings(o, c, library, before);
	return o;
}

/* Facts that have nothing but names of exports: those that the program takes from the library, whichever version has them. */
static struct facts *family_of_names(const GPtrArray *names, struct facts *family)
{
	*family = (struct facts){.exports = g_new0(struct facts_symbol, MAX(names->len, 1)), .n_exports = names->len};
	for (guint i = 0; i < names->len; i++)
		family->exports[i].name = names->pdata[i];
	return family;
}

static struct outcome *judge(const struct facts *program, const struct use *u, const struct elflibrary *library,
			     const struct elflibrary *before, const struct users_waivers *waivers)
{
	gboolean told = users_pair_tells(program, library->facts);
	const struct facts *older = before && !told ? before->facts : NULL;
	struct facts names;
	const struct facts *const family[] = {family_of_names(u->names, &names), NULL};
	g_autoptr(consumer) c = users_pair_judge(program, older, library->facts, family, waivers);

	struct outcome *o = outcome_of(c, library, before);
	o->told = told;
	g_free(names.exports);
	return o;
}

struct outcome *outcome_judge(struct program *p, const struct use *u, const struct elflibrary *library,
			      const struct elflibrary *before, const struct users_waivers *waivers)
{
	const struct facts_sources sources = {.debug_packages = p->debug, .interface = library->facts};
	g_autoptr(GError) cause = NULL;
	g_autoptr(facts) full = NULL;

	if (!p->tells_nothing && library->facts->evidence == FACTS_TYPES) {
		full = facts_read_fd(p->file->fd, p->file->path, &sources, &cause);
		if (full == NULL)
			return outcome_new(USERS_UNKNOWN, text_one_line(cause->message));
		p->tells_nothing = full->evidence != FACTS_TYPES;
	}
	return judge(full ? full : p->surface, u, library, before, waivers);
}
