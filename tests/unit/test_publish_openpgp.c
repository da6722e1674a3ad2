/* publish: OpenPGP packets and armor, and readers between two files. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/error.h"
#include "publish/openpgp.h"
#include "publish/readers.h"
#include "suite.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* One packet: a header of each form, and those that are refused. */
static const struct {
	const char *bytes;
	gsize size;
	guint tag; /* 0: refused */
	gsize body;
} headers[] = {
	{"\x88\x02xy", 4, OPENPGP_SIGNATURE, 2},
	{"\x89\x00\x02xy", 5, OPENPGP_SIGNATURE, 2},
	{"\x9a\x00\x00\x00\x02xy", 7, OPENPGP_PUBLIC_KEY, 2},
	{"\xc2\x02xy", 4, OPENPGP_SIGNATURE, 2},
	{"\xce\xff\x00\x00\x00\x02xy", 8, OPENPGP_PUBLIC_SUBKEY, 2},
	{"\xc2\x00", 2, OPENPGP_SIGNATURE, 0},
	{"\x88\x03xy", 4, 0, 0},		 /* cut */
	{"\x88", 1, 0, 0},			 /* cut in its header */
	{"\xc2\xc0", 2, 0, 0},			 /* the same, of two bytes */
	{"\x9a\xff\xff\xff\xffxy", 7, 0, 0},	 /* a length that is a lie */
	{"\xce\xff\xff\xff\xff\xffxy", 8, 0, 0}, /* the same in the new form */
	{"\x8bxy", 3, 0, 0},			 /* up to the end of the file */
	{"\xc2\xe1xy", 4, 0, 0},		 /* partial */
	{"xy", 2, 0, 0},			 /* no packet */
};

START_TEST(test_header)
{
	const guint8 *at = (const guint8 *)headers[_i].bytes;
	struct openpgp_packet packet;
	g_autoptr(GError) error = NULL;
	gboolean ok = openpgp_next(&at, at + headers[_i].size, &packet, &error);

	if (headers[_i].tag == 0) {
		ck_assert(!ok);
		ck_assert(g_error_matches(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT));
		return;
	}
	ck_assert(ok);
	ck_assert_uint_eq(packet.tag, headers[_i].tag);
	ck_assert_uint_eq(packet.body_size, headers[_i].body);
	ck_assert_uint_eq(packet.size, headers[_i].size);
	ck_assert_mem_eq(packet.body, "xy", headers[_i].body);
	ck_assert_ptr_eq(at, (const guint8 *)headers[_i].bytes + headers[_i].size);
}
END_TEST

START_TEST(test_length_of_two_bytes)
{
	guint8 bytes[3 + 1000] = {0xc2, 192 + ((1000 - 192) >> 8), (1000 - 192) & 0xff};
	const guint8 *at = bytes;
	struct openpgp_packet packet;

	ck_assert(openpgp_next(&at, bytes + sizeof bytes, &packet, NULL));
	ck_assert_uint_eq(packet.body_size, 1000);
	ck_assert(openpgp_next(&at, bytes + sizeof bytes, &packet, NULL));
	ck_assert_uint_eq(packet.size, 0);
}
END_TEST

/* Known from gpg --enarmor: the checksum of "hello". */
START_TEST(test_armor)
{
	g_autoptr(GString) text = g_string_new(NULL);

	openpgp_armor(text, "SIGNATURE", (const guint8 *)"hello", 5);
	ck_assert_str_eq(text->str, "-----BEGIN PGP SIGNATURE-----\n\naGVsbG8=\n=R/WK\n-----END PGP SIGNATURE-----\n");
}
END_TEST

static GBytes *dearmor(const char *text, GError **error)
{
	g_autoptr(GBytes) file = g_bytes_new_static(text, strlen(text));

	return openpgp_dearmor(file, error);
}

