/* Tests of decisions, answers and requests: what is asked, what is decided, by which policies. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "suite.h"
#include "warden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char entities[] =
	"["
	"{\"uid\":{\"type\":\"User\",\"id\":\"alice\"},\"attrs\":{},\"parents\":[{\"type\":"
	"\"Team\",\"id\":\"dev\"}]},"
	"{\"uid\":{\"type\":\"Team\",\"id\":\"dev\"},\"attrs\":{},\"parents\":[{\"type\":\"Team\","
	"\"id\":\"staff\"},"
	"                                                  {\"type\":\"Site\",\"id\":\"east\"}]},"
	"{\"uid\":{\"type\":\"Team\",\"id\":\"staff\"},\"attrs\":{},\"parents\":[{\"type\":"
	"\"Site\",\"id\":\"east\"}]},"
	"{\"uid\":{\"type\":\"Action\",\"id\":\"read\"},\"attrs\":{},\"parents\":[{\"type\":"
	"\"Action\",\"id\":\"any\"}]},"
	"{\"uid\":{\"type\":\"Doc\",\"id\":\"plan\"},\"attrs\":{},\"parents\":[{\"type\":"
	"\"Folder\",\"id\":\"wiki\"}]}"
	"]";

/*
 * Asked of each: may User::"alice" Action::"read" Doc::"plan"? `by` is the policies that decided.
 */
static const struct {
	const char *policies;
	int decision;
	const char *by;
} rows[] = {
	{"", WARDEN_DENY, ""},
	{"permit(principal, action, resource);", WARDEN_ALLOW, "policy0 "},
	{"forbid(principal, action, resource);", WARDEN_DENY, "policy0 "},
	{"permit(principal, action, resource); forbid(principal, action, resource);", WARDEN_DENY,
	 "policy1 "},
	{"forbid(principal, action, resource); permit(principal, action, resource);", WARDEN_DENY,
	 "policy0 "},
	{"permit(principal, action, resource); @id(\"n\") permit(principal, action, resource);",
	 WARDEN_ALLOW, "policy0 n "},
	{"permit(principal == User::\"alice\", action, resource);", WARDEN_ALLOW, "policy0 "},
	{"permit(principal == User::\"\\x61\\u{6c}ice\", action, resource);", WARDEN_ALLOW,
	 "policy0 "},
	{"permit(principal == User::\"bob\", action, resource);", WARDEN_DENY, ""},
	{"permit(principal == N::User::\"alice\", action, resource);", WARDEN_DENY, ""},
	{"permit(principal == Use::\"ralice\", action, resource);", WARDEN_DENY, ""},
	{"permit(principal == Team::\"dev\", action, resource);", WARDEN_DENY, ""},
	{"permit(principal in User::\"alice\", action, resource);", WARDEN_ALLOW, "policy0 "},
	{"permit(principal in Team::\"dev\", action, resource);", WARDEN_ALLOW, "policy0 "},
	{"permit(principal in Team::\"staff\", action, resource);", WARDEN_ALLOW, "policy0 "},
	{"permit(principal in Site::\"east\", action, resource);", WARDEN_ALLOW, "policy0 "},
	{"permit(principal in Site::\"west\", action, resource);", WARDEN_DENY, ""},
	{"permit(principal in Folder::\"wiki\", action, resource);", WARDEN_DENY, ""},
	{"permit(principal, action == Action::\"read\", resource);", WARDEN_ALLOW, "policy0 "},
	{"permit(principal, action == Action::\"any\", resource);", WARDEN_DENY, ""},
	{"permit(principal, action in Action::\"any\", resource);", WARDEN_ALLOW, "policy0 "},
	{"permit(principal, action in [], resource);", WARDEN_DENY, ""},
	{"permit(principal, action in [Action::\"x\", Action::\"read\"], resource);", WARDEN_ALLOW,
	 "policy0 "},
	{"permit(principal, action in [Action::\"any\", Action::\"read\", Action::\"any\"], "
	 "resource);",
	 WARDEN_ALLOW, "policy0 "},
	{"permit(principal, action, resource == Doc::\"plan\");", WARDEN_ALLOW, "policy0 "},
	{"permit(principal, action, resource in Folder::\"wiki\");", WARDEN_ALLOW, "policy0 "},
	{"permit(principal, action, resource == Folder::\"wiki\");", WARDEN_DENY, ""},
	{"permit(principal in Team::\"dev\", action == Action::\"write\", resource);", WARDEN_DENY,
	 ""},
	{"permit(principal in Team::\"staff\", action in [Action::\"read\"], resource in "
	 "Folder::\"wiki\");"
	 "forbid(principal == User::\"mallory\", action, resource);",
	 WARDEN_ALLOW, "policy0 "},
	{"@id(\"a\") permit(principal, action, resource in Folder::\"wiki\");"
	 "@id(\"b\") forbid(principal in Team::\"staff\", action, resource);"
	 "@id(\"c\") permit(principal == User::\"alice\", action, resource);"
	 "@id(\"d\") forbid(principal, action in [Action::\"any\", Action::\"read\"], resource);",
	 WARDEN_DENY, "b d "},
};

