/* base.c, base_text.c, base_debian.c, base_read.c, base_shared.c: symbols and shlibs files in, text and back, what --base names. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/base_debian.h"
#include "pack/base_read.h"
#include "pack/base_shared.h"
#include "pack/base_text.h"
#include "suite.h"

#include <string.h>

static const char symbols[] = "libfoo.so.1 libfoo1 #MINVER#\n"
			      "| libfoo1 (>> 2.0),  libfoo1 (<< 3)\n"
			      "* Build-Depends-Package: libfoo-dev\n"
			      " FOO_1.0@FOO_1.0 1.0\n"
			      " FOO_2@FOO_2 2.0\n"
			      " late@FOO_1.0 1.5\n"
			      " later@FOO_1.0 1.5\n"
			      " latest@FOO_1.0 1:1.2\n"
			      " old@FOO_1.0 1.0\n"
			      "#MISSING: 1.1# gone@FOO_1.0 1.0\n"
			      " private@FOO_2 2.0 1\n"
			      "libbar.so.2 libfoo1 #MINVER#\n"
			      " bar@Base 0.5\n"
			      "\tnew_bar@Base 0.9\n";

static const char text[] = "abide-base\t1\n"
			   "family\tdeb\n"
			   "library\tlibbar.so.2\n"
			   "depends\tlibfoo1 #MINVER#\n"
			   "node\tBase\t0.5\t0\n"
			   "since\t0.9\t0\tnew_bar\n"
			   "library\tlibfoo.so.1\n"
			   "depends\tlibfoo1 #MINVER#\n"
			   "depends\tlibfoo1 (>> 2.0), libfoo1 (<< 3)\n"
			   "node\tFOO_1.0\t1.0\t0\n"
			   "since\t1.5\t0\tlate\tlater\n"
			   "since\t1:1.2\t0\tlatest\n"
			   "node\tFOO_2\t2.0\t0\n"
			   "since\t2.0\t1\tprivate\n";

static struct base *of_symbols(const char *from)
{
	struct base *b = base_new(PACKAGE_DEB);
	GError *error = NULL;

	ck_assert_msg(base_debian_symbols(b, "symbols", from, &error), "%s", error ? error->message : "");
	return b;
}

static struct base *of_text(const char *from, GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(from, strlen(from));

	return base_parse("a.base", bytes, error);
}

START_TEST(test_written)
{
	g_autoptr(base) b = of_symbols(symbols);
	g_autofree char *written = base_text(b);

	ck_assert_str_eq(written, text);
}
END_TEST

START_TEST(test_read_back)
{
	GError *error = NULL;
	g_autoptr(base) b = of_text(text, &error);

	ck_assert_msg(b != NULL, "%s", error ? error->message : "");
	g_autofree char *written = base_text(b);
	ck_assert_str_eq(written, text);
}
END_TEST

/* ---- packages ---- */

static const char status[] = "Package: libfoo1\nStatus: install ok installed\nArchitecture: amd64\nMulti-Arch: same\n"
			     "Version: 2.0-1\nPre-Depends: libc6 (>= 2.36)\nDepends: bar,\n baz (= 1)\nBreaks: old (<< 1)\n"
			     "Description: text\n .\n Depends: not this\n\n\n"
			     "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\nArchitecture: all\n\n"
			     "Package: bar\nStatus: install ok installed\nVersion: 1\nArchitecture: all\nMulti-Arch: no\n"
			     "Provides: virtual (= 2), other\nConflicts: foo\n";
static const char index_text[] = "Package: extra\nVersion: 1:3\nArchitecture: all\nMulti-Arch: foreign\nDepends: bar\n\n"
				 "Package: bar\nVersion: 1\nArchitecture: all\n";

static const char packages[] = "abide-base\t1\n"
			       "family\tdeb\n"
			       "package\tbar\t1\tall\n"
			       "package-provides\tvirtual (= 2), other\n"
			       "package-conflicts\tfoo\n"
			       "available\textra\t1:3\tall\tforeign\n"
			       "package-depends\tbar\n"
			       "package\tlibfoo1\t2.0-1\tamd64\tsame\n"
			       "package-depends\tlibc6 (>= 2.36), bar, baz (= 1)\n"
			       "package-conflicts\told (<< 1)\n";

START_TEST(test_packages)
{
	g_autoptr(base) b = base_new(PACKAGE_DEB), again = of_text(packages, NULL);

	ck_assert(base_debian_packages(b, "status", status, FALSE, NULL));
	ck_assert(base_debian_packages(b, "Packages", index_text, TRUE, NULL));
	g_autofree char *written = base_text(b), *rewritten = base_text(again);
	ck_assert_str_eq(written, packages);
	ck_assert_str_eq(rewritten, packages);
}
END_TEST

