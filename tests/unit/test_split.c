/* coinstall.c and rpm_pkgconfig.c: what a library's packages may share, and what .pc files say. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/coinstall.h"
#include "pack/rpm.h"
#include "suite.h"

#include <rpm/rpmds.h>

START_TEST(test_versioned)
{
	static const struct {
		const char *path;
		gboolean versioned;
	} rows[] = {
		{"/usr/lib64/libfoo.so.1", TRUE},	     {"/usr/lib64/libfoo.so.1.2.3", TRUE},
		{"/usr/lib64/libfoo.so.10", FALSE},	     {"/usr/share/doc/libfoo1/README", TRUE},
		{"/usr/share/doc/libfoo10/README", FALSE},   {"/usr/share/lintian/overrides/libfoo1", TRUE},
		{"/usr/lib/foo1/helper", TRUE},		     {"/usr/libexec/foo-1/helper", TRUE},
		{"/usr/lib/foo/1/plugin.so", TRUE},	     {"/usr/lib/foo/11/plugin.so", FALSE},
		{"/usr/share/locale/de/foo1.mo", TRUE},	     {"/usr/share/locale/de/foo.mo", FALSE},
		{"/usr/share/man/man1/foo.1", FALSE},	     {"/etc/foo.conf", FALSE},
		{"/etc/foo1.conf", TRUE},		     {"/opt/foo/lib/libfoo.so", FALSE},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		ck_assert_msg(coinstall_is_versioned(rows[i].path, "libfoo.so.1") == rows[i].versioned, "%s",
			      rows[i].path);
	ck_assert(coinstall_is_versioned("/usr/lib/libbar-1.2.so", "libbar-1.2.so"));
	ck_assert(!coinstall_is_versioned("/usr/lib/libbar-1.3.so", "libbar-1.2.so"));
}
END_TEST

START_TEST(test_check)
{
	g_autoptr(package) p = package_new("libfoo1");
	g_autoptr(GError) error = NULL;

	package_add_link(p, "/etc/before", "x");
	package_add(p, PACKAGE_DIRECTORY, "/etc/foo");
	package_add_link(p, "/etc/foo/foo1.conf", "x");
	ck_assert(coinstall_check(p, 1, "libfoo.so.1", NULL));
	package_add_link(p, "/etc/foo/foo.conf", "x");
	ck_assert(!coinstall_check(p, 1, "libfoo.so.1", &error));
	ck_assert(g_error_matches(error, PACK_ERROR, PACK_ERROR_MANIFEST));
	ck_assert(g_str_has_prefix(error->message, "/etc/foo/foo.conf would be"));
}
END_TEST

static char *listed(GPtrArray *deps)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < deps->len; i++) {
		const struct rpmpkg_dep *d = deps->pdata[i];
		g_string_append_printf(out, "%s%s %s%s%s%s", i == 0 ? "" : "; ", d->name,
				       (d->flags & RPMSENSE_LESS) != 0 ? "<" : "",
				       (d->flags & RPMSENSE_GREATER) != 0 ? ">" : "",
				       (d->flags & RPMSENSE_EQUAL) != 0 ? "=" : "", d->version);
	}
	g_ptr_array_unref(deps);
	return g_string_free(out, FALSE);
}

/* What a .pc file provides and requires, in a line. */
static void is_said(const char *text, const char *provided, const char *required)
{
	GPtrArray *provides = rpmpkg_deps_new(), *requires = rpmpkg_deps_new();

	rpmpkg_pkgconfig_parse("foo", text, provides, requires);
	g_autofree char *given = listed(provides), *wanted = listed(requires);
	ck_assert_str_eq(given, provided);
	ck_assert_str_eq(wanted, required);
}

START_TEST(test_pkgconfig)
{
	is_said("Version: 1.2\n", "pkgconfig(foo) =1.2", "/usr/bin/pkg-config ");
	is_said("a=1\nb=${a}.2\nVersion: ${b}${none}\nrequires: x >= ${b}, y z<1\n", "pkgconfig(foo) =1.2",
		"/usr/bin/pkg-config ; pkgconfig(x) >=1.2; pkgconfig(y) ; pkgconfig(z<1) ");
	is_said("Version: 1\nRequires: a \\\n  b # c\nRequires.private: d = 2 , e != 3\n", "pkgconfig(foo) =1",
		"/usr/bin/pkg-config ; pkgconfig(a) ; pkgconfig(b) ; pkgconfig(d) =2; pkgconfig(e) ");
	is_said("Version: 1\nProvides: old = 0.9\n", "pkgconfig(foo) =1; pkgconfig(old) =0.9", "/usr/bin/pkg-config ");
	is_said("Version: a b\nRequires: x >=\n", "pkgconfig(foo) ", "/usr/bin/pkg-config ; pkgconfig(x) ");
	is_said("", "pkgconfig(foo) ", "/usr/bin/pkg-config ");
}
END_TEST

/* Variables that refer to themselves, and to each other many times over. */
START_TEST(test_pkgconfig_hostile)
{
	g_autoptr(GString) text = g_string_new("a=${a}${a}\nVersion: 1${a}\nRequires: ${");

	is_said(text->str, "pkgconfig(foo) =1", "/usr/bin/pkg-config ; pkgconfig(${) ");
	g_string_assign(text, "v0=x\n");
	for (int i = 1; i < 16; i++) {
		g_string_append_printf(text, "v%d=", i);
		for (int j = 0; j < 1000; j++)
			g_string_append_printf(text, "${v%d}", i - 1);
		g_string_append_c(text, '\n');
	}
	g_string_append(text, "Version: ${v15}\n");
	GPtrArray *provides = rpmpkg_deps_new();
	rpmpkg_pkgconfig_parse("foo", text->str, provides, NULL);
	ck_assert_uint_eq(provides->len, 1);
	g_ptr_array_unref(provides);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *suite = suite_create("split");
	TCase *tests = tcase_create("split");

	tcase_add_test(tests, test_versioned);
	tcase_add_test(tests, test_check);
	tcase_add_test(tests, test_pkgconfig);
	tcase_add_test(tests, test_pkgconfig_hostile);
	suite_add_tcase(suite, tests);
	return suite;
}

TEST_MAIN(make_suite)
