/* The index of .dwp files: src/inspect/dwp.c. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/dwp.h"
#include "suite.h"

#define SLOTS 2
#define COLUMNS 2

/* An index of two slots and one unit, which has an id and parts for .debug_info and .debug_abbrev. */
static GByteArray *make_index(gboolean big_endian, guint version, guint32 columns, guint32 units, guint32 slots,
			      guint32 number)
{
	const guint32 words[] = {
		0,	  columns,    units, slots,		/* header; then the ids */
		0,	  0,	      0,     0,	    0,	number, /* ids and numbers */
		DWP_INFO, DWP_ABBREV, 16,    32,    48, 64,
	};
	GByteArray *index = g_byte_array_new();

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		guchar bytes[4];
		bytes_put(bytes, 4, big_endian, words[i]);
		g_byte_array_append(index, bytes, sizeof bytes);
	}
	bytes_put(index->data, version == 5 ? 2 : 4, big_endian, version);
	bytes_put(index->data + 24, 8, big_endian, 0x1122334455667788);
	return index;
}

static GArray *read_index(gboolean big_endian, guint version, guint32 columns, guint32 units, guint32 slots,
			  guint32 number)
{
	g_autoptr(GByteArray) index = make_index(big_endian, version, columns, units, slots, number);

	return dwp_read_index(&(struct bytes){index->data, index->len}, big_endian);
}

START_TEST(test_read)
{
	g_autoptr(GArray) rows = read_index(_i & 1, _i & 2 ? 5 : 2, COLUMNS, 1, SLOTS, 1);

	ck_assert_ptr_nonnull(rows);
	const struct dwp_row *row = dwp_find(rows, 0x1122334455667788);
	ck_assert_ptr_nonnull(row);
	ck_assert_uint_eq(row->parts[DWP_INFO].offset, 16);
	ck_assert_uint_eq(row->parts[DWP_ABBREV].offset, 32);
	ck_assert_uint_eq(row->parts[DWP_INFO].size, 48);
	ck_assert_uint_eq(row->parts[DWP_ABBREV].size, 64);
	ck_assert_uint_eq(row->parts[DWP_STR_OFFSETS].size, 0);
	ck_assert_ptr_null(dwp_find(rows, 1));
	ck_assert_ptr_null(dwp_find(NULL, 1));
}
END_TEST

/* Every count that leads out of the index, or contradicts another. */
START_TEST(test_damaged)
{
	static const struct {
		guint version;
		guint32 columns, units, slots, number;
	} rows[] = {
		{3, COLUMNS, 1, SLOTS, 1},	   {2, COLUMNS, 2, SLOTS, 1},	       {2, COLUMNS, 1, 9, 1},
		{2, 0xffffffff, 1, SLOTS, 1},	   {2, COLUMNS, 0xffffffff, SLOTS, 1}, {2, COLUMNS, 1, 0xffffffff, 1},
		{2, COLUMNS, 1, SLOTS, 2},	   {2, COLUMNS, 1, SLOTS, 0xffffffff}, {2, COLUMNS, 0, SLOTS, 1},
		{5, 8, 0x20000000, 0x20000000, 1},
	};

	g_autoptr(GArray) read =
		read_index(FALSE, rows[_i].version, rows[_i].columns, rows[_i].units, rows[_i].slots, rows[_i].number);
	ck_assert_ptr_null(read);
}
END_TEST

START_TEST(test_cut)
{
	g_autoptr(GByteArray) index = make_index(FALSE, 2, COLUMNS, 1, SLOTS, 1);

	for (guint size = 0; size < index->len; size++)
		ck_assert_ptr_null(dwp_read_index(&(struct bytes){index->data, size}, FALSE));
}
END_TEST

static Suite *dwp_suite(void)
{
	Suite *s = suite_create("dwp");
	TCase *t = tcase_create("index");

	tcase_add_loop_test(t, test_read, 0, 4);
	tcase_add_loop_test(t, test_damaged, 0, 10);
	tcase_add_test(t, test_cut);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(dwp_suite)
