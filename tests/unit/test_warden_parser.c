/*
 * Tests of the Cedar parser, through the public interface: what is accepted, and where errors are.
 */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "suite.h"
#include "warden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text that holds NUL bytes: pointer and length. */
#define TEXT(literal) literal, sizeof(literal) - 1
#define ANY "(principal, action, resource)"

static const struct {
	const char *text;
	size_t length;
} accepted[] = {
	{TEXT("")},
	{TEXT(" \t\r\n// only a comment")},
	{TEXT("permit" ANY ";")},
	{TEXT("permit(principal,action,resource,);")},
	{TEXT("// first\nforbid" ANY "; // last")},
	{TEXT("// a carriage return ends a comment\rpermit" ANY ";")},
	{TEXT("permit\xc2\xa0\xe3\x80\x80" ANY "\xe2\x80\xa8;")},
	{TEXT("permit(principal == User::\"a\", action, resource);")},
	{TEXT("permit(principal == A :: B ::\n C::\"a\", action, resource);")},
	{TEXT("permit(principal == permit::when::principal::\"a\", action, resource);")},
	{TEXT("permit(principal, action in [], resource);")},
	{TEXT("permit(principal, action in [Action::\"a\", N::Action::\"b\",], resource);")},
	{TEXT("permit(principal, action in Action::\"a\", resource in F::\"\");")},
	{TEXT("permit(principal == U::\"\\n\\r\\t\\\\\\0\\'\\\"\\x41\\u{1F600}\\u{1_f}\", action, "
	      "resource);")},
	{TEXT("permit(principal == U::\"a\\\n   b\", action, resource);")},
	{TEXT("permit(principal == U::\"nul \0 and line\nfeed\", action, resource);")},
	{TEXT("@a @b(\"x\") @if(\"y\") @id(\"z\") permit" ANY ";")},
	{TEXT("@id permit" ANY "; @id(\"\\u{0}\") permit" ANY ";")},
	{TEXT("@a permit" ANY "; @a permit" ANY ";")},
};

