/* version.c: the orders of dpkg and rpm. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/version.h"
#include "suite.h"

struct row {
	const char *a, *b;
	int deb, rpm;
};

/* From Debian Policy 5.6.12 and rpm's rpmvercmp tests; where the families disagree the two columns say so. */
static const struct row rows[] = {
	{"1.0", "1.0", 0, 0},
	{"1.0", "2.0", -1, -1},
	{"2.0.1", "2.0.1a", -1, -1},
	{"5.5p1", "5.5p10", -1, -1},
	{"10xyz", "10.1xyz", -1, -1},
	{"xyz10", "xyz10.1", -1, -1},
	{"1.0~rc1", "1.0", -1, -1},
	{"1.0~rc1", "1.0~rc2", -1, -1},
	{"1.0^git1", "1.0", 1, 1},
	{"1.0^git1", "1.01", -1, -1},
	{"1.0~rc1^git1", "1.0~rc1", 1, 1},
	{"1:1.0", "2.0", 1, 1},
	{"0:1.0", "1.0", 0, 0},
	{"1.0-1", "1.0-2", -1, -1},
	{"1.0-9", "1.0-10", -1, -1},
	{"1.0", "1.0-1", -1, 0},
	{"1.0", "1.0-0", 0, 0},
	{"1.2.3", "1.02.003", 0, 0},
	{"1.99999999999999999999", "1.100000000000000000000", -1, -1},
	{"1a", "1.", -1, 1},
	{"1.0_1", "1.0.1", 1, 0},
	{"a", "1", 1, -1},
};

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

START_TEST(test_order)
{
	const struct row *r = &rows[_i];

	ck_assert_msg(sign(version_compare_deb(r->a, r->b)) == r->deb, "deb: %s %s", r->a, r->b);
	ck_assert_msg(sign(version_compare_deb(r->b, r->a)) == -r->deb, "deb, turned: %s %s", r->b, r->a);
	ck_assert_msg(sign(version_compare_rpm(r->a, r->b)) == r->rpm, "rpm: %s %s", r->a, r->b);
	ck_assert_msg(sign(version_compare_rpm(r->b, r->a)) == -r->rpm, "rpm, turned: %s %s", r->b, r->a);
}
END_TEST

static Suite *version_suite(void)
{
	Suite *s = suite_create("version");
	TCase *t = tcase_create("order");

	tcase_add_loop_test(t, test_order, 0, G_N_ELEMENTS(rows));
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(version_suite)
