/* Sorting what is mostly sorted. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CORE_ORDER_H
#define CORE_ORDER_H

#include <glib.h>

/*
 * order_sort: as g_ptr_array_sort, stable, for arrays that are in order up to what was appended last: these take one comparison
 * for each element, and the rest is sorted and merged.
 */
void order_sort(GPtrArray *array, GCompareFunc compare);

#endif