static warden_request *request_for(const char *user, const char *action, const char *doc)
{
	warden_request *request = warden_request_new();

	ck_assert_int_eq(warden_request_set_principal(request, "User", 4, user, strlen(user), NULL),
			 0);
	ck_assert_int_eq(
		warden_request_set_action(request, "Action", 6, action, strlen(action), NULL), 0);
	ck_assert_int_eq(warden_request_set_resource(request, "Doc", 3, doc, strlen(doc), NULL), 0);
	return request;
}

static void list_policies(const warden_answer *answer, char *out)
{
	*out = '\0';
	for (size_t i = 0; i < warden_answer_policy_count(answer); i++) {
		size_t length;
		const char *id = warden_answer_policy(answer, i, &length);

		ck_assert_uint_eq(strlen(id), length);
		out += sprintf(out, "%s ", id);
	}
}

START_TEST(decides)
{
	warden_request *request = request_for("alice", "read", "plan");
	struct warden_error error;
	warden_answer *answer;
	char by[256];
	warden *w;

	warden_open_memory(&w, rows[_i].policies, strlen(rows[_i].policies), entities,
			   sizeof entities - 1, &error);
	ck_assert_msg(w != NULL, "%s", error.text);
	ck_assert_int_eq(warden_check(w, request, &answer, &error), rows[_i].decision);
	ck_assert_int_eq(error.code, WARDEN_OK);
	ck_assert_int_eq(warden_answer_decision(answer), rows[_i].decision);
	list_policies(answer, by);
	ck_assert_str_eq(by, rows[_i].by);
	ck_assert_int_eq(warden_check(w, request, NULL, NULL), rows[_i].decision);
	warden_answer_free(answer);
	warden_request_free(request);
	warden_close(w);
}
END_TEST

/* More deciding policies and more ancestors than fit the memory inside a check. */
START_TEST(decides_by_many)
{
	enum { MANY = 1000 };
	char *policies = malloc(MANY * 80), *graph = malloc(MANY * 120), *p = policies, *g = graph;
	warden_request *request = request_for("0", "read", "plan");
	warden_answer *answer;
	warden *w;

	*g++ = '[';
	for (int i = 0; i < MANY; i++) {
		p += sprintf(p, "permit(principal in User::\"%d\", action, resource);", MANY - i);
		g += sprintf(g,
			     "%s{\"uid\":{\"type\":\"User\",\"id\":\"%d\"},\"attrs\":{},"
			     "\"parents\":[{\"type\":\"User\",\"id\":\"%d\"}]}",
			     i ? "," : "", i, i + 1);
	}
	*g++ = ']';
	ck_assert_int_eq(warden_open_memory(&w, policies, (size_t)(p - policies), graph,
					    (size_t)(g - graph), NULL),
			 0);
	ck_assert_int_eq(warden_check(w, request, &answer, NULL), WARDEN_ALLOW);
	ck_assert_uint_eq(warden_answer_policy_count(answer), MANY);
	for (size_t i = 0; i < MANY; i++) {
		char expected[32];

		sprintf(expected, "policy%zu", i);
		ck_assert_str_eq(warden_answer_policy(answer, i, NULL), expected);
	}
	warden_answer_free(answer);
	warden_request_free(request);
	warden_close(w);
	free(policies);
	free(graph);
}
END_TEST

/* Ids are bytes: NUL and quotes are nothing special. */
START_TEST(ids_hold_any_text)
{
	static const char policy[] =
		"@id(\"a\\0b\") permit(principal == User::\"x\\0\\\"y\", action, resource);";
	warden_request *request = request_for("", "read", "plan");
	warden_answer *answer;
	size_t length;
	warden *w;

	ck_assert_int_eq(warden_open_memory(&w, policy, sizeof policy - 1, NULL, 0, NULL),
			 WARDEN_OK);
	ck_assert_int_eq(warden_check(w, request, NULL, NULL), WARDEN_DENY);
	ck_assert_int_eq(warden_request_set_principal(request, "User", 4, "x\0\"y", 4, NULL),
			 WARDEN_OK);
	ck_assert_int_eq(warden_check(w, request, &answer, NULL), WARDEN_ALLOW);
	ck_assert_mem_eq(warden_answer_policy(answer, 0, &length), "a\0b", 4);
	ck_assert_uint_eq(length, 3);
	ck_assert_ptr_null(warden_answer_policy(answer, 1, &length));
	ck_assert_uint_eq(length, 0);
	warden_answer_free(answer);
	warden_request_free(request);
	warden_close(w);
}
END_TEST

