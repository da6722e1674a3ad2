/* file.c: files appear whole or not at all. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/file.h"
#include "suite.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <signal.h>

static char *dir, *path;

static void setup(void)
{
	dir = g_dir_make_tmp("abide-test-XXXXXX", NULL);
	path = g_build_filename(dir, "file", NULL);
}

static guint entries(void)
{
	GDir *d = g_dir_open(dir, 0, NULL);
	guint n = 0;

	while (g_dir_read_name(d) != NULL)
		n++;
	g_dir_close(d);
	return n;
}

static void teardown(void)
{
	g_unlink(path);
	ck_assert_int_eq(g_rmdir(dir), 0); /* fails when anything else was left */
	g_free(path);
	g_free(dir);
}

static void assert_holds(const char *expected)
{
	g_autofree char *text = NULL;

	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	ck_assert_str_eq(text, expected);
}

START_TEST(test_replace)
{
	struct stat st;

	ck_assert(file_replace(path, "one", 3, 0640, NULL));
	assert_holds("one");
	ck_assert(file_replace(path, "two", 3, 0600, NULL));
	assert_holds("two");
	ck_assert_int_eq(g_stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0600);
	ck_assert_uint_eq(entries(), 1);
}
END_TEST

START_TEST(test_uncommitted)
{
	ck_assert(file_replace(path, "old", 3, 0644, NULL));
	{
		g_auto(atomic_file) f = {0};
		ck_assert(atomic_file_open(&f, path, 0644, NULL));
		ck_assert(atomic_file_write(&f, "new", 3, NULL));
	}
	assert_holds("old");
	ck_assert_uint_eq(entries(), 1);
}
END_TEST

/* Begins two files and commits them together. */
static gboolean commit_two(const char *first, const char *second, GError **error)
{
	g_auto(atomic_file) f = {0}, g = {0};

	ck_assert(atomic_file_open(&f, first, 0644, NULL) && atomic_file_open(&g, second, 0644, NULL));
	ck_assert(atomic_file_write(&f, "1", 1, NULL) && atomic_file_write(&g, "2", 1, NULL));
	return atomic_files_commit((struct atomic_file *[]){&f, &g}, 2, error);
}

START_TEST(test_several)
{
	g_autofree char *second = g_build_filename(dir, "second", NULL);
	g_autoptr(GError) error = NULL;

	ck_assert(commit_two(path, second, NULL));
	assert_holds("1");
	ck_assert_uint_eq(entries(), 2);
	ck_assert_int_eq(g_unlink(second), 0);
	ck_assert_int_eq(g_unlink(path), 0);
	ck_assert_int_eq(g_mkdir(second, 0755), 0);
	ck_assert(!commit_two(path, second, &error)); /* a folder cannot be replaced: the first gets no name either */
	ck_assert(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_ISDIR));
	ck_assert_uint_eq(entries(), 1);
	ck_assert_int_eq(g_rmdir(second), 0);
}
END_TEST

START_TEST(test_device)
{
	g_autoptr(GError) error = NULL;

	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert(!file_replace(path, "x", 1, 0644, &error));
	ck_assert_msg(strstr(error->message, "not a regular file; it is not replaced") != NULL, "%s", error->message);
	ck_assert_ptr_null(file_read(path, 10, NULL)); /* and not waited for */
	ck_assert_uint_eq(entries(), 1);
}
END_TEST

START_TEST(test_full)
{
	struct rlimit limit = {.rlim_cur = 10, .rlim_max = 10};
	g_autofree char *big = g_strnfill(100, 'x');
	g_autoptr(GError) error = NULL;

	ck_assert(file_replace(path, "old", 3, 0644, NULL));
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert(!file_replace(path, big, 100, 0644, &error));
	ck_assert(strstr(error->message, path) != NULL);
	assert_holds("old");
	ck_assert_uint_eq(entries(), 1);
}
END_TEST

START_TEST(test_no_directory)
{
	g_autofree char *lost = g_build_filename(dir, "no", "file", NULL);
	g_autoptr(GError) error = NULL;

	ck_assert(!file_replace(lost, "x", 1, 0644, &error));
	ck_assert(strstr(error->message, "No such file") != NULL);
}
END_TEST

START_TEST(test_ceiling)
{
	g_autoptr(GError) error = NULL;

	ck_assert(file_replace(path, "12345", 5, 0644, NULL));
	ck_assert_ptr_null(file_read(path, 4, &error));
	ck_assert(strstr(error->message, "5 bytes, more than the 4") != NULL);
	GBytes *bytes = file_read(path, 5, NULL);
	ck_assert_uint_eq(g_bytes_get_size(bytes), 5);
	g_bytes_unref(bytes);
}
END_TEST

START_TEST(test_not_regular)
{
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(file_read(dir, 100, &error));
	ck_assert(strstr(error->message, "not a regular file") != NULL);
}
END_TEST

START_TEST(test_make_dirs)
{
	g_autofree char *deep = g_build_filename(path, "b", "c", NULL), *middle = g_build_filename(path, "b", NULL);
	g_autofree char *under_file = g_build_filename(deep, "file", "x", NULL), *file = g_build_filename(deep, "file", NULL);
	g_autoptr(GError) error = NULL;
	struct stat st;
	mode_t before = umask(077);

	ck_assert(file_make_dirs(deep, NULL));
	ck_assert(file_make_dirs(deep, NULL));
	umask(before);
	ck_assert_int_eq(g_stat(middle, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0755);
	ck_assert(file_replace(file, "x", 1, 0644, NULL));
	ck_assert(!file_make_dirs(under_file, &error));
	ck_assert_msg(strstr(error->message, "Not a directory") != NULL, "%s", error->message);
	g_unlink(file);
	g_rmdir(deep);
	g_rmdir(middle);
	g_rmdir(path);
}
END_TEST

static Suite *file_suite(void)
{
	Suite *s = suite_create("file");
	TCase *t = tcase_create("file");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_replace);
	tcase_add_test(t, test_uncommitted);
	tcase_add_test(t, test_several);
	tcase_add_test(t, test_device);
	tcase_add_test(t, test_full);
	tcase_add_test(t, test_no_directory);
	tcase_add_test(t, test_ceiling);
	tcase_add_test(t, test_not_regular);
	tcase_add_test(t, test_make_dirs);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(file_suite)
