/* publish: which packages a name, version and architecture mean. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/selector.h"
#include "suite.h"

static const struct {
	const char *what, *name, *version, *arch;
	gboolean meant;
} rows[] = {
	{"a", "a", "1-1", "all", TRUE},
	{"a", "ab", "1-1", "all", FALSE},
	{"a=1-1", "a", "1-1", "all", TRUE},
	{"a=1-1", "a", "1-2", "all", FALSE},
	{"a:all", "a", "1-1", "all", TRUE},
	{"a:all", "a", "1-1", "amd64", FALSE},
	{"a=1:1-1", "a", "1:1-1", "all", TRUE},
	{"a=1:1-1", "a", "1", "1-1", FALSE},
	{"a=1:1-1:all", "a", "1:1-1", "all", TRUE},
	{"a=1-1:x86_64", "a", "1-1", "x86_64", TRUE},
	{"a*", "abc", "1-1", "all", TRUE},
	{"a?c=1*:*64", "abc", "1-1", "arm64", TRUE},
	{"a?c=1*:*64", "abc", "1-1", "all", FALSE},
	{"lib[ab]", "liba", "1", "all", FALSE},
	{"*", "a", "1", "all", TRUE},
	{"", "a", "1", "all", FALSE},
	{"=", "a", "1", "all", FALSE},
	{"a=", "a", "1", "all", FALSE},
	{"libstdc++6", "libstdc++6", "1", "all", TRUE},
};

START_TEST(test_selector)
{
	g_auto(selector) s = selector_parse(rows[_i].what);

	ck_assert_msg(selector_matches(&s, rows[_i].name, rows[_i].version, rows[_i].arch) == rows[_i].meant, "%s: %s %s %s",
		      rows[_i].what, rows[_i].name, rows[_i].version, rows[_i].arch);
}
END_TEST

static Suite *publish_selector_suite(void)
{
	Suite *s = suite_create("publish selector");
	TCase *t = tcase_create("selector");

	tcase_add_loop_test(t, test_selector, 0, G_N_ELEMENTS(rows));
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(publish_selector_suite)
