/* Answers that are kept: what comes back, and what does not. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "pin/cache_private.h"
#include "suite.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static char *folder, *path;

static void make_folder(void)
{
	folder = g_dir_make_tmp("cache.XXXXXX", NULL);
	path = g_build_filename(folder, "below", "answers", NULL);
}

static void remove_folder(void)
{
	g_autofree char *below = g_path_get_dirname(path);

	g_unlink(path);
	g_rmdir(below);
	g_rmdir(folder);
	g_clear_pointer(&path, g_free);
	g_clear_pointer(&folder, g_free);
}

static void key_of(const char *text, guint8 key[CACHE_KEY_SIZE])
{
	cache_key *k = cache_key_new("test");

	cache_key_add(k, text);
	cache_key_end(k, key);
}

static void put(cache *c, const char *key, const char *value)
{
	guint8 raw[CACHE_KEY_SIZE];

	key_of(key, raw);
	cache_put(c, raw, g_variant_new("(sas)", value, NULL));
}

static char *find(cache *c, const char *key)
{
	guint8 raw[CACHE_KEY_SIZE];
	char *text = NULL;

	key_of(key, raw);
	g_autoptr(GVariant) value = cache_find(c, raw, "(sas)");
	if (value != NULL)
		g_variant_get(value, "(sas)", &text, NULL);
	return text;
}

static void check(cache *c, const char *key, const char *wanted)
{
	g_autofree char *got = find(c, key);

	ck_assert_pstr_eq(got, wanted);
}

static void save_one(const char *key, const char *value)
{
	g_autoptr(cache) c = cache_open(path);
	g_autoptr(GError) error = NULL;

	put(c, key, value);
	ck_assert_msg(cache_save(c, &error), "%s", error ? error->message : "");
}

START_TEST(test_kept)
{
	struct stat st;

	save_one("a", "first");
	save_one("b", "second");
	g_autoptr(cache) c = cache_open(path);
	check(c, "a", "first");
	check(c, "b", "second");
	check(c, "c", NULL);
	put(c, "a", "another");
	check(c, "a", "first");
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
}
END_TEST

START_TEST(test_two_runs_at_once)
{
	g_autoptr(cache) one = cache_open(path);
	g_autoptr(cache) two = cache_open(path);

	put(one, "a", "first");
	put(two, "b", "second");
	ck_assert(cache_save(one, NULL));
	ck_assert(cache_save(two, NULL));
	g_autoptr(cache) c = cache_open(path);
	check(c, "a", "first");
	check(c, "b", "second");
}
END_TEST

START_TEST(test_no_cache)
{
	guint8 key[CACHE_KEY_SIZE] = {0};
	g_autoptr(cache) memory = cache_open(NULL);

	ck_assert_ptr_null(cache_find(NULL, key, "s"));
	cache_put(NULL, key, g_variant_new_string("x"));
	ck_assert(cache_save(NULL, NULL));
	put(memory, "a", "first");
	check(memory, "a", "first");
	ck_assert(cache_save(memory, NULL));
}
END_TEST

/* A value of another type counts as none. */
START_TEST(test_other_type)
{
	g_autoptr(cache) c = cache_open(NULL);
	guint8 key[CACHE_KEY_SIZE] = {1};

	cache_put(c, key, g_variant_new_string("x"));
	ck_assert_ptr_null(cache_find(c, key, "(sas)"));
}
END_TEST

START_TEST(test_others_file)
{
	save_one("a", "first");
	ck_assert_int_eq(chmod(path, 0666), 0);
	g_autoptr(cache) c = cache_open(path);
	check(c, "a", NULL);
}
END_TEST

