/* publish: what a mirror reads from strangers, where it keeps it, and how old it may be. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/file.h"
#include "publish/aptsource.h"
#include "publish/dnfsource.h"
#include "publish/error.h"
#include "publish/mirror_private.h"
#include "publish/source.h"
#include "publish/unpack.h"
#include "suite.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHA "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define DATE "Date: Sat, 1 Jan 2000 00:00:00 UTC\n"
#define FILES "SHA256:\n " SHA " 0 main/binary-amd64/Packages\n"

/* A text, and a piece of the error that it gets; NULL: none. */
struct row {
	const char *text, *error;
	enum publish_error code;
};

static void check_row(const struct row *row, gboolean ok, const GError *error)
{
	ck_assert_msg(ok == (row->error == NULL), "%s: %s", row->text, error ? error->message : "accepted");
	if (ok)
		return;
	ck_assert_msg(strstr(error->message, row->error) != NULL, "%s: %s", row->text, error->message);
	ck_assert_msg(g_error_matches(error, PUBLISH_ERROR, (gint)row->code), "%s: code %d", row->text, error->code);
}

/* ---- apt ---- */

static const struct row release_rows[] = {
	{DATE FILES, NULL, 0},
	{DATE "SHA512:\n " SHA SHA " 1 a\n", NULL, 0},
	{DATE "Valid-Until: Sun, 02 Jan 2000 00:00:00 +0000\n" FILES, NULL, 0},
	{FILES, "field Date: missing", PUBLISH_ERROR_INPUT},
	{"Date: yesterday\n" FILES, "field Date: not a date", PUBLISH_ERROR_INPUT},
	{"Date: Sat, 1 Jan 2000 00:00:00 CET\n" FILES, "field Date: not a date in UTC", PUBLISH_ERROR_INPUT},
	{DATE, "field SHA256: missing", PUBLISH_ERROR_INPUT},
	{DATE "MD5Sum:\n 0123456789abcdef0123456789abcdef 1 a\n", "weaker than SHA-256", PUBLISH_ERROR_DIGEST},
	{DATE "SHA256:\n " SHA " 0 ../../etc/passwd\n", "leads elsewhere", PUBLISH_ERROR_INPUT},
	{DATE "SHA256:\n " SHA " 0 /etc/passwd\n", "leads elsewhere", PUBLISH_ERROR_INPUT},
	{DATE "SHA256:\n " SHA " 0 main/.hidden\n", "leads elsewhere", PUBLISH_ERROR_INPUT},
	{DATE "SHA256:\n " SHA " -1 a\n", "not lines of", PUBLISH_ERROR_INPUT},
	{DATE "SHA256:\n " SHA " 99999999999999999999 a\n", "not lines of", PUBLISH_ERROR_INPUT},
	{DATE "SHA256:\n abc 1 a\n", "not lines of", PUBLISH_ERROR_INPUT},
	{DATE "SHA256:\n " SHA " 0 a\n " SHA " 1 a\n", "there twice", PUBLISH_ERROR_INPUT},
	{DATE FILES "Abide-State: 1\n", "field Abide-State", PUBLISH_ERROR_INPUT},
	{DATE FILES "Abide-State: 0 " SHA "\n", "field Abide-State", PUBLISH_ERROR_INPUT},
	{DATE FILES "Abide-Repomd: x\n", "field Abide-Repomd", PUBLISH_ERROR_INPUT},
	{"", "", PUBLISH_ERROR_INPUT},
};

START_TEST(test_release)
{
	const struct row *row = &release_rows[_i];
	g_autoptr(GError) error = NULL;
	g_autoptr(aptsource) a = aptsource_parse(row->text, strlen(row->text), &error);

	check_row(row, a != NULL, error);
}
END_TEST

START_TEST(test_release_says)
{
	const char *text =
		"Suite: stable\nAcquire-By-Hash: yes\nSigned-By: 0123456789abcdef0123456789abcdef01234567!, x\n"
		"Valid-Until: Sun, 02 Jan 2000 00:00:00 UTC\n" DATE FILES "Abide-State: 7 " SHA "\n";
	g_autoptr(aptsource) a = aptsource_parse(text, strlen(text), NULL);

	ck_assert_ptr_nonnull(a);
	ck_assert_int_eq(a->date, 946684800);
	ck_assert_int_eq(a->valid_until, 946684800 + 24 * 60 * 60);
	ck_assert_uint_eq(a->state, 7);
	ck_assert_str_eq(a->signed_by[0], "0123456789ABCDEF0123456789ABCDEF01234567");
	ck_assert_ptr_null(a->signed_by[1]);
	g_autofree char *by_hash = aptsource_by_hash(a->files->pdata[0]);
	ck_assert_str_eq(by_hash, "main/binary-amd64/by-hash/SHA256/" SHA);
	ck_assert_ptr_null(aptsource_find(a, "main"));
}
END_TEST

