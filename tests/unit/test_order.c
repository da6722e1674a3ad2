/* order.c: what was appended to a sorted array comes into its place, and equals stay as they came. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/order.h"
#include "suite.h"

/* Tens are compared, units tell equals apart. */
static gint compare_tens(gconstpointer a, gconstpointer b)
{
	return GPOINTER_TO_INT(*(gconstpointer const *)a) / 10 - GPOINTER_TO_INT(*(gconstpointer const *)b) / 10;
}

static void check(const gint *numbers, guint n)
{
	g_autoptr(GPtrArray) array = g_ptr_array_new(), expected = g_ptr_array_new();

	for (guint i = 0; i < n; i++) {
		g_ptr_array_add(array, GINT_TO_POINTER(numbers[i]));
		g_ptr_array_add(expected, GINT_TO_POINTER(numbers[i]));
	}
	g_ptr_array_sort(expected, compare_tens);
	order_sort(array, compare_tens);
	ck_assert_uint_eq(array->len, n);
	for (guint i = 0; i < n; i++)
		ck_assert_ptr_eq(array->pdata[i], expected->pdata[i]);
}

START_TEST(test_kinds)
{
	static const gint sorted[] = {10, 20, 21, 30}, last_first[] = {20, 30, 40, 10}, equals[] = {11, 20, 30, 12, 21, 10};

	check(NULL, 0);
	check(sorted, 1);
	check(sorted, G_N_ELEMENTS(sorted));
	check(last_first, G_N_ELEMENTS(last_first));
	check(equals, G_N_ELEMENTS(equals));
}
END_TEST

/* A sorted part of any length, then anything. */
START_TEST(test_at_random)
{
	g_autoptr(GRand) random = g_rand_new_with_seed((guint32)_i);
	gint numbers[60], last = 0;
	guint n = (guint)g_rand_int_range(random, 0, G_N_ELEMENTS(numbers)), sorted = (guint)g_rand_int_range(random, 0, (gint)n + 1);

	for (guint i = 0; i < n; i++)
		numbers[i] = i < sorted ? (last += g_rand_int_range(random, 0, 15)) : g_rand_int_range(random, 0, 400);
	check(numbers, n);
}
END_TEST

static Suite *order_suite(void)
{
	Suite *s = suite_create("order");
	TCase *t = tcase_create("order");

	tcase_add_test(t, test_kinds);
	tcase_add_loop_test(t, test_at_random, 0, 300);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(order_suite)
