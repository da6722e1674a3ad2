/* publish: control files, Packages and Release, as text. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/deb822.h"
#include "publish/debindex.h"
#include "publish/error.h"
#include "publish/release.h"
#include "suite.h"

#include <string.h>

#define SHA "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define FPR "0123456789ABCDEF0123456789ABCDEF01234567"
#define RELEASE_HEAD                                                                                                   \
	"Origin: ACME\nLabel: Lib: rary\nSuite: stable\nCodename: stable\nDate: Sat, 01 Jan 2000 00:00:00 UTC\n"       \
	"Valid-Until: Mon, 31 Jan 2000 00:00:00 UTC\nArchitectures: all amd64\nSigned-By: " FPR "\n"

static struct intake_sum sum = {.sha256 = (char *)SHA, .size = 7};

/* A whole control file, and either the path it gets or a piece of the error. */
struct control_row {
	const char *control, *path, *error;
};

#define HEAD "Package: libwarden1\nVersion: 1:1.0.0-1\nArchitecture: amd64\n"

static const struct control_row control_rows[] = {
	{HEAD, "pool/main/libw/libwarden1/libwarden1_1.0.0-1_amd64.deb", NULL},
	{HEAD "Source: warden (1.0.0-1)\n", "pool/main/w/warden/libwarden1_1.0.0-1_amd64.deb", NULL},
	{HEAD "Source: libwarden\n", "pool/main/libw/libwarden/libwarden1_1.0.0-1_amd64.deb", NULL},
	{"Package: lib\nVersion: 0\nArchitecture: all\n", "pool/main/l/lib/lib_0_all.deb", NULL},
	{"Version: 1\nArchitecture: amd64\n", NULL, "field Package: missing"},
	{"Package: ../etc\nVersion: 1\nArchitecture: amd64\n", NULL, "field Package: malformed"},
	{"Package: a\nVersion: 1/../..\nArchitecture: amd64\n", NULL, "field Version: malformed"},
	{"Package: a\nVersion: 1\nArchitecture: amd64/\n", NULL, "field Architecture: malformed"},
	{HEAD "Source: ../../x\n", NULL, "field Source: malformed"},
	{HEAD "Filename: pool/x\n", NULL, "belongs to a repository"},
	{HEAD "sha256: " SHA "\n", NULL, "belongs to a repository"},
	{HEAD "package: two\n", NULL, "there twice"},
	{HEAD "\nPackage: two\n", NULL, "more than one paragraph"},
	{HEAD "no colon\n", NULL, "not a field"},
	{" x\n", NULL, "not a field"},
	{HEAD "A: b\rc\n", NULL, "control character"},
	{"", NULL, "field Package: missing"},
};

START_TEST(test_control)
{
	const struct control_row *row = &control_rows[_i];
	g_autoptr(GError) error = NULL;
	g_autoptr(entry) e = debindex_entry("x.deb", row->control, &sum, &error);

	if (row->path != NULL) {
		ck_assert_msg(e != NULL, "%s", error ? error->message : "");
		ck_assert_str_eq(e->path, row->path);
	} else {
		ck_assert_ptr_null(e);
		ck_assert(g_error_matches(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT));
		ck_assert_msg(strstr(error->message, row->error) != NULL, "%s", error->message);
	}
}
END_TEST

START_TEST(test_stanza)
{
	g_autoptr(entry) e = debindex_entry("x.deb",
					    "X-Own: 1\nDescription: short\n long\n .\n more\nDepends:  libc6 \nEmpty:\n"
					    "Version: 1\nArchitecture: all\nConffiles:\n /etc/a 0\nPackage: a",
					    &sum, NULL);

	ck_assert_ptr_nonnull(e);
	ck_assert_str_eq(e->record[0],
			 "Package: a\nArchitecture: all\nVersion: 1\nConffiles:\n /etc/a 0\nDepends: libc6\n"
			 "Filename: pool/main/a/a/a_1_all.deb\nSize: 7\nSHA256: " SHA "\n"
			 "Description: short\n long\n .\n more\nX-Own: 1");
}
END_TEST

static void add(GPtrArray *entries, const char *control)
{
	GError *error = NULL;
	entry *e = debindex_entry("x.deb", control, &sum, &error);

	ck_assert_msg(e != NULL, "%s", error ? error->message : "");
	g_ptr_array_add(entries, e);
}

/* Versions stand in dpkg's order; packages for all architectures are in each index, and are one when read back. */
START_TEST(test_index)
{
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	g_autoptr(GPtrArray) back = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	gsize size = 0;

	add(entries, "Package: b\nVersion: 1.10\nArchitecture: amd64\n");
	add(entries, "Package: b\nVersion: 1.9\nArchitecture: amd64\n");
	add(entries, "Package: a\nVersion: 1\nArchitecture: all\n");
	add(entries, "Package: b\nVersion: 1.9\nArchitecture: arm64\n");
	g_ptr_array_sort(entries, entry_compare);
	g_auto(GStrv) architectures = debindex_architectures(entries);
	g_autofree char *joined = g_strjoinv(" ", architectures);
	ck_assert_str_eq(joined, "all amd64 arm64");
	for (char **a = architectures; *a != NULL; a++) {
		g_autoptr(segments) s = segments_new(TRUE);
		debindex_write(entries, *a, s);
		ck_assert(segments_finish(s, NULL));
		g_autoptr(GBytes) text = segments_take_text(s);
		const char *data = g_bytes_get_data(text, &size);
		ck_assert(debindex_parse(data, size, seen, back, NULL));
	}
	ck_assert_uint_eq(back->len, 4);
	g_ptr_array_sort(back, entry_compare);
	for (guint i = 0; i < back->len; i++) {
		const entry *x = entries->pdata[i], *y = back->pdata[i];
		ck_assert_str_eq(x->path, y->path);
		ck_assert_str_eq(x->record[0], y->record[0]);
		ck_assert_uint_eq(x->size, y->size);
	}
	ck_assert_str_eq(((entry *)back->pdata[1])->version, "1.9");
}
END_TEST