START_TEST(test_clear_text)
{
	const char *file = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nA: b\n- -x\n"
			   "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n";
	g_autofree char *text = aptsource_clear_text(file, strlen(file));
	g_autofree char *plain = aptsource_clear_text("A: b\n", 5);

	ck_assert_str_eq(text, "A: b\n-x\n");
	ck_assert_str_eq(plain, "A: b\n");
}
END_TEST

#define DEB "Package: a\nFilename: pool/a.deb\nSize: 3\n"

static const struct row packages_rows[] = {
	{DEB "SHA256: " SHA "\n", NULL, 0},
	{"Filename: ./pool/a.deb\nSize: 3\nSHA256: " SHA "\n\n\n\n", NULL, 0},
	{DEB "sha512: " SHA SHA "\n", NULL, 0},
	{"", NULL, 0},
	{"\n\n", NULL, 0},
	{"Package: a\nSize: 3\nSHA256: " SHA "\n", "without Filename", PUBLISH_ERROR_INPUT},
	{DEB "MD5sum: x\n", "no digest of at least SHA-256", PUBLISH_ERROR_DIGEST},
	{DEB "SHA256: abc\n", "malformed", PUBLISH_ERROR_INPUT},
	{DEB "Size: 4\nSHA256: " SHA "\n", "there twice", PUBLISH_ERROR_INPUT},
	{"Filename: pool/../../x\nSize: 1\nSHA256: " SHA "\n", "leads elsewhere", PUBLISH_ERROR_INPUT},
	{"Filename: /x\nSize: 1\nSHA256: " SHA "\n", "leads elsewhere", PUBLISH_ERROR_INPUT},
	{"Filename: pool/x\nSize: huge\nSHA256: " SHA "\n", "malformed", PUBLISH_ERROR_INPUT},
};

static gboolean note(const char *path, enum digest_kind kind, const char *digest, guint64 size, gpointer user,
		     GError **error)
{
	(void)kind, (void)digest, (void)error;
	g_string_append_printf(user, "%s %d\n", path, (int)size);
	return TRUE;
}

/* Byte by byte, as a stream may come. */
START_TEST(test_packages)
{
	const struct row *row = &packages_rows[_i];
	g_autoptr(GString) named = g_string_new(NULL);
	g_auto(aptsource_scan_state) scan = {.named = note, .user = named};
	g_autoptr(GError) error = NULL;
	gboolean ok = TRUE;

	for (const char *p = row->text; ok && *p != '\0'; p++)
		ok = aptsource_scan(p, 1, &scan, &error);
	ok = ok && aptsource_scan_end(&scan, &error);
	check_row(row, ok, error);
	if (ok && strstr(row->text, "SHA") != NULL)
		ck_assert_str_eq(named->str, "pool/a.deb 3\n");
}
END_TEST

/* ---- dnf ---- */

#define SUM "<checksum type='sha256'>" SHA "</checksum>"
#define DATA(type, href) "<data type='" type "'>" SUM "<location href='" href "'/><size>1</size></data>"

static const struct row repomd_rows[] = {
	{"<repomd>" DATA("primary", "repodata/p.xml") "</repomd>", NULL, 0},
	{"<repomd>" DATA("other", "repodata/o.xml") "</repomd>", "primary", PUBLISH_ERROR_INPUT},
	{"<repomd>" DATA("primary", "../p.xml") "</repomd>", "leads elsewhere", PUBLISH_ERROR_INPUT},
	{"<repomd>" DATA("primary", "p.xml") "</repomd>", "not in repodata/", PUBLISH_ERROR_INPUT},
	{"<repomd>" DATA("primary", "repodata/a/p.xml") "</repomd>", "not in repodata/", PUBLISH_ERROR_INPUT},
	{"<repomd>" DATA("primary", "repodata/repomd.xml.asc") "</repomd>", "not in repodata/", PUBLISH_ERROR_INPUT},
	{"<repomd>" DATA("primary", "repodata/p") DATA("other", "repodata/p") "</repomd>", "there twice",
	 PUBLISH_ERROR_INPUT},
	{"<repomd><data type='primary'><checksum type='sha'>x</checksum><location href='repodata/p'/></data></repomd>",
	 "neither SHA-256 nor SHA-512", PUBLISH_ERROR_DIGEST},
	{"<repomd><data type='primary'>" SUM "<location href='repodata/p' xml:base='http://x/'/></data></repomd>",
	 "another server", PUBLISH_ERROR_INPUT},
	{"<repomd><data type='primary'>" SUM "<location href='repodata/p'/><size>-1</size></data></repomd>",
	 "not a number", PUBLISH_ERROR_INPUT},
	{"<repomd>", "", PUBLISH_ERROR_INPUT},
	{"\xff", "", PUBLISH_ERROR_INPUT},
	{"", "", PUBLISH_ERROR_INPUT},
};

