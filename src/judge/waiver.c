/* Waivers read, checked and applied: see waiver.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/waiver.h"
#include "core/text.h"
#include "core/yaml.h"
#include "judge/consumer.h"

#include <string.h>

G_DEFINE_QUARK(waiver-error-quark, waiver_error)

#define TEXT(key, longest) CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER, struct waiver, key, 1, longest)

static const cyaml_schema_field_t waiver_fields[] = {
	TEXT(rule, 128), TEXT(subject, 4096), TEXT(reason, 4096), TEXT(author, 256), TEXT(until, 32), CYAML_FIELD_END,
};

static const cyaml_schema_value_t waiver_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct waiver, waiver_fields)};

static const cyaml_schema_field_t top_fields[] = {
	CYAML_FIELD_SEQUENCE_COUNT("waivers", CYAML_FLAG_POINTER_NULL, struct waivers, items, n, &waiver_value, 0, 10000),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t waivers_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct waivers, top_fields)};

static const struct verdict_rule rule_waiver_unused = {
	.id = "waiver-unused",
	.why = "it waives nothing here; it could hide something later",
	.instead = "take it out of the file",
};

static gboolean has_rule(const struct verdict_rule *const *rules, const char *id)
{
	for (; *rules != NULL; rules++)
		if (strcmp((*rules)->id, id) == 0)
			return TRUE;
	return FALSE;
}

static void make_one_line(char **text)
{
	char *line = text_one_line(*text);

	g_free(*text);
	*text = line;
}

static gboolean check_waiver(struct waiver *w, guint index, const struct yamlfile *file, GError **error)
{
	g_autofree char *rule = g_strdup_printf("waivers[%u].rule", index);
	g_autofree char *until = g_strdup_printf("waivers[%u].until", index);

	if (!has_rule(verdict_rules, w->rule) && !has_rule(consumer_rules, w->rule))
		return yamlfile_fail(file, rule, error, WAIVER_ERROR, WAIVER_ERROR_INPUT,
				     "%s: there is no rule '%s'; abide-judge(1) lists them", rule, w->rule);
	if (!text_parse_day(w->until, &w->last_day))
		return yamlfile_fail(file, until, error, WAIVER_ERROR, WAIVER_ERROR_INPUT,
				     "%s: '%s' is not a day; write YYYY-MM-DD, as 2027-01-31", until, w->until);
	make_one_line(&w->reason);
	make_one_line(&w->author);
	return TRUE;
}

/* Takes the parsed file over. */
static struct waivers *load(const char *path, struct yamlfile *yaml, GError **error)
{
	g_autoptr(yamlfile) file = yaml;
	g_autoptr(waivers) w = NULL;
	gpointer value = NULL;

	if (file == NULL || !yamlfile_load(file, &waivers_schema, &value, error))
		return NULL;
	w = value;
	w->path = g_strdup(path);
	for (guint i = 0; i < w->n; i++)
		if (!check_waiver(&w->items[i], i, file, error))
			return NULL;
	return g_steal_pointer(&w);
}

struct waivers *waivers_parse(const char *path, GBytes *text, GError **error)
{
	return load(path, yamlfile_parse(path, text, error), error);
}

struct waivers *waivers_read(const char *path, GError **error)
{
	return load(path, yamlfile_read(path, error), error);
}

void waivers_free(struct waivers *w)
{
	if (w == NULL)
		return;
	g_free(w->path);
	yamlfile_release(&waivers_schema, w);
}

/* Names may hold any byte, so this is not GPatternSpec, which wants UTF-8. */
static gboolean glob(const char *pattern, const char *text, gsize length)
{
	const char *star = NULL, *end = text + length, *from = NULL;

	while (text < end) {
		if (*pattern == '*') {
			star = ++pattern;
			from = text;
		} else if (*pattern == *text) {
			pattern++;
			text++;
		} else if (star != NULL) {
			pattern = star;
			text = ++from;
		} else {
			return FALSE;
		}
	}
	return pattern[strspn(pattern, "*")] == '\0';
}

gboolean waiver_matches(const struct waiver *w, const struct verdict_finding *f)
{
	const char *colon = strstr(f->subject, ": ");
	gsize all = strlen(f->subject), name = strcspn(f->subject, "@");

	if (f->word < VERDICT_UNKNOWN || strcmp(w->rule, f->rule->id) != 0)
		return FALSE;
	return glob(w->subject, f->subject, all) || glob(w->subject, f->subject, name) ||
	       (colon != NULL && glob(w->subject, f->subject, (gsize)(colon - f->subject)));
}

static void mark(struct verdict_finding *f, const struct waiver *w, gboolean expired)
{
	if (f->waiver != NULL && (expired || !f->waiver->expired))
		return;
	verdict_waiver_free(f->waiver);
	f->waiver = g_new(struct verdict_waiver, 1);
	*f->waiver = (struct verdict_waiver){g_strdup(w->reason), g_strdup(w->author), g_strdup(w->until), expired};
}

void waivers_apply(const struct waivers *waivers, struct verdict *verdict, const GDate *today, gboolean note_unused)
{
	guint n = verdict->findings->len;

	for (guint i = 0; i < waivers->n; i++) {
		const struct waiver *w = &waivers->items[i];
		gboolean expired = g_date_compare(&w->last_day, today) < 0, used = FALSE;
		for (guint j = 0; j < n; j++) {
			struct verdict_finding *f = verdict->findings->pdata[j];
			if (!waiver_matches(w, f))
				continue;
			mark(f, w, expired);
			used = TRUE;
		}
		if (!used && note_unused)
			verdict_find(verdict, &rule_waiver_unused, VERDICT_SAME, w->subject, NULL,
				     "matches no finding of %s (%s)", w->rule, waivers->path);
	}
	verdict_weigh(verdict);
}