static const struct {
	const char *text;
	size_t length;
	int code;
	uint32_t line;
	uint32_t column;
	const char *says;
} refused[] = {
	{TEXT("permit"), WARDEN_ERROR_SYNTAX, 1, 7, "expected '(', found the end of the text"},
	{TEXT("allow" ANY ";"), WARDEN_ERROR_SYNTAX, 1, 1,
	 "expected 'permit' or 'forbid', found 'allow'"},
	{TEXT("permit" ANY), WARDEN_ERROR_SYNTAX, 1, 36, "expected ';'"},
	{TEXT("permit();"), WARDEN_ERROR_SYNTAX, 1, 8, "expected 'principal', found ')'"},
	{TEXT("permit(action, principal, resource);"), WARDEN_ERROR_SYNTAX, 1, 8,
	 "expected 'principal'"},
	{TEXT("permit(principal, action);"), WARDEN_ERROR_SYNTAX, 1, 25, "expected ',', found ')'"},
	{TEXT("permit(principal, action, resource, context);"), WARDEN_ERROR_SYNTAX, 1, 37,
	 "expected ')'"},
	{TEXT("permit(principal != U::\"a\", action, resource);"), WARDEN_ERROR_SYNTAX, 1, 18,
	 "found '!='"},
	{TEXT("permit(principal = U::\"a\", action, resource);"), WARDEN_ERROR_SYNTAX, 1, 18,
	 "found '='"},
	{TEXT("permit(principal == U, action, resource);"), WARDEN_ERROR_SYNTAX, 1, 22,
	 "expected '::'"},
	{TEXT("permit(principal == \"a\", action, resource);"), WARDEN_ERROR_SYNTAX, 1, 21,
	 "Type::"},
	{TEXT("permit(principal == in::\"a\", action, resource);"), WARDEN_ERROR_SYNTAX, 1, 21,
	 "reserved"},
	{TEXT("permit(principal == A::__cedar::\"a\", action, resource);"), WARDEN_ERROR_SYNTAX, 1,
	 24, "'__cedar'"},
	{TEXT("permit(principal in [U::\"a\"], action, resource);"), WARDEN_ERROR_SYNTAX, 1, 21,
	 "found '['"},
	{TEXT("permit(principal, action == [Action::\"a\"], resource);"), WARDEN_ERROR_SYNTAX, 1,
	 29, "found '['"},
	{TEXT("permit(principal, action in [Action::\"a\" Action::\"b\"], resource);"),
	 WARDEN_ERROR_SYNTAX, 1, 42, "expected ',' or ']'"},
	{TEXT("permit(principal, action == Read::\"a\", resource);"), WARDEN_ERROR_SYNTAX, 1, 29,
	 "must be Action"},
	{TEXT("permit(principal, action == Reaction::\"a\", resource);"), WARDEN_ERROR_SYNTAX, 1,
	 29, "Action"},
	{TEXT("permit(principal == ?resource, action, resource);"), WARDEN_ERROR_SYNTAX, 1, 21,
	 "'?resource'"},
	{TEXT("permit" ANY ";\n\npermit(principal == U::\"\xc3\xa9\\q\", action, resource);"),
	 WARDEN_ERROR_SYNTAX, 3, 26, "escape"},
	{TEXT("permit(principal == U::\"\\x80\", action, resource);"), WARDEN_ERROR_SYNTAX, 1, 25,
	 "escape"},
	{TEXT("permit(principal == U::\"\\u{d800}\", action, resource);"), WARDEN_ERROR_SYNTAX, 1,
	 25, "escape"},
	{TEXT("permit(principal == U::\"\\u{110000}\", action, resource);"), WARDEN_ERROR_SYNTAX, 1,
	 25, "escape"},
	{TEXT("permit(principal == U::\"\\u{}\", action, resource);"), WARDEN_ERROR_SYNTAX, 1, 25,
	 "escape"},
	{TEXT("permit(principal == U::\"\\u{0000041}\", action, resource);"), WARDEN_ERROR_SYNTAX,
	 1, 25, "escape"},
	{TEXT("permit(principal == U::\"\\*\", action, resource);"), WARDEN_ERROR_SYNTAX, 1, 25,
	 "escape"},
	{TEXT("permit(principal == U::\"a\rb\", action, resource);"), WARDEN_ERROR_SYNTAX, 1, 26,
	 "\\r"},
	{TEXT("permit(principal == U::\"a"), WARDEN_ERROR_SYNTAX, 1, 24, "no closing quote"},
	{TEXT("permit(principal == U::\"a\\"), WARDEN_ERROR_SYNTAX, 1, 24, "no closing quote"},
	{TEXT("\xef\xbb\xbfpermit" ANY ";"), WARDEN_ERROR_SYNTAX, 1, 1, "U+FEFF"},
	{TEXT("permit\0" ANY ";"), WARDEN_ERROR_SYNTAX, 1, 7, "U+0000"},
	{TEXT("permit # " ANY ";"), WARDEN_ERROR_SYNTAX, 1, 8, "'#'"},
	{TEXT("@ permit" ANY ";"), WARDEN_ERROR_SYNTAX, 1, 10, "expected a string"},
	{TEXT("@id() permit" ANY ";"), WARDEN_ERROR_SYNTAX, 1, 5, "expected a string"},
	{TEXT("@id(\"a\" permit" ANY ";"), WARDEN_ERROR_SYNTAX, 1, 9, "expected ')'"},
	{TEXT("@note(\"\\q\") permit" ANY ";"), WARDEN_ERROR_SYNTAX, 1, 8, "escape"},
	{TEXT("// \xc3\xa9\n\xff"), WARDEN_ERROR_ENCODING, 2, 1, "0xff"},
	{TEXT("// \xed\xa0\x80"), WARDEN_ERROR_ENCODING, 1, 4, "0xed"},
	{TEXT("// \xc0\xaf"), WARDEN_ERROR_ENCODING, 1, 4, "0xc0"},
	{TEXT("// \xe2\x82"), WARDEN_ERROR_ENCODING, 1, 4, "0xe2"},
	{TEXT("@a @b @a permit" ANY ";"), WARDEN_ERROR_DUPLICATE, 1, 8, "@a"},
	{TEXT("@id(\"x\") permit" ANY ";\n@n @id(\"x\") forbid" ANY ";"), WARDEN_ERROR_DUPLICATE, 2,
	 5, "\"x\""},
	{TEXT("@id(\"policy1\") permit" ANY ";\nforbid" ANY ";"), WARDEN_ERROR_DUPLICATE, 2, 1,
	 "\"policy1\""},
	{TEXT("permit" ANY "\nwhen { true };"), WARDEN_ERROR_UNSUPPORTED, 2, 1, "'when'"},
	{TEXT("permit" ANY " unless { true };"), WARDEN_ERROR_UNSUPPORTED, 1, 37, "'unless'"},
	{TEXT("permit(principal is User, action, resource);"), WARDEN_ERROR_UNSUPPORTED, 1, 18,
	 "'is'"},
	{TEXT("permit(principal in ?principal, action, resource);"), WARDEN_ERROR_UNSUPPORTED, 1,
	 21, "templates"},
	{TEXT("permit(principal, action, resource == ?resource);"), WARDEN_ERROR_UNSUPPORTED, 1, 39,
	 "templates"},
};