START_TEST(test_repomd)
{
	const struct row *row = &repomd_rows[_i];
	g_autoptr(GError) error = NULL;
	g_autoptr(dnfsource) d = dnfsource_parse(row->text, strlen(row->text), &error);

	check_row(row, d != NULL, error);
}
END_TEST

#define RPM(href) "<metadata><package>" SUM "<size package='3'/><location href='" href "'/></package></metadata>"

static const struct row primary_rows[] = {
	{RPM("a&amp;b.rpm"), NULL, 0},
	{RPM("./a&amp;b.rpm"), NULL, 0},
	{RPM("../a.rpm"), "leads elsewhere", PUBLISH_ERROR_INPUT},
	{"<metadata><package>" SUM "<size package='3'/><location href='a.rpm' xml:base='x'/></package></metadata>",
	 "another server", PUBLISH_ERROR_INPUT},
	{"<metadata><package><size package='3'/><location href='a.rpm'/></package></metadata>",
	 "without location or checksum", PUBLISH_ERROR_INPUT},
	{"<metadata><package>" SUM SUM "</package></metadata>", "there twice", PUBLISH_ERROR_INPUT},
	{"<metadata><package>" SUM "<size package='x'/></package></metadata>", "not a number", PUBLISH_ERROR_INPUT},
	{"<metadata><package>", "", PUBLISH_ERROR_INPUT},
};

START_TEST(test_primary)
{
	const struct row *row = &primary_rows[_i];
	g_autoptr(GString) named = g_string_new(NULL);
	g_autoptr(dnfsource_scan) scan = dnfsource_scan_new(note, named);
	g_autoptr(GError) error = NULL;
	gboolean ok = TRUE;

	for (const char *p = row->text; ok && *p != '\0'; p++)
		ok = dnfsource_scan_data(p, 1, scan, &error);
	ok = ok && dnfsource_scan_end(scan, &error);
	check_row(row, ok, error);
	if (ok)
		ck_assert_str_eq(named->str, "a&b.rpm 3\n");
}
END_TEST

/* ---- files ---- */

static char *folder;

static void setup(void)
{
	folder = g_dir_make_tmp("source-XXXXXX", NULL);
	ck_assert_ptr_nonnull(folder);
}

static void teardown(void)
{
	generation_remove_tree(folder, NULL);
	g_free(folder);
}

static char *in_folder(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static void put(const char *name, const char *text)
{
	g_autofree char *path = in_folder(name);

	ck_assert(file_replace(path, text, strlen(text), 0644, NULL));
}

static struct download *wanted(const char *path, const char *text)
{
	g_autofree char *sha256 = digest_of(DIGEST_SHA256, text, strlen(text));

	return download_new(path, DIGEST_SHA256, sha256, strlen(text));
}

START_TEST(test_paths)
{
	static const char *const bad[] = {"", "/a", "a/", "a//b", ".a", "a/.b", "../a", "a/..", "a\nb", "a\\b", "\xff"};
	static const char *const good[] = {"a", "a/b", "a b", "a..b", "pool/a_1%3a2~.deb", "\xc3\xa4"};

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		ck_assert_msg(!download_path_is_safe(bad[i]), "%s", bad[i]);
	for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
		ck_assert_msg(download_path_is_safe(good[i]), "%s", good[i]);
}
END_TEST

/* A part that an earlier run left is gone on with; one byte more than was signed is refused. */
START_TEST(test_sink_goes_on)
{
	struct download *d = wanted("a", "abcdef");
	g_autofree char *part = g_strconcat(d->digest, ".part", NULL), *staged = NULL;
	g_auto(sink) s = {0};
	g_autoptr(GError) error = NULL;

	put(part, "abc");
	ck_assert(sink_open(&s, d, folder, NULL));
	ck_assert_uint_eq(s.resumed, 3);
	ck_assert(!sink_write(&s, "defg", 4, &error));
	ck_assert(g_error_matches(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST));
	ck_assert(sink_write(&s, "def", 3, NULL));
	ck_assert(sink_finish(&s, &staged, NULL));
	ck_assert(g_file_test(staged, G_FILE_TEST_IS_REGULAR));
	download_free(d);
}
END_TEST

START_TEST(test_sink_refuses)
{
	static const char *const texts[] = {"abcdeX", "abc"};
	struct download *d = wanted("a", "abcdef");
	g_autofree char *name = g_strconcat(d->digest, ".part", NULL), *part = in_folder(name), *staged = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_auto(sink) s = {0};
		g_autoptr(GError) error = NULL;
		ck_assert(sink_open(&s, d, folder, NULL));
		ck_assert(sink_write(&s, texts[i], strlen(texts[i]), NULL));
		ck_assert(!sink_finish(&s, &staged, &error));
		ck_assert(g_error_matches(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST));
		ck_assert(access(part, F_OK) < 0);
	}
	download_free(d);
}
END_TEST

