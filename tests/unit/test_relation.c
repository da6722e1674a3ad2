/* relation.c and names.c: either notation in, each family's own out; names and versions that dpkg and rpm take. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/error.h"
#include "pack/library.h"
#include "pack/relation.h"
#include "suite.h"

#include <elf.h>

static const struct {
	const char *text;
	const char *deb; /* NULL: dpkg cannot have it */
} good[] = {
	{"libwarden1", "libwarden1"},
	{"libwarden1 (>= 1.1.0)", "libwarden1 (>= 1.1.0)"},
	{"libwarden1 >= 1.1.0", "libwarden1 (>= 1.1.0)"},
	{"libwarden1(>=1.1.0)", "libwarden1 (>= 1.1.0)"},
	{"  libwarden1   <<  1:2.0~rc1-3 ", "libwarden1 (<< 1:2.0~rc1-3)"},
	{"libwarden1 < 2", "libwarden1 (<< 2)"},
	{"libwarden1 > 2", "libwarden1 (>> 2)"},
	{"libwarden1 == 2", "libwarden1 (= 2)"},
	{"libc6:any (>= 2.36)", "libc6:any (>= 2.36)"},
	{"libwarden1(x86-64) = 1.0.0-1", NULL},
	{"libc.so.6(GLIBC_2.34)(64bit)", NULL},
	{"/bin/sh", NULL},
	{"aa|bb >= 1 | cc", "aa | bb (>= 1) | cc"},
};

START_TEST(test_good)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(relation) r = relation_parse(good[_i].text, &error);

	ck_assert_msg(r != NULL, "%s", error == NULL ? "" : error->message);
	ck_assert(relation_check_rpm(r, NULL));
	g_autofree char *deb = relation_deb(r, NULL);
	ck_assert_msg(g_strcmp0(deb, good[_i].deb) == 0, "%s: %s", good[_i].text, deb);
}
END_TEST

START_TEST(test_rich)
{
	g_autoptr(relation) r = relation_parse("a | b (<< 2) | c = 1", NULL);
	g_autofree char *rich = relation_rich(r);

	ck_assert_str_eq(rich, "(a or b < 2 or c = 1)");
}
END_TEST

static const char *const bad[] = {
	"",	 " ",	     "(>= 1)", "a (>= 1", "a >= 1)", "a >=",	 "a 1",
	"a (1)", "a >= 1 2", "a |",    "| a",	  "a || b",  "(a or b)", "a (>= )",
};

START_TEST(test_bad)
{
	g_autoptr(GError) error = NULL;

	ck_assert_msg(relation_parse(bad[_i], &error) == NULL, "'%s' was taken", bad[_i]);
	ck_assert(g_error_matches(error, PACK_ERROR, PACK_ERROR_MANIFEST));
}
END_TEST

static const struct {
	const char *version;
	gboolean deb, rpm;
} versions[] = {
	{"1.0.0", TRUE, TRUE}, {"1:1.0-1", TRUE, FALSE}, {"1.0~rc1", TRUE, TRUE},  {"v1.0", FALSE, TRUE},
	{"", FALSE, FALSE},    {"1.0 ", FALSE, FALSE},	 {"1_0", FALSE, TRUE},	   {"1.0-", FALSE, FALSE},
	{":1", FALSE, FALSE},  {"a:1", FALSE, FALSE},	 {"1.0^git", FALSE, TRUE},
};

START_TEST(test_versions)
{
	ck_assert_msg(names_check_deb_version(versions[_i].version, NULL) == versions[_i].deb, "deb: %s",
		      versions[_i].version);
	ck_assert_msg(names_check_rpm_version(versions[_i].version, FALSE, NULL) == versions[_i].rpm, "rpm: %s",
		      versions[_i].version);
}
END_TEST

static const struct {
	const char *soname;
	const char *package; /* NULL: not a name of a shared library */
	const char *ldconfig;
} sonames[] = {
	{"libwarden.so.1", "libwarden1", "warden.conf"},
	{"libwarden.so.0", "libwarden0", "warden0.conf"},
	{"libwarden.so.2", "libwarden2", "warden2.conf"},
	{"libfoo2.so.1", "libfoo2-1", "warden.conf"},
	{"libfoo-1.2.so", "libfoo-1.2", "warden-libfoo-1.2.conf"},
	{"libFoo_Bar.so.1.2", "libfoo-bar1.2", "warden1.2.conf"},
	{"libfoo.sox", NULL, "warden.conf"},
	{".so.1", NULL, "warden.conf"},
};

START_TEST(test_sonames)
{
	g_autofree char *package = names_runtime(sonames[_i].soname);
	g_autofree char *ldconfig = library_ldconfig_name("warden.conf", sonames[_i].soname);

	ck_assert_msg(g_strcmp0(package, sonames[_i].package) == 0, "%s: %s", sonames[_i].soname, package);
	ck_assert_msg(g_strcmp0(ldconfig, sonames[_i].ldconfig) == 0, "%s: %s", sonames[_i].soname, ldconfig);
}
END_TEST

START_TEST(test_ldconfig_has_it)
{
	g_autofree char *name = library_ldconfig_name("warden2.conf", "libwarden.so.2");
	g_autofree char *after_digit = library_ldconfig_name("foo4.conf", "libfoo4.so.2");

	ck_assert_str_eq(name, "warden2.conf");
	ck_assert_str_eq(after_digit, "foo4-2.conf");
}
END_TEST

START_TEST(test_arches)
{
	ck_assert_ptr_eq(names_arch_find("amd64"), names_arch_find("x86_64"));
	ck_assert_str_eq(names_arch_find("all")->rpm, "noarch");
	ck_assert_ptr_null(names_arch_find("z80"));
	ck_assert_str_eq(names_arch_of_elf(EM_AARCH64, 64)->deb, "arm64");
	ck_assert_ptr_null(names_arch_of_elf(EM_X86_64, 32));
	ck_assert_ptr_null(names_arch_of_elf(EM_NONE, 0));
}
END_TEST

static Suite *relation_suite(void)
{
	Suite *s = suite_create("relation");
	TCase *t = tcase_create("relation");

	tcase_add_loop_test(t, test_good, 0, G_N_ELEMENTS(good));
	tcase_add_test(t, test_rich);
	tcase_add_loop_test(t, test_bad, 0, G_N_ELEMENTS(bad));
	tcase_add_loop_test(t, test_versions, 0, G_N_ELEMENTS(versions));
	tcase_add_loop_test(t, test_sonames, 0, G_N_ELEMENTS(sonames));
	tcase_add_test(t, test_ldconfig_has_it);
	tcase_add_test(t, test_arches);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(relation_suite)
