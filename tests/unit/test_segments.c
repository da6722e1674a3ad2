/* publish: indexes cut into stretches, and their compressed files. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/codec.h"
#include "publish/error.h"
#include "publish/segments.h"
#include "suite.h"

#include <string.h>

#define RECORDS 4000

static const struct stretch_codec *const codecs[] = {&stretch_gzip, &stretch_xz, &stretch_zstd};
#define CODECS G_N_ELEMENTS(codecs)

/* Record I of the index, and the digest of its package. */
static void add_record(segments *s, guint i)
{
	g_autofree char *name = g_strdup_printf("package-%u", i);
	g_autofree char *sha256 = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);
	g_autofree char *text = g_strdup_printf("Package: %s\nSHA256: %s\nDescription: %0*u\n\n", name, sha256,
						(int)(i % 200), i);

	segments_add(s, text, strlen(text), segments_boundary(sha256));
}

/* All records but one, over what was published before (one file for each codec, or NULL). */
static segments *all_but(guint left_out, GBytes *const *published)
{
	segments *s = segments_new(TRUE);

	for (gsize i = 0; i < CODECS; i++)
		segments_into(s, codecs[i], published ? published[i] : NULL);
	for (guint i = 0; i < RECORDS; i++)
		if (i != left_out)
			add_record(s, i);
	ck_assert(segments_finish(s, NULL));
	return s;
}

START_TEST(test_files)
{
	g_autoptr(segments) s = all_but(RECORDS, NULL);
	g_autoptr(GBytes) text = segments_take_text(s);
	gsize size = 0;
	const void *data = g_bytes_get_data(text, &size);
	g_autofree char *sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, size);

	ck_assert_str_eq(segments_sha256(s), sha256);
	ck_assert_uint_eq(segments_size(s), size);
	ck_assert_uint_ge(segments_fresh(s), 3 * CODECS);
	for (guint i = 0; i < CODECS; i++) {
		g_autoptr(GBytes) file = segments_file(s, i);
		g_autoptr(GBytes) back = codec_decode(file, size, NULL);
		ck_assert(back != NULL && g_bytes_equal(back, text));
		ck_assert_uint_lt(g_bytes_get_size(file), size / 2);
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) bomb = codec_decode(file, 1000, &error);
		ck_assert_ptr_null(bomb);
		ck_assert(g_error_matches(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT));
		g_autoptr(GBytes) cut = g_bytes_new_from_bytes(file, 0, g_bytes_get_size(file) / 2 + 1);
		g_autoptr(GBytes) none = codec_decode(cut, size, NULL);
		ck_assert(none == NULL || !g_bytes_equal(none, text));
	}
}
END_TEST

/* One record less and one more change a stretch or two, and the bytes are those that a first publication has. */
START_TEST(test_history_leaves_no_trace)
{
	g_autoptr(segments) whole = all_but(RECORDS, NULL);
	g_autoptr(segments) first = all_but((guint)_i, NULL);
	GBytes *published[CODECS];

	for (guint i = 0; i < CODECS; i++)
		published[i] = segments_file(first, i);
	g_autoptr(segments) second = all_but(RECORDS, published);
	ck_assert_uint_ge(segments_fresh(second), CODECS);
	ck_assert_uint_le(segments_fresh(second), 3 * CODECS);
	for (guint i = 0; i < CODECS; i++) {
		g_autoptr(GBytes) a = segments_file(whole, i);
		g_autoptr(GBytes) b = segments_file(second, i);
		ck_assert(g_bytes_equal(a, b));
		g_bytes_unref(published[i]);
	}
}
END_TEST

/* What others wrote, and what was damaged, is no source of stretches; nothing is read beyond its end. */
START_TEST(test_foreign)
{
	g_autoptr(segments) s = all_but(RECORDS, NULL);

	for (guint i = 0; i < CODECS; i++) {
		g_autoptr(GBytes) file = segments_file(s, i);
		gsize size = g_bytes_get_size(file);
		for (gsize n = 0; n < size; n += size / 97 + 1) {
			g_autoptr(GHashTable) found = stretch_table_new();
			g_autofree guint8 *copy = g_memdup2(g_bytes_get_data(file, NULL), MAX(n, 1));
			g_autoptr(GBytes) part = g_bytes_new_static(copy, n);
			codecs[i]->find(part, found);
			codecs[(i + 1) % CODECS]->find(part, found);
			g_hash_table_remove_all(found);
		}
	}
}
END_TEST

START_TEST(test_empty)
{
	g_autoptr(segments) s = segments_new(TRUE);

	for (gsize i = 0; i < CODECS; i++)
		segments_into(s, codecs[i], NULL);
	ck_assert(segments_finish(s, NULL));
	for (guint i = 0; i < CODECS; i++) {
		g_autoptr(GBytes) file = segments_file(s, i);
		ck_assert_uint_gt(g_bytes_get_size(file), 0);
		g_autoptr(GBytes) back = codec_decode(file, 10, NULL);
		ck_assert_ptr_nonnull(back);
		ck_assert_uint_eq(g_bytes_get_size(back), 0);
	}
}
END_TEST

/* The frame of an XML file changes without its neighbours. */
START_TEST(test_apart)
{
	g_autoptr(segments) a = segments_new(FALSE), b = segments_new(FALSE);

	segments_into(a, &stretch_gzip, NULL);
	segments_add_apart(a, "<a n=\"1\">", 9);
	add_record(a, 1);
	segments_add_apart(a, "</a>", 4);
	ck_assert(segments_finish(a, NULL));
	ck_assert_uint_eq(segments_fresh(a), 3);
	g_autoptr(GBytes) published = segments_file(a, 0);
	segments_into(b, &stretch_gzip, published);
	segments_add_apart(b, "<a n=\"2\">", 9);
	add_record(b, 1);
	segments_add_apart(b, "</a>", 4);
	ck_assert(segments_finish(b, NULL));
	ck_assert_uint_eq(segments_fresh(b), 1);
}
END_TEST

static Suite *segments_suite(void)
{
	Suite *s = suite_create("segments");
	TCase *t = tcase_create("segments");

	tcase_add_test(t, test_files);
	tcase_add_loop_test(t, test_history_leaves_no_trace, 0, 20);
	tcase_add_test(t, test_foreign);
	tcase_add_test(t, test_empty);
	tcase_add_test(t, test_apart);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(segments_suite)