START_TEST(accepts)
{
	struct warden_error error = {.code = -1};
	warden *w;

	ck_assert_int_eq(
		warden_open_memory(&w, accepted[_i].text, accepted[_i].length, NULL, 0, &error),
		WARDEN_OK);
	ck_assert_ptr_nonnull(w);
	ck_assert_int_eq(error.code, WARDEN_OK);
	ck_assert_str_eq(error.text, "");
	warden_close(w);
}
END_TEST

START_TEST(refuses)
{
	char prefix[64];
	struct warden_error error;
	warden *w;
	int code = warden_open_memory(&w, refused[_i].text, refused[_i].length, NULL, 0, &error);

	ck_assert_msg(code == refused[_i].code, "%d: %s", code, error.text);
	ck_assert_int_eq(error.code, code);
	ck_assert_ptr_null(w);
	ck_assert_msg(strstr(error.text, refused[_i].says) != NULL, "%s", error.text);
	ck_assert_msg(error.line == refused[_i].line && error.column == refused[_i].column, "%s",
		      error.text);
	snprintf(prefix, sizeof prefix, "policies:%u:%u: ", error.line, error.column);
	ck_assert_msg(strncmp(error.text, prefix, strlen(prefix)) == 0, "%s", error.text);
	ck_assert_int_eq(
		warden_open_memory(&w, refused[_i].text, refused[_i].length, NULL, 0, NULL), code);
}
END_TEST

/*
 * Every beginning of a good text is read within its bounds, which the sanitizers and valgrind
 * watch.
 */
START_TEST(reads_no_further)
{
	for (size_t length = 0; length <= accepted[_i].length; length++) {
		char *exact = malloc(length != 0 ? length : 1);
		struct warden_error error;
		warden *w;

		memcpy(exact, accepted[_i].text, length);
		warden_open_memory(&w, exact, length, NULL, 0, &error);
		warden_close(w);
		warden_open_memory(&w, "", 0, exact, length, &error);
		warden_close(w);
		free(exact);
	}
}
END_TEST

START_TEST(long_names_are_refused)
{
	size_t size = 65537;
	char *text = malloc(size + 200), *end = stpcpy(text, "permit(principal == U::\"");
	struct warden_error error;
	warden *w;

	memset(end, 'x', size);
	strcpy(end + size, "\", action, resource);");
	ck_assert_int_eq(warden_open_memory(&w, text, strlen(text), NULL, 0, &error),
			 WARDEN_ERROR_LIMIT);
	memmove(end, end + 1, strlen(end));
	ck_assert_int_eq(warden_open_memory(&w, text, strlen(text), NULL, 0, &error), WARDEN_OK);
	warden_close(w);
	free(text);
}
END_TEST

/* Text from outside in an error: cut between characters, control characters masked, one line. */
START_TEST(error_text_is_printable)
{
	static const char text[] =
		"permit(principal, action, resource) \"\x1b[31m\n"
		"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\""
		";";
	struct warden_error error;
	warden *w;

	ck_assert_int_eq(warden_open_memory(&w, text, sizeof text - 1, NULL, 0, &error),
			 WARDEN_ERROR_SYNTAX);
	ck_assert_msg(strstr(error.text, "found '\"?[31m?\xc3\xa9") != NULL, "%s", error.text);
	ck_assert_msg(strstr(error.text, "\xc3\xa9?'") != NULL, "%s", error.text);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *suite = suite_create("warden parser");
	TCase *cases = tcase_create("policies");

	tcase_add_loop_test(cases, accepts, 0, sizeof accepted / sizeof *accepted);
	tcase_add_loop_test(cases, refuses, 0, sizeof refused / sizeof *refused);
	tcase_add_loop_test(cases, reads_no_further, 0, sizeof accepted / sizeof *accepted);
	tcase_add_test(cases, long_names_are_refused);
	tcase_add_test(cases, error_text_is_printable);
	suite_add_tcase(suite, cases);
	return suite;
}

TEST_MAIN(make_suite)