START_TEST(test_packages_refused)
{
	static const char *const wrong[] = {"Package: a\nVersion: 1\n", "Version: 1\nArchitecture: all\n", "text\n",
					    "Package: a\tb\nVersion: 1\nArchitecture: all\n"};
	g_autoptr(base) b = base_new(PACKAGE_DEB);
	g_autoptr(GError) error = NULL;

	ck_assert(!base_debian_packages(b, "Packages", wrong[_i], TRUE, &error));
	ck_assert(g_str_has_prefix(error->message, "Packages: "));
}
END_TEST

START_TEST(test_package_lines_refused)
{
	static const char *const wrong[] = {"package\ta\t1\n", "package\ta\t1\tall\t\n", "package\ta\t1\tall\tsame\tx\n",
					    "package-depends\ta\n", "package\ta\t1\tall\npackage-depends\n",
					    "package\ta\t1\tall\npackage-depends\t\n"};
	g_autofree char *whole = g_strconcat("abide-base\t1\nfamily\tdeb\n", wrong[_i], NULL);
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(of_text(whole, &error));
	ck_assert(g_str_has_prefix(error->message, "a.base:"));
}
END_TEST

static const struct {
	const char *symbol, *node;
	const char *written;  /* since when, by a base that was written and read */
	const char *complete; /* by the symbols file itself */
} since[] = {
	{"old", "FOO_1.0", "1.0", "1.0"},   {"late", "FOO_1.0", "1.5", "1.5"}, {"latest", "FOO_1.0", "1:1.2", "1:1.2"},
	{"private", "FOO_2", "2.0", "2.0"}, {"gone", "FOO_1.0", "1.0", NULL},  {"never", "FOO_1.0", "1.0", NULL},
	{"old", "FOO_3", NULL, NULL},	    {"old", NULL, NULL, NULL},
};

static const char *since_when(const struct base *b, int i)
{
	const struct base_since *s = base_since_when(base_find(b, "libfoo.so.1"), since[i].symbol, since[i].node);

	return s ? s->version : NULL;
}

/* What is written has of the oldest symbols of a node only the version: it cannot tell them from those that never were. */
START_TEST(test_since)
{
	g_autoptr(base) written = of_text(text, NULL), complete = of_symbols(symbols);

	ck_assert_msg(g_strcmp0(since_when(written, _i), since[_i].written) == 0, "%s@%s", since[_i].symbol, since[_i].node);
	ck_assert_msg(g_strcmp0(since_when(complete, _i), since[_i].complete) == 0, "%s@%s", since[_i].symbol,
		      since[_i].node);
}
END_TEST

/* Where a library has both, a symbol without version is told by its name alone, so each is written. */
START_TEST(test_versions_and_none)
{
	g_autoptr(base) b = of_symbols("libx.so.1 libx1 #MINVER#\n X_1@X_1 1.0\n a@Base 2.0\n b@Base 2.0\n");
	g_autofree char *written = base_text(b);

	ck_assert_ptr_nonnull(strstr(written, "node\tBase\t2.0\t0\nsince\t2.0\t0\ta\tb\nnode\tX_1"));
}
END_TEST

START_TEST(test_shlibs)
{
	g_autoptr(base) b = of_symbols(symbols);

	ck_assert(base_debian_shlibs(b, "shlibs", "# a comment\nudeb: libdb 5.3 libdb5.3-udeb\nlibdb 5.3 libdb5.3 (>= 5)\n"
						  "libfoo 1 libfoo1\nlibnone 1\n", NULL));
	ck_assert_str_eq(base_find(b, "libdb.so.5.3")->shlibs, "libdb5.3 (>= 5)");
	ck_assert_ptr_eq(base_find(b, "libdb-5.3.so"), base_find(b, "libdb.so.5.3"));
	ck_assert_ptr_null(base_find(b, "libfoo.so.1")->shlibs);
	ck_assert_ptr_null(base_find(b, "libfoo-1.so"));
	ck_assert_str_eq(base_find(b, "libnone.so.1")->shlibs, "");
	ck_assert_ptr_null(base_find(b, "libdb.so"));
	g_autofree char *written = base_text(b);
	g_autoptr(base) again = of_text(written, NULL);
	ck_assert_ptr_nonnull(again);
	ck_assert_str_eq(base_find(again, "libdb-5.3.so")->shlibs, "libdb5.3 (>= 5)");
}
END_TEST

