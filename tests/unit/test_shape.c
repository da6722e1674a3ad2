/* shape.c: which shapes agree. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/shape.h"
#include "suite.h"

static const struct row {
	const char *a, *b;
	gboolean calls_alike, agrees;
} rows[] = {
	{"i32(p(i8))", "i32(p(i8))", TRUE, TRUE},
	{"i32(p(i8))", "i32(p(f32))", TRUE, FALSE},
	{"i32(p(i8))", "i32(p(void))", TRUE, TRUE},
	{"i32(p(?),i64)", "i32(p({struct s}),i64)", TRUE, TRUE},
	{"i32(p({struct s}))", "i32(p({struct t}))", TRUE, TRUE},
	{"i32(p({struct s}))", "i32(p(i32))", TRUE, FALSE},
	{"i32(p(i8))", "i32(i64)", FALSE, FALSE},
	{"i32(p(i8))", "i32(p(i8),i32)", FALSE, FALSE},
	{"i32(p(p(i8)))", "i32(p(i8))", TRUE, FALSE},
	{"i32(p(i32(i32,p(void))))", "i32(p(i32(i32,p({struct s}))))", TRUE, TRUE},
	{"i32(p(i32(i32)))", "i32(p(i32(i64)))", TRUE, FALSE},
	{"i32={enum e}(i32={enum e})", "i32(i32)", TRUE, TRUE},
	{"i32={enum e}", "i8={enum e}", FALSE, FALSE},
	{"{struct a(b)}", "{struct c}", TRUE, TRUE},
	{"p({struct a)b})(i32)", "p({struct c})(i32)", TRUE, TRUE},
	{"<0:i32 32:f32>", "<0:i32 32:i32>", FALSE, FALSE},
	{"i8[4]", "i8[5]", FALSE, FALSE},
	{"i32(...)", "i32()", FALSE, FALSE},
	{"p(", "p(i8)", TRUE, FALSE},
	{"{", "{x}", TRUE, TRUE},
	{"", "", TRUE, TRUE},
	{"i32", "", FALSE, FALSE},
};

START_TEST(test_agree)
{
	const struct row *r = &rows[_i];

	ck_assert_msg(shape_calls_alike(r->a, r->b) == r->calls_alike, "calls: %s %s", r->a, r->b);
	ck_assert_msg(shape_calls_alike(r->b, r->a) == r->calls_alike, "calls, turned: %s %s", r->b, r->a);
	ck_assert_msg(shape_agrees(r->a, r->b) == r->agrees, "agrees: %s %s", r->a, r->b);
	ck_assert_msg(shape_agrees(r->b, r->a) == r->agrees, "agrees, turned: %s %s", r->b, r->a);
}
END_TEST

static Suite *shape_suite(void)
{
	Suite *s = suite_create("shape");
	TCase *t = tcase_create("agree");

	tcase_add_loop_test(t, test_agree, 0, G_N_ELEMENTS(rows));
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(shape_suite)