START_TEST(test_dearmor)
{
	static const char *const texts[] = {
		"-----BEGIN PGP SIGNATURE-----\n\naGVs\nbG8=\n=R/WK\n-----END PGP SIGNATURE-----\n",
		"-----BEGIN PGP SIGNATURE-----\r\nVersion: 1\r\n\r\naGVsbG8=\r\n-----END PGP SIGNATURE-----",
		"before\n-----BEGIN PGP SIGNATURE-----\n\naGU=\n-----END PGP SIGNATURE-----\n"
		"-----BEGIN PGP SIGNATURE-----\n\nbGxv\n-----END PGP SIGNATURE-----\n",
	};
	g_autoptr(GBytes) bytes = dearmor(texts[_i], NULL);

	ck_assert_ptr_nonnull(bytes);
	ck_assert_uint_eq(g_bytes_get_size(bytes), 5);
	ck_assert_mem_eq(g_bytes_get_data(bytes, NULL), "hello", 5);
}
END_TEST

START_TEST(test_dearmor_refuses)
{
	static const char *const texts[] = {"", "text", "-----BEGIN PGP SIGNATURE-----",
					    "-----BEGIN PGP SIGNATURE-----\n\naGVsbG8=\n"};
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = dearmor(texts[_i], &error);

	ck_assert_ptr_null(bytes);
	ck_assert(g_error_matches(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT));
}
END_TEST

START_TEST(test_separate)
{
	g_autoptr(GBytes) two = g_bytes_new_static("\x88\x01"
						   "a\x88\x01"
						   "b",
						   6);
	const guint order[] = {1, 0, 1}, beyond[] = {2};
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) file = openpgp_separate(two, order, 3, NULL);
	g_autoptr(GBytes) back = openpgp_dearmor(file, NULL);

	ck_assert_uint_eq(g_bytes_get_size(back), 9);
	ck_assert_mem_eq(g_bytes_get_data(back, NULL),
			 "\x88\x01"
			 "b\x88\x01"
			 "a\x88\x01"
			 "b",
			 9);
	ck_assert_ptr_null(openpgp_separate(two, beyond, 1, &error));
	ck_assert(g_error_matches(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT));
}
END_TEST

/* A key, its name, and what binds them: version 4, type 0x13, RSA, and the digest. */
#define KEY "\x98\x01k"
#define SUBKEY "\xb8\x01k"
#define NAME "\xb4\x01n"
#define BINDING(type, digest) "\x88\x04\x04" type "\x01" digest
#define SHA1 "\x02"
#define SHA512 "\x0a"

START_TEST(test_weak_binding)
{
	static const struct {
		const char *bytes;
		gsize size;
		gboolean weak;
	} rows[] = {
#define CERTIFICATE(...) __VA_ARGS__, sizeof(__VA_ARGS__) - 1
		{CERTIFICATE(KEY NAME BINDING("\x13", SHA512)), FALSE},
		{CERTIFICATE(KEY NAME BINDING("\x13", SHA1)), TRUE},
		{CERTIFICATE(KEY NAME BINDING("\x13", SHA1) BINDING("\x13", SHA512)), FALSE},
		{CERTIFICATE(KEY NAME BINDING("\x13", SHA512) SUBKEY BINDING("\x18", SHA1)), TRUE},
		{CERTIFICATE(KEY NAME BINDING("\x13", SHA512) SUBKEY BINDING("\x18", SHA512)), FALSE},
		{CERTIFICATE(KEY NAME), FALSE},
	};
	g_autoptr(GBytes) bytes = g_bytes_new_static(rows[_i].bytes, rows[_i].size);
	g_autoptr(GError) error = NULL;

	ck_assert_int_eq(openpgp_weak_binding(bytes, &error), rows[_i].weak);
	ck_assert_ptr_null(error);
}
END_TEST

/* ---- readers ---- */

static char *top, *first, *second;

static void set_up(void)
{
	top = g_dir_make_tmp("abide-readers-XXXXXX", NULL);
	ck_assert_ptr_nonnull(top);
	first = g_build_filename(top, "repomd.xml", NULL);
	second = g_build_filename(top, "repomd.xml.asc", NULL);
	ck_assert(g_file_set_contents(first, "1", 1, NULL) && g_file_set_contents(second, "2", 1, NULL));
}

