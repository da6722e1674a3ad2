/* Tests of the entity loader and its JSON reader, through the public interface. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "suite.h"
#include "warden.h"

#include <stdlib.h>
#include <string.h>

#define TEXT(literal) literal, sizeof(literal) - 1
#define UID(id) "{\"type\":\"U\",\"id\":\"" id "\"}"
#define ENTITY(id, parents) "{\"uid\":" UID(id) ",\"attrs\":{},\"parents\":[" parents "]}"
#define ATTRS(value) "[{\"uid\":" UID("a") ",\"parents\":[],\"attrs\":{\"k\":" value "}}]"

static const struct {
	const char *text;
	size_t length;
} accepted[] = {
	{TEXT("[]")},
	{TEXT(" \t\r\n[ ] \n")},
	{TEXT("[" ENTITY("a", "") "]")},
	{TEXT("[" ENTITY("a", UID("b") "," UID("b") "," UID("c")) "," ENTITY("b", UID("c")) "]")},
	{TEXT("[{\"parents\":[],\"tags\":{\"t\":[1]},\"attrs\":{},\"uid\":{\"__entity\":" UID(
		"a") "}}]")},
	{TEXT("[" ENTITY("", "") "," ENTITY("\\u0000\\ud83d\\ude00\\\"\\\\\\/\\b\\f\\n\\r\\t",
					    "") "]")},
	{TEXT(ATTRS("[null,true,false,0,-0,10,-1.5,1e9,1E-9,2.25e+1,\"\",{},[],{\"a\":{\"b\":[[]]}}"
		    "]"))},
	{TEXT("[{\"\\u0075id\":" UID("a") ",\"attrs\":{},\"parents\":[]}]")},
};

static const struct {
	const char *text;
	size_t length;
	int code;
	uint32_t line;
	uint32_t column;
	const char *says;
} refused[] = {
	{TEXT(""), WARDEN_ERROR_SYNTAX, 1, 1,
	 "expected an array of entities, found the end of the text"},
	{TEXT("{}"), WARDEN_ERROR_SYNTAX, 1, 1, "expected an array of entities, found '{'"},
	{TEXT("[] x"), WARDEN_ERROR_SYNTAX, 1, 4, "expected the end of the text"},
	{TEXT("["), WARDEN_ERROR_SYNTAX, 1, 2, "expected an entity"},
	{TEXT("[" ENTITY("a", "") ",]"), WARDEN_ERROR_SYNTAX, 1, 56,
	 "expected an entity, found ']'"},
	{TEXT("[" ENTITY("a", "") "\n" ENTITY("b", "") "]"), WARDEN_ERROR_SYNTAX, 2, 1,
	 "expected ',' or ']'"},
	{TEXT("[1]"), WARDEN_ERROR_SYNTAX, 1, 2, "expected an entity"},
	{TEXT("[{}]"), WARDEN_ERROR_SYNTAX, 1, 2, "needs \"uid\", \"attrs\" and \"parents\""},
	{TEXT("[{\"uid\":" UID("a") ",\"parents\":[]}]"), WARDEN_ERROR_SYNTAX, 1, 2, "needs"},
	{TEXT("[{\"parent\":[]}]"), WARDEN_ERROR_SYNTAX, 1, 3, "an entity has no key \"parent\""},
	{TEXT("[{\"parents\":{}}]"), WARDEN_ERROR_SYNTAX, 1, 13, "expected an array of parents"},
	{TEXT("[{\"attrs\":[]}]"), WARDEN_ERROR_SYNTAX, 1, 11, "expected an object"},
	{TEXT("[{\"tags\":null}]"), WARDEN_ERROR_SYNTAX, 1, 10, "expected an object"},
	{TEXT("[{\"attrs\":{},\n\"attrs\":{}}]"), WARDEN_ERROR_DUPLICATE, 2, 1,
	 "two keys \"attrs\""},
	{TEXT("[{\"uid\":\"U::\\\"a\\\"\"}]"), WARDEN_ERROR_SYNTAX, 1, 9, "expected a uid"},
	{TEXT("[{\"uid\":{\"type\":\"U\"}}]"), WARDEN_ERROR_SYNTAX, 1, 9,
	 "needs \"type\" and \"id\""},
	{TEXT("[{\"uid\":{\"type\":\"U\",\"type\":\"U\"}}]"), WARDEN_ERROR_DUPLICATE, 1, 21,
	 "two keys \"type\""},
	{TEXT("[{\"uid\":{\"type\":\"U\",\"id\":1}}]"), WARDEN_ERROR_SYNTAX, 1, 26,
	 "expected an entity id"},
	{TEXT("[{\"uid\":{\"type\":\"U x\",\"id\":\"a\"}}]"), WARDEN_ERROR_SYNTAX, 1, 17,
	 "\"U x\" is not"},
	{TEXT("[{\"uid\":{\"type\":\"\",\"id\":\"a\"}}]"), WARDEN_ERROR_SYNTAX, 1, 17,
	 "not an entity type"},
	{TEXT("[{\"uid\":{\"type\":\"A::in\",\"id\":\"a\"}}]"), WARDEN_ERROR_SYNTAX, 1, 17,
	 "not an entity type"},
	{TEXT("[{\"uid\":{\"type\":\"A::\",\"id\":\"a\"}}]"), WARDEN_ERROR_SYNTAX, 1, 17,
	 "not an entity type"},
	{TEXT("[{\"uid\":{\"__entity\":" UID("a") ",\"type\":\"U\"}}]"), WARDEN_ERROR_SYNTAX, 1, 9,
	 "needs"},
	{TEXT("[{\"uid\":{\"__entity\":{\"__entity\":" UID("a") "}}}]"), WARDEN_ERROR_SYNTAX, 1, 21,
	 "__entity"},
	{TEXT("[{\"uid\":{\"__expr\":\"x\"}}]"), WARDEN_ERROR_SYNTAX, 1, 10, "no key \"__expr\""},
	{TEXT("[" ENTITY("a", "") ",\n " ENTITY("a", "") "]"), WARDEN_ERROR_DUPLICATE, 2, 2,
	 "U::\"a\" is defined twice"},
	{TEXT("[" ENTITY("a", UID("a")) "]"), WARDEN_ERROR_CYCLE, 1, 2,
	 "U::\"a\" is its own ancestor"},
	{TEXT("[" ENTITY("x", UID("a")) ",\n" ENTITY("a", UID("b")) "," ENTITY("b", UID("a")) "]"),
	 WARDEN_ERROR_CYCLE, 2, 1, "U::\"a\""},
	{TEXT(ATTRS("01")), WARDEN_ERROR_SYNTAX, 1, 57, "number"},
	{TEXT(ATTRS("-")), WARDEN_ERROR_SYNTAX, 1, 57, "number"},
	{TEXT(ATTRS("1.")), WARDEN_ERROR_SYNTAX, 1, 57, "number"},
	{TEXT(ATTRS("1e+")), WARDEN_ERROR_SYNTAX, 1, 57, "number"},
	{TEXT(ATTRS(".5")), WARDEN_ERROR_SYNTAX, 1, 57, "expected a JSON value"},
	{TEXT(ATTRS("nul")), WARDEN_ERROR_SYNTAX, 1, 57, "expected a JSON value"},
	{TEXT(ATTRS("truely")), WARDEN_ERROR_SYNTAX, 1, 61, "expected ',' or '}'"},
	{TEXT(ATTRS("[1,]")), WARDEN_ERROR_SYNTAX, 1, 60, "expected a JSON value"},
	{TEXT(ATTRS("{\"a\":1,}")), WARDEN_ERROR_SYNTAX, 1, 64, "expected a key"},
	{TEXT(ATTRS("{\"a\" 1}")), WARDEN_ERROR_SYNTAX, 1, 62, "expected ':'"},
	{TEXT(ATTRS("{a:1}")), WARDEN_ERROR_SYNTAX, 1, 58, "expected a key"},
	{TEXT(ATTRS("\"\t\"")), WARDEN_ERROR_SYNTAX, 1, 58, "control character"},
	{TEXT(ATTRS("\"\\x41\"")), WARDEN_ERROR_SYNTAX, 1, 58, "escape"},
	{TEXT(ATTRS("\"\\u12g4\"")), WARDEN_ERROR_SYNTAX, 1, 58, "four hexadecimal"},
	{TEXT(ATTRS("\"\\ud800\"")), WARDEN_ERROR_SYNTAX, 1, 58, "surrogate"},
	{TEXT(ATTRS("\"\\udc00\\ud800\"")), WARDEN_ERROR_SYNTAX, 1, 58, "surrogate"},
	{TEXT(ATTRS("\"\\ud800\\u0041\"")), WARDEN_ERROR_SYNTAX, 1, 58, "surrogate"},
	{TEXT("[\"\\u12"), WARDEN_ERROR_SYNTAX, 1, 2, "expected an entity"},
	{TEXT("[{\"attrs"), WARDEN_ERROR_SYNTAX, 1, 3, "no closing quote"},
	{TEXT("[{\"attrs\":{\"\0\":1}}]"), WARDEN_ERROR_SYNTAX, 1, 13, "control character"},
	{TEXT("[\xff]"), WARDEN_ERROR_ENCODING, 1, 2, "0xff"},
	{TEXT("\xef\xbb\xbf[]"), WARDEN_ERROR_SYNTAX, 1, 1, "expected an array"},
};

START_TEST(accepts)
{
	struct warden_error error;
	warden *w;

	warden_open_memory(&w, "", 0, accepted[_i].text, accepted[_i].length, &error);
	ck_assert_msg(w != NULL && error.code == WARDEN_OK, "%s", error.text);
	warden_close(w);
}
END_TEST

START_TEST(refuses)
{
	struct warden_error error;
	warden *w;
	int code = warden_open_memory(&w, "", 0, refused[_i].text, refused[_i].length, &error);

	ck_assert_msg(code == refused[_i].code, "%d: %s", code, error.text);
	ck_assert_ptr_null(w);
	ck_assert_msg(strstr(error.text, refused[_i].says) != NULL, "%s", error.text);
	ck_assert_msg(error.line == refused[_i].line && error.column == refused[_i].column, "%s",
		      error.text);
	ck_assert_msg(strncmp(error.text, "entities:", 9) == 0, "%s", error.text);
}
END_TEST

START_TEST(reads_no_further)
{
	for (size_t length = 0; length <= accepted[_i].length; length++) {
		char *exact = malloc(length != 0 ? length : 1);
		warden *w;

		memcpy(exact, accepted[_i].text, length);
		warden_open_memory(&w, "", 0, exact, length, NULL);
		warden_close(w);
		free(exact);
	}
}
END_TEST

static int open_nested(int depth)
{
	char text[2048],
		*end = stpcpy(text, "[{\"uid\":" UID("a") ",\"parents\":[],\"attrs\":{\"k\":");
	struct warden_error error;
	warden *w;

	/* The array, the entity and its attributes are three levels already. */
	memset(end, '[', (size_t)depth - 3);
	memset(end + depth - 3, ']', (size_t)depth - 3);
	strcpy(end + 2 * (depth - 3), "}}]");
	warden_open_memory(&w, "", 0, text, strlen(text), &error);
	warden_close(w);
	return error.code;
}

