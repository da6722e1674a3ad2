/* deb*.c and package.c: the control files, and what a package must not hold. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/deb.h"
#include "sample.h"
#include "suite.h"

#include <sys/stat.h>
#include <unistd.h>

START_TEST(test_control)
{
	g_autoptr(package) p = sample_library();

	g_ptr_array_add(p->relations[RELATION_DEPENDS], relation_new("libc6", RELATION_GREATER_EQUAL, "2.34"));
	g_ptr_array_add(p->relations[RELATION_DEPENDS], relation_new("adduser", RELATION_ANY, NULL));
	ck_assert(package_seal(p, NULL));
	g_autofree char *control = deb_control(p, NULL);
	ck_assert_str_eq(control, "Package: libwarden1\nSource: libwarden\nVersion: 1.1.0-1\nArchitecture: amd64\n"
				  "Maintainer: A <a@example.org>\nInstalled-Size: 9\n"
				  "Depends: libc6 (>= 2.34), adduser\nPriority: optional\n"
				  "Description: a library\n More.\n .\n And more.\n");
}
END_TEST

START_TEST(test_lists)
{
	g_autoptr(package) p = sample_library();

	ck_assert(package_seal(p, NULL));
	g_autofree char *md5sums = deb_md5sums(p), *conffiles = deb_conffiles(p), *shlibs = deb_shlibs(p);
	ck_assert_str_eq(md5sums, "c21299303ac4585f7a952515e7311498  opt/warden/lib/libwarden.so.1.1.0\n");
	ck_assert_str_eq(conffiles, "/etc/ld.so.conf.d/warden.conf\n");
	ck_assert_str_eq(shlibs, "libwarden 1 libwarden1 (>= 1.1.0)\n");
}
END_TEST

START_TEST(test_symbols)
{
	g_autoptr(package) p = sample_library();
	g_autofree char *symbols = deb_symbols(p, NULL);

	ck_assert_str_eq(symbols, "libwarden.so.1 libwarden1 #MINVER#\n"
				  "* Build-Depends-Package: libwarden-dev\n"
				  " LIBWARDEN_1.0@LIBWARDEN_1.0 1.0.0\n"
				  " LIBWARDEN_1.1@LIBWARDEN_1.1 1.1.0\n"
				  " warden_check@LIBWARDEN_1.0 1.0.0\n"
				  " warden_count@LIBWARDEN_1.1 1.1.0\n"
				  " warden_open@LIBWARDEN_1.0 1.0.0\n");
}
END_TEST

START_TEST(test_symbols_unversioned)
{
	struct facts_symbol odd[] = {
		{.name = "plain"}, {.name = "later", .node = "FOO_9.9"}, {.name = "no", .node = "PRIVATE"}};
	struct facts facts = {.path = "f", .soname = "libwarden.so.1", .exports = odd, .n_exports = 3};
	g_autoptr(package) p = sample_library();
	g_autoptr(GError) error = NULL;

	*p->library = (struct package_library){&facts, NULL, FALSE, NULL, "libwarden"};
	g_autofree char *symbols = deb_symbols(p, NULL);
	ck_assert_str_eq(symbols, "libwarden.so.1 libwarden1 #MINVER#\n"
				  "* Build-Depends-Package: libwarden-dev\n"
				  " later@FOO_9.9 1.1.0\n no@PRIVATE 1.1.0\n plain@Base 1.1.0\n");
	odd[0].name = "a\nb";
	ck_assert_ptr_null(deb_symbols(p, &error));
	ck_assert(g_error_matches(error, PACK_ERROR, PACK_ERROR_INPUT));
}
END_TEST

/* The release before may have had another epoch; the one of this package is the higher. */
START_TEST(test_symbols_epoch)
{
	g_autoptr(package) p = sample_library();

	p->epoch = g_strdup("2");
	g_autofree char *text = deb_symbols(p, NULL);
	ck_assert_ptr_nonnull(strstr(text, "\n warden_check@LIBWARDEN_1.0 2:1.0.0\n warden_count@LIBWARDEN_1.1 2:1.1.0\n"));
}
END_TEST

/* The version of the release before is not known, or it is libtool's and not the release's: nothing may be too low. */
START_TEST(test_symbols_safe)
{
	static const struct {
		const char *older, *newer;
	} rows[] = {{NULL, "1.1.0"}, {"1.0.0", NULL}, {"1.0.0", "1.7.3"}, {"9.9", "1.1.0"}, {"1.0.0-1", "1.1.0"}, {"1:1.0.0", "1.1.0"}};
	struct facts older = sample_older, newer = sample_newer;
	g_autoptr(package) p = sample_library();

	older.version = rows[_i].older;
	newer.version = rows[_i].newer;
	*p->library = (struct package_library){&newer, &older, FALSE, NULL, "libwarden"};
	g_autofree char *text = deb_symbols(p, NULL);
	ck_assert_ptr_nonnull(strstr(text, "\n LIBWARDEN_1.0@LIBWARDEN_1.0 1.1.0\n"));
	ck_assert_ptr_nonnull(strstr(text, "\n warden_check@LIBWARDEN_1.0 1.1.0\n"));
	p->library->older = NULL;
	g_autofree char *first = deb_symbols(p, NULL);
	ck_assert_str_eq(first, text);
}
END_TEST

