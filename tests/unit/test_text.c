/* text.c: what comes from outside cannot end a line or steer a terminal. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/text.h"
#include "suite.h"

static const struct {
	const char *text, *line;
} rows[] = {
	{"", ""},
	{"plain é", "plain é"},
	{" a\n\tb\r\n", "a  b"},
	{"\033[31mred\x7f", "[31mred"},
	{"a\xc2\x85" "b", "a b"},                   /* NEL, a control character of two bytes */
	{"a\xe2\x80\xa8" "b\xe2\x80\xae", "a b"}, /* line separator; right-to-left override */
	{"a\xff" "b\xc3", "a\xef\xbf\xbd" "b\xef\xbf\xbd"},
};

START_TEST(one_line)
{
	g_autofree char *line = text_one_line(rows[_i].text);

	ck_assert_str_eq(line, rows[_i].line);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("text");
	TCase *t = tcase_create("text");

	tcase_add_loop_test(t, one_line, 0, G_N_ELEMENTS(rows));
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(suite)
