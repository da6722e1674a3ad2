/* Waivers: which findings they match, when they hold, what is wrong with a file. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/yaml.h"
#include "judge/waiver.h"
#include "suite.h"

#include <string.h>

static struct waivers *parse(const char *text, GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));

	return waivers_parse("w.yaml", bytes, error);
}

#define ENTRY(rule, subject, until)                                                                                    \
	"- {rule: " rule ", subject: \"" subject "\", reason: because, author: Ann, until: " until "}\n"

static const struct verdict_rule *rule(const char *id)
{
	for (guint i = 0; verdict_rules[i] != NULL; i++)
		if (strcmp(verdict_rules[i]->id, id) == 0)
			return verdict_rules[i];
	ck_abort_msg("no rule %s", id);
}

/* One that breaks and one that cannot be told. */
static struct verdict *sample(void)
{
	struct facts library = {.path = "lib.so", .soname = "lib.so.1"};
	struct verdict *v = verdict_empty(&library, &library);

	verdict_find(v, rule("struct-grew"), VERDICT_BREAKS, "struct s", NULL, "4 -> 8 bytes");
	verdict_find(v, rule("no-debug"), VERDICT_UNKNOWN, "lib.so", NULL, "has no debug information");
	verdict_weigh(v);
	return v;
}

static GDate day(guint year, guint month, guint date)
{
	GDate d;

	g_date_clear(&d, 1);
	g_date_set_dmy(&d, (GDateDay)date, (GDateMonth)month, (GDateYear)year);
	return d;
}

static const struct {
	const char *pattern, *subject;
	gboolean matches;
} matching[] = {
	{"f", "f", TRUE},
	{"f", "f@V1", TRUE},
	{"f@V1", "f@V1", TRUE},
	{"f@V2", "f@V1", FALSE},
	{"f", "ff", FALSE},
	{"f*", "foo@V1", TRUE},
	{"*@V1", "foo@V1", TRUE},
	{"*_get*_x", "a_get_b_get_x", TRUE},
	{"*_get*_x", "a_get_b_get_y", FALSE},
	{"*", "", TRUE},
	{"**", "struct s", TRUE},
	{"struct s", "struct s: member a", TRUE},
	{"struct s: member a", "struct s: member a", TRUE},
	{"struct s: member b", "struct s: member a", FALSE},
	{"struct s", "struct st: member a", FALSE},
	{"?", "f", FALSE},
	{"[f]", "f", FALSE},
	{"\xc3\xa9*", "\xc3\xa9\xff", TRUE},
};

START_TEST(test_matches)
{
	struct waiver w = {.rule = (char *)"symbol-removed", .subject = (char *)matching[_i].pattern};
	struct verdict_finding f = {rule("symbol-removed"), VERDICT_BREAKS, .subject = (char *)matching[_i].subject};

	ck_assert_int_eq(waiver_matches(&w, &f), matching[_i].matches);
	f.word = VERDICT_SAME;
	ck_assert(!waiver_matches(&w, &f));
	f.word = VERDICT_BREAKS;
	f.rule = rule("symbol-left-node");
	ck_assert(!waiver_matches(&w, &f));
}
END_TEST

/* What is left of BREAKS and UNKNOWN, day by day. */
static const struct {
	guint date;
	enum verdict_word word;
	gboolean first_expired;
} days[] = {
	{1, VERDICT_SAME, FALSE}, {10, VERDICT_SAME, FALSE}, {11, VERDICT_UNKNOWN, FALSE}, {21, VERDICT_BREAKS, TRUE},
};

START_TEST(test_days)
{
	g_autoptr(waivers) w = parse("waivers:\n" ENTRY("struct-grew", "struct s", "2027-01-20")
				     ENTRY("no-debug", "*", "2027-01-10"), NULL);
	g_autoptr(verdict) v = sample();
	GDate today = day(2027, 1, days[_i].date);
	const struct verdict_finding *f = v->findings->pdata[0];

	ck_assert_str_eq(v->next_soname, "lib.so.2");
	waivers_apply(w, v, &today, TRUE);
	ck_assert_int_eq(v->word, days[_i].word);
	ck_assert_int_eq(f->waiver->expired, days[_i].first_expired);
	ck_assert_int_eq(verdict_is_waived(f), !days[_i].first_expired);
	ck_assert_int_eq(v->next_soname != NULL, v->word == VERDICT_BREAKS);
	ck_assert_uint_eq(v->findings->len, 2);
}
END_TEST

