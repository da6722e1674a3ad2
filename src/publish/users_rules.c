/* The word for one program with one library: see users_rules.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/users_rules.h"
#include "core/text.h"
#include "judge/rules.h"

/*
 * Of types that the suite's library never told, nothing is lost: what is imported is judged, and that is said. Where it
 * told them, whoever adds the library can add what is missing.
 */
static void weigh_evidence(struct verdict *v, const struct facts *older)
{
	for (guint i = 0; i < v->findings->len; i++) {
		struct verdict_finding *f = v->findings->pdata[i];
		if (f->rule != &rule_no_debug)
			continue;
		if (older->evidence != FACTS_TYPES)
			f->word = VERDICT_SAME;
		g_free(f->change);
		f->change = g_strdup("has no debug information, as the one before it has; add its debug package with it");
	}
	verdict_weigh(v);
}

struct consumer *users_rules_judge(const struct facts *program, const struct facts *older, const struct facts *newer,
				   const struct facts *const *family, const struct users_waivers *waivers)
{
	struct consumer *c = consumer_new(program, older, newer, family);

	if (older != NULL)
		weigh_evidence(c->verdict, older);
	if (waivers != NULL && waivers->list != NULL)
		waivers_apply(waivers->list, c->verdict, &waivers->today, FALSE);
	return c;
}

gboolean users_rules_tells(const struct facts *program, const struct facts *newer)
{
	return program->evidence == FACTS_TYPES && newer->evidence == FACTS_TYPES;
}

/* As both libraries or as the program and the library tell them. */
static gboolean types_compared(const struct consumer *c, const struct facts *older)
{
	gboolean libraries = older != NULL && older->evidence == FACTS_TYPES && c->library->evidence == FACTS_TYPES;

	return libraries || c->uses->len == 0 || c->own_declarations + c->own_types > 0;
}

static gboolean is_waived(const struct consumer *c)
{
	for (guint i = 0; i < c->verdict->findings->len; i++)
		if (verdict_is_waived(c->verdict->findings->pdata[i]))
			return TRUE;
	return FALSE;
}

enum users_word users_rules_word(const struct consumer *c, const struct facts *older, const char **note)
{
	static const enum users_word words[] = {
		[VERDICT_SAME] = USERS_RUNS,
		[VERDICT_ADDS] = USERS_RUNS,
		[VERDICT_UNKNOWN] = USERS_UNKNOWN,
		[VERDICT_BREAKS] = USERS_BREAKS,
	};
	enum users_word word = words[c->verdict->word];

	*note = NULL;
	if (word == USERS_RUNS && is_waived(c))
		*note = "by a waiver";
	else if (word == USERS_RUNS && !types_compared(c, older))
		*note = "types are not known, and were not compared";
	return *note ? USERS_NOTE : word;
}

char *users_rules_reason(const struct consumer *c)
{
	const struct verdict_finding *first = consumer_reason(c);
	guint more = 0;

	for (guint i = 0; i < c->verdict->findings->len; i++) {
		const struct verdict_finding *f = c->verdict->findings->pdata[i];
		more += f != first && f->word == c->verdict->word && !verdict_is_waived(f) ? 1 : 0;
	}
	if (first == NULL)
		return NULL;
	g_autofree char *text = g_strdup_printf("%s \"%s\" %s", first->rule->id, first->subject, first->change);
	g_autofree char *line = text_one_line(text);
	return more == 0 ? g_steal_pointer(&line) : g_strdup_printf("%s, and %u more", line, more);
}

char *users_rules_waivers(const struct consumer *c)
{
	GString *out = NULL;

	for (guint i = 0; i < c->verdict->findings->len; i++) {
		const struct verdict_finding *f = c->verdict->findings->pdata[i];
		if (!verdict_is_waived(f))
			continue;
		if (out == NULL)
			out = g_string_new(NULL);
		g_autofree char *subject = text_one_line(f->subject);
		g_string_append_printf(out, "%s%s \"%s\" (%s, until %s): %s", out->len > 0 ? "; " : "", f->rule->id,
				       subject, f->waiver->author, f->waiver->until, f->waiver->reason);
	}
	return out ? g_string_free(out, FALSE) : NULL;
}