static const char *const bad_symbols[] = {
	" a@Base 1.0\n",
	"| libfoo1\n",
	"libfoo.so.1\n",
	"libfoo.so.1 \n",
	"libfoo.so.1 \t \n",
	"libfoo.so.1 libfoo1\n|\n",
	"libfoo.so.1 libfoo1\n a 1.0\n",
	"libfoo.so.1 libfoo1\n a@Base\n",
	"libfoo.so.1 libfoo1\n a@ 1.0\n",
	"libfoo.so.1 libfoo1\n @Base 1.0\n",
	"libfoo.so.1 libfoo1\n a@Base 1.0 1\n",
	"libfoo.so.1 libfoo1\n a@Base 1.0 -1\n",
	"libfoo.so.1 libfoo1\n a@Base 1.0 0 b\n",
	"libfoo.so.1 libfoo1\n a\x01@Base 1.0\n",
	"libfoo.so.1 libfoo1\x1b[1m\n",
};

START_TEST(test_bad_symbols)
{
	g_autoptr(base) b = base_new(PACKAGE_DEB);
	g_autoptr(GError) error = NULL;

	ck_assert(!base_debian_symbols(b, "symbols", bad_symbols[_i], &error));
	ck_assert(g_error_matches(error, PACK_ERROR, PACK_ERROR_INPUT));
	ck_assert_msg(g_str_has_prefix(error->message, "symbols:"), "%s", error->message);
}
END_TEST

static const struct {
	const char *lines; /* after the first two */
	const char *message;
} bad_texts[] = {
	{"\n", "a.base:3: not a line"},
	{"libraries\n", "a.base:3: not a line"},
	{"name\t\n", "a.base:3: an empty field"},
	{"name\n", "a.base:3: a field is missing"},
	{"name\ta\tb\n", "a.base:3: more fields"},
	{"name\ta\x07\n", "a.base:3: a control character"},
	{"depends\ta\n", "a.base:3: before any library"},
	{"library\ta\nlibrary\ta\n", "a.base:4: this soname is there already"},
	{"library\ta\nnode\tB\t1\t0\n", "a.base:4: the library has no such dependency"},
	{"library\ta\ndepends\td\nnode\tB\t1\t1\n", "a.base:5: the library has no such dependency"},
	{"library\ta\ndepends\td\nnode\tB\t1\t99999999999\n", "a.base:5: the library has no such dependency"},
	{"library\ta\ndepends\td\nsince\t1\t0\tf\n", "a.base:5: a symbol before any node"},
	{"library\ta\ndepends\td\nnode\tB\t1\t0\nsince\t1\t0\n", "a.base:6: a field is missing"},
	{"library\ta", "a.base: not a base"},
};

START_TEST(test_bad_texts)
{
	g_autofree char *whole = g_strconcat("abide-base\t1\nfamily\tdeb\n", bad_texts[_i].lines, NULL);
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(of_text(whole, &error));
	ck_assert(g_error_matches(error, PACK_ERROR, PACK_ERROR_INPUT));
	ck_assert_msg(g_str_has_prefix(error->message, bad_texts[_i].message), "%s", error->message);
}
END_TEST

START_TEST(test_no_base)
{
	static const char *const texts[] = {"", "\n", "abide-base\t2\nfamily\tdeb\n", "abide-base\t1\nfamily\tapk\n"};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		ck_assert_ptr_null(of_text(texts[i], NULL));
}
END_TEST

START_TEST(test_take_over)
{
	g_autoptr(base) b = of_text(text, NULL);
	g_autoptr(base) newer = of_symbols("libbar.so.2 libbar2 #MINVER#\n bar@Base 1.0\n");

	newer->name = g_strdup("newer");
	base_take_over(b, newer);
	ck_assert_str_eq(base_find(b, "libbar.so.2")->templates->pdata[0], "libbar2 #MINVER#");
	ck_assert_ptr_nonnull(base_find(b, "libfoo.so.1"));
	ck_assert_uint_eq(g_hash_table_size(newer->libraries), 0);
	ck_assert_str_eq(b->name, "newer");
}
END_TEST