/* An answer outlives a reload and the warden. */
START_TEST(answers_outlive)
{
	static const char before[] = "@id(\"before\") permit(principal, action, resource);";
	warden_request *request = request_for("alice", "read", "plan");
	warden_answer *answer;
	warden *w;

	ck_assert_int_eq(warden_open_memory(&w, before, sizeof before - 1, NULL, 0, NULL),
			 WARDEN_OK);
	ck_assert_int_eq(warden_check(w, request, &answer, NULL), WARDEN_ALLOW);
	ck_assert_int_eq(warden_reload_memory(w, "", 0, NULL, 0, NULL), WARDEN_OK);
	ck_assert_int_eq(warden_check(w, request, NULL, NULL), WARDEN_DENY);
	warden_close(w);
	ck_assert_str_eq(warden_answer_policy(answer, 0, NULL), "before");
	warden_answer_free(answer);
	warden_request_free(request);
}
END_TEST

static const struct {
	const char *type;
	size_t type_length;
	const char *id;
	size_t id_length;
	int code;
} entities_of_requests[] = {
	{"User", 4, "a", 1, WARDEN_OK},
	{"A::User", 7, "", 0, WARDEN_OK},
	{"User", 4, NULL, 0, WARDEN_OK},
	{"User", 4, "\xf0\x9f\x98\x80", 4, WARDEN_OK},
	{NULL, 0, "a", 1, WARDEN_ERROR_ARGUMENT},
	{"User", 4, NULL, 1, WARDEN_ERROR_ARGUMENT},
	{"", 0, "a", 1, WARDEN_ERROR_ARGUMENT},
	{"A:User", 6, "a", 1, WARDEN_ERROR_ARGUMENT},
	{"A:: User", 8, "a", 1, WARDEN_ERROR_ARGUMENT},
	{"::User", 6, "a", 1, WARDEN_ERROR_ARGUMENT},
	{"1User", 5, "a", 1, WARDEN_ERROR_ARGUMENT},
	{"User\0", 5, "a", 1, WARDEN_ERROR_ARGUMENT},
	{"User", 4, "\xf0\x9f\x98", 3, WARDEN_ERROR_ARGUMENT},
	{"User", 4, "a", 65537, WARDEN_ERROR_LIMIT},
};

START_TEST(requests_are_checked)
{
	warden_request *request = request_for("alice", "read", "plan");
	struct warden_error error;
	warden *w;
	int code;

	warden_open_memory(&w, "permit(principal, action, resource);", 36, NULL, 0, NULL);
	code = warden_request_set_principal(
		request, entities_of_requests[_i].type, entities_of_requests[_i].type_length,
		entities_of_requests[_i].id, entities_of_requests[_i].id_length, &error);
	ck_assert_int_eq(code, entities_of_requests[_i].code);
	ck_assert_int_eq(error.code, code);
	/* A part that could not be set is not the part that was there before. */
	ck_assert_int_eq(warden_check(w, request, NULL, &error),
			 code == WARDEN_OK ? WARDEN_ALLOW : WARDEN_DENY);
	ck_assert_int_eq(error.code, code == WARDEN_OK ? WARDEN_OK : WARDEN_ERROR_ARGUMENT);
	warden_request_free(request);
	warden_close(w);
}
END_TEST

