/* changelog.c: both formats, what is refused and where. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/changelog.h"
#include "suite.h"

#include <string.h>

static struct changelog *parse(const char *text, GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));

	return changelog_parse("c", bytes, error);
}

static const struct {
	const char *text;
	const char *message; /* how the error begins */
} bad[] = {
	{"", "c:1:1: the file is empty"},
	{"[]\n", "c:1: has no entries"},
	{"- semver: 1.0.0\n", "c:1:3: [0]: the key 'date' is missing"},
	{"- semver: 1.0.0\n  date: now\n  packager: A\n", "c:2:9: date: 'now'; expected"},
	{"- {semver: 1, date: 0, packager: A, changes: [{}]}\n", "c:1:47: [0].changes[0]: the key 'note' is missing"},
	{"- {semver: 1, date: 0, packager: A, chanegs: []}\n",
	 "c:1:37: [0]: unknown key 'chanegs'; did you mean 'changes'?"},
	{"semver: 1\n", "c:1:1: expected a list"},
	{"x (1)\n", "c:1: expected 'NAME (VERSION) DISTRIBUTION; urgency=medium'"},
	{"x () u; urgency=low\n", "c:1: expected 'NAME (VERSION)"},
	{"x (1) u; urgency=low\n\n  * a\n", "c:4: the last entry has no line"},
	{"x (1) u; urgency=low\n\n -- A <a@b.c>\n", "c:3: expected ' -- Name"},
	{"x (1) u; urgency=low\n -- A <a@b.c>  Wed, 31 Foo 2024 12:00:00 +0000\n", "c:2: expected ' -- Name"},
	{"x (1) u; urgency=low\n -- A <a@b.c>  Wed, 32 Jan 2024 12:00:00 +0000\n", "c:2: expected ' -- Name"},
	{"x (1) u; urgency=low\n -- A <a@b.c>  Wed, 31 Jan 1960 12:00:00 +0000\n", "c:2: expected ' -- Name"},
	{"x (1) u; urgency=low\nno\n", "c:2: expected a line that begins"},
	{"x (\xff) u; urgency=low\n", "c:1: not UTF-8 text"},
};

START_TEST(test_bad)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(changelog) log = parse(bad[_i].text, &error);

	ck_assert_msg(log == NULL, "taken: %s", bad[_i].text);
	ck_assert_msg(g_str_has_prefix(error->message, bad[_i].message), "got '%s', wanted '%s'", error->message,
		      bad[_i].message);
}
END_TEST

START_TEST(test_debian)
{
	static const char text[] = "x (1:2.0-1) stable; urgency=high, binary-only=yes\n\n  * one\n    more\n  * two\n\n"
				   " -- A B <a@b.c>  Wed, 31 Jan 2024 13:00:00 +0100\n";
	g_autoptr(GError) error = NULL;
	g_autoptr(changelog) log = parse(text, &error);

	ck_assert_msg(log != NULL, "%s", error == NULL ? "" : error->message);
	const struct changelog_entry *e = log->entries->pdata[0];
	ck_assert_str_eq(e->version, "1:2.0-1");
	ck_assert_str_eq(e->distribution, "stable");
	ck_assert_str_eq(e->urgency, "high");
	ck_assert_str_eq(e->who, "A B <a@b.c>");
	ck_assert_int_eq(e->time, 1706702400);
	ck_assert_uint_eq(e->changes->len, 2);
	ck_assert_str_eq(e->changes->pdata[0], "one\nmore");
	g_autofree char *same = changelog_debian(log, "y", "9", NULL);
	ck_assert_str_eq(same, text);
}
END_TEST

START_TEST(test_chglog)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(changelog) log =
		parse("- semver: 1.1.0\n  date: 2024-01-31T12:00:00Z\n  packager: A <a@b.c>\n"
		      "  changes:\n    - note: |-\n        one\n\n        \"more\"\n    - note: two\n"
		      "- {semver: 1.0.0, date: 0, packager: B <b@b.c>, deb: {urgency: low, distributions: [a, b]}}\n",
		      &error);

	ck_assert_msg(log != NULL, "%s", error == NULL ? "" : error->message);
	g_autofree char *text = changelog_debian(log, "x", "1.1.0", "3");
	ck_assert_str_eq(text, "x (1.1.0-3) unstable; urgency=medium\n\n  * one\n    \"more\"\n  * two\n\n"
			       " -- A <a@b.c>  Wed, 31 Jan 2024 12:00:00 +0000\n\n"
			       "x (1.0.0) a b; urgency=low\n\n\n -- B <b@b.c>  Thu, 01 Jan 1970 00:00:00 +0000\n");
}
END_TEST

static Suite *changelog_suite(void)
{
	Suite *s = suite_create("changelog");
	TCase *t = tcase_create("changelog");

	tcase_add_loop_test(t, test_bad, 0, G_N_ELEMENTS(bad));
	tcase_add_test(t, test_debian);
	tcase_add_test(t, test_chglog);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(changelog_suite)