START_TEST(test_one_in_force_goes_first)
{
	g_autoptr(waivers) w = parse("waivers:\n" ENTRY("struct-grew", "*", "2020-01-01")
				     ENTRY("struct-grew", "struct s", "2030-01-01")
				     ENTRY("struct-grew", "struct *", "2021-01-01"), NULL);
	g_autoptr(verdict) v = sample();
	GDate today = day(2027, 1, 1);

	waivers_apply(w, v, &today, TRUE);
	ck_assert_str_eq(((struct verdict_finding *)v->findings->pdata[0])->waiver->until, "2030-01-01");
	ck_assert_int_eq(v->word, VERDICT_UNKNOWN);
}
END_TEST

START_TEST(test_unused)
{
	g_autoptr(waivers) w = parse("waivers:\n" ENTRY("struct-grew", "struct t", "2030-01-01"), NULL);
	g_autoptr(verdict) v = sample();
	GDate today = day(2027, 1, 1);

	waivers_apply(w, v, &today, FALSE);
	ck_assert_uint_eq(v->findings->len, 2);
	waivers_apply(w, v, &today, TRUE);
	ck_assert_uint_eq(v->findings->len, 3);
	const struct verdict_finding *f = v->findings->pdata[2];
	ck_assert_str_eq(f->rule->id, "waiver-unused");
	ck_assert_int_eq(f->word, VERDICT_SAME);
	ck_assert_int_eq(v->word, VERDICT_BREAKS);
}
END_TEST

static const struct {
	const char *text, *message;
} bad[] = {
	{"waivers: 1\n", "w.yaml:1:10: waivers: expected a list"},
	{"{}\n", "w.yaml:1:1: the key 'waivers' is missing"},
	{"waivers:\n" ENTRY("struct-grown", "s", "2027-01-01"), "w.yaml:2:10: waivers[0].rule: there is no rule"},
	{"waivers:\n" ENTRY("struct-grew", "s", "soon"), "waivers[0].until: 'soon' is not a day"},
	{"waivers:\n" ENTRY("struct-grew", "s", "2027-02-29"), "waivers[0].until: '2027-02-29' is not a day"},
	{"waivers:\n" ENTRY("struct-grew", "s", "2027-01-01, why: x"), "unknown key 'why'"},
	{"waivers:\n" ENTRY("struct-grew", "", "2027-01-01"), "waivers[0].subject"},
	{"waivers:\n- {rule: struct-grew, subject: s, author: a, until: 2027-01-01}\n", "the key 'reason' is missing"},
};

START_TEST(test_bad_files)
{
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(parse(bad[_i].text, &error));
	ck_assert_ptr_nonnull(error);
	ck_assert_msg(strstr(error->message, bad[_i].message) != NULL, "%s", error->message);
}
END_TEST

START_TEST(test_rules_of_consumers_and_empty_list)
{
	g_autoptr(waivers) w = parse("waivers:\n" ENTRY("import-missing", "f", "2027-01-01"), NULL);
	g_autoptr(waivers) none = parse("waivers: []\n", NULL);

	ck_assert_ptr_nonnull(w);
	ck_assert_uint_eq(w->n, 1);
	ck_assert_ptr_nonnull(none);
	ck_assert_uint_eq(none->n, 0);
}
END_TEST

static Suite *waiver_suite(void)
{
	Suite *s = suite_create("waiver");
	TCase *t = tcase_create("waiver");

	tcase_add_loop_test(t, test_matches, 0, G_N_ELEMENTS(matching));
	tcase_add_loop_test(t, test_days, 0, G_N_ELEMENTS(days));
	tcase_add_test(t, test_one_in_force_goes_first);
	tcase_add_test(t, test_unused);
	tcase_add_loop_test(t, test_bad_files, 0, G_N_ELEMENTS(bad));
	tcase_add_test(t, test_rules_of_consumers_and_empty_list);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(waiver_suite)
