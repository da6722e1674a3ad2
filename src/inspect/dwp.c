/* Reading the index of a .dwp file: see dwp.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/dwp.h"

#define HEADER 16

/* The tables of an index: after the header, one behind the other. */
struct tables {
	guint32 columns, units, slots;
	const guchar *ids, *numbers, *kinds, *offsets, *sizes;
	gboolean big_endian;
};

/* Where a table of so many entries begins; END moves behind it. */
static const guchar *table(const struct bytes *index, guint64 *end, guint64 entries, guint size)
{
	guint64 at = *end;

	*end += entries * size;
	return *end <= index->size ? index->data + at : NULL;
}

static gboolean find_tables(struct tables *t, const struct bytes *index)
{
	guint64 end = HEADER;

	if (!bytes_has(index, 0, HEADER))
		return FALSE;
	guint64 version = bytes_get(index->data, 4, t->big_endian);
	if (version != 2 && bytes_get(index->data, 2, t->big_endian) != 5)
		return FALSE;
	t->columns = (guint32)bytes_get(index->data + 4, 4, t->big_endian);
	t->units = (guint32)bytes_get(index->data + 8, 4, t->big_endian);
	t->slots = (guint32)bytes_get(index->data + 12, 4, t->big_endian);
	if (t->columns >= DWP_SECTIONS)
		return FALSE;
	t->ids = table(index, &end, t->slots, 8);
	t->numbers = table(index, &end, t->slots, 4);
	t->kinds = table(index, &end, t->columns, 4);
	t->offsets = table(index, &end, (guint64)t->units * t->columns, 4);
	t->sizes = table(index, &end, (guint64)t->units * t->columns, 4);
	return end <= index->size;
}

static struct dwp_row read_row(const struct tables *t, guint64 id, guint unit)
{
	struct dwp_row row = {.id = id};

	for (guint i = 0; i < t->columns; i++) {
		guint64 kind = bytes_get(t->kinds + 4 * (gsize)i, 4, t->big_endian);
		gsize cell = 4 * ((gsize)unit * t->columns + i);
		if (kind >= DWP_SECTIONS)
			continue;
		row.parts[kind].offset = (guint32)bytes_get(t->offsets + cell, 4, t->big_endian);
		row.parts[kind].size = (guint32)bytes_get(t->sizes + cell, 4, t->big_endian);
	}
	return row;
}

static gint compare_rows(gconstpointer a, gconstpointer b)
{
	guint64 x = ((const struct dwp_row *)a)->id, y = ((const struct dwp_row *)b)->id;

	return (x > y) - (x < y);
}

GArray *dwp_read_index(const struct bytes *index, gboolean big_endian)
{
	struct tables t = {.big_endian = big_endian};

	if (!find_tables(&t, index))
		return NULL;
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct dwp_row));
	for (gsize slot = 0; slot < t.slots; slot++) {
		guint64 number = bytes_get(t.numbers + 4 * slot, 4, big_endian);
		if (number == 0)
			continue;
		if (number > t.units || rows->len == t.units)
			return NULL;
		struct dwp_row row = read_row(&t, bytes_get(t.ids + 8 * slot, 8, big_endian), (guint)number - 1);
		g_array_append_val(rows, row);
	}
	g_array_sort(rows, compare_rows);
	return g_steal_pointer(&rows);
}

const struct dwp_row *dwp_find(const GArray *rows, guint64 id)
{
	guint low = 0, high = rows ? rows->len : 0;

	while (low < high) {
		guint middle = low + (high - low) / 2;
		const struct dwp_row *row = &g_array_index(rows, struct dwp_row, middle);
		if (row->id == id)
			return row;
		if (row->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