START_TEST(test_file_name)
{
	g_autoptr(package) p = sample_bare();

	p->epoch = g_strdup("2");
	g_autofree char *name = deb_format.file_name(p), *version = deb_format.version(p);
	ck_assert_str_eq(name, "libwarden1_1.1.0-1_amd64.deb");
	ck_assert_str_eq(version, "2:1.1.0-1");
}
END_TEST

START_TEST(test_refused)
{
	g_autoptr(package) p = sample_bare();

	ck_assert(deb_format.check(p, NULL));
	p->name[0] = 'L';
	ck_assert(!deb_format.check(p, NULL));
	p->name[0] = 'l';
	p->version[0] = 'v';
	ck_assert(!deb_format.check(p, NULL));
	p->version[0] = '1';
	p->scripts[PACKAGE_PREINSTALL] = g_bytes_new_static("exit 0\n", 7);
	ck_assert(!deb_format.check(p, NULL));
}
END_TEST

static const struct {
	enum package_file_type type;
	const char *path, *target;
	gboolean good;
} entries[] = {
	{PACKAGE_FILE, "/a//b/./c", NULL, TRUE},     {PACKAGE_FILE, "a/b", NULL, FALSE},
	{PACKAGE_FILE, "/a/../b", NULL, FALSE},	     {PACKAGE_FILE, "/a/..b", NULL, TRUE},
	{PACKAGE_FILE, "/a\nb", NULL, FALSE},	     {PACKAGE_SYMLINK, "/a/b", "../c", TRUE},
	{PACKAGE_SYMLINK, "/a/b", "../../c", FALSE}, {PACKAGE_SYMLINK, "/a/b", "/c/../d", TRUE},
	{PACKAGE_SYMLINK, "/a/b", "/..", FALSE},     {PACKAGE_SYMLINK, "/a/b", "", FALSE},
	{PACKAGE_FILE, "/taken", NULL, FALSE},	     {PACKAGE_FILE, "/taken/", NULL, FALSE},
};

START_TEST(test_seal)
{
	g_autoptr(package) p = sample_bare();
	g_autoptr(GError) error = NULL;

	package_add_data(p, "/taken", g_bytes_new_static("", 0));
	struct package_file *f = package_add(p, entries[_i].type, entries[_i].path);
	f->target = g_strdup(entries[_i].target);
	f->data = g_bytes_new_static("", 0);
	ck_assert_msg(package_seal(p, &error) == entries[_i].good, "%s -> %s: %s", entries[_i].path, entries[_i].target,
		      error == NULL ? "taken" : error->message);
}
END_TEST

START_TEST(test_missing_source)
{
	g_autoptr(package) p = sample_bare();
	g_autoptr(GError) error = NULL;

	package_add_source(p, "/a", "/nonexistent/file");
	ck_assert(!package_seal(p, &error));
	ck_assert(g_error_matches(error, PACK_ERROR, PACK_ERROR_INPUT));
	ck_assert_str_eq(error->message, "/nonexistent/file: cannot open: No such file or directory");
}
END_TEST

static gboolean ignore(const void *data, gsize size, gpointer user, GError **error)
{
	(void)data;
	(void)size;
	(void)user;
	(void)error;
	return TRUE;
}

/* Also by one that leaves it as long as it was. */
START_TEST(test_changed)
{
	g_autofree char *source = g_strdup("test-deb-XXXXXX");
	g_autoptr(package) p = sample_bare();
	g_autoptr(GError) error = NULL;
	int fd = g_mkstemp(source);

	ck_assert_int_eq(write(fd, "one", 3), 3);
	package_add_source(p, "/f", source);
	ck_assert(package_seal(p, NULL));
	const struct package_file *f = package_find(p, "/f");
	ck_assert(package_read(f, ignore, NULL, NULL));
	ck_assert_int_eq(pwrite(fd, "two", 3, 0), 3);
	ck_assert_int_eq(futimens(fd, (const struct timespec[]){{1, 0}, {1, 0}}), 0);
	close(fd);
	ck_assert(!package_read(f, ignore, NULL, &error));
	unlink(source);
	ck_assert(g_error_matches(error, PACK_ERROR, PACK_ERROR_INPUT));
	ck_assert_ptr_nonnull(strstr(error->message, "changed while it was being packed"));
}
END_TEST

static Suite *deb_suite(void)
{
	Suite *s = suite_create("deb");
	TCase *t = tcase_create("deb");

	tcase_add_test(t, test_control);
	tcase_add_test(t, test_lists);
	tcase_add_test(t, test_symbols);
	tcase_add_test(t, test_symbols_unversioned);
	tcase_add_test(t, test_symbols_epoch);
	tcase_add_loop_test(t, test_symbols_safe, 0, 6);
	tcase_add_test(t, test_file_name);
	tcase_add_test(t, test_refused);
	tcase_add_loop_test(t, test_seal, 0, G_N_ELEMENTS(entries));
	tcase_add_test(t, test_missing_source);
	tcase_add_test(t, test_changed);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(deb_suite)