/* A part that is somebody's file under a second name is not written to. */
START_TEST(test_sink_spares_links)
{
	struct download *d = wanted("a", "abcdef");
	g_autofree char *name = g_strconcat(d->digest, ".part", NULL), *part = in_folder(name), *own = in_folder("own");
	g_auto(sink) s = {0};

	put("own", "abc");
	ck_assert_int_eq(link(own, part), 0);
	ck_assert(sink_open(&s, d, folder, NULL));
	ck_assert_uint_eq(s.have, 0);
	ck_assert(sink_write(&s, "abcdef", 6, NULL));
	g_autoptr(GBytes) bytes = file_read(own, 100, NULL);
	ck_assert_uint_eq(g_bytes_get_size(bytes), 3);
	download_free(d);
}
END_TEST

static source *open_folder(void)
{
	static const struct source_limits limits = {.jobs = 1, .timeout = 1};

	return source_open(folder, &limits, NULL);
}

START_TEST(test_directory)
{
	g_autoptr(source) s = open_folder();
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(download_free);
	g_autofree char *parts = in_folder("parts");
	struct tally tally = {0};
	g_autoptr(GError) error = NULL, large = NULL, absent = NULL;

	g_mkdir(parts, 0755);
	put("a", "abcdef");
	put("b", "other");
	struct download *good = wanted("a", "abcdef"), *bad = wanted("b", "wrong"), *gone = wanted("c", "x");
	gone->optional = TRUE;
	g_ptr_array_add(list, good);
	g_ptr_array_add(list, gone);
	ck_assert(source_fetch(s, list, parts, &tally, NULL));
	ck_assert(gone->absent);
	ck_assert_uint_eq(tally.files, 1);
	ck_assert_uint_eq(tally.bytes, 6);
	g_ptr_array_add(list, bad);
	ck_assert(!source_fetch(s, list, parts, &tally, &error));
	ck_assert(g_error_matches(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST));
	ck_assert_ptr_null(source_read(s, "a", 5, &large));
	ck_assert(g_error_matches(large, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST));
	ck_assert_ptr_null(source_read(s, "nothing", 5, &absent));
	ck_assert(g_error_matches(absent, PUBLISH_ERROR, PUBLISH_ERROR_ABSENT));
}
END_TEST

/* What an earlier run left may be bad: it is fetched anew. */
START_TEST(test_directory_bad_part)
{
	g_autoptr(source) s = open_folder();
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(download_free);
	struct tally tally = {0};
	struct download *d = wanted("a", "abcdef");
	g_autofree char *part = g_strconcat(d->digest, ".part", NULL);

	put("a", "abcdef");
	put(part, "aXc");
	put(d->digest, "abcdeX");
	g_ptr_array_add(list, d);
	ck_assert(source_fetch(s, list, folder, &tally, NULL));
	ck_assert_ptr_nonnull(d->staged);
	ck_assert_uint_eq(tally.bytes, 6);
}
END_TEST

START_TEST(test_urls)
{
	static const char *const bad[] = {"ftp://example.org/x",   "http://",	 "http://example.org/x?y",
					  "http://example.org/#y", "https:///x", "/nowhere/at/all",
					  "file://elsewhere/x"};
	static const struct source_limits limits = {.jobs = 1, .timeout = 1};

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;
		ck_assert_msg(source_open(bad[i], &limits, &error) == NULL, "%s", bad[i]);
		ck_assert_ptr_nonnull(error);
	}
	g_autoptr(source) s = source_open("http://jane:secret@example.org/x/", &limits, NULL);
	ck_assert_ptr_nonnull(s);
	ck_assert_ptr_null(strstr(s->where, "secret"));
}
END_TEST