START_TEST(test_parts_are_apart)
{
	guint8 a[CACHE_KEY_SIZE], b[CACHE_KEY_SIZE], c[CACHE_KEY_SIZE];
	const char *const parts[][3] = {{"ab", "c", ""}, {"a", "bc", ""}, {"ab", "c", NULL}};
	guint8 *const keys[] = {a, b, c};

	for (gsize i = 0; i < 3; i++) {
		cache_key *k = cache_key_new("test");
		for (gsize n = 0; n < 3; n++)
			cache_key_add(k, parts[i][n]);
		cache_key_end(k, keys[i]);
	}
	ck_assert_mem_ne(a, b, sizeof a);
	ck_assert_mem_ne(a, c, sizeof a);
}
END_TEST

/* Every byte of the file matters, whichever it is. */
START_TEST(test_damaged)
{
	guint8 tool[CACHE_KEY_SIZE];
	g_autoptr(cache) c = cache_open(NULL);
	const gsize header = sizeof "abide-cache 1\n" - 1;

	put(c, "a", "first");
	put(c, "b", "second");
	g_autoptr(GByteArray) bytes = cache_bytes(c);
	memcpy(tool, bytes->data + header, sizeof tool);
	for (guint i = 0; i < bytes->len; i++) {
		bytes->data[i] ^= 0x40;
		g_autoptr(GBytes) file = g_bytes_new(bytes->data, bytes->len);
		bytes->data[i] ^= 0x40;
		ck_assert_ptr_null(cache_parse(file, tool));
		g_autoptr(GBytes) half = g_bytes_new(bytes->data, i);
		ck_assert_ptr_null(cache_parse(half, tool));
	}
	g_autoptr(GBytes) whole = g_bytes_new(bytes->data, bytes->len);
	g_autoptr(cache) again = cache_parse(whole, tool);
	ck_assert_uint_eq(cache_count(again), 2);
	check(again, "b", "second");
	tool[0]++;
	ck_assert_ptr_null(cache_parse(whole, tool));
}
END_TEST

/* What nobody has asked for in a long time is not written again. */
START_TEST(test_old_answers)
{
	guint8 tool[CACHE_KEY_SIZE];
	g_autoptr(cache) c = cache_open(NULL);
	const gsize header = sizeof "abide-cache 1\n" - 1;

	put(c, "a", "first");
	g_autoptr(GByteArray) bytes = cache_bytes(c);
	memcpy(tool, bytes->data + header, sizeof tool);
	memset(bytes->data + header + 3 * CACHE_KEY_SIZE, 0, 4);
	g_autoptr(digest) d = digest_new(DIGEST_SHA256);
	digest_update(d, bytes->data + header + 2 * CACHE_KEY_SIZE, bytes->len - header - 2 * CACHE_KEY_SIZE);
	digest_raw(d, bytes->data + header + CACHE_KEY_SIZE);
	g_autoptr(GBytes) file = g_bytes_new(bytes->data, bytes->len);
	g_autoptr(cache) old = cache_parse(file, tool);
	ck_assert_uint_eq(cache_count(old), 1);
	g_autoptr(GByteArray) without = cache_bytes(old);
	ck_assert_uint_eq(without->len, header + 2 * CACHE_KEY_SIZE);
	check(old, "a", "first");
	g_autoptr(GByteArray) with = cache_bytes(old);
	ck_assert_uint_eq(with->len, bytes->len);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("pin/cache");
	TCase *files = tcase_create("files"), *bytes = tcase_create("bytes");

	tcase_add_checked_fixture(files, make_folder, remove_folder);
	tcase_add_test(files, test_kept);
	tcase_add_test(files, test_two_runs_at_once);
	tcase_add_test(files, test_others_file);
	tcase_add_test(bytes, test_no_cache);
	tcase_add_test(bytes, test_other_type);
	tcase_add_test(bytes, test_parts_are_apart);
	tcase_add_test(bytes, test_damaged);
	tcase_add_test(bytes, test_old_answers);
	suite_add_tcase(s, files);
	suite_add_tcase(s, bytes);
	return s;
}

TEST_MAIN(make_suite)
