/* Sorting what is mostly sorted: see order.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/order.h"

static guint sorted_prefix(const GPtrArray *array, GCompareFunc compare)
{
	guint n = MIN(array->len, 1);

	while (n > 0 && n < array->len && compare(&array->pdata[n - 1], &array->pdata[n]) <= 0)
		n++;
	return n;
}

/* From the end, where there is room: the first N elements are in order, and so is TAIL, which stood behind them. */
static void merge(GPtrArray *array, guint n, const GPtrArray *tail, GCompareFunc compare)
{
	guint rest = tail->len;

	while (rest > 0) {
		gboolean earlier = n > 0 && compare(&array->pdata[n - 1], &tail->pdata[rest - 1]) > 0;
		gpointer last = earlier ? array->pdata[n - 1] : tail->pdata[rest - 1];
		array->pdata[n + rest - 1] = last;
		n -= earlier ? 1 : 0;
		rest -= earlier ? 0 : 1;
	}
}

void order_sort(GPtrArray *array, GCompareFunc compare)
{
	guint n = sorted_prefix(array, compare);

	if (n < array->len / 2) {
		g_ptr_array_sort(array, compare);
	} else if (n < array->len) {
		g_autoptr(GPtrArray) tail = g_ptr_array_new();
		for (guint i = n; i < array->len; i++)
			g_ptr_array_add(tail, array->pdata[i]);
		g_ptr_array_sort(tail, compare);
		merge(array, n, tail, compare);
	}
}
