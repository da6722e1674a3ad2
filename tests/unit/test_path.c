/* The way to a type, over facts that are written down here, and what becomes of names on a page. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/html.h"
#include "judge/path.h"
#include "suite.h"

#define SHAPED(c, s) .kind = FACTS_FUNCTION, .declaration = c, .shape = s

static struct facts_symbol exports[] = {
	{.name = "a", SHAPED("struct a *(*)(int) (void)", "p(p({struct a})(i32))()")},
	{.name = "b", SHAPED("int (int (*)(int, struct b *), long)", "i32(p(i32(i32,p({struct b}))),i64)")},
	{.name = "c", SHAPED("std::map<int, long> (std::map<int, long> *, struct c<int, long>)", "{m}(p({m}),{struct c})")},
	{.name = "d", .kind = FACTS_OBJECT, .declaration = "struct d[4]", .shape = "{struct d}[4]"},
	{.name = "e", SHAPED("int (enum e, ...)", "i32(i32={enum e},...)")},
	{.name = "f", SHAPED("int", "i32(p({struct f}))")},
};
static struct facts_member to_z[] = {{.name = "", .type = "struct z", .shape = "{struct z}"}};
static struct facts_member to_a[] = {{.name = "up", .type = "struct a *", .shape = "p({struct a})"},
				     {.name = "y", .type = "struct y *", .shape = "p({struct y})"}};
static struct facts_type types[] = {
	{.name = "enum e"},
	{.name = "m"},
	{.name = "struct a", .members = to_a, .n_members = 2},
	{.name = "struct b"},
	{.name = "struct c"},
	{.name = "struct d"},
	{.name = "struct f"},
	{.name = "struct lone"},
	{.name = "struct y", .members = to_z, .n_members = 1},
	{.name = "struct z"},
};
static const struct facts library = {
	.exports = exports, .n_exports = G_N_ELEMENTS(exports), .types = types, .n_types = G_N_ELEMENTS(types)};

static const char *const ways[] = {
	"e() parameter 1: enum e",
	"c() result: std::map<int, long>",
	"a() result: struct a *(*)(int)",
	"b() parameter 1: int (*)(int, struct b *)",
	"c() parameter 2: struct c<int, long>",
	"d: struct d[4]",
	"f: int",
	NULL,
	"a() result: struct a *(*)(int): member y: struct y *",
	"a() result: struct a *(*)(int): member y: struct y *: unnamed member: struct z",
};

START_TEST(test_way)
{
	g_autoptr(path) p = path_new(&library, NULL);
	g_autofree char *text = path_text(p, (guint)_i);

	ck_assert_pstr_eq(text, ways[_i]);
}
END_TEST

START_TEST(test_only_from)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

	g_hash_table_add(names, (gpointer)"b");
	g_autoptr(path) p = path_new(&library, names);
	g_autofree char *met = path_text(p, 3), *unmet = path_text(p, 2), *beyond = path_text(p, 99);
	ck_assert_pstr_eq(met, ways[3]);
	ck_assert_ptr_null(unmet);
	ck_assert_ptr_null(beyond);
}
END_TEST

static const struct escape_row {
	const char *text, *html;
} escapes[] = {
	{"a<b> & \"c\"", "a&lt;b&gt; &amp; &quot;c&quot;"},
	{"caf\xc3\xa9", "caf\xc3\xa9"},
	{"\xff\x01", "\xef\xbf\xbd\xef\xbf\xbd"},
	{"a\xe2\x80\xae" "b", "a\xef\xbf\xbd" "b"},
	{NULL, ""},
};

START_TEST(test_escape)
{
	g_autoptr(GString) out = g_string_new(NULL);

	html_escape(out, escapes[_i].text);
	ck_assert_str_eq(out->str, escapes[_i].html);
}
END_TEST

static Suite *path_suite(void)
{
	Suite *s = suite_create("path");
	TCase *t = tcase_create("path");

	tcase_add_loop_test(t, test_way, 0, G_N_ELEMENTS(ways));
	tcase_add_test(t, test_only_from);
	tcase_add_loop_test(t, test_escape, 0, G_N_ELEMENTS(escapes));
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(path_suite)