START_TEST(test_shipped)
{
	g_auto(GStrv) names = base_names();

	ck_assert(g_strv_contains((const char *const *)names, "debian-12-amd64"));
	for (char **n = names; *n != NULL; n++) {
		g_autoptr(GBytes) bytes = base_shipped(*n, "");
		g_autoptr(GError) error = NULL;
		g_autoptr(base) b = base_parse(*n, bytes, &error);
		ck_assert_msg(b != NULL, "%s", error ? error->message : "");
		ck_assert_ptr_nonnull(base_find(b, "libc.so.6"));
		g_autofree char *written = base_text(b);
		ck_assert_mem_eq(written, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	}
}
END_TEST

static const struct {
	const char *names[3];
	const char *arch;
	guint wrong;	  /* what bases_read returns */
	const char *name; /* of the base for .deb; NULL: there is none, or it has no name */
	gboolean libc;	  /* it has the C library */
} read_rows[] = {
	{{NULL}, "amd64", 0, "debian-12", TRUE},
	{{"debian-13"}, "amd64", 0, "debian-13", TRUE},
	{{"debian-13-amd64"}, "amd64", 0, "debian-13", TRUE},
	{{"none"}, "amd64", 0, NULL, FALSE},
	{{NULL}, "arm64", 0, NULL, FALSE},
	{{"debian-12", "none"}, "amd64", 2, NULL, FALSE},
	{{"debian-12"}, "arm64", 1, NULL, FALSE},
	{{"debian-12-amd64"}, "arm64", 1, NULL, FALSE},
	{{"debian-12", "/nowhere.base"}, "amd64", 2, NULL, FALSE},
	{{"debian-12"}, "all", 0, NULL, FALSE},
};

START_TEST(test_read)
{
	g_auto(bases) all = {0};
	g_autoptr(GError) error = NULL;
	const char *const *names = read_rows[_i].names;
	guint wrong = bases_read(&all, names, g_strv_length((char **)names), names_arch_find(read_rows[_i].arch), &error);

	ck_assert_msg(wrong == read_rows[_i].wrong, "%u: %s", wrong, error ? error->message : "");
	ck_assert((error == NULL) == (wrong == 0));
	if (wrong > 0)
		return;
	ck_assert_ptr_null(all.of[PACKAGE_RPM]);
	ck_assert_str_eq(all.of[PACKAGE_DEB] && all.of[PACKAGE_DEB]->name ? all.of[PACKAGE_DEB]->name : "-",
			 read_rows[_i].name ? read_rows[_i].name : "-");
	ck_assert((all.of[PACKAGE_DEB] != NULL && base_find(all.of[PACKAGE_DEB], "libc.so.6") != NULL) == read_rows[_i].libc);
}
END_TEST

START_TEST(test_shared)
{
	static const char *const debian[] = {"debian-12", "debian-13"}, *const wrong[] = {"debian-12", "no-such-base"};
	const struct names_arch *amd64 = names_arch_find("amd64"), *arm64 = names_arch_find("arm64");
	g_autoptr(GPtrArray) list = base_shared_list();
	struct base_shared *one = base_shared_of(list, debian, 1, amd64);
	struct base_shared *none = base_shared_of(list, NULL, 0, amd64);
	struct base_shared *bad = base_shared_of(list, wrong, 2, amd64);

	ck_assert_ptr_eq(base_shared_of(list, debian, 1, amd64), one);
	ck_assert_ptr_eq(base_shared_of(list, NULL, 0, amd64), none);
	ck_assert_ptr_ne(base_shared_of(list, debian, 1, arm64), one);
	ck_assert_ptr_ne(base_shared_of(list, debian, 2, amd64), one);
	ck_assert_uint_eq(list->len, 5);
	base_shared_read(one);
	base_shared_read(bad);
	ck_assert_ptr_null(one->error);
	ck_assert_ptr_nonnull(base_find(one->bases.of[PACKAGE_DEB], "libc.so.6"));
	ck_assert_uint_eq(bad->wrong, 2);
	ck_assert(g_error_matches(bad->error, PACK_ERROR, PACK_ERROR_INPUT));
}
END_TEST

static Suite *base_suite(void)
{
	Suite *s = suite_create("base");
	TCase *t = tcase_create("base");

	tcase_add_test(t, test_written);
	tcase_add_test(t, test_read_back);
	tcase_add_loop_test(t, test_since, 0, G_N_ELEMENTS(since));
	tcase_add_test(t, test_versions_and_none);
	tcase_add_test(t, test_shlibs);
	tcase_add_loop_test(t, test_bad_symbols, 0, G_N_ELEMENTS(bad_symbols));
	tcase_add_loop_test(t, test_bad_texts, 0, G_N_ELEMENTS(bad_texts));
	tcase_add_test(t, test_no_base);
	tcase_add_test(t, test_take_over);
	tcase_add_test(t, test_shipped);
	tcase_add_loop_test(t, test_read, 0, G_N_ELEMENTS(read_rows));
	tcase_add_test(t, test_shared);
	tcase_add_test(t, test_packages);
	tcase_add_loop_test(t, test_packages_refused, 0, 4);
	tcase_add_loop_test(t, test_package_lines_refused, 0, 6);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(base_suite)
