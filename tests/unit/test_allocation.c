/* Who allocates a struct, read off the shapes of exports: rows of interfaces about "struct s". */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/allocation.h"
#include "inspect/shape.h"
#include "suite.h"

#include <string.h>

static const struct row {
	const char *name, *shape; /* of the one export */
	const char *holder;       /* the shape of a member of "struct h"; NULL: there is none */
	gboolean librarys;
	const char *why; /* part of it */
} rows[] = {
	{"f", "p({struct s})()", NULL, TRUE, "callers get it from f()"},
	{"f", "i32(p(p({struct s})))", NULL, TRUE, "callers get it from f()"},
	{"f", "p({struct h})()", "p({struct s})", TRUE, "f() leads to it through struct h"},
	{"s_free", "void(p({struct s}))", NULL, FALSE, "nothing shows"},
	{"f", "void(p({struct s}))", NULL, FALSE, "f() takes a pointer"},
	{"s_free", "void(p({struct s}),i32)", NULL, FALSE, "s_free() takes a pointer"},
	{"f", "void({struct s})", NULL, FALSE, "by value"},
	{"f", "{struct s}()", NULL, FALSE, "by value"},
	{"f", "p({struct s}[4])()", NULL, FALSE, "by value"},
	{"f", "p({struct h})()", "{struct s}[2]", FALSE, "struct h holds it by value"},
	{"f", "p({struct s})(p(i32))", NULL, FALSE, "may return an array"},
	{"f", "void(p({struct h}))", "p({struct s})", FALSE, "f() leads to it through struct h"},
	/* the caller's function is handed one; the caller's function returns one; the library's function takes one */
	{"f", "void(p(void(p({struct s}))))", NULL, FALSE, "callbacks of f()"},
	{"f", "void(p(p({struct s})()))", NULL, FALSE, "f() takes a pointer"},
	{"f", "p(void(p({struct s})))()", NULL, FALSE, "f() takes a pointer"},
	{"f", "i32()", NULL, FALSE, "nothing shows"},
	{"f", "p(p(p(", NULL, FALSE, "nothing shows"},
};

START_TEST(test_rows)
{
	const struct row *row = &rows[_i];
	struct facts_member member = {.name = "m", .type = "", .shape = row->holder ? row->holder : ""};
	struct facts_symbol export = {.name = row->name, .shape = row->shape, .kind = FACTS_FUNCTION};
	struct facts_type types[] = {{.name = "struct h", .members = &member, .n_members = row->holder != NULL}, {.name = "struct s"}};
	struct facts f = {.exports = &export, .n_exports = 1, .types = types, .n_types = 2};
	g_autoptr(allocation) a = allocation_new(&f);
	g_autofree char *why = NULL;

	ck_assert_int_eq(allocation_is_librarys(a, &types[1], &why), row->librarys);
	ck_assert_msg(strstr(why, row->why) != NULL, "%s", why);
}
END_TEST

START_TEST(test_mark)
{
	struct facts_symbol export = {.name = "f", .shape = "void(p({struct s}))", .kind = FACTS_FUNCTION};
	struct facts_type type = {.name = "struct s", .library_allocated = TRUE};
	struct facts f = {.exports = &export, .n_exports = 1, .types = &type, .n_types = 1};
	g_autoptr(allocation) a = allocation_new(&f);
	g_autofree char *why = NULL;

	ck_assert(allocation_is_librarys(a, &type, &why));
}
END_TEST

/* Nothing is taken to be the library's own where a shape is too deep to be read, and nothing overflows. */
START_TEST(test_deep)
{
	g_autoptr(GString) deep = g_string_new("p({struct s})(");
	struct facts_symbol export = {.name = "f", .kind = FACTS_FUNCTION};
	struct facts_type type = {.name = "struct s"};
	struct facts f = {.exports = &export, .n_exports = 1, .types = &type, .n_types = 1};
	g_autofree char *why = NULL;

	for (guint i = 0; i < 1000000; i++)
		g_string_append(deep, "p(");
	export.shape = deep->str;
	g_autoptr(allocation) a = allocation_new(&f);
	ck_assert(!allocation_is_librarys(a, &type, &why));
}
END_TEST

static Suite *allocation_suite(void)
{
	Suite *s = suite_create("allocation");
	TCase *t = tcase_create("allocation");

	tcase_add_loop_test(t, test_rows, 0, G_N_ELEMENTS(rows));
	tcase_add_test(t, test_mark);
	tcase_add_test(t, test_deep);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(allocation_suite)
