/* sources.c: which files a pattern means. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/error.h"
#include "pack/sources.h"
#include "suite.h"

#include <sys/stat.h>
#include <unistd.h>

static const char *const files[] = {"a.conf",	"b.conf",   ".hidden.conf", "c.txt",
				    "[x].conf", "d/a.conf", "d/e/a.conf",   "d/e/f/z.txt"};

static void make_tree(void)
{
	g_autofree char *top = g_dir_make_tmp("sources-XXXXXX", NULL);

	ck_assert_int_eq(chdir(top), 0);
	g_mkdir_with_parents("d/e/f", 0755);
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
		g_file_set_contents(files[i], "x", 1, NULL);
	ck_assert_int_eq(symlink("..", "d/up"), 0);
}

static void remove_tree(void)
{
	g_autofree char *top = g_get_current_dir();

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
		unlink(files[i]);
	unlink("d/up");
	rmdir("d/e/f");
	rmdir("d/e");
	rmdir("d");
	ck_assert_int_eq(chdir("/"), 0);
	rmdir(top);
}

static const struct {
	const char *pattern;
	const char *found; /* with spaces between; NULL: refused */
	gsize stem;
} rows[] = {
	{"*.conf", ".hidden.conf [x].conf a.conf b.conf", 0},
	{"?.conf", "a.conf b.conf", 0},
	{"[ab].conf", "a.conf b.conf", 0},
	{"[!a].conf", "b.conf", 0},
	{"\\[x].conf", "[x].conf", 0},
	{"{a,c}.{conf,txt}", "a.conf c.txt", 0},
	{"{a,{b,q}}.conf", "a.conf b.conf", 0},
	{"d/*", "d/a.conf d/e d/up", 2},
	{"d/*/a.conf", "d/e/a.conf d/up/a.conf", 2},
	{"**/**/f/*", "d/e/f/z.txt", 0},
	{"**/a.conf", "a.conf d/a.conf d/e/a.conf", 0},
	{"d/**/*.txt", "d/e/f/z.txt", 2},
	{"d/**/f/*", "d/e/f/z.txt", 2},
	{"./d/{a,b}.conf", "./d/a.conf", 4},
	{"nothing*", "", 0},
	{"no/such/*", "", 8},
	{"a.conf/*", "", 7},
	{"d/\\e/*.conf", "d/e/a.conf", 2},
	{"{a", NULL, 0},
	{"{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", NULL, 0},
};

START_TEST(test_match)
{
	g_autoptr(GError) error = NULL;
	gsize stem = 0;
	g_autoptr(GPtrArray) paths = sources_match(rows[_i].pattern, &stem, &error);

	ck_assert_msg((paths != NULL) == (rows[_i].found != NULL), "%s: %s", rows[_i].pattern,
		      error == NULL ? "taken" : error->message);
	if (paths == NULL) {
		ck_assert(g_error_matches(error, PACK_ERROR, PACK_ERROR_INPUT));
		return;
	}
	g_ptr_array_add(paths, NULL);
	g_autofree char *found = g_strjoinv(" ", (char **)paths->pdata);
	g_ptr_array_set_size(paths, (int)paths->len - 1);
	ck_assert_msg(g_str_equal(found, rows[_i].found), "%s: found '%s'", rows[_i].pattern, found);
	ck_assert_uint_eq(stem, rows[_i].stem);
}
END_TEST

START_TEST(test_is_pattern)
{
	ck_assert(sources_is_pattern("a*"));
	ck_assert(sources_is_pattern("a/{b,c}"));
	ck_assert(!sources_is_pattern("a/b.c"));
	ck_assert(sources_is_pattern("a\\*"));
}
END_TEST

static Suite *sources_suite(void)
{
	Suite *s = suite_create("sources");
	TCase *t = tcase_create("sources");

	tcase_add_checked_fixture(t, make_tree, remove_tree);
	tcase_add_loop_test(t, test_match, 0, G_N_ELEMENTS(rows));
	tcase_add_test(t, test_is_pattern);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(sources_suite)