static gboolean count(const char *data, gsize size, gpointer user, GError **error)
{
	(void)data, (void)error;
	*(gsize *)user += size;
	return TRUE;
}

START_TEST(test_unpack)
{
	g_autofree char *path = in_folder("a");
	g_autoptr(GError) error = NULL;
	gsize n = 0;

	put("a", "Package: a\n");
	ck_assert(unpack_file(path, 11, count, &n, NULL));
	ck_assert_uint_eq(n, 11);
	ck_assert(!unpack_file(path, 10, count, &n, &error));
	ck_assert(g_error_matches(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT));
	put("a", "");
	ck_assert(unpack_file(path, 0, count, &n, NULL));
}
END_TEST

/* ---- age ---- */

#define NOW 1000000
#define DAY (24 * 60 * 60)

struct age_row {
	struct mirror_age is, was;
	gboolean rollback, expired; /* allowed */
	int code;		    /* -1: accepted */
};

static const struct age_row age_rows[] = {
	{{NOW, 0, 0, NULL}, {0}, FALSE, FALSE, -1},
	{{NOW, NOW, 2, SHA}, {NOW - 1, 0, 1, "x"}, FALSE, FALSE, -1},
	{{NOW, NOW, 2, SHA}, {NOW, 0, 2, SHA}, FALSE, FALSE, -1},
	{{NOW, NOW - 1, 0, NULL}, {0}, FALSE, FALSE, PUBLISH_ERROR_EXPIRED},
	{{NOW, NOW - 1, 0, NULL}, {0}, FALSE, TRUE, -1},
	{{NOW + DAY + 1, 0, 0, NULL}, {0}, FALSE, TRUE, PUBLISH_ERROR_EXPIRED},
	{{NOW + DAY, 0, 0, NULL}, {0}, FALSE, FALSE, -1},
	{{NOW - 1, 0, 0, NULL}, {NOW, 0, 0, NULL}, FALSE, FALSE, PUBLISH_ERROR_ROLLBACK},
	{{NOW - 1, 0, 0, NULL}, {NOW, 0, 0, NULL}, TRUE, FALSE, -1},
	{{NOW, 0, 1, SHA}, {NOW, 0, 2, SHA}, FALSE, FALSE, PUBLISH_ERROR_ROLLBACK},
	{{NOW, 0, 2, "x"}, {NOW, 0, 2, SHA}, FALSE, FALSE, PUBLISH_ERROR_ROLLBACK},
	{{NOW, 0, 2, "x"}, {NOW, 0, 2, SHA}, TRUE, FALSE, -1},
};

START_TEST(test_age)
{
	const struct age_row *row = &age_rows[_i];
	struct mirror_options options = {
		.source = "s", .dir = "d", .now = NOW, .allow_rollback = row->rollback, .allow_expired = row->expired};
	struct mirror m = {.options = &options, .dir = "d"};
	g_autoptr(GError) error = NULL;
	gboolean ok = mirror_trust_age(&m, "f", &row->is, row->was.date ? &row->was : NULL, &error);

	ck_assert_int_eq(ok ? -1 : error->code, row->code);
}
END_TEST

static Suite *source_suite(void)
{
	Suite *s = suite_create("publish_source");
	TCase *texts = tcase_create("texts"), *files = tcase_create("files");

	tcase_add_loop_test(texts, test_release, 0, G_N_ELEMENTS(release_rows));
	tcase_add_test(texts, test_release_says);
	tcase_add_test(texts, test_clear_text);
	tcase_add_loop_test(texts, test_packages, 0, G_N_ELEMENTS(packages_rows));
	tcase_add_loop_test(texts, test_repomd, 0, G_N_ELEMENTS(repomd_rows));
	tcase_add_loop_test(texts, test_primary, 0, G_N_ELEMENTS(primary_rows));
	tcase_add_loop_test(texts, test_age, 0, G_N_ELEMENTS(age_rows));
	tcase_add_test(texts, test_paths);
	suite_add_tcase(s, texts);
	tcase_add_checked_fixture(files, setup, teardown);
	tcase_add_test(files, test_sink_goes_on);
	tcase_add_test(files, test_sink_refuses);
	tcase_add_test(files, test_sink_spares_links);
	tcase_add_test(files, test_directory);
	tcase_add_test(files, test_directory_bad_part);
	tcase_add_test(files, test_urls);
	tcase_add_test(files, test_unpack);
	suite_add_tcase(s, files);
	return s;
}

TEST_MAIN(source_suite)
