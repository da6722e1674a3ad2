/* law.c: what a verdict demands of sonames and versions. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/law.h"
#include "suite.h"

static const struct row {
	enum verdict_word word;
	const char *older, *newer;
	enum law_state state;
	const char *least;
} rows[] = {
	{VERDICT_SAME, "1.2.3", "1.2.4", LAW_KEPT, "1.2.4"},
	{VERDICT_SAME, "1.2.3", "1.2.3", LAW_BROKEN, "1.2.4"},
	{VERDICT_SAME, "1.2.3", "1.2.2", LAW_BROKEN, "1.2.4"},
	{VERDICT_SAME, "1.2.9", "1.2.10", LAW_KEPT, "1.2.10"},
	{VERDICT_SAME, "1.2", "1.2.1", LAW_KEPT, "1.2.1"},
	{VERDICT_SAME, "1.1.1n", "1.1.1o", LAW_KEPT, "1.1.2"},
	{VERDICT_SAME, "1.2.3-1", "1.2.3-2", LAW_KEPT, "1.2.4"},
	{VERDICT_SAME, "1.2.3", "1.2.3-1", LAW_BROKEN, "1.2.4"},
	{VERDICT_SAME, "1.2.3", "1.2.3-2", LAW_KEPT, "1.2.4"},
	{VERDICT_SAME, "1.2.3", "1:1.0", LAW_KEPT, "1.2.4"},
	{VERDICT_SAME, "1:1.2.3", "1.2.4", LAW_BROKEN, "1:1.2.4"},
	{VERDICT_SAME, NULL, "1.2.3", LAW_UNTOLD, NULL},
	{VERDICT_SAME, "1.2.3", NULL, LAW_UNTOLD, "1.2.4"},
	{VERDICT_ADDS, "1.2.3", "1.2.4", LAW_BROKEN, "1.3.0"},
	{VERDICT_ADDS, "1.2.3", "1.3.0", LAW_KEPT, "1.3.0"},
	{VERDICT_ADDS, "1.2.3", "2.0.0", LAW_KEPT, "1.3.0"},
	{VERDICT_ADDS, "2.2.3", "1.9.0", LAW_BROKEN, "2.3.0"},
	{VERDICT_ADDS, "0.3.1", "0.3.2", LAW_BROKEN, "0.4.0"},
	{VERDICT_ADDS, "1", "1.0.1", LAW_BROKEN, "1.1"},
	{VERDICT_ADDS, "1.2.0~rc1-1", "1.2.0-1", LAW_KEPT, NULL},
	{VERDICT_ADDS, "1.2.0-1~bpo12+1", "1.2.1-1", LAW_BROKEN, "1.3.0"},
	{VERDICT_ADDS, "20240101", "20240102", LAW_KEPT, "20240102"},
	{VERDICT_ADDS, "2024.06.30", "2024.07.01", LAW_KEPT, "2024.6.31"},
	{VERDICT_ADDS, "r12", "r13", LAW_KEPT, NULL},
	{VERDICT_ADDS, "1.99999999999999999999.1", "2.0", LAW_KEPT, "1.1"},
	{VERDICT_UNKNOWN, "1.2.3", "1.3.0", LAW_UNTOLD, NULL},
	{VERDICT_BREAKS, "1.2.3", "2.0.0", LAW_BROKEN, NULL},
};

static struct verdict verdict_of(const struct row *r)
{
	return (struct verdict){.word = r->word, .soname = (char *)"lib.so.1", .older_version = (char *)r->older,
				.newer_version = (char *)r->newer};
}

START_TEST(test_versions)
{
	struct verdict v = verdict_of(&rows[_i]);
	g_autoptr(law) law = law_of(&v);

	ck_assert_int_eq(law->state, rows[_i].state);
	ck_assert_pstr_eq(law->least_version, rows[_i].least);
	ck_assert_int_eq(law->breach != NULL, law->state == LAW_BROKEN);
	ck_assert_ptr_nonnull(law->demands);
}
END_TEST

START_TEST(test_another_soname_keeps_it)
{
	struct verdict v = verdict_of(&(struct row){.word = VERDICT_BREAKS, .older = "2.0", .newer = "1.0"});

	v.soname_changed = TRUE;
	g_autoptr(law) law = law_of(&v);
	ck_assert_int_eq(law->state, LAW_KEPT);
	ck_assert_str_eq(law->soname, "lib.so.1");
	v.soname = NULL;
	g_autoptr(law) none = law_of(&v);
	ck_assert_int_eq(none->state, LAW_BROKEN);
}
END_TEST

START_TEST(test_one_build)
{
	struct verdict v = verdict_of(&(struct row){.word = VERDICT_SAME, .older = "1.0", .newer = "1.0"});

	v.is_same_build = TRUE;
	g_autoptr(law) law = law_of(&v);
	ck_assert_int_eq(law->state, LAW_KEPT);
}
END_TEST

static Suite *law_suite(void)
{
	Suite *s = suite_create("law");
	TCase *t = tcase_create("law");

	tcase_add_loop_test(t, test_versions, 0, G_N_ELEMENTS(rows));
	tcase_add_test(t, test_another_soname_keeps_it);
	tcase_add_test(t, test_one_build);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(law_suite)