static void tear_down(void)
{
	unlink(first);
	unlink(second);
	rmdir(top);
	g_free(first);
	g_free(second);
	g_free(top);
}

static void open_file(const char *path)
{
	char *text = NULL;

	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	g_free(text);
}

/* How long readers_wait took, in milliseconds. */
static gint64 waited(readers *r, guint patience, guint longest)
{
	gint64 begin = g_get_monotonic_time();

	readers_wait(r, patience, longest);
	return (g_get_monotonic_time() - begin) / 1000;
}

START_TEST(test_nobody)
{
	g_autoptr(readers) r = readers_watch(top, "repomd.xml", "repomd.xml.asc");

	ck_assert_int_lt(waited(r, 3000, 20000), 2000);
	open_file(second);
	ck_assert_int_lt(waited(r, 3000, 20000), 2000);
}
END_TEST

START_TEST(test_no_directory)
{
	g_autoptr(readers) r = readers_watch("/nonexistent", "repomd.xml", "repomd.xml.asc");

	ck_assert_int_lt(waited(r, 3000, 20000), 2000);
}
END_TEST

START_TEST(test_patience)
{
	g_autoptr(readers) r = readers_watch(top, "repomd.xml", "repomd.xml.asc");

	open_file(first);
	ck_assert_int_ge(waited(r, 100, 100000), 90); /* never comes back */
}
END_TEST

static gpointer come_again(gpointer data)
{
	(void)data;
	g_usleep(450000);
	open_file(first);
	g_usleep(200000);
	open_file(second);
	return NULL;
}

START_TEST(test_between)
{
	g_autoptr(readers) r = readers_watch(top, "repomd.xml", "repomd.xml.asc");

	open_file(first);
	GThread *reader = g_thread_new("reader", come_again, NULL);
	gint64 time = waited(r, 500, 100000);
	g_thread_join(reader);
	ck_assert_int_ge(time, 600); /* the one who began at 450 ms has finished at 650 ms */
	ck_assert_int_lt(time, 1000);
}
END_TEST

static gboolean stop;

static gpointer open_always(gpointer data)
{
	(void)data;
	while (!g_atomic_int_get(&stop)) {
		open_file(first);
		g_usleep(1000);
	}
	return NULL;
}

START_TEST(test_busy)
{
	g_autoptr(readers) r = readers_watch(top, "repomd.xml", "repomd.xml.asc");

	g_atomic_int_set(&stop, FALSE);
	GThread *reader = g_thread_new("reader", open_always, NULL);
	g_usleep(10000);
	gint64 time = waited(r, 10000, 200);
	g_atomic_int_set(&stop, TRUE);
	g_thread_join(reader);
	ck_assert_int_lt(time, 5000);
}
END_TEST

static Suite *openpgp_suite(void)
{
	Suite *s = suite_create("publish_openpgp");
	TCase *packets = tcase_create("packets"), *watching = tcase_create("readers");

	tcase_add_loop_test(packets, test_header, 0, G_N_ELEMENTS(headers));
	tcase_add_test(packets, test_length_of_two_bytes);
	tcase_add_test(packets, test_armor);
	tcase_add_loop_test(packets, test_dearmor, 0, 3);
	tcase_add_loop_test(packets, test_dearmor_refuses, 0, 4);
	tcase_add_test(packets, test_separate);
	tcase_add_loop_test(packets, test_weak_binding, 0, 6);
	suite_add_tcase(s, packets);
	tcase_add_checked_fixture(watching, set_up, tear_down);
	tcase_add_test(watching, test_nobody);
	tcase_add_test(watching, test_no_directory);
	tcase_add_test(watching, test_patience);
	tcase_add_test(watching, test_between);
	tcase_add_test(watching, test_busy);
	suite_add_tcase(s, watching);
	return s;
}

TEST_MAIN(openpgp_suite)