START_TEST(test_index_refuses)
{
	static const char *const rows[] = {
		"Package: a\n",
		HEAD "Filename: /etc/passwd\nSize: 1\nSHA256: " SHA "\n",
		HEAD "Filename: pool/../x.deb\nSize: 1\nSHA256: " SHA "\n",
		HEAD "Filename: pool/x.deb\nSize: -1\nSHA256: " SHA "\n",
		HEAD "Filename: pool/x.deb\nSize: 1\nSHA256: 12\n",
	};
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GError) error = NULL;

	ck_assert(!debindex_parse(rows[_i], strlen(rows[_i]), seen, entries, &error));
	ck_assert(g_error_matches(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT));
}
END_TEST

START_TEST(test_release)
{
	const char *text = RELEASE_HEAD "SHA256:\n " SHA " 0 main/binary-all/Packages\n";
	g_autoptr(release) r = release_parse(text, strlen(text), NULL);

	ck_assert_ptr_nonnull(r);
	ck_assert_str_eq(r->label, "Lib: rary");
	ck_assert_int_eq(r->date, 946684800);
	ck_assert_uint_eq(r->valid_days, 30);
	ck_assert_ptr_nonnull(release_find(r, "main/binary-all/Packages"));
	g_autofree char *by_hash = release_by_hash(r->files->pdata[0]);
	ck_assert_str_eq(by_hash, "main/binary-all/by-hash/SHA256/" SHA);
	g_autofree char *again = release_text(r);
	g_autoptr(release) r2 = release_parse(again, strlen(again), NULL);
	ck_assert_ptr_nonnull(r2);
	g_autofree char *same = release_text(r2);
	ck_assert_str_eq(again, same);
	ck_assert_ptr_null(strstr(again, "MD5"));
	ck_assert_ptr_null(strstr(again, "SHA1"));
}
END_TEST

START_TEST(test_release_refuses)
{
	static const char *const rows[] = {
		"",
		RELEASE_HEAD,
		RELEASE_HEAD "SHA256:\n " SHA " 0 ../../etc/passwd\n",
		RELEASE_HEAD "SHA256:\n " SHA " 0 /etc/passwd\n",
		RELEASE_HEAD "SHA256:\n " SHA " 0 main/..\n",
		RELEASE_HEAD "SHA256:\n " SHA " x main/a\n",
		RELEASE_HEAD "SHA256:\n 12 0 main/a\n",
		RELEASE_HEAD "SHA256:\n " SHA " 0 main/a b\n",
		"Origin: a\nLabel: a\nSuite: ../x\nCodename: a\nDate: Sat, 01 Jan 2000 00:00:00 UTC\n"
		"Valid-Until: Mon, 31 Jan 2000 00:00:00 UTC\nArchitectures: all\nSigned-By: " FPR "\nSHA256:\n",
		"Origin: a\nLabel: a\nSuite: x\nCodename: a\nDate: Sat, 01 Jan 2000 00:00:00 UTC\n"
		"Valid-Until: Sat, 01 Jan 2000 00:00:00 UTC\nArchitectures: all\nSigned-By: " FPR "\nSHA256:\n",
		"Origin: a\nLabel: a\nSuite: x\nCodename: a\nDate: yesterday\n"
		"Valid-Until: Mon, 31 Jan 2000 00:00:00 UTC\nArchitectures: all\nSigned-By: " FPR "\nSHA256:\n",
		"Origin: a\nLabel: a\nSuite: x\nCodename: a\nDate: Sat, 01 Jan 2000 00:00:00 UTC\n"
		"Valid-Until: Mon, 31 Jan 2000 00:00:00 UTC\nArchitectures: all\nSigned-By: me\nSHA256:\n",
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(release) r = release_parse(rows[_i], strlen(rows[_i]), &error);

	ck_assert_ptr_null(r);
	ck_assert(g_error_matches(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT));
}
END_TEST

static Suite *publish_text_suite(void)
{
	Suite *s = suite_create("publish text");
	TCase *t = tcase_create("text");

	tcase_add_loop_test(t, test_control, 0, G_N_ELEMENTS(control_rows));
	tcase_add_test(t, test_stanza);
	tcase_add_test(t, test_index);
	tcase_add_loop_test(t, test_index_refuses, 0, 5);
	tcase_add_test(t, test_release);
	tcase_add_loop_test(t, test_release_refuses, 0, 12);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(publish_text_suite)
