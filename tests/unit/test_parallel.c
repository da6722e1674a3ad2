/* parallel.c: every piece is done, once. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/parallel.h"
#include "suite.h"

static void count(guint i, gpointer user)
{
	g_atomic_int_inc(&((gint *)user)[i]);
}

START_TEST(test_every_piece)
{
	static const guint numbers[] = {0, 1, 2, 1000};

	for (gsize k = 0; k < G_N_ELEMENTS(numbers); k++) {
		g_autofree gint *done = g_new0(gint, numbers[k] + 1);
		parallel_run(numbers[k], count, done);
		for (guint i = 0; i < numbers[k]; i++)
			ck_assert_int_eq(done[i], 1);
		ck_assert_int_eq(done[numbers[k]], 0);
	}
	ck_assert_uint_ge(parallel_cores(), 1);
}
END_TEST

static Suite *parallel_suite(void)
{
	Suite *s = suite_create("parallel");
	TCase *t = tcase_create("parallel");

	tcase_add_test(t, test_every_piece);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(parallel_suite)
