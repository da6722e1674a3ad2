/* ctoken.c: what the tokens of C are. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/ctoken.h"
#include "suite.h"

#include <string.h>

/* Tokens, a space between two; "^" before one that is the first on its line. */
static const struct row {
	const char *source, *tokens;
} rows[] = {
	{"", ""},
	{" \t\n", ""},
	{"a", "^a"},
	{"a b\nc", "^a b ^c"},
	{"a\\\nb", "^a\\\nb"},
	{"a \\\n b", "^a b"},
	{"a \\\r\n b", "^a b"},
	{"a/**/b", "^a b"},
	{"a/*\n*/#b", "^a # b"},
	{"a// b\nc", "^a ^c"},
	{"a// b\\\nc\nd", "^a ^d"},
	{"/* open", ""},
	{"a/ b", "^a / b"},
	{"a++ + ++b", "^a ++ + ++ b"},
	{"a+++b", "^a ++ + b"},
	{"x<<=1>>2", "^x <<= 1 >> 2"},
	{"p->q...", "^p -> q ..."},
	{"#define A(x) #x##y", "^# define A ( x ) # x ## y"},
	{"1.5e-3f 0x1p+2 .5 1..2 0xE+1", "^1.5e-3f 0x1p+2 .5 1..2 0xE+1"},
	{"1'000 'a'", "^1'000 'a'"},
	{"\"a\\\"b\" '\\''", "^\"a\\\"b\" '\\''"},
	{"\"/* no */\" '//'", "^\"/* no */\" '//'"},
	{"L\"x\" u8'y'", "^L \"x\" u8 'y'"},
	{"R\"x(a\"b)y\")x\" z", "^R\"x(a\"b)y\")x\" z"},
	{"R\"(\n#)\"", "^R\"(\n#)\""},
	{"R\"x(open", "^R\"x(open"},
	{"\"open\nb", "^\"open ^b"},
	{"'", "^'"},
	{"\\", "^\\"},
	{"\"a\\", "^\"a\\"},
	{"a$b \xc3\xa9x @", "^a$b \xc3\xa9x @"},
};

START_TEST(test_tokens)
{
	const struct row *r = &rows[_i];
	struct ctokens tokens = {r->source, r->source + strlen(r->source), TRUE};
	g_autoptr(GString) seen = g_string_new(NULL);
	struct ctoken token;

	while (ctokens_next(&tokens, &token)) {
		g_string_append_printf(seen, "%s%s", seen->len > 0 ? " " : "", token.first ? "^" : "");
		g_string_append_len(seen, token.text, (gssize)token.length);
	}
	ck_assert_str_eq(seen->str, r->tokens);
}
END_TEST

static char *digest_tokens(const char *source)
{
	g_autoptr(digest) d = digest_new(DIGEST_SHA256);
	struct ctokens tokens = {source, source + strlen(source), TRUE};
	struct ctoken token;

	while (ctokens_next(&tokens, &token))
		ctoken_digest(&token, d);
	return digest_hex(d);
}

static const struct pair {
	const char *a, *b;
	gboolean same;
} pairs[] = {
	{"a + b", "a/* */+\nb", TRUE},
	{"a\\\nb c", "ab c", TRUE},
	{"\"a\\\nb\"", "\"ab\"", TRUE},
	{"a b", "ab", FALSE},
	{"+ +", "++", FALSE},
	{"\"a b\"", "\"a  b\"", FALSE},
};

START_TEST(test_digest)
{
	g_autofree char *a = digest_tokens(pairs[_i].a), *b = digest_tokens(pairs[_i].b);

	ck_assert_int_eq(strcmp(a, b) == 0, pairs[_i].same);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("ctoken");
	TCase *t = tcase_create("ctoken");

	tcase_add_loop_test(t, test_tokens, 0, G_N_ELEMENTS(rows));
	tcase_add_loop_test(t, test_digest, 0, G_N_ELEMENTS(pairs));
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(make_suite)
