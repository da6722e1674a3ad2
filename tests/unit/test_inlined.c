/* inlined.c: which macros and functions preprocessed headers have. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/inlined.h"
#include "suite.h"

#include <string.h>

#define PUBLIC "# 1 \"api.h\" 1\n"

/* What is found: names, functions with "()" behind them, the text of a macro behind "=". */
static const struct row {
	const char *source, *found;
} rows[] = {
	{"#define A 1\nint f(void) { }\n", ""},
	{PUBLIC "#define A 1\n#define B\n#define C(x) x\n", "A=1 B= C="},
	{PUBLIC "#define A\n#define B\n", "B="},
	{PUBLIC "\n#define API_H 1\n#define B 1\n", "B=1"},
	{PUBLIC "#define API_H_ 1\n#define B_H 1\n", "B_H=1"},
	{PUBLIC "#define LIMIT 1\n", "LIMIT=1"},
	{PUBLIC "#define LIMIT 1\n#define LIMIT 2\n", "LIMIT=2"},
	{PUBLIC "#define A 1\n#undef A\n#define __B 1\n", ""},
	{PUBLIC "#define A 1\n# 2 \"other.h\" 1\n#define A 2\n#define O 1\n# 3 \"api.h\" 2\n#define C 3\n", "C=3"},
	{PUBLIC "#define A 1\n# 2 \"api.h\" 1 3\n#define O 1\n# 3 \"api.h\" 2\n#define C 3\n", "A=1 C=3"},
	{PUBLIC "#line 7 \"other.h\"\n#define A 1\n", ""},
	{PUBLIC "#pragma pack(1)\n#define F (x) y\n", "F=(x)y"},
	{PUBLIC "#define X\n#define F a  b+ +c 1 \"s\" .x\n", "F=a b+ +c 1 \"s\".x"},
	{PUBLIC "#define\n#define 1\n#undef\n#\n", ""},
	{PUBLIC "int f(void);\nstatic inline int g(int a) { return a; }\n", "g()"},
	{PUBLIC "G_BEGIN_DECLS X(1) static inline int g(int a) { { } }\nint h(int);", "g()"},
	{PUBLIC "static int __attribute__((x(1))) g(int a) { }", "g()"},
	{PUBLIC "static int g(int a) __attribute__((x)) { }", "g()"},
	{PUBLIC "static int (*g(int a))(int) { }", "g()"},
	{PUBLIC "struct s { int f; }; enum { A }; union __attribute__((x)) u { int a; };", ""},
	{PUBLIC "struct PACKED(1) { int f; } x; typedef struct ALIGNED(2) { int f; } y;", ""},
	{PUBLIC "int a[] = { 1 }, b(int) = { 2 };", ""},
	{PUBLIC "extern \"C\" { static int f(void) { } int g; }\nnamespace n { inline int h() const noexcept { } }", "f() h()"},
	{PUBLIC "static int f(void) { int g(void) { } char c = '}'; return ({ 1; }); }\nint k(void) { }", "f() k()"},
	{PUBLIC "static int f(void) {\n# 3 \"api.h\"\n#define IN 4\n}\n", "IN=4 f()"},
	{PUBLIC "}}} ) ; static int f(void) { }", "f()"},
	{PUBLIC "static int f(void) {", ""},
	{PUBLIC "#define f(x) f(x)\nstatic int f(void) { }", "f= f()"},
	{"# 1 \"a\\\"pi.h\" 1\n#define A 1\n", ""},
};

static gboolean is_api(const char *path, gboolean is_system, gpointer data)
{
	(void)data;
	return strcmp(path, "api.h") == 0 && !is_system;
}

static GArray *parse(const char *source, GStringChunk *strings)
{
	return inlined_parse(source, strlen(source), FALSE, strings, is_api, NULL);
}

START_TEST(test_found)
{
	GStringChunk *strings = g_string_chunk_new(64);
	g_autoptr(GArray) all = parse(rows[_i].source, strings);
	g_autoptr(GString) seen = g_string_new(NULL);

	for (guint i = 0; i < all->len; i++) {
		const struct facts_inlined *one = &g_array_index(all, struct facts_inlined, i);
		g_string_append_printf(seen, "%s%s%s%s", i > 0 ? " " : "", one->name,
				       one->kind == FACTS_MACRO ? "=" : "()", one->text);
	}
	ck_assert_str_eq(seen->str, rows[_i].found);
	g_string_chunk_free(strings);
}
END_TEST

/* The last thing that each defines is compared. */
static const struct pair {
	const char *a, *b;
	gboolean same;
} pairs[] = {
	{"#define A(x,y) x+y", "#define A(b, a) b + a", TRUE},
	{"#define A(x,y) x+y", "#define A(x,y) y+x", FALSE},
	{"#define A(x) x", "#define A(x,y) x", FALSE},
	{"#define A(x...) x", "#define A(x) x", FALSE},
	{"#define A(x) x", "#define A (x) x", FALSE},
	{"static int f(void) { return 1; }", "MACRO static int f(void){return/**/1;}", TRUE},
	{"static int f(void) { return 1; }", "static long f(void) { return 1; }", FALSE},
	{"static int f(void) { return 1; }", "static int f(void) { return 1L; }", FALSE},
};

static guint64 digest_in(const char *source, GStringChunk *strings)
{
	g_autofree char *text = g_strconcat(PUBLIC "#define FIRST\n", source, NULL);
	g_autoptr(GArray) all = parse(text, strings);

	ck_assert_uint_eq(all->len, 1);
	return g_array_index(all, struct facts_inlined, 0).digest;
}

START_TEST(test_digests)
{
	GStringChunk *strings = g_string_chunk_new(64);

	ck_assert_int_eq(digest_in(pairs[_i].a, strings) == digest_in(pairs[_i].b, strings), pairs[_i].same);
	g_string_chunk_free(strings);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("inlined");
	TCase *t = tcase_create("inlined");

	tcase_add_loop_test(t, test_found, 0, G_N_ELEMENTS(rows));
	tcase_add_loop_test(t, test_digests, 0, G_N_ELEMENTS(pairs));
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(make_suite)