START_TEST(failures_deny)
{
	warden_request *request = warden_request_new();
	warden_answer *answer = (warden_answer *)&request;
	struct warden_error error;
	warden *w;

	ck_assert_int_eq(
		warden_open_memory(&w, "permit(principal, action, resource);", 36, NULL, 0, &error),
		WARDEN_OK);
	ck_assert_int_eq(warden_check(w, request, &answer, &error), WARDEN_DENY);
	ck_assert_str_eq(error.text, "the request has no principal");
	ck_assert_ptr_null(answer);
	ck_assert_int_eq(warden_check(w, NULL, NULL, &error), WARDEN_DENY);
	ck_assert_int_eq(error.code, WARDEN_ERROR_ARGUMENT);
	ck_assert_int_eq(warden_check(NULL, request, NULL, &error), WARDEN_DENY);
	ck_assert_int_eq(error.code, WARDEN_ERROR_ARGUMENT);
	ck_assert_int_eq(warden_request_set_action(request, "Doc", 3, "read", 4, &error),
			 WARDEN_ERROR_ARGUMENT);
	ck_assert_int_eq(warden_request_set_action(NULL, "Action", 6, "read", 4, &error),
			 WARDEN_ERROR_ARGUMENT);
	ck_assert_int_eq(warden_answer_decision(NULL), WARDEN_DENY);
	ck_assert_uint_eq(warden_answer_policy_count(NULL), 0);
	ck_assert_ptr_null(warden_answer_policy(NULL, 0, NULL));
	warden_answer_free(NULL);
	warden_request_free(NULL);
	warden_request_free(request);
	warden_close(w);
	warden_close(NULL);
}
END_TEST

START_TEST(opening_is_checked)
{
	struct warden_error error;
	warden *w;

	ck_assert_int_eq(warden_open(NULL, "x", NULL, &error), WARDEN_ERROR_ARGUMENT);
	ck_assert_int_eq(warden_open(&w, NULL, NULL, &error), WARDEN_ERROR_ARGUMENT);
	ck_assert_int_eq(warden_open(&w, "/nonexistent/policies", NULL, &error),
			 WARDEN_ERROR_SYSTEM);
	ck_assert_str_eq(error.text, "/nonexistent/policies: No such file or directory");
	ck_assert_int_eq(warden_open(&w, "/", NULL, &error), WARDEN_ERROR_SYSTEM);
	ck_assert_int_eq(warden_open(&w, "/dev/zero", NULL, &error), WARDEN_ERROR_LIMIT);
	ck_assert_int_eq(warden_open(&w, "/dev/null", "/nonexistent/entities", &error),
			 WARDEN_ERROR_SYSTEM);
	ck_assert_ptr_null(w);
	ck_assert_int_eq(warden_open_memory(NULL, "", 0, NULL, 0, &error), WARDEN_ERROR_ARGUMENT);
	ck_assert_int_eq(warden_open_memory(&w, NULL, 1, NULL, 0, &error), WARDEN_ERROR_ARGUMENT);
	ck_assert_int_eq(warden_open_memory(&w, NULL, 0, NULL, 1, &error), WARDEN_ERROR_ARGUMENT);
	ck_assert_int_eq(warden_open_memory(&w, NULL, 0, NULL, 0, &error), WARDEN_OK);
	ck_assert_int_eq(warden_reload(w, &error), WARDEN_ERROR_ARGUMENT);
	ck_assert_int_eq(warden_reload(NULL, &error), WARDEN_ERROR_ARGUMENT);
	ck_assert_int_eq(warden_reload_memory(NULL, "", 0, NULL, 0, &error), WARDEN_ERROR_ARGUMENT);
	warden_close(w);
}
END_TEST

/* What the header promises about versions and about the one public struct. */
START_TEST(the_abi_is_as_promised)
{
	char version[32];

	snprintf(version, sizeof version, "%d.%d.%d", WARDEN_VERSION_MAJOR, WARDEN_VERSION_MINOR,
		 WARDEN_VERSION_PATCH);
	ck_assert_str_eq(warden_version(), version);
	ck_assert_uint_eq(warden_version_number(), WARDEN_VERSION_MAJOR * 1000000 +
							   WARDEN_VERSION_MINOR * 1000 +
							   WARDEN_VERSION_PATCH);
	ck_assert_uint_eq(sizeof(struct warden_error), 268);
	ck_assert_uint_eq(offsetof(struct warden_error, line), 4);
	ck_assert_uint_eq(offsetof(struct warden_error, column), 8);
	ck_assert_uint_eq(offsetof(struct warden_error, text), 12);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *suite = suite_create("warden check");
	TCase *cases = tcase_create("checks");

	tcase_add_loop_test(cases, decides, 0, sizeof rows / sizeof *rows);
	tcase_add_test(cases, decides_by_many);
	tcase_add_test(cases, ids_hold_any_text);
	tcase_add_test(cases, answers_outlive);
	tcase_add_loop_test(cases, requests_are_checked, 0,
			    sizeof entities_of_requests / sizeof *entities_of_requests);
	tcase_add_test(cases, failures_deny);
	tcase_add_test(cases, opening_is_checked);
	tcase_add_test(cases, the_abi_is_as_promised);
	suite_add_tcase(suite, cases);
	return suite;
}

TEST_MAIN(make_suite)
