/* compress.c: what comes out can be unpacked, and depends on neither pieces nor threads. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/compress.h"
#include "suite.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

static gboolean append(const void *data, gsize size, gpointer user, GError **error)
{
	(void)error;
	g_byte_array_append(user, data, (guint)size);
	return TRUE;
}

static gboolean refuse(const void *data, gsize size, gpointer user, GError **error)
{
	(void)data, (void)size, (void)user;
	g_set_error_literal(error, PACK_ERROR, PACK_ERROR_WRITE, "the sink is full");
	return FALSE;
}

static GByteArray *pack_in_pieces(const char *name, const char *level, guint threads, const GByteArray *in, gsize piece)
{
	GByteArray *out = g_byte_array_new();
	g_autoptr(compress) c = compress_new(name, level, threads, append, out, NULL);

	ck_assert_ptr_nonnull(c);
	for (gsize at = 0; at < in->len; at += piece)
		ck_assert(compress_write(c, in->data + at, MIN(piece, in->len - at), NULL));
	ck_assert(compress_finish(c, NULL));
	return out;
}

static void assert_unpacks_to(const GByteArray *packed, const GByteArray *expected)
{
	g_autofree char *buffer = g_malloc(expected->len + 1);
	struct archive *a = archive_read_new();
	struct archive_entry *e;

	archive_read_support_format_raw(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_zstd(a);
	ck_assert_int_eq(archive_read_open_memory(a, packed->data, packed->len), ARCHIVE_OK);
	ck_assert_int_eq(archive_read_next_header(a, &e), ARCHIVE_OK);
	ck_assert_int_eq(archive_read_data(a, buffer, expected->len + 1), expected->len);
	ck_assert_mem_eq(buffer, expected->data, expected->len);
	archive_read_free(a);
}

/* Something that does not compress to nothing, of any size. */
static GByteArray *sample(guint size)
{
	GByteArray *in = g_byte_array_new();
	guint32 state = 1;

	g_byte_array_set_size(in, size);
	for (guint i = 0; i < size; i++) {
		state = state * 1664525 + 1013904223;
		in->data[i] = i % 4096 < 64 ? (guint8)(state >> 24) : (guint8)(i / 4096);
	}
	return in;
}

START_TEST(test_round_trip)
{
	static const struct {
		const char *name, *level;
	} rows[] = {{"xz", "6"}, {"xz", "0"}, {"gzip", "9"}, {"zstd", "19"}};
	static const guint sizes[] = {1, 4096, 4097, 32768, 32769, 70000};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		for (gsize j = 0; j < G_N_ELEMENTS(sizes); j++) {
			g_autoptr(GByteArray) in = sample(sizes[j]);
			g_autoptr(GByteArray) out = pack_in_pieces(rows[i].name, rows[i].level, 1, in, 1000);
			g_autoptr(GByteArray) whole = pack_in_pieces(rows[i].name, rows[i].level, 1, in, in->len);
			assert_unpacks_to(out, in);
			ck_assert_mem_eq(out->data, whole->data, MIN(out->len, whole->len));
			ck_assert_uint_eq(out->len, whole->len);
		}
}
END_TEST

static gpointer pack_small_after_large(gpointer small)
{
	g_autoptr(GByteArray) large = sample(70000), packed = pack_in_pieces("xz", "6", 1, large, large->len);

	return pack_in_pieces("xz", "6", 1, small, 100);
}

/* A thread's encoder is used again: what it had before leaves no trace. */
START_TEST(test_again)
{
	g_autoptr(GByteArray) in = sample(20000), first = pack_in_pieces("xz", "6", 1, in, in->len);
	g_autoptr(GByteArray) again = pack_in_pieces("xz", "6", 1, in, in->len);
	GThread *thread = g_thread_new("other", pack_small_after_large, in);
	g_autoptr(GByteArray) other = g_thread_join(thread);

	ck_assert_uint_eq(first->len, again->len);
	ck_assert_uint_eq(first->len, other->len);
	ck_assert_mem_eq(first->data, again->data, first->len);
	ck_assert_mem_eq(first->data, other->data, first->len);
	assert_unpacks_to(first, in);
}
END_TEST

/* Level 0 has a dictionary of 256 KiB: three blocks. */
START_TEST(test_threads)
{
	g_autoptr(GByteArray) in = sample(2 * 1024 * 1024);
	g_autoptr(GByteArray) one = pack_in_pieces("xz", "0", 1, in, 300000);
	g_autoptr(GByteArray) four = pack_in_pieces("xz", "0", 4, in, 5000);

	ck_assert_uint_eq(one->len, four->len);
	ck_assert_mem_eq(one->data, four->data, one->len);
	assert_unpacks_to(one, in);
}
END_TEST

START_TEST(test_nothing)
{
	g_autoptr(GByteArray) in = g_byte_array_new();
	g_autoptr(GByteArray) out = pack_in_pieces("xz", "6", 1, in, 1), as_is = NULL;

	ck_assert_uint_eq(out->len, 32); /* as `xz </dev/null` */
	g_byte_array_append(in, (const guint8 *)"plain", 5);
	as_is = pack_in_pieces("none", NULL, 1, in, 5);
	ck_assert_uint_eq(as_is->len, 5);
	ck_assert_mem_eq(as_is->data, "plain", 5);
}
END_TEST

START_TEST(test_errors)
{
	static const char *const names[] = {"xz", "gzip"};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(compress) c = compress_new(names[i], "6", 1, refuse, NULL, NULL);
		gboolean good = compress_write(c, "x", 1, &error) && compress_finish(c, &error);
		ck_assert(!good);
		ck_assert_str_eq(error->message, "the sink is full");
	}
	g_autoptr(GError) error = NULL;
	ck_assert_ptr_null(compress_new("xz", "x", 1, append, NULL, &error));
	ck_assert(g_error_matches(error, PACK_ERROR, PACK_ERROR_WRITE));
}
END_TEST

static Suite *compress_suite(void)
{
	Suite *s = suite_create("compress");
	TCase *t = tcase_create("compress");

	tcase_add_test(t, test_round_trip);
	tcase_add_test(t, test_again);
	tcase_add_test(t, test_threads);
	tcase_add_test(t, test_nothing);
	tcase_add_test(t, test_errors);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(compress_suite)
