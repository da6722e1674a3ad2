/* mangled.c: what mangled names say. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/mangled.h"
#include "suite.h"

static const struct row {
	const char *name, *class, *target;
	gboolean derived;
} rows[] = {
	{"_ZTV5shape", "struct shape", NULL, TRUE},
	{"_ZTVN2ns5outer5shapeE", "struct ns::outer::shape", NULL, TRUE},
	{"_ZTISt9exception", "struct std::exception", NULL, TRUE},
	{"_ZTTNSt3foo3barE", "struct std::foo::bar", NULL, TRUE},
	{"_ZTV3boxIiE", NULL, NULL, TRUE},
	{"_ZTV99x", NULL, NULL, TRUE},
	{"_ZTVN", NULL, NULL, TRUE},
	{"_ZTV", NULL, NULL, TRUE},
	{"_ZTS5shape", NULL, NULL, TRUE},
	{"_ZGVZ1fvE1x", NULL, NULL, TRUE},
	{"_ZThn16_N1sD1Ev", NULL, "_ZN1sD1Ev", TRUE},
	{"_ZTv0_n24_N1sD0Ev", NULL, "_ZN1sD0Ev", TRUE},
	{"_ZTch0_h16_N1s1fEv", NULL, "_ZN1s1fEv", TRUE},
	{"_ZThn", NULL, NULL, TRUE},
	{"_ZTc", NULL, NULL, TRUE},
	{"_ZN1s1fEv", NULL, NULL, FALSE},
	{"printf", NULL, NULL, FALSE},
	{"_", NULL, NULL, FALSE},
};

START_TEST(test_names)
{
	const struct row *r = &rows[_i];
	g_autofree char *class = mangled_class(r->name), *target = mangled_thunk_target(r->name);

	ck_assert_msg(g_strcmp0(class, r->class) == 0, "%s: class %s", r->name, class ? class : "none");
	ck_assert_msg(g_strcmp0(target, r->target) == 0, "%s: target %s", r->name, target ? target : "none");
	ck_assert_int_eq(mangled_is_derived(r->name), r->derived);
}
END_TEST

START_TEST(test_structors)
{
	g_autofree char *same = mangled_variant("_ZN1sC4Ev", 0), *second = mangled_variant("_ZN1sC4Ev", 3);
	g_autofree char *none = mangled_variant("_ZN1s1fEv", 1);

	ck_assert_str_eq(same, "_ZN1sC4Ev");
	ck_assert_str_eq(second, "_ZN1sC2Ev");
	ck_assert_ptr_null(none);
	ck_assert(mangled_agree("_ZN1sC1Ev", "_ZN1sC2Ev"));
	ck_assert(mangled_agree("_ZN1s1fEv", "_ZN1s1fEv"));
	ck_assert(!mangled_agree("_ZN1sC1Ev", "_ZN1sC2Ei"));
	ck_assert(!mangled_agree("_ZN1s1fEv", "_ZN1s1gEv"));
}
END_TEST

static Suite *mangled_suite(void)
{
	Suite *s = suite_create("mangled");
	TCase *t = tcase_create("mangled");

	tcase_add_loop_test(t, test_names, 0, G_N_ELEMENTS(rows));
	tcase_add_test(t, test_structors);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(mangled_suite)