START_TEST(nesting_has_a_ceiling)
{
	ck_assert_int_eq(open_nested(128), WARDEN_OK);
	ck_assert_int_eq(open_nested(129), WARDEN_ERROR_LIMIT);
}
END_TEST

/* A text of 64 MiB is read, one byte more is not. */
START_TEST(size_has_a_ceiling)
{
	size_t limit = 64u << 20;
	char *text = malloc(limit + 1);
	struct warden_error error;
	warden *w;

	memset(text, ' ', limit + 1);
	memcpy(text, "[]", 2);
	ck_assert_int_eq(warden_open_memory(&w, "", 0, text, limit, &error), WARDEN_OK);
	warden_close(w);
	ck_assert_int_eq(warden_open_memory(&w, "", 0, text, limit + 1, &error),
			 WARDEN_ERROR_LIMIT);
	ck_assert_str_eq(error.text, "entities: larger than 67108864 bytes");
	free(text);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *suite = suite_create("warden entities");
	TCase *cases = tcase_create("entities");

	tcase_add_loop_test(cases, accepts, 0, sizeof accepted / sizeof *accepted);
	tcase_add_loop_test(cases, refuses, 0, sizeof refused / sizeof *refused);
	tcase_add_loop_test(cases, reads_no_further, 0, sizeof accepted / sizeof *accepted);
	tcase_add_test(cases, nesting_has_a_ceiling);
	tcase_add_test(cases, size_has_a_ceiling);
	suite_add_tcase(suite, cases);
	return suite;
}

TEST_MAIN(make_suite)
