/* The release law: see law.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/law.h"
#include "core/version.h"
#include "judge/report.h"

#include <string.h>

/* A first number from here on is a year. */
#define FIRST_YEAR 1900

/* Numbers of a version that count, and longest text of one that is taken for a number. */
#define PARTS 3
#define MOST_DIGITS 15

/* A version as the law reads it. */
struct reading {
	gsize epoch; /* how many bytes of the text are the epoch and its colon */
	guint64 parts[PARTS];
	guint n_parts; /* how many are written */
	gboolean is_pre_release;
	char *comparable; /* with a revision */
};

static void reading_clear(struct reading *r)
{
	g_free(r->comparable);
}
typedef struct reading reading;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(reading, reading_clear)

static const char *upstream_of(const char *version)
{
	gsize digits = strspn(version, "0123456789");

	return digits > 0 && version[digits] == ':' ? version + digits + 1 : version;
}

static gboolean says_pre_release(const char *upstream)
{
	static const char *const words[] = {"~", "alpha", "beta", "pre", "rc"};
	const char *dash = strrchr(upstream, '-');
	g_autofree char *text = dash ? g_strndup(upstream, (gsize)(dash - upstream)) : g_strdup(upstream);
	g_autofree char *lower = g_ascii_strdown(text, -1);

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (strstr(lower, words[i]) != NULL)
			return TRUE;
	return FALSE;
}

static struct reading read_version(const char *version)
{
	const char *p = upstream_of(version);
	struct reading r = {.epoch = (gsize)(p - version), .is_pre_release = says_pre_release(p)};

	r.comparable = strchr(p, '-') != NULL ? g_strdup(version) : g_strconcat(version, "-1", NULL);
	while (r.n_parts < PARTS && g_ascii_isdigit(*p) && strspn(p, "0123456789") <= MOST_DIGITS) {
		char *end;
		r.parts[r.n_parts++] = g_ascii_strtoull(p, &end, 10);
		p = *end == '.' ? end + 1 : "";
	}
	return r;
}

static gboolean any_higher_is_enough(const struct reading *older, enum verdict_word word)
{
	return word == VERDICT_SAME || older->is_pre_release || older->parts[0] >= FIRST_YEAR || older->n_parts == 0;
}

static gboolean is_higher_minor(const struct reading *older, const struct reading *newer)
{
	if (newer->parts[0] != older->parts[0])
		return newer->parts[0] > older->parts[0];
	return newer->parts[1] > older->parts[1];
}

/* 1.2.3 -> 1.2.4 or 1.3.0, 1.2 -> 1.2.1 or 1.3, 252 -> 252.0.1 or 252.1, 20240101 -> 20240102. */
static char *least_version(const char *version, const struct reading *older, enum verdict_word word)
{
	guint at = word == VERDICT_ADDS ? 1 : PARTS - 1, n = MAX(older->n_parts, at + 1);
	GString *text;

	if (older->n_parts == 0 || older->is_pre_release)
		return NULL;
	if (older->parts[0] >= FIRST_YEAR) {
		n = older->n_parts;
		at = n - 1;
	}
	text = g_string_new_len(version, (gssize)older->epoch);
	for (guint i = 0; i < n; i++)
		g_string_append_printf(text, "%s%" G_GUINT64_FORMAT, i == 0 ? "" : ".",
				       i < at ? older->parts[i] : i == at ? older->parts[i] + 1 : 0);
	return g_string_free(text, FALSE);
}

static void break_law(struct law *law, char *breach)
{
	law->state = LAW_BROKEN;
	law->breach = breach;
}

/* SAME and ADDS under the old soname: the version decides. */
static void ask_version(struct law *law, const struct verdict *v)
{
	const char *kind = v->word == VERDICT_ADDS ? "minor" : "patch";
	g_auto(reading) older = {0}, newer = {0};

	law->soname = g_strdup(v->soname);
	law->demands = g_strdup_printf("a higher %s version", kind);
	if (v->is_same_build) {
		g_free(law->demands);
		law->demands = g_strdup("nothing: both are one build");
		return;
	}
	law->state = LAW_UNTOLD;
	if (v->older_version == NULL)
		return;
	older = read_version(v->older_version);
	law->least_version = least_version(v->older_version, &older, v->word);
	g_free(law->demands);
	law->demands = law->least_version
			       ? g_strdup_printf("a higher %s version than %s (%s or later)", kind, v->older_version,
						 law->least_version)
			       : g_strdup_printf("a higher version than %s", v->older_version);
	if (v->newer_version == NULL)
		return;
	newer = read_version(v->newer_version);
	law->state = LAW_KEPT;
	if (version_compare_deb(newer.comparable, older.comparable) <= 0 ||
	    (!any_higher_is_enough(&older, v->word) && !is_higher_minor(&older, &newer)))
		break_law(law, g_strdup_printf("claims %s: too low", v->newer_version));
}

/* BREAKS and UNKNOWN, or another soname already. */
static void ask_soname(struct law *law, const struct verdict *v)
{
	if (v->soname_changed) {
		law->soname = g_strdup(v->soname);
		law->demands = g_strdup_printf("%s, beside the old library",
					       v->soname ? v->soname : "a library with a soname");
		if (v->soname == NULL)
			break_law(law, g_strdup("has no soname"));
		return;
	}
	if (v->word == VERDICT_UNKNOWN) {
		law->state = LAW_UNTOLD;
		law->demands = g_strdup("no release before the missing evidence is there");
		return;
	}
	law->soname = g_strdup(v->next_soname);
	law->demands = g_strdup_printf("the soname %s, beside the old library",
				       v->next_soname ? v->next_soname : "of another name");
	break_law(law, v->soname ? g_strdup_printf("claims %s, which is released", v->soname)
				 : g_strdup("has no soname"));
}

struct law *law_of(const struct verdict *verdict)
{
	struct law *law = g_new0(struct law, 1);

	if (verdict->word <= VERDICT_ADDS && !verdict->soname_changed)
		ask_version(law, verdict);
	else
		ask_soname(law, verdict);
	return law;
}

void law_free(struct law *law)
{
	if (law == NULL)
		return;
	g_free(law->soname);
	g_free(law->least_version);
	g_free(law->demands);
	g_free(law->breach);
	g_free(law);
}

void law_add_json(JsonBuilder *b, const struct law *law, const struct verdict *v)
{
	json_builder_set_member_name(b, "law");
	json_builder_begin_object(b);
	json_builder_set_member_name(b, "kept");
	if (law->state == LAW_UNTOLD)
		json_builder_add_null_value(b);
	else
		json_builder_add_boolean_value(b, law->state == LAW_KEPT);
	report_add_text(b, "demands", law->demands);
	report_add_text(b, "breach", law->breach);
	report_add_text(b, "soname", law->soname);
	report_add_text(b, "claimed_soname", v->soname);
	report_add_text(b, "least_version", law->least_version);
	report_add_text(b, "released_version", v->older_version);
	report_add_text(b, "claimed_version", v->newer_version);
	json_builder_end_object(b);
}
